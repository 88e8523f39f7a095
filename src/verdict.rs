//! The one sentence that a summary allows, and the rule behind it.
//!
//! A model is judged at the fewest lanes at which it does its best, as far as intervals tell. What
//! is said of it rests on the interval of its speed-up and not on the figure alone: it *helps* when
//! the whole interval lies above one by more than [`MARGIN`], it *hurts* when the whole interval lies
//! below one by more than that, it *does not help* when no part of the interval lies above the
//! margin, and in every other case it cannot be told.
//!
//! Nothing is said before every point has [`FEWEST_SAMPLES`], as its interval is none of 95 % until
//! then. The ranges of three samples each lie apart by chance once in ten times, on one side or the
//! other, and say nothing at all of speed-ups that are alike.
//!
//! All speed-ups share one baseline. On a machine that is busy with something else it may be wrong
//! for all of them alike, which no interval shows, so nothing is said when it reaches too far.

use std::fmt;

use crate::domain::{Bound, Model, Scaling, TrialError};
use crate::format;
use crate::stats::{Estimate, FEWEST_SAMPLES, MARGIN};
use crate::summary::{PointSummary, Summary};

/// The furthest that the interval of the serial median may reach to either side, as a part of it:
/// twice what an experiment aims at.
pub const BASELINE_REACH: f64 = 0.1;

/// What an experiment says.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    /// Something about each of its models that has several lanes.
    Found {
        /// What grew with the lanes, as words depend on it.
        scaling: Scaling,
        /// What the lanes spend their time on, as words depend on it, too.
        work: Bound,
        /// What helps most first, then what cannot be told, then what does not help.
        findings: Vec<Finding>,
    },
    /// Nothing: even the serial times differ too much.
    TooNoisy {
        /// How far the interval of the serial median reaches, as a part of it.
        reach: f64,
    },
}

/// What is found about one model.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Finding {
    /// The model.
    pub model: Model,
    /// What is found.
    pub kind: Kind,
}

/// What can be found about a model.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind {
    /// It is faster than one lane, best at so many.
    Helps {
        /// The fewest lanes at which it does its best.
        lanes: u32,
        /// Its speed-up there.
        speed_up: Estimate,
    },
    /// It is neither faster nor slower than one lane by more than the margin.
    NoGain(Estimate),
    /// It is slower than one lane, however many lanes it has.
    Hurts(Estimate),
    /// The interval allows more than one of these.
    CannotTell(Estimate),
    /// All its trials failed.
    Failed,
    /// It could not run, as the page is not isolated.
    NotIsolated,
}

impl Verdict {
    /// What `summary` says; `None` while a model has too few samples or has one lane only.
    pub fn of(summary: &Summary) -> Option<Self> {
        let serial = summary.points.iter().find(|p| p.point.model == Model::Serial)?;
        let baseline = serial.time_us?;
        if !baseline.is_within(BASELINE_REACH) {
            let reach = (baseline.hi - baseline.value).max(baseline.value - baseline.lo) / baseline.value;
            // More samples may still bring it closer.
            return (serial.samples as usize >= FEWEST_SAMPLES).then_some(Self::TooNoisy { reach });
        }
        let mut findings = Vec::new();
        for model in Model::ALL.into_iter().filter(|&model| model != Model::Serial) {
            let points: Vec<&PointSummary> =
                summary.points.iter().filter(|p| p.point.model == model && p.point.lanes > 1).collect();
            if !points.is_empty() {
                findings.push(Finding { model, kind: judge(&points)? });
            }
        }
        // Without isolation neither kind of thread can run, and one of them says so for both.
        let not_isolated = |finding: &&Finding| finding.kind == Kind::NotIsolated;
        if findings.iter().filter(not_isolated).count() > 1 {
            findings.retain(|finding| finding.model != Model::ThreadsGil);
        }
        findings.sort_by(|a, b| b.kind.rank().total_cmp(&a.kind.rank()));
        let (scaling, work) = (summary.scaling(), summary.bound);
        (!findings.is_empty()).then_some(Self::Found { scaling, work, findings })
    }
}

