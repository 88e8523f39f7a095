//! Other tabs of Lanes in this browser. Two that measure at once take the cores from each other, so they tell each other.

use std::cell::Cell;
use std::rc::Rc;

use wasm_bindgen::{JsCast, JsValue};
use web_sys::{BroadcastChannel, MessageEvent};

use super::Listener;

/// The channel that all tabs of Lanes listen to.
const CHANNEL: &str = "lanes-measuring";
/// A tab begins to measure.
const BEGINS: &str = "begins";
/// A tab answers that it measures, too.
const TOO: &str = "too";

/// Tells other tabs when this one measures, and hears when they do.
pub struct Tabs {
    /// Nothing where the browser has no such channels.
    channel: Option<(BroadcastChannel, Listener)>,
    is_measuring: Rc<Cell<bool>>,
}

impl Tabs {
    /// Calls `on_other` whenever another tab is found to measure while this one does.
    pub fn listen(on_other: impl Fn() + 'static) -> Self {
        let is_measuring = Rc::new(Cell::new(false));
        let open = |channel: BroadcastChannel| {
            let (answers, is_measuring) = (channel.clone(), Rc::clone(&is_measuring));
            let listener = Listener::new(channel.clone().into(), "message", move |event| {
                if !is_measuring.get() {
                    return;
                }
                on_other();
                if event.dyn_ref::<MessageEvent>().is_some_and(|event| event.data() == BEGINS) {
                    post(&answers, TOO);
                }
            });
            (channel, listener)
        };
        Self { channel: BroadcastChannel::new(CHANNEL).ok().map(open), is_measuring }
    }

    /// This tab measures from now on, or no longer.
    pub fn measures(&self, measures: bool) {
        self.is_measuring.set(measures);
        if let Some((channel, _)) = self.channel.as_ref().filter(|_| measures) {
            post(channel, BEGINS);
        }
    }
}

fn post(channel: &BroadcastChannel, message: &str) {
    // Only a channel that was closed refuses, which this one never is.
    let _ = channel.post_message(&JsValue::from(message));
}
