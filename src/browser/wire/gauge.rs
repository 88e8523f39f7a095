//! The counters in another worker's memory, where that can be seen from here.

use js_sys::{Atomics, Int32Array, SharedArrayBuffer, Uint8Array};

use crate::job::{GaugeLayout, TASKS_SHOWN};

/// The [`crate::job::Gauge`] of a worker, seen from outside.
#[derive(Clone, Debug)]
pub struct GaugeView {
    words: Int32Array,
    tasks: Uint8Array,
    layout: GaugeLayout,
}

impl GaugeView {
    /// The gauge that lies at `address` bytes of `memory`.
    pub fn new(memory: &SharedArrayBuffer, address: u32) -> Self {
        let layout = GaugeLayout::at(address);
        let tasks = Uint8Array::new_with_byte_offset_and_length(memory, layout.tasks_byte(), TASKS_SHOWN);
        Self { words: Int32Array::new(memory), tasks, layout }
    }

    /// Where its counters lie.
    pub const fn layout(&self) -> GaugeLayout {
        self.layout
    }

    /// Which lane did each of the first tasks, counted from one; zero for those to come.
    pub fn tasks(&self) -> Vec<u8> {
        self.tasks.to_vec()
    }

    /// The units that lane number `lane` has done.
    pub fn lane_units(&self, lane: u32) -> u32 {
        self.load(self.layout.lane_word(lane))
    }

    /// The units that all lanes have done.
    pub fn units(&self) -> u64 {
        (0..crate::domain::MOST_LANES).map(|lane| u64::from(self.lane_units(lane))).sum()
    }

    /// Asks every lane of the worker to end at its next checkpoint.
    pub fn stop(&self) {
        // A store into a worker's memory that was given up is lost with it.
        let _ = Atomics::store(&self.words, self.layout.stop_word(), 1);
    }

    /// One word of the memory.
    pub fn load(&self, word: u32) -> u32 {
        Atomics::load(&self.words, word).unwrap_or(0) as u32
    }
}
