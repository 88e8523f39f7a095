//! Lanes of this worker's own event loop: those of `async`, and the one of serial, the plain loop.

use futures_util::future::try_join_all;

use super::Step;
use crate::browser::worker::io::LoopWaiter;
use crate::browser::worker::scope::{GAUGE, Progress};
use crate::domain::TrialError;
use crate::job::{Clock, TaskLoop};
use crate::trial::StepLog;
use crate::workload::Workload;

/// So many lanes take tasks, each the next when it has done with the one before.
pub async fn run<W: Workload>(step: &Step<'_, W>) -> Result<StepLog<W::Output>, TrialError> {
    let queue = step.queue();
    let progress = Progress::of(step.order.trial.id);
    let lane = async |number: u32| {
        let task_loop = TaskLoop {
            number,
            gauge: &GAUGE,
            gil: None,
            native_releases_gil: false,
            after_task: Some(&|| progress.tell()),
        };
        let waiter = LoopWaiter { lane: number, io: &step.io };
        task_loop.run(super::log(&step.clock, step.number), &step.work, &queue, waiter).await
    };
    let lanes = try_join_all((0..step.point.lanes).map(lane)).await?;
    Ok(StepLog::of(lanes, step.clock.now_us()))
}
