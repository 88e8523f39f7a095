//! All that the page knows, and all that can happen to it.

use std::rc::Rc;

use crate::advice::Task;
use crate::cost::{Cost, CostEvent, CostSummary};
use crate::experiment::{Experiment, Model};
use crate::machine::Machine;
use crate::plan::{Plan, Point};
use crate::report::link::{self, Link};
use crate::report::{Report, tidy_name};
use crate::scaling::measured_cores;
use crate::session::{Ending, Event, Progress};
use crate::summary::{Record, Summary};
use crate::verdict::Verdict;
use crate::warning::{self, Warning};
use crate::workload::Kind;
use crate::workload::io::Counts;

use super::claims::{Claims, ClaimsAction};
use super::embed::{Embed, EmbedAction};
use super::figure::Metric;
use super::pictures::{PictureAction, Pictures};
use super::program::{Program, ProgramAction};
use super::reports::{Reports, ReportsAction};
use super::route::Route;
use super::scale::Axes;
use super::settings::{Field, Preset, Settings};
use super::timeline::{Timeline, TimelineAction};

/// All that the page knows.
#[derive(Clone, Debug, PartialEq)]
pub struct State {
    /// The machine; `None` while it is being read.
    pub machine: Option<Machine>,
    /// The form.
    pub settings: Settings,
    /// The view that is shown.
    pub route: Route,
    /// The line next to the button: why the settings were refused.
    pub refusal: Option<String>,
    /// Whether an experiment runs.
    pub phase: Phase,
    /// The experiment that the results belong to: the last one that was run.
    pub experiment: Option<Experiment>,
    /// Where the running session is.
    pub progress: Option<Progress>,
    /// What is known of every point.
    pub summary: Rc<Summary>,
    /// What the chart shows.
    pub metric: Metric,
    /// How figures lie along the chart's axes.
    pub axes: Axes,
    /// The models that the chart leaves out.
    pub hidden: Vec<Model>,
    /// The point that the chart reads out.
    pub selected: Option<Point>,
    /// What the images look like.
    pub pictures: Pictures,
    /// What the last trial of a pipeline counted.
    pub counts: Option<Rc<Counts>>,
    /// What is known of the costs beside the computing.
    pub costs: Costs,
    /// The trials that can be looked at, lane by lane.
    pub timeline: Timeline,
    /// What is known of the claims.
    pub claims: Claims,
    /// The task that advice is asked for.
    pub task: Task,
    /// The reports that are looked at, compared, shared and kept.
    pub reports: Reports,
    /// The experiment as a Python program.
    pub program: Program,
    /// What is known of embedding.
    pub embed: Embed,
    /// Whether the page is in a tab that nobody sees.
    pub away: bool,
    /// Whether a run has ended in such a tab, and nobody has come back since.
    pub unseen: bool,
}

/// What is known of the costs beside the computing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Costs {
    /// What is being measured, with how many were measured and how many there are.
    pub measuring: Option<(Cost, u32, u32)>,
    /// What was measured, in the order of [`Cost::all`].
    pub measured: Vec<CostSummary>,
}

/// Whether an experiment runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Nothing has been run.
    Idle,
    /// An experiment runs.
    Running,
    /// The last experiment is over.
    Over(Ending),
}

