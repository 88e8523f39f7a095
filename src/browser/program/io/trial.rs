//! One trial of I/O-bound work, from its order to its sample.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use super::{Desk, Placed, Ready, event_loop, processes, request, threads};
use crate::browser::{
    clock::TrialClock,
    program::coordinator::Coordinator,
    program::processes::ProcessPool,
    program::serve::{GAUGE, memory_bytes, post},
};
use crate::domain::{Activity, Fallback, Model, Point, Segment, Source, Start, TrialError};
use crate::job::{Clock, Gil, LaneWaits, Waited};
use crate::protocol::{FromWorker, IoSetup, Order};
use crate::sample::Sample;
use crate::workload::{
    WorkloadId,
    io::{self, Answer, Outcome, Task},
};

/// What a coordinator keeps from one I/O-bound trial to the next.
#[derive(Default)]
pub struct IoTrials {
    desk: Rc<Desk>,
    /// Whether the network is simulated or what is done instead, once that is known.
    simulation: Cell<Option<Result<(), Fallback>>>,
}

/// Where the lanes of a trial come to be.
struct Lanes<'a> {
    coordinator: &'a Coordinator,
    order: &'a Order,
    setup: IoSetup,
    fallbacks: Vec<Fallback>,
}

impl IoTrials {
    /// Runs the trial of `order`.
    ///
    /// # Errors
    /// Lanes could not be started, died, or were stopped. A request or a file that fails is none: it
    /// fails its task.
    pub async fn run(&self, coordinator: &Coordinator, order: &Order) -> Result<Sample, TrialError> {
        GAUGE.reset();
        let mut order = order.clone();
        let mut fallbacks = Vec::new();
        if order.network.source == Source::Simulated
            && let Err(fallback) = self.simulation(coordinator.processes(), &order).await?
        {
            order.network.source = Source::ThisSite;
            fallbacks.push(fallback);
        }
        let setup = IoSetup {
            folder: order.files.clone(),
            lane: 0,
            is_process: false,
            timeout_ms: order.network.timeout_ms,
            has_files: order.workload != WorkloadId::Pipeline,
            has_store: order.workload == WorkloadId::Pipeline,
        };
        let mut lanes = Lanes { coordinator, order: &order, setup, fallbacks };
        let steps = steps(&order);
        // A cold start is within the time, as the end of what is left of the trial before is not.
        let is_cold = order.start == Start::Cold;
        if is_cold {
            coordinator.processes().lanes().end();
        }
        for &step in &steps {
            if !(is_cold && step.model == Model::Processes) {
                lanes.prepare(&self.desk, step).await?;
            }
        }
        let fetches = io::fetches(&order);
        let units = (fetches.len() * steps.len()) as u64;
        post(&FromWorker::Begun { trial: order.trial.id, units });

        let mut ready = Ready {
            trial: order.trial.id,
            clock: TrialClock::begin(),
            desk: Rc::clone(&self.desk),
            chunk_size: order.chosen_chunk_size.max(1),
            done: RefCell::default(),
        };
        let mut waited = Waited::default();
        let mut memory = memory_bytes();
        let mut tasks: Vec<Placed> = place(fetches.into_iter().map(Task::Fetch).enumerate());
        for (number, &step) in (0..).zip(&steps) {
            let mut spawn_us = None;
            if is_cold && step.model == Model::Processes {
                lanes.prepare(&self.desk, step).await?;
                spawn_us = Some(ready.clock.now_us()).filter(|_| number == 0);
            }
            let (mut waits, lanes_memory) = lanes.run(step, &ready, tasks).await?;
            if GAUGE.is_stopped() {
                return Err(TrialError::Stopped);
            }
            memory = memory.max(memory_bytes()) + lanes_memory;
            if let Some(end_us) = spawn_us {
                let spawn = Segment { activity: Activity::Spawn, start_us: 0.0, end_us };
                waits.iter_mut().for_each(|lane| lane.segments.insert(0, spawn));
            }
            tasks = next_tasks(number, waited.add(waits));
            ready.chunk_size = 1;
        }
        if is_cold {
            coordinator.processes().lanes().end();
        }
        let total_us = ready.clock.now_us();
        let tasks = io::tasks(order.workload, order.size, &order.network) as usize;
        let mut fallbacks = lanes.fallbacks;
        fallbacks.sort_unstable();
        fallbacks.dedup();
        Ok(waited.into_sample(&order, tasks, total_us, fallbacks, memory))
    }

