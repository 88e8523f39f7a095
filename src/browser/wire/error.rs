//! What JavaScript throws, as a line of text.

use js_sys::{Error, Reflect};
use wasm_bindgen::{JsCast, JsValue};

use crate::domain::TrialError;

/// The message of whatever was thrown.
pub fn message(thrown: &JsValue) -> String {
    if let Some(error) = thrown.dyn_ref::<Error>() {
        return format!("{}: {}", error.name(), error.message());
    }
    if let Some(text) = thrown.as_string() {
        return text;
    }
    // An error of another realm, or an event that carries a message.
    Reflect::get(thrown, &"message".into())
        .ok()
        .and_then(|message| message.as_string())
        .filter(|message| !message.is_empty())
        .unwrap_or_else(|| "the browser gives no reason".to_owned())
}

/// Why a worker could not be started, from what was thrown.
pub fn start_failure(reason: String) -> TrialError {
    if is_out_of_memory(&reason) { TrialError::OutOfMemory } else { TrialError::WorkerFailed(reason) }
}

/// Why a lane ended, from what it threw.
pub fn lane_failure(reason: String) -> TrialError {
    if is_out_of_memory(&reason) { TrialError::OutOfMemory } else { TrialError::LaneDied(reason) }
}

/// Engines say it in their own words; all are range errors or name the allocation.
fn is_out_of_memory(reason: &str) -> bool {
    let reason = reason.to_ascii_lowercase();
    (reason.contains("rangeerror") && reason.contains("memory"))
        || reason.contains("out of memory")
        || reason.contains("could not allocate memory")
        || reason.contains("memory allocation of")
}
