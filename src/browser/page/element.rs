//! Elements of the page: their sizes, places and values, and where the visitor is led.

use std::cell::RefCell;
use std::fmt;
use std::rc::Rc;

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{
    Element, Event, HtmlElement, HtmlInputElement, HtmlSelectElement, HtmlTextAreaElement, MouseEvent, Node,
    PointerEvent, ResizeObserver, ScrollIntoViewOptions, ScrollLogicalPosition,
};

use super::{document, frame::Scheduled, window};

/// Names the tab.
pub fn set_title(title: &str) {
    document().set_title(title);
}

/// Shows the page from its top.
pub fn scroll_to_top() {
    window().scroll_to_with_x_and_y(0.0, 0.0);
}

/// Brings the element with that `id` into view by the shortest way, if it is there.
pub fn show(id: &str) {
    if let Some(element) = document().get_element_by_id(id) {
        let options = ScrollIntoViewOptions::new();
        options.set_block(ScrollLogicalPosition::Nearest);
        element.scroll_into_view_with_scroll_into_view_options(&options);
    }
}

/// Gives the focus to the element with that `id`, if it is there.
pub fn focus(id: &str) {
    if let Some(element) = document().get_element_by_id(id)
        && let Some(element) = element.dyn_ref::<HtmlElement>()
    {
        let _ = element.focus();
    }
}

/// Tells the size of an element, in CSS pixels, at once, and in the next frame whenever it has changed, until it is
/// dropped.
#[must_use = "what is dropped tells no more"]
pub struct SizeObserver {
    observer: ResizeObserver,
    _closure: Closure<dyn Fn()>,
}

impl SizeObserver {
    /// Observes the element `node`; `None` where it is none, or the browser cannot observe.
    pub fn new(node: &Node, callback: impl Fn(f64, f64) + 'static) -> Option<Self> {
        let element: Element = node.dyn_ref::<Element>()?.clone();
        let observed = element.clone();
        let tell = Rc::new(move || callback(observed.client_width().into(), observed.client_height().into()));
        tell();
        // Whoever hears of a size draws something else, which may change the sizes again: browsers call it an error if
        // that happens while they tell of changes.
        let next = RefCell::new(None);
        let closure = Closure::<dyn Fn()>::new(move || {
            let tell = Rc::clone(&tell);
            next.replace(Some(Scheduled::new(0, move || tell())));
        });
        let observer = ResizeObserver::new(closure.as_ref().unchecked_ref()).ok()?;
        observer.observe(&element);
        Some(Self { observer, _closure: closure })
    }
}

impl Drop for SizeObserver {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}

impl fmt::Debug for SizeObserver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SizeObserver")
    }
}

/// Where in the element `node` the pointer is, in CSS pixels from its upper left corner.
pub fn place_in(node: &Node, event: &MouseEvent) -> Option<(f64, f64)> {
    let bounds = node.dyn_ref::<Element>()?.get_bounding_client_rect();
    Some((f64::from(event.client_x()) - bounds.left(), f64::from(event.client_y()) - bounds.top()))
}

/// Whether a finger was used, or a pen, and not a mouse.
pub fn is_touch(event: &MouseEvent) -> bool {
    event.dyn_ref::<PointerEvent>().is_some_and(|event| event.pointer_type() != "mouse")
}

/// Tells the style sheet a place, as the custom properties `--x` and `--y` of the element `node`. (An
/// attribute `style` would be forbidden by the page's security policy.)
pub fn set_place(node: &Node, x: f64, y: f64) {
    if let Some(element) = node.dyn_ref::<HtmlElement>() {
        let style = element.style();
        let _ = style.set_property("--x", &format!("{x:.1}px"));
        let _ = style.set_property("--y", &format!("{y:.1}px"));
    }
}

/// What the field that `event` comes from holds.
pub fn value_of(event: &Event) -> String {
    let Some(target) = event.target() else { return String::new() };
    if let Some(input) = target.dyn_ref::<HtmlInputElement>() {
        return input.value();
    }
    if let Some(list) = target.dyn_ref::<HtmlSelectElement>() {
        return list.value();
    }
    target.dyn_ref::<HtmlTextAreaElement>().map(HtmlTextAreaElement::value).unwrap_or_default()
}
