//! Lanes that are threads over this worker's memory, with and without a GIL.
//!
//! Lanes that never wait are waited for in place. Those that wait sleep while this worker's event loop does what they
//! asked for, so it must be free: they are spawned.

use std::rc::Rc;
use std::sync::{Arc, mpsc};

use futures_channel::mpsc::{UnboundedSender, unbounded};
use futures_util::{FutureExt, StreamExt};
use wasm_bindgen_futures::spawn_local;

use super::Step;
use crate::browser::wire::clock::TrialClock;
use crate::browser::worker::io::IoService;
use crate::browser::worker::scope::GAUGE;
use crate::browser::worker::thread_pool;
use crate::domain::{Stopped, TaskError, TrialError};
use crate::job::{Clock, Gil, LaneLog, TaskLoop, TaskQueue, Wait, Waiter, Work};
use crate::trial::StepLog;
use crate::workload::Workload;

/// So many threads take tasks; `gil` is the lock that they must hold to compute.
pub async fn run<W: Workload>(
    step: &Step<'_, W>,
    gil: Option<Gil>,
) -> Result<StepLog<W::Output>, TrialError> {
    let lanes = step.point.lanes;
    let shared = Arc::new(Shared {
        work: Arc::clone(&step.work),
        queue: step.queue(),
        clock: step.clock,
        step: step.number,
        gil,
        native_releases_gil: step.order.native_releases_gil,
    });
    let (calls, called) = unbounded::<Call>();
    let runs = if W::WAITS {
        let mut called = called;
        let (ends, mut ended) = unbounded();
        for number in 0..lanes {
            let (shared, calls, ends) = (Arc::clone(&shared), calls.clone(), ends.clone());
            rayon::spawn(move || {
                // Nobody listens any more when the trial was given up.
                let _ = ends.unbounded_send((number, shared.lane(number, &calls)));
            });
        }
        // The calls end when every lane has dropped its end.
        drop((calls, ends));
        while let Some(call) = called.next().await {
            spawn_local(call.serve(Rc::clone(&step.io)));
        }
        let mut runs = Vec::new();
        while let Some(end) = ended.next().await {
            runs.push(end);
        }
        runs.sort_by_key(|&(number, _)| number);
        runs.into_iter().map(|(_, run)| run).collect()
    } else {
        thread_pool::on_lanes(lanes, |number| shared.lane(number, &calls))
    };
    let end_us = step.clock.now_us();
    Ok(StepLog::of(runs.into_iter().collect::<Result<_, _>>()?, end_us))
}

/// What the lanes share.
struct Shared<W: Workload> {
    work: Arc<Work<W>>,
    queue: TaskQueue,
    clock: TrialClock,
    step: usize,
    gil: Option<Gil>,
    native_releases_gil: bool,
}

impl<W: Workload> Shared<W> {
    /// What one thread does. Whatever it waits for, it waits for in place.
    fn lane(&self, number: u32, calls: &UnboundedSender<Call>) -> Result<LaneLog<W::Output>, Stopped> {
        let task_loop = TaskLoop {
            number,
            gauge: &GAUGE,
            gil: self.gil.as_ref(),
            native_releases_gil: self.native_releases_gil,
            after_task: None,
        };
        let waiter = SleepingWaiter { lane: number, calls };
        let run = task_loop.run(super::log(&self.clock, self.step), &self.work, &self.queue, waiter);
        run.now_or_never().expect("a thread sleeps rather than yields")
    }
}

/// What a thread asks the event loop for, and where it waits for the answer.
struct Call {
    lane: u32,
    wait: Wait,
    answer: mpsc::Sender<Result<Vec<u8>, TaskError>>,
}

impl Call {
    async fn serve(self, io: Rc<IoService>) {
        let result = io.serve(self.lane, self.wait).await;
        let _ = self.answer.send(result);
    }
}

/// Sleeps until the event loop has the answer.
struct SleepingWaiter<'a> {
    lane: u32,
    calls: &'a UnboundedSender<Call>,
}

impl Waiter for SleepingWaiter<'_> {
    async fn wait(&mut self, wait: Wait) -> Result<Vec<u8>, TaskError> {
        let (answer, answered) = mpsc::channel();
        let sent = self.calls.unbounded_send(Call { lane: self.lane, wait, answer });
        // The event loop drops a call only when the trial was given up, and then so is this.
        sent.ok().and_then(|()| answered.recv().ok()).unwrap_or(Err(TaskError::NoAnswer))
    }
}
