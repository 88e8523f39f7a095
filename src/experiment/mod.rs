//! What is to be run: everything needed to run it again on any machine.

mod plan;
mod setting;

use serde::{Deserialize, Serialize};

use crate::domain::network::MOST_ADDRESSES;
use crate::domain::{
    Bound, Fallback, MOST_LANES, Model, Network, Point, PoolCall, Program, Scaling, Size, Source, Start,
    UseOfAddresses,
};
use crate::workload::{WorkloadId, python, script};

pub use plan::Plan;
pub use setting::{Applies, Choice, Compared, ExperimentError, Kind, Part, Place, SETTINGS, Setting, Unit};

/// One experiment. `Default` runs on two cores; [`Experiment::for_cores`] fits any machine.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Experiment {
    /// What is run.
    pub workload: WorkloadId,
    /// By which program; a script is always Python.
    pub program: Program,
    /// The program of [`WorkloadId::Script`]: a Python module with a function `work` and a sequence `TASKS`.
    pub script: String,
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
            program: Program::Compiled,
            script: String::new(),
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
    /// Whether an interpreter runs it.
    pub fn is_python(&self) -> bool {
        self.program == Program::Python || self.workload == WorkloadId::Script
    }

    /// Whether it stands for native code, which may let go of the GIL while it computes. Python's own never does.
    pub fn has_native_code(&self) -> bool {
        self.workload.releases_gil() && !self.is_python()
    }

    /// What is run, for people: the workload, and by which program if that is not the compiled one.
    pub fn work_name(&self) -> String {
        let name = self.workload.description().name;
        if self.program == Program::Python { format!("{name} in Python") } else { name.to_owned() }
    }

    /// How much of it is run, for people, size by size.
    pub fn size_names(&self) -> [&'static str; 3] {
        let of_python = || python::size_names(self.workload);
        self.is_python().then(of_python).flatten().unwrap_or(self.workload.description().sizes)
    }

    /// Whether a lane of `model` computes only while it holds the lock: native code may let go of it.
    pub fn computes_under_gil(&self, model: Model) -> bool {
        model == Model::ThreadsGil && !(self.has_native_code() && self.native_releases_gil)
    }

    /// The default experiment at 1, 2, 4 … lanes up to twice `cores`.
    pub fn for_cores(cores: u32) -> Self {
        Self { lane_counts: lane_counts_for(cores), steps: steps_for(cores), ..Self::default() }
    }

    /// The experiment to begin with for `workload` on a machine with so many `cores`: the models that
    /// apply to it, and for waiting 1, 2, 4 … 32 lanes, whatever the machine has of cores.
    pub fn of(workload: WorkloadId, cores: u32) -> Self {
        let lane_counts = match workload.bound() {
            Bound::Cpu | Bound::Unknown => lane_counts_for(cores),
            Bound::Io | Bound::Mixed => vec![1, 2, 4, 8, 16, 32],
        };
        // Nobody knows whether a script's `work` is a coroutine, which an event loop needs.
        let models = workload.models().iter().filter(|&&m| workload.is_compiled() || m != Model::Async);
        Self {
            workload,
            script: if workload == WorkloadId::Script { script::EXAMPLE.to_owned() } else { String::new() },
            models: models.copied().collect(),
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
    ///
    /// # Errors
    /// The first reason.
    pub fn validate(&self) -> Result<(), ExperimentError> {
        let refused = |setting, why: &str| Err(ExperimentError::new(setting, why));
        SETTINGS.iter().try_for_each(|setting| setting.check(self))?;
        if self.models.is_empty() {
            return refused("models", "No model is chosen. Choose at least one.");
        }
        if self.lane_counts.is_empty() {
            return refused("lane-counts", "No lane count is chosen. Choose at least one.");
        }
        if let Some(model) = self.models.iter().find(|model| !self.workload.models().contains(model)) {
            let workload = self.work_name();
            let why = format!("{} cannot run {workload}. Leave it out.", model.name());
            return refused("models", &why);
        }
        if self.program == Program::Python && !self.workload.has_python() {
            let why = format!(
                "The {} has no Python that runs here yet. Choose compiled.",
                self.workload.description().name
            );
            return refused("program", &why);
        }
        if self.workload == WorkloadId::Script && self.script.trim().is_empty() {
            return refused("script", "There is no script. Write a function work(task) and a list TASKS.");
        }
        if has_duplicate(&self.models) {
            return refused("models", "A model is listed twice. List each once.");
        }
        if has_duplicate(&self.lane_counts) {
            return refused("lane-counts", "A lane count is listed twice. List each once.");
        }
        if self.min_rounds > self.max_rounds {
            return refused("min-rounds", "Minimum rounds cannot be more than maximum rounds.");
        }
        for (step, setting) in self.steps.iter().zip(["step-1-lanes", "step-2-lanes", "step-3-lanes"]) {
            if step.model == Model::ByBottleneck {
                return refused(
                    setting,
                    "A step of a pipeline has no steps of its own. Choose another model.",
                );
            }
            if step.model == Model::Serial && step.lanes != 1 {
                return refused(setting, "Serial has one lane. Write 1, or choose another model.");
            }
        }
        match (&self.network.source, self.workload.use_of_addresses()) {
            (Source::Addresses(_), UseOfAddresses::Refuses) => refused(
                "source",
                "Mails do not come from addresses of your own. Choose the simulated network or this site.",
            ),
            (Source::Addresses(addresses), UseOfAddresses::Fetches) => match addresses.len() {
                0 => refused("addresses", "There are no addresses. Write at least one."),
                1..=MOST_ADDRESSES => Ok(()),
                many => refused(
                    "addresses",
                    &format!("{many} addresses are too many. Write up to {MOST_ADDRESSES}."),
                ),
            },
            _ => Ok(()),
        }
    }
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
        let refused = |setting: &str, change: fn(&mut Experiment)| {
            let mut experiment = Experiment::of(WorkloadId::Addresses, 2);
            change(&mut experiment);
            let refusal = experiment.validate().unwrap_err();
            assert_eq!(refusal.setting, setting, "{refusal}");
            refusal.why
        };
        refused("models", |e| e.models.clear());
        refused("models", |e| e.models.push(Model::Serial));
        refused("models", |e| e.models.push(Model::ByBottleneck));
        refused("lane-counts", |e| e.lane_counts.clear());
        refused("lane-counts", |e| e.lane_counts.push(2));
        let why = refused("lane-counts", |e| e.lane_counts.extend([0, 65]));
        assert!(why.contains("“0” and “65”"), "{why}");
        refused("step-2-lanes", |e| e.steps[1].model = Model::Serial);
        refused("step-2-lanes", |e| e.steps[1].model = Model::ByBottleneck);
        refused("chunk-size", |e| e.chunk_size = 10_001);
        refused("switch-interval", |e| e.switch_interval_us = 0);
        refused("min-rounds", |e| e.min_rounds = 0);
        refused("min-rounds", |e| e.min_rounds = 31);
        refused("max-rounds", |e| e.max_rounds = 1_001);
        refused("budget", |e| e.budget_ms = 0);
        refused("timeout", |e| e.network.timeout_ms = 0);
        refused("jitter", |e| e.network.jitter_us = u32::MAX);
    }

    #[test]
    fn a_number_that_is_refused_is_named_to_its_last_digit() {
        let refused = |change: fn(&mut Network)| {
            let mut experiment = Experiment::of(WorkloadId::Addresses, 2);
            change(&mut experiment.network);
            experiment.validate().unwrap_err().why
        };
        let why = refused(|network| network.latency_us = 10_500_000);
        assert_eq!(why, "Latency: “10500” cannot be used. Write a number from 0 to 10000 ms.");
        let why = refused(|network| network.failures = 1_005);
        assert_eq!(why, "Failing requests: “100.5” cannot be used. Write a number from 0 to 100 %.");
    }

    #[test]
    fn only_addresses_that_can_be_fetched_are_taken() {
        let of = |workload, addresses: &[&str]| {
            let mut experiment = Experiment::of(workload, 2);
            experiment.network.source = Source::Addresses(addresses.iter().map(|&a| a.into()).collect());
            experiment.validate().map_err(|refusal| (refusal.setting, refusal.why))
        };
        let refused = |workload, addresses: &[&str]| of(workload, addresses).unwrap_err();
        assert_eq!(of(WorkloadId::Addresses, &["https://a"; 64]), Ok(()));
        assert_eq!(refused(WorkloadId::Addresses, &[]).0, "addresses");
        assert_eq!(refused(WorkloadId::Addresses, &["https://a"; 65]).0, "addresses");
        assert_eq!(refused(WorkloadId::Mailbox, &["https://a"]).0, "source");
        let (setting, why) = refused(WorkloadId::Addresses, &["https://a", "ftp://b", "https://c https://d"]);
        assert_eq!(setting, "addresses");
        assert!(why.contains("“ftp://b” and “https://c https://d”"), "{why}");
        assert_eq!(of(WorkloadId::CosineSum, &[]), Ok(()), "work that computes has no use for them");
    }
}
