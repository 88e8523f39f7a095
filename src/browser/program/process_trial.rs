//! One trial of processes, from the side of their owner: hands out tasks, takes in answers.

use std::collections::VecDeque;
use std::ops::Range;
use std::rc::Rc;

use futures_channel::oneshot;

use super::processes::{Lanes, ready};
use super::serve::{GAUGE, Progress, memory_bytes};
use crate::browser::{
    clock::TrialClock,
    error,
    parcel::{Beside, to_bytes},
    worker::Incoming,
};
use crate::domain::{Activity, AfterKill, Segment, Span, Start, TrialError};
use crate::job::{Clock, Completion, Measured};
use crate::protocol::{FromWorker, Order, ToWorker};
use crate::sample::Split;
use crate::workload::{Inputs, Workload};

/// A lane gets the next tasks before it has answered those that it has, as it would otherwise wait for
/// the message's way, which takes milliseconds where all cores are busy. Python's `ProcessPoolExecutor`
/// does so, too. It is not done where fewer tasks are left for each lane: there another lane would have
/// nothing to do while they wait.
const ENOUGH_LEFT: usize = 2;

/// How long a lane that is killed to see what that takes is looked at without a break.
const KILL_WATCH_US: f64 = 3_000.0;

/// A trial that runs.
pub struct Trial<W: Workload> {
    order: Order,
    clock: TrialClock,
    inputs: Rc<Inputs<W>>,
    /// The shared inputs as bytes, made when the first lane asks for them.
    shared: Option<Vec<u8>>,
    /// The first task that nobody was given yet.
    next: usize,
    /// Tasks of a lane that was killed, to be given to others.
    again: VecDeque<Range<usize>>,
    lanes: Vec<LaneState>,
    completions: Vec<Completion<W::Output>>,
    lost_tasks: u32,
    /// Time that this side took to copy inputs out of its memory, in µs.
    encode_us: f64,
    /// Time that this side took to copy outputs into its memory, in µs.
    decode_us: f64,
    progress: Progress,
    /// Told the total time in µs, once.
    done: Option<oneshot::Sender<Result<f64, TrialError>>>,
}

#[derive(Default)]
struct LaneState {
    is_there: bool,
    /// The tasks that it has and has not answered.
    in_flight: VecDeque<Range<usize>>,
    /// The units that it has done.
    units: u32,
    segments: Vec<Segment>,
    memory_bytes: u64,
}

impl<W: Workload> Trial<W> {
    /// The trial of `order`; `done` is told when it is over. Its time begins with [`Trial::begin`].
    pub fn new(order: &Order, inputs: Rc<Inputs<W>>, done: oneshot::Sender<Result<f64, TrialError>>) -> Self {
        Self {
            order: order.clone(),
            clock: TrialClock::begin(),
            inputs,
            shared: None,
            next: 0,
            again: VecDeque::new(),
            lanes: (0..order.trial.point.lanes).map(|_| LaneState::default()).collect(),
            completions: Vec::new(),
            lost_tasks: 0,
            encode_us: 0.0,
            decode_us: 0.0,
            progress: Progress::of(order.trial.id),
            done: Some(done),
        }
    }

    /// The trial's time begins now.
    pub fn begin(&mut self) {
        self.clock = TrialClock::begin();
    }

    /// What was measured in a trial that took `total_us`.
    pub fn into_measured(self, total_us: f64) -> Measured<W> {
        let memory_bytes = memory_bytes() + self.lanes.iter().map(|lane| lane.memory_bytes).sum::<u64>();
        let lanes: Vec<_> = self.lanes.into_iter().map(|lane| lane.segments).collect();
        let mut split = Split::of_trial(&lanes, total_us);
        split.copy_in_us += self.encode_us;
        split.copy_out_us += self.decode_us;
        let (completions, lost_tasks) = (self.completions, self.lost_tasks);
        Measured { completions, total_us, split, lanes, lost_tasks, memory_bytes }
    }

