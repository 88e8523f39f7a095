//! Light or dark.

use std::rc::Rc;

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{MutationObserver, MutationObserverInit};

use super::{Listener, document, window};

/// Where the chosen theme is kept; `www/boot.js` reads it before the page is drawn.
const THEME_KEY: &str = "lanes-theme";

/// Light or dark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

impl Theme {
    /// The other one.
    pub fn other(self) -> Self {
        match self {
            Theme::Light => Theme::Dark,
            Theme::Dark => Theme::Light,
        }
    }

    /// The theme's name in attributes and for people.
    pub fn name(self) -> &'static str {
        match self {
            Theme::Light => "light",
            Theme::Dark => "dark",
        }
    }
}

/// The theme that the page has now: the chosen one, or the one that the system prefers.
pub fn theme() -> Theme {
    let chosen = storage().and_then(|storage| storage.get_item(THEME_KEY).ok().flatten());
    match chosen.as_deref() {
        Some("light") => Theme::Light,
        Some("dark") => Theme::Dark,
        _ => preferred_theme(),
    }
}

/// Gives the page a theme. What the system prefers anyway is not kept: the page then follows it.
pub fn set_theme(theme: Theme) {
    let follows = theme == preferred_theme();
    if let Some(storage) = storage() {
        // A browser that keeps nothing still shows the theme until the page is closed.
        let _ =
            if follows { storage.remove_item(THEME_KEY) } else { storage.set_item(THEME_KEY, theme.name()) };
    }
    if let Some(root) = document().document_element() {
        let _ = if follows {
            root.remove_attribute("data-theme")
        } else {
            root.set_attribute("data-theme", theme.name())
        };
    }
}

fn preferred_theme() -> Theme {
    let dark = window().match_media("(prefers-color-scheme: dark)").ok().flatten();
    if dark.is_some_and(|query| query.matches()) { Theme::Dark } else { Theme::Light }
}

/// Whether the visitor wants nothing to move.
pub fn wants_stillness() -> bool {
    let still = window().match_media("(prefers-reduced-motion: reduce)").ok().flatten();
    still.is_some_and(|query| query.matches())
}

/// Calls back when the page gets another theme, by the system or by the visitor, until it is dropped.
pub fn on_theme_change(callback: impl Fn() + 'static) -> ThemeObserver {
    let callback = Rc::new(callback);
    let by_system = window().match_media("(prefers-color-scheme: dark)").ok().flatten().map(|query| {
        let callback = Rc::clone(&callback);
        Listener::new(query.into(), "change", move |_| callback())
    });
    let closure = Closure::<dyn Fn()>::new(move || callback());
    let by_visitor = MutationObserver::new(closure.as_ref().unchecked_ref()).ok();
    if let (Some(observer), Some(root)) = (&by_visitor, document().document_element()) {
        let options = MutationObserverInit::new();
        options.set_attribute_filter(&js_sys::Array::of1(&"data-theme".into()));
        let _ = observer.observe_with_options(&root, &options);
    }
    ThemeObserver { _by_system: by_system, by_visitor, _closure: closure }
}

/// Observes the page's theme until it is dropped.
#[must_use = "what is dropped observes no more"]
pub struct ThemeObserver {
    _by_system: Option<Listener>,
    by_visitor: Option<MutationObserver>,
    _closure: Closure<dyn Fn()>,
}

impl Drop for ThemeObserver {
    fn drop(&mut self) {
        if let Some(observer) = &self.by_visitor {
            observer.disconnect();
        }
    }
}

pub(super) fn storage() -> Option<web_sys::Storage> {
    window().local_storage().ok().flatten()
}
