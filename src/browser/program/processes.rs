//! The owner of process lanes: starts them, hands out tasks, takes in answers.
//!
//! Tasks are handed out from the messages' own callbacks, not from futures: a future would wait
//! for its next turn between an answer and the next task, and that wait would be measured.

use std::cell::RefCell;
use std::mem;
use std::rc::Rc;

use futures_channel::oneshot;
use js_sys::{Atomics, Int32Array};
use wasm_bindgen::JsValue;

use super::coordinator::Measured;
use super::serve::{GAUGE, Progress, memory_bytes, post};
use crate::browser::clock::TrialClock;
use crate::browser::error;
use crate::browser::worker::{Incoming, Worker};
use crate::experiment::Start;
use crate::model::{Clock, GaugeLayout, in_task_order};
use crate::protocol::{FromWorker, Order, Span, ToWorker};
use crate::sample::{Activity, Segment, Split, TrialError};
use crate::workload::{Inputs, Workload};

/// Below this, a lane gets its next task before it has answered the one before: the message's way
/// would otherwise be a notable part of the time. Long tasks are handed out one by one, so that
/// the lanes end together.
const SHORT_TASK_US: f64 = 4_000.0;

/// A process lane, from the side of its owner.
struct Lane {
    worker: Worker,
    /// Where the lane sees that it should stop, if its memory can be seen from here.
    stop_word: Option<(Int32Array, u32)>,
}

/// Takes what comes from lane number `u32`.
type Listener = Box<dyn FnMut(u32, Incoming)>;

/// The lanes that are there, and who listens to them.
#[derive(Default)]
pub struct ProcessPool {
    lanes: Rc<RefCell<Vec<Lane>>>,
    listener: Rc<RefCell<Option<Listener>>>,
}

impl ProcessPool {
    /// Runs the trial of `order`; posts `begun` when the lanes that it may keep are there.
    ///
    /// # Errors
    /// A lane could not be started, died, or was stopped.
    pub async fn run<W: Workload>(
        &self,
        inputs: &Rc<Inputs<W>>,
        order: &Order,
        begun: &FromWorker,
    ) -> Result<Measured<W>, TrialError> {
        let lanes = order.trial.point.lanes;
        if order.start == Start::Warm {
            self.grow(lanes).await?;
        }
        post(begun);
        let (done, is_done) = oneshot::channel();
        let trial = Rc::new(RefCell::new(Trial::<W>::new(order, Rc::clone(inputs), done)));
        self.listen({
            let (trial, pool) = (Rc::clone(&trial), Rc::clone(&self.lanes));
            move |lane, incoming| trial.borrow_mut().take_in(lane, incoming, &pool)
        });
        trial.borrow_mut().clock = TrialClock::begin();
        match order.start {
            Start::Warm => (0..lanes).for_each(|lane| trial.borrow_mut().lane_ready(lane, &self.lanes)),
            Start::Cold => {
                self.end();
                self.start(lanes)?;
            }
        }
        let result = is_done.await.unwrap_or(Err(TrialError::Stopped));
        *self.listener.borrow_mut() = None;
        if result.is_err() || order.start == Start::Cold {
            self.end();
        }
        let total_us = result?;
        let mut trial = trial.borrow_mut();
        let lanes = mem::take(&mut trial.segments);
        let mut split = Split::of_trial(&lanes, total_us);
        split.copy_in_us += trial.encode_us;
        split.copy_out_us += trial.decode_us;
        Ok(Measured {
            outputs: in_task_order(mem::take(&mut trial.outputs)),
            total_us,
            split,
            lanes,
            memory_bytes: memory_bytes() + trial.memory_bytes.iter().sum::<u64>(),
        })
    }

    /// Asks the lanes to stop; those that cannot be asked are ended.
    pub fn stop(&self) {
        let all_asked = self.lanes.borrow().iter().all(|lane| match &lane.stop_word {
            Some((memory, word)) => Atomics::store(memory, *word, 1).is_ok(),
            None => false,
        });
        if !all_asked {
            self.end();
            // Dropping what listens drops the sender that the trial waits for.
            *self.listener.borrow_mut() = None;
        }
    }

