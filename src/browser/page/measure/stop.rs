//! The visitor's wish for an end.

use std::cell::{Cell, RefCell};

use futures_channel::oneshot;
use futures_util::{FutureExt, select_biased};

/// A wish for an end. Whoever works asks it what to do; whoever wishes tells it.
#[derive(Default)]
pub struct Stop {
    is_asked: Cell<bool>,
    listener: RefCell<Option<oneshot::Sender<()>>>,
}

impl Stop {
    /// Wishes for an end, once and for all.
    pub fn ask(&self) {
        self.is_asked.set(true);
        // Whoever waits hears of it by the sender's end.
        self.listener.take();
    }

    /// Does `what` and returns what came of it, or `None` at once when an end is wished for.
    pub async fn unless_asked<T>(&self, what: impl Future<Output = T>) -> Option<T> {
        if self.is_asked.get() {
            return None;
        }
        let (sender, is_asked) = oneshot::channel();
        *self.listener.borrow_mut() = Some(sender);
        // Without this, a receiver whose sender has gone counts as one that has been heard already, and
        // is never looked at again.
        let mut is_asked = is_asked.fuse();
        let mut what = Box::pin(what.fuse());
        select_biased! {
            _ = is_asked => None,
            result = what => Some(result),
        }
    }
}
