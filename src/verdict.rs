//! The one sentence that a summary allows, and the rule behind it.
//!
//! Each model is judged by itself, from its rounds: a speed-up is the median of the ratios of the rounds, with an
//! interval of 95 % ([`ratio_by_rounds`]). Whether another model's times, or the serial ones, are well known by
//! themselves is of no account: what slows a machine down slows both times of a pair. What is said is graded:
//!
//! | said | rule |
//! |---|---|
//! | *2 threads compute it 1.93× as fast* | at some lane count the lower bound lies above one by more than [`MARGIN`] |
//! | *… at least 1.31× as fast* | the same, with an interval wider than [`WIDE`] |
//! | *probably help* | at some lane count the lower bound lies above one |
//! | *make it slower* | at every lane count the interval lies below one by more than [`MARGIN`] |
//! | *do not help* | at no lane count does the interval reach above one by more than [`MARGIN`] |
//! | *it is open whether threads help (0.96–1.24×)* | none of these: what is sure is the interval |
//!
//! A gain at *some* of several lane counts is found by chance more often than at one: the lower bound of a gain then
//! reaches further down, so that all lane counts together err no more often than one would (Dunn, *Multiple comparisons
//! among means*, 1961; [`reach_of`]). What has to hold at *every* lane count needs no such care, as it errs no more
//! often than at the worst of them (Berger, *Multiparameter hypothesis testing and acceptance sampling*, 1982). By
//! simulation each of these statements is wrong in no more than 5 % of runs.
//!
//! One lane cannot be faster than the plain loop. Where it clearly is, something else disturbed the run, in a way that no
//! interval shows: every gain is then no more than a probable one.
//!
//! A model is named with the fewest lanes at which it does its best, as far as intervals tell. It is not judged before
//! every point of it has [`FEWEST_SAMPLES`].
//!
//! [`ratio_by_rounds`]: crate::stats::ratio_by_rounds

use std::fmt;

use crate::domain::{Bound, Model, Scaling, TrialError};
use crate::format;
use crate::scaling::SMALL_US;
use crate::stats::{Estimate, FEWEST_SAMPLES, MARGIN};
use crate::summary::{PointSummary, Summary};

/// An interval whose ends are further apart than so many times is told by its lower end.
const WIDE: f64 = 1.25;

/// What an experiment says of each of its models that has several lanes.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// What grew with the lanes, as words depend on it.
    pub scaling: Scaling,
    /// What the lanes spend their time on, as words depend on it, too.
    pub work: Bound,
    /// What helps most first, then what may help, then what does not.
    pub findings: Vec<Finding>,
    /// The serial time in µs, if it is too short for lanes and some model gains nothing.
    pub too_small_us: Option<f64>,
}

/// What is found about one model.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Finding {
    /// The model.
    pub model: Model,
    /// What is found.
    pub effect: Effect,
}

/// What can be found about a model.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Effect {
    /// It is faster than one lane, best at so many.
    Helps {
        /// The fewest lanes at which it does its best.
        lanes: u32,
        /// Its speed-up there.
        speed_up: Estimate,
    },
    /// It is faster than one lane, though perhaps by less than the margin, or the run was disturbed.
    ProbablyHelps(Estimate),
    /// The interval leaves open whether it helps.
    Open(Estimate),
    /// It is not faster than one lane by more than the margin.
    NoGain(Estimate),
    /// It is slower than one lane, however many lanes it has.
    Hurts(Estimate),
    /// It has too few samples.
    TooFew,
    /// All its trials failed.
    Failed,
    /// It could not run, as the page is not isolated.
    NotIsolated,
}

