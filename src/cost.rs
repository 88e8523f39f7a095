//! What lanes cost beside the computing: to start them, to hand them data, to end them, and to
//! leave the page time to draw, and the memory that they hold. Each is measured by itself.

use std::fmt;

use serde::{Deserialize, Serialize};
use strum::VariantArray;

use crate::domain::{AfterKill, Model};
use crate::experiment::Experiment;
use crate::stats::{Estimate, Median};

/// How data reach another lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, VariantArray)]
pub enum Sharing {
    /// A copy is sent, as through a queue or a pipe.
    Clone,
    /// The memory changes hands; the sender has it no more.
    Transfer,
    /// Both see the same memory.
    Shared,
}

impl Sharing {
    /// Every way.
    pub const ALL: &[Self] = Self::VARIANTS;

    /// The way's name.
    pub const fn name(self) -> &'static str {
        match self {
            Sharing::Clone => "clone",
            Sharing::Transfer => "transfer",
            Sharing::Shared => "shared memory",
        }
    }
}

/// Whose thread does long work while the page wants to draw.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum WorkPlace {
    /// The page's own.
    Page,
    /// A worker's.
    Worker,
}

/// What a cost is a cost of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, VariantArray)]
pub enum CostGroup {
    /// Starting lanes.
    Start,
    /// Handing data to another lane.
    HandOver,
    /// Ending lanes in mid-work.
    End,
    /// Work that goes on while the page wants to draw.
    Page,
    /// Keeping lanes.
    Memory,
}

impl CostGroup {
    /// Every group, in the order in which they are shown.
    pub const ALL: &[Self] = Self::VARIANTS;

    /// What the group's times are, in a few words.
    pub const fn title(self) -> &'static str {
        match self {
            CostGroup::Start => "Until lanes wait for work",
            CostGroup::HandOver => "Until another lane has seen the data and answered",
            CostGroup::End => "Until a lane in mid-work has ended",
            CostGroup::Page => "Longest time without a new frame",
            CostGroup::Memory => "Memory with 9 MB of inputs that all lanes need",
        }
    }
}

/// One thing that costs time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Cost {
    /// Until so many threads wait for work.
    StartThreads {
        /// How many.
        lanes: u32,
    },
    /// Until so many processes wait for work.
    SpawnProcesses {
        /// How many.
        lanes: u32,
    },
    /// Until another lane has had the data and has answered.
    Share {
        /// How they reach it.
        how: Sharing,
        /// How many bytes.
        bytes: u32,
    },
    /// Until a process lane in mid-work is ended.
    KillProcess {
        /// What becomes of its tasks.
        after: AfterKill,
    },
    /// Until a thread lane in mid-work has ended because it was asked to.
    AskThread,
    /// The longest time in which the page could not draw while work went on.
    FrameGap {
        /// Where it went on.
        place: WorkPlace,
    },
    /// The wasm memories of lanes that have just multiplied two matrices, added up.
    Memory {
        /// Whose lanes.
        model: Model,
        /// How many.
        lanes: u32,
    },
}

/// What a cost is counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Microseconds.
    Time,
    /// Bytes.
    Memory,
}

impl Cost {
    /// What is compared with what: costs of one group stand together.
    pub const fn group(self) -> CostGroup {
        match self {
            Cost::StartThreads { .. } | Cost::SpawnProcesses { .. } => CostGroup::Start,
            Cost::Share { .. } => CostGroup::HandOver,
            Cost::KillProcess { .. } | Cost::AskThread => CostGroup::End,
            Cost::FrameGap { .. } => CostGroup::Page,
            Cost::Memory { .. } => CostGroup::Memory,
        }
    }

    /// What it is counted in.
    pub const fn unit(self) -> Unit {
        match self {
            Cost::Memory { .. } => Unit::Memory,
            _ => Unit::Time,
        }
    }

    /// How often it is measured: what takes long is measured less often.
    pub const fn repetitions(self) -> u32 {
        match self {
            Cost::Share { bytes, .. } if bytes <= 1 << 20 => 20,
            Cost::Share { .. } => 7,
            Cost::FrameGap { .. } => 3,
            // The same every time.
            Cost::Memory { .. } => 1,
            Cost::StartThreads { .. }
            | Cost::SpawnProcesses { .. }
            | Cost::KillProcess { .. }
            | Cost::AskThread => 7,
        }
    }

    /// Whether each measurement needs workers that have done nothing before.
    pub const fn needs_fresh_workers(self) -> bool {
        matches!(
            self,
            Cost::StartThreads { .. } | Cost::AskThread | Cost::KillProcess { .. } | Cost::Memory { .. }
        )
    }

    /// Whether it takes a shared memory, or a look into another lane's, which a browser allows on isolated pages only.
    pub const fn needs_shared_memory(self) -> bool {
        matches!(self, Cost::StartThreads { .. } | Cost::AskThread | Cost::Share { how: Sharing::Shared, .. })
    }

