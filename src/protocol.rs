//! Every message that crosses to or from a worker, as postcard bytes.
//!
//! A worker has one [`Role`]. A *coordinator* belongs to the page and runs trials; a *lane* is a process and belongs to a
//! coordinator. An interpreter of Python, which a coordinator owns as well, is spoken to by its driver. Inputs and outputs of tasks cross beside their message, as data of their own. The first message from a
//! worker is [`Ready`]; what is sent before it is lost. Every message about a trial, a cost or a pitfall carries its id,
//! and those that come late are dropped.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::cost::{Cost, CostSample};
use crate::domain::{Fallback, Model, PythonError, Segment, TaskError, TrialError};
use crate::pitfall::Pitfall;
use crate::sample::Sample;
use crate::trial::Order;
use crate::workload::{Preview, Storage, WorkloadId};

/// What a worker is there for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Runs trials, costs and pitfalls for the page.
    Coordinator,
    /// Does tasks for a coordinator, as its lane of that number.
    Lane(u32),
}

/// The role as the worker's name has it: a worker knows its own name from the beginning.
impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Role::Coordinator => write!(f, "coordinator"),
            Role::Lane(number) => write!(f, "process {number}"),
        }
    }
}

impl Role {
    /// The role of a worker of that name.
    pub fn of(name: &str) -> Self {
        let number = name.strip_prefix("process ").and_then(|number| number.parse().ok());
        number.map_or(Role::Coordinator, Role::Lane)
    }
}

/// The first message of every worker: it is loaded and listens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ready {
    /// The build that it comes from.
    pub build: String,
    /// Where its [`crate::job::Gauge`] lies in its memory, in bytes.
    pub gauge: u32,
}

/// Names one measurement of a cost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CostId(pub u32);

/// Names one run of a pitfall.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PitfallId(pub u32);

/// From the page to a coordinator.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum ToCoordinator {
    /// Run this trial, and tell how it goes by [`FromCoordinator::Trial`].
    Run(Order),
    /// End the trial that runs.
    Stop,
    /// Workloads that are about a picture take this one from now on. The data are its pixels' grey, row by row.
    Picture {
        /// Its columns.
        width: u32,
        /// Its rows.
        height: u32,
    },
    /// Measure this cost once, and answer with [`FromCoordinator::Cost`]. Never one that only the page can measure.
    Measure(CostId, Cost),
    /// Run this pitfall once on so many lanes, and tell how it goes by [`FromCoordinator::Pitfall`].
    RunPitfall(PitfallId, Pitfall, u32),
    /// End all lanes and answer with [`FromCoordinator::Ended`]; its own end follows.
    End,
}

/// From a coordinator to the page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum FromCoordinator {
    /// News of the trial with that id.
    Trial(u32, TrialNews),
    /// What a person is shown of the answers; once, after the first trial that has some.
    Preview(Preview),
    /// What came of measuring a cost.
    Cost(CostId, Result<CostSample, TrialError>),
    /// News of a pitfall.
    Pitfall(PitfallId, PitfallNews),
    /// The lanes are told to end.
    Ended {
        /// Whether there ever was one.
        had_lanes: bool,
    },
}

/// How a trial goes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum TrialNews {
    /// Inputs and lanes are there, and the trial's time begins.
    Begun {
        /// The units of work that it has, where that is known; see [`crate::job::Job::units`].
        units: Option<u64>,
    },
    /// So much is done. Told where the page cannot read the worker's memory.
    Progress {
        /// The units that are done, over all lanes.
        units: u64,
    },
    /// It is over.
    Ended(Result<Box<Sample>, TrialError>),
}

/// How a pitfall goes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum PitfallNews {
    /// Its lanes begin.
    Begun,
    /// Its lanes have ended, if they ever do.
    Ended(Result<PitfallEnd, TrialError>),
}