    /// Takes what comes from a lane.
    pub fn take_in(&mut self, lane: u32, incoming: Incoming, pool: &Lanes) {
        let id = self.order.trial.id;
        match incoming {
            Incoming::Message(FromWorker::Loaded { trial, copy_in }, _) => {
                if trial == id {
                    self.log(lane, Activity::CopyIn, copy_in);
                    self.progress.tell_anyway(self.units());
                }
            }
            Incoming::Message(
                FromWorker::Done { trial, first, is_stopped, copy_in, compute, copy_out, memory_bytes },
                outputs,
            ) => {
                // What an earlier trial left comes late and is dropped.
                if trial == id {
                    self.log(lane, Activity::CopyIn, copy_in);
                    self.log(lane, Activity::Compute, compute);
                    self.log(lane, Activity::CopyOut, copy_out);
                    self.lanes[lane as usize].memory_bytes = memory_bytes;
                    if is_stopped {
                        self.finish(Err(TrialError::Stopped));
                    } else {
                        self.done(lane, first as usize, outputs, pool);
                    }
                }
            }
            Incoming::Error(reason) if self.lanes[lane as usize].is_there => {
                self.finish(Err(error::lane_failure(reason)));
            }
            incoming => match ready(lane, incoming, pool) {
                Ok(()) => {
                    let segment =
                        Segment { activity: Activity::Spawn, start_us: 0.0, end_us: self.clock.now_us() };
                    self.lanes[lane as usize].segments.push(segment);
                    self.lane_ready(lane, pool);
                    self.hand_out_ahead(lane, pool);
                }
                Err(error) => self.finish(Err(error)),
            },
        }
    }

    /// Gives a lane the shared inputs and its first tasks.
    pub fn lane_ready(&mut self, lane: u32, pool: &Lanes) {
        let begin = self.clock.now_us();
        let inputs = Rc::clone(&self.inputs);
        let shared = self.shared.get_or_insert_with(|| to_bytes(&inputs.shared));
        let load = ToWorker::Load { trial: self.order.trial.id, workload: self.order.workload };
        let sent = pool.send(lane, &load, shared);
        self.lanes[lane as usize].is_there = true;
        self.encode_us += self.clock.now_us() - begin;
        if let Err(error) = sent {
            return self.finish(Err(error));
        }
        // Lanes that load already leave this one little of the cores: many with much to load would be silent for long.
        self.progress.tell_anyway(self.units());
        self.hand_out(lane, pool);
    }

    fn tasks(&self) -> usize {
        self.inputs.tasks.len() * self.order.copies() as usize
    }

    /// The next tasks that nobody has.
    fn take(&mut self) -> Option<Range<usize>> {
        if let Some(tasks) = self.again.pop_front() {
            return Some(tasks);
        }
        let first = self.next;
        let left = self.tasks() - first;
        let end = first + left.min(self.order.chunk_size(left) as usize);
        self.next = end;
        (first < end).then_some(first..end)
    }

    fn hand_out(&mut self, lane: u32, pool: &Lanes) {
        let Some(indices) = self.take() else { return };
        let begin = self.clock.now_us();
        let tasks: Vec<&W::Task> = indices.clone().map(|index| self.inputs.task(index)).collect();
        let message = ToWorker::Tasks { trial: self.order.trial.id, first: indices.start as u32 };
        let sent = pool.send(lane, &message, &to_bytes(&tasks));
        self.lanes[lane as usize].in_flight.push_back(indices);
        self.encode_us += self.clock.now_us() - begin;
        if let Err(error) = sent {
            self.finish(Err(error));
        }
    }

    /// Gives a lane tasks for later. One that may be killed has none: they would be lost with those that it runs.
    pub fn hand_out_ahead(&mut self, lane: u32, pool: &Lanes) {
        let has_some = self.lanes[lane as usize].in_flight.len() > 1;
        let is_enough_left = self.tasks() - self.next >= ENOUGH_LEFT * self.lanes.len();
        if is_enough_left && !has_some && self.order.kill.is_none() {
            self.hand_out(lane, pool);
        }
    }

