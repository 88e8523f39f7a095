//! How long the page could not draw.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use futures_channel::oneshot;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;

/// A callback for the next frame. It is told the frame's time in ms.
type OnFrame = Closure<dyn FnMut(f64)>;

/// Watches the gaps between animation frames until it is dropped.
#[must_use]
pub struct FrameGaps {
    watch: Rc<Watch>,
}

#[derive(Default)]
struct Watch {
    longest_ms: Cell<f64>,
    last_ms: Cell<Option<f64>>,
    is_over: Cell<bool>,
    on_frame: RefCell<Option<OnFrame>>,
}

impl FrameGaps {
    /// Begins to watch.
    pub fn start() -> Self {
        let watch = Rc::new(Watch::default());
        let on_frame = {
            let watch = Rc::downgrade(&watch);
            OnFrame::new(move |now_ms| {
                if let Some(watch) = watch.upgrade() {
                    watch.frame(now_ms);
                }
            })
        };
        *watch.on_frame.borrow_mut() = Some(on_frame);
        watch.ask_for_frame();
        Self { watch }
    }

    /// The longest gap between two frames so far, in ms; 0 before the second frame.
    pub fn longest_ms(&self) -> f64 {
        self.watch.longest_ms.get()
    }
}

impl Drop for FrameGaps {
    fn drop(&mut self) {
        self.watch.is_over.set(true);
    }
}

impl Watch {
    fn frame(&self, now_ms: f64) {
        if self.is_over.get() {
            return;
        }
        // A hidden page has no frames, and nobody who misses them.
        let last_ms = self.last_ms.replace(Some(now_ms));
        if let Some(last_ms) = last_ms
            && !is_hidden()
        {
            self.longest_ms.set(self.longest_ms.get().max(now_ms - last_ms));
        }
        self.ask_for_frame();
    }

    fn ask_for_frame(&self) {
        if let Some(on_frame) = &*self.on_frame.borrow() {
            let _ = window().request_animation_frame(on_frame.as_ref().unchecked_ref());
        }
    }
}

/// Waits until the page has drawn what it has to draw. A hidden page draws again when it is seen.
pub async fn drawn() {
    let (done, is_done) = oneshot::channel();
    let on_frame = Closure::once(move |_now_ms: f64| {
        let _ = done.send(());
    });
    let _ = window().request_animation_frame(on_frame.as_ref().unchecked_ref());
    let _ = is_done.await;
    // The frame's callbacks come before its painting: a new turn of the event loop comes after.
    gloo_timers::future::TimeoutFuture::new(0).await;
}

/// Whether nobody sees the page.
pub fn is_hidden() -> bool {
    window().document().is_some_and(|document| document.hidden())
}

fn window() -> web_sys::Window {
    web_sys::window().expect("the page has a window")
}
