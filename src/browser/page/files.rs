//! What lanes write in a session, and its removal: files, entries of the browser's cache, a database.

use std::cell::RefCell;

use futures_channel::oneshot;
use futures_util::{FutureExt, select_biased};
use gloo_timers::future::TimeoutFuture;
use js_sys::{Array, Function, Object, Promise, Reflect};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, future_to_promise, spawn_local};

/// The folder of all sessions' files. Each has one of its own in it.
pub const FOLDER: &str = "lanes-io";

/// What a cache, a database and a lock are called that belong to `session`.
pub fn name_of(session: &str) -> String {
    format!("{FOLDER} {session}")
}

thread_local! {
    /// The removal that goes on, or the last one.
    static REMOVAL: RefCell<Option<Promise>> = const { RefCell::new(None) };
}

/// What a session writes. Dropping it has all of that removed, for which the session's workers must have
/// ended or be about to.
pub struct Written {
    session: String,
    /// While it is held, no other tab takes what is written for left behind.
    release: Option<Function>,
}

impl Written {
    /// A place for a session's files that nothing else is written to. What sessions of closed tabs have left
    /// behind is removed first.
    pub async fn begin() -> Self {
        settled().await;
        remove_left_behind().await;
        let session = format!("{:08x}", (js_sys::Math::random() * f64::from(u32::MAX)) as u32);
        let release = lock(&name_of(&session), false).await;
        Self { session, release }
    }

    /// The session's name, which no other tab's has.
    pub fn session(&self) -> &str {
        &self.session
    }
}

impl Drop for Written {
    fn drop(&mut self) {
        let (session, release) = (std::mem::take(&mut self.session), self.release.take());
        let removal = future_to_promise(async move {
            remove(&session).await;
            let_go(release);
            Ok(JsValue::UNDEFINED)
        });
        REMOVAL.with(|last| *last.borrow_mut() = Some(removal));
    }
}

/// Waits until nothing is being removed any more.
async fn settled() {
    let removal = REMOVAL.with(|last| last.borrow().clone());
    if let Some(removal) = removal {
        let _ = JsFuture::from(removal).await;
    }
}

/// Removes what sessions have written whose tabs were closed, or crashed, before they could.
async fn remove_left_behind() {
    for session in sessions().await {
        // A session that goes on in another tab holds its lock.
        if let Some(release) = lock(&name_of(&session), true).await {
            remove(&session).await;
            let_go(Some(release));
        }
    }
}

/// The sessions that something is there of.
async fn sessions() -> Vec<String> {
    let mut names = Vec::new();
    if let Ok(folder) = call(&root().await, "getDirectoryHandle", &[FOLDER.into()]).await
        && let Ok(keys) = invoke(&folder, "keys", &[])
    {
        while let Ok(next) = call(&Ok(keys.clone()), "next", &[]).await {
            let Ok(name) = get(&next, "value") else { break };
            names.extend(name.as_string());
        }
    }
    // A browser that refuses to list something has kept nothing there that could be removed.
    let listed = |list: Result<JsValue, JsValue>| -> Vec<JsValue> {
        list.and_then(JsValue::dyn_into::<Array>).map(|list| list.to_vec()).unwrap_or_default()
    };
    let caches = listed(call(&global("caches"), "keys", &[]).await);
    let databases = listed(call(&global("indexedDB"), "databases", &[]).await);
    let databases = databases.iter().filter_map(|database| get(database, "name").ok());
    for name in caches.into_iter().chain(databases).filter_map(|name| name.as_string()) {
        names.extend(name.strip_prefix(FOLDER).and_then(|rest| rest.strip_prefix(' ')).map(str::to_owned));
    }
    names.sort();
    names.dedup();
    names
}

