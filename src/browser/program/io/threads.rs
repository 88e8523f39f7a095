//! Lanes that are threads: each sleeps while the coordinator's event loop does what it asked for.
//!
//! The event loop must be free meanwhile, so the lanes are spawned on rayon's pool and not waited
//! for in place, as those that compute are.

use std::rc::Rc;
use std::sync::{Arc, mpsc};

use futures_channel::mpsc::{UnboundedSender, unbounded};
use futures_util::{FutureExt, StreamExt};
use wasm_bindgen_futures::spawn_local;

use super::desk::{Desk, Operation};
use super::{Placed, Ready};
use crate::browser::{clock::TrialClock, program::serve::GAUGE};
use crate::domain::{Activity, TaskError};
use crate::job::{Completion, Gil, Held, LaneWaits, TaskQueue, WaitLog};
use crate::workload::io::Io;

/// What a thread asks the event loop for, and where it waits for the answer.
struct Call {
    lane: u32,
    operation: Operation,
    answer: mpsc::Sender<Result<Vec<u8>, TaskError>>,
}

/// What the lanes share.
struct Shared {
    tasks: Vec<Placed>,
    queue: TaskQueue,
    clock: TrialClock,
    gil: Option<Gil>,
}

/// So many threads take tasks; `gil` is the lock that they must hold but while they wait.
pub async fn run(lanes: u32, ready: &Ready, tasks: Vec<Placed>, gil: Option<Gil>) -> Vec<LaneWaits> {
    let queue = TaskQueue::new(tasks.len(), ready.chunk_size);
    let shared = Arc::new(Shared { tasks, queue, clock: ready.clock, gil });
    let (calls, mut called) = unbounded::<Call>();
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
        spawn_local(call.serve(Rc::clone(&ready.desk)));
    }
    let mut waits: Vec<(u32, LaneWaits)> = Vec::new();
    while let Some(end) = ended.next().await {
        waits.push(end);
    }
    waits.sort_by_key(|&(number, _)| number);
    waits.into_iter().map(|(_, waits)| waits).collect()
}

impl Call {
    async fn serve(self, desk: Rc<Desk>) {
        let result = desk.operate(self.lane, self.operation).await;
        let _ = self.answer.send(result);
    }
}

impl Shared {
    /// What one thread does.
    fn lane(&self, number: u32, calls: &UnboundedSender<Call>) -> LaneWaits {
        let mut waits = LaneWaits::default();
        let mut io = ThreadIo {
            lane: number,
            calls,
            gil: self.gil.as_ref(),
            held: None,
            log: WaitLog::new(&self.clock),
        };
        io.hold();
        let mut done = 0;
        while let Some(places) = self.queue.take() {
            for Placed { place, task } in &self.tasks[places] {
                if GAUGE.is_stopped() {
                    break;
                }
                // Whatever it waits for, it waits for in place.
                let output =
                    task.perform(&mut io).now_or_never().expect("a thread sleeps rather than yields");
                waits.completions.push(Completion { index: *place, at_us: io.log.since_us(), output });
                io.hand_over_if_wanted();
                done += 1;
                GAUGE.lane(number).set(done);
            }
        }
        drop(io.held.take());
        waits.segments = io.log.into_segments();
        waits
    }
}

/// Sleeps until the event loop has the answer; without the lock, as CPython does around blocking calls.
struct ThreadIo<'a> {
    lane: u32,
    calls: &'a UnboundedSender<Call>,
    gil: Option<&'a Gil>,
    held: Option<Held<'a>>,
    log: WaitLog<'a, TrialClock>,
}

impl ThreadIo<'_> {
    fn wait(&mut self, operation: Operation) -> Result<Vec<u8>, TaskError> {
        self.log.end(Activity::Compute);
        let activity = operation.activity();
        self.held = None;
        let (answer, answered) = mpsc::channel();
        let sent = self.calls.unbounded_send(Call { lane: self.lane, operation, answer });
        let result = sent.ok().and_then(|()| answered.recv().ok());
        self.log.end(activity);
        self.hold();
        // The event loop drops a call only when the trial was given up, and then so is this.
        result.unwrap_or(Err(TaskError::NoAnswer))
    }

    fn hold(&mut self) {
        if let Some(gil) = self.gil {
            self.held = Some(gil.hold(self.lane));
            self.log.end(Activity::WaitGil);
        }
    }

    fn hand_over_if_wanted(&mut self) {
        if let Some(held) = self.held.as_mut().filter(|held| held.is_wanted()) {
            self.log.end(Activity::Compute);
            held.hand_over();
            self.log.end(Activity::WaitGil);
        }
    }
}

impl Io for ThreadIo<'_> {
    async fn fetch(&mut self, address: &str) -> Result<Vec<u8>, TaskError> {
        self.wait(Operation::Fetch(address.to_owned()))
    }

    async fn write(&mut self, bytes: Vec<u8>, times: u32) -> Result<(), TaskError> {
        self.wait(Operation::Write(bytes, times)).map(drop)
    }

    async fn store(&mut self, key: u32, bytes: Vec<u8>) -> Result<(), TaskError> {
        self.wait(Operation::Store(key, bytes)).map(drop)
    }

    fn computed(&mut self) {
        self.log.end(Activity::Compute);
    }
}
