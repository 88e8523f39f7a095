//! What is to be run: everything needed to run it again on any machine.

mod plan;

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::domain::{
    Bound, Fallback, MOST_LANES, Model, Network, NetworkError, Point, PoolCall, Scaling, Size, Start,
};
use crate::workload::WorkloadId;

pub use plan::Plan;

/// The most tasks that may be handed out at once.
pub const MOST_TASKS_AT_ONCE: u32 = 10_000;

/// One experiment. `Default` runs on two cores; [`Experiment::for_cores`] fits any machine.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Experiment {
    /// What is run.
    pub workload: WorkloadId,
    /// How much of it.
    pub size: Size,
    /// The models to compare, each once.
    pub models: Vec<Model>,
    /// The lane counts to run each model at, each once; `serial` always has one lane.
    pub lane_counts: Vec<u32>,
    /// What grows with the lanes.
    pub scaling: Scaling,
    /// When processes are started.
    pub start: Start,
    /// When results are delivered, and in which order.
    pub call: PoolCall,
    /// How many tasks a lane takes at once; 0 leaves it to [`Experiment::chunk_size_for`].
    pub chunk_size: u32,
    /// Whether kernels that stand for native code let go of the GIL while they compute.
    pub native_releases_gil: bool,
    /// How long a lane waits for the GIL before it asks for it, in microseconds (CPython: 5,000).
    pub switch_interval_us: u32,
    /// The fewest rounds that are run, even when the time budget is spent.
    pub min_rounds: u32,
    /// The most rounds that are run, even when intervals are still wide.
    pub max_rounds: u32,
    /// The time after which no further round is begun, in milliseconds.
    pub budget_ms: u32,
    /// Orders the trials, makes the inputs, and decides what the simulated network does.
    pub seed: u64,
    /// Where the bytes of I/O-bound work come from. CPU-bound work has no use for it.
    pub network: Network,
    /// With [`Model::ByBottleneck`]: how the pipeline's steps are run, to fetch, to parse, to store.
    pub steps: [Point; 3],
}

impl Default for Experiment {
    fn default() -> Self {
        Self {
            workload: WorkloadId::CosineSum,
            size: Size::M,
            models: WorkloadId::CosineSum.models().to_vec(),
            lane_counts: vec![1, 2, 4],
            scaling: Scaling::Strong,
            start: Start::Warm,
            call: PoolCall::Map,
            chunk_size: 0,
            native_releases_gil: true,
            switch_interval_us: 5_000,
            min_rounds: 6,
            max_rounds: 30,
            budget_ms: 20_000,
            seed: 1,
            network: Network::default(),
            steps: steps_for(2),
        }
    }
}

impl Experiment {
    /// Whether a lane of `model` computes only while it holds the lock: native code may let go of it.
    pub fn computes_under_gil(&self, model: Model) -> bool {
        model == Model::ThreadsGil && !(self.workload.releases_gil() && self.native_releases_gil)
    }

    /// The default experiment at 1, 2, 4 … lanes up to twice `cores`.
    pub fn for_cores(cores: u32) -> Self {
        Self { lane_counts: lane_counts_for(cores), steps: steps_for(cores), ..Self::default() }
    }

    /// The experiment to begin with for `workload` on a machine with so many `cores`: the models that
    /// apply to it, and for waiting 1, 2, 4 … 32 lanes, whatever the machine has of cores.
    pub fn of(workload: WorkloadId, cores: u32) -> Self {
        let lane_counts = match workload.bound() {
            Bound::Cpu => lane_counts_for(cores),
            Bound::Io | Bound::Mixed => vec![1, 2, 4, 8, 16, 32],
        };
        Self {
            workload,
            models: workload.models().to_vec(),
            lane_counts,
            // Fetching a page n times is so much for each lane.
            scaling: if workload == WorkloadId::Page { Scaling::Weak } else { Scaling::Strong },
            ..Self::for_cores(cores)
        }
    }

    /// The largest lane count of the experiment.
    pub fn most_lanes(&self) -> u32 {
        let of_steps = self.models.contains(&Model::ByBottleneck).then(|| self.lanes_by_step());
        self.lane_counts.iter().copied().chain(of_steps).max().unwrap_or(1)
    }

    /// The lanes of the step that has the most: where [`Model::ByBottleneck`] stands on the chart.
    pub fn lanes_by_step(&self) -> u32 {
        self.steps.iter().map(|step| step.lanes).max().unwrap_or(1)
    }

    /// Where the bytes come from, or came from if trials did what `fallbacks` says, behind a comma; nothing
    /// of work that waits for none.
    pub fn network_in_words(&self, fallbacks: &[Fallback]) -> String {
        if self.workload.is_io() { format!(", {}", self.network.in_words(fallbacks)) } else { String::new() }
    }

    /// Whether processes fetch in some of its trials.
    pub fn has_fetching_processes(&self) -> bool {
        let by_step = self.models.contains(&Model::ByBottleneck) && self.steps[0].model == Model::Processes;
        self.workload.is_io() && (by_step || self.models.contains(&Model::Processes))
    }

