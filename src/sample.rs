//! What one trial measured, before anything is concluded from it.
//!
//! Every time is in microseconds; those of a trial count from its begin.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::plan::Trial;
use crate::workload::io::Counts;

/// What one trial measured.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sample {
    /// The trial that measured it.
    pub trial: Trial,
    /// From the first lane's start (cold) or the first task's hand-out (warm) to the last answer, in µs.
    pub total_us: f64,
    /// Where the time went.
    pub split: Split,
    /// What each lane did and when. A lane's segments follow each other in time, with or without gaps.
    pub lanes: Vec<Vec<Segment>>,
    /// When the first result was delivered, in µs since the trial's begin.
    pub first_result_us: f64,
    /// Whether the results were delivered in the order of the tasks.
    pub in_order: bool,
    /// The tasks that were lost with a lane that was killed.
    pub lost_tasks: u32,
    /// The tasks whose request or file failed, with the reasons; the others went on. A sample with
    /// such tasks is never averaged with one that has none.
    pub failed_tasks: Vec<FailedTask>,
    /// What could not be done as the experiment asks, and was done otherwise.
    pub fallbacks: Vec<Fallback>,
    /// What a pipeline counted.
    pub counts: Option<Counts>,
    /// The workload's checksum of all outputs.
    pub checksum: u64,
    /// The wasm memories that the trial's lanes had, in bytes, added up.
    pub memory_bytes: u64,
}

impl Sample {
    /// A trial that took `total_us` and whose lanes did that; nothing else is known of it.
    pub fn new(trial: Trial, total_us: f64, lanes: Vec<Vec<Segment>>) -> Self {
        Self {
            trial,
            total_us,
            split: Split::default(),
            lanes,
            first_result_us: 0.0,
            in_order: true,
            lost_tasks: 0,
            failed_tasks: Vec::new(),
            fallbacks: Vec::new(),
            counts: None,
            checksum: 0,
            memory_bytes: 0,
        }
    }
}

/// Where a trial's time went, in microseconds: `spawn` and `join` of the whole trial, the others
/// added up over its lanes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Split {
    /// Until every lane was ready for work; zero when lanes are kept.
    pub spawn_us: f64,
    /// Copying inputs into the lanes' memories.
    pub copy_in_us: f64,
    /// Computing.
    pub compute_us: f64,
    /// Waiting for the GIL.
    pub wait_us: f64,
    /// Waiting for answers to requests.
    pub fetch_us: f64,
    /// Writing into files or a database.
    pub write_us: f64,
    /// Copying outputs out of the lanes' memories.
    pub copy_out_us: f64,
    /// From the last lane's last work to the trial's end.
    pub join_us: f64,
}

/// What a lane does during a segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Activity {
    /// It is being started.
    Spawn,
    /// Inputs are copied into its memory.
    CopyIn,
    /// It computes; under a GIL, it holds the lock.
    Compute,
    /// It waits for the GIL.
    WaitGil,
    /// Its outputs are copied out of its memory.
    CopyOut,
    /// It waits for the answer to a request; under a GIL, without the lock.
    Fetch,
    /// It writes into a file or a database; under a GIL, without the lock.
    Write,
}

impl Activity {
    /// Every activity, in the order in which they are listed and in which their numbers count.
    pub const ALL: [Activity; 7] = [
        Activity::Spawn,
        Activity::CopyIn,
        Activity::Compute,
        Activity::WaitGil,
        Activity::CopyOut,
        Activity::Fetch,
        Activity::Write,
    ];

    /// The activity's name in attributes; its colour is the style sheet's custom property of that name.
    pub const fn id(self) -> &'static str {
        match self {
            Activity::Spawn => "spawn",
            Activity::CopyIn => "copy-in",
            Activity::Compute => "compute",
            Activity::WaitGil => "wait-gil",
            Activity::CopyOut => "copy-out",
            Activity::Fetch => "fetch",
            Activity::Write => "write",
        }
    }

    /// The activity's name for people.
    pub const fn name(self) -> &'static str {
        match self {
            Activity::Spawn => "starting",
            Activity::CopyIn => "copying in",
            Activity::Compute => "computing",
            Activity::WaitGil => "waiting for the GIL",
            Activity::CopyOut => "copying out",
            Activity::Fetch => "fetching",
            Activity::Write => "writing",
        }
    }
}

/// A stretch of a lane's time.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Segment {
    /// What the lane does.
    pub activity: Activity,
    /// When it begins, in µs since the trial's begin.
    pub start_us: f64,
    /// When it ends, in µs since the trial's begin.
    pub end_us: f64,
}

impl Segment {
    /// How long it lasts, in µs.
    pub fn duration_us(&self) -> f64 {
        self.end_us - self.start_us
    }
}

impl Split {
    /// What the lanes' segments show of a trial that took `total_us`: lanes are spawned until the
    /// last is ready, and joined from the last one's end.
    pub fn of_trial(lanes: &[Vec<Segment>], total_us: f64) -> Self {
        let mut split = Self::default();
        let mut last_end_us = 0.0_f64;
        for segment in lanes.iter().flatten() {
            last_end_us = last_end_us.max(segment.end_us);
            let part = match segment.activity {
                Activity::Spawn => {
                    split.spawn_us = split.spawn_us.max(segment.end_us);
                    continue;
                }
                Activity::CopyIn => &mut split.copy_in_us,
                Activity::Compute => &mut split.compute_us,
                Activity::WaitGil => &mut split.wait_us,
                Activity::CopyOut => &mut split.copy_out_us,
                Activity::Fetch => &mut split.fetch_us,
                Activity::Write => &mut split.write_us,
            };
            *part += segment.duration_us();
        }
        split.join_us = (total_us - last_end_us).max(0.0);
        split
    }
}