/// What one model's points with several lanes say; `None` while that is too early.
fn judge(points: &[&PointSummary]) -> Option<Kind> {
    // A point that always fails never gets its samples, and must not hold back the others.
    let runs = |p: &&&PointSummary| p.samples > 0 || (p.failures == 0 && p.incomplete == 0);
    if points.iter().all(|p| p.samples == 0 && p.last_error == Some(TrialError::NotIsolated)) {
        return Some(Kind::NotIsolated);
    }
    if points.iter().filter(runs).count() == 0 {
        return Some(Kind::Failed);
    }
    if points.iter().filter(runs).any(|p| (p.samples as usize) < FEWEST_SAMPLES) {
        return None;
    }
    let figures = || points.iter().filter_map(|p| Some((p.point.lanes, p.speed_up?)));
    let (_, best) = figures().max_by(|(_, a), (_, b)| a.value.total_cmp(&b.value))?;
    let helps = |speed_up: &Estimate| speed_up.lo > 1.0 + MARGIN;
    if helps(&best) {
        // Lanes that add nothing are no advice: the fewest that help and reach the best figure are.
        let (lanes, speed_up) =
            figures().filter(|(_, s)| helps(s) && s.hi >= best.value).min_by_key(|&(lanes, _)| lanes)?;
        return Some(Kind::Helps { lanes, speed_up });
    }
    let speed_up = best;
    Some(if speed_up.hi < 1.0 - MARGIN {
        Kind::Hurts(speed_up)
    } else if speed_up.hi <= 1.0 + MARGIN {
        Kind::NoGain(speed_up)
    } else {
        Kind::CannotTell(speed_up)
    })
}

impl Kind {
    /// The speed-up that it rests on.
    fn speed_up(self) -> Option<Estimate> {
        match self {
            Self::Helps { speed_up, .. } => Some(speed_up),
            Self::NoGain(speed_up) | Self::Hurts(speed_up) | Self::CannotTell(speed_up) => Some(speed_up),
            Self::Failed | Self::NotIsolated => None,
        }
    }

    /// Larger comes first; what does not help has a rank below zero, one for each kind.
    fn rank(self) -> f64 {
        match self {
            Self::Helps { speed_up, .. } => speed_up.value,
            Self::CannotTell(_) => -1.0,
            Self::NoGain(_) => -2.0,
            Self::Hurts(_) => -3.0,
            Self::Failed => -4.0,
            Self::NotIsolated => -5.0,
        }
    }
}

/// The model's lanes as a sentence names them.
fn lanes_of(model: Model) -> &'static str {
    match model {
        Model::Serial => "one lane",
        Model::Threads => "threads",
        Model::ThreadsGil => "threads under a GIL",
        Model::Processes => "processes",
        Model::Async => "requests in one event loop",
        Model::ByBottleneck => "lanes, each step by its bottleneck,",
    }
}

/// As it is said on the machine that was measured; `{:#}` says it where another one's figures are shown.
impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_elsewhere = f.alternate();
        let (scaling, work, findings) = match self {
            Self::Found { scaling, work, findings } => (*scaling, *work, findings),
            Self::TooNoisy { reach } => {
                return write!(
                    f,
                    "{} too busy to tell: even the serial time is known only within {}. \
                     Close other programs and tabs, and run again.",
                    if is_elsewhere { "That machine was" } else { "This machine is" },
                    format::percent(*reach)
                );
            }
        };
        let groups = findings.chunk_by(|a, b| a.kind.rank() < 0.0 && a.kind.rank() == b.kind.rank());
        let clauses: Vec<String> =
            groups.enumerate().map(|(i, group)| clause(group, scaling, work, i == 0)).collect();
        write!(f, "On {} machine {}.", if is_elsewhere { "that" } else { "this" }, clauses.join("; "))
    }
}

/// What is said of models of which the same is found.
fn clause(group: &[Finding], scaling: Scaling, work: Bound, is_first: bool) -> String {
    let do_ = if work == Bound::Cpu { "compute" } else { "do" };
    let who = lanes_of(group[0].model);
    match group[0].kind {
        Kind::Helps { lanes, speed_up } => {
            let times = format::ratio(speed_up.value);
            match scaling {
                _ if !is_first => format!("{lanes} {who} {times}"),
                Scaling::Strong => format!("{lanes} {who} {do_} it {times} as fast as one lane"),
                Scaling::Weak => {
                    format!("{lanes} {who} {do_} {times} as much as one lane in the same time")
                }
            }
        }
        Kind::NoGain(_) => of_all(group, figure, "do not help"),
        Kind::Hurts(_) => match scaling {
            Scaling::Strong => of_all(group, figure, "make it slower"),
            Scaling::Weak => of_all(group, figure, &format!("{do_} less in the same time")),
        },
        Kind::CannotTell(_) => format!("it cannot be told whether {}", of_all(group, interval, "help")),
        Kind::Failed => format!("{who} failed"),
        Kind::NotIsolated => format!("{who} cannot run, as the page is not isolated"),
    }
}

