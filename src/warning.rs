//! What a reader should know before trusting the figures, each with its remedy.

use std::fmt;

use crate::domain::{Bound, Fallback, Model, Point, Source};
use crate::experiment::Experiment;
use crate::format::{duration, percent};
use crate::machine::Machine;
use crate::session::Ending;
use crate::stats::FEWEST_SAMPLES;
use crate::summary::{PointSummary, Summary};

/// A step of the clock above this part of the shortest median is too coarse: a time is wrong by
/// up to a step, and medians are to be known five times as well as that.
const COARSE: f64 = 0.01;
/// A warm-up is slow when it took this many times the median.
const SLOW_WARM_UP: f64 = 1.5;
/// The baseline has drifted when its interval says so and it moved by more than this part.
const DRIFT: f64 = 0.05;

/// Something that is no error and that a reader of the figures should know.
#[derive(Clone, Debug, PartialEq)]
pub enum Warning {
    /// A point gave wrong answers: the only warning that doubts Lanes itself.
    WrongAnswers {
        /// The point.
        point: Point,
        /// How many of its trials had a wrong answer.
        trials: u32,
    },
    /// Models that need a shared memory were asked for where there is none.
    NotIsolated {
        /// The reason and the remedy, as the machine's isolation has them.
        reason: &'static str,
    },
    /// The clock's step is more than 1 % of the shortest median.
    TimerTooCoarse {
        /// The clock's step, in µs.
        step_us: f64,
        /// The shortest median, in µs.
        shortest_us: f64,
    },
    /// The session is over, and points have too few samples for an interval of 95 %.
    FewSamples {
        /// The fewest samples of a point that ran.
        samples: u32,
    },
    /// The session is over, and with samples enough the widest interval still reaches beyond 5 %.
    Noisy {
        /// The point with the widest interval.
        point: Point,
        /// How far its interval reaches, as a part of the median.
        reach: f64,
    },
    /// The serial baseline is slower or faster in the later rounds than in the earlier ones.
    Drifted {
        /// The later median over the earlier one.
        ratio: f64,
    },
    /// Trials were void because the page was hidden or the machine asleep, and were run again.
    Hidden {
        /// How many.
        trials: u32,
    },
    /// A warm-up took more than 1.5 times its point's median.
    FirstRunSlow {
        /// The point where it took the most times the median.
        point: Point,
        /// How many times the median it took.
        times: f64,
    },
    /// Points have more lanes than the machine has cores.
    MoreLanesThanCores {
        /// The cores that are reported.
        cores: u32,
    },
    /// Lanes had nothing to compute in any trial of a point.
    IdleLanes {
        /// The point with the most of them.
        point: Point,
        /// How many there were at least.
        idle: u32,
    },
    /// Some tasks of some trials failed, and those trials are no samples.
    FailedTasks {
        /// How many trials.
        trials: u32,
        /// How many of their tasks.
        tasks: u32,
    },
    /// Something was done otherwise than the experiment asks.
    Fallback(Fallback),
    /// More lanes asked this site than browsers open connections to it over HTTP/1.1.
    SixConnections,
}

impl Warning {
    /// Whether something else was run than the experiment says: figures may not be shown without it.
    pub const fn is_of_what_ran(&self) -> bool {
        matches!(self, Self::WrongAnswers { .. } | Self::FailedTasks { .. } | Self::Fallback(_))
    }
}

/// How many connections browsers open to one host over HTTP/1.1.
const CONNECTIONS: u32 = 6;

/// What is to be said about `summary`, weightiest first; `ending` is `None` while the session runs.
///
/// A wide interval is no warning before the session is over, and none when the visitor stopped it.
pub fn warnings(
    experiment: &Experiment,
    machine: &Machine,
    summary: &Summary,
    ending: Option<Ending>,
) -> Vec<Warning> {
    let points = &summary.points;
    let ran_its_course = matches!(ending, Some(Ending::BudgetSpent | Ending::RoundsRun));
    [
        wrong_answers(points),
        not_isolated(experiment, machine),
        timer_too_coarse(machine, points),
        if ran_its_course { few_samples(points).or_else(|| noisy(points)) } else { None },
        drifted(summary),
        (summary.hidden_trials > 0).then_some(Warning::Hidden { trials: summary.hidden_trials }),
        first_run_slow(points),
        more_lanes_than_cores(experiment, machine, points),
        idle_lanes(points),
        failed_tasks(points),
        six_connections(experiment, summary),
    ]
    .into_iter()
    .flatten()
    .chain(summary.fallbacks.iter().map(|&fallback| Warning::Fallback(fallback)))
    .collect()
}

