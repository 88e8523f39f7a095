//! Every message that crosses to or from a worker, as postcard bytes.
//!
//! A worker is either the *coordinator* of a session, which the page owns, or one *process lane*,
//! which the coordinator owns. Both speak this protocol. Inputs and outputs of tasks cross beside
//! their message, as data of their own. The first message from a worker is
//! [`FromWorker::Ready`]; what is sent before it is lost. Messages of a trial carry its id, and
//! those that come late are dropped.

use serde::{Deserialize, Serialize};

use crate::cost::{Cost, CostSample};
use crate::domain::{
    AfterKill, Fallback, Network, Point, PoolCall, Scaling, Segment, Size, Span, Start, Trial, TrialError,
};
use crate::experiment::Experiment;
use crate::pitfall::Pitfall;
use crate::sample::Sample;
use crate::workload::{Preview, WorkloadId};

/// What a trial needs to know of its experiment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Order {
    /// The trial.
    pub trial: Trial,
    /// What is run.
    pub workload: WorkloadId,
    /// How much of it.
    pub size: Size,
    /// Makes the inputs.
    pub seed: u64,
    /// What grows with the lanes.
    pub scaling: Scaling,
    /// When processes are started.
    pub start: Start,
    /// When results are delivered, and in which order.
    pub call: PoolCall,
    /// How many tasks a lane takes at once; 0 if nobody chose.
    pub chosen_chunk_size: u32,
    /// Whether kernels that stand for native code let go of the GIL while they compute.
    pub native_releases_gil: bool,
    /// How long a lane waits for the GIL before it asks, in microseconds.
    pub switch_interval_us: u32,
    /// The most lanes of any trial of the experiment: the size of the thread pool.
    pub most_lanes: u32,
    /// Where the bytes of I/O-bound work come from.
    pub network: Network,
    /// How the steps of a pipeline are run by bottleneck.
    pub steps: [Point; 3],
    /// Whether processes fetch in some trial of the experiment: then the network is simulated for them
    /// too, or for nobody.
    pub has_fetching_processes: bool,
    /// The name that all that lanes write goes by; whoever has the trial run chooses it.
    pub files: String,
    /// Kill one process lane when another has answered first, and do this with its tasks.
    pub kill: Option<AfterKill>,
}

impl Order {
    /// The order to run `trial` of `experiment`.
    pub fn new(experiment: &Experiment, trial: Trial) -> Self {
        Self {
            trial,
            workload: experiment.workload,
            size: experiment.size,
            seed: experiment.seed,
            scaling: experiment.scaling,
            start: experiment.start,
            call: experiment.call,
            chosen_chunk_size: match experiment.call {
                PoolCall::ApplyAsync => 1,
                _ => experiment.chunk_size,
            },
            native_releases_gil: experiment.native_releases_gil,
            switch_interval_us: experiment.switch_interval_us,
            most_lanes: experiment.most_lanes(),
            network: experiment.network.clone(),
            steps: experiment.steps,
            has_fetching_processes: experiment.has_fetching_processes(),
            files: String::new(),
            kill: None,
        }
    }

    /// How many tasks a lane takes at once when `left` tasks are left.
    pub fn chunk_size(&self, left: usize) -> u32 {
        match self.chosen_chunk_size {
            0 => Experiment::chunk_size_for(self.trial.point, left),
            chosen => chosen,
        }
    }

    /// How long nothing may be heard of the trial because it waits for a network, in milliseconds.
    pub fn longest_wait_ms(&self) -> u32 {
        if self.workload.is_io() { self.network.timeout_ms } else { 0 }
    }

    /// How many times the workload's tasks are run: once, or once for each lane.
    pub fn copies(&self) -> u32 {
        self.scaling.copies(self.trial.point.lanes)
    }
}

/// To a worker.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum ToWorker {
    /// Coordinator: run this trial and answer with [`FromWorker::Sampled`] or [`FromWorker::Failed`].
    Run(Order),
    /// Coordinator: end the trial that runs. Process lane: end the task that runs.
    Stop,
    /// Coordinator: workloads that are about a picture take this one from now on. The data are its
    /// pixels' grey, row by row.
    Picture {
        /// Its columns.
        width: u32,
        /// Its rows.
        height: u32,
    },
    /// Coordinator: measure this cost once and answer with [`FromWorker::Measured`] or
    /// [`FromWorker::Failed`].
    Measure {
        /// Stands where a trial's id would.
        id: u32,
        /// The cost; never one that only the page can measure.
        cost: Cost,
    },
    /// Process lane: look at the data that come with this, and answer with [`FromWorker::Touched`].
    Touch {
        /// How many bytes there are.
        bytes: u32,
    },
    /// Process lane: here is what every task of the trials to come shares.
    Load {
        /// The trial that these inputs are first for.
        trial: u32,
        /// What is run. The data are its shared inputs, as postcard bytes.
        workload: WorkloadId,
    },
    /// Process lane: run these tasks and answer with [`FromWorker::Done`].
    Tasks {
        /// The trial.
        trial: u32,
        /// The first task's place among the trial's tasks; the others follow it. The data are the
        /// workload's tasks, as postcard bytes.
        first: u32,
    },
    /// Process lane: make ready to wait, and answer with [`FromWorker::Prepared`].
    Prepare {
        /// The trial.
        trial: u32,
        /// What the lane needs.
        setup: IoSetup,
    },
    /// Process lane: ask whether the network is simulated for it, and answer with [`FromWorker::Simulated`].
    IsSimulated,
    /// Process lane: do these tasks of I/O-bound work and answer with [`FromWorker::Waited`]. The
    /// data are the tasks with their places, as postcard bytes.
    Wait {
        /// The trial.
        trial: u32,
        /// When the trial began, on the clock that all workers share, in µs.
        begin_us: f64,
    },
    /// A worker that is there for nothing else: run this pitfall once and answer with
    /// [`FromWorker::Acted`], if its lanes ever end, or [`FromWorker::Failed`].
    Act {
        /// Stands where a trial's id would.
        id: u32,
        /// The pitfall.
        pitfall: Pitfall,
        /// How many lanes.
        lanes: u32,
    },
    /// Coordinator: end all lanes and answer with [`FromWorker::Ended`]; its own end follows.
    End,
}

