//! Files that the page hands to the visitor.

use js_sys::Array;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, BlobPropertyBag, HtmlElement, Url};

use super::document;

/// Hands a text to the visitor as a file of that `name` and media type.
///
/// # Errors
/// What to do when the browser refuses.
pub fn download(name: &str, media_type: &str, text: &str) -> Result<(), String> {
    hand_over(name, media_type, text).map_err(|_| {
        format!("The browser did not save {name}: allow downloads for this page, then try again.")
    })
}

fn hand_over(name: &str, media_type: &str, text: &str) -> Result<(), JsValue> {
    let options = BlobPropertyBag::new();
    options.set_type(media_type);
    let blob = Blob::new_with_str_sequence_and_options(&Array::of1(&text.into()), &options)?;
    let url = Url::create_object_url_with_blob(&blob)?;
    let link = document().create_element("a")?;
    link.set_attribute("href", &url)?;
    link.set_attribute("download", name)?;
    link.unchecked_ref::<HtmlElement>().click();
    // The browser has taken hold of the file by now, and forgets it after that.
    Url::revoke_object_url(&url)
}
