//! The ground floor: the words that every other room speaks, and nothing that is done with them.

mod error;
mod fallback;
mod model;
pub mod network;
mod program;
mod segment;
mod size;

pub use error::{FailedTask, PythonError, Stopped, TaskError, TrialError};
pub use fallback::Fallback;
pub use model::{AfterKill, MOST_LANES, Model, Point, PoolCall, Scaling, Start, Trial};
pub use network::{Fault, Network, Source, UseOfAddresses};
pub use program::Program;
pub use segment::{Activity, Segment};
pub use size::{Bound, Size};
