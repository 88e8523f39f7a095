use super::*;
use crate::machine::Isolation;
use crate::stats::Estimate;

const SERIAL: Point = Point { model: Model::Serial, lanes: 1 };
const THREADS: Point = Point { model: Model::Threads, lanes: 2 };
const CROWD: Point = Point { model: Model::Processes, lanes: 4 };

fn machine() -> Machine {
    Machine {
        reported_cores: Some(4),
        browser: String::new(),
        isolation: Isolation::Isolated,
        timer_step_us: 5.0,
        memory_mib: None,
    }
}

fn estimate(value: f64, reach: f64) -> Estimate {
    Estimate { value, lo: value * (1.0 - reach), hi: value * (1.0 + reach) }
}

/// A point of which nothing is to be warned.
fn fine(point: Point) -> PointSummary {
    PointSummary {
        samples: 10,
        time_us: Some(estimate(10_000.0, 0.02)),
        warm_up_us: Some(12_000.0),
        ..PointSummary::unknown(point)
    }
}

fn summary() -> Summary {
    Summary {
        points: vec![fine(SERIAL), fine(THREADS), fine(CROWD)],
        hidden_trials: 0,
        drift: Some(estimate(1.0, 0.02)),
        ..Summary::default()
    }
}

/// What is said after the budget is spent, when `change` is all that is not fine.
fn said(change: impl FnOnce(&mut Machine, &mut Summary)) -> Vec<Warning> {
    let (mut machine, mut summary) = (machine(), summary());
    change(&mut machine, &mut summary);
    warnings(&Experiment::default(), &machine, &summary, Some(Ending::BudgetSpent))
}

#[test]
fn nothing_is_said_when_all_is_fine() {
    assert_eq!(said(|_, _| ()), []);
    assert_eq!(warnings(&Experiment::default(), &machine(), &Summary::default(), None), []);
}

#[test]
fn wrong_answers_name_the_point_that_has_most() {
    let said = said(|_, summary| {
        summary.points[1].wrong_answers = 2;
        summary.points[2].wrong_answers = 1;
    });
    assert_eq!(said, [Warning::WrongAnswers { point: THREADS, trials: 2 }]);
}

#[test]
fn isolation_matters_to_models_that_share_a_memory() {
    let machine = Machine { isolation: Isolation::NotIsolated, ..machine() };
    let said = |models: &[Model]| {
        let experiment = Experiment { models: models.to_vec(), ..Experiment::default() };
        warnings(&experiment, &machine, &summary(), None)
    };
    let reason = Isolation::NotIsolated.why_no_threads().unwrap();
    assert_eq!(said(&[Model::Serial, Model::ThreadsGil]), [Warning::NotIsolated { reason }]);
    assert_eq!(said(&[Model::Serial, Model::Processes]), []);
}

#[test]
fn a_timer_is_too_coarse_above_a_hundredth_of_the_shortest_median() {
    let step = |step_us| {
        said(|machine, summary| {
            machine.timer_step_us = step_us;
            summary.points[2].time_us = Some(estimate(5_000.0, 0.02));
            summary.points[2].warm_up_us = None;
        })
    };
    assert_eq!(step(50.0), []);
    assert_eq!(step(51.0), [Warning::TimerTooCoarse { step_us: 51.0, shortest_us: 5_000.0 }]);
}

#[test]
fn few_samples_are_warned_of_when_the_session_has_run_its_course() {
    let said = |samples, ending| {
        let mut summary = summary();
        summary.points[2].samples = samples;
        warnings(&Experiment::default(), &machine(), &summary, ending)
    };
    assert_eq!(said(5, Some(Ending::BudgetSpent)), [Warning::FewSamples { samples: 5 }]);
    assert_eq!(said(6, Some(Ending::BudgetSpent)), []);
    assert_eq!(said(5, Some(Ending::Stopped)), []);
    assert_eq!(said(5, None), []);
    // A point that never ran has its failures to show for it.
    assert_eq!(said(0, Some(Ending::BudgetSpent)), []);
}

#[test]
fn noise_is_warned_of_when_the_session_has_run_its_course() {
    let said = |reach, ending| {
        let mut summary = summary();
        summary.points[0].time_us = Some(estimate(10_000.0, 0.052));
        summary.points[1].time_us = Some(estimate(20_000.0, reach));
        warnings(&Experiment::default(), &machine(), &summary, ending)
    };
    let [Warning::Noisy { point: THREADS, reach }] = said(0.0625, Some(Ending::RoundsRun))[..] else {
        panic!("the widest interval is named")
    };
    assert!((reach - 0.0625).abs() < 1e-9);
    assert_eq!(said(0.0625, None), []);
    assert_eq!(said(0.0625, Some(Ending::Stopped)), []);
}