    /// Everything that is measured on a machine with so many cores, in the order in which it is shown.
    pub fn all(cores: u32) -> Vec<Cost> {
        let counts = Experiment::for_cores(cores.min(8)).lane_counts;
        let mut costs = Vec::new();
        costs.extend(counts.iter().map(|&lanes| Cost::StartThreads { lanes }));
        costs.extend(counts.iter().map(|&lanes| Cost::SpawnProcesses { lanes }));
        for bytes in [1 << 10, 1 << 20, 16 << 20, 64 << 20] {
            costs.extend(Sharing::ALL.iter().copied().map(|how| Cost::Share { how, bytes }));
        }
        costs.extend([AfterKill::Lost, AfterKill::Rerun].map(|after| Cost::KillProcess { after }));
        costs.push(Cost::AskThread);
        costs.extend([WorkPlace::Page, WorkPlace::Worker].map(|place| Cost::FrameGap { place }));
        for model in [Model::Threads, Model::Processes] {
            costs.extend(counts.iter().map(|&lanes| Cost::Memory { model, lanes }));
        }
        costs
    }
}

impl fmt::Display for Cost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Cost::StartThreads { lanes: 1 } => write!(f, "1 thread"),
            Cost::StartThreads { lanes } => write!(f, "{lanes} threads"),
            Cost::SpawnProcesses { lanes: 1 } => write!(f, "1 process"),
            Cost::SpawnProcesses { lanes } => write!(f, "{lanes} processes"),
            Cost::Share { how, bytes } if bytes < 1 << 20 => write!(f, "{} KB, {}", bytes >> 10, how.name()),
            Cost::Share { how, bytes } => write!(f, "{} MB, {}", bytes >> 20, how.name()),
            Cost::KillProcess { after: AfterKill::Lost } => {
                write!(f, "1 of 2 processes, killed; its task is lost")
            }
            Cost::KillProcess { after: AfterKill::Rerun } => {
                write!(f, "1 of 2 processes, killed; the other reruns its task")
            }
            Cost::AskThread => write!(f, "2 threads, asked to stop"),
            Cost::FrameGap { place: WorkPlace::Page } => write!(f, "work on the page's own thread"),
            Cost::FrameGap { place: WorkPlace::Worker } => write!(f, "work on a worker"),
            Cost::Memory { model: Model::Threads, lanes: 1 } => write!(f, "held by 1 thread"),
            Cost::Memory { model: Model::Processes, lanes: 1 } => write!(f, "held by 1 process"),
            Cost::Memory { model, lanes } => write!(f, "held by {lanes} {}", model.name()),
        }
    }
}

/// What one measurement of a cost found.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct CostSample {
    /// How much, in the cost's unit.
    pub value: f64,
    /// With a kill: the tasks that were lost. Otherwise 0.
    pub lost_tasks: u32,
    /// With a kill: the tasks that were done all the same. Otherwise 0.
    pub done_tasks: u32,
}

impl CostSample {
    /// A sample that is a figure and nothing else, in the cost's unit.
    pub const fn of(value: f64) -> Self {
        Self { value, lost_tasks: 0, done_tasks: 0 }
    }
}

/// What is known of one cost.
#[derive(Clone, Debug, PartialEq)]
pub struct CostSummary {
    /// The cost.
    pub cost: Cost,
    /// Its median with its interval, in its unit; `None` if it was not measured.
    pub figure: Option<Estimate>,
    /// What it rests on.
    pub samples: Vec<CostSample>,
    /// What the last kill lost and what was done, in tasks.
    pub tasks: Option<(u32, u32)>,
    /// Why it was not measured.
    pub error: Option<String>,
}

impl CostSummary {
    /// What `samples` say of `cost`.
    pub fn of(cost: Cost, samples: &[CostSample], error: Option<String>) -> Self {
        let values: Vec<f64> = samples.iter().map(|sample| sample.value).collect();
        let is_kill = matches!(cost, Cost::KillProcess { .. });
        Self {
            cost,
            figure: Median::of(&values).map(|median| median.estimate().in_steps()),
            samples: samples.to_vec(),
            tasks: samples.last().filter(|_| is_kill).map(|sample| (sample.lost_tasks, sample.done_tasks)),
            error,
        }
    }
}

/// What measuring the costs tells as it goes.
#[derive(Clone, Debug, PartialEq)]
pub enum CostEvent {
    /// This is measured now.
    Measuring {
        /// The cost.
        cost: Cost,
        /// How many are measured.
        done: u32,
        /// How many there are.
        all: u32,
    },
    /// This was measured, or could not be.
    Measured(CostSummary),
    /// It is over: all was measured, or the visitor stopped it.
    Finished,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cost_is_named_once() {
        for cores in [1, 2, 6, 64] {
            let names: Vec<_> = Cost::all(cores).iter().map(Cost::to_string).collect();
            let mut unique = names.clone();
            unique.sort();
            unique.dedup();
            assert_eq!(unique.len(), names.len(), "{cores} cores");
        }
    }

    #[test]
    fn a_summary_has_the_median_and_what_a_kill_left() {
        let samples = [3.0, 1.0, 2.0].map(|value| CostSample { value, lost_tasks: 1, done_tasks: 63 });
        let kill = CostSummary::of(Cost::KillProcess { after: AfterKill::Lost }, &samples, None);
        assert!((kill.figure.unwrap().value - 2.0).abs() < 1e-3);
        assert_eq!(kill.tasks, Some((1, 63)));
        let start = CostSummary::of(Cost::StartThreads { lanes: 2 }, &samples, None);
        assert_eq!(start.tasks, None);
        assert_eq!(CostSummary::of(Cost::AskThread, &[], Some("why".into())).figure, None);
    }
}
