//! Which model to choose for a task of one's own, how many lanes, and what that gains here.
//!
//! The choice follows from what the work is; the gain from what was measured on this machine, by
//! Amdahl's law (1967) with the costs in place of its serial part: N lanes that compute `s` times as
//! fast as one need `T / s`, and beside it the time to start them and to bring them their data. Of N lanes that wait,
//! either each has its share of the tasks to wait for, or what they cannot share takes longer than that: the larger
//! of the two bounds (Denning and Buzen, *The operational analysis of queueing network models*, 1978).

mod choose;
mod gain;
mod python;

use strum::IntoStaticStr;

use crate::claim::{Evidence, Measurement, cpu};
use crate::cost::{Cost, Sharing};
use crate::domain::{MOST_LANES, Model, Network, Size};
use crate::experiment::Experiment;
use crate::stats::Estimate;
use crate::workload::WorkloadId;

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
    /// How much of that it waits, in ms, if it does both.
    pub wait_ms: f64,
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
            wait_ms: 25.0,
            task_kb: 10.0,
            must_be_killable: false,
            is_memory_scarce: false,
            has_async_library: true,
        }
    }
}

impl Task {
    /// How long one waits, in µs.
    pub fn wait_us(&self) -> f64 {
        match self.does {
            Does::Computes => 0.0,
            Does::Waits => self.task_ms * 1e3,
            Does::Both => self.wait_ms.min(self.task_ms) * 1e3,
        }
    }

    /// How long one computes, in µs.
    pub fn compute_us(&self) -> f64 {
        self.task_ms * 1e3 - self.wait_us()
    }
}

/// A figure with its interval, or why it is not known.
pub type Figure = Result<Estimate, String>;

/// What was measured here, as far as it was.
#[derive(Clone, Debug, PartialEq)]
pub struct MachineFigures {
    /// The cores that the machine reports.
    pub cores: u32,
    /// How many times as fast as one lane as many threads as cores compute.
    pub threads: Figure,
    /// The same of processes.
    pub processes: Figure,
    /// How long it takes to start as many processes as cores, in µs.
    pub start_us: Figure,
    /// How long it takes to bring 1 MB to another process, in µs.
    pub copy_us_per_mb: Figure,
    /// What each wait of a thread takes that lanes cannot share, in µs.
    pub thread_wait_us: Figure,
    /// The same of a process.
    pub process_wait_us: Figure,
    /// The same of one event loop.
    pub async_wait_us: Figure,
    /// Whether all of it was tried: what is not known then cannot be known by trying.
    pub is_complete: bool,
}

/// What to measure for [`MachineFigures`] on a machine with so many cores.
pub fn needs(cores: u32) -> Vec<Measurement> {
    let start = Cost::SpawnProcesses { lanes: lanes_for(cores).min(8) };
    let copy = Cost::Share { how: Sharing::Clone, bytes: 1 << 20 };
    vec![
        Measurement::Experiment(cpu(cores)),
        Measurement::Cost(start),
        Measurement::Cost(copy),
        Measurement::Experiment(waits()),
    ]
}

/// How many tasks wait at once where waiting is measured.
const WAITERS: u32 = 20;

/// Tasks that wait and do little else, with a lane for each. Each is a mail that is fetched and saved once; the 16
/// addresses of the claims write 800 times, which is what most of their time goes into.
fn waits() -> Experiment {
    Experiment {
        models: vec![Model::Serial, Model::ThreadsGil, Model::Processes, Model::Async],
        lane_counts: vec![WAITERS],
        size: Size::S,
        network: Network { latency_us: 20_000, ..Network::default() },
        max_rounds: 10,
        budget_ms: 8_000,
        ..Experiment::of(WorkloadId::Mailbox, 2)
    }
}

impl MachineFigures {
    /// What `evidence` holds of it.
    pub fn of(evidence: &Evidence, cores: u32) -> Self {
        let lanes = lanes_for(cores);
        let experiment = cpu(cores);
        let speed_up = |model| evidence.speed_up(&experiment, model, lanes);
        let waiting = waits();
        let latency_us = f64::from(waiting.network.latency_us);
        // With a lane for each task all wait at once: what is left of the time is shared by nobody.
        let wait = |model| {
            let time = evidence.time_us(&waiting, model, WAITERS)?;
            let each = |us: f64| (us - latency_us).max(0.0) / f64::from(WAITERS);
            Ok(Estimate { value: each(time.value), lo: each(time.lo), hi: each(time.hi) })
        };
        Self {
            cores,
            threads: speed_up(Model::Threads),
            processes: speed_up(Model::Processes),
            start_us: evidence.cost(Cost::SpawnProcesses { lanes: lanes.min(8) }),
            copy_us_per_mb: evidence.cost(Cost::Share { how: Sharing::Clone, bytes: 1 << 20 }),
            thread_wait_us: wait(Model::ThreadsGil),
            process_wait_us: wait(Model::Processes),
            async_wait_us: wait(Model::Async),
            is_complete: needs(cores).iter().all(|need| evidence.found(need).is_some()),
        }
    }
}

/// How many threads fetch for processes that compute.
const FETCHERS: u32 = 16;

/// As many lanes as a choice is advised with; requests in flight for one event loop.
fn lanes_of(choice: Choice, task: &Task, cores: u32) -> u32 {
    let most = task.tasks.max(1);
    match (choice, task.does) {
        (Choice::Loop, _) => 1,
        (Choice::Threads, Does::Waits) => most.min(MOST_LANES / 2),
        // While one of them computes, the others wait: so many keep a core busy (Goetz, *Java
        // Concurrency in Practice*, 2006).
        (Choice::Threads, Does::Both) => {
            let each = task.task_ms * 1e3 / task.compute_us().max(1e-3);
            most.min((f64::from(cores) * each).ceil().min(f64::from(MOST_LANES / 2)) as u32).max(1)
        }
        (Choice::Processes, Does::Waits) => most.min(FETCHERS),
        // As many as an experiment has, so that what is told can be tried.
        (Choice::Async, _) => most.min(MOST_LANES),
        (Choice::Threads | Choice::Processes | Choice::Both, _) => cores.min(most).max(1),
    }
}

/// As many lanes as the experiments of the claims have for so many cores.
fn lanes_for(cores: u32) -> u32 {
    cores.clamp(2, 16)
}

/// How a task is best run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
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
    /// In attributes.
    pub fn id(self) -> &'static str {
        self.into()
    }

    /// So many lanes of it, for people.
    pub fn headline(self, lanes: u32) -> String {
        match (self, lanes) {
            (Choice::Loop, _) => "Leave it a plain loop.".to_owned(),
            (Choice::Async, 1) => "One event loop, with one request at a time.".to_owned(),
            (Choice::Async, _) => format!("One event loop, with up to {lanes} requests in flight."),
            (Choice::Both, 1) => "Threads that fetch, and one process that computes.".to_owned(),
            (Choice::Both, _) => format!("Threads that fetch, and {lanes} processes that compute."),
            (Choice::Threads, 1) => "One thread.".to_owned(),
            (Choice::Processes, 1) => "One process.".to_owned(),
            (Choice::Threads | Choice::Processes, _) => format!("{lanes} {}.", self.name()),
        }
    }

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
    pub fn of(task: &Task, measured: &MachineFigures) -> Self {
        let (choice, because) = choose::choose(task, measured);
        let lanes = lanes_of(choice, task, measured.cores);
        let gain = gain::gain(choice, task, measured);
        Self { choice, lanes, because, gain, python: python::program(choice, task, lanes) }
    }
}

#[cfg(test)]
mod tests;