/// All that can happen to the page.
#[derive(Clone, Debug)]
pub enum Action {
    /// The machine is known.
    MachineRead(Machine),
    /// The address leads to another view.
    Go(Route),
    /// A field of the form was changed.
    Set(Field, String),
    /// The settings of a preset were chosen.
    SetUp(&'static Preset),
    /// The visitor agrees to fetching the addresses of the form.
    Consent,
    /// A model of the form was chosen, or taken out.
    ToggleModel(Model),
    /// The settings become those of this experiment.
    Adopt(Experiment),
    /// Something happens to reports.
    Reports(ReportsAction),
    /// The settings were refused.
    Refused(String),
    /// An experiment begins.
    Run(Experiment),
    /// The session tells.
    Session(Event),
    /// The chart shows something else.
    Show(Metric),
    /// The chart has other axes.
    Axes(Axes),
    /// A model of the chart was shown, or hidden.
    ToggleLine(Model),
    /// A point is read out, or none.
    Select(Option<Point>),
    /// There is something to see of the images.
    Pictures(PictureAction),
    /// Measuring the costs tells.
    Cost(CostEvent),
    /// The timeline shows something else.
    Timeline(TimelineAction),
    /// An experiment is to be looked at in the form.
    Open(Experiment),
    /// The task that advice is asked for is another.
    Advise(Task),
    /// Something happens to the claims.
    Claims(ClaimsAction),
    /// The card of the Python program was used.
    Program(ProgramAction),
    /// Something happens to an embedded experiment, or to the snippet for one.
    Embed(EmbedAction),
    /// The page's tab was hidden, or is seen again.
    Away(bool),
}

impl Default for State {
    fn default() -> Self {
        let experiment = Experiment::default();
        Self {
            machine: None,
            settings: Settings::of(&experiment),
            route: Route::default(),
            refusal: None,
            phase: Phase::Idle,
            summary: Rc::new(nothing_known(&experiment)),
            experiment: None,
            progress: None,
            metric: Metric::default(),
            axes: Axes::default(),
            hidden: Vec::new(),
            selected: None,
            pictures: Pictures::default(),
            counts: None,
            costs: Costs::default(),
            timeline: Timeline::default(),
            claims: Claims::default(),
            task: Task::default(),
            reports: Reports::default(),
            program: Program::default(),
            embed: Embed::default(),
            away: false,
            unseen: false,
        }
    }
}

impl State {
    /// What becomes of the state when `action` happens.
    pub fn reduce(&self, action: Action) -> Self {
        let mut next = self.clone();
        match action {
            Action::MachineRead(machine) => {
                // Settings that were touched meanwhile are the visitor's.
                let is_given = next.embed.is_frame || next.reports.asked;
                if !is_given && next.settings == Settings::of(&Experiment::default()) {
                    next.settings = Settings::of(&Experiment::for_cores(machine.cores()));
                }
                next.machine = Some(machine);
                next.settings_changed();
            }
            Action::Go(route) => next.go(route),
            Action::Reports(action) => next.reports.reduce(action),
            Action::Adopt(experiment) => {
                next.settings = Settings::of(&experiment);
                next.reports.asked = true;
                next.settings_changed();
            }
            Action::Set(field, value) => {
                let before = next.settings.workload;
                next.settings.set(field, value);
                next.settings.fit_workload(before, next.cores());
                next.settings_changed();
            }
            Action::SetUp(preset) => {
                next.settings = Settings::of(&preset.experiment(next.cores()));
                next.settings_changed();
            }
            Action::Consent => {
                next.settings.consent();
                next.settings_changed();
            }
            Action::ToggleModel(model) => {
                next.settings.toggle(model);
                next.settings_changed();
            }
            Action::Refused(why) => next.refusal = Some(why),
            Action::Run(experiment) => {
                next.phase = Phase::Running;
                next.summary = Rc::new(nothing_known(&experiment));
                next.experiment = Some(experiment);
                next.progress = None;
                next.counts = None;
                next.selected = None;
                next.refusal = None;
                next.pictures.forget_tasks();
                next.timeline.begin();
            }
            Action::Session(event) => next.session(event),
            Action::Show(metric) => next.metric = metric,
            Action::Axes(kind) => next.axes = kind,
            Action::ToggleLine(model) => {
                match next.hidden.iter().position(|&m| m == model) {
                    Some(at) => drop(next.hidden.remove(at)),
                    None => next.hidden.push(model),
                }
                next.selected = next.selected.filter(|point| !next.hidden.contains(&point.model));
            }
            Action::Select(point) => next.selected = point,
            Action::Pictures(action) => next.pictures.reduce(action),
            Action::Cost(event) => next.costs.tell(event),
            Action::Timeline(action) => next.timeline.tell(action),
            Action::Open(experiment) => {
                next.settings = Settings::of(&experiment);
                next.settings_changed();
            }
            Action::Advise(task) => next.task = task,
            Action::Claims(action) => next.claims.reduce(action),
            Action::Program(action) => next.program.reduce(action),
            Action::Embed(action) => {
                next.embed(action);
                next.settings_changed();
            }
            Action::Away(away) => {
                next.away = away;
                next.unseen &= away;
            }
        }
        next
    }

    /// Whether an experiment runs.
    pub fn is_running(&self) -> bool {
        self.phase == Phase::Running
    }

    /// Whether something is measured: an experiment, the costs or the claims. Two at once would disturb each other.
    pub fn is_busy(&self) -> bool {
        self.is_running() || self.costs.measuring.is_some() || self.claims.measuring.is_some()
    }

