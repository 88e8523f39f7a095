use super::*;
use crate::domain::{Scaling, Trial, TrialError};
use crate::machine::Isolation;
use crate::stats::Estimate;
use crate::summary::PointSummary;
use crate::workload::WorkloadId;

fn machine(cores: u32) -> Machine {
    Machine {
        reported_cores: Some(cores),
        browser: "Chromium 156".into(),
        isolation: Isolation::Isolated,
        timer_step_us: 5.0,
        memory_mib: Some(8_192),
    }
}

fn after(actions: impl IntoIterator<Item = Action>) -> State {
    actions.into_iter().fold(State::default(), |state, action| state.reduce(action))
}

fn updated(point: PointSummary) -> Action {
    let trial = Trial { id: 1, round: 1, point: point.point };
    let summary = Summary { points: vec![point], ..Summary::default() };
    Action::Session(Event::Updated { trial, outcome: Err(TrialError::Hidden), summary })
}

#[test]
fn the_experiment_fits_the_machine_unless_the_visitor_was_faster() {
    assert_eq!(after([Action::MachineRead(machine(8))]).settings.value("lane-counts"), "1, 2, 4, 8, 16");
    let touched = [Action::Set("lane-counts", "3".into()), Action::MachineRead(machine(8))];
    assert_eq!(after(touched).settings.value("lane-counts"), "3");
}

#[test]
fn before_the_first_run_the_table_shows_what_would_be_measured() {
    let state = after([Action::MachineRead(machine(2)), Action::ToggleModel(Model::Threads)]);
    assert!(state.summary.points.iter().all(|p| p.point.model != Model::Threads));
    assert_eq!(state.summary.points.len(), 1 + 2 * 3);
}

#[test]
fn work_that_grows_is_expected_to_before_the_first_run() {
    let state = after([Action::Set("scaling", "weak".into())]);
    assert!(state.summary.points.iter().all(|p| p.copies == p.point.lanes));
}

#[test]
fn results_stay_while_settings_change_and_go_with_the_next_run() {
    let experiment = Experiment::default();
    let run = [Action::Run(experiment.clone()), Action::Session(Event::Finished(Ending::Stopped))];
    let state = after(run);
    let changed = state.reduce(Action::Set("lane-counts", "1".into()));
    assert_eq!(changed.summary, state.summary);
    assert_eq!(changed.phase_id(), "stopped");
    let again = changed.reduce(Action::Run(Experiment { lane_counts: vec![1], ..experiment }));
    assert_eq!(again.summary.points.len(), 4);
    assert_eq!(again.phase_id(), "running");
}

#[test]
fn a_refusal_is_told_at_once_and_taken_back() {
    let state = after([Action::Set("budget", "0".into())]);
    assert!(state.refusal.as_deref().unwrap().contains("Time budget"));
    assert_eq!(state.reduce(Action::Set("budget", "5".into())).refusal, None);
}

#[test]
fn answers_agree_when_there_are_some_and_none_is_wrong() {
    let point = || PointSummary::unknown(Point { model: Model::Threads, lanes: 2 });
    let agree = |point: PointSummary| after([updated(point)]).answers_agree();
    assert_eq!(after([]).answers_agree(), None);
    assert_eq!(agree(PointSummary { failures: 1, ..point() }), None);
    assert_eq!(agree(PointSummary { samples: 3, ..point() }), Some(true));
    assert_eq!(agree(PointSummary { samples: 3, wrong_answers: 1, ..point() }), Some(false));
}

#[test]
fn a_workload_that_waits_begins_with_points_of_its_own() {
    let choose = |workload: WorkloadId| Action::Set("workload", workload.id().into());
    let state = after([Action::MachineRead(machine(8)), choose(WorkloadId::Page)]);
    assert_eq!(state.settings.value("lane-counts"), "1, 2, 4, 8, 16, 32");
    assert!(state.settings.draft.models.contains(&Model::Async));
    assert_eq!(state.settings.draft.scaling, Scaling::Weak);
    let touched = state.reduce(Action::Set("lane-counts", "1, 3".into()));
    let mailbox = touched.reduce(choose(WorkloadId::Mailbox));
    assert_eq!(
        (mailbox.settings.value("lane-counts"), mailbox.settings.draft.scaling),
        ("1, 3", Scaling::Strong)
    );
    let back = mailbox.reduce(choose(WorkloadId::Primes)).settings;
    assert_eq!(back.value("lane-counts"), "1, 2, 4, 8, 16");
    assert_eq!(
        back.experiment().map(|experiment| experiment.models),
        Ok(WorkloadId::Primes.models().to_vec())
    );
}

#[test]
fn costs_are_told_one_by_one_and_anew_each_time() {
    let measuring = |done| Action::Cost(CostEvent::Measuring { cost: Cost::AskThread, done, all: 2 });
    let measured = || Action::Cost(CostEvent::Measured(CostSummary::of(Cost::AskThread, &[], None)));
    let state = after([measuring(0), measured(), measuring(1)]);
    assert_eq!((state.is_busy(), state.costs.measured.len()), (true, 1));
    let over = state.reduce(measured()).reduce(Action::Cost(CostEvent::Finished));
    assert_eq!((over.is_busy(), over.costs.measured.len()), (false, 2));
    assert!(over.reduce(measuring(0)).costs.measured.is_empty());
}

#[test]
fn an_experiment_that_is_opened_stands_in_the_form() {
    let experiment = Experiment { lane_counts: vec![3], switch_interval_us: 500, ..Experiment::default() };
    assert_eq!(after([Action::Open(experiment.clone())]).settings.experiment(), Ok(experiment));
}

