//! Lanes of one event loop: those of `async`, the one of serial, and a process lane from the inside.

use futures_util::future::join_all;

use super::desk::{Desk, Operation};
use super::{Placed, Ready};
use crate::browser::{
    clock::{TrialClock, now_us},
    parcel::to_bytes,
    program::serve::{GAUGE, Progress, memory_bytes},
};
use crate::domain::{Activity, Segment, TaskError};
use crate::job::{Clock, Completion, LaneWaits, TaskQueue, WaitLog};
use crate::protocol::FromWorker;
use crate::workload::io::{Io, Outcome};

/// So many lanes take tasks, each the next when it has done with the one before.
pub async fn run(lanes: u32, ready: &Ready, tasks: &[Placed]) -> Vec<LaneWaits> {
    let queue = TaskQueue::new(tasks.len(), ready.chunk_size);
    let progress = Progress::of(ready.trial);
    let lane = async |number: u32| {
        let mut waits = LaneWaits::default();
        let mut io = LoopIo::new(number, &ready.desk, &ready.clock);
        while let Some(places) = queue.take() {
            for Placed { place, task } in &tasks[places] {
                if GAUGE.is_stopped() {
                    break;
                }
                let output = task.perform(&mut io).await;
                waits.completions.push(Completion { index: *place, at_us: io.log.since_us(), output });
                ready.count(number, &progress);
            }
        }
        waits.segments = io.log.into_segments();
        waits
    };
    join_all((0..lanes).map(lane)).await
}

/// Does tasks of a trial that began at `begin_us` on the shared clock, one after the other, in a
/// process. The outcomes go beside the message.
pub async fn wait_in_process(
    desk: &Desk,
    arrived_us: f64,
    trial: u32,
    begin_us: f64,
    tasks: &[u8],
) -> (FromWorker, Vec<u8>) {
    let tasks: Vec<Placed> = postcard::from_bytes(tasks).expect("the owner is of the same build");
    let clock = TrialClock::from(begin_us);
    let copied_in_us = now_us();
    let mut io = LoopIo::new(desk.only_lane(), desk, &clock);
    let mut outcomes: Vec<(usize, Outcome)> = Vec::with_capacity(tasks.len());
    for Placed { place, task } in &tasks {
        if !GAUGE.is_stopped() {
            outcomes.push((*place, task.perform(&mut io).await));
        }
    }
    let waited_us = io.log.since_us();
    let outcomes = to_bytes(&outcomes);
    let mut segments = vec![Segment {
        activity: Activity::CopyIn,
        start_us: clock.since_begin(arrived_us),
        end_us: clock.since_begin(copied_in_us),
    }];
    segments.extend(io.log.into_segments());
    segments.push(Segment { activity: Activity::CopyOut, start_us: waited_us, end_us: clock.now_us() });
    (FromWorker::Waited { trial, segments, memory_bytes: memory_bytes() }, outcomes)
}

/// Asks this worker's own event loop, and puts down what it waited for.
struct LoopIo<'a> {
    lane: u32,
    desk: &'a Desk,
    log: WaitLog<'a, TrialClock>,
}

impl<'a> LoopIo<'a> {
    fn new(lane: u32, desk: &'a Desk, clock: &'a TrialClock) -> Self {
        Self { lane, desk, log: WaitLog::new(clock) }
    }

    async fn wait(&mut self, operation: Operation) -> Result<Vec<u8>, TaskError> {
        self.log.end(Activity::Compute);
        let activity = operation.activity();
        let result = self.desk.operate(self.lane, operation).await;
        self.log.end(activity);
        result
    }
}

impl Io for LoopIo<'_> {
    async fn fetch(&mut self, address: &str) -> Result<Vec<u8>, TaskError> {
        self.wait(Operation::Fetch(address.to_owned())).await
    }

    async fn write(&mut self, bytes: Vec<u8>, times: u32) -> Result<(), TaskError> {
        self.wait(Operation::Write(bytes, times)).await.map(drop)
    }

    async fn store(&mut self, key: u32, bytes: Vec<u8>) -> Result<(), TaskError> {
        self.wait(Operation::Store(key, bytes)).await.map(drop)
    }

    fn computed(&mut self) {
        self.log.end(Activity::Compute);
    }
}
