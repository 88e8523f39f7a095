//! Threads over the memory of the worker that starts them: rayon's global pool.
//!
//! The pool can be started once in a worker and never be resized, so it is as large as the largest
//! lane count of the experiment, and a trial of fewer lanes leaves the others asleep. One pool also
//! keeps the memory flat: a pool for each lane count would need an instance of the program, and
//! with it another memory, for each.

use std::sync::Mutex;

use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen_futures::JsFuture;

#[wasm_bindgen]
extern "C" {
    /// In the loader of every worker (`www/lane.js`).
    #[wasm_bindgen(js_name = endThreads)]
    fn end_threads() -> u32;
}

/// Starts so many threads; they wait for [`on_lanes`]. Once in a worker's life.
///
/// # Errors
/// What the browser throws when it gives no more workers or no more memory.
pub async fn start(threads: u32) -> Result<(), JsValue> {
    JsFuture::from(wasm_bindgen_rayon::init_thread_pool(threads as usize)).await.map(drop)
}

/// Ends the threads, and says whether there were any. This worker can run none any more.
pub fn end() -> bool {
    end_threads() > 0
}

/// Runs `lane` on so many threads at once, handing each its number, and waits for all of them.
/// The answers are in the order of the numbers.
///
/// # Panics
/// If a lane panics: in wasm that ends the program.
pub fn on_lanes<T: Send>(lanes: u32, lane: impl Fn(u32) -> T + Sync) -> Vec<T> {
    let done = Mutex::new(Vec::with_capacity(lanes as usize));
    rayon::scope(|scope| {
        for number in 0..lanes {
            let (lane, done) = (&lane, &done);
            scope.spawn(move |_| {
                let run = lane(number);
                done.lock().expect("no lane panics while it holds this").push((number, run));
            });
        }
    });
    let mut done = done.into_inner().expect("no lane panicked");
    done.sort_unstable_by_key(|&(number, _)| number);
    done.into_iter().map(|(_, run)| run).collect()
}
