//! The page's executor: it owns the coordinating worker, watches it, and ends it.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use futures_channel::mpsc::{UnboundedReceiver, UnboundedSender, unbounded};
use futures_channel::oneshot;
use futures_util::{FutureExt, StreamExt, select_biased};
use gloo_timers::future::TimeoutFuture;
use js_sys::{Atomics, Int32Array, SharedArrayBuffer};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::{JsFuture, spawn_local};

use super::clock::now_us;
use super::worker::{Incoming, Worker};
use super::{error, frame};
use crate::experiment::Experiment;
use crate::machine::Machine;
use crate::model::GaugeLayout;
use crate::protocol::{FromWorker, Order, ToWorker};
use crate::sample::{Sample, TrialError};
use crate::session::{self, Event, Executor};

/// The worker's compiled program, beside the page.
const PROGRAM: &str = "./worker_bg.wasm";

/// How often the page looks at a trial that runs.
const LOOK_MS: u32 = 100;

/// How long nothing may be heard of a worker before its trial is ended, in seconds.
const SILENCE_S: u32 = 10;

/// How long lanes that were asked to stop have until they are ended.
const STOP_MS: u32 = 60;

/// A session that runs. Dropping it ends its workers and tells nothing more.
#[must_use]
pub struct Running {
    stop: Rc<Stop>,
    _dropped: oneshot::Sender<()>,
}

impl Running {
    /// Ends the session: it tells [`Event::Finished`] within 100 ms and keeps what was measured.
    pub fn stop(&self) {
        self.stop.ask();
    }
}

/// Runs `experiment` and tells `on_event` how it goes. The experiment must be valid.
pub fn start(experiment: Experiment, machine: &Machine, on_event: impl Fn(Event) + 'static) -> Running {
    let (dropped, is_dropped) = oneshot::channel();
    let stop = Rc::new(Stop::default());
    let mut executor = BrowserExecutor {
        has_threads: machine.has_threads(),
        module: None,
        coordinator: None,
        stop: Rc::clone(&stop),
    };
    spawn_local(async move {
        let mut emit = |event| on_event(event);
        let run = session::run(&experiment, &mut executor, &mut emit);
        // Whichever is first; the session, and with it every worker, goes when this ends.
        select_biased! {
            _ = is_dropped.fuse() => {}
            _ = run.fuse() => {}
        }
    });
    Running { stop, _dropped: dropped }
}

/// The visitor's wish for an end.
#[derive(Default)]
struct Stop {
    is_asked: Cell<bool>,
    listener: RefCell<Option<oneshot::Sender<()>>>,
}

impl Stop {
    fn ask(&self) {
        self.is_asked.set(true);
        // Whoever waits hears of it by the sender's end.
        self.listener.take();
    }

    /// Is done when an end is asked for.
    async fn asked(&self) {
        if !self.is_asked.get() {
            let (sender, receiver) = oneshot::channel();
            *self.listener.borrow_mut() = Some(sender);
            let _ = receiver.await;
        }
    }
}

/// Runs the trials of one session. The workers are made anew for each session, so whatever went
/// wrong in one is gone with it, and a page that measures nothing holds nothing.
struct BrowserExecutor {
    has_threads: bool,
    module: Option<JsValue>,
    coordinator: Option<Coordinator>,
    stop: Rc<Stop>,
}

/// The coordinating worker, from the page's side.
struct Coordinator {
    worker: Worker,
    incoming: UnboundedReceiver<Incoming>,
    gauge: Option<Gauge>,
}

/// The counters in the coordinator's memory.
struct Gauge {
    words: Int32Array,
    layout: GaugeLayout,
}

impl Executor for BrowserExecutor {
    async fn run(&mut self, order: &Order, progress: &mut dyn FnMut(f64)) -> Result<Sample, TrialError> {
        if order.trial.point.model.needs_shared_memory() && !self.has_threads {
            return Err(TrialError::NotIsolated);
        }
        let stop = Rc::clone(&self.stop);
        let result = {
            let mut asked = Box::pin(stop.asked().fuse());
            let mut run = Box::pin(self.run_until_done(order, progress).fuse());
            select_biased! {
                () = asked => Err(TrialError::Stopped),
                result = run => result,
            }
        };
        match &result {
            Ok(_) => {}
            Err(TrialError::Stopped) => self.stop_coordinator().await,
            // Whatever state the worker is in, the next trial begins with a new one.
            Err(_) => self.coordinator = None,
        }
        result
    }

    async fn ready(&mut self) {
        let stop = Rc::clone(&self.stop);
        let mut asked = Box::pin(stop.asked().fuse());
        let mut drawn = Box::pin(frame::drawn().fuse());
        select_biased! {
            () = asked => {}
            () = drawn => {}
        }
    }

    fn now_us(&self) -> f64 {
        now_us()
    }
}

impl BrowserExecutor {
    async fn run_until_done(
        &mut self,
        order: &Order,
        progress: &mut dyn FnMut(f64),
    ) -> Result<Sample, TrialError> {
        // What the page has to draw it draws now, and not while the trial is measured.
        frame::drawn().await;
        let coordinator = self.coordinator().await?;
        coordinator.worker.send(&ToWorker::Run(order.clone()));
        coordinator.watch(order, progress).await
    }

    async fn coordinator(&mut self) -> Result<&mut Coordinator, TrialError> {
        if self.coordinator.is_none() {
            let module = match &self.module {
                Some(module) => module.clone(),
                None => compile().await?,
            };
            self.module = Some(module.clone());
            self.coordinator = Some(Coordinator::start(&module).await?);
        }
        Ok(self.coordinator.as_mut().expect("it was just made"))
    }

