//! Lanes that are processes, from the side of their owner: hands out tasks, takes in what came of them.
//!
//! Tasks are handed out from the messages' own callbacks, not from futures: a future would wait
//! for its next turn between an answer and the next task, and that wait would be measured.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::mem;
use std::ops::Range;
use std::rc::Rc;
use std::sync::Arc;

use futures_channel::oneshot;

use super::Step;
use crate::browser::wire::clock::TrialClock;
use crate::browser::wire::{Attachment, Incoming, to_bytes};
use crate::browser::worker::process_pool::Lanes;
use crate::browser::worker::scope::{GAUGE, Progress};
use crate::domain::{Activity, AfterKill, Segment, Start, TaskError, TrialError};
use crate::job::{Clock, Completion, LaneLog, Work};
use crate::protocol::{FromLane, LaneSetup, ToLane};
use crate::trial::{Order, StepLog};
use crate::workload::Workload;

/// A lane gets the next tasks before it has answered those that it has, as it would otherwise wait for
/// the message's way, which takes milliseconds where all cores are busy. Python's `ProcessPoolExecutor`
/// does so, too. It is not done where fewer tasks are left for each lane: there another lane would have
/// nothing to do while they wait.
const ENOUGH_LEFT: usize = 2;

/// How long a lane that is killed to see what that takes is looked at without a break.
const KILL_WATCH_US: f64 = 3_000.0;

/// Hands the tasks to so many lanes. Those of a cold start begin as soon as they are there.
pub async fn run<W: Workload>(step: &Step<'_, W>) -> Result<StepLog<W::Output>, TrialError> {
    let (pool, lanes) = (step.processes, step.point.lanes);
    let (done, is_done) = oneshot::channel();
    let handing_out = Rc::new(RefCell::new(HandingOut::new(step, done)));
    pool.listen({
        let (handing_out, lanes) = (Rc::clone(&handing_out), Rc::clone(pool.lanes()));
        move |lane, incoming| handing_out.borrow_mut().take_in(lane, incoming, &lanes)
    });
    {
        let mut handing_out = handing_out.borrow_mut();
        let there = lanes.min(pool.lanes().len());
        (0..there).for_each(|lane| handing_out.lane_ready(lane, pool.lanes()));
        (0..there).for_each(|lane| handing_out.hand_out_ahead(lane, pool.lanes()));
        handing_out.finish_if_done(pool.lanes());
    }
    let started = pool.start(lanes);
    let result = match started {
        Ok(()) => is_done.await.unwrap_or(Err(TrialError::Stopped)),
        Err(error) => Err(error),
    };
    pool.listen_no_more();
    if result.is_err() || step.order.kill.is_some() {
        pool.lanes().end();
    }
    let end_us = result?;
    let handing_out = Rc::into_inner(handing_out).expect("nobody listens any more").into_inner();
    Ok(handing_out.into_log(end_us))
}

/// A step that runs.
struct HandingOut<W: Workload> {
    order: Order,
    step: usize,
    clock: TrialClock,
    work: Arc<Work<W>>,
    setup: LaneSetup,
    /// How many tasks a lane takes at once; 0 for a share of what is left.
    chunk_size: u32,
    /// The shared inputs as bytes, made when the first lane asks for them.
    shared: Option<Vec<u8>>,
    /// The first task that nobody was given yet.
    next: usize,
    /// Tasks of a lane that was killed, to be given to others.
    again: VecDeque<Range<usize>>,
    lanes: Vec<LaneState<W::Output>>,
    /// The tasks that have come to an end.
    done_tasks: usize,
    log: StepLog<W::Output>,
    progress: Progress,
    /// Told when the last lane had ended, in µs since the trial's begin; once.
    done: Option<oneshot::Sender<Result<f64, TrialError>>>,
}

struct LaneState<O> {
    is_there: bool,
    /// The tasks that it has and has not answered.
    in_flight: VecDeque<Range<usize>>,
    log: LaneLog<O>,
}

impl<O> Default for LaneState<O> {
    fn default() -> Self {
        Self { is_there: false, in_flight: VecDeque::new(), log: LaneLog::default() }
    }
}

