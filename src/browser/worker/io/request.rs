//! Requests: each has its time, and none outlives a stop.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

use futures_util::{FutureExt, select_biased};
use gloo_timers::future::TimeoutFuture;
use js_sys::{Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortController, AbortSignal, Headers, ReferrerPolicy, RequestCache, RequestCredentials, RequestInit,
    Response, WorkerGlobalScope,
};

use crate::browser::wire::clock::now_us;
use crate::domain::TaskError;

/// What the service worker answers begins so.
const SIMULATED: &str = "./network/";
/// The status that only the simulated network answers with, for that it is there.
const HERE: u16 = 204;
/// How long it has to say so, in milliseconds.
const HERE_MS: u32 = 3_000;

thread_local! {
    /// The requests of this worker that are under way, by their numbers.
    static UNDER_WAY: RefCell<BTreeMap<u32, AbortController>> = RefCell::default();
    static NEXT: Cell<u32> = const { Cell::new(0) };
}

/// Ends every request that is under way in this worker.
pub fn abort_all() {
    UNDER_WAY.with(|all| all.borrow().values().for_each(AbortController::abort));
}

/// Fetches what is at `address`, which may take `timeout_ms`. No credentials are sent, nothing is
/// taken from a cache, and no site is told where the visitor comes from.
///
/// # Errors
/// Why there is no whole answer.
pub async fn get(address: &str, timeout_ms: u32) -> Result<Vec<u8>, TaskError> {
    let request = UnderWay::new();
    let mut body = Box::pin(body(address, request.controller.signal()).fuse());
    let mut is_late = TimeoutFuture::new(timeout_ms).fuse();
    select_biased! {
        result = body => result,
        () = is_late => {
            request.controller.abort();
            Err(TaskError::TimedOut(timeout_ms))
        }
    }
}

/// Whether a service worker simulates the network for this worker.
pub async fn is_simulated() -> bool {
    let request = UnderWay::new();
    let mut answer = Box::pin(answer("./network/here", request.controller.signal()).fuse());
    let mut is_late = TimeoutFuture::new(HERE_MS).fuse();
    select_biased! {
        response = answer => response.is_ok_and(|response| response.status() == HERE),
        () = is_late => false,
    }
}

async fn body(address: &str, signal: AbortSignal) -> Result<Vec<u8>, TaskError> {
    let response = answer(address, signal).await.map_err(|_| no_answer())?;
    if !response.ok() {
        return Err(TaskError::Status(response.status()));
    }
    let buffer = async { JsFuture::from(response.array_buffer()?).await };
    let buffer: JsValue = buffer.await.map_err(|_: JsValue| TaskError::HalfBody)?;
    Ok(Uint8Array::new(&buffer).to_vec())
}

async fn answer(address: &str, signal: AbortSignal) -> Result<Response, JsValue> {
    let init = RequestInit::new();
    init.set_signal(Some(&signal));
    init.set_cache(RequestCache::NoStore);
    init.set_credentials(RequestCredentials::Omit);
    init.set_referrer_policy(ReferrerPolicy::NoReferrer);
    if address.starts_with(SIMULATED) {
        // Its latency counts from here on.
        let headers = Headers::new()?;
        headers.set("X-Sent", &(now_us() / 1e3).to_string())?;
        init.set_headers(&headers);
    }
    let scope: WorkerGlobalScope = js_sys::global().unchecked_into();
    let response: JsValue = JsFuture::from(scope.fetch_with_str_and_init(address, &init)).await?;
    Ok(response.unchecked_into())
}

fn no_answer() -> TaskError {
    let scope: WorkerGlobalScope = js_sys::global().unchecked_into();
    let is_offline = Reflect::get(&scope.navigator(), &"onLine".into()).is_ok_and(|it| it.is_falsy());
    if is_offline { TaskError::Offline } else { TaskError::NoAnswer }
}

/// A request that a stop ends. Dropping it forgets the request.
struct UnderWay {
    number: u32,
    controller: AbortController,
}

impl UnderWay {
    fn new() -> Self {
        let controller = AbortController::new().expect("every browser of today has these");
        let number = NEXT.replace(NEXT.get().wrapping_add(1));
        UNDER_WAY.with(|all| all.borrow_mut().insert(number, controller.clone()));
        Self { number, controller }
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        UNDER_WAY.with(|all| all.borrow_mut().remove(&self.number));
    }
}