    /// Lets the lanes end by themselves, as an ended worker may compute on for seconds and would
    /// disturb the next run; then ends those that did not.
    async fn stop_coordinator(&mut self) {
        let Some(mut coordinator) = self.coordinator.take() else { return };
        if let Some(gauge) = &coordinator.gauge {
            gauge.stop();
        }
        coordinator.worker.send(&ToWorker::Stop);
        let mut too_long = TimeoutFuture::new(STOP_MS).fuse();
        loop {
            select_biased! {
                () = too_long => return,
                incoming = coordinator.incoming.next() => match incoming {
                    Some(Incoming::Message(FromWorker::Failed { .. } | FromWorker::Sampled(_), _)) | None => return,
                    Some(_) => {}
                }
            }
        }
    }
}

impl Coordinator {
    async fn start(module: &JsValue) -> Result<Self, TrialError> {
        let (sender, mut incoming) = unbounded();
        let worker = start_worker(module, sender)?;
        let mut too_long = TimeoutFuture::new(SILENCE_S * 1_000).fuse();
        let first = select_biased! {
            first = incoming.next() => first,
            () = too_long => return Err(TrialError::Silent { seconds: SILENCE_S }),
        };
        match first {
            Some(Incoming::Message(FromWorker::Ready { build, gauge }, memory)) => {
                if build != crate::BUILD {
                    return Err(TrialError::OtherBuild { worker: build });
                }
                Ok(Self { worker, incoming, gauge: memory.map(|memory| Gauge::new(&memory, gauge)) })
            }
            Some(Incoming::Error(reason)) => Err(error::start_failure(reason)),
            Some(Incoming::Message(..)) | None => {
                Err(TrialError::WorkerFailed("it did not say that it was ready".to_owned()))
            }
        }
    }

    /// Waits for the answer, tells the progress, and loses patience when nothing moves.
    async fn watch(&mut self, order: &Order, progress: &mut dyn FnMut(f64)) -> Result<Sample, TrialError> {
        let id = order.trial.id;
        let mut all_units = None;
        let mut done_units = 0;
        let mut last_heard_us = now_us();
        let mut was_hidden = frame::is_hidden();
        loop {
            let mut look = TimeoutFuture::new(LOOK_MS).fuse();
            select_biased! {
                incoming = self.incoming.next() => match incoming {
                    Some(Incoming::Message(message, _)) => match message {
                        FromWorker::Begun { trial, units } if trial == id => {
                            all_units = Some(units);
                            last_heard_us = now_us();
                        }
                        FromWorker::Progress { trial, units } if trial == id => {
                            done_units = units;
                            last_heard_us = now_us();
                            tell(progress, done_units, all_units);
                        }
                        FromWorker::Sampled(sample) if sample.trial.id == id => {
                            let was_hidden = was_hidden || frame::is_hidden();
                            return if was_hidden { Err(TrialError::Hidden) } else { Ok(sample) };
                        }
                        FromWorker::Failed { trial, error } if trial == id => return Err(error),
                        // Late words of an earlier trial.
                        _ => {}
                    },
                    Some(Incoming::Error(reason)) => return Err(error::lane_failure(reason)),
                    None => return Err(TrialError::LaneDied("it went away".to_owned())),
                },
                () = look => {
                    was_hidden |= frame::is_hidden();
                    if let Some(gauge) = &self.gauge && all_units.is_some() {
                        let units = gauge.units(order.trial.point.lanes);
                        if units != done_units {
                            done_units = units;
                            last_heard_us = now_us();
                            tell(progress, done_units, all_units);
                        }
                    }
                    if now_us() - last_heard_us > f64::from(SILENCE_S) * 1e6 {
                        return Err(TrialError::Silent { seconds: SILENCE_S });
                    }
                }
            }
        }
    }
}

impl Gauge {
    fn new(memory: &SharedArrayBuffer, address: u32) -> Self {
        Self { words: Int32Array::new(memory), layout: GaugeLayout::at(address) }
    }

    fn units(&self, lanes: u32) -> u64 {
        (0..lanes).map(|lane| u64::from(self.load(self.layout.lane_word(lane)))).sum()
    }

    fn stop(&self) {
        let _ = Atomics::store(&self.words, self.layout.stop_word(), 1);
    }

    fn load(&self, word: u32) -> u32 {
        Atomics::load(&self.words, word).unwrap_or(0) as u32
    }
}

fn tell(progress: &mut dyn FnMut(f64), done: u64, all: Option<u64>) {
    if let Some(all) = all.filter(|&all| all > 0) {
        progress((done as f64 / all as f64).min(1.0));
    }
}

fn start_worker(module: &JsValue, sender: UnboundedSender<Incoming>) -> Result<Worker, TrialError> {
    Worker::start(module, "coordinator", move |incoming| {
        // Nobody listens any more: the session is over.
        let _ = sender.unbounded_send(incoming);
    })
    .map_err(error::start_failure)
}

/// Fetches and compiles the workers' program, once for all of them.
async fn compile() -> Result<JsValue, TrialError> {
    let window = web_sys::window().expect("the page has a window");
    let response = window.fetch_with_str(PROGRAM);
    JsFuture::from(js_sys::WebAssembly::compile_streaming(&response))
        .await
        .map_err(|thrown| error::start_failure(error::message(&thrown)))
}
