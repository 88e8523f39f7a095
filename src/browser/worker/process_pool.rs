//! The owner of process lanes: starts them, asks them to stop, ends them.
//!
//! Tasks are handed out from the messages' own callbacks, not from futures: a future would wait
//! for its next turn between an answer and the next task, and that wait would be measured.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use futures_channel::mpsc::unbounded;
use futures_channel::oneshot;
use futures_util::StreamExt;
use js_sys::Uint8Array;
use wasm_bindgen::JsValue;

use crate::browser::wire::clock::now_us;
use crate::browser::wire::{GaugeView, Incoming, Worker};
use crate::domain::TrialError;
use crate::protocol::{FromLane, LaneSetup, Role, ToLane};

/// Takes what comes from lane number `u32`.
type Listener = Box<dyn FnMut(u32, Incoming<FromLane>)>;

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
    gauge: GaugeView,
    units: u32,
}

impl Killed {
    fn now(gauge: GaugeView) -> Self {
        let at_us = now_us();
        Self { at_us, moved_us: at_us, units: gauge.lane_units(0), gauge }
    }

    /// Looks at its counter.
    pub fn look(&mut self) {
        let units = self.gauge.lane_units(0);
        if units != self.units {
            self.units = units;
            self.moved_us = now_us();
        }
    }
}

struct Lane {
    /// Gone when the lane was killed.
    worker: Option<Worker<ToLane>>,
    /// Its counters, if they can be seen from here.
    gauge: Option<GaugeView>,
}

impl ProcessPool {
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
        self.listen_no_more();
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
            let result = pool.ready(lane, incoming);
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

    /// Starts the lanes that are missing up to `lanes`; each is told to the listener when it is ready.
    ///
    /// # Errors
    /// The browser gives no more workers.
    pub fn start(&self, lanes: u32) -> Result<(), TrialError> {
        let module: JsValue = wasm_bindgen::module();
        self.was_used.set(true);
        for number in self.lanes.len()..lanes {
            let listener = Rc::clone(&self.listener);
            let worker = Worker::start(&module, Role::Lane(number), move |incoming| {
                if let Some(listener) = &mut *listener.borrow_mut() {
                    listener(number, incoming);
                }
            })?;
            self.lanes.lanes.borrow_mut().push(Lane { worker: Some(worker), gauge: None });
        }
        Ok(())
    }

    /// Has so many lanes made ready to wait, each as `setup` says but for its number. What each will do otherwise than
    /// asked comes back.
    ///
    /// # Errors
    /// A lane could not be started or died.
    pub async fn prepare(
        &self,
        lanes: u32,
        trial: u32,
        setup: &LaneSetup,
    ) -> Result<Vec<FromLane>, TrialError> {
        self.ask(lanes, |lane| ToLane::Prepare {
            trial,
            setup: LaneSetup { lane, is_process: true, ..setup.clone() },
        })
        .await
    }

    /// Asks so many lanes something that each answers once; the answers, as they come.
    ///
    /// # Errors
    /// A lane could not be started or died.
    pub async fn ask(
        &self,
        lanes: u32,
        question: impl Fn(u32) -> ToLane,
    ) -> Result<Vec<FromLane>, TrialError> {
        self.grow(lanes).await?;
        let (sender, mut from_lanes) = unbounded();
        self.listen(move |_, incoming| {
            let _ = sender.unbounded_send(incoming);
        });
        for lane in 0..lanes {
            self.lanes.send(lane, &question(lane), &[])?;
        }
        let mut answers = Vec::new();
        for _ in 0..lanes {
            // A stop drops the listener.
            match from_lanes.next().await.ok_or(TrialError::Stopped)? {
                Incoming::Message(answer, _) => answers.push(answer),
                Incoming::Failed(error) => return Err(error),
                Incoming::Ready(_) => {}
            }
        }
        Ok(answers)
    }

    /// Whether it ever had a lane.
    pub fn was_used(&self) -> bool {
        self.was_used.get()
    }

    /// The lanes.
    pub const fn lanes(&self) -> &Rc<Lanes> {
        &self.lanes
    }

    /// Hands all that comes from the lanes to `listener`, and to nobody else from now on.
    pub fn listen(&self, listener: impl FnMut(u32, Incoming<FromLane>) + 'static) {
        *self.listener.borrow_mut() = Some(Box::new(listener));
    }

    /// Hands what comes from the lanes to nobody.
    pub fn listen_no_more(&self) {
        *self.listener.borrow_mut() = None;
    }
}

impl Lanes {
    /// Ends one lane in whatever it does.
    pub fn kill(&self, lane: u32) {
        let mut lanes = self.lanes.borrow_mut();
        let Some(lane) = lanes.get_mut(lane as usize) else { return };
        *self.killed.borrow_mut() = lane.gauge.take().map(Killed::now);
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
    pub fn send(&self, lane: u32, message: &ToLane, data: &[u8]) -> Result<(), TrialError> {
        self.with_worker(lane, |worker| worker.send_with(message, data))
    }

    /// Sends a message to a lane with an object beside it, cloned or, if `hand_over`, transferred.
    ///
    /// # Errors
    /// The browser's reason why they cannot be sent.
    pub fn send_object(
        &self,
        lane: u32,
        message: &ToLane,
        object: &Uint8Array,
        hand_over: bool,
    ) -> Result<(), TrialError> {
        self.with_worker(lane, |worker| worker.send_object(message, object, hand_over))
    }

    /// What is sent to a lane that was killed is lost with it.
    fn with_worker(
        &self,
        lane: u32,
        send: impl Fn(&Worker<ToLane>) -> Result<(), TrialError>,
    ) -> Result<(), TrialError> {
        let lanes = self.lanes.borrow();
        let worker = lanes.get(lane as usize).and_then(|lane| lane.worker.as_ref());
        worker.map_or(Ok(()), send)
    }

    /// Takes what a lane says first.
    ///
    /// # Errors
    /// It could not be started, or is of another build.
    pub fn ready(&self, lane: u32, incoming: Incoming<FromLane>) -> Result<(), TrialError> {
        match incoming {
            Incoming::Ready(gauge) => {
                if let Some(lane) = self.lanes.borrow_mut().get_mut(lane as usize) {
                    lane.gauge = gauge;
                }
                Ok(())
            }
            Incoming::Message(..) => {
                Err(TrialError::WorkerFailed("it did not say that it was ready".to_owned()))
            }
            Incoming::Failed(error) => Err(error),
        }
    }

    /// Ends every lane.
    pub fn end(&self) {
        self.lanes.borrow_mut().clear();
    }

    /// How many there are.
    pub fn len(&self) -> u32 {
        self.lanes.borrow().len() as u32
    }

    /// Says whether all could be asked.
    fn ask_to_stop(&self) -> bool {
        let lanes = self.lanes.borrow();
        let gauges: Option<Vec<_>> = lanes.iter().map(|lane| lane.gauge.as_ref()).collect();
        gauges.into_iter().flatten().for_each(GaugeView::stop);
        lanes.iter().all(|lane| lane.gauge.is_some())
    }
}
