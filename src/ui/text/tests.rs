use std::rc::Rc;

use super::*;
use crate::domain::{Point, Size, Source, Trial, TrialError};
use crate::scaling::{CurveSummary, Knee, OverSerial};
use crate::stats::Estimate;
use crate::ui::state::Action;
use crate::verdict::Verdict;

fn progress(round: u32) -> Progress {
    let trial = Trial { id: 7, round, point: Point { model: Model::Processes, lanes: 4 } };
    Progress { trial, fraction: 0.5, done: 12, left: 28, left_us: Some(11.7e6) }
}

fn running(round: u32) -> State {
    State { phase: Phase::Running, progress: Some(progress(round)), ..State::default() }
}

fn plain(text: String) -> String {
    text.replace('\u{a0}', " ").replace('\u{2060}', "")
}

#[test]
fn the_experiment_is_one_sentence() {
    assert_eq!(
        experiment(&Experiment::default()),
        "Run the cosine sum (5·10⁷ cosines) as serial, threads, threads + GIL and processes, at 1, 2 and 4 lanes."
    );
    let alone = Experiment { models: vec![Model::Serial], ..Experiment::default() };
    assert_eq!(experiment(&alone), "Run the cosine sum (5·10⁷ cosines) as serial.");
    let weak = Experiment { scaling: Scaling::Weak, ..Experiment::default() };
    assert!(experiment(&weak).ends_with("at 1, 2 and 4 lanes, with as much work for every lane."));
}

#[test]
fn progress_names_the_warm_up_and_the_rounds() {
    assert_eq!(plain(doing(&running(0))), "Warm-up: processes, 4 lanes");
    assert_eq!(plain(doing(&running(3))), "Round 3: processes, 4 lanes");
    assert_eq!(plain(left(&progress(3))), "28 trials left, 12 s");
    assert_eq!(plain(title(&running(3))), "31 % · Lanes");
    assert_eq!(title(&running(0)), "Warm-up · Lanes");
}

#[test]
fn measured_cores_that_are_not_known_say_why() {
    let knee = Knee {
        lanes: 2,
        fewest: 1,
        next: Some(4),
        doubt: None,
        of: 2,
        of_cores: true,
        is_flat: false,
        over_serial: OverSerial::Faster,
    };
    let with = |knee| {
        let curve = CurveSummary { model: Model::Threads, serial_fraction: None, usl: None, knee };
        State {
            phase: Phase::Over(Ending::Certain),
            summary: Rc::new(Summary { curves: vec![curve], ..Summary::default() }),
            ..State::default()
        }
    };
    assert_eq!(measured_cores(&State::default()), "not measured yet");
    assert_eq!(measured_cores(&running(1)), "…");
    assert_eq!(measured_cores(&with(knee)), "2");
    assert_eq!(measured_cores(&with(Knee { next: None, ..knee })), "cannot be told");
}

#[test]
fn a_screen_reader_is_not_told_every_round() {
    assert_eq!(announcement(&running(0)), "Warm-up.");
    assert_eq!(announcement(&running(1)), announcement(&running(30)));
}

#[test]
fn the_end_is_told_with_the_verdict() {
    let state = running(3).reduce(Action::Session(crate::session::Event::Finished(Ending::Stopped)));
    assert_eq!(
        announcement(&state),
        "Stopped. What was measured stays. Too little was measured to say: every point needs 6 samples."
    );
}

#[test]
fn the_title_tells_of_a_run_that_ended_unseen_until_it_is_seen() {
    let over = Action::Session(crate::session::Event::Finished(Ending::Certain));
    let seen = running(3).reduce(over.clone());
    assert_eq!(title(&seen), title(&State::default()));
    let unseen = running(3).reduce(Action::Away(true)).reduce(over);
    assert_eq!(title(&unseen), "✓ Done · Lanes");
    assert_eq!(title(&unseen.reduce(Action::Away(false))), title(&State::default()));
}

