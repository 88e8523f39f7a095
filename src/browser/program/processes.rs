//! The owner of process lanes: starts them, asks them to stop, ends them.
//!
//! Tasks are handed out from the messages' own callbacks, not from futures: a future would wait
//! for its next turn between an answer and the next task, and that wait would be measured.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use futures_channel::oneshot;
use js_sys::{Atomics, Int32Array, SharedArrayBuffer, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};

use super::process_trial::Trial;
use super::serve::post;
use crate::browser::{
    clock::now_us,
    error,
    worker::{Incoming, Worker},
};
use crate::domain::{Start, TrialError};
use crate::job::{GaugeLayout, Measured};
use crate::protocol::{FromWorker, Order, ToWorker};
use crate::workload::{Inputs, Workload};

/// Takes what comes from lane number `u32`.
type Listener = Box<dyn FnMut(u32, Incoming)>;

/// The lanes that are there, and who listens to them.
#[derive(Default)]
pub struct ProcessPool {
    /// Whether there ever was a lane.
    was_used: Cell<bool>,
    lanes: Rc<Lanes>,
    listener: Rc<RefCell<Option<Listener>>>,
}

/// Process lanes by their numbers, from the side of their owner.
#[derive(Default)]
pub struct Lanes {
    lanes: RefCell<Vec<Lane>>,
    /// The lane that was killed last, if it can be seen from here whether it still computes.
    killed: RefCell<Option<Killed>>,
}

/// A lane that was killed, and its counter, which moves for as long as the lane still computes.
pub struct Killed {
    /// When it was killed, on the shared clock, in µs.
    pub at_us: f64,
    /// When its counter was last seen to have moved, on the shared clock, in µs.
    pub moved_us: f64,
    counter: (Int32Array, u32),
    units: u32,
}

impl Killed {
    fn now(counter: (Int32Array, u32)) -> Self {
        let at_us = now_us();
        let mut killed = Self { at_us, moved_us: at_us, counter, units: 0 };
        killed.units = killed.read();
        killed
    }

    /// Looks at its counter.
    pub fn look(&mut self) {
        let units = self.read();
        if units != self.units {
            self.units = units;
            self.moved_us = now_us();
        }
    }

    fn read(&self) -> u32 {
        Atomics::load(&self.counter.0, self.counter.1).unwrap_or(0) as u32
    }
}

struct Lane {
    /// Gone when the lane was killed.
    worker: Option<Worker>,
    /// Its memory and where its counters lie, if they can be seen from here.
    gauge: Option<(Int32Array, GaugeLayout)>,
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
        match order.start {
            Start::Warm => self.grow(lanes).await?,
            Start::Cold => self.lanes.end(),
        }
        post(begun);
        let (done, is_done) = oneshot::channel();
        let trial = Rc::new(RefCell::new(Trial::<W>::new(order, Rc::clone(inputs), done)));
        self.listen({
            let (trial, pool) = (Rc::clone(&trial), Rc::clone(&self.lanes));
            move |lane, incoming| trial.borrow_mut().take_in(lane, incoming, &pool)
        });
        trial.borrow_mut().begin();
        match order.start {
            // All have something to do before one has something to do later.
            Start::Warm => {
                let mut trial = trial.borrow_mut();
                (0..lanes).for_each(|lane| trial.lane_ready(lane, &self.lanes));
                (0..lanes).for_each(|lane| trial.hand_out_ahead(lane, &self.lanes));
            }
            Start::Cold => self.start(lanes)?,
        }
        let result = is_done.await.unwrap_or(Err(TrialError::Stopped));
        *self.listener.borrow_mut() = None;
        if result.is_err() || order.start == Start::Cold || order.kill.is_some() {
            self.lanes.end();
        }
        let total_us = result?;
        let trial = Rc::into_inner(trial).expect("nobody listens any more").into_inner();
        Ok(trial.into_measured(total_us))
    }

    /// Asks the lanes to stop; if not all can be asked, all are ended.
    pub fn stop(&self) {
        if !self.lanes.ask_to_stop() {
            self.abandon();
        }
    }

    /// Ends the lanes and the trial that waits for them.
    pub fn abandon(&self) {
        self.lanes.end();
        // Dropping what listens drops the sender that the trial waits for.
        *self.listener.borrow_mut() = None;
    }

    /// Waits until there are so many lanes, all ready.
    ///
    /// # Errors
    /// A lane could not be started.
    pub async fn grow(&self, lanes: u32) -> Result<(), TrialError> {
        let there = self.lanes.len();
        if there >= lanes {
            return Ok(());
        }
        let (done, is_done) = oneshot::channel();
        let (mut done, mut missing) = (Some(done), lanes - there);
        let pool = Rc::clone(&self.lanes);
        self.listen(move |lane, incoming| {
            let result = ready(lane, incoming, &pool);
            missing -= 1;
            if (missing == 0 || result.is_err())
                && let Some(done) = done.take()
            {
                let _ = done.send(result);
            }
        });
        self.start(lanes)?;
        let result = is_done.await.unwrap_or(Err(TrialError::Stopped));
        if result.is_err() {
            self.lanes.end();
        }
        result
    }

    /// Starts the lanes that are missing up to `lanes`; each says `Ready` to the listener.
    fn start(&self, lanes: u32) -> Result<(), TrialError> {
        let module: JsValue = wasm_bindgen::module();
        self.was_used.set(true);
        for number in self.lanes.len()..lanes {
            let listener = Rc::clone(&self.listener);
            let worker = Worker::start(&module, &format!("process {number}"), move |incoming| {
                if let Some(listener) = &mut *listener.borrow_mut() {
                    listener(number, incoming);
                }
            })
            .map_err(error::start_failure)?;
            self.lanes.lanes.borrow_mut().push(Lane { worker: Some(worker), gauge: None });
        }
        Ok(())
    }

    /// Whether it ever had a lane.
    pub fn was_used(&self) -> bool {
        self.was_used.get()
    }

    /// The lanes.
    pub fn lanes(&self) -> &Lanes {
        &self.lanes
    }

    /// Hands all that comes from the lanes to `listener`, and to nobody else from now on.
    pub fn listen(&self, listener: impl FnMut(u32, Incoming) + 'static) {
        *self.listener.borrow_mut() = Some(Box::new(listener));
    }
}

