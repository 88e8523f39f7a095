use proptest::prelude::*;

use super::*;
use crate::domain::{FailedTask, Model, TaskError};
use crate::stats::FEWEST_SAMPLES;
use crate::summary::Summary;
use crate::workload::WorkloadId;

const SERIAL: Point = Point { model: Model::Serial, lanes: 1 };
const THREADS: Point = Point { model: Model::Threads, lanes: 2 };
const GIL: Point = Point { model: Model::ThreadsGil, lanes: 2 };
const PROCESSES: Point = Point { model: Model::Processes, lanes: 2 };
const ANSWER: u64 = 42;

/// What a scripted trial does.
struct Turn {
    us: f64,
    progress: Vec<f64>,
    outcome: Result<u64, TrialError>,
    /// How many of its tasks failed.
    failed_tasks: u32,
}

fn answers(us: f64) -> Turn {
    Turn { us, progress: vec![0.5, 1.0], outcome: Ok(ANSWER), failed_tasks: 0 }
}

fn fails(error: TrialError) -> Turn {
    Turn { us: 1_000.0, progress: vec![0.5], outcome: Err(error), failed_tasks: 0 }
}

/// An executor that follows a script, on a clock that moves only as the script says.
struct Scripted<S> {
    script: S,
    now_us: f64,
    /// The trials that were ordered, in their order.
    ordered: Vec<Trial>,
    /// How often it was waited for.
    waits: u32,
}

/// How long a scripted page stays hidden.
const HIDDEN_US: f64 = 60e6;

impl<S: FnMut(Trial) -> Turn> Executor for Scripted<S> {
    async fn run(&mut self, order: &Order, progress: &mut dyn FnMut(f64)) -> Result<Sample, TrialError> {
        self.ordered.push(order.trial);
        let turn = (self.script)(order.trial);
        turn.progress.into_iter().for_each(progress);
        // A trial is a little longer for its visitor than for its lanes.
        self.now_us += turn.us + 10.0;
        Ok(Sample {
            first_result_us: turn.us,
            checksum: turn.outcome?,
            memory_bytes: 1 << 16,
            tasks: 16,
            failed_tasks: (0..turn.failed_tasks)
                .map(|task| FailedTask { task, reason: TaskError::NoAnswer })
                .collect(),
            ..Sample::new(order.trial, turn.us, Vec::new())
        })
    }

    async fn ready(&mut self) {
        self.waits += 1;
        self.now_us += HIDDEN_US;
    }

    fn now_us(&self) -> f64 {
        self.now_us
    }

    fn reported_cores(&self) -> Option<u32> {
        Some(2)
    }

    fn timer_step_us(&self) -> f64 {
        0.0
    }
}

/// What a session observed, and what it ordered.
struct Observed {
    events: Vec<Event>,
    ordered: Vec<Trial>,
    waits: u32,
}

fn observe(experiment: &Experiment, script: impl FnMut(Trial) -> Turn) -> Observed {
    let mut executor = Scripted { script, now_us: 5e6, ordered: Vec::new(), waits: 0 };
    let mut events = Vec::new();
    pollster::block_on(run(experiment, &mut executor, &mut |event| events.push(event)));
    Observed { events, ordered: executor.ordered, waits: executor.waits }
}

impl Observed {
    fn ending(&self) -> Ending {
        match self.events.last() {
            Some(&Event::Finished(ending)) => ending,
            other => panic!("not the end: {other:?}"),
        }
    }

    fn updates(&self) -> impl Iterator<Item = (Trial, Option<&TrialError>, &Summary)> {
        self.events.iter().filter_map(|event| match event {
            Event::Updated { trial, outcome, summary } => Some((*trial, outcome.as_ref().err(), summary)),
            _ => None,
        })
    }

    fn progress(&self) -> impl Iterator<Item = Progress> {
        self.events.iter().filter_map(|event| match event {
            Event::Progress(progress) => Some(*progress),
            _ => None,
        })
    }

    fn summary(&self) -> &Summary {
        self.updates().last().unwrap().2
    }

    fn of(&self, point: Point) -> &PointSummary {
        self.summary().points.iter().find(|summary| summary.point == point).unwrap()
    }

    fn samples(&self) -> Vec<u32> {
        self.summary().points.iter().map(|summary| summary.samples).collect()
    }

