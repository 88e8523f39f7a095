//! The worker that this program runs in: its counters, its memory, its owner.

use std::cell::Cell;

use js_sys::{Array, Reflect};
use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

use crate::BUILD;
use crate::browser::wire::clock::now_us;
use crate::browser::wire::{Attachment, encode, pack_answer, unpack};
use crate::job::Gauge;
use crate::protocol::{FromCoordinator, Ready, TrialNews};

/// The counters of this worker and its threads. The owner reads them in the worker's memory.
pub static GAUGE: Gauge = Gauge::new();

thread_local! {
    static SCOPE: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
}

/// The name that the worker was started by.
pub fn name() -> String {
    SCOPE.with(DedicatedWorkerGlobalScope::name)
}

/// Hands every message to `on_message`, with the time when it arrived on the shared clock, in µs, for as long as the
/// worker lives.
pub fn listen<T: DeserializeOwned>(on_message: impl Fn(f64, T, Attachment) + 'static) {
    let closure = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        let arrived_us = now_us();
        let (message, attachment) = unpack(&event.data()).expect("the owner is of the same build");
        on_message(arrived_us, message, attachment);
    });
    SCOPE.with(|scope| scope.set_onmessage(Some(closure.as_ref().unchecked_ref())));
    closure.forget();
}

/// Sends a message to the owner.
pub fn post<T: Serialize>(message: &T) {
    SCOPE.with(|scope| scope.post_message(&encode(message))).expect("bytes can be posted");
}

/// Sends a message to the owner with a copy of `data` beside it, and back what the question came in.
pub fn answer<T: Serialize>(message: &T, data: &[u8]) {
    let (parcel, transfer) = pack_answer(message, data);
    SCOPE.with(|scope| scope.post_message_with_transfer(&parcel, &transfer)).expect("bytes can be posted");
}

/// Says that the worker listens, and shows its memory to the owner where it may be shared.
pub fn post_ready() {
    let bytes = encode(&Ready { build: BUILD.to_owned(), gauge: GAUGE.address() });
    let memory = Reflect::get(&wasm_bindgen::memory(), &"buffer".into()).unwrap_or(JsValue::UNDEFINED);
    SCOPE.with(|scope| {
        let is_shown = is_isolated() && scope.post_message(&Array::of2(&bytes, &memory)).is_ok();
        if !is_shown {
            scope.post_message(&bytes).expect("bytes can be posted");
        }
    });
}

/// Whether this worker may share its memory.
pub fn is_isolated() -> bool {
    Reflect::get(&js_sys::global(), &"crossOriginIsolated".into()).is_ok_and(|yes| yes.is_truthy())
}

/// The size of this worker's memory, in bytes.
pub fn memory_bytes() -> u64 {
    const PAGE: u64 = 65_536;
    core::arch::wasm32::memory_size(0) as u64 * PAGE
}

/// Tells the page how far a trial is, where it cannot read the gauge.
pub struct Progress {
    trial: u32,
    last_told_us: Cell<f64>,
    is_needed: bool,
}

impl Progress {
    /// More often than this would cost the lanes time and show nothing more.
    const INTERVAL_US: f64 = 50_000.0;

    /// Tells of that trial.
    pub fn of(trial: u32) -> Self {
        Self { trial, last_told_us: Cell::new(now_us()), is_needed: !is_isolated() }
    }

    /// Tells what the gauge shows, unless something was told just now.
    pub fn tell(&self) {
        if self.is_needed {
            self.tell_anyway();
        }
    }

    /// The same to a page that can read the gauge: something goes on that no unit is counted for.
    pub fn tell_anyway(&self) {
        if now_us() - self.last_told_us.get() >= Self::INTERVAL_US {
            post(&FromCoordinator::Trial(self.trial, TrialNews::Progress { units: GAUGE.units() }));
            self.last_told_us.set(now_us());
        }
    }
}
