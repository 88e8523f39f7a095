//! What was measured for the claims. Claims that need the same share it.

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::cost::{Cost, CostSummary, Unit};
use crate::domain::{Model, Point, TrialError};
use crate::experiment::Experiment;
use crate::format;
use crate::pitfall::{LaneSeen, Pitfall, PitfallSummary};
use crate::sample::Sample;
use crate::stats::{self, Estimate, FEWEST_SAMPLES, Median};
use crate::summary::{PointSummary, Summary};

/// Where the time of an experiment's first point is not known within so much of it, the machine is
/// too busy for any of its figures. Ratios are as uncertain as both their times, so this is wider
/// than what a verdict in words asks for.
const BUSY: f64 = 0.25;

/// What a claim needs to have measured.
#[derive(Clone, Debug, PartialEq)]
pub enum Measurement {
    /// This experiment.
    Experiment(Experiment),
    /// This cost.
    Cost(Cost),
    /// This pitfall.
    Pitfall(Pitfall),
}

impl Measurement {
    /// About how long it takes to measure, in ms: for the forecast only.
    pub const fn expected_ms(&self) -> u32 {
        match self {
            Measurement::Experiment(experiment) => experiment.budget_ms,
            Measurement::Cost(_) => 700,
            Measurement::Pitfall(pitfall) => pitfall.expected_ms(),
        }
    }

    /// What is measured, in a few words.
    pub fn doing(&self) -> String {
        match self {
            Measurement::Experiment(experiment) => doing(experiment),
            Measurement::Cost(cost) => format!("{}: {cost}", cost.group().title()),
            Measurement::Pitfall(pitfall) => pitfall.name().to_owned(),
        }
    }
}

/// What was found.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// By an experiment, and how far lanes computed at once: at each point the mean number of them.
    Experiment {
        /// What its samples say.
        summary: Rc<Summary>,
        /// By point; see [`crate::overlap`].
        overlaps: Vec<(Point, Estimate)>,
        /// The trials that it rests on.
        trials: Vec<Counted>,
    },
    /// About a cost.
    Cost(CostSummary),
    /// About a pitfall.
    Pitfall(PitfallSummary),
}

/// A trial that counts, without its lanes' segments.
#[derive(Clone, Debug, PartialEq)]
pub struct Counted {
    /// What it measured.
    pub sample: Sample,
    /// How many lanes computed at once, on average.
    pub overlap: f64,
}

/// How many lanes computed at once at each point, by all trials.
pub fn overlaps(trials: &[Counted]) -> Vec<(Point, Estimate)> {
    let mut means: BTreeMap<Point, Vec<f64>> = BTreeMap::new();
    for trial in trials {
        means.entry(trial.sample.trial.point).or_default().push(trial.overlap);
    }
    means.into_iter().filter_map(|(point, means)| Some((point, Median::of(&means)?.estimate()))).collect()
}

/// All that was measured for the claims.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Evidence {
    pub(super) found: Vec<(Measurement, Outcome)>,
}

impl Evidence {
    /// What was found for `need`; `None` while it was not measured.
    pub fn found(&self, need: &Measurement) -> Option<&Outcome> {
        self.found.iter().find(|(of, _)| of == need).map(|(_, found)| found)
    }

    /// Adds what was found, in place of what was found before.
    pub fn put(&mut self, need: Measurement, found: Outcome) {
        self.found.retain(|(of, _)| *of != need);
        self.found.push((need, found));
    }

    /// Whether nothing was found yet.
    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// Forgets what was found for `needs`.
    pub fn forget(&mut self, needs: &[Measurement]) {
        self.found.retain(|(of, _)| !needs.contains(of));
    }

    /// What the samples of `experiment` say.
    ///
    /// # Errors
    /// It was not run, or the machine was too busy for its baseline to be known.
    pub fn summary(&self, experiment: &Experiment) -> Result<&Summary, String> {
        let summary = self.run_of(experiment)?;
        // All figures of an experiment rest on its first point, which is serial or has one lane.
        match summary.points.first().and_then(|first| first.time_us) {
            Some(time) if !time.is_within(BUSY) => Err(format!(
                "This machine is too busy to tell: even the time of one lane is only known to lie within {}. Close other programs and tabs, and run it again.",
                format::duration_interval(time.lo, time.hi)
            )),
            _ => Ok(summary),
        }
    }

