//! The wheel, and pointers that are dragged.

use wasm_bindgen::JsCast;
use web_sys::{Element, Node, WheelEvent};

use super::{Listener, place_in};

/// One notch of a wheel, in the pixels of those browsers that tell it in pixels. Some devices tell more than this.
const NOTCH: f64 = 100.0;

/// Calls back when the wheel is turned over the element `node`, until it is dropped: with how, and with the pointer's
/// place in the element, in CSS pixels. What it returns says whether that was all: then the page does not scroll. `None`
/// where the node is no element.
///
/// A wheel that is held with the control key is a pinch on a touchpad; both zoom. Without it, only an
/// element that has the focus is told, or nobody could scroll past it.
pub fn on_wheel(node: &Node, callback: impl Fn(Turn, (f64, f64)) -> bool + 'static) -> Option<Listener> {
    let element: Element = node.dyn_ref::<Element>()?.clone();
    Some(Listener::new(element.clone().into(), "wheel", move |event| {
        let Some(wheel) = event.dyn_ref::<WheelEvent>() else { return };
        let turn = Turn::of(wheel);
        let is_sideways = matches!(turn, Turn::Sideways(_));
        let is_meant = wheel.ctrl_key() || is_sideways || element.matches(":focus").unwrap_or(false);
        let Some(place) = place_in(&element, wheel).filter(|_| is_meant) else { return };
        if callback(turn, place) {
            wheel.prevent_default();
        }
    }))
}

/// How the wheel was turned.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Turn {
    /// So many pixels rightwards.
    Sideways(f64),
    /// So many notches downwards: one at most, as an event comes with each. A touchpad tells parts of one.
    Notches(f64),
}

impl Turn {
    fn of(wheel: &WheelEvent) -> Self {
        let is_in_pixels = wheel.delta_mode() == WheelEvent::DOM_DELTA_PIXEL;
        let (mut x, mut y) = (wheel.delta_x(), wheel.delta_y());
        if wheel.shift_key() && x == 0.0 {
            (x, y) = (y, 0.0);
        }
        if x.abs() > y.abs() {
            const LINE: f64 = 16.0;
            return Self::Sideways(if is_in_pixels { x } else { x * LINE });
        }
        // Lines and pages come from wheels only; so do many pixels at once.
        if y != 0.0 && (!is_in_pixels || y.abs() >= NOTCH / 2.0) {
            return Self::Notches(y.signum());
        }
        // A pinch is told in steps a tenth as large.
        let pinched = if wheel.ctrl_key() { 10.0 } else { 1.0 };
        Self::Notches((y * pinched / NOTCH).clamp(-1.0, 1.0))
    }
}

/// Has the element `node` told of the pointer until that is lifted, wherever it goes meanwhile.
pub fn capture(node: &Node, pointer: i32) {
    if let Some(element) = node.dyn_ref::<Element>() {
        // A pointer that is gone already cannot be captured, and need not.
        let _ = element.set_pointer_capture(pointer);
    }
}
