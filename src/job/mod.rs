//! The contract of a job, and how lanes do its tasks: with and without the lock, on the host and in wasm.
//!
//! A job never knows where it runs. What it asks of its lane, it asks through [`Lane`]: to count the work, to let go of
//! the GIL, to stop, and to wait for a network or a file. Only the [`Waiter`] differs from place to place.

mod delivery;
mod gauge;
mod gil;
mod log;
mod queue;
mod task_loop;
mod work;

use futures_util::FutureExt;
use serde::{Serialize, de::DeserializeOwned};

use crate::domain::{Activity, Stopped, TaskError};

pub use delivery::Delivery;
pub use gauge::{Gauge, GaugeLayout, LaneGauge, TASKS_SHOWN};
pub use gil::{Gil, Held};
pub use log::{Clock, Log};
pub use queue::TaskQueue;
pub use task_loop::{Completion, LaneLog, TaskLoop};
pub use work::{Inputs, Work};

/// Work that is cut into tasks.
pub trait Job: Sized + 'static {
    /// What every lane needs whole: threads share it, each process gets a copy.
    type Shared: Serialize + DeserializeOwned + Send + Sync;
    /// What one task needs for itself.
    type Task: Serialize + DeserializeOwned + Send + Sync;
    /// What one task answers.
    type Output: Serialize + DeserializeOwned + Send;

    /// Whether its tasks may wait. Lanes of a job that never waits need no event loop beside them.
    const WAITS: bool;

    /// Whether it stands for native code that lets go of the GIL while it computes.
    const RELEASES_GIL: bool = false;

    /// The work in `task`, in units of the job's own: what a task reports to its lane adds up to this. `None` if
    /// nobody knows before it has run. Used for progress only.
    fn units(task: &Self::Task) -> Option<u32>;

    /// Does one task.
    ///
    /// # Errors
    /// [`TaskEnd::Stopped`] as its lane says, or the reason why the task failed. A task that fails does not end the
    /// trial.
    fn perform<L: Lane>(
        shared: &Self::Shared,
        task: &Self::Task,
        lane: &mut L,
    ) -> impl Future<Output = Result<Self::Output, TaskEnd>>;

    /// The next step's tasks, which follow from the outputs of this one: both with their places among the trial's tasks.
    fn follow(_outputs: &[(usize, &Self::Output)]) -> Vec<(usize, Self::Task)> {
        Vec::new()
    }
}

/// What a task calls as it goes: it counts the work, and it is where a task lets go of the GIL or ends early. Kernels
/// are generic over it, so what a model does not need costs nothing.
pub trait Checkpoint {
    /// Says that `units` more are done.
    ///
    /// # Errors
    /// [`Stopped`] when the visitor asked for an end: the task returns it at once.
    fn tick(&mut self, units: u32) -> Result<(), Stopped>;
}

/// What a task can ask of the lane that runs it.
pub trait Lane: Checkpoint {
    /// Waits, without the GIL. Only a fetch has bytes to answer.
    ///
    /// # Errors
    /// Why there is no answer.
    fn wait(&mut self, wait: Wait) -> impl Future<Output = Result<Vec<u8>, TaskError>>;
}

/// Something that a lane waits for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wait {
    /// Fetch what is at this address.
    Fetch(String),
    /// Write these bytes into the lane's file, in place of what is there.
    Write(Vec<u8>),
    /// Store these bytes under this number in the database.
    Store(u32, Vec<u8>),
}

impl Wait {
    /// What a lane does meanwhile.
    pub const fn activity(&self) -> Activity {
        match self {
            Wait::Fetch(_) => Activity::Fetch,
            Wait::Write(..) | Wait::Store(..) => Activity::Write,
        }
    }
}

/// Does what a lane waits for: an event loop, or a thread that sleeps until one has done it.
pub trait Waiter {
    /// Answers as [`Lane::wait`] does.
    ///
    /// # Errors
    /// Why there is no answer.
    fn wait(&mut self, wait: Wait) -> impl Future<Output = Result<Vec<u8>, TaskError>>;
}

/// Why a task has no output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TaskEnd {
    /// The visitor asked for an end.
    Stopped,
    /// It failed.
    Failed(TaskError),
}

impl From<Stopped> for TaskEnd {
    fn from(Stopped: Stopped) -> Self {
        TaskEnd::Stopped
    }
}

impl From<TaskError> for TaskEnd {
    fn from(error: TaskError) -> Self {
        TaskEnd::Failed(error)
    }
}

/// Does one task of a job that never waits by itself, in tests and benches.
///
/// # Panics
/// If the task waits or fails.
pub fn alone<J: Job>(shared: &J::Shared, task: &J::Task) -> J::Output {
    let output = J::perform(shared, task, &mut Unchecked).now_or_never().expect("it never waits");
    output.expect("nobody stops it, and it does not fail")
}

/// The lane of a task that is run by itself, in tests and benches: it counts nothing, and nobody waits for it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Unchecked;

impl Checkpoint for Unchecked {
    #[inline(always)]
    fn tick(&mut self, _units: u32) -> Result<(), Stopped> {
        Ok(())
    }
}

impl Waiter for Unchecked {
    async fn wait(&mut self, wait: Wait) -> Result<Vec<u8>, TaskError> {
        unreachable!("a job that never waits asks for {wait:?}")
    }
}

impl Lane for Unchecked {
    async fn wait(&mut self, wait: Wait) -> Result<Vec<u8>, TaskError> {
        Waiter::wait(self, wait).await
    }
}
