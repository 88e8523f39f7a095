//! What the samples of a session say: a median and its certainty for every point.

use serde::{Deserialize, Serialize};

use crate::domain::{
    Activity, Bound, FailedTask, Fallback, Model, Point, Scaling, Segment, Trial, TrialError,
};
use crate::sample::{Sample, Split};
use crate::scaling::{Curve, CurveSummary, Times};
use crate::stats::{self, Estimate, FEWEST_SAMPLES, MARGIN, Median};

/// What is known of one point.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PointSummary {
    /// The model and lane count.
    pub point: Point,
    /// How many times the workload is run in each trial: once, or once for each lane.
    pub copies: u32,
    /// How many samples count.
    pub samples: u32,
    /// The median total time with its interval, in µs; `None` before the first round's sample. Like every figure
    /// here that a report carries, it is in whole steps ([`stats::Steps`]).
    pub time_us: Option<Estimate>,
    /// How many times as fast as `serial`, by rounds ([`stats::ratio_by_rounds`]); exactly 1 for `serial`
    /// itself. Where the work grows with the lanes it is the scaled speed-up, as many times that as the work
    /// is done (Gustafson, *Reevaluating Amdahl's law*, 1988).
    pub speed_up: Option<Estimate>,
    /// The warm-up's total time in µs: drawn until a sample counts, never part of a figure.
    pub warm_up_us: Option<f64>,
    /// The median of each part of the time.
    pub split: Split,
    /// The median time until the first result was delivered, in µs.
    pub first_result_us: Option<f64>,
    /// Whether every sample's results came in the order of the tasks.
    pub in_order: bool,
    /// How many samples lie outside Tukey's fences (1.5 interquartile ranges): named, never dropped.
    pub outliers: u32,
    /// The median memory of the point's lanes, in bytes.
    pub memory_bytes: u64,
    /// The lanes that had nothing to do, in the sample that has the fewest of them.
    pub idle_lanes: u32,
    /// The trials that failed, the warm-up included.
    pub failures: u32,
    /// How many of them had a wrong answer.
    pub wrong_answers: u32,
    /// Why the last failed trial failed.
    pub last_error: Option<TrialError>,
    /// The trials of which some tasks failed, the warm-up included: they are no samples.
    pub incomplete: u32,
    /// The median total time of those, in µs: never mixed with the others.
    pub incomplete_us: Option<f64>,
    /// Which tasks failed in them and why, each with how often.
    pub failed_tasks: Vec<(FailedTask, u32)>,
}

/// What is known of an experiment.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    /// Every point of the plan, in its order.
    pub points: Vec<PointSummary>,
    /// What the lanes spend their time on.
    pub bound: Bound,
    /// The trials that were void because the page was hidden or the machine asleep, and were run again.
    pub hidden_trials: u32,
    /// The serial median of the later half of the rounds over that of the earlier half: above 1,
    /// the machine became slower. `None` with too few samples, or where `serial` is not asked for.
    pub drift: Option<Estimate>,
    /// What trials did otherwise than the experiment asks.
    pub fallbacks: Vec<Fallback>,
    /// How each model scales, as of the last whole round; none of a model that was measured too little.
    pub curves: Vec<CurveSummary>,
}

impl Summary {
    /// What grew with the lanes, as the points show it.
    pub fn scaling(&self) -> Scaling {
        if self.points.iter().any(|summary| summary.copies > 1) { Scaling::Weak } else { Scaling::Strong }
    }
}

impl PointSummary {
    /// A point of which nothing is known yet.
    pub fn unknown(point: Point) -> Self {
        Self {
            point,
            copies: 1,
            samples: 0,
            time_us: None,
            speed_up: None,
            warm_up_us: None,
            split: Split::default(),
            first_result_us: None,
            in_order: true,
            outliers: 0,
            memory_bytes: 0,
            idle_lanes: 0,
            failures: 0,
            wrong_answers: 0,
            last_error: None,
            incomplete: 0,
            incomplete_us: None,
            failed_tasks: Vec::new(),
        }
    }

    /// Whether the median is known within 5 %, from samples enough for an interval of 95 %.
    pub fn is_certain(&self) -> bool {
        self.samples as usize >= FEWEST_SAMPLES && self.time_us.is_some_and(|time| time.is_within(MARGIN))
    }
}

/// What a session has measured so far, and its summary.
///
/// Everything that the figures rest on is kept but the lanes' segments, which would fill the
/// page's memory. After each trial only what depends on its point is computed anew.
#[derive(Clone, Debug)]
pub struct Record {
    scaling: Scaling,
    /// The resolution of the clock, in µs; 0 where it is not known.
    timer_step_us: f64,
    summary: Summary,
    points: Vec<PointRecord>,
}