    fn rounds_of(&self, point: Point) -> Vec<u32> {
        self.ordered.iter().filter(|trial| trial.point == point).map(|trial| trial.round).collect()
    }
}

/// Four points; 3 to 10 rounds within a second.
fn experiment() -> Experiment {
    Experiment { lane_counts: vec![2], min_rounds: 3, max_rounds: 10, budget_ms: 1_000, ..Default::default() }
}

/// Medians of these times never become certain.
fn noisy(trial: Trial) -> Turn {
    answers(if trial.round.is_multiple_of(2) { 10_000.0 } else { 20_000.0 })
}

#[test]
fn events_come_in_order() {
    let observed = observe(&experiment(), |_| answers(10_000.0));
    let points = Plan::new(&experiment()).points().to_vec();
    assert_eq!(observed.events[0], Event::Started { points });
    assert_eq!(observed.ordered[0], Trial { id: 0, round: 0, point: SERIAL });
    // Begin, twice on the way, end; for every trial, with nothing in between.
    let trials = observed.events[1..observed.events.len() - 2].chunks(4);
    assert_eq!(trials.len(), observed.ordered.len());
    for (chunk, &trial) in trials.zip(&observed.ordered) {
        let fractions: Vec<f64> = chunk[..3]
            .iter()
            .map(|event| match event {
                Event::Progress(progress) if progress.trial == trial => progress.fraction,
                other => panic!("{other:?}"),
            })
            .collect();
        assert_eq!(fractions, [0.0, 0.5, 1.0]);
        assert!(matches!(&chunk[3], Event::Updated { trial: t, outcome: Ok(_), .. } if *t == trial));
    }
}

#[test]
fn it_ends_as_soon_as_every_median_is_certain() {
    let observed = observe(&experiment(), |_| answers(10_000.0));
    assert_eq!(observed.ending(), Ending::Certain);
    assert_eq!(observed.samples(), [FEWEST_SAMPLES as u32; 4]);
}

#[test]
fn certainty_does_not_cut_the_fewest_rounds() {
    let experiment = Experiment { min_rounds: 8, ..experiment() };
    let observed = observe(&experiment, |_| answers(10_000.0));
    assert_eq!(observed.ending(), Ending::Certain);
    assert_eq!(observed.samples(), [8; 4]);
}

#[test]
fn one_uncertain_median_keeps_every_point_running() {
    let observed =
        observe(&experiment(), |trial| if trial.point == GIL { noisy(trial) } else { answers(10_000.0) });
    assert_eq!(observed.ending(), Ending::RoundsRun);
    assert_eq!(observed.samples(), [10; 4]);
}

#[test]
fn no_round_begins_once_the_budget_is_spent_and_the_last_is_finished() {
    let experiment = Experiment { max_rounds: 1_000, ..experiment() };
    let observed = observe(&experiment, noisy);
    assert_eq!(observed.ending(), Ending::BudgetSpent);
    // Rounds take 80.04 and 40.04 ms in turns: 16 of them end at 960.6 ms, so a 17th is begun.
    assert_eq!(observed.samples(), [17; 4]);
}

#[test]
fn the_fewest_rounds_are_run_whatever_they_take() {
    let observed = observe(&experiment(), |_| answers(5e6));
    assert_eq!(observed.ending(), Ending::BudgetSpent);
    assert_eq!(observed.samples(), [3; 4]);
}

#[test]
fn a_round_that_overruns_by_half_the_budget_is_cut() {
    let slow_from = 4;
    let observed =
        observe(&experiment(), |trial| answers(if trial.round < slow_from { 10_000.0 } else { 1e6 }));
    assert_eq!(observed.ending(), Ending::BudgetSpent);
    // 0.12 s are spent when the fourth round begins: its second trial ends beyond 1.5 s.
    let mut samples = observed.samples();
    samples.sort_unstable();
    assert_eq!(samples, [3, 3, 4, 4]);
}

