//! Measures what lanes cost beside the computing.

use std::thread;
use std::time::Duration;

use futures_channel::oneshot;
use futures_util::{FutureExt, select_biased};
use gloo_timers::future::TimeoutFuture;
use js_sys::{SharedArrayBuffer, Uint8Array};

use super::coordinator::Coordinator;
use super::process_pool::Killed;
use super::scope::GAUGE;
use super::thread_pool;
use crate::browser::wire::Incoming;
use crate::browser::wire::clock::{TrialClock, now_us};
use crate::cost::{Cost, CostSample, Sharing};
use crate::domain::{AfterKill, Model, Point, Size, Trial, TrialError};
use crate::experiment::Experiment;
use crate::job::{Clock, Log, TaskLoop, TaskQueue, Unchecked, Work};
use crate::protocol::{FromLane, ToLane};
use crate::trial::Order;
use crate::workload::{BigProduct, CosineSum, Request, Workload, WorkloadId};

/// Measures `cost` once.
///
/// # Errors
/// Why nothing was measured.
pub async fn measure(coordinator: &Coordinator, cost: Cost) -> Result<CostSample, TrialError> {
    match cost {
        Cost::StartThreads { lanes } => start_threads(coordinator, lanes).await,
        Cost::SpawnProcesses { lanes } => spawn_processes(coordinator, lanes).await,
        Cost::Share { how, bytes } => share(coordinator, how, bytes).await,
        Cost::KillProcess { after } => kill_process(coordinator, after).await,
        Cost::AskThread => ask_thread(coordinator).await,
        Cost::FrameGap { .. } | Cost::Memory { .. } => {
            Err(TrialError::WorkerFailed("only a page can measure that".to_owned()))
        }
    }
}

/// The sum of one byte of every 4 KB page, so that all of the data must really be there.
pub fn touch(data: &Uint8Array, bytes: u32) -> u32 {
    (0..bytes).step_by(4096).map(|at| u32::from(data.get_index(at))).sum()
}

async fn start_threads(coordinator: &Coordinator, lanes: u32) -> Result<CostSample, TrialError> {
    let clock = TrialClock::begin();
    coordinator.start_threads(lanes).await?;
    Ok(CostSample::of(clock.now_us()))
}

async fn spawn_processes(coordinator: &Coordinator, lanes: u32) -> Result<CostSample, TrialError> {
    let processes = coordinator.processes();
    processes.lanes().end();
    let clock = TrialClock::begin();
    processes.grow(lanes).await?;
    let us = clock.now_us();
    processes.lanes().end();
    Ok(CostSample::of(us))
}

async fn share(coordinator: &Coordinator, how: Sharing, bytes: u32) -> Result<CostSample, TrialError> {
    let processes = coordinator.processes();
    processes.grow(1).await?;
    let data = match how {
        Sharing::Shared => Uint8Array::new(&SharedArrayBuffer::new(bytes)),
        Sharing::Clone | Sharing::Transfer => Uint8Array::new_with_length(bytes),
    };
    // Memory that was never written is not there yet.
    data.fill(1, 0, bytes);
    let (touched, is_touched) = oneshot::channel();
    let mut touched = Some(touched);
    processes.listen(move |_, incoming| {
        let result = match incoming {
            Incoming::Message(FromLane::Touched { sum }, _) => Ok(sum),
            Incoming::Failed(error) => Err(error),
            _ => return,
        };
        if let Some(touched) = touched.take() {
            let _ = touched.send((result, now_us()));
        }
    });
    let begin_us = now_us();
    processes.lanes().send_object(0, &ToLane::Touch { bytes }, &data, how == Sharing::Transfer)?;
    let (sum, end_us) = is_touched.await.map_err(|_| TrialError::Stopped)?;
    match sum? {
        sum if sum == bytes.div_ceil(4096) => Ok(CostSample::of(end_us - begin_us)),
        _ => Err(TrialError::LaneDied("it did not see the data".to_owned())),
    }
}

/// Kills one of two processes in mid-work, and watches its counter until it no longer moves.
async fn kill_process(coordinator: &Coordinator, after: AfterKill) -> Result<CostSample, TrialError> {
    /// A killed lane that has not counted for so long has ended: it counts every 50 µs or so.
    const STILL_MS: u32 = 50;
    let point = Point { model: Model::Processes, lanes: 2 };
    let experiment = Experiment { workload: WorkloadId::BigProduct, ..Experiment::default() };
    let order = Order { kill: Some(after), ..Order::new(&experiment, Trial { id: 0, round: 1, point }) };
    let tasks = coordinator.inputs::<BigProduct>(&order).tasks.len() as u32;
    let processes = coordinator.processes();
    let mut run = Box::pin(coordinator.run::<BigProduct>(order).fuse());

    let mut measured = None;
    let mut killed: Option<Killed> = None;
    let is_still = |killed: &Option<Killed>| {
        killed.as_ref().is_none_or(|killed| now_us() - killed.moved_us > f64::from(STILL_MS) * 1e3)
    };
    while measured.is_none() || !is_still(&killed) {
        select_biased! {
            result = run => measured = Some(result?),
            () = TimeoutFuture::new(1).fuse() => {}
        }
        killed = processes.lanes().take_killed().or(killed);
        if let Some(killed) = &mut killed {
            killed.look();
        }
    }
    let (Some(measured), Some(killed)) = (measured, killed) else { return Err(TrialError::NotIsolated) };
    Ok(CostSample {
        value: killed.moved_us - killed.at_us,
        lost_tasks: measured.lost_tasks,
        done_tasks: tasks - measured.lost_tasks,
    })
}

/// Two threads compute; a third asks them to stop. How long until both have?
async fn ask_thread(coordinator: &Coordinator) -> Result<CostSample, TrialError> {
    const LANES: u32 = 2;
    coordinator.start_threads(LANES + 1).await?;
    let work: Work<CosineSum> = Work::new(CosineSum::inputs(&Request::new(Size::L, 1)), 1);
    let queue = TaskQueue::new(work.len(), 1);
    let clock = TrialClock::begin();
    GAUGE.reset();
    let times_us = thread_pool::on_lanes(LANES + 1, |number| {
        if number < LANES {
            let task_loop =
                TaskLoop { number, gauge: &GAUGE, gil: None, native_releases_gil: false, after_task: None };
            // An early end is what it is here for.
            let _ = task_loop.run(Log::of_new_lane(&clock), &work, &queue, Unchecked).now_or_never();
        } else {
            while (0..LANES).any(|lane| GAUGE.lane(lane).get() == 0) {
                thread::sleep(Duration::from_millis(1));
            }
            let asked_us = clock.now_us();
            GAUGE.stop();
            return asked_us;
        }
        clock.now_us()
    });
    let asked_us = times_us[LANES as usize];
    let last_us = times_us[..LANES as usize].iter().copied().fold(asked_us, f64::max);
    Ok(CostSample::of(last_us - asked_us))
}
