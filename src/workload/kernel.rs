//! Kernels: jobs that compute and never wait.

use serde::{Serialize, de::DeserializeOwned};

use crate::domain::Stopped;
use crate::job::{Checkpoint, Job, Lane, TaskEnd};

/// A computation that is cut into tasks. Every kernel is a [`Job`].
///
/// It must not allocate in its hot loop (a wasm module's threads queue for one allocator) and must call its checkpoint at
/// least every 50 µs or so.
pub trait Kernel: Sized + 'static {
    /// See [`Job::Shared`].
    type Shared: Serialize + DeserializeOwned + Send + Sync;
    /// See [`Job::Task`].
    type Task: Serialize + DeserializeOwned + Send + Sync;
    /// See [`Job::Output`].
    type Output: Serialize + DeserializeOwned + Send;

    /// See [`Job::RELEASES_GIL`].
    const RELEASES_GIL: bool = false;

    /// See [`Job::units`].
    fn units(task: &Self::Task) -> u32;

    /// Runs one task.
    ///
    /// # Errors
    /// Only [`Stopped`], as its checkpoint says.
    fn run<C: Checkpoint>(
        shared: &Self::Shared,
        task: &Self::Task,
        checkpoint: &mut C,
    ) -> Result<Self::Output, Stopped>;
}

impl<K: Kernel> Job for K {
    type Shared = K::Shared;
    type Task = K::Task;
    type Output = K::Output;

    const WAITS: bool = false;
    const RELEASES_GIL: bool = K::RELEASES_GIL;

    fn units(task: &Self::Task) -> Option<u32> {
        Some(K::units(task))
    }

    async fn perform<L: Lane>(
        shared: &Self::Shared,
        task: &Self::Task,
        lane: &mut L,
    ) -> Result<Self::Output, TaskEnd> {
        Ok(K::run(shared, task, lane)?)
    }
}