    /// How many tasks a lane of `point` takes at once when nobody chose, and `left` tasks are left:
    /// one in threads, which take a task in no time; in processes a quarter of a lane's share of
    /// what is left, so that messages take little of the time and the lanes still end together
    /// (guided self-scheduling; Polychronopoulos and Kuck, 1987).
    pub fn chunk_size_for(point: Point, left: usize) -> u32 {
        match point.model {
            Model::Processes => (left as u32 / (4 * point.lanes)).max(1),
            _ => 1,
        }
    }

    /// Refuses what cannot be run or would not measure anything, before anything runs.
    pub fn validate(&self) -> Result<(), ExperimentError> {
        use ExperimentError as E;
        if self.models.is_empty() {
            return Err(E::NoModel);
        }
        if self.lane_counts.is_empty() {
            return Err(E::NoLaneCount);
        }
        if let Some(&lanes) = self.lane_counts.iter().find(|&&n| n == 0 || n > MOST_LANES) {
            return Err(E::LaneCount(lanes));
        }
        if let Some(&model) = self.models.iter().find(|model| !self.workload.models().contains(model)) {
            return Err(E::Model { model, workload: self.workload });
        }
        if has_duplicate(&self.models) || has_duplicate(&self.lane_counts) {
            return Err(E::Duplicate);
        }
        if self.chunk_size > MOST_TASKS_AT_ONCE {
            return Err(E::ChunkSize(self.chunk_size));
        }
        if !(100..=1_000_000).contains(&self.switch_interval_us) {
            return Err(E::SwitchInterval(self.switch_interval_us));
        }
        if self.min_rounds == 0 || self.min_rounds > self.max_rounds || self.max_rounds > 1_000 {
            return Err(E::Rounds { min: self.min_rounds, max: self.max_rounds });
        }
        if !(100..=600_000).contains(&self.budget_ms) {
            return Err(E::Budget(self.budget_ms));
        }
        if let Some(step) = self.steps.iter().find(|step| !is_step(step)) {
            return Err(E::Step(*step));
        }
        self.network.validate(self.workload.use_of_addresses()).map_err(E::Network)
    }
}

/// Whether `point` can run a step of a pipeline.
fn is_step(point: &Point) -> bool {
    let is_model = !matches!(point.model, Model::ByBottleneck);
    is_model && (1..=MOST_LANES).contains(&point.lanes) && (point.model != Model::Serial || point.lanes == 1)
}

/// Waiting by threads, as many as do not cost much; computing by as many processes as there are cores.
fn steps_for(cores: u32) -> [Point; 3] {
    let parse = Point { model: Model::Processes, lanes: cores.clamp(1, MOST_LANES) };
    [Point { model: Model::Threads, lanes: 16 }, parse, Point { model: Model::Threads, lanes: 4 }]
}

/// 1, 2, 4 … up to twice `cores`, always with `cores` and twice `cores` themselves.
fn lane_counts_for(cores: u32) -> Vec<u32> {
    let cores = cores.clamp(1, MOST_LANES / 2);
    let mut counts: Vec<u32> =
        (0..).map(|power| 1 << power).take_while(|&n| n <= 2 * cores).chain([cores, 2 * cores]).collect();
    counts.sort_unstable();
    counts.dedup();
    counts
}

fn has_duplicate<T: PartialEq>(items: &[T]) -> bool {
    items.iter().enumerate().any(|(i, item)| items[..i].contains(item))
}

/// Why an experiment was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExperimentError {
    /// No model was chosen.
    NoModel,
    /// No lane count was chosen.
    NoLaneCount,
    /// A lane count is zero or above [`MOST_LANES`].
    LaneCount(u32),
    /// A model or a lane count is named twice.
    Duplicate,
    /// The chunk size is above [`MOST_TASKS_AT_ONCE`].
    ChunkSize(u32),
    /// The switch interval, in microseconds, is outside 0.1 ms … 1 s.
    SwitchInterval(u32),
    /// The rounds are zero, above 1,000, or the fewest are more than the most.
    Rounds {
        /// The fewest rounds asked for.
        min: u32,
        /// The most rounds asked for.
        max: u32,
    },
    /// The time budget, in milliseconds, is outside 0.1 s … 10 min.
    Budget(u32),
    /// The model cannot run the workload.
    Model {
        /// The model.
        model: Model,
        /// The workload.
        workload: WorkloadId,
    },
    /// A pipeline's step cannot be run so.
    Step(Point),
    /// The network cannot be had.
    Network(NetworkError),
}

