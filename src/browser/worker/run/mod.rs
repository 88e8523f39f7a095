//! One runner a model: each takes a step's tasks and gives back what its lanes did.

mod event_loop;
mod processes;
mod threads;

use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use super::io::IoService;
use super::process_pool::ProcessPool;
use crate::browser::wire::clock::TrialClock;
use crate::domain::{Model, Point, TrialError};
use crate::job::{Gil, Log, TaskQueue, Work};
use crate::protocol::LaneSetup;
use crate::trial::{Order, StepLog};
use crate::workload::Workload;

/// One step of a trial, whose lanes are there.
pub struct Step<'a, W: Workload> {
    /// The trial.
    pub order: &'a Order,
    /// Its number, from 0.
    pub number: usize,
    /// By which lanes it is run.
    pub point: Point,
    /// The tasks.
    pub work: Arc<Work<W>>,
    /// The trial's clock.
    pub clock: TrialClock,
    /// Does what lanes of this worker wait for.
    pub io: Rc<IoService>,
    /// The process lanes.
    pub processes: &'a ProcessPool,
    /// What lanes need that wait.
    pub setup: &'a LaneSetup,
}

impl<W: Workload> Step<'_, W> {
    /// Runs it.
    ///
    /// # Errors
    /// Lanes could not be started, died, or were stopped. A task that fails is none.
    pub async fn run(&self) -> Result<StepLog<W::Output>, TrialError> {
        match self.point.model {
            Model::Serial | Model::Async => event_loop::run(self).await,
            Model::Threads => threads::run(self, None).await,
            Model::ThreadsGil => {
                let interval = Duration::from_micros(self.order.switch_interval_us.into());
                threads::run(self, Some(Gil::new(interval))).await
            }
            Model::Processes => processes::run(self).await,
            Model::ByBottleneck => unreachable!("an experiment's steps have models of their own"),
        }
    }

    /// How many tasks a lane takes at once; 0 if that depends on how many are left.
    fn fixed_chunk_size(&self) -> u32 {
        match self.number {
            0 if W::WAITS => self.order.chosen_chunk_size.max(1),
            0 => self.order.chosen_chunk_size,
            _ => 1,
        }
    }

    /// The queue from which lanes of this worker take tasks.
    fn queue(&self) -> TaskQueue {
        TaskQueue::new(self.work.len(), self.fixed_chunk_size().max(1))
    }
}

/// The log of a lane of this worker that begins with a step: one of a later step is there already.
fn log(clock: &TrialClock, step: usize) -> Log<'_, TrialClock> {
    if step == 0 { Log::of_new_lane(clock) } else { Log::from_now(clock) }
}
