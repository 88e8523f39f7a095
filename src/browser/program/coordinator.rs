//! The worker that runs a session's trials: serial in itself, threads over its own memory,
//! processes as workers of its own. Times are taken here, away from the page's drawing.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::pin::Pin;
use std::rc::Rc;
use std::time::Duration;

use super::io::{self, IoTrials};
use super::processes::ProcessPool;
use super::serve::{GAUGE, Progress, is_isolated, memory_bytes, post};
use super::threads;
use crate::browser::{clock::TrialClock, error};
use crate::domain::{Model, Size, Stopped, TrialError};
use crate::job::{Clock, Gil, Lane, LaneRun, Measured, TaskQueue};
use crate::protocol::{FromWorker, Order};
use crate::sample::Sample;
use crate::workload::{Inputs, Picture, Visitor, Workload, WorkloadId};

/// The inputs that were made last, and what they were made for.
type KeptInputs = Option<((WorkloadId, Size, u64), Rc<dyn Any>)>;

/// Runs trials, one at a time.
pub struct Coordinator {
    threads_started: Cell<bool>,
    processes: ProcessPool,
    inputs: RefCell<KeptInputs>,
    /// The visitor's own picture, if there is one.
    picture: RefCell<Option<Picture>>,
    io: IoTrials,
    /// Whether the trial that runs is one of I/O-bound work.
    is_waiting: Cell<bool>,
}

impl Coordinator {
    /// A coordinator without lanes: they are made when a trial first needs them.
    pub fn new() -> Self {
        Self {
            threads_started: Cell::new(false),
            processes: ProcessPool::default(),
            inputs: RefCell::new(None),
            picture: RefCell::new(None),
            io: IoTrials::default(),
            is_waiting: Cell::new(false),
        }
    }

    /// Takes the visitor's own picture, which no inputs have been made from yet.
    pub fn show(&self, picture: Picture) {
        *self.inputs.borrow_mut() = None;
        *self.picture.borrow_mut() = Some(picture);
    }

    /// Runs the trial of `order` and says what came of it.
    pub async fn run(self: Rc<Self>, order: Order) -> FromWorker {
        let trial = order.trial.id;
        let compute = RunTrial { coordinator: Rc::clone(&self), order: order.clone() };
        let result = match order.workload.visit(compute) {
            Some(computing) => computing.await,
            None => {
                self.is_waiting.set(true);
                let result = self.io.run(&self, &order).await;
                self.is_waiting.set(false);
                result
            }
        };
        match result {
            Ok(sample) => FromWorker::Sampled(Box::new(sample)),
            Err(error) => FromWorker::Failed { trial, error },
        }
    }

    /// Ends the trial that runs, as soon as its lanes notice.
    pub fn stop(&self) {
        GAUGE.stop();
        if self.is_waiting.get() {
            // Lanes that wait look at no gauge.
            io::abort_all();
            self.processes.abandon();
        } else {
            self.processes.stop();
        }
    }

    /// Ends all lanes, and the trial that runs on them. Says whether there ever was a lane.
    pub fn end(&self) -> bool {
        if self.is_waiting.get() {
            io::abort_all();
        }
        self.processes.abandon();
        threads::end() || self.processes.was_used()
    }

    /// The process lanes.
    pub fn processes(&self) -> &ProcessPool {
        &self.processes
    }

    async fn measure<W: Workload>(&self, order: &Order) -> Result<Sample, TrialError> {
        GAUGE.reset();
        let inputs = self.inputs::<W>(order);
        let units: u64 = inputs.tasks.iter().map(|task| u64::from(W::units(task))).sum();
        let begun = FromWorker::Begun { trial: order.trial.id, units: units * u64::from(order.copies()) };
        let measured = match order.trial.point.model {
            Model::Serial => {
                post(&begun);
                serial(&inputs, order)
            }
            Model::Threads => {
                self.start_threads(order.most_lanes).await?;
                post(&begun);
                on_threads(&inputs, order, None)
            }
            Model::ThreadsGil => {
                self.start_threads(order.most_lanes).await?;
                post(&begun);
                let gil = Gil::new(Duration::from_micros(u64::from(order.switch_interval_us)));
                on_threads(&inputs, order, Some(&gil))
            }
            Model::Processes => self.processes.run(&inputs, order, &begun).await,
            Model::Async | Model::ByBottleneck => unreachable!("no kernel runs so: an experiment is valid"),
        };
        let measured = measured?;
        if order.trial.id == 0 {
            let outputs: Vec<_> = measured.completions.iter().map(|c| (c.index, &c.output)).collect();
            if let Some(preview) = W::preview(&inputs, &outputs) {
                post(&FromWorker::Preview(preview));
            }
        }
        Ok(measured.into_sample(order, &inputs))
    }