    /// Waits until there are so many lanes, all ready.
    async fn grow(&self, lanes: u32) -> Result<(), TrialError> {
        let there = self.lanes.borrow().len() as u32;
        if there >= lanes {
            return Ok(());
        }
        let (done, is_done) = oneshot::channel();
        let (mut done, mut missing) = (Some(done), lanes - there);
        let pool = Rc::clone(&self.lanes);
        self.listen(move |lane, incoming| {
            let result = match ready(lane, incoming, &pool) {
                Ok(()) => {
                    missing -= 1;
                    if missing > 0 {
                        return;
                    }
                    Ok(())
                }
                Err(error) => Err(error),
            };
            if let Some(done) = done.take() {
                let _ = done.send(result);
            }
        });
        self.start(lanes)?;
        let result = is_done.await.unwrap_or(Err(TrialError::Stopped));
        if result.is_err() {
            self.end();
        }
        result
    }

    /// Starts the lanes that are missing up to `lanes`; each says `Ready` to the listener.
    fn start(&self, lanes: u32) -> Result<(), TrialError> {
        let module: JsValue = wasm_bindgen::module();
        let there = self.lanes.borrow().len() as u32;
        for number in there..lanes {
            let listener = Rc::clone(&self.listener);
            let worker = Worker::start(&module, &format!("process {number}"), move |incoming| {
                if let Some(listener) = &mut *listener.borrow_mut() {
                    listener(number, incoming);
                }
            })
            .map_err(error::start_failure)?;
            self.lanes.borrow_mut().push(Lane { worker, stop_word: None });
        }
        Ok(())
    }

    fn listen(&self, listener: impl FnMut(u32, Incoming) + 'static) {
        *self.listener.borrow_mut() = Some(Box::new(listener));
    }

    /// Ends every lane.
    fn end(&self) {
        self.lanes.borrow_mut().clear();
    }
}

/// Takes a lane's `Ready`.
fn ready(lane: u32, incoming: Incoming, pool: &RefCell<Vec<Lane>>) -> Result<(), TrialError> {
    match incoming {
        Incoming::Message(FromWorker::Ready { build, .. }, _) if build != crate::BUILD => {
            Err(TrialError::OtherBuild { worker: build })
        }
        Incoming::Message(FromWorker::Ready { gauge, .. }, memory) => {
            if let Some(lane) = pool.borrow_mut().get_mut(lane as usize) {
                lane.stop_word =
                    memory.map(|memory| (Int32Array::new(&memory), GaugeLayout::at(gauge).stop_word()));
            }
            Ok(())
        }
        Incoming::Message(..) => Ok(()),
        Incoming::Error(reason) => Err(error::start_failure(reason)),
    }
}

/// A trial that runs.
struct Trial<W: Workload> {
    id: u32,
    start: Start,
    clock: TrialClock,
    inputs: Rc<Inputs<W>>,
    /// The next task that nobody has.
    next: usize,
    /// The units that each lane has done.
    units: Vec<u32>,
    segments: Vec<Vec<Segment>>,
    memory_bytes: Vec<u64>,
    outputs: Vec<(usize, W::Output)>,
    /// Time that this side took to copy inputs out of its memory, in µs.
    encode_us: f64,
    /// Time that this side took to copy outputs into its memory, in µs.
    decode_us: f64,
    progress: Progress,
    /// The shared inputs as bytes, made when the first lane asks for them.
    shared: Option<Vec<u8>>,
    order: Order,
    /// Told the total time in µs, once.
    done: Option<oneshot::Sender<Result<f64, TrialError>>>,
}

impl<W: Workload> Trial<W> {
    fn new(order: &Order, inputs: Rc<Inputs<W>>, done: oneshot::Sender<Result<f64, TrialError>>) -> Self {
        let lanes = order.trial.point.lanes as usize;
        Self {
            id: order.trial.id,
            start: order.start,
            clock: TrialClock::begin(),
            next: 0,
            units: vec![0; lanes],
            segments: vec![Vec::new(); lanes],
            memory_bytes: vec![0; lanes],
            outputs: Vec::with_capacity(inputs.tasks.len()),
            inputs,
            encode_us: 0.0,
            decode_us: 0.0,
            progress: Progress::of(order.trial.id),
            shared: None,
            order: order.clone(),
            done: Some(done),
        }
    }

