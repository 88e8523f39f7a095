//! The size of an element, as the page has it now.

use yew::prelude::*;

use crate::browser::page;

/// The width and the height of the element `node`, in CSS pixels; `at_first` until it is known.
#[hook]
pub fn use_size(node: &NodeRef, at_first: (f64, f64)) -> (f64, f64) {
    let size = use_state_eq(|| at_first);
    use_effect_with(node.clone(), {
        let size = size.clone();
        move |node| {
            let observer = node.get().and_then(|node| {
                page::SizeObserver::new(&node, move |width, height| size.set((width, height)))
            });
            move || drop(observer)
        }
    });
    *size
}