/// What the lanes of a pitfall came to.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct PitfallEnd {
    /// From their begin to their end, in µs.
    pub us: f64,
    /// What the lanes of a race have added up to.
    pub sum: u32,
}

/// From a coordinator to a lane.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum ToLane {
    /// Make ready to wait, and answer with [`FromLane::Prepared`].
    Prepare {
        /// The trial.
        trial: u32,
        /// What the lane needs.
        setup: LaneSetup,
    },
    /// Say whether the network is simulated for this lane, by [`FromLane::Simulated`].
    AskSimulated,
    /// Here is what every task of the trial shares; answer with [`FromLane::Loaded`].
    Load {
        /// The trial.
        trial: u32,
        /// When it began, on the clock that all workers share, in µs.
        begin_us: f64,
        /// What is run. The data are its shared inputs, as postcard bytes.
        workload: WorkloadId,
    },
    /// Do these tasks, and answer with [`FromLane::Done`].
    Do {
        /// The trial.
        trial: u32,
        /// The first task's number in its step; the others follow it. The data are the tasks, as postcard bytes.
        first: u32,
    },
    /// Look at the data that come with this, and answer with [`FromLane::Touched`].
    Touch {
        /// How many bytes there are.
        bytes: u32,
    },
}

/// From a lane to its coordinator.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum FromLane {
    /// It is ready to wait.
    Prepared {
        /// The trial.
        trial: u32,
        /// What it will do otherwise than the experiment asks.
        fallback: Option<Fallback>,
    },
    /// Whether the network is simulated for it.
    Simulated(bool),
    /// The shared inputs are there.
    Loaded {
        /// The trial.
        trial: u32,
        /// From the message's arrival until the inputs were there, in µs since the trial's begin.
        copy_in: Segment,
        /// The size of the lane's memory, in bytes.
        memory_bytes: u64,
    },
    /// What came of tasks that were handed out together.
    Done {
        /// The trial.
        trial: u32,
        /// The first task's number in its step; the others follow it. The data are what came of each, as postcard bytes.
        first: u32,
        /// Whether the lane was stopped, and there are no outputs.
        is_stopped: bool,
        /// What the lane did from the message's arrival until it sent this one, in µs since the trial's begin.
        segments: Vec<Segment>,
        /// The size of the lane's memory, in bytes.
        memory_bytes: u64,
    },
    /// The data have arrived and every page of them was looked at.
    Touched {
        /// The sum of what was looked at.
        sum: u32,
    },
}

/// From a coordinator to the driver of an interpreter (`python/lib/_lanes_job.py`): a function there, and what it gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ToPython {
    /// Import the program, have lanes ready, and answer with [`FromPython::Prepared`].
    Prepare {
        /// How they run the tasks.
        model: Model,
        /// How many there are.
        lanes: u32,
        /// Whether processes are started within the trial.
        is_cold: bool,
        /// How long a thread waits for the GIL before it asks for it, in µs.
        switch_interval_us: u32,
    },
    /// Do all tasks, and answer with [`FromPython::Done`].
    Run {
        /// How many times.
        copies: u32,
        /// How many a lane takes at once; 0 if nobody chose.
        chunk_size: u32,
    },
}

impl fmt::Display for ToPython {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            ToPython::Prepare { model, lanes, is_cold, switch_interval_us } => {
                let model = match model {
                    Model::Serial | Model::ByBottleneck => "serial",
                    // Which of the two it is, the interpreter knows.
                    Model::Threads | Model::ThreadsGil => "threads",
                    Model::Processes => "processes",
                    Model::Async => "async",
                };
                write!(f, "prepare {model} {lanes} {} {switch_interval_us}", u8::from(is_cold))
            }
            ToPython::Run { copies, chunk_size } => write!(f, "run {copies} {chunk_size}"),
        }
    }
}

