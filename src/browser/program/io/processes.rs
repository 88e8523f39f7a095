//! Lanes that are processes, from the side of their owner: each is handed tasks and waits by itself.

use futures_channel::mpsc::{UnboundedReceiver, unbounded};
use futures_util::StreamExt;

use super::{Placed, Ready};
use crate::browser::{
    error,
    parcel::to_bytes,
    program::processes::ProcessPool,
    program::serve::{GAUGE, Progress},
    worker::Incoming,
};
use crate::domain::{Activity, Fallback, Segment, TrialError};
use crate::job::{Clock, Completion, LaneWaits, TaskQueue};
use crate::protocol::{FromWorker, IoSetup, ToWorker};
use crate::workload::io::Outcome;

/// What comes from the lanes, with their numbers.
type FromLanes = UnboundedReceiver<(u32, Incoming)>;

/// What lanes of processes did, and the memory that they have.
pub struct ProcessWaits {
    /// What each did.
    pub lanes: Vec<LaneWaits>,
    /// Their memories, in bytes, added up.
    pub memory_bytes: u64,
}

/// Whether the network is simulated for lanes of `pool`, which has one from then on at least. Not every
/// browser's service workers answer for workers that a worker starts.
///
/// # Errors
/// The lane could not be started or died.
pub async fn is_simulated(pool: &ProcessPool) -> Result<bool, TrialError> {
    pool.grow(1).await?;
    let mut from_lanes = listen(pool);
    pool.lanes().send(0, &ToWorker::IsSimulated, &[])?;
    match next(&mut from_lanes).await? {
        (_, FromWorker::Simulated(is_simulated), _) => Ok(is_simulated),
        _ => Err(TrialError::LaneDied("it answered what it was not asked".to_owned())),
    }
}

/// Makes so many lanes ready, each as `setup` says but for its number, and says what they will do
/// otherwise than asked.
///
/// # Errors
/// A lane could not be started or died.
pub async fn prepare(
    pool: &ProcessPool,
    lanes: u32,
    trial: u32,
    setup: &IoSetup,
) -> Result<Vec<Fallback>, TrialError> {
    pool.grow(lanes).await?;
    let mut from_lanes = listen(pool);
    for lane in 0..lanes {
        let setup = IoSetup { lane, is_process: true, ..setup.clone() };
        pool.lanes().send(lane, &ToWorker::Prepare { trial, setup }, &[])?;
    }
    let mut fallbacks = Vec::new();
    for _ in 0..lanes {
        match next(&mut from_lanes).await? {
            (_, FromWorker::Prepared { fallback, .. }, _) => fallbacks.extend(fallback),
            _ => return Err(TrialError::LaneDied("it answered what it was not asked".to_owned())),
        }
    }
    Ok(fallbacks)
}

/// Hands tasks to so many lanes, each the next when it has answered.
///
/// # Errors
/// A lane died, or was ended by a stop.
pub async fn run(
    pool: &ProcessPool,
    lanes: u32,
    ready: &Ready,
    tasks: &[Placed],
) -> Result<ProcessWaits, TrialError> {
    let queue = TaskQueue::new(tasks.len(), ready.chunk_size);
    let progress = Progress::of(ready.trial);
    let mut from_lanes = listen(pool);
    let mut waits: Vec<LaneWaits> = (0..lanes).map(|_| LaneWaits::default()).collect();
    let mut memories = vec![0; lanes as usize];
    let mut at_work = 0;
    let hand_out = |lane: u32, waits: &mut LaneWaits| -> Result<u32, TrialError> {
        let Some(places) = queue.take().filter(|_| !GAUGE.is_stopped()) else { return Ok(0) };
        let start_us = ready.clock.now_us();
        let message = ToWorker::Wait { trial: ready.trial, begin_us: ready.clock.begin_us() };
        pool.lanes().send(lane, &message, &to_bytes(&tasks[places]))?;
        let end_us = ready.clock.now_us();
        waits.segments.push(Segment { activity: Activity::CopyIn, start_us, end_us });
        Ok(1)
    };
    for lane in 0..lanes {
        at_work += hand_out(lane, &mut waits[lane as usize])?;
    }
    while at_work > 0 {
        let (lane, message, outcomes) = next(&mut from_lanes).await?;
        let FromWorker::Waited { trial, segments, memory_bytes } = message else { continue };
        // What an earlier trial left comes late and is dropped.
        if trial != ready.trial {
            continue;
        }
        let waits = &mut waits[lane as usize];
        at_work -= 1;
        at_work += hand_out(lane, waits)?;
        memories[lane as usize] = memory_bytes;
        let outcomes: Vec<(usize, Outcome)> = postcard::from_bytes(&outcomes)
            .map_err(|_| TrialError::LaneDied("its answer cannot be read".to_owned()))?;
        let at_us = ready.clock.now_us();
        waits.segments.extend(segments);
        for (index, output) in outcomes {
            waits.completions.push(Completion { index, at_us, output });
            ready.count(lane, &progress);
        }
    }
    for waits in &mut waits {
        waits.segments.sort_by(|a, b| a.start_us.total_cmp(&b.start_us));
    }
    Ok(ProcessWaits { lanes: waits, memory_bytes: memories.into_iter().sum() })
}

fn listen(pool: &ProcessPool) -> FromLanes {
    let (sender, from_lanes) = unbounded();
    pool.listen(move |lane, incoming| {
        let _ = sender.unbounded_send((lane, incoming));
    });
    from_lanes
}

/// The next message of a lane, with the data beside it.
async fn next(from_lanes: &mut FromLanes) -> Result<(u32, FromWorker, Vec<u8>), TrialError> {
    match from_lanes.next().await {
        Some((lane, Incoming::Message(message, beside))) => Ok((lane, message, beside.into_vec())),
        Some((_, Incoming::Error(reason))) => Err(error::lane_failure(reason)),
        // Whoever listens is dropped by a stop.
        None => Err(TrialError::Stopped),
    }
}
