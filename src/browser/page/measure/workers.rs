//! The workers of a session, from the page's side.

use futures_util::{FutureExt, select_biased};
use gloo_timers::future::TimeoutFuture;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

use super::coordinator::{Coordinator, all_gone};
use super::showing::Showing;
use crate::browser::wire::clock::now_us;
use crate::browser::wire::error;
use crate::domain::TrialError;
use crate::patience::{LOOK_MS, Patience, SILENCE_S};

/// The workers of a session. Whatever went wrong in one session is gone with them, and a page that
/// measures nothing holds none.
#[derive(Default)]
pub struct Workers {
    module: Option<JsValue>,
    coordinator: Option<Coordinator>,
    showing: Showing,
}

impl Workers {
    /// Those of a session that is shown so.
    pub fn showing(showing: Showing) -> Self {
        Self { module: None, coordinator: None, showing }
    }

    /// The coordinator: the one that is there, or a new one.
    ///
    /// # Errors
    /// Why it could not be loaded or started.
    pub async fn coordinator(&mut self) -> Result<&mut Coordinator, TrialError> {
        if self.coordinator.is_none() {
            let module = match &self.module {
                Some(module) => module.clone(),
                None => patiently(compile()).await?,
            };
            self.module = Some(module.clone());
            let coordinator = patiently(Coordinator::start(&module, self.showing.clone())).await?;
            self.coordinator = Some(coordinator);
        }
        Ok(self.coordinator.as_mut().expect("it was just made"))
    }

    /// Ends the coordinator and all lanes; the next one begins anew.
    pub fn end(&mut self) {
        if let Some(coordinator) = self.coordinator.take() {
            coordinator.end();
        }
    }

    /// Does something with them, and once more where memory was lacking: maybe only until those that were
    /// to end are gone.
    ///
    /// # Errors
    /// Those of what is done.
    pub async fn with_room<T>(
        &mut self,
        mut attempt: impl AsyncFnMut(&mut Self) -> Result<T, TrialError>,
    ) -> Result<T, TrialError> {
        match attempt(self).await {
            Err(TrialError::OutOfMemory) => {
                self.end();
                all_gone().await;
                attempt(self).await
            }
            result => result,
        }
    }

    /// Ends the run, and waits until its lanes have ended by themselves, if they do so soon.
    pub async fn stop(&mut self) {
        if let Some(coordinator) = self.coordinator.take() {
            coordinator.stop().await;
        }
    }
}

impl Drop for Workers {
    fn drop(&mut self) {
        self.end();
    }
}

/// Fetches and compiles the workers' program, once for all of them.
async fn compile() -> Result<JsValue, TrialError> {
    let window = web_sys::window().expect("the page has a window");
    // Browsers keep the file for the build that it is asked for by.
    let response = window.fetch_with_str(&format!("./worker_bg.wasm?{}", crate::BUILD));
    JsFuture::from(js_sys::WebAssembly::compile_streaming(&response))
        .await
        .map_err(|thrown| error::start_failure(error::message(&thrown)))
}

/// Waits for something, but not for ever.
///
/// # Errors
/// Those of what is waited for, and [`TrialError::Silent`].
pub async fn patiently<T>(what: impl Future<Output = Result<T, TrialError>>) -> Result<T, TrialError> {
    let mut patience = Patience::begin(SILENCE_S, now_us());
    let mut what = Box::pin(what.fuse());
    while !patience.is_over() {
        let mut look = TimeoutFuture::new(LOOK_MS).fuse();
        select_biased! {
            result = what => return result,
            () = look => patience.look(now_us()),
        }
    }
    Err(TrialError::Silent { seconds: SILENCE_S })
}
