//! How tasks are run, and what one trial is.

use std::fmt;

use serde::{Deserialize, Serialize};
use strum::{IntoStaticStr, VariantArray};

use crate::format;

/// How the tasks of a workload are run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, VariantArray)]
pub enum Model {
    /// One lane, the plain loop: the baseline of every speed-up.
    Serial,
    /// Lanes of one program over one shared memory, all computing at once.
    Threads,
    /// The same lanes, but only the one that holds the lock computes, as in CPython.
    ThreadsGil,
    /// Lanes that are programs of their own; what goes in and out is copied.
    Processes,
    /// One event loop with so many requests in flight: for waiting, not for computing.
    Async,
    /// Each step of a pipeline by the model and the lanes that suit it; an experiment names them.
    ByBottleneck,
}

impl Model {
    /// Every model, in the order in which they are listed and drawn.
    pub const ALL: &[Self] = Self::VARIANTS;

    /// The model's name as DESIGN has it: the only one the interface uses.
    pub const fn name(self) -> &'static str {
        match self {
            Model::Serial => "serial",
            Model::Threads => "threads",
            Model::ThreadsGil => "threads + GIL",
            Model::Processes => "processes",
            Model::Async => "async",
            Model::ByBottleneck => "by bottleneck",
        }
    }

    /// Whether the model's lanes share one memory, which a browser allows on isolated pages only.
    pub const fn needs_shared_memory(self) -> bool {
        matches!(self, Model::Threads | Model::ThreadsGil)
    }
}

/// When a trial of `processes` starts its lanes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Start {
    /// Within every trial; the trial's time includes it, as `multiprocessing.Process` does.
    Cold,
    /// Before the first trial, and kept, as a `multiprocessing.Pool` that is used again.
    #[default]
    Warm,
}

/// What grows with the lanes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Scaling {
    /// Nothing: the same work is divided among more lanes (Amdahl's question: how much sooner?).
    #[default]
    Strong,
    /// The work: each lane brings as much as the one before (Gustafson's question: how much more?).
    Weak,
}

impl Scaling {
    /// How many times the workload is run at `lanes`.
    pub const fn copies(self, lanes: u32) -> u32 {
        match self {
            Self::Strong => 1,
            Self::Weak => lanes,
        }
    }
}

/// The call of `multiprocessing.Pool` that the tasks go through: it decides when, and in which
/// order, whoever waits for the results gets them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum PoolCall {
    /// All results at once, in the order of the tasks.
    #[default]
    Map,
    /// In the order of the tasks, each as soon as it and all before it are there.
    Imap,
    /// As they finish.
    ImapUnordered,
    /// As they finish, each task handed out by itself.
    ApplyAsync,
}

impl PoolCall {
    /// Every call, in the order in which they are offered.
    pub const ALL: &[Self] = Self::VARIANTS;

    /// The method's name in Python.
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// Whether it promises results in the order of the tasks.
    pub const fn promises_order(self) -> bool {
        matches!(self, PoolCall::Map | PoolCall::Imap)
    }
}
/// The most lanes that an experiment may ask for.
pub const MOST_LANES: u32 = 64;

/// One place on the chart: a model at a lane count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Point {
    /// How the tasks are run.
    pub model: Model,
    /// By how many lanes.
    pub lanes: u32,
}

/// By its name: "processes, 2 lanes".
impl fmt::Display for Point {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, {}", self.model.name(), format::count(self.lanes, "lane"))
    }
}

/// One workload, run once at one point.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trial {
    /// Unique in its session: messages that carry another trial's id are dropped.
    pub id: u32,
    /// The round that the trial belongs to; 0 is the warm-up, which is shown but never counted.
    pub round: u32,
    /// What is run.
    pub point: Point,
}

/// What becomes of the tasks that a killed lane had not answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum AfterKill {
    /// They are lost, as with `Process.kill()`.
    Lost,
    /// The other lanes run them, as `concurrent.futures` leaves it to its caller to do.
    Rerun,
}