/// The samples of one point that count, in the order in which they came.
#[derive(Clone, Debug, Default)]
struct PointRecord {
    /// The total times, each with its round.
    times_us: Vec<(u32, f64)>,
    splits: Vec<Split>,
    first_results_us: Vec<f64>,
    memory_bytes: Vec<f64>,
    median: Option<Median>,
    /// The total times of trials of which some tasks failed.
    incomplete_us: Vec<f64>,
}

impl Record {
    /// A record of trials at `points`, empty.
    pub fn new(points: &[Point], scaling: Scaling) -> Self {
        let unknown = |&point: &Point| {
            let copies = scaling.copies(point.lanes);
            PointSummary { copies, ..PointSummary::unknown(point) }
        };
        let summaries = points.iter().map(unknown).collect();
        Self {
            scaling,
            timer_step_us: 0.0,
            summary: Summary { points: summaries, ..Summary::default() },
            points: vec![PointRecord::default(); points.len()],
        }
    }

    /// The same, of lanes that spend their time so.
    pub fn bound_by(mut self, bound: Bound) -> Self {
        self.summary.bound = bound;
        self
    }

    /// The same, of times by a clock of that resolution in µs.
    pub fn timed_in_steps_of(mut self, timer_step_us: f64) -> Self {
        self.timer_step_us = timer_step_us;
        self
    }

    /// What all samples so far say.
    pub fn summary(&self) -> &Summary {
        &self.summary
    }

    /// Adds what `trial` measured. A warm-up only says how long it took; a point that is not
    /// recorded, as `serial` when it is run for its answer alone, says nothing.
    pub fn add(&mut self, trial: Trial, sample: &Sample) {
        for &fallback in &sample.fallbacks {
            if !self.summary.fallbacks.contains(&fallback) {
                self.summary.fallbacks.push(fallback);
            }
        }
        let Some(index) = self.index_of(trial.point) else { return };
        debug_assert!(sample.total_us.is_finite(), "a clock that tells no time");
        let summary = &mut self.summary.points[index];
        if !sample.failed_tasks.is_empty() {
            self.points[index].add_incomplete(sample, summary);
            return;
        }
        if trial.round == 0 {
            summary.warm_up_us = Some(sample.total_us);
            return;
        }
        self.points[index].add(trial.round, sample, summary);
        summary.outliers = stats::outliers(&self.points[index].times_us(), self.timer_step_us);
        self.update_speed_ups(index);
    }

    /// Adds that `trial` failed.
    pub fn fail(&mut self, trial: Trial, error: TrialError) {
        let Some(index) = self.index_of(trial.point) else { return };
        let summary = &mut self.summary.points[index];
        summary.failures += 1;
        summary.wrong_answers += u32::from(matches!(error, TrialError::WrongChecksum { .. }));
        summary.last_error = Some(error);
    }

    /// Adds that a trial was void because the page was hidden, and is run again.
    pub fn hide(&mut self) {
        self.summary.hidden_trials += 1;
    }

    /// Says how each model scales on a machine that reports so many `cores`: a millisecond or so for
    /// each, so that it is for the end of a round and not for every trial.
    pub fn fit(&mut self, cores: Option<u32>) {
        // Lanes that wait need no cores.
        let cores = cores.filter(|_| self.summary.bound == Bound::Cpu);
        let times = |model| {
            let points = self.summary.points.iter().zip(&self.points);
            let of_model = points.filter(move |(summary, _)| summary.point.model == model);
            of_model.filter_map(|(summary, record)| Some((summary.point.lanes, record.times()?)))
        };
        let serial = times(Model::Serial).next().map(|(_, times)| times);
        let curve_of = |model| Curve::new(self.scaling, serial, &times(model).collect::<Vec<_>>());
        let models = Model::ALL.iter().copied().filter(|&model| model != Model::Serial);
        self.summary.curves =
            models.filter_map(|model| CurveSummary::of(model, &curve_of(model), cores)).collect();
    }

    fn index_of(&self, point: Point) -> Option<usize> {
        self.summary.points.iter().position(|summary| summary.point == point)
    }