impl<W: Workload> HandingOut<W> {
    fn new(step: &Step<'_, W>, done: oneshot::Sender<Result<f64, TrialError>>) -> Self {
        Self {
            order: step.order.clone(),
            step: step.number,
            clock: step.clock,
            work: Arc::clone(&step.work),
            setup: step.setup.clone(),
            chunk_size: step.fixed_chunk_size(),
            shared: None,
            next: 0,
            again: VecDeque::new(),
            lanes: (0..step.point.lanes).map(|_| LaneState::default()).collect(),
            done_tasks: 0,
            log: StepLog::of(Vec::new(), 0.0),
            progress: Progress::of(step.order.trial.id),
            done: Some(done),
        }
    }

    fn into_log(self, end_us: f64) -> StepLog<W::Output> {
        StepLog { lanes: self.lanes.into_iter().map(|lane| lane.log).collect(), end_us, ..self.log }
    }

    /// Takes what comes from a lane.
    fn take_in(&mut self, lane: u32, incoming: Incoming<FromLane>, pool: &Lanes) {
        let id = self.order.trial.id;
        match incoming {
            Incoming::Message(FromLane::Prepared { trial, fallback }, _) if trial == id => {
                self.log.fallbacks.extend(fallback);
                self.begin(lane, pool);
            }
            Incoming::Message(FromLane::Loaded { trial, copy_in, memory_bytes }, _) if trial == id => {
                let log = &mut self.lane(lane).log;
                log.segments.push(copy_in);
                log.memory_bytes = memory_bytes;
                self.progress.tell_anyway();
            }
            Incoming::Message(
                FromLane::Done { trial, first, is_stopped, segments, memory_bytes },
                outcomes,
            ) if trial == id => {
                let log = &mut self.lane(lane).log;
                log.segments.extend(segments);
                log.memory_bytes = memory_bytes;
                if is_stopped {
                    self.finish(Err(TrialError::Stopped));
                } else {
                    self.done(lane, first as usize, outcomes, pool);
                }
            }
            // What an earlier trial left comes late and is dropped.
            Incoming::Message(..) => {}
            incoming => match pool.ready(lane, incoming) {
                Ok(()) if W::WAITS => {
                    let setup = LaneSetup { lane, is_process: true, ..self.setup.clone() };
                    self.send(lane, &ToLane::Prepare { trial: id, setup }, &[], pool);
                }
                Ok(()) => self.begin(lane, pool),
                Err(error) => self.finish(Err(error)),
            },
        }
    }

    /// A lane of a cold start is there.
    fn begin(&mut self, lane: u32, pool: &Lanes) {
        if self.step == 0 {
            let end_us = self.clock.now_us();
            let spawn = Segment { activity: Activity::Spawn, start_us: 0.0, end_us };
            self.lane(lane).log.segments.push(spawn);
        }
        self.lane_ready(lane, pool);
        self.hand_out_ahead(lane, pool);
    }

    /// Gives a lane the shared inputs and its first tasks.
    fn lane_ready(&mut self, lane: u32, pool: &Lanes) {
        let begin = self.clock.now_us();
        let shared = match self.shared.take() {
            Some(shared) => shared,
            None => to_bytes(self.work.shared()),
        };
        let (trial, begin_us) = (self.order.trial.id, self.clock.begin_us());
        self.send(lane, &ToLane::Load { trial, begin_us, workload: self.order.workload }, &shared, pool);
        self.shared = Some(shared);
        self.lane(lane).is_there = true;
        self.log.copy_in_us += self.clock.now_us() - begin;
        // Lanes that load already leave this one little of the cores: many with much to load would be silent for long.
        self.progress.tell_anyway();
        self.hand_out(lane, pool);
    }

    /// The next tasks that nobody has.
    fn take(&mut self) -> Option<Range<usize>> {
        if let Some(tasks) = self.again.pop_front() {
            return Some(tasks);
        }
        let first = self.next;
        let left = self.work.len() - first;
        let chunk_size = match self.chunk_size {
            0 => self.order.chunk_size(left),
            fixed => fixed,
        };
        let end = first + left.min(chunk_size as usize);
        self.next = end;
        (first < end).then_some(first..end)
    }

    fn hand_out(&mut self, lane: u32, pool: &Lanes) {
        let Some(indices) = self.take() else { return };
        let begin = self.clock.now_us();
        let tasks: Vec<&W::Task> = indices.clone().map(|index| self.work.task(index)).collect();
        let tasks = to_bytes(&tasks);
        let message = ToLane::Do { trial: self.order.trial.id, first: indices.start as u32 };
        self.send(lane, &message, &tasks, pool);
        self.lane(lane).in_flight.push_back(indices);
        self.log.copy_in_us += self.clock.now_us() - begin;
    }

