//! By which program a workload is done.

use serde::{Deserialize, Serialize};
use strum::VariantArray;

/// The program that does a workload's tasks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, VariantArray)]
pub enum Program {
    /// Lanes' own, compiled.
    #[default]
    Compiled,
    /// The workload's in Python, by an interpreter.
    Python,
}

impl Program {
    /// Every program, in the order in which they are offered.
    pub const ALL: &[Self] = Self::VARIANTS;
}
