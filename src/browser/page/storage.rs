//! What this browser keeps of finished runs: links, each by a number.

use crate::browser::wire::database::{Database, is_full};
use crate::browser::wire::error;
use wasm_bindgen::JsValue;

/// Keeps a link, and answers its number.
///
/// # Errors
/// What is lost, and what to do instead.
pub async fn keep(link: &str) -> Result<u32, String> {
    let keep = async { open().await?.write(|links| links.add(&link.into())).await };
    keep.await.map(number).map_err(|error| not_kept(&error))
}

/// Keeps another link under a number that there is, or the one that was kept under it before.
///
/// # Errors
/// What is lost, and what to do instead.
pub async fn replace(id: u32, link: String) -> Result<(), String> {
    let replace = async { open().await?.write(|links| links.put_with_key(&link.into(), &id.into())).await };
    replace.await.map(drop).map_err(|error| not_kept(&error))
}

/// Keeps a link no more.
///
/// # Errors
/// Why it is still there.
pub async fn forget(id: u32) -> Result<(), String> {
    let forget = async { open().await?.write(|links| links.delete(&id.into())).await };
    forget.await.map(drop).map_err(|error| not_kept(&error))
}

/// All links with their numbers, the latest first.
///
/// # Errors
/// Why they cannot be read.
pub async fn all() -> Result<Vec<(u32, String)>, String> {
    let read = async { open().await?.entries().await };
    let entries = read.await.map_err(|error| {
        format!(
            "This browser does not let the page read what it keeps ({}). In a private window it keeps nothing.",
            error::message(&error)
        )
    })?;
    let link = |(id, link): (JsValue, JsValue)| (number(id), link.as_string().unwrap_or_default());
    Ok(entries.into_iter().map(link).rev().collect())
}

/// Where the verdicts on claims are kept.
const VERDICTS_KEY: &str = "lanes-verdicts";

/// The text of the verdicts that this browser keeps; nothing where it keeps nothing.
pub fn verdicts() -> String {
    let kept = super::theme::storage().and_then(|storage| storage.get_item(VERDICTS_KEY).ok().flatten());
    kept.unwrap_or_default()
}

/// Keeps the text of the verdicts. Where a browser keeps nothing they last as long as the page.
pub fn keep_verdicts(text: &str) {
    if let Some(storage) = super::theme::storage() {
        let _ = storage.set_item(VERDICTS_KEY, text);
    }
}

/// Whether this browser may have kept some: looking for links where there are none would write something.
pub async fn has_any() -> bool {
    Database::exists(DATABASE).await
}

/// The database of the links.
const DATABASE: &str = "lanes";

async fn open() -> Result<Database, JsValue> {
    Database::open(DATABASE, "reports").await
}

fn number(id: JsValue) -> u32 {
    id.as_f64().unwrap_or_default() as u32
}

fn not_kept(thrown: &JsValue) -> String {
    if is_full(thrown) {
        return "The browser's storage is full, so this was not kept. Nothing else is lost: delete older runs from the history, or copy the link of this one.".to_owned();
    }
    format!(
        "This browser keeps nothing for this page ({}), so runs are not kept. What is on the screen stays there: copy its link, or save it as a file.",
        error::message(thrown)
    )
}
