//! What a workload asks of a machine: how much, and of what.

use serde::{Deserialize, Serialize};
use strum::VariantArray;

/// What a workload's lanes spend their time on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Bound {
    /// Computing: more lanes than cores gain nothing.
    #[default]
    Cpu,
    /// Waiting: lanes gain however few cores there are.
    Io,
    /// Both, one after the other.
    Mixed,
}

/// How much of a workload is run; what a size means is the workload's to say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, VariantArray)]
pub enum Size {
    /// A few milliseconds: shows what overhead does.
    S,
    /// A fraction of a second: shows scaling within a short run.
    #[default]
    M,
    /// Seconds: the size of the articles or larger.
    L,
}

impl Size {
    /// Every size, smallest first.
    pub const ALL: &[Self] = Self::VARIANTS;
}
