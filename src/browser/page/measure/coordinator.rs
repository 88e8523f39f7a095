//! The coordinating worker, from the page's side.

use std::cell::RefCell;

use futures_channel::mpsc::{UnboundedReceiver, unbounded};
use futures_channel::oneshot;
use futures_util::{FutureExt, StreamExt, select_biased};
use gloo_timers::future::TimeoutFuture;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;

use super::showing::{GreyPicture, Showing};
use crate::browser::wire::{GaugeView, Incoming, Worker};
use crate::cost::{Cost, CostSample};
use crate::domain::TrialError;
use crate::protocol::{CostId, FromCoordinator, PitfallId, Role, ToCoordinator, TrialNews};

/// How long lanes that were asked to stop have until they are ended.
const STOP_MS: u32 = 60;

/// How long a coordinator has to tell its lanes to end until it is ended itself.
const END_MS: u32 = 1_500;

/// How long lanes that are told to end have until they are gone, as no browser says when they are.
const GONE_MS: u32 = 1_000;

thread_local! {
    /// Each is told when a coordinator that was to end is gone, with its lanes.
    static ENDING: RefCell<Vec<oneshot::Receiver<()>>> = RefCell::default();
}

/// Waits until every worker of the page that was to end is gone, and has given its memory back.
pub async fn all_gone() {
    for is_gone in ENDING.take() {
        // Its sender is dropped when it is.
        let _ = is_gone.await;
    }
}

/// The coordinating worker. Dropping it ends it and its lanes; [`Coordinator::end`] does so properly.
pub struct Coordinator {
    pub(super) worker: Worker<ToCoordinator>,
    incoming: UnboundedReceiver<Incoming<FromCoordinator>>,
    /// The counters in its memory, where they can be seen from here.
    pub(super) gauge: Option<GaugeView>,
    pub(super) showing: Showing,
    last_cost: CostId,
    /// The pitfall that was begun last.
    pub(super) last_pitfall: PitfallId,
}

impl Coordinator {
    /// Starts it from the compiled `module`.
    ///
    /// # Errors
    /// Why it could not be started.
    pub async fn start(module: &JsValue, showing: Showing) -> Result<Self, TrialError> {
        let (sender, mut incoming) = unbounded();
        let worker = Worker::start(module, Role::Coordinator, move |incoming| {
            // Nobody listens any more: the session is over.
            let _ = sender.unbounded_send(incoming);
        })?;
        let gauge = match incoming.next().await {
            Some(Incoming::Ready(gauge)) => gauge,
            Some(Incoming::Failed(error)) => return Err(error),
            Some(Incoming::Message(..)) | None => {
                return Err(TrialError::WorkerFailed("it did not say that it was ready".to_owned()));
            }
        };
        if let Some(GreyPicture { width, height, pixels }) = &showing.picture {
            let message = ToCoordinator::Picture { width: *width, height: *height };
            worker.send_object(&message, pixels, false)?;
        }
        Ok(Self {
            worker,
            incoming,
            gauge,
            showing,
            last_cost: CostId::default(),
            last_pitfall: PitfallId::default(),
        })
    }

    /// Its next message.
    ///
    /// # Errors
    /// Why there will be none.
    async fn next(&mut self) -> Result<FromCoordinator, TrialError> {
        loop {
            match self.incoming.next().await {
                Some(Incoming::Message(message, _)) => return Ok(message),
                Some(Incoming::Failed(error)) => return Err(error),
                Some(Incoming::Ready(_)) => {}
                None => return Err(TrialError::LaneDied("it went away".to_owned())),
            }
        }
    }

    /// Its next message, or `None` when none has come for so many milliseconds.
    ///
    /// # Errors
    /// Why there will be none.
    pub(super) async fn next_within(&mut self, ms: u32) -> Result<Option<FromCoordinator>, TrialError> {
        let mut too_long = TimeoutFuture::new(ms).fuse();
        let mut next = Box::pin(self.next().fuse());
        select_biased! {
            message = next => message.map(Some),
            () = too_long => Ok(None),
        }
    }

    /// Lets the lanes end by themselves, as an ended worker may compute on for seconds and would
    /// disturb the next run; then ends those that did not.
    pub async fn stop(mut self) {
        if let Some(gauge) = &self.gauge {
            gauge.stop();
        }
        self.worker.send(&ToCoordinator::Stop);
        let mut too_long = TimeoutFuture::new(STOP_MS).fuse();
        loop {
            let mut next = Box::pin(self.next().fuse());
            select_biased! {
                () = too_long => break,
                message = next => match message {
                    Ok(FromCoordinator::Trial(_, TrialNews::Ended(_)) | FromCoordinator::Cost(..)) | Err(_) => break,
                    Ok(_) => {}
                }
            }
        }
        self.end();
    }

    /// Lets it end its lanes before it is ended itself, and waits for neither here. Chromium keeps the
    /// memories of processes for good whose owner has gone before them, and has room for some 120; of
    /// threads it keeps less, but keeps it as well.
    pub fn end(self) {
        if let Some(gauge) = &self.gauge {
            gauge.stop();
        }
        self.worker.send(&ToCoordinator::End);
        let (gone, is_gone) = oneshot::channel();
        ENDING.with_borrow_mut(|ending| {
            ending.retain_mut(|ended| ended.try_recv() == Ok(None));
            ending.push(is_gone);
        });
        spawn_local(async move {
            // Dropped last, when the worker is.
            let _gone: oneshot::Sender<()> = gone;
            // All of it, and not only what is used here: the worker would end at once.
            let mut coordinator = self;
            let mut too_long = TimeoutFuture::new(END_MS).fuse();
            loop {
                let mut next = Box::pin(coordinator.next().fuse());
                let message = select_biased! {
                    () = too_long => return,
                    message = next => message,
                };
                match message {
                    Ok(FromCoordinator::Ended { had_lanes: true }) => {
                        return TimeoutFuture::new(GONE_MS).await;
                    }
                    Ok(FromCoordinator::Ended { .. }) | Err(_) => return,
                    Ok(_) => {}
                }
            }
        });
    }

    /// Measures a cost once.
    ///
    /// # Errors
    /// Why nothing was measured.
    pub async fn measure(&mut self, cost: Cost) -> Result<CostSample, TrialError> {
        self.last_cost.0 += 1;
        self.worker.send(&ToCoordinator::Measure(self.last_cost, cost));
        loop {
            match self.next().await? {
                FromCoordinator::Cost(id, result) if id == self.last_cost => return result,
                // Late words of an earlier one.
                _ => {}
            }
        }
    }
}