impl Verdict {
    /// What `summary` says; `None` while no model with several lanes has samples enough, or without `serial`.
    pub fn of(summary: &Summary) -> Option<Self> {
        let serial = summary.points.iter().find(|p| p.point.model == Model::Serial)?;
        let serial_us = serial.time_us?.value;
        let of_model = |model| move |p: &&PointSummary| p.point.model == model && p.point.lanes > 1;
        let is_disturbed = summary.points.iter().any(is_faster_with_one_lane);
        let mut findings: Vec<Finding> = Vec::new();
        for model in Model::ALL.iter().copied().filter(|&model| model != Model::Serial) {
            let points: Vec<&PointSummary> = summary.points.iter().filter(of_model(model)).collect();
            if !points.is_empty() {
                findings.push(Finding { model, effect: judge(&points, is_disturbed) });
            }
        }
        // Without isolation neither effect of thread can run, and one of them says so for both.
        let not_isolated = |finding: &&Finding| finding.effect == Effect::NotIsolated;
        if findings.iter().filter(not_isolated).count() > 1 {
            findings.retain(|finding| finding.model != Model::ThreadsGil);
        }
        findings.sort_by(|a, b| b.effect.rank().total_cmp(&a.effect.rank()));
        let is_early = findings.iter().any(|finding| finding.effect == Effect::TooFew);
        if findings.is_empty()
            || is_early && findings.iter().all(|finding| finding.effect.speed_up().is_none())
        {
            return None;
        }
        let lacks_a_gain = findings.iter().any(|finding| finding.effect.lacks_a_gain());
        let is_small = summary.bound == Bound::Cpu && serial_us < SMALL_US && lacks_a_gain;
        let too_small_us = is_small.then_some(serial_us);
        Some(Self { scaling: summary.scaling(), work: summary.bound, findings, too_small_us })
    }
}

/// Whether one lane of a model is clearly faster than the plain loop, which it cannot be. Steps by their bottleneck and
/// an event loop do not do the same with one lane.
fn is_faster_with_one_lane(point: &PointSummary) -> bool {
    let is_alike = matches!(point.point.model, Model::Threads | Model::ThreadsGil | Model::Processes);
    let has_samples = point.samples as usize >= FEWEST_SAMPLES;
    is_alike && point.point.lanes == 1 && has_samples && point.speed_up.is_some_and(|s| s.lo > 1.0 + MARGIN)
}

/// What one model's points with several lanes say.
fn judge(points: &[&PointSummary], is_disturbed: bool) -> Effect {
    // A point that always fails never gets its samples, and must not hold back the others.
    let runs = |p: &&&PointSummary| p.samples > 0 || (p.failures == 0 && p.incomplete == 0);
    if points.iter().all(|p| p.samples == 0 && p.last_error == Some(TrialError::NotIsolated)) {
        return Effect::NotIsolated;
    }
    if points.iter().filter(runs).count() == 0 {
        return Effect::Failed;
    }
    if points.iter().filter(runs).any(|p| (p.samples as usize) < FEWEST_SAMPLES) {
        return Effect::TooFew;
    }
    let figures: Vec<(u32, Estimate)> =
        points.iter().filter_map(|p| Some((p.point.lanes, p.speed_up?))).collect();
    let best_of = |figures: &mut dyn Iterator<Item = (u32, Estimate)>| {
        figures.max_by(|(_, a), (_, b)| a.value.total_cmp(&b.value))
    };
    let Some((_, best)) = best_of(&mut figures.iter().copied()) else { return Effect::TooFew };
    let reach = reach_of(figures.len());
    let gains = |by: f64| {
        let does = move |(_, s): &(u32, Estimate)| s.value * (s.lo / s.value).powf(reach) > by;
        figures.iter().copied().filter(does)
    };
    if !is_disturbed && let Some((_, best)) = best_of(&mut gains(1.0 + MARGIN)) {
        // Lanes that add nothing are no advice: the fewest that help and reach the best figure are.
        let reaches = |(_, s): &(u32, Estimate)| s.hi >= best.value;
        let fewest = gains(1.0 + MARGIN).filter(reaches).min_by_key(|&(lanes, _)| lanes);
        return fewest.map_or(Effect::Open(best), |(lanes, speed_up)| Effect::Helps { lanes, speed_up });
    }
    if let Some((_, best)) = best_of(&mut gains(1.0)) {
        return Effect::ProbablyHelps(best);
    }
    let most = figures.iter().map(|(_, s)| s.hi).fold(0.0, f64::max);
    if most < 1.0 - MARGIN {
        Effect::Hurts(best)
    } else if most <= 1.0 + MARGIN {
        Effect::NoGain(best)
    } else {
        Effect::Open(Estimate { hi: most, ..best })
    }
}