    fn done(&mut self, lane: u32, first: usize, outputs: Beside, pool: &Lanes) {
        let state = &mut self.lanes[lane as usize];
        // A lane answers in the order in which it was given tasks.
        let Some(indices) = state.in_flight.pop_front().filter(|indices| indices.start == first) else {
            return self.finish(Err(TrialError::LaneDied("it answered what it was not asked".to_owned())));
        };
        if self.lanes[lane as usize].in_flight.is_empty() {
            self.hand_out(lane, pool);
        }
        self.hand_out_ahead(lane, pool);
        let begin = self.clock.now_us();
        let Ok(outputs) = postcard::from_bytes::<Vec<W::Output>>(&outputs.into_vec()) else {
            return self.finish(Err(TrialError::LaneDied("its answer cannot be read".to_owned())));
        };
        let at_us = self.clock.now_us();
        self.decode_us += at_us - begin;
        self.count(lane, indices.clone());
        self.completions.extend(indices.zip(outputs).map(|(index, output)| Completion {
            index,
            at_us,
            output,
        }));
        if let Some(after) = self.order.kill.take() {
            let victim = (lane + 1) % self.lanes.len() as u32;
            pool.kill(victim);
            pool.watch_killed(KILL_WATCH_US);
            self.lane_killed(victim, after, pool);
        }
        self.finish_if_done(pool);
    }

    fn count(&mut self, lane: u32, indices: Range<usize>) {
        indices.clone().for_each(|index| GAUGE.task_done(index, lane));
        let done: u32 = indices.map(|index| W::units(self.inputs.task(index))).sum();
        let units = &mut self.lanes[lane as usize].units;
        *units = units.wrapping_add(done);
        GAUGE.lane(lane).set(*units);
        self.progress.tell(self.units());
    }

    fn units(&self) -> u64 {
        self.lanes.iter().map(|lane| u64::from(lane.units)).sum()
    }

    /// What a killed lane had not answered is lost, or given to the others.
    fn lane_killed(&mut self, lane: u32, after: AfterKill, pool: &Lanes) {
        let state = &mut self.lanes[lane as usize];
        state.is_there = false;
        let unanswered: Vec<_> = state.in_flight.drain(..).collect();
        let others: Vec<u32> =
            (0..self.lanes.len() as u32).filter(|&lane| self.lanes[lane as usize].is_there).collect();
        match after {
            AfterKill::Rerun if !others.is_empty() => self.again.extend(unanswered),
            _ => self.lost_tasks += unanswered.iter().map(|tasks| tasks.len() as u32).sum::<u32>(),
        }
        if others.is_empty() {
            self.lost_tasks += (self.tasks() - self.next) as u32;
            self.next = self.tasks();
        }
        for lane in others {
            if self.lanes[lane as usize].in_flight.is_empty() {
                self.hand_out(lane, pool);
            }
        }
        self.finish_if_done(pool);
    }

    fn finish_if_done(&mut self, pool: &Lanes) {
        if self.completions.len() + self.lost_tasks as usize == self.tasks() {
            if self.order.start == Start::Cold {
                // As a process that is joined: its end belongs to the time.
                pool.end();
            }
            self.finish(Ok(self.clock.now_us()));
        }
    }

    fn log(&mut self, lane: u32, activity: Activity, span: Span) {
        let start_us = self.clock.since_begin(span.start_us);
        let end_us = self.clock.since_begin(span.end_us);
        self.lanes[lane as usize].segments.push(Segment { activity, start_us, end_us });
    }

    fn finish(&mut self, result: Result<f64, TrialError>) {
        if let Some(done) = self.done.take() {
            let _ = done.send(result);
        }
    }
}