#[test]
fn stopping_at_any_trial_ends_at_once_and_keeps_what_was_measured() {
    let trials = observe(&experiment(), noisy).ordered.len() as u32;
    for stop_at in 0..trials {
        let observed = observe(&experiment(), |trial| {
            if trial.id == stop_at { fails(TrialError::Stopped) } else { noisy(trial) }
        });
        assert_eq!(observed.ending(), Ending::Stopped);
        assert_eq!(observed.ordered.len() as u32, stop_at + 1, "nothing is ordered after a stop");
        assert_eq!(observed.updates().count() as u32, stop_at);
        assert!(observed.progress().all(|progress| progress.left > 0), "a stopped session is not done");
        let counted = observed.ordered.iter().filter(|trial| trial.round > 0 && trial.id < stop_at).count();
        if let Some((_, _, summary)) = observed.updates().last() {
            assert_eq!(summary.points.iter().map(|s| s.samples as usize).sum::<usize>(), counted);
        }
    }
}

#[test]
fn a_hidden_trial_is_void_and_run_again_once_the_page_is_seen() {
    let observed = observe(&experiment(), |trial| match trial.id {
        2 | 7 => fails(TrialError::Hidden),
        8 => fails(TrialError::Asleep),
        _ => noisy(trial),
    });
    for (hidden, again) in [(2, 3), (7, 8), (8, 9)] {
        assert_eq!(observed.ordered[again].point, observed.ordered[hidden].point);
        assert_eq!(observed.ordered[again].round, observed.ordered[hidden].round);
    }
    assert_eq!(observed.waits, 3);
    assert_eq!(observed.summary().hidden_trials, 3);
    assert!(observed.summary().points.iter().all(|summary| summary.failures == 0));
    // A minute out of sight each time, and still the budget of a second is there.
    assert_eq!(observed.ending(), Ending::RoundsRun);
    assert_eq!(observed.samples(), [10; 4]);
}

#[test]
fn a_page_that_is_always_hidden_ends_in_failures() {
    let observed = observe(&experiment(), |_| fails(TrialError::Hidden));
    assert_eq!(observed.ending(), Ending::RoundsRun);
    assert_eq!(observed.summary().hidden_trials, MOST_HIDDEN);
    assert_eq!(observed.of(SERIAL).failures, 11, "the warm-up and ten rounds");
    assert_eq!(observed.of(SERIAL).last_error, Some(TrialError::Hidden));
    assert_eq!(observed.waits as usize, observed.ordered.len(), "each waits, or it would spin");
}

#[test]
fn a_stop_while_the_page_is_hidden_ends_the_session() {
    let observed = observe(&experiment(), |trial| {
        fails(if trial.id == 0 { TrialError::Hidden } else { TrialError::Stopped })
    });
    assert_eq!((observed.ending(), observed.ordered.len()), (Ending::Stopped, 2));
}

#[test]
fn a_point_that_fails_twice_in_a_row_is_left_out() {
    let observed = observe(&experiment(), |trial| {
        if trial.point == PROCESSES && trial.round >= 2 {
            fails(TrialError::LaneDied("trap".into()))
        } else {
            noisy(trial)
        }
    });
    assert_eq!(observed.rounds_of(PROCESSES), [0, 1, 2, 3]);
    let processes = observed.of(PROCESSES);
    assert_eq!((processes.samples, processes.failures), (1, 2));
    assert_eq!(processes.last_error, Some(TrialError::LaneDied("trap".into())));
    assert_eq!(observed.rounds_of(SERIAL).len(), 11, "the others go on");
    assert_eq!(observed.ending(), Ending::RoundsRun);
}

#[test]
fn a_point_that_fails_now_and_then_stays() {
    let observed = observe(&experiment(), |trial| {
        if trial.point == PROCESSES && trial.round % 2 == 1 {
            fails(TrialError::Silent { seconds: 10 })
        } else {
            noisy(trial)
        }
    });
    let processes = observed.of(PROCESSES);
    assert_eq!((processes.samples, processes.failures), (5, 5));
}

#[test]
fn points_left_out_do_not_keep_the_others_from_being_certain() {
    let observed = observe(&experiment(), |trial| {
        if trial.point == THREADS { fails(TrialError::OutOfMemory) } else { answers(10_000.0) }
    });
    assert_eq!(observed.ending(), Ending::Certain);
    assert_eq!(observed.rounds_of(THREADS), [0, 1]);
}

