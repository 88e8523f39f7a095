//! How N lanes take the tasks of a workload: with and without the lock, on the host and in wasm.

mod delivery;
mod gauge;
mod gil;
mod lanes;
mod measured;
mod waiting;

pub use delivery::Delivery;
pub use gauge::{Gauge, GaugeLayout, LaneGauge, TASKS_SHOWN};
pub use gil::{Gil, Held};
pub use lanes::Clock;
pub use lanes::Completion;
pub use lanes::Counter;
pub use lanes::Lane;
pub use lanes::LaneRun;
use lanes::Log;
pub use lanes::TaskQueue;
pub use measured::Measured;
pub use waiting::{LaneWaits, WaitLog, Waited};

use crate::domain::Stopped;

/// What a kernel calls as it goes: it counts the work, and it is where a kernel lets go of the
/// GIL or ends early. Kernels are generic over it, so what a model does not need costs nothing.
pub trait Checkpoint {
    /// Says that `units` more are done.
    ///
    /// # Errors
    /// [`Stopped`] when the visitor asked for an end: the kernel returns it at once.
    fn tick(&mut self, units: u32) -> Result<(), Stopped>;
}

/// A checkpoint that does nothing: for the kernel alone, in tests and benches.
#[derive(Clone, Copy, Debug, Default)]
pub struct Unchecked;

impl Checkpoint for Unchecked {
    #[inline(always)]
    fn tick(&mut self, _units: u32) -> Result<(), Stopped> {
        Ok(())
    }
}
