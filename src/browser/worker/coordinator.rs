//! The worker that runs a session's trials: serial in itself, threads over its own memory,
//! processes as workers of its own. Times are taken here, away from the page's drawing.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;

use super::io::{self, IoService};
use super::process_pool::ProcessPool;
use super::python::Interpreters;
use super::run::Step;
use super::scope::{GAUGE, is_isolated, memory_bytes, post};
use super::thread_pool;
use crate::browser::wire::clock::TrialClock;
use crate::browser::wire::error;
use crate::domain::{Fallback, Model, Point, Size, Source, Start, TrialError};
use crate::job::{Clock, Inputs, Work};
use crate::protocol::{FromCoordinator, FromLane, LaneSetup, ToLane, TrialNews};
use crate::sample::Sample;
use crate::trial::{Order, TrialLog};
use crate::workload::{Picture, Script, Visitor, Workload, WorkloadId};

/// The inputs that were made last, and what they were made for.
type KeptInputs = Option<((WorkloadId, Size, u64), Box<dyn Any>)>;

/// Runs trials, one at a time. Lanes are made when a trial first needs them.
#[derive(Default)]
pub struct Coordinator {
    threads_started: Cell<bool>,
    processes: ProcessPool,
    interpreters: Interpreters,
    io: Rc<IoService>,
    inputs: RefCell<KeptInputs>,
    /// The visitor's own picture, if there is one.
    picture: RefCell<Option<Picture>>,
    /// Whether a preview of the answers was posted.
    is_previewed: Cell<bool>,
    /// Whether the network is simulated or what is done instead, once that is known.
    simulation: Cell<Option<Result<(), Fallback>>>,
    /// Whether the lanes of the trial that runs may wait.
    is_waiting: Cell<bool>,
}

impl Coordinator {
    /// Takes the visitor's own picture, which no inputs have been made from yet.
    pub fn show(&self, picture: Picture) {
        *self.inputs.borrow_mut() = None;
        *self.picture.borrow_mut() = Some(picture);
        self.is_previewed.set(false);
    }

    /// Ends the trial that runs, as soon as its lanes notice.
    pub fn stop(&self) {
        GAUGE.stop();
        self.interpreters.end();
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
        let had_interpreter = self.interpreters.end();
        thread_pool::end() || self.processes.was_used() || had_interpreter
    }

    /// The process lanes.
    pub const fn processes(&self) -> &ProcessPool {
        &self.processes
    }

    /// Runs one trial, step by step.
    ///
    /// # Errors
    /// Lanes could not be started, died, or were stopped. A task that fails is none.
    pub async fn run<W: Workload>(&self, mut order: Order) -> Result<Sample, TrialError> {
        GAUGE.reset();
        let (setup, fallbacks) = self.make_ready(&mut order, W::WAITS).await?;
        let inputs = self.inputs::<W>(&order);
        let points = order.points();
        let (copies, tasks) = match W::FRESH_INPUTS {
            true => (1, inputs.tasks.len() / order.copies() as usize),
            false => (order.copies() as usize, inputs.tasks.len()),
        };
        let mut work = Arc::new(Work::new(inputs.clone(), copies));
        let units = work.units().map(|units| units * points.len() as u64);
        post(&FromCoordinator::Trial(order.trial.id, TrialNews::Begun { units }));
        let clock = TrialClock::begin();
        let mut log = TrialLog::<W>::new(order.workload, tasks, fallbacks);
        for (number, &point) in points.iter().enumerate() {
            let step = Step {
                order: &order,
                number,
                point,
                work: Arc::clone(&work),
                clock,
                io: Rc::clone(&self.io),
                processes: &self.processes,
                setup: &setup,
            };
            let done = step.run().await?;
            if GAUGE.is_stopped() {
                return Err(TrialError::Stopped);
            }
            work = Arc::new(log.add(number, &work, done));
        }
        if points.iter().any(|point| is_cold(&order, point)) && self.processes.lanes().len() > 0 {
            self.processes.lanes().end();
            log.ends_at(clock.now_us());
        }
        if !self.is_previewed.get()
            && let Some(preview) = log.preview(&inputs)
        {
            post(&FromCoordinator::Preview(preview));
            self.is_previewed.set(true);
        }
        Ok(log.into_sample(&order, memory_bytes()))
    }

    /// Runs one trial of a Python program.
    ///
    /// # Errors
    /// Python cannot be loaded, the program cannot be run, or its lanes died or were stopped.
    pub async fn run_python(&self, order: Order) -> Result<Sample, TrialError> {
        GAUGE.reset();
        let lanes = self.interpreters.prepare(&order).await?;
        let inputs: Inputs<Script> = Inputs::new((), (0..lanes.tasks).collect());
        let work = Work::new(inputs, order.copies() as usize);
        post(&FromCoordinator::Trial(order.trial.id, TrialNews::Begun { units: work.units() }));
        let done = lanes.run(&order).await?;
        // Whatever its workload is, the program is one step.
        let mut log = TrialLog::new(WorkloadId::Script, lanes.tasks as usize, Vec::new());
        log.add(0, &work, done);
        Ok(log.into_sample(&order, lanes.memory_bytes()))
    }