impl fmt::Display for ExperimentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoModel => write!(f, "No model is chosen: choose at least one."),
            Self::NoLaneCount => write!(f, "No lane count is chosen: choose at least one."),
            Self::LaneCount(n) => write!(f, "{n} lanes cannot be run: choose from 1 to {MOST_LANES}."),
            Self::Duplicate => write!(f, "A model or a lane count is named twice: name each once."),
            Self::ChunkSize(n) => {
                write!(f, "{n} tasks cannot be taken at once: choose up to {MOST_TASKS_AT_ONCE}.")
            }
            Self::SwitchInterval(us) => write!(
                f,
                "A switch interval of {us} µs cannot be kept: choose from 0.1 ms to 1 s (CPython: 5 ms)."
            ),
            Self::Rounds { min, max } => {
                write!(f, "{min} to {max} rounds cannot be run: choose from 1 to 1,000, the fewest first.")
            }
            Self::Budget(ms) => {
                write!(f, "A time budget of {ms} ms cannot be kept: choose from 0.1 s to 10 minutes.")
            }
            Self::Model { model, workload } => write!(
                f,
                "{} is not for the {}: leave the model out.",
                model.name(),
                workload.description().name
            ),
            Self::Step(Point { model: Model::ByBottleneck, .. }) => {
                write!(f, "A step of a pipeline has no steps of its own: choose another model for it.")
            }
            Self::Step(Point { lanes, .. }) => {
                write!(f, "{lanes} lanes cannot run a step: choose from 1 to {MOST_LANES}, and 1 for serial.")
            }
            Self::Network(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for ExperimentError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lane_counts_reach_twice_the_cores() {
        assert_eq!(lane_counts_for(1), [1, 2]);
        assert_eq!(lane_counts_for(2), [1, 2, 4]);
        assert_eq!(lane_counts_for(6), [1, 2, 4, 6, 8, 12]);
        assert_eq!(lane_counts_for(8), [1, 2, 4, 8, 16]);
        assert_eq!(lane_counts_for(500).last(), Some(&MOST_LANES));
        assert_eq!(lane_counts_for(0), [1, 2]);
    }

    #[test]
    fn the_default_is_valid_for_any_machine() {
        for cores in [0, 1, 2, 3, 4, 6, 8, 12, 16, 64, 256] {
            assert_eq!(Experiment::for_cores(cores).validate(), Ok(()), "{cores} cores");
        }
    }

    #[test]
    fn every_workload_begins_with_an_experiment_that_can_be_run() {
        for &workload in WorkloadId::ALL {
            for cores in [1, 2, 8, 200] {
                assert_eq!(Experiment::of(workload, cores).validate(), Ok(()), "{}", workload.id());
            }
        }
        let addresses = Experiment::of(WorkloadId::Addresses, 2);
        assert_eq!(addresses.lane_counts, [1, 2, 4, 8, 16, 32], "waiting takes no cores");
        assert!(addresses.models.contains(&Model::Async));
        assert_eq!(Experiment::of(WorkloadId::CosineSum, 4), Experiment::for_cores(4));
    }

    #[test]
    fn processes_take_less_at_once_the_less_is_left() {
        let chunk = |model, lanes, left| Experiment::chunk_size_for(Point { model, lanes }, left);
        assert_eq!(chunk(Model::Threads, 1, 10_000), 1);
        assert_eq!(chunk(Model::Processes, 1, 64), 16);
        assert_eq!(chunk(Model::Processes, 2, 64), 8);
        assert_eq!(chunk(Model::Processes, 2, 15), 1);
        assert_eq!(chunk(Model::Processes, 64, 0), 1);
    }

    #[test]
    fn absurd_settings_are_refused() {
        let refused = |change: fn(&mut Experiment)| {
            let mut experiment = Experiment::default();
            change(&mut experiment);
            experiment.validate().unwrap_err()
        };
        assert_eq!(refused(|e| e.models.clear()), ExperimentError::NoModel);
        assert_eq!(refused(|e| e.lane_counts.clear()), ExperimentError::NoLaneCount);
        assert_eq!(refused(|e| e.lane_counts.push(0)), ExperimentError::LaneCount(0));
        assert_eq!(refused(|e| e.lane_counts.push(65)), ExperimentError::LaneCount(65));
        assert_eq!(refused(|e| e.lane_counts.push(2)), ExperimentError::Duplicate);
        assert_eq!(refused(|e| e.models.push(Model::Serial)), ExperimentError::Duplicate);
        assert_eq!(
            refused(|e| e.models.push(Model::Async)),
            ExperimentError::Model { model: Model::Async, workload: WorkloadId::CosineSum }
        );
        let too_many = Point { model: Model::Serial, lanes: 2 };
        assert_eq!(refused(|e| e.steps[1].model = Model::Serial), ExperimentError::Step(too_many));
        assert_eq!(refused(|e| e.chunk_size = 10_001), ExperimentError::ChunkSize(10_001));
        assert_eq!(refused(|e| e.switch_interval_us = 0), ExperimentError::SwitchInterval(0));
        assert_eq!(refused(|e| e.min_rounds = 0), ExperimentError::Rounds { min: 0, max: 30 });
        assert_eq!(refused(|e| e.min_rounds = 31), ExperimentError::Rounds { min: 31, max: 30 });
        assert_eq!(refused(|e| e.max_rounds = 1_001), ExperimentError::Rounds { min: 6, max: 1_001 });
        assert_eq!(refused(|e| e.budget_ms = 0), ExperimentError::Budget(0));
    }
}
