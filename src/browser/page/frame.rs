//! How long the page could not draw.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use futures_channel::oneshot;
use futures_util::{FutureExt, select_biased};
use gloo_timers::future::TimeoutFuture;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;

use super::{document, window};
use crate::browser::clock::now_us;

/// A page that is not hidden and still has no frame in this time stands where nobody sees it.
const OUT_OF_SIGHT_MS: u32 = 500;

/// Watches the gaps between animation frames until it is dropped.
#[must_use]
pub struct FrameGaps {
    watch: Rc<Watch>,
}

struct Watch {
    longest_ms: Cell<f64>,
    /// When the last frame began, or the watch, as long as there was none.
    last_ms: Cell<f64>,
    next: RefCell<Option<NextFrame>>,
}

impl FrameGaps {
    /// Begins to watch.
    pub fn start() -> Self {
        let watch = Rc::new(Watch {
            longest_ms: Cell::new(0.0),
            last_ms: Cell::new(now_us() / 1e3),
            next: RefCell::new(None),
        });
        Watch::go_on(&watch);
        Self { watch }
    }

    /// The longest time without a frame so far, in ms. The one that has not ended yet counts, too: a
    /// page that has much to do may get no frame until nobody waits for it any more.
    pub fn longest_ms(&self) -> f64 {
        self.watch.look();
        self.watch.longest_ms.get()
    }
}

impl Watch {
    /// A frame begins. The time is taken here: the one that the browser hands to its callbacks is
    /// that of the frame's plan, which after a long wait is the time before the wait.
    fn frame(&self) {
        self.last_ms.set(self.look());
    }

    /// Takes down how long there has been no frame, and tells the time.
    fn look(&self) -> f64 {
        let now_ms = now_us() / 1e3;
        // A hidden page has no frames, and nobody who misses them.
        if !is_hidden() {
            self.longest_ms.set(self.longest_ms.get().max(now_ms - self.last_ms.get()));
        }
        now_ms
    }

    /// Asks for the next frame, which asks for the one after it, for as long as somebody watches.
    fn go_on(watch: &Rc<Self>) {
        let weak = Rc::downgrade(watch);
        let next = NextFrame::ask(move || {
            if let Some(watch) = weak.upgrade() {
                watch.frame();
                Self::go_on(&watch);
            }
        });
        *watch.next.borrow_mut() = Some(next);
    }
}

/// Waits until the page has drawn what it has to draw. A hidden page draws again when it is seen.
///
/// Two frames: the browser's other threads are busy with the first for a while after the page has
/// painted it, and would take that time from the lanes. A page that stands in a frame which is scrolled
/// out of sight is not hidden and draws nothing: it is not waited for.
pub async fn drawn() {
    for _ in 0..2 {
        let (done, is_done) = oneshot::channel();
        let mut is_done = is_done.fuse();
        let frame = NextFrame::ask(move || {
            let _ = done.send(());
        });
        loop {
            let mut out_of_sight = TimeoutFuture::new(OUT_OF_SIGHT_MS).fuse();
            select_biased! {
                _ = is_done => break,
                () = out_of_sight => if !is_hidden() { break },
            }
        }
        drop(frame);
    }
    // The frame's callbacks come before its painting: a new turn of the event loop comes after.
    TimeoutFuture::new(0).await;
}

/// Something that is done once, a little later. Dropping it takes it back.
#[must_use]
pub struct Scheduled {
    _frame: Option<NextFrame>,
    _timeout: Option<gloo_timers::callback::Timeout>,
}

impl Scheduled {
    /// Does `what` in the next frame or, if that is later, in `after_ms`.
    pub fn new(after_ms: u32, what: impl FnOnce() + 'static) -> Self {
        if after_ms == 0 {
            return Self { _frame: Some(NextFrame::ask(what)), _timeout: None };
        }
        Self { _frame: None, _timeout: Some(gloo_timers::callback::Timeout::new(after_ms, what)) }
    }
}

/// A callback for the next frame. Dropping it takes it back: a browser that called a dropped
/// closure would throw.
struct NextFrame {
    request: i32,
    _closure: Closure<dyn FnMut()>,
}

impl NextFrame {
    fn ask(callback: impl FnOnce() + 'static) -> Self {
        let closure = Closure::once(callback);
        let request = window().request_animation_frame(closure.as_ref().unchecked_ref()).unwrap_or(0);
        Self { request, _closure: closure }
    }
}

impl Drop for NextFrame {
    fn drop(&mut self) {
        let _ = window().cancel_animation_frame(self.request);
    }
}

/// Whether nobody sees the page.
pub fn is_hidden() -> bool {
    document().hidden()
}