    /// Makes the lanes of all steps ready, of a job that waits or does not. This is part of no time; lanes that are
    /// started cold are not there yet. It does not depend on the workload's type, of which there would be a copy each.
    ///
    /// # Errors
    /// Lanes could not be started.
    async fn make_ready(
        &self,
        order: &mut Order,
        waits: bool,
    ) -> Result<(LaneSetup, Vec<Fallback>), TrialError> {
        let mut fallbacks = Vec::new();
        if waits
            && order.network.source == Source::Simulated
            && let Err(fallback) = self.simulation(order.has_fetching_processes).await?
        {
            order.network.source = Source::ThisSite;
            fallbacks.push(fallback);
        }
        let setup = LaneSetup {
            folder: order.files.clone(),
            trial: order.trial.id,
            lane: 0,
            is_process: false,
            timeout_ms: order.network.timeout_ms,
            storage: order.workload.facts().storage,
        };
        let points = order.points();
        // A cold start is within the time, as the end of what is left of the trial before is not.
        if points.iter().any(|point| is_cold(order, point)) {
            self.processes.lanes().end();
        }
        for point in points.iter().filter(|point| !is_cold(order, point)) {
            fallbacks.extend(self.prepare(*point, order, &setup, waits).await?);
        }
        Ok((setup, fallbacks))
    }

    /// Makes the lanes of a step ready. Says what they will do otherwise than asked.
    async fn prepare(
        &self,
        Point { model, lanes }: Point,
        order: &Order,
        setup: &LaneSetup,
        waits: bool,
    ) -> Result<Vec<Fallback>, TrialError> {
        let mut fallbacks = Vec::new();
        if model.needs_shared_memory() {
            self.start_threads(order.most_lanes).await?;
        }
        match model {
            Model::Processes if waits => {
                for prepared in self.processes.prepare(lanes, order.trial.id, setup).await? {
                    if let FromLane::Prepared { fallback, .. } = prepared {
                        fallbacks.extend(fallback);
                    }
                }
            }
            Model::Processes => self.processes.grow(lanes).await?,
            _ if waits => {
                for lane in 0..lanes {
                    fallbacks.extend(self.io.prepare(&LaneSetup { lane, ..setup.clone() }).await);
                }
            }
            _ => {}
        }
        Ok(fallbacks)
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
            let started = thread_pool::start(threads).await;
            started.map_err(|thrown| error::start_failure(error::message(&thrown)))?;
            self.threads_started.set(true);
        }
        Ok(())
    }

    /// Whether the network is simulated for all lanes of the experiment. It is asked once, before anything
    /// is timed: models that had their bytes from different networks could not be compared. Not every browser's service
    /// workers answer for workers that a worker starts.
    async fn simulation(&self, has_fetching_processes: bool) -> Result<Result<(), Fallback>, TrialError> {
        if let Some(known) = self.simulation.get() {
            return Ok(known);
        }
        let simulation = if !io::is_simulated().await {
            Err(Fallback::NoSimulation)
        } else if has_fetching_processes
            && self.processes.ask(1, |_| ToLane::AskSimulated).await? != [FromLane::Simulated(true)]
        {
            Err(Fallback::NoSimulationInProcesses)
        } else {
            Ok(())
        };
        self.simulation.set(Some(simulation));
        Ok(simulation)
    }

    /// The order's inputs: those of the trial before, or made now.
    pub fn inputs<W: Workload>(&self, order: &Order) -> Inputs<W> {
        let key = (order.workload, order.size, order.seed);
        if let Some((kept, inputs)) = &*self.inputs.borrow()
            && *kept == key
            && let Some(inputs) = inputs.downcast_ref::<Inputs<W>>()
        {
            return inputs.clone();
        }
        // What was kept goes first, so that two sets of inputs are never there at once.
        *self.inputs.borrow_mut() = None;
        let inputs = W::inputs(&order.request(self.picture.borrow().as_ref()));
        if !W::FRESH_INPUTS {
            *self.inputs.borrow_mut() = Some((key, Box::new(inputs.clone())));
        }
        inputs
    }
}

/// Whether the lanes of `point` are started within the time.
fn is_cold(order: &Order, point: &Point) -> bool {
    order.start == Start::Cold && point.model == Model::Processes
}

/// Runs a trial of a workload whose type is known only at run time.
pub struct RunTrial {
    /// Whose lanes it is run on.
    pub coordinator: Rc<Coordinator>,
    /// The trial.
    pub order: Order,
}

impl Visitor for RunTrial {
    type Answer = Pin<Box<dyn Future<Output = Result<Sample, TrialError>>>>;

    fn visit<W: Workload>(self) -> Self::Answer {
        Box::pin(async move {
            self.coordinator.is_waiting.set(W::WAITS);
            let result = self.coordinator.run::<W>(self.order).await;
            self.coordinator.is_waiting.set(false);
            result
        })
    }
}