    /// Gives a lane tasks for later. One that may be killed has none, as they would be lost with those that it runs; and
    /// one that waits has none, as they would wait for it while another lane is free.
    fn hand_out_ahead(&mut self, lane: u32, pool: &Lanes) {
        let has_some = self.lane(lane).in_flight.len() > 1;
        let is_enough_left = self.work.len() - self.next >= ENOUGH_LEFT * self.lanes.len();
        if !W::WAITS && is_enough_left && !has_some && self.order.kill.is_none() {
            self.hand_out(lane, pool);
        }
    }

    fn done(&mut self, lane: u32, first: usize, outcomes: Attachment, pool: &Lanes) {
        // A lane answers in the order in which it was given tasks.
        let indices = self.lane(lane).in_flight.pop_front();
        let Some(indices) = indices.filter(|indices| indices.start == first) else {
            return self.finish(Err(TrialError::LaneDied("it answered what it was not asked".to_owned())));
        };
        if self.lane(lane).in_flight.is_empty() {
            self.hand_out(lane, pool);
        }
        self.hand_out_ahead(lane, pool);
        let begin = self.clock.now_us();
        let outcomes: Vec<Result<W::Output, TaskError>> = match postcard::from_bytes(&outcomes.into_vec()) {
            Ok(outcomes) => outcomes,
            Err(_) => {
                return self.finish(Err(TrialError::LaneDied("its answer cannot be read".to_owned())));
            }
        };
        let at_us = self.clock.now_us();
        self.log.copy_out_us += at_us - begin;
        self.done_tasks += indices.len();
        self.count(lane, indices.clone());
        let work = Arc::clone(&self.work);
        let completions = indices.zip(outcomes);
        self.lane(lane).log.completions.extend(completions.map(|(index, outcome)| Completion {
            place: work.place(index),
            at_us,
            outcome,
        }));
        if let Some(after) = self.order.kill.take() {
            let victim = (lane + 1) % self.lanes.len() as u32;
            pool.kill(victim);
            pool.watch_killed(KILL_WATCH_US);
            self.lane_killed(victim, after, pool);
        }
        self.finish_if_done(pool);
    }

    /// Counts a lane's tasks; those whose units nobody knows count as one.
    fn count(&self, lane: u32, indices: Range<usize>) {
        indices.clone().for_each(|index| GAUGE.task_done(self.work.place(index), lane));
        let done: u32 = indices.map(|index| W::units(self.work.task(index)).unwrap_or(1)).sum();
        let counter = GAUGE.lane(lane);
        counter.set(counter.get().wrapping_add(done));
        self.progress.tell();
    }

    /// What a killed lane had not answered is lost, or given to the others.
    fn lane_killed(&mut self, lane: u32, after: AfterKill, pool: &Lanes) {
        self.lane(lane).is_there = false;
        let unanswered = mem::take(&mut self.lane(lane).in_flight);
        let others: Vec<u32> =
            (0..self.lanes.len() as u32).filter(|&lane| self.lanes[lane as usize].is_there).collect();
        match after {
            AfterKill::Rerun if !others.is_empty() => self.again.extend(unanswered),
            _ => self.log.lost_tasks += unanswered.iter().map(|tasks| tasks.len() as u32).sum::<u32>(),
        }
        if others.is_empty() {
            self.log.lost_tasks += (self.work.len() - self.next) as u32;
            self.next = self.work.len();
        }
        for lane in others {
            if self.lane(lane).in_flight.is_empty() {
                self.hand_out(lane, pool);
            }
        }
        self.finish_if_done(pool);
    }

    fn finish_if_done(&mut self, pool: &Lanes) {
        if self.done_tasks + self.log.lost_tasks as usize == self.work.len() {
            if self.order.start == Start::Cold && self.step + 1 == self.order.points().len() {
                // As a process that is joined: its end belongs to the time.
                pool.end();
            }
            self.finish(Ok(self.clock.now_us()));
        }
    }

    /// Sends a lane something; where that cannot be done, the step is over.
    fn send(&mut self, lane: u32, message: &ToLane, data: &[u8], pool: &Lanes) {
        if let Err(error) = pool.send(lane, message, data) {
            self.finish(Err(error));
        }
    }

    fn lane(&mut self, lane: u32) -> &mut LaneState<W::Output> {
        &mut self.lanes[lane as usize]
    }

    fn finish(&mut self, result: Result<f64, TrialError>) {
        if let Some(done) = self.done.take() {
            let _ = done.send(result);
        }
    }
}