    /// Starts the threads, if they are not there: so many, once in the worker's life.
    ///
    /// # Errors
    /// The worker is not isolated, or the browser gives no more workers.
    pub async fn start_threads(&self, threads: u32) -> Result<(), TrialError> {
        if !is_isolated() {
            return Err(TrialError::NotIsolated);
        }
        if !self.threads_started.get() {
            let started = threads::start(threads).await;
            started.map_err(|thrown| error::start_failure(error::message(&thrown)))?;
            self.threads_started.set(true);
        }
        Ok(())
    }

    /// The order's inputs: those of the trial before, or made now.
    fn inputs<W: Workload>(&self, order: &Order) -> Rc<Inputs<W>> {
        let key = (order.workload, order.size, order.seed);
        if let Some((kept, inputs)) = &*self.inputs.borrow()
            && *kept == key
            && let Ok(inputs) = Rc::clone(inputs).downcast()
        {
            return inputs;
        }
        // What was kept goes first, so that two sets of inputs are never there at once.
        *self.inputs.borrow_mut() = None;
        let inputs = Rc::new(match &*self.picture.borrow() {
            Some(picture) => W::inputs_from(picture, order.size, order.seed),
            None => W::inputs(order.size, order.seed),
        });
        *self.inputs.borrow_mut() = Some((key, Rc::clone(&inputs) as Rc<dyn Any>));
        inputs
    }
}

/// The plain loop, on this worker's own thread.
fn serial<W: Workload>(inputs: &Inputs<W>, order: &Order) -> Result<Measured<W>, TrialError> {
    let queue = queue(inputs, order);
    let progress = Progress::of(order.trial.id);
    let clock = TrialClock::begin();
    let lane = Lane {
        number: 0,
        gauge: &GAUGE,
        clock: &clock,
        gil: None,
        native_releases_gil: false,
        after_task: Some(&|units| progress.tell(u64::from(units))),
    };
    let run = lane.run(inputs, &queue);
    let total_us = clock.now_us();
    measured([run], total_us)
}

/// Lanes over one memory, with or without a lock.
fn on_threads<W: Workload>(
    inputs: &Inputs<W>,
    order: &Order,
    gil: Option<&Gil>,
) -> Result<Measured<W>, TrialError> {
    let native_releases_gil = order.native_releases_gil;
    let queue = queue(inputs, order);
    let clock = TrialClock::begin();
    let runs = threads::on_lanes(order.trial.point.lanes, |number| {
        let lane = Lane { number, gauge: &GAUGE, clock: &clock, gil, native_releases_gil, after_task: None };
        lane.run(inputs, &queue)
    });
    let total_us = clock.now_us();
    measured(runs, total_us)
}

fn queue<W: Workload>(inputs: &Inputs<W>, order: &Order) -> TaskQueue {
    let tasks = inputs.tasks.len() * order.copies() as usize;
    TaskQueue::new(tasks, order.chunk_size(tasks))
}

fn measured<W: Workload>(
    runs: impl IntoIterator<Item = Result<LaneRun<W::Output>, Stopped>>,
    total_us: f64,
) -> Result<Measured<W>, TrialError> {
    let runs: Vec<_> = runs.into_iter().collect::<Result<_, _>>().map_err(|Stopped| TrialError::Stopped)?;
    Ok(Measured::of_runs(runs, total_us, memory_bytes()))
}

struct RunTrial {
    coordinator: Rc<Coordinator>,
    order: Order,
}

impl Visitor for RunTrial {
    type Answer = Pin<Box<dyn Future<Output = Result<Sample, TrialError>>>>;

    fn visit<W: Workload>(self) -> Self::Answer {
        Box::pin(async move { self.coordinator.measure::<W>(&self.order).await })
    }
}
