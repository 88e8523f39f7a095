//! What a trial did otherwise than its experiment asked.

use std::fmt;

use serde::{Deserialize, Serialize};
use strum::VariantArray;

/// What a trial did otherwise than the experiment asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, VariantArray)]
pub enum Fallback {
    /// There is no service worker to simulate a network: the bytes came from this site.
    NoSimulation,
    /// Files cannot be written at once from a worker: they were written as streams.
    StreamedFiles,
    /// There are no files: the browser's cache was written to instead.
    CachedFiles,
    /// The service worker answers, but not for processes: the bytes came from this site for every model.
    NoSimulationInProcesses,
}

impl Fallback {
    /// All of them.
    pub const ALL: &[Self] = Self::VARIANTS;

    /// Whether the bytes came from this site although a simulated network was asked for.
    pub const fn is_of_network(self) -> bool {
        matches!(self, Self::NoSimulation | Self::NoSimulationInProcesses)
    }
}

impl fmt::Display for Fallback {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoSimulation => {
                "The network could not be simulated, as this browser runs no service worker here (a private window, or a frame of another site). The files came from this site, with whatever latency it has. Open Lanes in a window of its own to have the simulation."
            }
            Self::StreamedFiles => {
                "This browser does not let workers write files at once, so they were written as streams, which takes longer."
            }
            Self::CachedFiles => {
                "This browser has no files for pages, so the lanes wrote into its cache instead."
            }
            Self::NoSimulationInProcesses => {
                "The network could not be simulated for processes, as this browser’s service workers do not answer for workers that a worker starts. So that all models are compared over one network, the files came from this site for all of them, with whatever latency it has. Leave processes out to have the simulation."
            }
        })
    }
}