#[test]
fn where_addresses_are_fetched_it_is_not_said_that_nothing_leaves_the_machine() {
    let source = Source::Addresses(vec!["https://example.org/a".into()]);
    let of = |workload| {
        let mut experiment = Experiment::of(workload, 2);
        experiment.network.source = source.clone();
        experiment
    };
    let fetching = State::default().reduce(Action::Run(of(crate::workload::WorkloadId::Addresses)));
    assert!(what_leaves(&fetching).starts_with("Only the requests"));
    let computing = State::default().reduce(Action::Run(of(crate::workload::WorkloadId::CosineSum)));
    for nothing in [&computing, &State::default()] {
        assert_eq!(what_leaves(nothing), "Nothing leaves this machine.");
    }
    let asked = State::default().reduce(Action::Adopt(of(crate::workload::WorkloadId::Page)));
    assert!(what_leaves(&asked).starts_with("Only the requests"), "before they are fetched");
}

#[test]
fn a_size_that_is_too_small_says_so_beside_the_figures() {
    let said = |workload, size, us: f64| {
        let experiment = Experiment { size, ..Experiment::of(workload, 2) };
        let serial = Point { model: Model::Serial, lanes: 1 };
        let time_us = Some(Estimate { value: us, lo: us, hi: us });
        let points = vec![PointSummary { time_us, samples: 6, ..PointSummary::unknown(serial) }];
        too_small(&experiment, &Summary { points, ..Summary::default() }).map(plain)
    };
    use crate::workload::WorkloadId::{CosineSum, Mailbox};
    let small = said(CosineSum, Size::S, 7_040.0).unwrap();
    assert!(small.contains("one lane takes 7.04 ms") && small.contains("about 80 ms"), "{small}");
    assert_eq!(said(CosineSum, Size::M, 350_000.0), None);
    assert_eq!(said(Mailbox, Size::S, 7_000.0), None, "what waits needs no work to divide");
    let of = |size| size_in_python(&Experiment { size, ..Experiment::default() }).map(plain);
    assert_eq!(of(Size::M).as_deref(), Some("CPython takes about 4 s for it on one lane."));
}

#[test]
fn points_that_failed_for_one_reason_share_a_line() {
    let failed = |model, lanes, error| PointSummary {
        failures: 3,
        last_error: Some(error),
        ..PointSummary::unknown(Point { model, lanes })
    };
    let points = vec![
        failed(Model::Threads, 1, TrialError::NotIsolated),
        failed(Model::Threads, 2, TrialError::NotIsolated),
        failed(Model::ThreadsGil, 1, TrialError::NotIsolated),
        PointSummary::unknown(Point { model: Model::Processes, lanes: 1 }),
        failed(Model::Processes, 4, TrialError::OutOfMemory),
    ];
    let who: Vec<String> =
        failures(&Summary { points, ..Summary::default() }).into_iter().map(|(who, _)| plain(who)).collect();
    assert_eq!(
        who,
        [
            "threads at 1 and 2 lanes (6 trials) and threads + GIL at 1 lane (3 trials)",
            "processes at 4 lanes (3 trials)"
        ]
    );
}

#[test]
fn a_point_is_read_out_with_its_certainty() {
    let figure = Figure {
        point: Point { model: Model::Threads, lanes: 2 },
        estimate: Estimate { value: 1.936, lo: 1.9, hi: 1.96 },
        counts: true,
        samples: 6,
    };
    assert_eq!(
        plain(read_out(Metric::SpeedUp, &figure)),
        "threads, 2 lanes: speed-up 1.94×, 1.90–1.96× (95 %, 6 samples)"
    );
    let few = Figure { samples: 3, ..figure };
    assert_eq!(
        plain(read_out(Metric::SpeedUp, &few)),
        "threads, 2 lanes: speed-up 1.94×, 1.90–1.96× in 3 samples"
    );
    let warm_up = Figure { counts: false, ..figure };
    assert_eq!(plain(read_out(Metric::SpeedUp, &warm_up)), "threads, 2 lanes: speed-up 1.94×, warm-up only");
}

