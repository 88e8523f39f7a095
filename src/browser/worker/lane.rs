//! One process lane, from the inside: its inputs, tasks and outputs are copies of its own.

use std::cell::RefCell;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;

use futures_util::FutureExt;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;

use super::costs;
use super::io::{self, IoService, LoopWaiter};
use super::scope::{GAUGE, answer, listen, memory_bytes, post};
use crate::browser::wire::clock::{TrialClock, now_us};
use crate::browser::wire::to_bytes;
use crate::domain::{Activity, Segment, TaskError};
use crate::job::{Clock, Inputs, Log, TaskLoop, TaskQueue, Work};
use crate::protocol::{FromLane, ToLane};
use crate::workload::{Visitor, Workload};

/// Serves a coordinator.
pub fn serve() {
    let lane = Rc::new(ProcessLane::default());
    listen(move |arrived_us, message: ToLane, attachment| match message {
        ToLane::Prepare { trial, setup } => {
            let lane = Rc::clone(&lane);
            spawn_local(async move {
                lane.number.set(setup.lane);
                let fallback = lane.io.prepare(&setup).await;
                post(&FromLane::Prepared { trial, fallback });
            });
        }
        ToLane::AskSimulated => {
            spawn_local(async { post(&FromLane::Simulated(io::is_simulated().await)) });
        }
        ToLane::Load { trial, begin_us, workload } => {
            GAUGE.reset();
            // What an earlier trial left is dropped first.
            *lane.loaded.borrow_mut() = None;
            let clock = TrialClock::from(begin_us);
            let shared = attachment.into_vec();
            *lane.loaded.borrow_mut() = Some(workload.visit(Load { clock, shared: &shared }));
            let copy_in = Segment {
                activity: Activity::CopyIn,
                start_us: clock.since_begin(arrived_us),
                end_us: clock.now_us(),
            };
            answer(&FromLane::Loaded { trial, copy_in, memory_bytes: memory_bytes() }, &[]);
        }
        ToLane::Do { trial, first } => {
            let loaded = lane.loaded.borrow().clone().expect("the owner loads before it sends tasks");
            let work = loaded(Rc::clone(&lane), arrived_us, attachment.into_vec());
            let done = work.map(move |(segments, outcomes)| {
                let memory_bytes = memory_bytes();
                let is_stopped = outcomes.is_none();
                let done = FromLane::Done { trial, first, is_stopped, segments, memory_bytes };
                answer(&done, &outcomes.unwrap_or_default());
            });
            // What never waits is done here and now: a future would wait for its next turn first.
            let mut done = Box::pin(done);
            if done.as_mut().now_or_never().is_none() {
                spawn_local(done);
            }
        }
        ToLane::Touch { bytes } => {
            post(&FromLane::Touched { sum: costs::touch(attachment.object.unchecked_ref(), bytes) });
        }
    });
}

/// What the lane has.
#[derive(Default)]
struct ProcessLane {
    number: std::cell::Cell<u32>,
    io: IoService,
    loaded: RefCell<Option<DoTasks>>,
}

/// Does tasks from their bytes, which arrived at that time of the shared clock, in µs.
type DoTasks = Rc<dyn Fn(Rc<ProcessLane>, f64, Vec<u8>) -> Pin<Box<dyn Future<Output = Done>>>>;

/// What the lane did meanwhile, and what came of the tasks as bytes, unless they were stopped.
type Done = (Vec<Segment>, Option<Vec<u8>>);

struct Load<'a> {
    clock: TrialClock,
    shared: &'a [u8],
}

impl Visitor for Load<'_> {
    type Answer = DoTasks;

    fn visit<W: Workload>(self) -> DoTasks {
        let clock = self.clock;
        let shared: W::Shared = postcard::from_bytes(self.shared).expect("the owner is of the same build");
        let shared = Arc::new(shared);
        Rc::new(move |lane, arrived_us, tasks| {
            let shared = Arc::clone(&shared);
            Box::pin(async move { do_tasks::<W>(&lane, clock, arrived_us, shared, &tasks).await })
        })
    }
}

async fn do_tasks<W: Workload>(
    lane: &ProcessLane,
    clock: TrialClock,
    arrived_us: f64,
    shared: Arc<W::Shared>,
    tasks: &[u8],
) -> Done {
    let mut log = Log::since(&clock, clock.since_begin(arrived_us));
    let tasks: Vec<W::Task> = postcard::from_bytes(tasks).expect("the owner is of the same build");
    log.end(Activity::CopyIn);
    let work: Work<W> = Work::new(Inputs { shared, tasks: Arc::new(tasks) }, 1);
    let queue = TaskQueue::new(work.len(), work.len() as u32);
    let task_loop =
        TaskLoop { number: 0, gauge: &GAUGE, gil: None, native_releases_gil: false, after_task: None };
    let waiter = LoopWaiter { lane: lane.number.get(), io: &lane.io };
    let Ok(done) = task_loop.run(log, &work, &queue, waiter).await else { return (Vec::new(), None) };
    let outcomes: Vec<Result<W::Output, TaskError>> =
        done.completions.into_iter().map(|completion| completion.outcome).collect();
    let mut segments = done.segments;
    let start_us = segments.last().map_or(0.0, |last| last.end_us);
    let outcomes = to_bytes(&outcomes);
    segments.push(Segment { activity: Activity::CopyOut, start_us, end_us: clock.since_begin(now_us()) });
    (segments, Some(outcomes))
}