#[test]
fn what_cannot_change_is_tried_once() {
    let observed = observe(&experiment(), |trial| {
        if trial.point.model.needs_shared_memory() { fails(TrialError::NotIsolated) } else { noisy(trial) }
    });
    for point in [THREADS, GIL] {
        assert_eq!(observed.rounds_of(point), [0]);
        assert_eq!(
            (observed.of(point).failures, &observed.of(point).last_error),
            (1, &Some(TrialError::NotIsolated))
        );
    }
    assert_eq!(observed.of(PROCESSES).samples, 10);
}

#[test]
fn nothing_runs_when_every_point_fails() {
    let observed = observe(&experiment(), |_| fails(TrialError::WorkerFailed("404".into())));
    assert_eq!(observed.ending(), Ending::NothingRuns);
    assert_eq!(observed.ordered.len(), 4, "the warm-up");
    assert!(observed.summary().points.iter().all(|summary| summary.failures == 1));
}

#[test]
fn work_that_fails_wholly_ends_with_the_warm_up_and_says_why() {
    let addresses = Experiment { lane_counts: vec![4], ..Experiment::of(WorkloadId::Addresses, 2) };
    let with = |failed_tasks| observe(&addresses, move |_| Turn { failed_tasks, ..answers(1_000.0) });
    let unreachable = with(16);
    assert_eq!(unreachable.ending(), Ending::NothingRuns);
    assert_eq!(unreachable.ordered.len(), addresses.models.len(), "each once");
    for point in &unreachable.summary().points {
        assert_eq!((point.incomplete, point.failed_tasks.len()), (1, 16), "{point:?}");
    }
    // One answer is worth going on for.
    assert!(with(15).ordered.iter().any(|trial| trial.round > 1));
}

#[test]
fn a_wrong_answer_fails_its_trial() {
    let wrong = TrialError::WrongChecksum { expected: ANSWER, found: 13 };
    let observed = observe(&experiment(), |trial| {
        let is_wrong = trial.point == GIL && trial.round == 2;
        Turn { outcome: Ok(if is_wrong { 13 } else { ANSWER }), ..noisy(trial) }
    });
    let errors: Vec<_> =
        observed.updates().filter_map(|(trial, error, _)| Some((trial.point, error?))).collect();
    assert_eq!(errors, [(GIL, &wrong)]);
    let gil = observed.of(GIL);
    assert_eq!((gil.samples, gil.failures, gil.wrong_answers), (9, 1, 1));
}

#[test]
fn a_wrong_warm_up_shows_no_time() {
    let observed = observe(&experiment(), |trial| Turn {
        outcome: Ok(if trial.point == THREADS { 13 } else { ANSWER }),
        ..noisy(trial)
    });
    let threads = observed.of(THREADS);
    assert_eq!((threads.warm_up_us, threads.wrong_answers), (None, 2));
    assert_eq!(observed.of(SERIAL).warm_up_us, Some(10_000.0));
}

#[test]
fn the_first_answer_stands_in_when_the_serial_one_fails() {
    let observed =
        observe(
            &experiment(),
            |trial| {
                if trial.id == 0 { fails(TrialError::OutOfMemory) } else { noisy(trial) }
            },
        );
    assert_eq!(observed.of(SERIAL).failures, 1);
    assert_eq!(observed.samples(), [10; 4]);
}

#[test]
fn serial_is_run_once_for_its_answer_where_it_is_not_asked_for() {
    let experiment = Experiment { models: vec![Model::Processes], ..experiment() };
    let observed = observe(&experiment, |trial| Turn {
        outcome: Ok(if trial.round == 1 { 13 } else { ANSWER }),
        ..noisy(trial)
    });
    assert_eq!(observed.rounds_of(SERIAL), [0]);
    let [processes] = &observed.summary().points[..] else { panic!("one point is asked for") };
    assert_eq!((processes.point, processes.speed_up), (PROCESSES, None));
    assert_eq!((processes.samples, processes.wrong_answers), (9, 1));
}

#[test]
fn the_forecast_counts_rounds_by_what_is_known() {
    let observed = observe(&experiment(), |_| answers(49_990.0));
    let mut begun = observed.progress().filter(|progress| progress.fraction == 0.0);
    // Nothing is known: four warm-ups and the fewest rounds.
    let first = begun.next().unwrap();
    assert_eq!((first.done, first.left, first.left_us), (0, 16, None));
    // A round will take 200 ms, so five of them begin within the second.
    let second = begun.next().unwrap();
    assert_eq!((second.done, second.left, second.left_us), (1, 3 + 20, Some(23.0 * 50_000.0)));
    let halfway =
        observed.progress().find(|progress| progress.done == 1 && progress.fraction == 0.5).unwrap();
    assert_eq!(halfway.left_us, Some(22.5 * 50_000.0));
    let last = observed.progress().last().unwrap();
    assert_eq!((last.fraction, last.done, last.left, last.left_us), (1.0, 24, 0, Some(0.0)));
}