/// Removes what `session` wrote. What an ended worker still holds open cannot be removed until the browser
/// has noticed its end, of which it tells nobody: that is tried again, more and more rarely, for some seconds.
async fn remove(session: &str) {
    const PAUSES_MS: [u32; 9] = [20, 50, 100, 200, 300, 500, 1_000, 2_000, 4_000];
    let _ = call(&global("caches"), "delete", &[name_of(session).into()]).await;
    remove_database(&name_of(session)).await;
    let all = Object::new();
    let _ = Reflect::set(&all, &"recursive".into(), &true.into());
    let folder = call(&root().await, "getDirectoryHandle", &[FOLDER.into()]).await;
    if folder.is_err() {
        return;
    }
    for pause_ms in PAUSES_MS {
        match call(&folder, "removeEntry", &[session.into(), all.clone().into()]).await {
            Ok(_) => break,
            Err(thrown) if is_named(&thrown, "NotFoundError") => break,
            Err(_) => TimeoutFuture::new(pause_ms).await,
        }
    }
    // Where another tab's session has files in it, it is not empty and stays.
    let _ = call(&root().await, "removeEntry", &[FOLDER.into()]).await;
}

/// Deletes a database, for which the browser waits until nobody has it open.
async fn remove_database(name: &str) {
    const PATIENCE_MS: u32 = 8_000;
    let Ok(factory) = global("indexedDB") else { return };
    let Ok(request) = invoke(&factory, "deleteDatabase", &[name.into()]) else { return };
    let deleted = Promise::new(&mut |resolve, _| {
        for event in ["onsuccess", "onerror"] {
            let _ = Reflect::set(&request, &event.into(), &resolve);
        }
    });
    let mut too_long = TimeoutFuture::new(PATIENCE_MS).fuse();
    select_biased! {
        _ = JsFuture::from(deleted).fuse() => {}
        () = too_long => {}
    }
}

/// The root of the origin's private file system, if the browser has one.
async fn root() -> Result<JsValue, JsValue> {
    let storage = global("navigator").and_then(|navigator| get(&navigator, "storage"));
    call(&storage, "getDirectory", &[]).await
}

/// Takes the lock `name`, if it is free or may be waited for; answers what lets go of it again. Where
/// there are no locks there is none.
async fn lock(name: &str, only_if_free: bool) -> Option<Function> {
    let (taken, is_taken) = oneshot::channel();
    let mut release = None;
    let held = Promise::new(&mut |resolve, _| release = Some(resolve));
    let take = Closure::once_into_js(move |lock: JsValue| -> JsValue {
        let _ = taken.send(!lock.is_null());
        if lock.is_null() { JsValue::UNDEFINED } else { held.into() }
    });
    let options = Object::new();
    let _ = Reflect::set(&options, &"ifAvailable".into(), &only_if_free.into());
    let locks = global("navigator").and_then(|navigator| get(&navigator, "locks"));
    let arguments = [name.into(), options.into(), take];
    // It ends when the lock is let go of, or at once with the reason why there is none.
    let mut request = Box::pin(async move { call(&locks, "request", &arguments).await }.fuse());
    let is_ours = select_biased! {
        taken = is_taken.fuse() => taken == Ok(true),
        _ = request => false,
    };
    if is_ours {
        spawn_local(request.map(drop));
    }
    release.filter(|_| is_ours)
}

fn let_go(release: Option<Function>) {
    if let Some(release) = release {
        let _ = release.call0(&JsValue::UNDEFINED);
    }
}

fn is_named(thrown: &JsValue, name: &str) -> bool {
    get(thrown, "name").is_ok_and(|found| found == name)
}

pub(super) fn global(name: &str) -> Result<JsValue, JsValue> {
    get(&js_sys::global(), name)
}

/// A property that is there.
pub(super) fn get(of: &JsValue, name: &str) -> Result<JsValue, JsValue> {
    let value = Reflect::get(of, &name.into())?;
    if value.is_undefined() { Err(value) } else { Ok(value) }
}

pub(super) fn invoke(of: &JsValue, name: &str, arguments: &[JsValue]) -> Result<JsValue, JsValue> {
    get(of, name)?.dyn_into::<Function>()?.apply(of, &arguments.iter().collect())
}

/// Calls a method that answers with a promise, and waits for what it promises.
pub(super) async fn call(
    of: &Result<JsValue, JsValue>,
    name: &str,
    arguments: &[JsValue],
) -> Result<JsValue, JsValue> {
    let answer = invoke(&of.clone()?, name, arguments)?;
    JsFuture::from(Promise::resolve(&answer)).await
}
