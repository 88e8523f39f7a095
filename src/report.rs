//! What is told of an experiment to somebody else: what was run, on which machine, and what came of it.
//!
//! A report is a summary and no record: it has the figures with their intervals and none of the samples.
//! It goes into a link ([`link`]), beside other reports ([`compare`]), and into files ([`export`]), and comes
//! back out of them ([`import()`]).

pub mod compare;
pub mod day;
pub mod export;
mod import;
pub mod link;
pub mod qr;
pub mod verdicts;

use crate::cost::{Cost, CostSummary};
use crate::domain::{Bound, Fallback, Model, Network, Point, Program, Size, TrialError};
use crate::experiment::Experiment;
use crate::machine::Machine;
use crate::scaling::measured_cores;
use crate::session::Ending;
use crate::stats::Estimate;
use crate::summary::{PointSummary, Summary};
use crate::warning::{self, Warning};
use crate::workload::{WorkloadId, fold};

pub use day::Day;
pub use import::{ImportError, Imported, LONGEST as LONGEST_IMPORT, gather, import};

/// The longest name that a machine can be given, in characters.
pub const LONGEST_NAME: usize = 40;

/// An experiment, the machine, and what was measured.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// What the visitor calls the machine; empty unless they gave it a name.
    pub name: String,
    /// The day on which the run ended; `None` where it is not told.
    pub day: Option<Day>,
    /// Tells one build of Lanes from another: see [`build`].
    pub build: u16,
    /// What it was measured on.
    pub machine: Machine,
    /// The cores that the run made use of; `None` where that could not be told.
    pub measured_cores: Option<u32>,
    /// What was run.
    pub experiment: Experiment,
    /// Why the run ended.
    pub ending: Ending,
    /// The trials that were void because the page was hidden, and were run again.
    pub hidden_trials: u32,
    /// What trials did otherwise than the experiment asks.
    pub fallbacks: Vec<Fallback>,
    /// The trials of which some tasks failed.
    pub incomplete: Incomplete,
    /// The serial median of the later rounds over that of the earlier ones.
    pub drift: Option<Estimate>,
    /// How long one process takes until it waits for work, in µs; `None` if the costs were not measured.
    pub spawn_us: Option<Estimate>,
    /// Every point, by model and lane count.
    pub points: Vec<ReportPoint>,
}

/// Trials of which some tasks failed: they are no samples.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Incomplete {
    /// How many trials.
    pub trials: u32,
    /// How many tasks failed in them.
    pub tasks: u32,
}

/// What a report tells of one point.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ReportPoint {
    /// The model and lane count.
    pub point: Point,
    /// How many samples count.
    pub samples: u32,
    /// The median time with its interval, in µs; `None` if no sample counts.
    pub time_us: Option<Estimate>,
    /// How many times as fast as `serial`; exactly 1 for `serial` itself.
    pub speed_up: Option<Estimate>,
    /// The lanes that had nothing to compute, in the sample that has the fewest of them.
    pub idle_lanes: u32,
    /// The trials that failed.
    pub failures: u32,
    /// How many of them had a wrong answer.
    pub wrong_answers: u32,
    /// The trials of which some tasks failed: they are no samples.
    pub incomplete: u32,
}

/// Tells this build of Lanes from another. Two builds have the same number once in 65,536 times.
pub fn build() -> u16 {
    fold(crate::BUILD.bytes().map(u64::from)) as u16
}

/// A name as it is kept: one line of [`LONGEST_NAME`] characters at most.
pub fn tidy_name(name: &str) -> String {
    let one_line: String = name.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    one_line.trim().chars().take(LONGEST_NAME).collect::<String>().trim_end().to_owned()
}

/// The experiment with everything as usual that it has no use for: the network of work that computes, and
/// the steps of what has none.
pub fn essential(experiment: &Experiment) -> Experiment {
    let mut essential = experiment.clone();
    if !experiment.workload.is_io() {
        essential.network = Network::default();
    }
    if !experiment.models.contains(&Model::ByBottleneck) {
        essential.steps = Experiment::default().steps;
    }
    if experiment.workload == WorkloadId::Script {
        (essential.program, essential.size) = (Program::default(), Size::default());
    } else {
        essential.script.clear();
    }
    essential
}

