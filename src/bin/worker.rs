//! The program of every worker: the coordinator, its threads, and the process lanes.

#[cfg(target_arch = "wasm32")]
fn main() {
    lanes::browser::serve(threads::Rayon);
}

#[cfg(not(target_arch = "wasm32"))]
fn main() {
    eprintln!("This program runs in a browser's workers: `cargo xtask build` makes it.");
}

#[cfg(target_arch = "wasm32")]
mod threads {
    use std::sync::Mutex;

    use js_sys::Promise;

    /// Rayon's global pool. It can be started once and never resized, so it is as large as the
    /// largest lane count of the experiment, and a trial of fewer lanes leaves the others asleep.
    pub struct Rayon;

    impl lanes::browser::ThreadPool for Rayon {
        fn start(&self, threads: u32) -> Promise {
            wasm_bindgen_rayon::init_thread_pool(threads as usize)
        }

        fn on_lanes<T: Send>(&self, lanes: u32, lane: impl Fn(u32) -> T + Sync) -> Vec<T> {
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
    }
}