#[test]
fn how_models_scale_is_told_at_the_end_of_each_round() {
    let observed =
        observe(&experiment(), |trial| answers(if trial.point == PROCESSES { 5_000.0 } else { 10_000.0 }));
    let enough = FEWEST_SAMPLES as u32;
    for (trial, _, summary) in observed.updates() {
        let is_last = observed.ordered.iter().rfind(|other| other.round == trial.round) == Some(&trial);
        assert_eq!(summary.curves.is_empty(), trial.round < enough || !is_last, "{trial:?}");
    }
    let knees: Vec<_> =
        observed.summary().curves.iter().map(|curve| (curve.model, curve.knee.to_string())).collect();
    let [threads, gil, processes] = &knees[..] else { panic!("{knees:?}") };
    assert_eq!((threads.1.as_str(), gil.1.as_str()), ("never gains", "never gains"));
    assert_eq!(*processes, (Model::Processes, "gains up to 2 of 2 cores".to_owned()));
}

#[test]
fn a_part_that_is_no_part_is_not_passed_on() {
    let observed = observe(&experiment(), |_| Turn {
        progress: vec![f64::NAN, -1.0, 0.5, 0.25, 7.0, f64::INFINITY],
        ..answers(10_000.0)
    });
    let fractions: Vec<f64> = observed
        .progress()
        .filter(|progress| progress.trial.id == 3)
        .map(|progress| progress.fraction)
        .collect();
    assert_eq!(fractions, [0.0, 0.5, 1.0]);
}

/// Any luck: times from 1 ms to 1 s, failures, hidden pages and, rarely, a stop.
fn by_chance(seed: u64) -> impl FnMut(Trial) -> Turn {
    let mut rng = fastrand::Rng::with_seed(seed);
    move |_| match rng.u32(..200) {
        0 => fails(TrialError::Stopped),
        1..10 => fails(TrialError::Hidden),
        10..20 => fails(TrialError::OutOfMemory),
        20..22 => fails(TrialError::NotIsolated),
        22..26 => Turn { outcome: Ok(13), ..answers(1_000.0) },
        _ => answers(1_000.0 * 10_f64.powf(3.0 * rng.f64())),
    }
}

proptest! {
    #[test]
    fn whatever_happens_a_session_ends_and_its_progress_goes_forward(seed: u64) {
        let observed = observe(&experiment(), by_chance(seed));
        let begins = matches!(observed.events[0], Event::Started { .. });
        prop_assert!(begins);
        let ends = observed.events.iter().filter(|event| matches!(event, Event::Finished(_))).count();
        prop_assert_eq!((ends, matches!(observed.events.last(), Some(Event::Finished(_)))), (1, true));
        prop_assert!(observed.ordered.iter().enumerate().all(|(id, trial)| trial.id as usize == id));
        prop_assert!(observed.ordered.is_sorted_by_key(|trial| trial.round));

        let progress: Vec<Progress> = observed.progress().collect();
        for pair in progress.windows(2) {
            let (before, after) = (pair[0], pair[1]);
            prop_assert!(after.done >= before.done && after.trial.id >= before.trial.id);
            if after.trial.id == before.trial.id {
                prop_assert!(after.fraction > before.fraction || after.left == 0);
            }
            if after.trial.round == before.trial.round && before.done > 0 {
                prop_assert!(after.left <= before.left);
            }
            prop_assert!(after.left_us.is_none_or(|us| us.is_finite() && us >= -1e-3));
        }
        if observed.ending() != Ending::Stopped {
            prop_assert_eq!(progress.last().map(|progress| progress.left), Some(0));
            prop_assert_eq!(observed.updates().count(), observed.ordered.len());
        }
        for (_, _, summary) in observed.updates() {
            for point in &summary.points {
                let tried = observed.rounds_of(point.point).len() as u32;
                prop_assert!(point.samples + point.failures <= tried);
            }
        }
    }
}
