//! The worker that runs a session's trials: serial in itself, threads over its own memory,
//! processes as workers of its own. Times are taken here, away from the page's drawing.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::pin::Pin;
use std::rc::Rc;
use std::time::Duration;

use super::processes::ProcessPool;
use super::serve::{GAUGE, Progress, is_isolated, memory_bytes, post};
use super::threads;
use crate::browser::clock::TrialClock;
use crate::browser::error;
use crate::experiment::Model;
use crate::model::{Clock, Gil, Lane, LaneRun, TaskQueue, in_task_order};
use crate::protocol::{FromWorker, Order};
use crate::sample::{Sample, Segment, Split, TrialError};
use crate::workload::{Inputs, Size, Stopped, Visitor, Workload, WorkloadId};

/// What a model measured.
pub struct Measured<W: Workload> {
    /// The outputs in the order of the tasks.
    pub outputs: Vec<W::Output>,
    /// From the trial's begin to its last answer, in µs.
    pub total_us: f64,
    /// Where the time went.
    pub split: Split,
    /// What each lane did and when.
    pub lanes: Vec<Vec<Segment>>,
    /// The memories of the lanes, in bytes, added up.
    pub memory_bytes: u64,
}

/// The inputs that were made last, and what they were made for.
type KeptInputs = Option<((WorkloadId, Size, u64), Rc<dyn Any>)>;

/// Runs trials, one at a time.
pub struct Coordinator {
    threads_started: Cell<bool>,
    processes: ProcessPool,
    inputs: RefCell<KeptInputs>,
}

impl Coordinator {
    /// A coordinator without lanes: they are made when a trial first needs them.
    pub fn new() -> Self {
        Self {
            threads_started: Cell::new(false),
            processes: ProcessPool::default(),
            inputs: RefCell::new(None),
        }
    }

    /// Runs the trial of `order` and says what came of it.
    pub async fn run(self: Rc<Self>, order: Order) -> FromWorker {
        let trial = order.trial.id;
        match order.workload.visit(RunTrial { coordinator: self, order }).await {
            Ok(sample) => FromWorker::Sampled(sample),
            Err(error) => FromWorker::Failed { trial, error },
        }
    }

    /// Ends the trial that runs, as soon as its lanes notice.
    pub fn stop(&self) {
        GAUGE.stop();
        self.processes.stop();
    }

    async fn measure<W: Workload>(&self, order: &Order) -> Result<Measured<W>, TrialError> {
        GAUGE.reset();
        let inputs = self.inputs::<W>(order);
        let trial = order.trial.id;
        let units = inputs.tasks.iter().map(|task| u64::from(W::units(task))).sum();
        let begun = FromWorker::Begun { trial, units };
        match order.trial.point.model {
            Model::Serial => {
                post(&begun);
                self.serial(&inputs, trial)
            }
            Model::Threads => {
                self.start_threads(order.most_lanes).await?;
                post(&begun);
                self.threads(&inputs, order.trial.point.lanes, None)
            }
            Model::ThreadsGil => {
                self.start_threads(order.most_lanes).await?;
                post(&begun);
                let gil = Gil::new(Duration::from_micros(u64::from(order.switch_interval_us)));
                self.threads(&inputs, order.trial.point.lanes, Some(&gil))
            }
            Model::Processes => self.processes.run(&inputs, order, &begun).await,
        }
    }

    /// The plain loop, on this worker's own thread.
    fn serial<W: Workload>(&self, inputs: &Inputs<W>, trial: u32) -> Result<Measured<W>, TrialError> {
        let queue = TaskQueue::new(inputs.tasks.len());
        let progress = Progress::of(trial);
        let clock = TrialClock::begin();
        let lane = Lane {
            number: 0,
            gauge: &GAUGE,
            clock: &clock,
            gil: None,
            after_task: Some(&|units| progress.tell(u64::from(units))),
        };
        let run = lane.run(inputs, &queue);
        let total_us = clock.now_us();
        measured([run], total_us)
    }

    /// Lanes over one memory, with or without a lock.
    fn threads<W: Workload>(
        &self,
        inputs: &Inputs<W>,
        lanes: u32,
        gil: Option<&Gil>,
    ) -> Result<Measured<W>, TrialError> {
        let queue = TaskQueue::new(inputs.tasks.len());
        let clock = TrialClock::begin();
        let runs = threads::on_lanes(lanes, |number| {
            Lane { number, gauge: &GAUGE, clock: &clock, gil, after_task: None }.run(inputs, &queue)
        });
        let total_us = clock.now_us();
        measured(runs, total_us)
    }

    async fn start_threads(&self, threads: u32) -> Result<(), TrialError> {
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
        let inputs = Rc::new(W::inputs(order.size, order.seed));
        *self.inputs.borrow_mut() = Some((key, Rc::clone(&inputs) as Rc<dyn Any>));
        inputs
    }
}

/// What lanes over the coordinator's own memory measured.
fn measured<W: Workload>(
    runs: impl IntoIterator<Item = Result<LaneRun<W::Output>, Stopped>>,
    total_us: f64,
) -> Result<Measured<W>, TrialError> {
    let runs: Vec<_> = runs.into_iter().collect::<Result<_, _>>().map_err(|Stopped| TrialError::Stopped)?;
    let mut outputs = Vec::new();
    let mut lanes = Vec::new();
    for run in runs {
        outputs.extend(run.outputs);
        lanes.push(run.segments);
    }
    Ok(Measured {
        outputs: in_task_order(outputs),
        total_us,
        split: Split::of_trial(&lanes, total_us),
        lanes,
        memory_bytes: memory_bytes(),
    })
}

struct RunTrial {
    coordinator: Rc<Coordinator>,
    order: Order,
}

impl Visitor for RunTrial {
    type Answer = Pin<Box<dyn Future<Output = Result<Sample, TrialError>>>>;

    fn visit<W: Workload>(self) -> Self::Answer {
        Box::pin(async move {
            let measured = self.coordinator.measure::<W>(&self.order).await?;
            Ok(Sample {
                trial: self.order.trial,
                total_us: measured.total_us,
                split: measured.split,
                lanes: measured.lanes,
                checksum: W::checksum(&measured.outputs),
                memory_bytes: measured.memory_bytes,
            })
        })
    }
}
