//! Which model to choose for a task of one's own, how many lanes, and what that gains here.
//!
//! The choice follows from what the work is; the gain from what was measured on this machine, by
//! Amdahl's law (1967) with the costs in place of its serial part: N lanes that compute `s` times as
//! fast as one need `T / s`, and beside it the time to start them and to bring them their data.

mod choose;
mod python;

use crate::claim::{Evidence, Need, cpu};
use crate::cost::{Cost, Sharing};
use crate::experiment::{MOST_LANES, Model};
use crate::stats::Estimate;

/// What a task does most of its time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Does {
    /// It computes.
    Computes,
    /// It waits for a network or a disk.
    Waits,
    /// It waits for data, then computes with them.
    Both,
}

/// What computes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    /// Python, interpreted under the GIL.
    Python,
    /// Native code that lets go of the GIL, as NumPy's does.
    Native,
    /// Python without a GIL: a free-threaded build, or another language.
    Free,
}

/// A task of the visitor's own.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Task {
    /// What it does.
    pub does: Does,
    /// What computes in it.
    pub code: Code,
    /// How many there are.
    pub tasks: u32,
    /// How long one takes on one lane, in ms.
    pub task_ms: f64,
    /// How much data goes to one and back, in KB.
    pub task_kb: f64,
    /// Whether one must be ended in mid-work, whatever it does.
    pub must_be_killable: bool,
    /// Whether memory is too scarce for every lane to have its own copy of the program and its data.
    pub is_memory_scarce: bool,
    /// Whether there is an asynchronous library for what it waits for.
    pub has_async_library: bool,
}

impl Default for Task {
    fn default() -> Self {
        Self {
            does: Does::Computes,
            code: Code::Python,
            tasks: 100,
            task_ms: 50.0,
            task_kb: 10.0,
            must_be_killable: false,
            is_memory_scarce: false,
            has_async_library: true,
        }
    }
}

/// What was measured here, as far as it was.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Measured {
    /// The cores that the machine reports.
    pub cores: u32,
    /// How many times as fast as one lane as many threads as cores compute.
    pub threads: Option<Estimate>,
    /// The same of processes.
    pub processes: Option<Estimate>,
    /// How long it takes to start as many processes as cores, in µs.
    pub start_us: Option<Estimate>,
    /// How long it takes to bring 1 MB to another process, in µs.
    pub copy_us_per_mb: Option<Estimate>,
}

/// What to measure for [`Measured`] on a machine with so many cores.
pub fn needs(cores: u32) -> Vec<Need> {
    let start = Cost::SpawnProcesses { lanes: lanes_for(cores).min(8) };
    let copy = Cost::Share { how: Sharing::Clone, bytes: 1 << 20 };
    vec![Need::Experiment(cpu(cores)), Need::Cost(start), Need::Cost(copy)]
}

impl Measured {
    /// What `evidence` holds of it.
    pub fn of(evidence: &Evidence, cores: u32) -> Self {
        let lanes = lanes_for(cores);
        let experiment = cpu(cores);
        let speed_up = |model| evidence.speed_up(&experiment, model, lanes).ok();
        Self {
            cores,
            threads: speed_up(Model::Threads),
            processes: speed_up(Model::Processes),
            start_us: evidence.cost(Cost::SpawnProcesses { lanes: lanes.min(8) }).ok(),
            copy_us_per_mb: evidence.cost(Cost::Share { how: Sharing::Clone, bytes: 1 << 20 }).ok(),
        }
    }
}

/// As many lanes as the experiments of the claims have for so many cores.
fn lanes_for(cores: u32) -> u32 {
    cores.clamp(2, 16)
}

/// How a task is best run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// The plain loop.
    Loop,
    /// Threads.
    Threads,
    /// Processes.
    Processes,
    /// One event loop.
    Async,
    /// Threads that fetch, processes that compute.
    Both,
}

impl Choice {
    /// For people.
    pub const fn name(self) -> &'static str {
        match self {
            Choice::Loop => "the plain loop",
            Choice::Threads => "threads",
            Choice::Processes => "processes",
            Choice::Async => "one event loop",
            Choice::Both => "threads that fetch and processes that compute",
        }
    }
}

/// What to do with a task.
#[derive(Clone, Debug, PartialEq)]
pub struct Advice {
    /// How to run it.
    pub choice: Choice,
    /// With how many lanes; requests in flight for one event loop.
    pub lanes: u32,
    /// Why.
    pub because: Vec<String>,
    /// How many times as fast as the plain loop that is here, or why it cannot be told and what to
    /// measure.
    pub gain: Result<Estimate, String>,
    /// The same in Python.
    pub python: String,
}

impl Advice {
    /// What to do with `task` on a machine of which that much was measured.
    pub fn of(task: &Task, measured: &Measured) -> Self {
        let (choice, because) = choose::choose(task, measured);
        let lanes = match choice {
            Choice::Loop => 1,
            Choice::Threads if task.does == Does::Waits => task.tasks.clamp(1, MOST_LANES / 2),
            Choice::Async => task.tasks.clamp(1, 100),
            Choice::Threads | Choice::Processes | Choice::Both => measured.cores.min(task.tasks).max(1),
        };
        let gain = choose::gain(choice, task, measured);
        Self { choice, lanes, because, gain, python: python::program(choice, task, lanes) }
    }
}

#[cfg(test)]
mod tests;