fn wrong_answers(points: &[PointSummary]) -> Option<Warning> {
    let worst = points.iter().max_by_key(|summary| summary.wrong_answers)?;
    let trials = worst.wrong_answers;
    (trials > 0).then_some(Warning::WrongAnswers { point: worst.point, trials })
}

fn not_isolated(experiment: &Experiment, machine: &Machine) -> Option<Warning> {
    let needs_shared_memory = experiment.models.iter().any(|model| model.needs_shared_memory());
    let reason = machine.isolation.why_no_threads().filter(|_| needs_shared_memory)?;
    Some(Warning::NotIsolated { reason })
}

fn timer_too_coarse(machine: &Machine, points: &[PointSummary]) -> Option<Warning> {
    let shortest_us = medians(points).map(|(_, median_us)| median_us).min_by(f64::total_cmp)?;
    let step_us = machine.timer_step_us;
    (step_us > COARSE * shortest_us).then_some(Warning::TimerTooCoarse { step_us, shortest_us })
}

fn few_samples(points: &[PointSummary]) -> Option<Warning> {
    let samples = points.iter().map(|summary| summary.samples).filter(|&samples| samples > 0).min()?;
    ((samples as usize) < FEWEST_SAMPLES).then_some(Warning::FewSamples { samples })
}

fn noisy(points: &[PointSummary]) -> Option<Warning> {
    let uncertain = points.iter().filter(|summary| summary.samples > 0 && !summary.is_certain());
    let reach = |summary: &PointSummary| {
        let time = summary.time_us?;
        Some((summary.point, (time.hi - time.value).max(time.value - time.lo) / time.value))
    };
    let (point, reach) = uncertain.filter_map(reach).max_by(|a, b| a.1.total_cmp(&b.1))?;
    Some(Warning::Noisy { point, reach })
}

fn drifted(summary: &Summary) -> Option<Warning> {
    let drift = summary.drift?;
    let is_sure = drift.lo > 1.0 || drift.hi < 1.0;
    (is_sure && (drift.value - 1.0).abs() > DRIFT).then_some(Warning::Drifted { ratio: drift.value })
}

fn first_run_slow(points: &[PointSummary]) -> Option<Warning> {
    let times =
        |(summary, median_us): (&PointSummary, f64)| Some((summary.point, summary.warm_up_us? / median_us));
    let (point, times) = medians(points).filter_map(times).max_by(|a, b| a.1.total_cmp(&b.1))?;
    (times > SLOW_WARM_UP).then_some(Warning::FirstRunSlow { point, times })
}

fn more_lanes_than_cores(
    experiment: &Experiment,
    machine: &Machine,
    points: &[PointSummary],
) -> Option<Warning> {
    // Lanes that wait need no cores.
    let cores = machine.reported_cores.filter(|_| experiment.workload.bound() == Bound::Cpu)?;
    let is_beyond = |summary: &PointSummary| summary.samples > 0 && summary.point.lanes > cores;
    points.iter().any(is_beyond).then_some(Warning::MoreLanesThanCores { cores })
}

fn failed_tasks(points: &[PointSummary]) -> Option<Warning> {
    let trials: u32 = points.iter().map(|summary| summary.incomplete).sum();
    let tasks = points.iter().flat_map(|summary| &summary.failed_tasks).map(|(_, times)| times).sum();
    (trials > 0).then_some(Warning::FailedTasks { trials, tasks })
}

fn six_connections(experiment: &Experiment, summary: &Summary) -> Option<Warning> {
    let asks_this_site = experiment.workload.is_io()
        && (experiment.network.source == Source::ThisSite
            || summary.fallbacks.iter().any(|fallback| fallback.is_of_network()));
    let is_beyond = |point: &PointSummary| point.samples > 0 && point.point.lanes > CONNECTIONS;
    (asks_this_site && summary.points.iter().any(is_beyond)).then_some(Warning::SixConnections)
}

fn idle_lanes(points: &[PointSummary]) -> Option<Warning> {
    let worst = points.iter().max_by_key(|summary| summary.idle_lanes)?;
    let idle = worst.idle_lanes;
    (idle > 0).then_some(Warning::IdleLanes { point: worst.point, idle })
}