/// How many times as far down as the end of its interval a lower bound lies, on a log scale, for `counts` lane counts to
/// err in no more than 4 % of runs together: the normal distribution's quantiles of 0.04 divided by their number,
/// beside that of 0.025. The intervals themselves may miss by a little more than they say.
fn reach_of(counts: usize) -> f64 {
    const QUANTILES: [f64; 8] = [1.96, 2.05, 2.22, 2.33, 2.41, 2.47, 2.53, 2.58];
    QUANTILES[counts.clamp(1, QUANTILES.len()) - 1] / QUANTILES[0]
}

impl Effect {
    /// The speed-up that it rests on.
    fn speed_up(self) -> Option<Estimate> {
        match self {
            Self::Helps { speed_up, .. } | Self::ProbablyHelps(speed_up) | Self::Open(speed_up) => {
                Some(speed_up)
            }
            Self::NoGain(speed_up) | Self::Hurts(speed_up) => Some(speed_up),
            Self::TooFew | Self::Failed | Self::NotIsolated => None,
        }
    }

    /// Whether it ran and is not clearly faster.
    fn lacks_a_gain(self) -> bool {
        !matches!(self, Self::Helps { .. } | Self::TooFew | Self::Failed | Self::NotIsolated)
    }

    /// Larger comes first; what does not help has a rank below zero, one for each effect.
    fn rank(self) -> f64 {
        match self {
            Self::Helps { speed_up, .. } => speed_up.value,
            Self::ProbablyHelps(_) => -1.0,
            Self::Open(_) => -2.0,
            Self::NoGain(_) => -3.0,
            Self::Hurts(_) => -4.0,
            Self::Failed => -5.0,
            Self::NotIsolated => -6.0,
            Self::TooFew => -7.0,
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
        let Self { scaling, work, ref findings, too_small_us } = *self;
        let groups = findings.chunk_by(|a, b| a.effect.rank() < 0.0 && a.effect.rank() == b.effect.rank());
        let clauses: Vec<String> =
            groups.enumerate().map(|(i, group)| clause(group, scaling, work, i == 0)).collect();
        write!(f, "On {} machine {}.", if f.alternate() { "that" } else { "this" }, clauses.join("; "))?;
        match too_small_us {
            Some(us) => write!(
                f,
                " This size is too small: one lane takes {} for it, and starting the work of several lanes takes \
                 a good part of that. Choose a larger one.",
                format::duration(us)
            ),
            None => Ok(()),
        }
    }
}

/// What is said of models of which the same is found.
fn clause(group: &[Finding], scaling: Scaling, work: Bound, is_first: bool) -> String {
    let do_ = if work == Bound::Cpu { "compute" } else { "do" };
    let who = lanes_of(group[0].model);
    match group[0].effect {
        Effect::Helps { lanes, speed_up } => {
            let times = if speed_up.hi > WIDE * speed_up.lo {
                format!("at least {}", format::ratio_at_least(speed_up.lo))
            } else {
                format::ratio(speed_up.value)
            };
            match scaling {
                _ if !is_first => format!("{lanes} {who} {times}"),
                Scaling::Strong => format!("{lanes} {who} {do_} it {times} as fast as one lane"),
                Scaling::Weak => {
                    format!("{lanes} {who} {do_} {times} as much as one lane in the same time")
                }
            }
        }
        Effect::ProbablyHelps(_) => of_all(group, interval, "probably help"),
        Effect::Open(_) => format!("it is open whether {}", of_all(group, interval, "help")),
        Effect::NoGain(_) => of_all(group, figure, "do not help"),
        Effect::Hurts(_) => match scaling {
            Scaling::Strong => of_all(group, figure, "make it slower"),
            Scaling::Weak => of_all(group, figure, &format!("{do_} less in the same time")),
        },
        Effect::Failed => format!("{who} failed"),
        Effect::NotIsolated => format!("{who} cannot run, as the page is not isolated"),
        Effect::TooFew => {
            let names: Vec<&str> = group.iter().map(|finding| lanes_of(finding.model)).collect();
            format!("{} have too few samples", format::list(&names))
        }
    }
}

/// "threads do not help (1.00×)", but "threads (1.00×) and processes (0.98×) do not help".
fn of_all(group: &[Finding], write: fn(Estimate) -> String, what: &str) -> String {
    let named: Vec<(&str, String)> =
        group.iter().filter_map(|f| Some((lanes_of(f.model), write(f.effect.speed_up()?)))).collect();
    if let [(who, figure)] = named.as_slice() {
        return format!("{who} {what} ({figure})");
    }
    let names: Vec<String> = named.iter().map(|(who, figure)| format!("{who} ({figure})")).collect();
    format!("{} {what}", format::list(&names))
}

fn figure(speed_up: Estimate) -> String {
    format::speed_up(speed_up.value)
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
    fn an_interval_across_the_margin_leaves_it_open() {
        for interval in [(0.99, 1.2, 1.3), (0.9, 1.0, 1.06), (0.97, 1.01, 1.06)] {
            let effect = judge(&[&point(Model::Processes, 2, 6, interval)], false);
            assert!(matches!(effect, Effect::Open(_)), "{interval:?} is {effect:?}");
        }
        let points = vec![point(Model::Processes, 2, 6, (0.98, 1.1, 1.2))];
        assert_eq!(said(points).unwrap(), "On this machine it is open whether processes help (0.98–1.20×).");
    }

    #[test]
    fn what_clearly_gains_nothing_does_not_help_even_if_it_may_hurt() {
        for interval in [(0.9, 1.0, 1.04), (0.94, 0.96, 0.98), (0.9, 0.93, 0.96)] {
            let effect = judge(&[&point(Model::ThreadsGil, 2, 6, interval)], false);
            assert!(matches!(effect, Effect::NoGain(_)), "{interval:?} is {effect:?}");
        }
        let effect = judge(&[&point(Model::ThreadsGil, 2, 6, (0.9, 0.92, 0.94))], false);
        assert!(matches!(effect, Effect::Hurts(_)), "{effect:?}");
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
            "On this machine it is open whether threads (0.91–1.17×) and processes (0.96–1.24×) help; \
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
    fn each_model_is_judged_by_itself_whatever_is_known_of_the_serial_time() {
        // As it was seen: serial times differ, and the ratios of the rounds do not.
        let points = || {
            vec![
                point(Model::Threads, 2, 8, (1.76, 1.79, 1.83)),
                point(Model::Processes, 2, 8, (0.049, 0.05, 0.052)),
                point(Model::ThreadsGil, 2, 5, (0.9, 1.0, 1.1)),
            ]
        };
        for reach in [0.02, 0.5] {
            assert_eq!(
                said_with(reach, points()).unwrap(),
                "On this machine 2 threads compute it 1.79× as fast as one lane; processes make it slower \
                 (20.0× slower); threads under a GIL have too few samples."
            );
        }
        let points = points();
        assert_eq!(Verdict::of(&Summary { points, ..Summary::default() }), None, "without serial at all");
    }

    #[test]
    fn what_can_be_said_of_wide_intervals_is_said() {
        let points = vec![
            point(Model::Processes, 2, 6, (1.316, 1.6, 1.95)),
            point(Model::Threads, 2, 6, (1.01, 1.2, 1.31)),
        ];
        assert_eq!(
            said(points).unwrap(),
            "On this machine 2 processes compute it at least 1.31× as fast as one lane; threads probably help \
             (1.01–1.31×)."
        );
    }

    #[test]
    fn one_lane_that_beats_the_plain_loop_leaves_no_gain_more_than_probable() {
        let points = |one_lane| {
            vec![point(Model::Threads, 1, 8, one_lane), point(Model::Threads, 2, 8, (1.27, 1.38, 1.73))]
        };
        assert!(said(points((0.93, 1.04, 1.5))).unwrap().contains("2 threads compute it at least 1.27×"));
        assert_eq!(
            said(points((1.12, 1.46, 1.71))).unwrap(),
            "On this machine threads probably help (1.27–1.73×)."
        );
    }

    #[test]
    fn a_gain_at_some_lane_count_is_harder_to_find_than_one_at_the_only_one() {
        let at = |lanes| point(Model::Threads, lanes, 8, (1.002, 1.1, 1.2));
        let effect = |points: &[&PointSummary]| judge(points, false);
        assert!(matches!(effect(&[&at(2)]), Effect::ProbablyHelps(_)));
        let [two, four, eight] = [2, 4, 8].map(at);
        assert!(matches!(effect(&[&two, &four, &eight]), Effect::Open(_)));
    }

    #[test]
    fn a_size_that_is_too_small_is_said_to_be_so() {
        let with = |serial_us: f64, gain: f64| {
            let serial = Estimate { value: serial_us, lo: serial_us, hi: serial_us };
            let time_us = Some(serial);
            let points = vec![
                PointSummary { time_us, ..point(Model::Serial, 1, 6, (1.0, 1.0, 1.0)) },
                point(Model::Processes, 2, 6, (gain - 0.02, gain, gain + 0.02)),
            ];
            Verdict::of(&Summary { points, ..Summary::default() }).unwrap().to_string()
        };
        assert!(
            with(3_300.0, 0.63).contains("too small: one lane takes 3.30\u{a0}ms"),
            "{}",
            with(3_300.0, 0.63)
        );
        assert!(!with(3_300.0, 1.9).contains("small"), "who gains is not told to");
        assert!(!with(300_000.0, 0.63).contains("small"));
    }

    /// What is said of runs in which every lane count is truly `truth` times as fast, and how often that is wrong.
    #[test]
    fn no_statement_is_wrong_in_more_than_one_run_of_twenty() {
        use crate::stats::{ratio_by_rounds, tests::noise};
        const RUNS: usize = 600;
        let mut said = [0; 4];
        for rounds in [6, 8, 12, 30] {
            for (effect, spread) in [(0, 0.03), (0, 0.3), (1, 0.3), (2, 0.3)] {
                for counts in [1, 3] {
                    // What is tried is just on the wrong side of what each statement says.
                    for (at, truth) in [1.0, 1.0, 1.0 + MARGIN, 1.0].into_iter().enumerate() {
                        let mut rng = fastrand::Rng::with_seed(7);
                        let mut wrong = 0;
                        for _ in 0..RUNS {
                            let mut times = |gain: f64| -> Vec<(u32, f64)> {
                                (0..rounds)
                                    .map(|round| (round, noise(effect, spread, &mut rng) / gain))
                                    .collect()
                            };
                            let serial = times(1.0);
                            let points: Vec<PointSummary> = (0..counts)
                                .map(|n| {
                                    let Estimate { value, lo, hi } =
                                        ratio_by_rounds(&serial, &times(truth)).unwrap();
                                    point(Model::Processes, 2 << n, rounds, (lo, value, hi))
                                })
                                .collect();
                            let effect = judge(&points.iter().collect::<Vec<_>>(), false);
                            let is_so = match effect {
                                Effect::Helps { .. } => at == 0,
                                Effect::ProbablyHelps(_) => at <= 1,
                                Effect::NoGain(_) | Effect::Hurts(_) if at == 2 => true,
                                Effect::Hurts(_) => at == 3,
                                _ => false,
                            };
                            wrong += usize::from(is_so);
                            said[at] += usize::from(is_so);
                        }
                        // 5 %, and what 600 runs may be off by chance.
                        assert!(
                            wrong <= 45,
                            "{wrong} of {RUNS}: {at}, {rounds}, {effect}, {spread}, {counts}"
                        );
                    }
                }
            }
        }
        // Beside the worst, there is the usual.
        let all = RUNS * 32;
        println!("wrong of {all}: {said:?}");
        assert!(said.iter().all(|&wrong| wrong <= all / 20), "{said:?} of {all}");
        assert!(said[..3].iter().all(|&wrong| wrong > 0), "a rule that never says anything is never wrong");
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