    fn take_in(&mut self, lane: u32, incoming: Incoming, pool: &RefCell<Vec<Lane>>) {
        match incoming {
            Incoming::Message(FromWorker::Loaded { trial, copy_in }, _) if trial == self.id => {
                self.log(lane, Activity::CopyIn, copy_in);
            }
            Incoming::Message(
                FromWorker::Done { trial, index, output, copy_in, compute, copy_out, memory_bytes },
                _,
            ) if trial == self.id => {
                self.log(lane, Activity::CopyIn, copy_in);
                self.log(lane, Activity::Compute, compute);
                self.log(lane, Activity::CopyOut, copy_out);
                self.memory_bytes[lane as usize] = memory_bytes;
                match output {
                    Some(output) => {
                        let is_short = compute.end_us - compute.start_us < SHORT_TASK_US;
                        self.task_done(lane, index as usize, &output, is_short, pool);
                    }
                    None => self.finish(Err(TrialError::Stopped)),
                }
            }
            // What an earlier trial left comes late and is dropped.
            Incoming::Message(FromWorker::Loaded { .. } | FromWorker::Done { .. }, _) => {}
            Incoming::Error(reason) if !self.segments[lane as usize].is_empty() => {
                self.finish(Err(error::lane_failure(reason)));
            }
            other => match ready(lane, other, pool) {
                Ok(()) => {
                    let now = self.clock.now_us();
                    self.segments[lane as usize].push(Segment {
                        activity: Activity::Spawn,
                        start_us: 0.0,
                        end_us: now,
                    });
                    self.lane_ready(lane, pool);
                }
                Err(error) => self.finish(Err(error)),
            },
        }
    }

    /// Gives a lane the shared inputs and its first task.
    fn lane_ready(&mut self, lane: u32, pool: &RefCell<Vec<Lane>>) {
        let begin = self.clock.now_us();
        let inputs = Rc::clone(&self.inputs);
        let shared = self.shared.get_or_insert_with(|| {
            postcard::to_allocvec(&inputs.shared).expect("every input can be encoded")
        });
        let load = ToWorker::Load { trial: self.id, workload: self.order.workload, shared: shared.clone() };
        pool.borrow()[lane as usize].worker.send(&load);
        self.encode_us += self.clock.now_us() - begin;
        self.hand_out(lane, pool);
    }

    fn hand_out(&mut self, lane: u32, pool: &RefCell<Vec<Lane>>) {
        let Some(task) = self.inputs.tasks.get(self.next) else { return };
        let begin = self.clock.now_us();
        let task = postcard::to_allocvec(task).expect("every task can be encoded");
        let message = ToWorker::Task { trial: self.id, index: self.next as u32, task };
        pool.borrow()[lane as usize].worker.send(&message);
        self.next += 1;
        self.encode_us += self.clock.now_us() - begin;
    }

    fn task_done(
        &mut self,
        lane: u32,
        index: usize,
        output: &[u8],
        is_short: bool,
        pool: &RefCell<Vec<Lane>>,
    ) {
        let is_first = self.units[lane as usize] == 0;
        self.hand_out(lane, pool);
        if is_first && is_short {
            self.hand_out(lane, pool);
        }
        let begin = self.clock.now_us();
        match postcard::from_bytes(output) {
            Ok(output) => self.outputs.push((index, output)),
            Err(_) => return self.finish(Err(TrialError::LaneDied("its answer cannot be read".to_owned()))),
        }
        self.decode_us += self.clock.now_us() - begin;
        let units = &mut self.units[lane as usize];
        *units = units.wrapping_add(W::units(&self.inputs.tasks[index]));
        GAUGE.lane(lane).set(*units);
        self.progress.tell(self.units.iter().map(|&units| u64::from(units)).sum());
        if self.outputs.len() == self.inputs.tasks.len() {
            if self.start == Start::Cold {
                // As a process that is joined: its end belongs to the time.
                pool.borrow_mut().clear();
            }
            self.finish(Ok(self.clock.now_us()));
        }
    }

    fn log(&mut self, lane: u32, activity: Activity, span: Span) {
        let start_us = self.clock.since_begin(span.start_us);
        let end_us = self.clock.since_begin(span.end_us);
        self.segments[lane as usize].push(Segment { activity, start_us, end_us });
    }

    fn finish(&mut self, result: Result<f64, TrialError>) {
        if let Some(done) = self.done.take() {
            let _ = done.send(result);
        }
    }
}
