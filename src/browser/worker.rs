//! A worker, from the side of its owner.

use std::rc::Rc;

use js_sys::{Array, Uint8Array};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Event, MessageEvent, WorkerOptions, WorkerType};

use super::error;
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

/// A message as bytes.
pub fn encode<T: serde::Serialize>(message: &T) -> Uint8Array {
    Uint8Array::from(to_bytes(message).as_slice())
}

/// A message or data as bytes.
pub fn to_bytes<T: serde::Serialize + ?Sized>(value: &T) -> Vec<u8> {
    postcard::to_allocvec(value).expect("every message, input and output can be encoded")
}

/// Data from here on are transferred, which takes browsers longer to begin with and then nothing.
#[cfg(feature = "threads")]
const LARGE: usize = 1 << 16;

/// A message and a copy of data, and what of them is to be transferred: small data follow the
/// message's bytes, large ones stand beside them.
#[cfg(feature = "threads")]
pub fn pack<T: serde::Serialize>(message: &T, data: &[u8]) -> (JsValue, Array) {
    if data.len() < LARGE {
        let mut bytes = to_bytes(message);
        bytes.extend_from_slice(data);
        return (Uint8Array::from(bytes.as_slice()).into(), Array::new());
    }
    let data = Uint8Array::from(data);
    (Array::of2(&encode(message), &data).into(), Array::of1(&data.buffer()))
}

/// What came with a message.
#[derive(Debug)]
pub struct Beside {
    /// Data that followed the message's bytes.
    #[cfg_attr(not(feature = "threads"), expect(dead_code, reason = "the page is sent none"))]
    inline: Vec<u8>,
    /// An object that stood beside them: a worker's memory, or large data.
    pub object: JsValue,
}

#[cfg(feature = "threads")]
impl Beside {
    /// The data, in this worker's memory.
    pub fn into_vec(self) -> Vec<u8> {
        match self.object.dyn_ref::<Uint8Array>() {
            Some(data) => data.to_vec(),
            None => self.inline,
        }
    }
}

/// A message and what came with it; `None` if it is no message of this build.
pub fn unpack<T: serde::de::DeserializeOwned>(parcel: &JsValue) -> Option<(T, Beside)> {
    let (bytes, object) = match parcel.dyn_ref::<Array>() {
        Some(pair) => (pair.get(0), pair.get(1)),
        None => (parcel.clone(), JsValue::UNDEFINED),
    };
    let bytes = bytes.dyn_ref::<Uint8Array>()?.to_vec();
    let (message, inline) = postcard::take_from_bytes(&bytes).ok()?;
    Some((message, Beside { inline: inline.to_vec(), object }))
}

/// The loader of every worker, beside the page and beside itself. Browsers keep it for the build
/// that it is asked for by, so that a cold start measures no network.
fn loader_url() -> String {
    format!("./lane.js?{}", crate::BUILD)
}