/// The medians that something can be compared with: a time of zero is below the clock's step.
fn medians(points: &[PointSummary]) -> impl Iterator<Item = (&PointSummary, f64)> {
    points.iter().filter_map(|summary| Some((summary, summary.time_us?.value)).filter(|(_, us)| *us > 0.0))
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::WrongAnswers { point, trials } => write!(
                f,
                "Wrong answers: {} of the trials of {} gave another result than the serial run. Their times are \
                 not counted. Reload the page and run again; if it stays, this browser or this machine computes \
                 wrongly, and none of its figures should be trusted.",
                trials,
                At(point),
            ),
            Self::NotIsolated { reason } => write!(f, "{reason}"),
            Self::TimerTooCoarse { step_us, shortest_us } => write!(
                f,
                "The clock is too coarse: it moves in steps of {}, and the shortest median is {}. Choose a larger \
                 size, or open Lanes on an isolated page, where browsers allow a finer clock.",
                duration(step_us),
                duration(shortest_us),
            ),
            Self::FewSamples { samples } => write!(
                f,
                "Few samples: points have as few as {samples}, and an interval of 95 % takes {FEWEST_SAMPLES}. \
                 What is shown reaches from the least to the greatest sample. Allow more time or more rounds, \
                 or choose a smaller size, fewer models or fewer lane counts.",
            ),
            Self::Noisy { point, reach } => write!(
                f,
                "The machine is noisy: the median of {} is known only within {}. Close other programs and \
                 tabs, plug the machine in, and run again, or allow more time.",
                At(point),
                percent((100.0 * reach).ceil() / 100.0),
            ),
            Self::Drifted { ratio } => write!(
                f,
                "The machine became {} {} while it was measured: the serial run took {:.2} times as long in \
                 the later rounds as in the earlier ones{}. Every model was hit alike, so speed-ups hold better \
                 than times. Let the machine cool, plug it in, close other programs, and run again.",
                percent((ratio - 1.0).abs()),
                if ratio > 1.0 { "slower" } else { "faster" },
                ratio,
                if ratio > 1.0 { ", as when it is hot or on battery" } else { "" },
            ),
            Self::Hidden { trials } => write!(
                f,
                "The page was hidden during {}, or the machine asleep: what was measured then is void and was \
                 run again, as browsers slow hidden pages down. Keep the page in view while it measures.",
                Trials(trials),
            ),
            Self::FirstRunSlow { point, times } => write!(
                f,
                "The first run was slow: the warm-up of {} took {times:.1} times the median, as code is compiled and \
                 lanes are started then. It is not counted. To see what starting costs in every trial, choose \
                 a cold start.",
                At(point),
            ),
            Self::MoreLanesThanCores { cores } => write!(
                f,
                "More lanes than cores: beyond {cores} {} the lanes of CPU-bound work take turns, so that a flat \
                 curve is to be expected there. To see the gain, look at up to {cores}.",
                if cores == 1 { "lane" } else { "lanes" },
            ),
            Self::IdleLanes { point, idle } => write!(
                f,
                "Fewer tasks than lanes: in every trial of {}, {idle} or more of the lanes had nothing to compute, as \
                 the others had taken all tasks. Choose a larger size or fewer lanes.",
                At(point),
            ),
            Self::FailedTasks { trials, tasks } => write!(
                f,
                "Tasks failed: {} of {}. Those trials took another time for it and are not counted; \
                 the figures' table says what failed and why.",
                Tasks(tasks),
                Trials(trials),
            ),
            Self::Fallback(fallback) => fallback.fmt(f),
            Self::SixConnections => write!(
                f,
                "More than {CONNECTIONS} lanes asked this site: over HTTP/1.1, browsers open no more than {CONNECTIONS} \
                 connections to a host, so further lanes wait for one and gain nothing. Over HTTP/2 there is no such \
                 bound, and the simulated network has none.",
            ),
        }
    }
}

/// A point in the middle of a sentence.
struct At(Point);

impl fmt::Display for At {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Point { model, lanes } = self.0;
        match (model, lanes) {
            (Model::Serial, _) => f.write_str(model.name()),
            (_, 1) => write!(f, "{} at 1 lane", model.name()),
            _ => write!(f, "{} at {lanes} lanes", model.name()),
        }
    }
}

struct Tasks(u32);

impl fmt::Display for Tasks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 == 1 { f.write_str("one task") } else { write!(f, "{} tasks", self.0) }
    }
}

struct Trials(u32);

impl fmt::Display for Trials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 == 1 { f.write_str("a trial") } else { write!(f, "{} trials", self.0) }
    }
}

#[cfg(test)]
mod tests;
