//! What is copied for other programs.

use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

use super::window;

/// Puts `text` on the clipboard; `false` where the browser does not allow it, as in some frames and on
/// pages that came by an unsafe way.
pub async fn copy(text: &str) -> bool {
    let clipboard = window().navigator().clipboard();
    if JsValue::from(&clipboard).is_undefined() {
        return false;
    }
    JsFuture::from(clipboard.write_text(text)).await.is_ok()
}
