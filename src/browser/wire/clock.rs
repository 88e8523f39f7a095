//! One clock for the page and all its workers.

use js_sys::Reflect;
use wasm_bindgen::JsCast;
use web_sys::Performance;

use crate::job::Clock;
use crate::report::Day;

thread_local! {
    static PERFORMANCE: Performance = Reflect::get(&js_sys::global(), &"performance".into())
        .expect("a window or a worker has performance")
        .unchecked_into();
}

/// The time in µs on a clock that the page and its workers share: monotonic within each, and
/// brought together by the time origins, which the browser takes from one monotonic clock.
pub fn now_us() -> f64 {
    PERFORMANCE.with(|performance| (performance.time_origin() + performance.now()) * 1e3)
}

/// The day that it is for the visitor.
pub fn today() -> Day {
    const DAY_MS: f64 = 86_400_000.0;
    let now = js_sys::Date::new_0();
    let here_ms = now.get_time() - now.get_timezone_offset() * 60_000.0;
    Day((here_ms / DAY_MS) as u32)
}

/// The smallest step of the clock that was seen in a few changes, in µs.
pub fn step_us() -> f64 {
    const CHANGES: usize = 8;
    PERFORMANCE.with(|performance| {
        let next_step = || {
            let before = performance.now();
            loop {
                let after = performance.now();
                if after > before {
                    return (after - before) * 1e3;
                }
            }
        };
        (0..CHANGES).map(|_| next_step()).fold(f64::INFINITY, f64::min)
    })
}

/// Counts from the begin of a trial, on any thread.
#[derive(Clone, Copy, Debug)]
pub struct TrialClock {
    begin_us: f64,
}

impl TrialClock {
    /// Counts from a time of the shared clock, in µs.
    pub fn from(begin_us: f64) -> Self {
        Self { begin_us }
    }

    /// When it began, on the shared clock, in µs.
    pub fn begin_us(&self) -> f64 {
        self.begin_us
    }

    /// Begins now.
    pub fn begin() -> Self {
        Self { begin_us: now_us() }
    }

    /// A time of the shared clock, counted from the begin. Clocks of different workers agree only
    /// within a step, so a time from before the begin is taken for the begin.
    pub fn since_begin(&self, shared_us: f64) -> f64 {
        (shared_us - self.begin_us).max(0.0)
    }
}

impl Clock for TrialClock {
    fn now_us(&self) -> f64 {
        self.since_begin(now_us())
    }
}