impl Report {
    /// The report of a run of `experiment` on `machine`, without a name and a day.
    pub fn of(
        experiment: &Experiment,
        machine: &Machine,
        summary: &Summary,
        ending: Ending,
        costs: &[CostSummary],
    ) -> Self {
        let failed = summary.points.iter().flat_map(|point| &point.failed_tasks);
        let spawn = costs.iter().find(|cost| cost.cost == Cost::SpawnProcesses { lanes: 1 });
        Self {
            name: String::new(),
            day: None,
            build: build(),
            machine: machine.clone(),
            // Lanes that wait say nothing of cores.
            measured_cores: measured_cores(&summary.curves).filter(|_| summary.bound == Bound::Cpu),
            experiment: essential(experiment),
            ending,
            hidden_trials: summary.hidden_trials,
            fallbacks: summary.fallbacks.clone(),
            incomplete: Incomplete {
                trials: summary.points.iter().map(|point| point.incomplete).sum(),
                tasks: failed.map(|(_, times)| times).sum(),
            },
            drift: summary.drift,
            spawn_us: spawn.and_then(|cost| cost.figure),
            points: summary.points.iter().map(ReportPoint::of).collect(),
        }
    }

    /// Whether anything was measured: what has no figure is not worth telling.
    pub fn has_figures(&self) -> bool {
        self.points.iter().any(|point| point.time_us.is_some())
    }

    /// What the machine is called: its name or, as it has none, its cores and browser.
    pub fn title(&self) -> String {
        if !self.name.is_empty() {
            return self.name.clone();
        }
        self.machine.title()
    }

    /// What is known of `point`.
    pub fn point(&self, point: Point) -> Option<&ReportPoint> {
        self.points.iter().find(|known| known.point == point)
    }

    /// What is known of `serial`, which all speed-ups are counted from.
    pub fn serial(&self) -> Option<&ReportPoint> {
        self.point(Point { model: Model::Serial, lanes: 1 })
    }

    /// The summary that the report was made from, as far as the report tells it.
    pub fn summary(&self) -> Summary {
        Summary {
            points: self.points.iter().map(|point| self.point_summary(point)).collect(),
            hidden_trials: self.hidden_trials,
            drift: self.drift,
            curves: Vec::new(),
            bound: self.experiment.workload.bound(),
            fallbacks: self.fallbacks.clone(),
        }
    }

    /// What is to be known before trusting its figures.
    pub fn warnings(&self) -> Vec<Warning> {
        let mut warnings =
            warning::warnings(&self.experiment, &self.machine, &self.summary(), Some(self.ending));
        // Points tell their trials, and only the report how many tasks failed in them.
        warnings.retain(|warning| !matches!(warning, Warning::FailedTasks { .. }));
        let Incomplete { trials, tasks } = self.incomplete;
        warnings.extend((trials > 0).then_some(Warning::FailedTasks { trials, tasks }));
        warnings
    }

    fn point_summary(&self, known: &ReportPoint) -> PointSummary {
        let needs_shared_memory = known.point.model.needs_shared_memory();
        let not_isolated = known.failures > 0 && needs_shared_memory && !self.machine.has_threads();
        PointSummary {
            copies: self.experiment.scaling.copies(known.point.lanes),
            samples: known.samples,
            time_us: known.time_us,
            speed_up: known.speed_up,
            idle_lanes: known.idle_lanes,
            failures: known.failures,
            wrong_answers: known.wrong_answers,
            incomplete: known.incomplete,
            last_error: not_isolated.then_some(TrialError::NotIsolated),
            ..PointSummary::unknown(known.point)
        }
    }
}

impl ReportPoint {
    /// What is told of a point.
    fn of(summary: &PointSummary) -> Self {
        Self {
            point: summary.point,
            samples: summary.samples,
            time_us: summary.time_us,
            speed_up: summary.speed_up,
            idle_lanes: summary.idle_lanes,
            failures: summary.failures,
            wrong_answers: summary.wrong_answers,
            incomplete: summary.incomplete,
        }
    }
}

#[cfg(test)]
pub(crate) mod examples;
#[cfg(test)]
mod tests;
