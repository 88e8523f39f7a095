//! The counters that lanes leave in their memory, where the page reads them without asking.

use std::sync::atomic::{AtomicU8, AtomicU32, Ordering::Relaxed};

use crate::domain::MOST_LANES;

/// A worker's counters. One is a static of the worker; the page reads it through the shared memory
/// while the lanes compute, so progress costs them one store to a cache line of their own.
#[repr(C, align(64))]
#[derive(Debug)]
pub struct Gauge {
    stop: LaneGauge,
    lanes: [LaneGauge; MOST_LANES as usize],
    tasks: [AtomicU8; TASKS_SHOWN as usize],
}

/// The tasks whose ends can be seen from outside: the first ones.
pub const TASKS_SHOWN: u32 = 1_024;

/// One lane's counter, alone on its cache line: two lanes on one line would slow each other down.
#[repr(C, align(64))]
#[derive(Debug)]
pub struct LaneGauge {
    count: AtomicU32,
}

/// Where the counters lie, for a reader that sees the memory as 32-bit words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GaugeLayout {
    first_word: u32,
}

const WORDS_PER_LINE: u32 = (size_of::<LaneGauge>() / size_of::<u32>()) as u32;

impl Gauge {
    /// All counters at zero.
    pub const fn new() -> Self {
        Self {
            stop: LaneGauge::new(),
            lanes: [const { LaneGauge::new() }; MOST_LANES as usize],
            tasks: [const { AtomicU8::new(0) }; TASKS_SHOWN as usize],
        }
    }

    /// Sets every counter to zero, before a trial.
    pub fn reset(&self) {
        self.stop.set(0);
        self.lanes.iter().for_each(|lane| lane.set(0));
        self.tasks.iter().for_each(|task| task.store(0, Relaxed));
    }

    /// Asks every lane to end at its next checkpoint.
    pub fn stop(&self) {
        self.stop.set(1);
    }

    /// Whether the lanes were asked to end.
    #[inline(always)]
    pub fn is_stopped(&self) -> bool {
        self.stop.get() != 0
    }

    /// The counter of lane number `lane`.
    ///
    /// # Panics
    /// If there is no such lane.
    pub fn lane(&self, lane: u32) -> &LaneGauge {
        &self.lanes[lane as usize]
    }

    /// The units that all lanes have done.
    pub fn units(&self) -> u64 {
        self.lanes.iter().map(|lane| u64::from(lane.get())).sum()
    }

    /// Marks task number `index` as done by that lane, if it can be seen from outside at all.
    #[inline(always)]
    pub fn task_done(&self, index: usize, lane: u32) {
        if let Some(task) = self.tasks.get(index) {
            task.store(lane as u8 + 1, Relaxed);
        }
    }

    /// Where the gauge lies in its memory, in bytes.
    pub fn address(&'static self) -> u32 {
        (self as *const Self).addr() as u32
    }
}

impl Default for Gauge {
    fn default() -> Self {
        Self::new()
    }
}

impl LaneGauge {
    const fn new() -> Self {
        Self { count: AtomicU32::new(0) }
    }

    /// The units of work that the lane has done.
    #[inline(always)]
    pub fn get(&self) -> u32 {
        self.count.load(Relaxed)
    }

    /// Sets the units that the lane has done. Only the lane itself does so: a store is enough.
    #[inline(always)]
    pub fn set(&self, units: u32) {
        self.count.store(units, Relaxed);
    }
}

impl GaugeLayout {
    /// The layout of a gauge that lies at `address` bytes.
    pub const fn at(address: u32) -> Self {
        Self { first_word: address / 4 }
    }

    /// The word that is not zero once the lanes were asked to end.
    pub const fn stop_word(self) -> u32 {
        self.first_word
    }

    /// Where the tasks' marks lie, a byte each, in bytes: zero until the task is done, then one more
    /// than the number of the lane that did it.
    pub const fn tasks_byte(self) -> u32 {
        4 * (self.first_word + (1 + MOST_LANES) * WORDS_PER_LINE)
    }

    /// The word that counts the units of lane number `lane`.
    pub const fn lane_word(self, lane: u32) -> u32 {
        self.first_word + (1 + lane) * WORDS_PER_LINE
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_layout_finds_every_counter() {
        let gauge: &'static Gauge = Box::leak(Box::default());
        let base = (gauge as *const Gauge).addr();
        let layout = GaugeLayout::at(0);
        let word_of = |counter: &LaneGauge| ((counter as *const LaneGauge).addr() - base) as u32 / 4;
        assert_eq!(layout.stop_word(), word_of(&gauge.stop));
        for lane in [0, 1, MOST_LANES - 1] {
            assert_eq!(layout.lane_word(lane), word_of(gauge.lane(lane)));
        }
        let mark = (&gauge.tasks[0] as *const AtomicU8).addr() - base;
        assert_eq!(layout.tasks_byte(), mark as u32);
        assert_eq!(GaugeLayout::at(4096).stop_word(), 1024);
    }

    #[test]
    fn reset_forgets_counts_and_the_stop() {
        let gauge = Gauge::new();
        gauge.lane(3).set(17);
        gauge.task_done(5, 3);
        gauge.task_done(TASKS_SHOWN as usize, 3);
        assert_eq!(gauge.tasks[5].load(Relaxed), 4);
        gauge.stop();
        assert!(gauge.is_stopped());
        gauge.reset();
        assert_eq!(gauge.tasks[5].load(Relaxed), 0);
        assert!(!gauge.is_stopped());
        assert_eq!(gauge.lane(3).get(), 0);
    }
}