impl Lanes {
    /// Ends one lane in whatever it does.
    pub fn kill(&self, lane: u32) {
        let mut lanes = self.lanes.borrow_mut();
        let Some(lane) = lanes.get_mut(lane as usize) else { return };
        let counter = lane.gauge.take().map(|(memory, layout)| (memory, layout.lane_word(0)));
        *self.killed.borrow_mut() = counter.map(Killed::now);
        lane.worker = None;
    }

    /// Looks at the killed lane without a break for so long, in µs.
    pub fn watch_killed(&self, long_us: f64) {
        if let Some(killed) = &mut *self.killed.borrow_mut() {
            while now_us() - killed.at_us < long_us {
                killed.look();
            }
        }
    }

    /// The lane that was killed last; asked for once.
    pub fn take_killed(&self) -> Option<Killed> {
        self.killed.take()
    }

    /// Sends a message to a lane with a copy of `data` beside it.
    ///
    /// # Errors
    /// The browser's reason why they cannot be sent.
    pub fn send(&self, lane: u32, message: &ToWorker, data: &[u8]) -> Result<(), TrialError> {
        self.with_worker(lane, |worker| worker.send_with(message, data))
    }

    /// Sends a message to a lane with an object beside it, cloned or, if `hand_over`, transferred.
    ///
    /// # Errors
    /// The browser's reason why they cannot be sent.
    pub fn send_object(
        &self,
        lane: u32,
        message: &ToWorker,
        object: &Uint8Array,
        hand_over: bool,
    ) -> Result<(), TrialError> {
        self.with_worker(lane, |worker| worker.send_object(message, object, hand_over))
    }

    /// What is sent to a lane that was killed is lost with it.
    fn with_worker(&self, lane: u32, send: impl Fn(&Worker) -> Result<(), String>) -> Result<(), TrialError> {
        let lanes = self.lanes.borrow();
        let worker = lanes.get(lane as usize).and_then(|lane| lane.worker.as_ref());
        worker.map_or(Ok(()), send).map_err(error::lane_failure)
    }

    /// Ends every lane.
    pub fn end(&self) {
        self.lanes.borrow_mut().clear();
    }

    fn len(&self) -> u32 {
        self.lanes.borrow().len() as u32
    }

    /// Says whether all could be asked.
    fn ask_to_stop(&self) -> bool {
        self.lanes.borrow().iter().all(|lane| match &lane.gauge {
            Some((memory, layout)) => Atomics::store(memory, layout.stop_word(), 1).is_ok(),
            None => false,
        })
    }
}

/// Takes a lane's `Ready`.
///
/// # Errors
/// The lane could not be started, or is of another build.
pub fn ready(lane: u32, incoming: Incoming, pool: &Lanes) -> Result<(), TrialError> {
    match incoming {
        Incoming::Message(FromWorker::Ready { build, .. }, _) if build != crate::BUILD => {
            Err(TrialError::OtherBuild { worker: build })
        }
        Incoming::Message(FromWorker::Ready { gauge, .. }, memory) => {
            if let Some(lane) = pool.lanes.borrow_mut().get_mut(lane as usize) {
                let memory = memory.object.dyn_into::<SharedArrayBuffer>().ok();
                lane.gauge = memory.map(|memory| (Int32Array::new(&memory), GaugeLayout::at(gauge)));
            }
            Ok(())
        }
        Incoming::Message(..) => Err(TrialError::WorkerFailed("it did not say that it was ready".to_owned())),
        Incoming::Error(reason) => Err(error::start_failure(reason)),
    }
}
