//! A worker, from the side of its owner.

use std::rc::Rc;

use js_sys::{Array, Uint8Array};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Event, MessageEvent, WorkerOptions, WorkerType};

use super::error;
#[cfg(feature = "threads")]
use super::parcel::pack;
use super::parcel::{Beside, encode, unpack};
use crate::protocol::{FromWorker, ToWorker};

/// What a worker says that is of another build, or none of ours.
const NO_MESSAGE: &str = "it said something that is no message of this build";

/// What comes from a worker.
#[derive(Debug)]
pub enum Incoming {
    /// A message, and what came with it: with [`FromWorker::Ready`] the worker's memory, where it
    /// can be shared; with [`FromWorker::Done`] its data.
    Message(FromWorker, Beside),
    /// The worker could not be loaded, or something in it threw; the browser's reason.
    Error(String),
}

/// A worker. Dropping it ends the worker, and with it the workers that it owns.
#[must_use]
pub struct Worker {
    worker: web_sys::Worker,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_error: Closure<dyn FnMut(Event)>,
}

impl Worker {
    /// Starts a worker from the compiled `module` and hands all that it says to `incoming`.
    ///
    /// # Errors
    /// The browser's reason why no worker can be made.
    pub fn start(
        module: &JsValue,
        name: &str,
        incoming: impl Fn(Incoming) + 'static,
    ) -> Result<Self, String> {
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        options.set_name(name);
        let worker = web_sys::Worker::new_with_options(&loader_url(), &options)
            .map_err(|thrown| error::message(&thrown))?;

        let incoming = Rc::new(incoming);
        let on_message = {
            let incoming = Rc::clone(&incoming);
            Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
                let message = unpack(&event.data());
                incoming(message.map_or_else(
                    || Incoming::Error(NO_MESSAGE.to_owned()),
                    |(message, beside)| Incoming::Message(message, beside),
                ));
            })
        };
        let on_error = Closure::<dyn FnMut(Event)>::new(move |event: Event| {
            // It is told to the visitor; the console would only repeat it.
            event.prevent_default();
            incoming(Incoming::Error(error::message(&event)));
        });
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        worker.post_message(module).map_err(|thrown| error::message(&thrown))?;
        Ok(Self { worker, _on_message: on_message, _on_error: on_error })
    }

    /// Sends a message. One that cannot be sent is dropped: the worker is ending, and its owner
    /// hears of that as an error or as silence.
    pub fn send(&self, message: &ToWorker) {
        let _ = self.worker.post_message(&encode(message));
    }

    /// Sends a message with a copy of `data` beside it.
    ///
    /// # Errors
    /// The browser's reason why they cannot be sent.
    #[cfg(feature = "threads")]
    pub fn send_with(&self, message: &ToWorker, data: &[u8]) -> Result<(), String> {
        let (parcel, transfer) = pack(message, data);
        let sent = self.worker.post_message_with_transfer(&parcel, &transfer);
        sent.map_err(|thrown| error::message(&thrown))
    }

    /// Sends a message with an object beside it, which is cloned or, if `hand_over`, transferred.
    ///
    /// # Errors
    /// The browser's reason why they cannot be sent.
    pub fn send_object(
        &self,
        message: &ToWorker,
        object: &Uint8Array,
        hand_over: bool,
    ) -> Result<(), String> {
        let pair = Array::of2(&encode(message), object);
        let transfer = if hand_over { Array::of1(&object.buffer()) } else { Array::new() };
        let sent = self.worker.post_message_with_transfer(&pair, &transfer);
        sent.map_err(|thrown| error::message(&thrown))
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.worker.set_onmessage(None);
        self.worker.set_onerror(None);
        self.worker.terminate();
    }
}

/// The loader of every worker, beside the page and beside itself. Browsers keep it for the build
/// that it is asked for by, so that a cold start measures no network.
fn loader_url() -> String {
    format!("./lane.js?{}", crate::BUILD)
}
