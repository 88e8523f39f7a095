//! The wheel, and pointers that are dragged.

use wasm_bindgen::JsCast;
use web_sys::{Element, Node, WheelEvent};

use super::{Listener, place_in};

/// Calls back when the wheel is turned over the element `node`, until it is dropped: with how far, in
/// pixels rightwards and downwards, and with the pointer's place in the element. What it returns says
/// whether that was all: then the page does not scroll. `None` where the node is no element.
///
/// A wheel that is held with the control key is a pinch on a touchpad; both zoom. Without it, only an
/// element that has the focus is told, or nobody could scroll past it.
pub fn on_wheel(node: &Node, callback: impl Fn(Wheel) -> bool + 'static) -> Option<Listener> {
    let element: Element = node.dyn_ref::<Element>()?.clone();
    Some(Listener::new(element.clone().into(), "wheel", move |event| {
        let Some(wheel) = event.dyn_ref::<WheelEvent>() else { return };
        let pixels = if wheel.delta_mode() == WheelEvent::DOM_DELTA_LINE { 16.0 } else { 1.0 };
        let (mut x, mut y) = (wheel.delta_x() * pixels, wheel.delta_y() * pixels);
        if wheel.shift_key() && x == 0.0 {
            (x, y) = (y, 0.0);
        }
        let is_meant = wheel.ctrl_key() || x.abs() > y.abs() || element.matches(":focus").unwrap_or(false);
        let Some(place) = place_in(&element, wheel).filter(|_| is_meant) else { return };
        // A pinch is told in steps a tenth as large.
        let y = if wheel.ctrl_key() { y * 5.0 } else { y };
        if callback(Wheel { x, y, place }) {
            wheel.prevent_default();
        }
    }))
}

/// How the wheel was turned.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Wheel {
    /// How far rightwards, in pixels.
    pub x: f64,
    /// How far downwards, in pixels.
    pub y: f64,
    /// Where in the element the pointer is, in CSS pixels.
    pub place: (f64, f64),
}

/// Has the element `node` told of the pointer until that is lifted, wherever it goes meanwhile.
pub fn capture(node: &Node, pointer: i32) {
    if let Some(element) = node.dyn_ref::<Element>() {
        // A pointer that is gone already cannot be captured, and need not.
        let _ = element.set_pointer_capture(pointer);
    }
}
