//! What every worker does: it says that it is ready, then answers messages.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::{Array, Reflect};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::spawn_local;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

use super::coordinator::Coordinator;
use super::costs;
use super::io::{self, Desk};
use super::pitfalls;
use super::process_lane::ProcessLane;
use crate::BUILD;
use crate::browser::{
    clock::now_us,
    parcel::{encode, pack_answer, unpack},
};
use crate::job::Gauge;
use crate::protocol::{FromWorker, ToWorker};
use crate::workload::Picture;

/// The counters of this worker and its threads. The owner reads them in the worker's memory.
pub static GAUGE: Gauge = Gauge::new();

thread_local! {
    static SCOPE: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
}

/// Serves the protocol for as long as the worker lives.
pub fn serve() {
    let coordinator = Rc::new(Coordinator::new());
    let process_lane = RefCell::new(ProcessLane::default());
    let desk = Rc::new(Desk::default());
    let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        let arrived_us = now_us();
        let (message, beside) = unpack(&event.data()).expect("the owner is of the same build");
        match message {
            ToWorker::Run(order) => {
                let coordinator = Rc::clone(&coordinator);
                spawn_local(async move { post(&coordinator.run(order).await) });
            }
            ToWorker::Measure { id, cost } => {
                let coordinator = Rc::clone(&coordinator);
                spawn_local(async move { post(&costs::measure(&coordinator, id, cost).await) });
            }
            ToWorker::Act { id, pitfall, lanes } => {
                let coordinator = Rc::clone(&coordinator);
                spawn_local(async move { post(&pitfalls::act(&coordinator, id, pitfall, lanes).await) });
            }
            ToWorker::Stop => coordinator.stop(),
            ToWorker::End => post(&FromWorker::Ended { had_lanes: coordinator.end() }),
            ToWorker::Picture { width, height } => coordinator.show(Picture {
                width: width as usize,
                height: height as usize,
                pixels: beside.into_vec(),
            }),
            ToWorker::Touch { bytes } => {
                post(&FromWorker::Touched { sum: costs::touch(beside.object.unchecked_ref(), bytes) })
            }
            ToWorker::Load { trial, workload } => {
                let shared = beside.into_vec();
                answer(&process_lane.borrow_mut().load(arrived_us, trial, workload, &shared), &[]);
            }
            ToWorker::Prepare { trial, setup } => {
                let desk = Rc::clone(&desk);
                spawn_local(async move {
                    GAUGE.reset();
                    let fallback = desk.prepare(&setup).await;
                    post(&FromWorker::Prepared { trial, fallback });
                });
            }
            ToWorker::IsSimulated => {
                spawn_local(async { post(&FromWorker::Simulated(io::is_simulated().await)) });
            }
            ToWorker::Wait { trial, begin_us } => {
                let (desk, tasks) = (Rc::clone(&desk), beside.into_vec());
                spawn_local(async move {
                    let (waited, outcomes) =
                        io::wait_in_process(&desk, arrived_us, trial, begin_us, &tasks).await;
                    answer(&waited, &outcomes);
                });
            }
            ToWorker::Tasks { trial, first } => {
                let (done, outputs) =
                    process_lane.borrow().tasks(arrived_us, trial, first, &beside.into_vec());
                answer(&done, &outputs);
            }
        }
    });
    SCOPE.with(|scope| scope.set_onmessage(Some(on_message.as_ref().unchecked_ref())));
    // The handler lives as long as the worker.
    on_message.forget();
    post_ready();
}

/// Sends a message to the owner.
pub fn post(message: &FromWorker) {
    SCOPE.with(|scope| scope.post_message(&encode(message))).expect("bytes can be posted");
}

/// Sends a message to the owner with a copy of `data` beside it, and back what the question came in.
fn answer(message: &FromWorker, data: &[u8]) {
    let (parcel, transfer) = pack_answer(message, data);
    SCOPE.with(|scope| scope.post_message_with_transfer(&parcel, &transfer)).expect("bytes can be posted");
}

/// Says that the worker listens, and shows its memory to the owner where it may be shared.
fn post_ready() {
    let bytes = encode(&FromWorker::Ready { build: BUILD.to_owned(), gauge: GAUGE.address() });
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

/// Tells a page that cannot read the gauge how far a trial is.
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

    /// Tells that so many units are done in all, unless something was told just now.
    pub fn tell(&self, units: u64) {
        if self.is_needed {
            self.tell_anyway(units);
        }
    }

    /// The same to a page that can: something goes on that no unit is counted for.
    pub fn tell_anyway(&self, units: u64) {
        if now_us() - self.last_told_us.get() >= Self::INTERVAL_US {
            post(&FromWorker::Progress { trial: self.trial, units });
            self.last_told_us.set(now_us());
        }
    }
}

/// The size of this worker's memory, in bytes.
pub fn memory_bytes() -> u64 {
    const PAGE: u64 = 65_536;
    core::arch::wasm32::memory_size(0) as u64 * PAGE
}
