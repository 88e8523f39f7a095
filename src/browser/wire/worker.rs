//! A worker, from the side of its owner.

use std::cell::Cell;
use std::marker::PhantomData;
use std::rc::Rc;

use js_sys::{Array, SharedArrayBuffer, Uint8Array};
use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Event, MessageEvent, WorkerOptions, WorkerType};

#[cfg(feature = "threads")]
use super::parcel::pack;
use super::parcel::{encode, unpack};
use super::{Attachment, GaugeView, error};
use crate::domain::TrialError;
use crate::protocol::{Ready, Role};

/// What a worker says that is of another build, or none of ours.
const NO_MESSAGE: &str = "it said something that is no message of this build";

/// What comes from a worker.
#[derive(Debug)]
pub enum Incoming<F> {
    /// It is loaded and listens; these are its counters, where its memory can be seen from here. Always the first.
    Ready(Option<GaugeView>),
    /// A message, and the data that came with it.
    Message(F, Attachment),
    /// It could not be loaded, is of another build, or something in it threw.
    Failed(TrialError),
}

/// A worker that is told messages of type `T`. Dropping it ends the worker, and with it the workers that it owns.
#[must_use]
pub struct Worker<T> {
    worker: web_sys::Worker,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_error: Closure<dyn FnMut(Event)>,
    _told: PhantomData<T>,
}

impl<T: Serialize> Worker<T> {
    /// Starts a worker from the compiled `module` and hands all that it says to `incoming`.
    ///
    /// # Errors
    /// Why no worker can be made.
    pub fn start<F: DeserializeOwned + 'static>(
        module: &JsValue,
        role: Role,
        incoming: impl Fn(Incoming<F>) + 'static,
    ) -> Result<Self, TrialError> {
        let failure = |thrown: JsValue| error::start_failure(error::message(&thrown));
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        options.set_name(&role.to_string());
        let worker = web_sys::Worker::new_with_options(&loader_url(), &options).map_err(failure)?;

        let incoming = Rc::new(incoming);
        let is_ready = Rc::new(Cell::new(false));
        let failed = {
            let is_ready = Rc::clone(&is_ready);
            move |reason: String| {
                Incoming::Failed(match is_ready.get() {
                    true => error::lane_failure(reason),
                    false => error::start_failure(reason),
                })
            }
        };
        let on_message = {
            let (incoming, failed) = (Rc::clone(&incoming), failed.clone());
            Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
                let parcel = event.data();
                incoming(if is_ready.get() {
                    let message = unpack(&parcel);
                    message.map_or_else(
                        || failed(NO_MESSAGE.to_owned()),
                        |(it, with)| Incoming::Message(it, with),
                    )
                } else {
                    let ready = unpack(&parcel).map(ready);
                    is_ready.set(matches!(ready, Some(Incoming::Ready(_))));
                    ready.unwrap_or_else(|| failed(NO_MESSAGE.to_owned()))
                });
            })
        };
        let on_error = Closure::<dyn FnMut(Event)>::new(move |event: Event| {
            // It is told to the visitor; the console would only repeat it.
            event.prevent_default();
            incoming(failed(error::message(&event)));
        });
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        worker.post_message(module).map_err(failure)?;
        Ok(Self { worker, _on_message: on_message, _on_error: on_error, _told: PhantomData })
    }

    /// Sends a message. One that cannot be sent is dropped: the worker is ending, and its owner
    /// hears of that as an error or as silence.
    pub fn send(&self, message: &T) {
        let _ = self.worker.post_message(&encode(message));
    }

    /// Sends a message with a copy of `data` beside it.
    ///
    /// # Errors
    /// Why they cannot be sent.
    #[cfg(feature = "threads")]
    pub fn send_with(&self, message: &T, data: &[u8]) -> Result<(), TrialError> {
        let (parcel, transfer) = pack(message, data);
        let sent = self.worker.post_message_with_transfer(&parcel, &transfer);
        sent.map_err(|thrown| error::lane_failure(error::message(&thrown)))
    }

    /// Sends a message with an object beside it, which is cloned or, if `hand_over`, transferred.
    ///
    /// # Errors
    /// Why they cannot be sent.
    pub fn send_object(&self, message: &T, object: &Uint8Array, hand_over: bool) -> Result<(), TrialError> {
        let pair = Array::of2(&encode(message), object);
        let transfer = if hand_over { Array::of1(&object.buffer()) } else { Array::new() };
        let sent = self.worker.post_message_with_transfer(&pair, &transfer);
        sent.map_err(|thrown| error::lane_failure(error::message(&thrown)))
    }
}

thread_local! {
    /// Takes an error that comes from a worker after its handle is gone. Without it the console would report an error that
    /// concerns nobody.
    static UNHEARD: Closure<dyn FnMut(Event)> = Closure::new(|event: Event| event.prevent_default());
}

impl<T> Drop for Worker<T> {
    fn drop(&mut self) {
        self.worker.set_onmessage(None);
        UNHEARD.with(|unheard| self.worker.set_onerror(Some(unheard.as_ref().unchecked_ref())));
        self.worker.terminate();
    }
}

/// Takes a worker's first message.
fn ready<F>((Ready { build, gauge }, memory): (Ready, Attachment)) -> Incoming<F> {
    if build != crate::BUILD {
        return Incoming::Failed(TrialError::OtherBuild { worker: build });
    }
    let memory = memory.object.dyn_into::<SharedArrayBuffer>().ok();
    Incoming::Ready(memory.map(|memory| GaugeView::new(&memory, gauge)))
}

/// The loader of every worker, beside the page and beside itself. Browsers keep it for the build
/// that it is asked for by, so that a cold start measures no network.
fn loader_url() -> String {
    format!("./lane.js?{}", crate::BUILD)
}