#[test]
fn a_drift_is_sure_and_larger_than_what_is_measured_to() {
    let drift = |value, reach| said(|_, summary| summary.drift = Some(estimate(value, reach)));
    assert_eq!(drift(1.2, 0.1), [Warning::Drifted { ratio: 1.2 }]);
    assert_eq!(drift(0.8, 0.1), [Warning::Drifted { ratio: 0.8 }]);
    assert_eq!(drift(1.2, 0.3), []);
    assert_eq!(drift(1.04, 0.01), []);
    assert_eq!(said(|_, summary| summary.drift = None), []);
}

#[test]
fn hidden_trials_are_told() {
    assert_eq!(said(|_, summary| summary.hidden_trials = 2), [Warning::Hidden { trials: 2 }]);
}

#[test]
fn a_first_run_is_slow_above_one_and_a_half_times_the_median() {
    let warm_up = |us| said(|_, summary| summary.points[1].warm_up_us = Some(us));
    assert_eq!(warm_up(20_000.0), [Warning::FirstRunSlow { point: THREADS, times: 2.0 }]);
    assert_eq!(warm_up(15_000.0), []);
}

#[test]
fn more_lanes_than_cores_are_told_where_cores_are_known() {
    let cores = |cores| said(|machine, _| machine.reported_cores = cores);
    assert_eq!(cores(Some(2)), [Warning::MoreLanesThanCores { cores: 2 }]);
    assert_eq!(cores(Some(4)), []);
    assert_eq!(cores(None), []);
}

#[test]
fn idle_lanes_name_the_point_that_has_most() {
    let said = said(|_, summary| {
        summary.points[1].idle_lanes = 1;
        summary.points[2].idle_lanes = 3;
    });
    assert_eq!(said, [Warning::IdleLanes { point: CROWD, idle: 3 }]);
}

#[test]
fn every_warning_is_plain_words_with_a_remedy() {
    let reason = Isolation::NotIsolated.why_no_threads().unwrap();
    let remedies = [
        (Warning::WrongAnswers { point: THREADS, trials: 3 }, "Reload the page"),
        (Warning::NotIsolated { reason }, "Open Lanes in a tab of its own"),
        (Warning::TimerTooCoarse { step_us: 100.0, shortest_us: 2_000.0 }, "Choose a larger size"),
        (Warning::FewSamples { samples: 3 }, "Allow more time"),
        (Warning::Noisy { point: CROWD, reach: 0.071 }, "Close other programs"),
        (Warning::Drifted { ratio: 1.25 }, "Let the machine cool"),
        (Warning::Hidden { trials: 1 }, "Keep the page in view"),
        (Warning::FirstRunSlow { point: SERIAL, times: 3.25 }, "choose a cold start"),
        (Warning::MoreLanesThanCores { cores: 2 }, "look at up to 2"),
        (Warning::IdleLanes { point: CROWD, idle: 3 }, "Choose a larger size or fewer lanes"),
    ];
    for (warning, remedy) in remedies {
        let text = warning.to_string();
        assert!(text.contains(remedy), "{text}");
        assert!(text.ends_with('.') && !text.contains("  "), "{text}");
    }
    let noisy = Warning::Noisy { point: CROWD, reach: 0.071 }.to_string();
    assert!(noisy.contains("processes at 4 lanes is known only within 8\u{a0}%"), "{noisy}");
    let drifted = Warning::Drifted { ratio: 1.25 }.to_string();
    assert!(drifted.contains("25\u{a0}% slower"), "{drifted}");
}

#[test]
fn lanes_that_wait_are_warned_of_failures_fallbacks_and_six_connections_but_not_of_cores() {
    let mailbox = Experiment::of(crate::workload::WorkloadId::Mailbox, 2);
    let many = Point { model: Model::Async, lanes: 16 };
    let say = |experiment: &Experiment, change: fn(&mut Summary)| {
        let mut summary = Summary { points: vec![fine(SERIAL), fine(many)], ..Summary::default() };
        change(&mut summary);
        warnings(experiment, &machine(), &summary, Some(Ending::Certain))
    };
    assert_eq!(say(&mailbox, |_| ()), [], "16 lanes that wait are not too many for 4 cores");
    let fallback = say(&mailbox, |summary| summary.fallbacks.push(Fallback::NoSimulation));
    assert_eq!(fallback, [Warning::SixConnections, Warning::Fallback(Fallback::NoSimulation)]);
    let mut this_site = mailbox.clone();
    this_site.network.source = Source::ThisSite;
    assert_eq!(say(&this_site, |_| ()), [Warning::SixConnections]);
    let failed = say(&mailbox, |summary| {
        let failed = crate::domain::FailedTask { task: 1, reason: crate::domain::TaskError::HalfBody };
        summary.points[1].incomplete = 2;
        summary.points[1].failed_tasks = vec![(failed, 2)];
    });
    assert_eq!(failed, [Warning::FailedTasks { trials: 2, tasks: 2 }]);
}
