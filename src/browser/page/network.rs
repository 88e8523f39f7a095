//! The service worker that simulates a network, from the page's side.

use futures_util::{FutureExt, select_biased};
use gloo_timers::future::TimeoutFuture;
use js_sys::{Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{ServiceWorkerContainer, ServiceWorkerRegistration};

use super::window;

/// How long a service worker may take to be there. On a first visit it is fetched and started.
const PATIENCE_MS: u32 = 5_000;

/// Waits until a service worker answers for this page and the workers that it starts from now on. Where
/// that cannot be, lanes find out by themselves that nobody simulates a network.
pub async fn ready() {
    let mut too_long = TimeoutFuture::new(PATIENCE_MS).fuse();
    let mut claimed = Box::pin(claimed().fuse());
    select_biased! {
        _ = claimed => {}
        () = too_long => {}
    }
}

async fn claimed() -> Result<(), JsValue> {
    let navigator = window().navigator();
    // Browsers hide it where there is none: in private windows, and on pages that came unprotected.
    let container =
        Reflect::get(&navigator, &"serviceWorker".into())?.dyn_into::<ServiceWorkerContainer>()?;
    if container.controller().is_some() {
        return Ok(());
    }
    let there: JsValue = JsFuture::from(container.get_registration()).await?;
    if there.is_undefined() {
        // www/boot.js does so for pages that stand alone, once they are drawn; this one stands in a frame, or is new.
        JsFuture::from(container.register("service-worker.js")).await?;
    }
    let registration: JsValue = JsFuture::from(container.ready()?).await?;
    let registration: ServiceWorkerRegistration = registration.unchecked_into();
    let changed = Promise::new(&mut |resolve, _| container.set_oncontrollerchange(Some(&resolve)));
    if let Some(worker) = registration.active() {
        worker.post_message(&"claim".into())?;
    }
    if container.controller().is_none() {
        JsFuture::from(changed).await?;
    }
    Ok(())
}
