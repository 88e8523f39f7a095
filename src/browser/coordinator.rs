//! The coordinating worker, from the page's side.

use std::cell::RefCell;
use std::rc::Rc;

use futures_channel::mpsc::{UnboundedReceiver, unbounded};
use futures_channel::oneshot;
use futures_util::{FutureExt, StreamExt, select_biased};
use gloo_timers::future::TimeoutFuture;
use js_sys::{Atomics, Int32Array, SharedArrayBuffer, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};

use super::clock::now_us;
use super::worker::{Incoming, Worker};
use super::{error, page::frame};
use crate::cost::{Cost, CostSample};
use crate::domain::TrialError;
use crate::job::{GaugeLayout, TASKS_SHOWN};
use crate::patience::Patience;
use crate::pitfall::{LaneSeen, Pitfall, PitfallSample, wait_for_cycle};
use crate::protocol::{FromWorker, Order, ToWorker};
use crate::sample::Sample;
use crate::workload::Preview;

/// How often the page looks at a trial that runs.
const LOOK_MS: u32 = 100;

/// How long nothing may be heard of a worker before its trial is ended, in seconds.
const SILENCE_S: u32 = 10;

/// How often the page looks at the lanes of a pitfall.
const WATCH_MS: u32 = 40;

/// Lanes that wait for each other in a circle and have not moved for so long never will.
const STILL_MS: u32 = 400;

/// How long lanes that were asked to stop have until they are ended.
const STOP_MS: u32 = 60;

/// How long a coordinator has to tell its lanes to end until it is ended itself.
const END_MS: u32 = 1_500;

/// How long lanes that are told to end have until they are gone, of which no browser tells.
const GONE_MS: u32 = 1_000;

thread_local! {
    /// Each is told when a coordinator that was to end is gone, with its lanes.
    static ENDING: RefCell<Vec<oneshot::Receiver<()>>> = RefCell::default();
}

/// Waits until every worker of the page that was to end is gone, and has given its memory back.
async fn all_gone() {
    for is_gone in ENDING.take() {
        // Its sender is dropped when it is.
        let _ = is_gone.await;
    }
}

/// The workers of a session. Whatever went wrong in one session is gone with them, and a page that
/// measures nothing holds none.
#[derive(Default)]
pub struct Workers {
    module: Option<JsValue>,
    coordinator: Option<Coordinator>,
    showing: Showing,
}

/// What a session is shown with, beside its figures.
#[derive(Clone, Default)]
pub struct Showing {
    /// The visitor's own picture, for workloads that are about one.
    pub picture: Option<GreyPicture>,
    /// Told what there is to show.
    pub on_shown: Option<Rc<dyn Fn(Shown)>>,
}

/// A picture on its way to the coordinator.
#[derive(Clone, Debug)]
pub struct GreyPicture {
    /// Its columns.
    pub width: u32,
    /// Its rows.
    pub height: u32,
    /// The grey of its pixels, row by row.
    pub pixels: Uint8Array,
}

/// Something to show that is no figure.
pub enum Shown {
    /// What the first trial's answers look like.
    Preview(Preview),
    /// Which lane did each of the trial's first tasks, counted from one; zero for those to come.
    Tasks(Vec<u8>),
}

impl Showing {
    fn show(&self, shown: Shown) {
        if let Some(on_shown) = &self.on_shown {
            on_shown(shown);
        }
    }
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

    /// Lets the lanes end by themselves, as an ended worker may compute on for seconds and would
    /// disturb the next run; then ends those that did not.
    pub async fn stop(&mut self) {
        let Some(mut coordinator) = self.coordinator.take() else { return };
        if let Some(gauge) = &coordinator.gauge {
            gauge.stop();
        }
        coordinator.worker.send(&ToWorker::Stop);
        let mut too_long = TimeoutFuture::new(STOP_MS).fuse();
        loop {
            select_biased! {
                () = too_long => break,
                incoming = coordinator.incoming.next() => match incoming {
                    Some(Incoming::Message(FromWorker::Failed { .. } | FromWorker::Sampled(_), _)) | None => break,
                    Some(_) => {}
                }
            }
        }
        coordinator.end();
    }
}

impl Drop for Workers {
    fn drop(&mut self) {
        self.end();
    }
}

/// The coordinating worker. Dropping it ends it and its lanes; [`Coordinator::end`] does so properly.
pub struct Coordinator {
    worker: Worker,
    incoming: UnboundedReceiver<Incoming>,
    gauge: Option<Gauge>,
    showing: Showing,
    /// The pitfalls that were run.
    acts: u32,
}

/// The counters in the coordinator's memory.
struct Gauge {
    words: Int32Array,
    tasks: Uint8Array,
    layout: GaugeLayout,
}

