//! A file that the visitor chose or dropped. It never leaves the machine.

use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{DragEvent, Event, File, FileList, HtmlInputElement};

use crate::report::{ImportError, LONGEST_IMPORT};

/// The file that was chosen or dropped, if `event` brings one.
pub fn file_of(event: &Event) -> Option<File> {
    let files = match event.dyn_ref::<DragEvent>() {
        Some(drag) => drag.data_transfer()?.files(),
        None => event.target()?.dyn_into::<HtmlInputElement>().ok()?.files(),
    };
    files.as_ref().and_then(|files: &FileList| files.get(0))
}

/// The text of a file that the visitor chose.
///
/// # Errors
/// Why it cannot be read.
pub async fn text_of(file: &File) -> Result<String, String> {
    // What cannot be imported anyway is not brought into memory.
    if file.size() > LONGEST_IMPORT as f64 {
        return Err(ImportError::TooLong.to_string());
    }
    let text = JsFuture::from(file.text()).await;
    let text = text.ok().and_then(|text| text.as_string());
    text.ok_or_else(|| format!("The file {} cannot be read: choose it again.", file.name()))
}