/// A task that came to no good end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FailedTask {
    /// Its place among the workload's tasks: with addresses of the visitor's own, the address's place.
    pub task: u32,
    /// Why.
    pub reason: TaskError,
}

/// Why a task of I/O-bound work failed. Its trial goes on with the others.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum TaskError {
    /// There was no answer to be had: no connection, or one that the browser keeps to itself, as
    /// another site does not allow this page to read it. Browsers do not tell which.
    NoAnswer,
    /// The browser is offline.
    Offline,
    /// The answer is an error; its HTTP status.
    Status(u16),
    /// The body stopped before its end.
    HalfBody,
    /// The answer had not come to its end after so many milliseconds.
    TimedOut(u32),
    /// There is no room left for files.
    DiskFull,
    /// The file or the database could not be written; the browser's reason.
    NotWritten(String),
    /// What came is no mail.
    NoMail,
}

impl fmt::Display for TaskError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoAnswer => write!(
                f,
                "no answer: the connection failed, or the site does not allow this page to read it (CORS)"
            ),
            Self::Offline => write!(f, "the browser is offline"),
            Self::Status(404) => write!(f, "not found (404)"),
            Self::Status(status) => write!(f, "the server answered with an error ({status})"),
            Self::HalfBody => write!(f, "the answer stopped half-way"),
            Self::TimedOut(ms) => write!(f, "no end after {} s", f64::from(*ms) / 1e3),
            Self::DiskFull => {
                write!(f, "there is no room left for files: free some, or choose a smaller size")
            }
            Self::NotWritten(reason) => write!(f, "it could not be written ({reason})"),
            Self::NoMail => write!(f, "what came is no mail"),
        }
    }
}

/// What a trial did otherwise than the experiment asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
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
    pub const ALL: [Fallback; 4] =
        [Self::NoSimulation, Self::StreamedFiles, Self::CachedFiles, Self::NoSimulationInProcesses];

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

/// Why a trial measured nothing. The session goes on without it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum TrialError {
    /// Threads need a shared memory, and the page is not isolated.
    NotIsolated,
    /// A worker could not be loaded or started; the browser's reason.
    WorkerFailed(String),
    /// The worker comes from another build than the page.
    OtherBuild {
        /// The build of the worker.
        worker: String,
    },
    /// Nothing was heard of the trial for so many seconds.
    Silent {
        /// How long was waited, in seconds.
        seconds: u32,
    },
    /// The answer differs from the serial one.
    WrongChecksum {
        /// The serial run's checksum.
        expected: u64,
        /// The trial's.
        found: u64,
    },
    /// A lane trapped or threw: the browser's reason.
    LaneDied(String),
    /// The machine or the browser gave no more memory.
    OutOfMemory,
    /// The page was hidden during the trial: its time means nothing, and it is run again.
    Hidden,
    /// The machine slept during the trial, or the browser had stopped the page: it is run again.
    Asleep,
    /// The visitor stopped the run.
    Stopped,
}

impl TrialError {
    /// Whether the trial says nothing, and is to be run again: nothing was wrong with it.
    pub fn is_void(&self) -> bool {
        matches!(self, Self::Hidden | Self::Asleep)
    }
}

impl fmt::Display for TrialError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotIsolated => write!(
                f,
                "Threads share a memory, which this browser allows only on isolated pages; this page is not isolated."
            ),
            Self::WorkerFailed(reason) => {
                write!(f, "A worker could not be started: {reason}. Reload the page to try again.")
            }
            Self::OtherBuild { worker } => write!(
                f,
                "The worker comes from another build of Lanes ({worker}). Reload the page to have both from one."
            ),
            Self::Silent { seconds } => {
                write!(f, "Nothing was heard of this trial for {seconds} s, so it was ended.")
            }
            Self::WrongChecksum { expected, found } => write!(
                f,
                "The answer is wrong: checksum {found:016x}, but the serial run has {expected:016x}. Its time is not counted."
            ),
            Self::LaneDied(reason) => write!(f, "A lane died in mid-work: {reason}."),
            Self::OutOfMemory => {
                write!(f, "There was no memory left for this trial: choose fewer lanes or a smaller size.")
            }
            Self::Hidden => write!(f, "The page was hidden during this trial, so it is run again."),
            Self::Asleep => write!(f, "The machine was asleep during this trial, so it is run again."),
            Self::Stopped => write!(f, "Stopped."),
        }
    }
}

impl std::error::Error for TrialError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn activities_are_listed_in_the_order_of_their_numbers() {
        assert!(Activity::ALL.iter().enumerate().all(|(number, &activity)| activity as usize == number));
    }

    #[test]
    fn a_split_adds_up_what_lanes_did() {
        let segment = |activity, start_us, end_us| Segment { activity, start_us, end_us };
        let lanes = [
            vec![
                segment(Activity::Spawn, 0.0, 5.0),
                segment(Activity::CopyIn, 5.0, 6.0),
                segment(Activity::Compute, 6.0, 16.0),
            ],
            vec![
                segment(Activity::WaitGil, 5.0, 7.0),
                segment(Activity::Compute, 7.0, 10.0),
                segment(Activity::CopyOut, 10.0, 10.5),
            ],
        ];
        let split = Split::of_trial(&lanes, 20.0);
        assert_eq!(
            split,
            Split {
                spawn_us: 5.0,
                copy_in_us: 1.0,
                compute_us: 13.0,
                wait_us: 2.0,
                copy_out_us: 0.5,
                join_us: 4.0,
                ..Split::default()
            }
        );
    }
}