#[test]
fn a_hidden_line_is_not_read_out() {
    let point = Point { model: Model::Threads, lanes: 2 };
    let state = after([Action::Select(Some(point)), Action::ToggleLine(Model::Threads)]);
    assert_eq!((state.selected, state.hidden.len()), (None, 1));
    assert!(state.reduce(Action::ToggleLine(Model::Threads)).hidden.is_empty());
}

#[test]
fn a_link_with_an_experiment_fills_the_form_whatever_the_machine_has() {
    let experiment = Experiment { min_rounds: 7, ..Experiment::default() };
    let go =
        |experiment: &Experiment| Action::Go(Route::of_hash(&crate::report::link::of_experiment(experiment)));
    let state = after([go(&experiment), Action::MachineRead(machine(8))]);
    assert_eq!((&state.route, state.phase), (&Route::Experiment, Phase::Idle));
    assert_eq!(state.settings.experiment(), Ok(experiment));
    let state = after([go(&Experiment::default()), Action::MachineRead(machine(8))]);
    assert_eq!(state.settings.experiment(), Ok(Experiment::default()));
}

#[test]
fn a_link_is_looked_at_as_by_whoever_made_it() {
    let axes = Axes::default().other();
    let made = after([Action::Show(Metric::Efficiency), Action::Axes(axes)]);
    let usual = link::of_experiment(&Experiment::default());
    let link = format!("{usual}{}", made.look.to_link());
    assert_eq!(after([Action::Go(Route::of_hash(&link))]).look, made.look);
    assert_eq!(made.reduce(Action::Go(Route::of_hash(&usual))).look, Look::default());
}

#[test]
fn a_link_with_reports_shows_them_and_a_broken_one_stays() {
    use crate::report::{examples::report, link::of_reports};
    let link = of_reports(&[report(4, 8e5, 1)]);
    let state = after([Action::Go(Route::of_hash(&link))]);
    assert_eq!((&state.route, state.phase), (&Route::Compare, Phase::Idle));
    assert_eq!(state.compared().len(), 1);
    let broken = state.reduce(Action::Go(Route::of_hash(&link[..30])));
    assert!(matches!(broken.route, Route::Link(_)));
    assert_eq!(broken.compared().len(), 1, "nothing is lost");
}

#[test]
fn the_own_results_are_compared_as_they_come_in() {
    let point = PointSummary {
        samples: 1,
        time_us: Some(crate::stats::Estimate { value: 8e5, lo: 8e5, hi: 8e5 }),
        ..PointSummary::unknown(Point { model: Model::Serial, lanes: 1 })
    };
    let state = after([
        Action::MachineRead(machine(2)),
        Action::Run(Experiment::default()),
        Action::Reports(ReportsAction::Name(" my laptop".into())),
    ]);
    assert_eq!(state.report(), None, "nothing was measured");
    let state = state.reduce(updated(point));
    assert_eq!(state.report().map(|report| report.name), Some("my laptop".to_owned()));
    assert!(state.compared().is_empty());
    assert_eq!(state.reduce(Action::Reports(ReportsAction::WithOwn(true))).compared().len(), 1);
}

#[test]
fn a_stopped_run_is_over_and_one_that_measured_nothing_is_not_kept() {
    let experiment = Experiment::default();
    let point = Point { model: Model::Threads, lanes: 2 };
    let measured = PointSummary {
        samples: 2,
        time_us: Some(Estimate { value: 5.0, lo: 4.0, hi: 6.0 }),
        ..PointSummary::unknown(point)
    };
    let stop = || Action::Session(Event::Finished(Ending::Stopped));
    let run = |actions: Vec<Action>| after(std::iter::once(Action::Run(experiment.clone())).chain(actions));
    assert!(!run(vec![updated(measured.clone())]).is_over(), "it still runs");
    assert!(run(vec![updated(measured), stop()]).is_over());
    assert!(!run(vec![updated(PointSummary::unknown(point)), stop()]).is_over());
}

#[test]
fn a_report_of_this_browser_is_known_by_its_figures() {
    use crate::report::{Report, examples::report};
    use crate::ui::reports::{KeptReport, ReportsAction};
    let (own, others) = (report(2, 8e5, 1), report(4, 8e5, 1));
    let keep = |id, report: &Report, is_own| KeptReport {
        id,
        link: String::new(),
        is_own,
        report: Some(report.clone()),
    };
    let kept = Rc::new(vec![keep(1, &own, true), keep(2, &others, false)]);
    let state = after([Action::Reports(ReportsAction::Kept(kept))]);
    assert!(state.is_own(&own));
    assert!(state.is_own(&Report { name: "mine".into(), day: None, ..own }));
    assert!(!state.is_own(&others), "it was kept, and came from elsewhere");
}

#[test]
fn another_tab_is_told_of_until_the_next_run_begins() {
    let run = || Action::Run(Experiment::default());
    assert!(!after([Action::OtherTab]).other_tab, "nothing is measured here");
    let disturbed = after([run(), Action::OtherTab]);
    assert!(disturbed.other_tab && disturbed.is_measuring());
    let over = disturbed.reduce(Action::Session(Event::Finished(Ending::Stopped)));
    assert!(over.other_tab, "the figures are shown still");
    assert!(!over.reduce(run()).other_tab);
    assert!(!after([run(), Action::Away(true)]).is_measuring());
}