/// "threads do not help (1.00×)", but "threads (1.00×) and processes (0.98×) do not help".
fn of_all(group: &[Finding], write: fn(Estimate) -> String, what: &str) -> String {
    let named: Vec<(&str, String)> =
        group.iter().filter_map(|f| Some((lanes_of(f.model), write(f.kind.speed_up()?)))).collect();
    if let [(who, figure)] = named.as_slice() {
        return format!("{who} {what} ({figure})");
    }
    let names: Vec<String> = named.iter().map(|(who, figure)| format!("{who} ({figure})")).collect();
    format!("{} {what}", format::list(&names))
}

fn figure(speed_up: Estimate) -> String {
    format::ratio(speed_up.value)
}

fn interval(speed_up: Estimate) -> String {
    format::ratio_interval(speed_up.lo, speed_up.hi)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Point;

    fn point(model: Model, lanes: u32, samples: u32, speed_up: (f64, f64, f64)) -> PointSummary {
        let (lo, value, hi) = speed_up;
        PointSummary {
            samples,
            speed_up: Some(Estimate { value, lo, hi }),
            ..PointSummary::unknown(Point { model, lanes })
        }
    }

    fn failed(model: Model, lanes: u32, error: TrialError) -> PointSummary {
        let unknown = PointSummary::unknown(Point { model, lanes });
        PointSummary { failures: 3, last_error: Some(error), ..unknown }
    }

    /// What is said of these points and a serial time that is known within `reach`.
    fn said_with(reach: f64, mut points: Vec<PointSummary>) -> Option<String> {
        let time_us = Some(Estimate { value: 1e5, lo: 1e5 * (1.0 - reach), hi: 1e5 * (1.0 + reach) });
        points.insert(0, PointSummary { time_us, ..point(Model::Serial, 1, 6, (1.0, 1.0, 1.0)) });
        Verdict::of(&Summary { points, ..Summary::default() })
            .map(|verdict| verdict.to_string().replace(['\u{2060}', '\u{a0}'], ""))
    }

    fn said(points: Vec<PointSummary>) -> Option<String> {
        said_with(0.02, points)
    }

    #[test]
    fn a_clear_gain_comes_before_no_gain_and_the_best_lane_count_is_named() {
        let points = vec![
            point(Model::ThreadsGil, 2, 6, (0.97, 1.0, 1.02)),
            point(Model::Processes, 1, 6, (0.98, 0.99, 1.0)),
            point(Model::Processes, 2, 6, (1.90, 1.93, 1.96)),
            point(Model::Processes, 4, 6, (1.80, 1.85, 1.92)),
        ];
        assert_eq!(
            said(points).unwrap(),
            "On this machine 2 processes compute it 1.93× as fast as one lane; threads under a GIL do not help (1.00×)."
        );
    }

    #[test]
    fn of_lane_counts_that_do_equally_well_the_smaller_is_named() {
        let points = vec![
            point(Model::Threads, 2, 6, (1.93, 1.95, 1.98)),
            point(Model::Threads, 4, 6, (1.94, 1.96, 1.97)),
        ];
        assert_eq!(said(points).unwrap(), "On this machine 2 threads compute it 1.95× as fast as one lane.");
    }

    #[test]
    fn several_gains_are_named_from_the_largest_on() {
        let points = vec![
            point(Model::Threads, 2, 6, (1.8, 1.9, 2.0)),
            point(Model::Processes, 4, 6, (2.4, 2.5, 2.6)),
        ];
        assert_eq!(
            said(points).unwrap(),
            "On this machine 4 processes compute it 2.50× as fast as one lane; 2 threads 1.90×."
        );
    }

    #[test]
    fn an_interval_across_the_margin_cannot_be_told() {
        for interval in [(1.04, 1.2, 1.3), (0.9, 1.0, 1.06), (0.97, 1.01, 1.06)] {
            let kind = judge(&[&point(Model::Processes, 2, 6, interval)]).unwrap();
            assert!(matches!(kind, Kind::CannotTell(_)), "{interval:?} is {kind:?}");
        }
        let points = vec![point(Model::Processes, 2, 6, (0.98, 1.1, 1.2))];
        assert_eq!(
            said(points).unwrap(),
            "On this machine it cannot be told whether processes help (0.98–1.20×)."
        );
    }

    #[test]
    fn what_surely_gains_nothing_does_not_help_even_if_it_may_hurt() {
        for interval in [(0.9, 1.0, 1.04), (0.94, 0.96, 0.98), (0.9, 0.93, 0.96)] {
            let kind = judge(&[&point(Model::ThreadsGil, 2, 6, interval)]).unwrap();
            assert!(matches!(kind, Kind::NoGain(_)), "{interval:?} is {kind:?}");
        }
        let kind = judge(&[&point(Model::ThreadsGil, 2, 6, (0.9, 0.92, 0.94))]).unwrap();
        assert!(matches!(kind, Kind::Hurts(_)), "{kind:?}");
    }

    #[test]
    fn models_of_which_the_same_is_found_share_a_clause() {
        let points = vec![
            point(Model::Threads, 2, 6, (0.91, 1.0, 1.17)),
            point(Model::ThreadsGil, 2, 6, (0.98, 1.0, 1.02)),
            point(Model::Processes, 2, 6, (0.96, 1.1, 1.24)),
        ];
        assert_eq!(
            said(points).unwrap(),
            "On this machine it cannot be told whether threads (0.91–1.17×) and processes (0.96–1.24×) help; \
             threads under a GIL do not help (1.00×)."
        );
    }

    #[test]
    fn a_wide_interval_at_few_lanes_does_not_hide_a_clear_gain_at_more() {
        let points = vec![
            point(Model::Processes, 2, 6, (0.9, 1.5, 2.6)),
            point(Model::Processes, 4, 6, (2.4, 2.5, 2.6)),
        ];
        assert_eq!(
            said(points).unwrap(),
            "On this machine 4 processes compute it 2.50× as fast as one lane."
        );
    }

    #[test]
    fn a_loss_is_called_one() {
        let points = vec![point(Model::Processes, 2, 6, (0.5, 0.6, 0.7))];
        assert_eq!(said(points).unwrap(), "On this machine processes make it slower (0.60×).");
    }

    #[test]
    fn without_isolation_the_reason_is_named() {
        let points = vec![
            failed(Model::Threads, 2, TrialError::NotIsolated),
            failed(Model::ThreadsGil, 2, TrialError::NotIsolated),
            point(Model::Processes, 2, 6, (1.9, 1.95, 2.0)),
        ];
        assert_eq!(
            said(points).unwrap(),
            "On this machine 2 processes compute it 1.95× as fast as one lane; threads cannot run, as the page is not isolated."
        );
    }

    #[test]
    fn too_few_samples_say_nothing() {
        assert_eq!(said(vec![point(Model::Processes, 2, 5, (1.9, 1.95, 2.0))]), None);
        let points = vec![
            point(Model::Processes, 2, 6, (1.9, 1.95, 2.0)),
            point(Model::Processes, 4, 5, (1.9, 1.95, 2.0)),
        ];
        assert_eq!(said(points), None);
    }

    #[test]
    fn where_the_work_grows_more_of_it_is_done() {
        let weak =
            |model, lanes, speed_up| PointSummary { copies: lanes, ..point(model, lanes, 6, speed_up) };
        let points = vec![
            weak(Model::Threads, 2, (1.8, 1.9, 2.0)),
            weak(Model::Processes, 4, (2.4, 2.5, 2.6)),
            weak(Model::ThreadsGil, 2, (0.8, 0.85, 0.9)),
        ];
        assert_eq!(
            said(points).unwrap(),
            "On this machine 4 processes compute 2.50× as much as one lane in the same time; 2 threads 1.90×; \
             threads under a GIL compute less in the same time (0.85×)."
        );
    }

    #[test]
    fn a_baseline_that_is_not_known_supports_nothing() {
        let points = || vec![point(Model::Processes, 2, 6, (1.2, 1.4, 1.6))];
        assert_eq!(
            said_with(0.15, points()).unwrap(),
            "This machine is too busy to tell: even the serial time is known only within 15%. \
             Close other programs and tabs, and run again."
        );
        assert!(said_with(0.09, points()).unwrap().contains("1.40×"));

        let points = points();
        assert_eq!(Verdict::of(&Summary { points, ..Summary::default() }), None, "without serial at all");
    }

    #[test]
    fn one_lane_has_nothing_to_be_compared_with() {
        assert_eq!(said(vec![point(Model::Processes, 1, 9, (0.9, 1.0, 1.1))]), None);
        assert_eq!(said(vec![]), None);
    }

    #[test]
    fn a_point_that_always_fails_does_not_hold_back_the_others() {
        let points = vec![
            point(Model::Processes, 2, 6, (1.9, 1.95, 2.0)),
            failed(Model::Processes, 4, TrialError::OutOfMemory),
        ];
        assert_eq!(
            said(points).unwrap(),
            "On this machine 2 processes compute it 1.95× as fast as one lane."
        );
        let points = vec![
            point(Model::Threads, 2, 6, (1.9, 1.95, 2.0)),
            failed(Model::Processes, 2, TrialError::OutOfMemory),
        ];
        assert_eq!(
            said(points).unwrap(),
            "On this machine 2 threads compute it 1.95× as fast as one lane; processes failed."
        );
    }
}