/// What a lane needs that waits for a network and for files.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct IoSetup {
    /// The folder of the session's files.
    pub folder: String,
    /// The lane's number.
    pub lane: u32,
    /// Whether the lane is a process.
    pub is_process: bool,
    /// How long a request may take, in milliseconds.
    pub timeout_ms: u32,
    /// Whether it writes files.
    pub has_files: bool,
    /// Whether it stores into the database.
    pub has_store: bool,
}

impl IoSetup {
    /// The name of the lane's file. No two workers may have the same file open, and the coordinator has
    /// those of all lanes that are no processes.
    pub fn file_name(&self) -> String {
        format!("{}-{}", if self.is_process { "process" } else { "lane" }, self.lane)
    }
}

/// From a worker.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum FromWorker {
    /// The worker is loaded and listens.
    Ready {
        /// The build that it comes from.
        build: String,
        /// Where its [`crate::job::Gauge`] lies in its memory, in bytes.
        gauge: u32,
    },
    /// Coordinator: inputs and lanes are there, and the trial's time begins.
    Begun {
        /// The trial.
        trial: u32,
        /// The units of work that it has; see [`crate::workload::Workload::units`].
        units: u64,
    },
    /// Coordinator, where the page cannot read its memory: so much of the trial is done.
    Progress {
        /// The trial.
        trial: u32,
        /// The units that are done, over all lanes.
        units: u64,
    },
    /// Coordinator: what a person is shown of the answers; once, after the first trial.
    Preview(Preview),
    /// Coordinator: the trial's measurement.
    Sampled(Box<Sample>),
    /// Coordinator: the trial measured nothing.
    Failed {
        /// The trial.
        trial: u32,
        /// Why.
        error: TrialError,
    },
    /// Coordinator: a cost was measured.
    Measured {
        /// The measurement's id.
        id: u32,
        /// What it found.
        sample: CostSample,
    },
    /// Process lane: the data have arrived and every page of them was looked at.
    Touched {
        /// The sum of what was looked at.
        sum: u32,
    },
    /// Process lane: the shared inputs are there.
    Loaded {
        /// The trial that they are first for.
        trial: u32,
        /// From the message's arrival until the inputs were there, on the worker's clock.
        copy_in: Span,
    },
    /// Process lane: the answers to tasks that were handed out together.
    Done {
        /// The trial.
        trial: u32,
        /// The first task's place among the trial's tasks; the others follow it. The data are the
        /// workload's outputs, as postcard bytes.
        first: u32,
        /// Whether the lane was stopped, and there are no outputs.
        is_stopped: bool,
        /// The tasks were copied in.
        copy_in: Span,
        /// They were computed.
        compute: Span,
        /// Their outputs were copied out.
        copy_out: Span,
        /// The size of the lane's memory, in bytes.
        memory_bytes: u64,
    },
    /// Process lane: it is ready to wait.
    Prepared {
        /// The trial.
        trial: u32,
        /// What it will do otherwise than the experiment asks.
        fallback: Option<Fallback>,
    },
    /// Process lane: whether the network is simulated for it.
    Simulated(bool),
    /// Process lane: what came of tasks that were handed out together. The data are their places and
    /// outcomes, as postcard bytes.
    Waited {
        /// The trial.
        trial: u32,
        /// What the lane did from the message's arrival until it sent this one.
        segments: Vec<Segment>,
        /// The size of the lane's memory, in bytes.
        memory_bytes: u64,
    },
    /// The lanes of a pitfall have ended.
    Acted {
        /// The run's id.
        id: u32,
        /// From their begin to their end, in µs.
        us: f64,
        /// What the lanes of a race have added up to.
        sum: u32,
    },
    /// The coordinator's lanes are told to end.
    Ended {
        /// Whether there ever was one.
        had_lanes: bool,
    },
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Model;

    #[test]
    fn messages_survive_the_crossing() {
        let trial = Trial { id: 9, round: 2, point: Point { model: Model::ThreadsGil, lanes: 4 } };
        let order = ToWorker::Run(Order::new(&Experiment::default(), trial));
        let bytes = postcard::to_allocvec(&order).unwrap();
        assert_eq!(postcard::from_bytes::<ToWorker>(&bytes).unwrap(), order);

        let done = FromWorker::Done {
            trial: 9,
            first: 3,
            is_stopped: false,
            copy_in: Span { start_us: 1.0, end_us: 2.0 },
            compute: Span { start_us: 2.0, end_us: 3.5 },
            copy_out: Span::default(),
            memory_bytes: 1 << 20,
        };
        let bytes = postcard::to_allocvec(&done).unwrap();
        assert_eq!(postcard::from_bytes::<FromWorker>(&bytes).unwrap(), done);
    }

    #[test]
    fn bytes_that_are_no_message_are_refused() {
        assert!(postcard::from_bytes::<FromWorker>(&[]).is_err());
        assert!(postcard::from_bytes::<ToWorker>(&[250, 1, 2]).is_err());
    }
}