impl Coordinator {
    async fn start(module: &JsValue, showing: Showing) -> Result<Self, TrialError> {
        let (sender, mut incoming) = unbounded();
        let worker = Worker::start(module, "coordinator", move |incoming| {
            // Nobody listens any more: the session is over.
            let _ = sender.unbounded_send(incoming);
        })
        .map_err(error::start_failure)?;
        match incoming.next().await {
            Some(Incoming::Message(FromWorker::Ready { build, gauge }, memory)) => {
                if build != crate::BUILD {
                    return Err(TrialError::OtherBuild { worker: build });
                }
                if let Some(GreyPicture { width, height, pixels }) = &showing.picture {
                    let message = ToWorker::Picture { width: *width, height: *height };
                    worker.send_object(&message, pixels, false).map_err(error::start_failure)?;
                }
                let memory = memory.object.dyn_into::<SharedArrayBuffer>().ok();
                let gauge = memory.map(|memory| Gauge::new(&memory, gauge));
                Ok(Self { worker, incoming, gauge, showing, acts: 0 })
            }
            Some(Incoming::Error(reason)) => Err(error::start_failure(reason)),
            Some(Incoming::Message(..)) | None => {
                Err(TrialError::WorkerFailed("it did not say that it was ready".to_owned()))
            }
        }
    }

    /// Lets it end its lanes before it is ended itself, and waits for neither here. Chromium keeps the
    /// memories of processes for good whose owner has gone before them, and has room for some 120; of
    /// threads it keeps less, but keeps it as well.
    fn end(self) {
        if let Some(gauge) = &self.gauge {
            gauge.stop();
        }
        self.worker.send(&ToWorker::End);
        let (gone, is_gone) = oneshot::channel();
        ENDING.with_borrow_mut(|ending| {
            ending.retain_mut(|ended| ended.try_recv() == Ok(None));
            ending.push(is_gone);
        });
        spawn_local(async move {
            // Dropped last, when the worker is.
            let _gone: oneshot::Sender<()> = gone;
            // All of it, and not only what is used here: the worker would end at once.
            let mut coordinator = self;
            let mut too_long = TimeoutFuture::new(END_MS).fuse();
            loop {
                select_biased! {
                    () = too_long => return,
                    incoming = coordinator.incoming.next() => match incoming {
                        Some(Incoming::Message(FromWorker::Ended { had_lanes }, _)) => {
                            if had_lanes {
                                TimeoutFuture::new(GONE_MS).await;
                            }
                            return;
                        }
                        Some(Incoming::Error(_)) | None => return,
                        Some(_) => {}
                    }
                }
            }
        });
    }

    /// Runs a trial: tells the progress, and loses patience when nothing moves.
    ///
    /// # Errors
    /// Why the trial measured nothing.
    pub async fn run(&mut self, order: &Order, progress: &mut dyn FnMut(f64)) -> Result<Sample, TrialError> {
        self.worker.send(&ToWorker::Run(order.clone()));
        let id = order.trial.id;
        let silence_s = SILENCE_S + order.longest_wait_ms().div_ceil(1_000);
        let mut all_units = None;
        let mut done_units = 0;
        let mut patience = Patience::begin(silence_s, now_us());
        let mut was_hidden = frame::is_hidden();
        loop {
            let mut look = TimeoutFuture::new(LOOK_MS).fuse();
            let incoming = select_biased! {
                incoming = self.incoming.next() => Some(incoming),
                () = look => None,
            };
            patience.look(now_us());
            match incoming {
                Some(incoming) => match incoming {
                    Some(Incoming::Message(message, _)) => match message {
                        FromWorker::Begun { trial, units } if trial == id => {
                            all_units = Some(units);
                            patience.hear();
                        }
                        FromWorker::Progress { trial, units } if trial == id => {
                            done_units = units;
                            patience.hear();
                            tell(progress, done_units, all_units);
                        }
                        FromWorker::Preview(preview) => self.showing.show(Shown::Preview(preview)),
                        FromWorker::Sampled(sample) if sample.trial.id == id => {
                            self.show_tasks();
                            return if was_hidden || frame::is_hidden() {
                                Err(TrialError::Hidden)
                            } else if patience.slept() {
                                Err(TrialError::Asleep)
                            } else {
                                Ok(*sample)
                            };
                        }
                        FromWorker::Failed { trial, error } if trial == id => return Err(error),
                        // Late words of an earlier trial.
                        _ => {}
                    },
                    Some(Incoming::Error(reason)) => return Err(error::lane_failure(reason)),
                    None => return Err(TrialError::LaneDied("it went away".to_owned())),
                },
                None => {
                    was_hidden |= frame::is_hidden();
                    if let Some(gauge) = &self.gauge
                        && all_units.is_some()
                    {
                        let units = gauge.units(order.trial.point.lanes);
                        if units != done_units {
                            done_units = units;
                            patience.hear();
                            self.show_tasks();
                            tell(progress, done_units, all_units);
                        }
                    }
                    if patience.is_over() {
                        return Err(TrialError::Silent { seconds: silence_s });
                    }
                }
            }
        }
    }