    fn run_of(&self, experiment: &Experiment) -> Result<&Summary, String> {
        match self.found(&Measurement::Experiment(experiment.clone())) {
            Some(Outcome::Experiment { summary, .. }) => Ok(summary),
            _ => Err("It was not measured yet.".to_owned()),
        }
    }

    /// A point of `experiment` that was measured well enough to be judged by.
    ///
    /// # Errors
    /// Why it was not, or why the experiment cannot be judged by at all.
    pub fn point(&self, experiment: &Experiment, model: Model, lanes: u32) -> Result<&PointSummary, String> {
        self.summary(experiment)?;
        self.results(experiment, model, lanes)
    }

    /// The same, for what does not depend on how long anything took: it holds on a busy machine, too.
    ///
    /// # Errors
    /// Why the point was not measured.
    pub fn results(
        &self,
        experiment: &Experiment,
        model: Model,
        lanes: u32,
    ) -> Result<&PointSummary, String> {
        let point = Point { model, lanes };
        let summary = self.run_of(experiment)?.points.iter().find(|summary| summary.point == point);
        let summary = summary.ok_or_else(|| format!("{} was not run.", named(point)))?;
        match &summary.last_error {
            Some(TrialError::NotIsolated) => Err(
                "Threads cannot run here: they share a memory, which browsers allow only on isolated pages."
                    .to_owned(),
            ),
            Some(error) if summary.samples == 0 => Err(format!("{} failed: {error}", named(point))),
            _ if (summary.samples as usize) < FEWEST_SAMPLES => Err(format!(
                "{} has too few samples: {} of {FEWEST_SAMPLES}. Run it again.",
                named(point),
                summary.samples
            )),
            _ => Ok(summary),
        }
    }

    /// How many times as fast as serial a point of `experiment` is.
    ///
    /// # Errors
    /// Why that cannot be told.
    pub fn speed_up(&self, experiment: &Experiment, model: Model, lanes: u32) -> Result<Estimate, String> {
        self.point(experiment, model, lanes)?.speed_up.ok_or_else(too_short)
    }

    /// How many times as fast one point of `experiment` is as another, by the rounds that ran both.
    ///
    /// # Errors
    /// Why that cannot be told.
    pub fn gain(
        &self,
        experiment: &Experiment,
        (model, lanes): (Model, u32),
        other: (Model, u32),
    ) -> Result<Estimate, String> {
        let times = |(model, lanes)| {
            self.point(experiment, model, lanes)?;
            Ok::<_, String>(self.times_us(experiment, Point { model, lanes }))
        };
        let copies = |lanes| f64::from(experiment.scaling.copies(lanes));
        let ratio = stats::ratio_by_rounds(&times(other)?, &times((model, lanes))?);
        ratio.map(|ratio| ratio.times(copies(lanes) / copies(other.1))).ok_or_else(too_short)
    }

    /// The times of the trials at `point` that count, each with its round.
    fn times_us(&self, experiment: &Experiment, point: Point) -> Vec<(u32, f64)> {
        let found = self.found(&Measurement::Experiment(experiment.clone()));
        let Some(Outcome::Experiment { trials, .. }) = found else { return Vec::new() };
        let samples = trials.iter().map(|trial| &trial.sample);
        let of_point = samples.filter(|sample| sample.trial.point == point && sample.failed_tasks.is_empty());
        of_point.map(|sample| (sample.trial.round, sample.total_us)).collect()
    }

    /// The time of a point of `experiment`, in µs.
    ///
    /// # Errors
    /// Why it is not known.
    pub fn time_us(&self, experiment: &Experiment, model: Model, lanes: u32) -> Result<Estimate, String> {
        self.point(experiment, model, lanes)?.time_us.ok_or_else(too_short)
    }

