//! How lanes of one memory share the tasks out among themselves.

use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

/// The tasks that nobody has taken yet; every lane takes the next ones when it is free.
#[derive(Debug)]
pub struct TaskQueue {
    next: AtomicUsize,
    len: usize,
    chunk_size: usize,
}

impl TaskQueue {
    /// A queue of `len` tasks, of which a lane takes `chunk_size` at once.
    pub const fn new(len: usize, chunk_size: u32) -> Self {
        Self { next: AtomicUsize::new(0), len, chunk_size: chunk_size as usize }
    }

    /// Takes the next tasks.
    pub fn take(&self) -> Option<Range<usize>> {
        let first = self.next.fetch_add(self.chunk_size, Relaxed);
        (first < self.len).then(|| first..(first + self.chunk_size).min(self.len))
    }
}