    /// A new sample of the baseline moves every speed-up, any other only its own point's.
    fn update_speed_ups(&mut self, changed: usize) {
        let is_serial = |summary: &PointSummary| summary.point.model == Model::Serial;
        let Some(baseline) = self.summary.points.iter().position(is_serial) else { return };
        let serial = &self.points[baseline];
        if serial.times_us.is_empty() {
            return;
        }
        if changed == baseline {
            self.summary.drift = drift(&serial.times_us()).map(Estimate::in_steps);
        }
        for (index, summary) in self.summary.points.iter_mut().enumerate() {
            if index == baseline {
                summary.speed_up = Some(Estimate { value: 1.0, lo: 1.0, hi: 1.0 });
            } else if changed == baseline || changed == index {
                let ratio = stats::ratio_by_rounds(&serial.times_us, &self.points[index].times_us);
                summary.speed_up = ratio.map(|ratio| ratio.times(summary.copies.into()).in_steps());
            }
        }
    }
}

impl PointRecord {
    /// The times with their median; `None` while there are none.
    fn times(&self) -> Option<Times<'_>> {
        Some(Times { median: self.median.as_ref()?, by_round: &self.times_us })
    }

    /// The total times without their rounds.
    fn times_us(&self) -> Vec<f64> {
        self.times_us.iter().map(|&(_, us)| us).collect()
    }

    fn add(&mut self, round: u32, sample: &Sample, summary: &mut PointSummary) {
        self.times_us.push((round, sample.total_us));
        self.splits.push(sample.split);
        self.first_results_us.push(sample.first_result_us);
        self.memory_bytes.push(sample.memory_bytes as f64);
        let times_us = self.times_us();
        self.median = Median::of(&times_us);

        let idle = idle_lanes(sample);
        summary.idle_lanes = if summary.samples == 0 { idle } else { summary.idle_lanes.min(idle) };
        summary.samples += 1;
        summary.time_us = self.median.as_ref().map(|median| median.estimate().in_steps());
        summary.split = median_split(&self.splits);
        summary.first_result_us = stats::median(&self.first_results_us);
        summary.in_order &= sample.in_order;
        summary.memory_bytes = stats::median(&self.memory_bytes).unwrap_or(0.0) as u64;
    }
}

/// The most different failures of a point that are kept; beyond these they are only counted.
const MOST_FAILURES: usize = 100;

impl PointRecord {
    /// Adds a trial of which some tasks failed: it took another time for it, and is no sample.
    fn add_incomplete(&mut self, sample: &Sample, summary: &mut PointSummary) {
        self.incomplete_us.push(sample.total_us);
        summary.incomplete += 1;
        summary.incomplete_us = stats::median(&self.incomplete_us);
        let known = &mut summary.failed_tasks;
        for failed in &sample.failed_tasks {
            let is_same = |(known, _): &(FailedTask, u32)| known == failed;
            // Beyond what is kept, the reason is known of another task at least.
            let is_alike = |(known, _): &(FailedTask, u32)| known.reason == failed.reason;
            let is_full = known.len() >= MOST_FAILURES;
            let at = known.iter().position(is_same);
            match at.or_else(|| known.iter().position(is_alike).filter(|_| is_full)) {
                Some(at) => known[at].1 += 1,
                None => known.push((failed.clone(), 1)),
            }
        }
    }
}

/// The median of each part for itself: they need not add up to the median of the total.
fn median_split(splits: &[Split]) -> Split {
    let median = |part: fn(&Split) -> f64| {
        stats::median(&splits.iter().map(part).collect::<Vec<_>>()).unwrap_or_default()
    };
    Split {
        spawn_us: median(|split| split.spawn_us),
        copy_in_us: median(|split| split.copy_in_us),
        compute_us: median(|split| split.compute_us),
        wait_us: median(|split| split.wait_us),
        fetch_us: median(|split| split.fetch_us),
        write_us: median(|split| split.write_us),
        copy_out_us: median(|split| split.copy_out_us),
        join_us: median(|split| split.join_us),
    }
}

fn idle_lanes(sample: &Sample) -> u32 {
    let is_work = |activity| {
        matches!(activity, Activity::Compute | Activity::Native | Activity::Fetch | Activity::Write)
    };
    let works = |lane: &[Segment]| lane.iter().any(|segment| is_work(segment.activity));
    sample.lanes.iter().filter(|lane| !works(lane)).count() as u32
}

/// The median of the later half over that of the earlier half; of an odd number of times, the
/// middle one belongs to neither.
fn drift(times_us: &[f64]) -> Option<Estimate> {
    if times_us.len() < FEWEST_SAMPLES {
        return None;
    }
    let half = times_us.len() / 2;
    let later = Median::of(&times_us[times_us.len() - half..])?;
    later.over(&Median::of(&times_us[..half])?)
}

#[cfg(test)]
mod tests;