    fn show_tasks(&self) {
        // Reading the marks takes time from the lanes, and mostly nobody looks at them.
        if let (Some(on_shown), Some(gauge)) = (&self.showing.on_shown, &self.gauge) {
            on_shown(Shown::Tasks(gauge.tasks()));
        }
    }

    /// Has the worker run a pitfall once; [`Coordinator::watch`] says what comes of it.
    pub fn act(&mut self, pitfall: Pitfall, lanes: u32) {
        self.acts += 1;
        self.worker.send(&ToWorker::Act { id: self.acts, pitfall, lanes });
    }

    /// Watches the pitfall that was begun last, and tells `on_seen` what its lanes have done. Lanes
    /// that are to be stopped are asked to; when they stand still, waiting for each other in a
    /// circle, the watch is over, and this worker is of no more use.
    ///
    /// # Errors
    /// Why nothing can be said of it.
    pub async fn watch(
        &mut self,
        pitfall: Pitfall,
        lanes: u32,
        on_seen: &impl Fn(&[LaneSeen]),
    ) -> Result<PitfallSample, TrialError> {
        let mut begun_us = None;
        let mut moved_us = now_us();
        let mut patience = Patience::begin(SILENCE_S, now_us());
        let mut seen = Vec::new();
        loop {
            let mut look = TimeoutFuture::new(WATCH_MS).fuse();
            let incoming = select_biased! {
                incoming = self.incoming.next() => Some(incoming),
                () = look => None,
            };
            patience.look(now_us());
            match incoming {
                Some(Some(Incoming::Message(FromWorker::Begun { trial, .. }, _))) if trial == self.acts => {
                    moved_us = now_us();
                    begun_us = Some(moved_us);
                }
                Some(Some(Incoming::Message(FromWorker::Acted { id, us, sum }, _))) if id == self.acts => {
                    let seen = self.gauge.as_ref().map(|gauge| gauge.seen(lanes));
                    let lanes = seen.unwrap_or_else(|| vec![LaneSeen::default(); lanes as usize]);
                    on_seen(&lanes);
                    return Ok(PitfallSample { us, sum, lanes, stood_still: false });
                }
                Some(Some(Incoming::Message(FromWorker::Failed { trial, error }, _)))
                    if trial == self.acts =>
                {
                    return Err(error);
                }
                Some(Some(Incoming::Message(..))) => {}
                Some(Some(Incoming::Error(reason))) => return Err(error::lane_failure(reason)),
                Some(None) => return Err(TrialError::LaneDied("it went away".to_owned())),
                None => {
                    if let (Some(gauge), Some(begun_us)) = (&self.gauge, begun_us) {
                        let now = gauge.seen(lanes);
                        if now != seen {
                            seen = now;
                            moved_us = now_us();
                            patience.hear();
                            on_seen(&seen);
                        }
                        let took_us = now_us() - begun_us;
                        if pitfall.stopped_after_ms().is_some_and(|ms| took_us >= 1e3 * f64::from(ms)) {
                            gauge.stop();
                        }
                        let is_still = now_us() - moved_us > f64::from(STILL_MS) * 1e3;
                        if is_still && wait_for_cycle(&seen).is_some() {
                            let us = moved_us - begun_us;
                            return Ok(PitfallSample { us, sum: 0, lanes: seen, stood_still: true });
                        }
                    }
                }
            }
            if patience.is_over() {
                return Err(TrialError::Silent { seconds: SILENCE_S });
            }
        }
    }

    /// Measures a cost once.
    ///
    /// # Errors
    /// Why nothing was measured.
    pub async fn measure(&mut self, id: u32, cost: Cost) -> Result<CostSample, TrialError> {
        self.worker.send(&ToWorker::Measure { id, cost });
        loop {
            match self.incoming.next().await {
                Some(Incoming::Message(FromWorker::Measured { id: of, sample }, _)) if of == id => {
                    return Ok(sample);
                }
                Some(Incoming::Message(FromWorker::Failed { trial, error }, _)) if trial == id => {
                    return Err(error);
                }
                Some(Incoming::Message(..)) => {}
                Some(Incoming::Error(reason)) => return Err(error::lane_failure(reason)),
                None => return Err(TrialError::LaneDied("it went away".to_owned())),
            }
        }
    }
}

impl Gauge {
    fn new(memory: &SharedArrayBuffer, address: u32) -> Self {
        let layout = GaugeLayout::at(address);
        let tasks = Uint8Array::new_with_byte_offset_and_length(memory, layout.tasks_byte(), TASKS_SHOWN);
        Self { words: Int32Array::new(memory), tasks, layout }
    }

    /// Which lane did each task; see [`Shown::Tasks`].
    fn tasks(&self) -> Vec<u8> {
        self.tasks.to_vec()
    }

    fn units(&self, lanes: u32) -> u64 {
        (0..lanes).map(|lane| u64::from(self.load(self.layout.lane_word(lane)))).sum()
    }

    fn seen(&self, lanes: u32) -> Vec<LaneSeen> {
        (0..lanes).map(|lane| LaneSeen::read(self.layout, lane, |word| self.load(word))).collect()
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