    /// The state's name in attributes.
    pub fn phase_id(&self) -> &'static str {
        match self.phase {
            Phase::Idle => "idle",
            Phase::Running => "running",
            Phase::Over(Ending::Stopped) => "stopped",
            Phase::Over(_) => "finished",
        }
    }

    /// The experiment that is shown: the one that was run, or that of the settings before that. `None`
    /// where there is neither.
    pub fn shown(&self) -> Option<Experiment> {
        self.experiment.clone().or_else(|| self.settings.experiment().ok())
    }

    /// The cores that the experiment is drawn against.
    pub fn cores(&self) -> u32 {
        self.machine.as_ref().map_or(2, Machine::cores)
    }

    /// The cores that the last run made use of; `None` while that cannot be told.
    pub fn measured_cores(&self) -> Option<u32> {
        // Lanes that wait say nothing of cores.
        measured_cores(&self.summary.curves).filter(|_| self.summary.kind == Kind::Cpu)
    }

    /// The trial that runs, and how much of it is done, from 0 to 1.
    pub fn trial_in_progress(&self) -> Option<(Point, f64)> {
        let progress = self.progress.filter(|_| self.is_running())?;
        Some((progress.trial.point, progress.fraction))
    }

    /// What the results say, once they say something.
    pub fn verdict(&self) -> Option<Verdict> {
        Verdict::of(&self.summary)
    }

    /// Whether every answer so far was the serial one; `None` before there is an answer.
    pub fn answers_agree(&self) -> Option<bool> {
        let points = &self.summary.points;
        if points.iter().any(|p| p.wrong_answers > 0) {
            return Some(false);
        }
        if self.experiment.as_ref().is_some_and(|experiment| experiment.network.has_own_addresses()) {
            return None;
        }
        points.iter().any(|p| p.samples > 0 || p.warm_up_us.is_some()).then_some(true)
    }

    /// The warnings about the results; none before there are any.
    pub fn warnings(&self) -> Vec<Warning> {
        let (Some(experiment), Some(machine)) = (&self.experiment, &self.machine) else {
            return Vec::new();
        };
        let ending = match self.phase {
            Phase::Over(ending) => Some(ending),
            _ => None,
        };
        warning::warnings(experiment, machine, &self.summary, ending)
    }

    /// What is told of the results to others; `None` before anything was measured.
    pub fn report(&self) -> Option<Report> {
        let (experiment, machine) = (self.experiment.as_ref()?, self.machine.as_ref()?);
        let ending = match self.phase {
            Phase::Over(ending) => ending,
            // What still runs is as little final.
            Phase::Idle | Phase::Running => Ending::Stopped,
        };
        let mut report = Report::of(experiment, machine, &self.summary, ending, &self.costs.measured);
        report.name = tidy_name(&self.reports.name);
        report.day = self.reports.today;
        report.has_figures().then_some(report)
    }

    /// The reports that are compared, with the page's own if that is asked for: all as a link tells them,
    /// so that one to the comparison shows the same figures.
    pub fn compared(&self) -> Vec<Report> {
        let own = if self.reports.with_own { self.report() } else { None };
        self.reports.shown.iter().cloned().chain(own.map(link::rounded)).collect()
    }

    /// Shows a view. A link leads on to where that is shown which it carries, and runs nothing.
    fn go(&mut self, route: Route) {
        let carried = match &route {
            Route::Link(text) => link::decode(text).ok(),
            _ => None,
        };
        self.route = match carried {
            None => route,
            Some(Link::Reports(reports)) => {
                self.reports.open(reports);
                Route::Compare
            }
            Some(Link::Experiment(experiment)) => {
                self.settings = Settings::of(&experiment);
                self.reports.asked = true;
                self.settings_changed();
                Route::Experiment
            }
        };
    }

    /// Reads the form anew: a refusal is told at once, and before the first run the chart and the
    /// table show what would be measured.
    fn settings_changed(&mut self) {
        match self.settings.experiment() {
            Ok(experiment) => {
                self.refusal = None;
                if self.phase == Phase::Idle {
                    self.summary = Rc::new(nothing_known(&experiment));
                }
            }
            Err(refusal) => self.refusal = Some(refusal.to_string()),
        }
    }

    fn session(&mut self, event: Event) {
        self.timeline.hear(&event);
        match event {
            Event::Started { .. } => {}
            Event::Progress(progress) => self.progress = Some(progress),
            Event::Updated { summary, outcome, .. } => {
                self.summary = Rc::new(summary);
                let counts = outcome.ok().and_then(|sample| sample.counts.clone()).map(Rc::new);
                // Every whole trial counts the same.
                self.counts = counts.or(self.counts.take());
            }
            Event::Finished(ending) => {
                self.phase = Phase::Over(ending);
                self.unseen = self.away;
                self.progress = None;
            }
        }
    }
}

