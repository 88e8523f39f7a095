//! The field that a script is written in.

use wasm_bindgen::{JsCast, JsValue};
use web_sys::{HtmlTextAreaElement, Node};

use super::document;
use super::files::invoke;
use crate::script::edit::Edit;

/// What is marked in the text field `node`, from one unit of UTF-16 to another; `None` if it is no text field.
pub fn marked(node: &Node) -> Option<(usize, usize)> {
    let field = node.dyn_ref::<HtmlTextAreaElement>()?;
    let place = |place: Result<Option<u32>, JsValue>| place.ok().flatten().map(|place| place as usize);
    Some((place(field.selection_start())?, place(field.selection_end())?))
}

/// Changes the text of the field `node`, so that the browser can undo it, and its listeners hear of it.
pub fn apply(node: &Node, edit: &Edit) {
    let Some(field) = node.dyn_ref::<HtmlTextAreaElement>() else { return };
    let _ = field.set_selection_range(edit.from as u32, edit.to as u32);
    // It is called old, and nothing else of the browser's changes a text in a way that can be undone.
    let arguments = ["insertText".into(), JsValue::FALSE, edit.text.as_str().into()];
    let is_done = invoke(&document(), "execCommand", &arguments).is_ok_and(|done| done.is_truthy());
    if !is_done && !edit.text.is_empty() {
        let _ = field.set_range_text_with_start_and_end(&edit.text, edit.from as u32, edit.to as u32);
    }
    let _ = field.set_selection_range(edit.marked.0 as u32, edit.marked.1 as u32);
}

/// The text of the field `node`.
pub fn text(node: &Node) -> String {
    node.dyn_ref::<HtmlTextAreaElement>().map(HtmlTextAreaElement::value).unwrap_or_default()
}
