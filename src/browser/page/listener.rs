//! What happens on the page, told for as long as somebody listens.

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Event, EventTarget, KeyboardEvent};

use super::document;

/// Listens until it is dropped.
#[must_use = "what is dropped listens no more"]
pub struct Listener {
    target: EventTarget,
    name: &'static str,
    closure: Closure<dyn Fn(Event)>,
}

impl Listener {
    pub(super) fn new(target: EventTarget, name: &'static str, callback: impl Fn(Event) + 'static) -> Self {
        let closure = Closure::<dyn Fn(Event)>::new(callback);
        let added = target.add_event_listener_with_callback(name, closure.as_ref().unchecked_ref());
        debug_assert!(added.is_ok(), "no listener for {name}");
        Self { target, name, closure }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let _ =
            self.target.remove_event_listener_with_callback(self.name, self.closure.as_ref().unchecked_ref());
    }
}

/// Calls back when the page's tab is hidden or seen again, until it is dropped.
pub fn on_visibility_change(callback: impl Fn() + 'static) -> Listener {
    Listener::new(document().into(), "visibilitychange", move |_| callback())
}

/// Calls back when the escape key is pressed, wherever the focus is, until it is dropped.
pub fn on_escape(callback: impl Fn() + 'static) -> Listener {
    Listener::new(document().into(), "keydown", move |event| {
        if event.dyn_ref::<KeyboardEvent>().is_some_and(|event| event.key() == "Escape") {
            callback();
        }
    })
}