#[test]
fn machines_that_are_called_the_same_are_told_apart() {
    let known = |cores| crate::report::examples::report(cores, 8e5, 1);
    let reports = [known(2), known(4), known(2), known(2)];
    let names = |here: &[bool]| titles(&reports, here).join("; ").replace(", Chromium 156", "");
    assert_eq!(names(&[]), "2 cores; 4 cores; 2 cores (2); 2 cores (3)");
    assert_eq!(names(&[false, false, false, true]), "2 cores; 4 cores; 2 cores (2); 2 cores (here)");
    assert_eq!(names(&[true, false, false, true]), "2 cores (here); 4 cores; 2 cores; 2 cores (here) (2)");
    assert!(titles(&[], &[]).is_empty());
}

#[test]
fn a_recorded_verdict_speaks_of_another_machine() {
    let known = crate::report::examples::report(8, 8e5, 1);
    let verdict = Verdict::of(&known.summary());
    let here = verdict.as_ref().map(ToString::to_string).unwrap_or_default();
    assert_eq!(recorded_verdict(verdict.as_ref(), true), here);
    let words = recorded_verdict(verdict.as_ref(), false);
    assert!(words.starts_with("On that machine ") && here.starts_with("On this machine "), "{words}");
    assert_eq!(words["On that machine ".len()..], here["On this machine ".len()..]);
}

#[test]
fn a_report_of_this_machine_is_not_called_another_ones() {
    use crate::report::examples::report;
    let all = [report(2, 8e5, 1), report(4, 8e5, 1)];
    let said = |shown: usize, here: [bool; 2]| recorded(&all[..shown], &here[..shown], false);
    assert!(said(1, [false; 2]).ends_with("These figures were not measured here."));
    assert!(said(1, [true; 2]).ends_with("This is a run of this machine."));
    assert_eq!(said(2, [false; 2]), "2 recorded reports. Their figures were not measured here.");
    assert_eq!(said(2, [false, true]), "2 recorded reports. One was measured on this machine.");
    assert_eq!(said(2, [true; 2]), "2 recorded reports. All were measured on this machine.");
}

#[test]
fn a_kept_run_that_was_stopped_says_so() {
    use crate::report::{Report, examples::report};
    let whole = report(2, 8e5, 1);
    let stopped = Report { ending: Ending::Stopped, ..whole.clone() };
    assert!(!kept(&whole, true).contains("stopped"));
    assert!(kept(&stopped, true).starts_with(" on 2 cores, Chromium 156, 2026-11-20, stopped. "));
}

#[test]
fn all_that_a_link_tells_is_listed() {
    let mut known = crate::report::examples::report(8, 8e5, 1);
    known.experiment = Experiment::of(crate::workload::WorkloadId::Addresses, 8);
    known.experiment.network.source = Source::Addresses(vec!["https://example.org/a".into()]);
    known.name = "Anna’s <b>laptop</b>".into();
    let lines = plain(sentences(&known).join("; "));
    for told in
        ["<b>laptop</b>", "Chromium 156", "cores 8", "isolated", "5 µs", "8.00 GiB", "3fa2", "2026-11-20"]
    {
        assert!(lines.contains(told), "{told}: {lines}");
    }
    assert!(lines.contains("https://example.org/a") && lines.contains("16 points"), "{lines}");
}

#[test]
fn a_picture_says_what_it_shows() {
    use crate::report::{Report, examples::report};
    let reports = [report(2, 8e5, 1), report(4, 8e5, 1)];
    let say = |reports: &[Report], model| caption(reports, model, "https://example.org/lanes/");
    assert_eq!(
        say(&reports[..1], None),
        "cosine sum (5·10⁷ cosines) · 2 cores, Chromium 156 · 2026-11-20 · https://example.org/lanes/"
    );
    assert_eq!(
        say(&reports, Some(Model::Threads)),
        "threads: cosine sum (5·10⁷ cosines) · 2 cores, Chromium 156, 4 cores, Chromium 156 · 2026-11-20 · https://example.org/lanes/"
    );
    let undated = Report { day: None, ..reports[0].clone() };
    assert!(say(&[undated], None).ends_with("Chromium 156 · https://example.org/lanes/"));
}
