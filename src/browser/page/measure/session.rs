//! The page's executor: it owns the coordinating worker, watches it, and ends it.

use std::rc::Rc;

use futures_channel::oneshot;
use futures_util::{FutureExt, select_biased};
use wasm_bindgen_futures::spawn_local;

use super::coordinator::all_gone;
use super::showing::{GreyPicture, Showing};
use super::stop::Stop;
use super::workers::Workers;
use crate::browser::page::files::Written;
use crate::browser::page::{frame, network};
use crate::browser::wire::clock::now_us;
use crate::domain::{PythonError, TrialError};
use crate::experiment::Experiment;
use crate::machine::Machine;
use crate::sample::Sample;
use crate::session::{self, Event, Executor};
use crate::trial::Order;

/// A session, or a measuring of costs, that runs. Dropping it ends its workers and tells nothing more.
#[must_use]
pub struct Running {
    stop: Rc<Stop>,
    _dropped: oneshot::Sender<()>,
}

impl Running {
    /// Runs `work`, which heeds the stop that it is given, until it is done or this is dropped.
    pub(super) fn spawn<W: Future<Output = ()> + 'static>(work: impl FnOnce(Rc<Stop>) -> W) -> Self {
        let (dropped, is_dropped) = oneshot::channel();
        let stop = Rc::new(Stop::default());
        let mut work = Box::pin(work(Rc::clone(&stop)).fuse());
        spawn_local(async move {
            // Whichever is first; the work, and with it every worker, goes when this ends.
            select_biased! {
                _ = is_dropped.fuse() => {}
                () = work => {}
            }
        });
        Self { stop, _dropped: dropped }
    }

    /// Ends it: it tells its last event within 100 ms and keeps what was measured.
    pub fn stop(&self) {
        self.stop.ask();
    }
}

/// Runs `experiment` and tells `on_event` how it goes. The experiment must be valid. It is shown as
/// `showing` says, with the visitor's own picture once it has been brought to size.
pub fn start(
    experiment: Experiment,
    machine: &Machine,
    showing: Showing,
    picture: impl Future<Output = Option<GreyPicture>> + 'static,
    on_event: impl Fn(Event) + 'static,
) -> Running {
    let machine = machine.clone();
    Running::spawn(move |stop| async move {
        let showing = Showing { picture: picture.await, ..showing };
        let mut executor = BrowserExecutor::new(&machine, Workers::showing(showing), stop);
        session::run(&experiment, &mut executor, &mut |event| on_event(event)).await;
    })
}

/// A session with more lanes waits until those of the one before are gone: Chromium has room for some 120 memories, and
/// keeps for good what it ends while too many begin.
const MANY_LANES: u32 = 32;

/// Runs the trials of one session.
pub(super) struct BrowserExecutor {
    has_threads: bool,
    reported_cores: Option<u32>,
    timer_step_us: f64,
    workers: Workers,
    stop: Rc<Stop>,
    /// What lanes that wait write, once some have been run.
    written: Option<Written>,
}

impl BrowserExecutor {
    /// An executor on `machine`, whose workers are started when a trial needs them.
    pub fn new(machine: &Machine, workers: Workers, stop: Rc<Stop>) -> Self {
        Self {
            has_threads: machine.has_threads(),
            reported_cores: machine.reported_cores,
            timer_step_us: machine.timer_step_us,
            workers,
            stop,
            written: None,
        }
    }
}

impl Drop for BrowserExecutor {
    fn drop(&mut self) {
        // What was written is removed next.
        self.workers.end();
    }
}

impl Executor for BrowserExecutor {
    async fn run(&mut self, order: &Order, progress: &mut dyn FnMut(f64)) -> Result<Sample, TrialError> {
        if order.needs_shared_memory() && !self.has_threads {
            return Err(if order.is_python() {
                PythonError::NotIsolated.into()
            } else {
                TrialError::NotIsolated
            });
        }
        if order.trial.id == 0 && order.most_lanes > MANY_LANES {
            self.stop.unless_asked(all_gone()).await;
        }
        let Self { workers, written, stop, .. } = self;
        let run = workers.with_room(async |workers| {
            // What the page has to draw it draws now, and not while the trial is measured.
            frame::drawn().await;
            if !order.workload.is_io() {
                return workers.coordinator().await?.run(order, progress).await;
            }
            if written.is_none() {
                *written = Some(Written::begin().await);
                network::ready().await;
            }
            let files = written.iter().map(|written| written.session().to_owned()).collect();
            workers.coordinator().await?.run(&Order { files, ..order.clone() }, progress).await
        });
        let result = stop.unless_asked(run).await.unwrap_or(Err(TrialError::Stopped));
        match &result {
            Ok(_) => {}
            Err(TrialError::Stopped) => self.workers.stop().await,
            // Whatever state the worker is in, the next trial begins with a new one.
            Err(_) => self.workers.end(),
        }
        result
    }

    async fn ready(&mut self) {
        self.stop.unless_asked(frame::drawn()).await;
    }

    fn now_us(&self) -> f64 {
        now_us()
    }

    fn reported_cores(&self) -> Option<u32> {
        self.reported_cores
    }

    fn timer_step_us(&self) -> f64 {
        self.timer_step_us
    }
}