/// From the driver of an interpreter to its coordinator, as postcard bytes. The driver knows the variants by their numbers.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub enum FromPython {
    /// It has started. Always the first.
    Started,
    /// The lanes are ready.
    Prepared {
        /// How many tasks the program has.
        tasks: u32,
    },
    /// The program cannot be run.
    Refused(PythonError),
    /// All tasks have come to their end.
    Done(PythonEnd),
}

/// What lanes of Python have done. Its times are of the clock that all workers share, in µs.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct PythonEnd {
    /// When the last of them had ended.
    pub end_us: f64,
    /// How long their owner took to copy inputs out of its memory.
    pub copy_in_us: f64,
    /// How long their owner took to copy outputs into its memory.
    pub copy_out_us: f64,
    /// Each lane.
    pub lanes: Vec<PythonLane>,
}

/// What a lane of Python has done.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct PythonLane {
    /// When it was on a task, copied, and was started.
    pub segments: Vec<Segment>,
    /// Its tasks by their places, when their outputs were there, and a digest of each or why there is none.
    pub completions: Vec<(u32, f64, Result<u64, TaskError>)>,
}

/// What a lane needs that waits for a network and for files.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LaneSetup {
    /// The folder of the session's files.
    pub folder: String,
    /// The trial that it is made for.
    pub trial: u32,
    /// The lane's number.
    pub lane: u32,
    /// Whether the lane is a process.
    pub is_process: bool,
    /// How long a request may take, in milliseconds.
    pub timeout_ms: u32,
    /// Where it keeps what it has.
    pub storage: Storage,
}

impl LaneSetup {
    /// The name of the lane's file. No two workers may have the same file open, and the coordinator has those of all
    /// lanes that are no processes. A process that was ended has its file open until the browser has noticed, so one that
    /// is started in the next trial has another; after a few trials the first is free again.
    pub fn file_name(&self) -> String {
        const FILES: u32 = 8;
        match self.is_process {
            true => format!("process-{}-{}", self.lane, self.trial % FILES),
            false => format!("lane-{}", self.lane),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Activity, Model, Point, Trial};
    use crate::experiment::Experiment;

    #[test]
    fn messages_survive_the_crossing() {
        let trial = Trial { id: 9, round: 2, point: Point { model: Model::ThreadsGil, lanes: 4 } };
        let order = ToCoordinator::Run(Order::new(&Experiment::default(), trial));
        let bytes = postcard::to_allocvec(&order).unwrap();
        assert_eq!(postcard::from_bytes::<ToCoordinator>(&bytes).unwrap(), order);

        let done = FromLane::Done {
            trial: 9,
            first: 3,
            is_stopped: false,
            segments: vec![Segment { activity: Activity::CopyIn, start_us: 1.0, end_us: 2.5 }],
            memory_bytes: 1 << 20,
        };
        let bytes = postcard::to_allocvec(&done).unwrap();
        assert_eq!(postcard::from_bytes::<FromLane>(&bytes).unwrap(), done);
    }

    #[test]
    fn a_process_has_another_file_than_the_one_before_it() {
        let setup = |trial, is_process| LaneSetup {
            folder: "f".to_owned(),
            trial,
            lane: 3,
            is_process,
            timeout_ms: 1,
            storage: Storage::File,
        };
        assert_ne!(setup(1, true).file_name(), setup(2, true).file_name());
        assert_eq!(
            setup(1, false).file_name(),
            setup(2, false).file_name(),
            "the coordinator keeps its own open"
        );
    }

    #[test]
    fn bytes_that_are_no_message_are_refused() {
        assert!(postcard::from_bytes::<FromCoordinator>(&[]).is_err());
        assert!(postcard::from_bytes::<ToCoordinator>(&[250, 1, 2]).is_err());
    }

    #[test]
    fn a_worker_knows_its_role_by_its_name() {
        for role in [Role::Coordinator, Role::Lane(0), Role::Lane(63)] {
            assert_eq!(Role::of(&role.to_string()), role);
        }
    }
}
