//! The files that lanes write, and their removal.

use std::cell::RefCell;

use gloo_timers::future::TimeoutFuture;
use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, future_to_promise};

/// The folder, the cache and the database that hold what lanes write.
pub const FOLDER: &str = "lanes";

thread_local! {
    /// The removal that goes on, or the last one.
    static REMOVAL: RefCell<Option<Promise>> = const { RefCell::new(None) };
}

/// Removes all that lanes wrote, once their workers have ended; this does not wait for it.
pub fn remove() {
    let removal = future_to_promise(async {
        remove_all().await;
        Ok(JsValue::UNDEFINED)
    });
    REMOVAL.with(|last| *last.borrow_mut() = Some(removal));
}

/// Waits until nothing is being removed any more, so that nothing new is.
pub async fn settled() {
    let removal = REMOVAL.with(|last| last.borrow().clone());
    if let Some(removal) = removal {
        let _ = JsFuture::from(removal).await;
    }
}

/// Removes all that lanes wrote. What an ended worker still holds open cannot be removed until the
/// browser has noticed its end, of which it tells nobody: that is tried again for a second.
async fn remove_all() {
    const TRIES: u32 = 20;
    const PAUSE_MS: u32 = 50;
    let _ = call(&global("caches"), "delete", &[FOLDER.into()]).await;
    if let Ok(factory) = global("indexedDB") {
        // The browser deletes it as soon as nobody has it open.
        let _ = invoke(&factory, "deleteDatabase", &[FOLDER.into()]);
    }
    let storage = global("navigator").and_then(|navigator| get(&navigator, "storage"));
    for _ in 0..TRIES {
        let root = call(&storage, "getDirectory", &[]).await;
        if root.is_err() {
            return;
        }
        let all = js_sys::Object::new();
        let _ = Reflect::set(&all, &"recursive".into(), &true.into());
        match call(&root, "removeEntry", &[FOLDER.into(), all.into()]).await {
            Ok(_) => return,
            Err(thrown) if is_named(&thrown, "NotFoundError") => return,
            Err(_) => TimeoutFuture::new(PAUSE_MS).await,
        }
    }
}

fn is_named(thrown: &JsValue, name: &str) -> bool {
    get(thrown, "name").is_ok_and(|found| found == name)
}

fn global(name: &str) -> Result<JsValue, JsValue> {
    get(&js_sys::global(), name)
}

/// A property that is there.
fn get(of: &JsValue, name: &str) -> Result<JsValue, JsValue> {
    let value = Reflect::get(of, &name.into())?;
    if value.is_undefined() { Err(value) } else { Ok(value) }
}

fn invoke(of: &JsValue, name: &str, arguments: &[JsValue]) -> Result<JsValue, JsValue> {
    get(of, name)?.dyn_into::<Function>()?.apply(of, &arguments.iter().collect())
}

/// Calls a method that answers with a promise, and waits for what it promises.
async fn call(of: &Result<JsValue, JsValue>, name: &str, arguments: &[JsValue]) -> Result<JsValue, JsValue> {
    let answer = invoke(&of.clone()?, name, arguments)?;
    JsFuture::from(Promise::resolve(&answer)).await
}