    /// Whether the network is simulated for all lanes of the experiment. It is asked once, before anything
    /// is timed: models that had their bytes from different networks could not be compared.
    async fn simulation(
        &self,
        pool: &ProcessPool,
        order: &Order,
    ) -> Result<Result<(), Fallback>, TrialError> {
        if let Some(known) = self.simulation.get() {
            return Ok(known);
        }
        let simulation = if !request::is_simulated().await {
            Err(Fallback::NoSimulation)
        } else if order.has_fetching_processes && !processes::is_simulated(pool).await? {
            Err(Fallback::NoSimulationInProcesses)
        } else {
            Ok(())
        };
        self.simulation.set(Some(simulation));
        Ok(simulation)
    }
}

impl Lanes<'_> {
    /// Makes the lanes of a step ready; this is part of no time but that of a cold start.
    async fn prepare(&mut self, desk: &Desk, step: Point) -> Result<(), TrialError> {
        let Point { model, lanes } = step;
        if model.needs_shared_memory() {
            self.coordinator.start_threads(self.order.most_lanes).await?;
        }
        if model == Model::Processes {
            let pool = self.coordinator.processes();
            let fallbacks = processes::prepare(pool, lanes, self.order.trial.id, &self.setup).await?;
            self.fallbacks.extend(fallbacks);
            return Ok(());
        }
        for lane in 0..lanes {
            let fallback = desk.prepare(&IoSetup { lane, ..self.setup.clone() }).await;
            self.fallbacks.extend(fallback);
        }
        Ok(())
    }

    /// Runs a step's tasks; says what each lane did, and how much memory there is beside this worker's.
    async fn run(
        &self,
        Point { model, lanes }: Point,
        ready: &Ready,
        tasks: Vec<Placed>,
    ) -> Result<(Vec<LaneWaits>, u64), TrialError> {
        let waits = match model {
            Model::Serial => event_loop::run(1, ready, &tasks).await,
            Model::Async => event_loop::run(lanes, ready, &tasks).await,
            Model::Threads => threads::run(lanes, ready, tasks, None).await,
            Model::ThreadsGil => {
                let interval = Duration::from_micros(self.order.switch_interval_us.into());
                threads::run(lanes, ready, tasks, Some(Gil::new(interval))).await
            }
            Model::Processes => {
                let waits = processes::run(self.coordinator.processes(), lanes, ready, &tasks).await?;
                return Ok((waits.lanes, waits.memory_bytes));
            }
            Model::ByBottleneck => unreachable!("an experiment's steps have models of their own"),
        };
        Ok((waits, 0))
    }
}

/// By which lanes the steps of the order's workload are run.
fn steps(order: &Order) -> Vec<Point> {
    match (order.workload, order.trial.point) {
        (WorkloadId::Pipeline, Point { model: Model::ByBottleneck, .. }) => order.steps.to_vec(),
        (WorkloadId::Pipeline, point) => vec![point; 3],
        (_, point) => vec![point],
    }
}

/// What step number `step` leaves for the next to do: of what failed, nothing.
fn next_tasks(step: u32, outcomes: &[(usize, Outcome)]) -> Vec<Placed> {
    let task = |(place, outcome): &(usize, Outcome)| match (step, outcome) {
        (0, Ok(Answer::Fetched(mail))) => Some((*place, Task::Parse(mail.clone()))),
        (1, Ok(Answer::Parsed(facts))) => Some((*place, Task::Store(*place as u32, facts.clone()))),
        _ => None,
    };
    place(outcomes.iter().filter_map(task))
}

fn place(tasks: impl Iterator<Item = (usize, Task)>) -> Vec<Placed> {
    tasks.map(|(place, task)| Placed { place, task }).collect()
}