impl Costs {
    fn tell(&mut self, event: CostEvent) {
        match event {
            CostEvent::Measuring { cost, done, all } => {
                if done == 0 {
                    self.measured.clear();
                }
                self.measuring = Some((cost, done, all));
            }
            CostEvent::Measured(summary) => self.measured.push(summary),
            CostEvent::Finished => self.measuring = None,
        }
    }
}

/// Every point of `experiment`, with nothing known of it.
fn nothing_known(experiment: &Experiment) -> Summary {
    let record = Record::new(Plan::new(experiment).points(), experiment.scaling);
    record.of_kind(experiment.workload.kind()).summary().clone()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::Scaling;
    use crate::machine::Isolation;
    use crate::plan::Trial;
    use crate::sample::TrialError;
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
        assert_eq!(after([Action::MachineRead(machine(8))]).settings.lane_counts, "1, 2, 4, 8, 16");
        let touched = [Action::Set(Field::LaneCounts, "3".into()), Action::MachineRead(machine(8))];
        assert_eq!(after(touched).settings.lane_counts, "3");
    }

    #[test]
    fn before_the_first_run_the_table_shows_what_would_be_measured() {
        let state = after([Action::MachineRead(machine(2)), Action::ToggleModel(Model::Threads)]);
        assert!(state.summary.points.iter().all(|p| p.point.model != Model::Threads));
        assert_eq!(state.summary.points.len(), 1 + 2 * 3);
    }

    #[test]
    fn work_that_grows_is_expected_to_before_the_first_run() {
        let state = after([Action::Set(Field::Scaling, "weak".into())]);
        assert!(state.summary.points.iter().all(|p| p.copies == p.point.lanes));
    }

    #[test]
    fn results_stay_while_settings_change_and_go_with_the_next_run() {
        let experiment = Experiment::default();
        let run = [Action::Run(experiment.clone()), Action::Session(Event::Finished(Ending::Stopped))];
        let state = after(run);
        let changed = state.reduce(Action::Set(Field::LaneCounts, "1".into()));
        assert_eq!(changed.summary, state.summary);
        assert_eq!(changed.phase_id(), "stopped");
        let again = changed.reduce(Action::Run(Experiment { lane_counts: vec![1], ..experiment }));
        assert_eq!(again.summary.points.len(), 4);
        assert_eq!(again.phase_id(), "running");
    }

    #[test]
    fn a_refusal_is_told_at_once_and_taken_back() {
        let state = after([Action::Set(Field::Budget, "0".into())]);
        assert!(state.refusal.as_deref().unwrap().contains("time budget"));
        assert_eq!(state.reduce(Action::Set(Field::Budget, "5".into())).refusal, None);
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
        let choose = |workload: WorkloadId| Action::Set(Field::Workload, workload.id().into());
        let state = after([Action::MachineRead(machine(8)), choose(WorkloadId::Page)]);
        assert_eq!(state.settings.lane_counts, "1, 2, 4, 8, 16, 32");
        assert!(state.settings.models.contains(&Model::Async));
        assert_eq!(state.settings.scaling, Scaling::Weak);
        let touched = state.reduce(Action::Set(Field::LaneCounts, "1, 3".into()));
        let mailbox = touched.reduce(choose(WorkloadId::Mailbox));
        assert_eq!(
            (mailbox.settings.lane_counts.as_str(), mailbox.settings.scaling),
            ("1, 3", Scaling::Strong)
        );
        let back = mailbox.reduce(choose(WorkloadId::Primes)).settings;
        assert_eq!(back.lane_counts, "1, 2, 4, 8, 16");
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
        let experiment =
            Experiment { lane_counts: vec![3], switch_interval_us: 500, ..Experiment::default() };
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
        let go = |experiment: &Experiment| {
            Action::Go(Route::of_hash(&crate::report::link::of_experiment(experiment)))
        };
        let state = after([go(&experiment), Action::MachineRead(machine(8))]);
        assert_eq!((&state.route, state.phase), (&Route::Experiment, Phase::Idle));
        assert_eq!(state.settings.experiment(), Ok(experiment));
        let state = after([go(&Experiment::default()), Action::MachineRead(machine(8))]);
        assert_eq!(state.settings.experiment(), Ok(Experiment::default()));
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
}