    /// How many lanes of a point computed at once, on average.
    ///
    /// # Errors
    /// Why it is not known.
    pub fn overlap(&self, experiment: &Experiment, model: Model, lanes: u32) -> Result<Estimate, String> {
        self.point(experiment, model, lanes)?;
        let Some(Outcome::Experiment { overlaps, .. }) =
            self.found(&Measurement::Experiment(experiment.clone()))
        else {
            return Err(too_short());
        };
        let of_point = overlaps.iter().find(|(point, _)| *point == Point { model, lanes });
        of_point.map(|&(_, overlap)| overlap).ok_or_else(too_short)
    }

    /// A cost, in its unit.
    ///
    /// # Errors
    /// Why it was not measured.
    pub fn cost(&self, cost: Cost) -> Result<Estimate, String> {
        let Some(Outcome::Cost(summary)) = self.found(&Measurement::Cost(cost)) else {
            return Err("It was not measured yet.".to_owned());
        };
        let why = || summary.error.clone().unwrap_or_else(|| "It could not be measured.".to_owned());
        summary.figure.ok_or_else(why)
    }

    /// What was seen of a pitfall.
    pub fn pitfall(&self, pitfall: Pitfall) -> Option<&PitfallSummary> {
        match self.found(&Measurement::Pitfall(pitfall)) {
            Some(Outcome::Pitfall(summary)) => Some(summary),
            _ => None,
        }
    }

    /// What measuring a cost left of the tasks, as lost and done; only a kill leaves something.
    pub fn tasks(&self, cost: Cost) -> Option<(u32, u32)> {
        match self.found(&Measurement::Cost(cost)) {
            Some(Outcome::Cost(summary)) => summary.tasks,
            _ => None,
        }
    }
}

/// What an experiment does, and how it differs from others that claims need.
fn doing(experiment: &Experiment) -> String {
    let usual = Experiment::default();
    let models: Vec<_> = experiment.models.iter().map(|model| model.name()).collect();
    let mut text = format!("{}: {}", experiment.workload.description().name, format::list(&models));
    if experiment.start != usual.start {
        text.push_str(", started anew each time");
    }
    if experiment.switch_interval_us != usual.switch_interval_us {
        let interval = format::duration_tick(experiment.switch_interval_us.into());
        text.push_str(&format!(", a switch interval of {interval}"));
    }
    if !experiment.native_releases_gil {
        text.push_str(", native code that keeps the GIL");
    }
    if experiment.call != usual.call {
        text.push_str(&format!(", {}", experiment.call.name()));
    }
    if experiment.chunk_size > 1 {
        text.push_str(&format!(", {} tasks at once", experiment.chunk_size));
    }
    text
}

fn named(point: Point) -> String {
    format!("{} with {}", point.model.name(), format::count(point.lanes, "lane"))
}

fn too_short() -> String {
    "Its times are too short for this browser's clock.".to_owned()
}

/// A cost with its interval, for people.
pub fn cost_text(cost: Cost, figure: Estimate) -> String {
    match cost.unit() {
        Unit::Time => time_text(figure),
        Unit::Memory => format::memory(figure.value as u64),
    }
}

/// A time with its interval, for people.
pub fn time_text(us: Estimate) -> String {
    // Sooner than the clock can tell.
    if us.hi <= 0.0 {
        return "at once".to_owned();
    }
    format!("{} ({})", format::duration(us.value), format::duration_interval(us.lo, us.hi))
}

/// What measuring for the claims tells as it goes.
#[derive(Clone, Debug, PartialEq)]
pub enum ClaimEvent {
    /// This is measured now.
    Measuring {
        /// What.
        need: Measurement,
        /// The work that is done and the work in all, in ms as [`Measurement::expected_ms`] guesses.
        done_ms: u32,
        /// The work in all.
        all_ms: u32,
    },
    /// So much of what is measured now is done, from 0 to 1.
    Progress(f64),
    /// This is what the lanes of a pitfall have done so far.
    Seen(Vec<LaneSeen>),
    /// This was found.
    Measured(Measurement, Outcome),
    /// All was measured, or the visitor stopped it.
    Finished,
}
