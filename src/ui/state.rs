//! All that the page knows, and all that can happen to it.

use std::rc::Rc;

use crate::advice::Task;
use crate::chart::{Axes, Look, Metric};
use crate::cost::{Cost, CostEvent, CostSummary};
use crate::domain::{Bound, Model, Point};
use crate::experiment::{Experiment, Plan};
use crate::machine::Machine;
use crate::report::{
    Report,
    link::{self, Link},
    tidy_name,
};
use crate::scaling::measured_cores;
use crate::session::{Ending, Event, Progress};
use crate::summary::{Record, Summary};
use crate::verdict::Verdict;
use crate::warning::{self, Warning};
use crate::workload::io::Counts;

use super::claims::{Claims, ClaimsAction};
use super::embed::{Embed, EmbedAction};
use super::pictures::{PictureAction, Pictures};
use super::program::{Program, ProgramAction};
use super::reports::{Reports, ReportsAction};
use super::route::Route;
use super::settings::{Preset, Settings};
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
    /// How the chart shows it.
    pub look: Look,
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
    /// Whether another tab has measured at the same time, since this one began to.
    pub other_tab: bool,
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
    /// The form's field of the setting with this id was changed.
    Set(&'static str, String),
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
    /// Another tab measures while this one does.
    OtherTab,
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
            look: Look::default(),
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
            other_tab: false,
        }
    }
}

impl State {
    /// What becomes of the state when `action` happens.
    pub fn reduce(&self, action: Action) -> Self {
        let mut next = self.clone();
        let was_busy = self.is_busy();
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
            Action::Set(id, value) => {
                let before = next.settings.draft.workload;
                next.settings.set(id, value);
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
            Action::Show(metric) => next.look.metric = metric,
            Action::Axes(kind) => next.look.axes = kind,
            Action::ToggleLine(model) => {
                match next.hidden.iter().position(|&m| m == model) {
                    Some(at) => drop(next.hidden.remove(at)),
                    None => next.hidden.push(model),
                }
                next.selected = next.selected.filter(|point| !next.hidden.contains(&point.model));
            }
            Action::Select(point) => next.selected = point,
            Action::Pictures(action) => next.pictures.reduce(action),
            Action::Cost(event) => next.costs.reduce(event),
            Action::Timeline(action) => next.timeline.reduce(action),
            Action::Open(experiment) => {
                next.settings = Settings::of(&experiment);
                next.settings_changed();
            }
            Action::Advise(task) => next.task = task,
            Action::Claims(action) => next.claims.reduce(action),
            Action::Program(action) => next.program.reduce(action),
            Action::Embed(action) => {
                next.embed.reduce(action, &mut next.settings, &mut next.look);
                next.settings_changed();
            }
            Action::Away(away) => {
                next.away = away;
                next.unseen &= away;
            }
            Action::OtherTab => next.other_tab = was_busy,
        }
        next.other_tab &= was_busy || !next.is_busy();
        next
    }

    /// Whether this tab measures now: a hidden one waits until it is seen again.
    pub fn is_measuring(&self) -> bool {
        self.is_busy() && !self.away
    }

    /// Whether an experiment runs.
    pub fn is_running(&self) -> bool {
        self.phase == Phase::Running
    }

    /// Whether something is measured: an experiment, the costs or the claims. Two at once would disturb each other.
    pub fn is_busy(&self) -> bool {
        self.is_running() || self.costs.measuring.is_some() || self.claims.measuring.is_some()
    }

    /// Whether a run is over that measured something, even if it was stopped; then it is kept.
    pub fn is_over(&self) -> bool {
        matches!(self.phase, Phase::Over(_))
            && self.summary.points.iter().any(|point| point.time_us.is_some())
    }

    /// Whether that run is kept: nothing says otherwise, and the history was read since it was opened or written to.
    pub fn is_kept(&self) -> bool {
        self.is_over() && self.reports.kept.is_some() && self.reports.not_kept.is_none()
    }

    /// Whether `report` tells of a run of this browser: of the last one, or of one that it has kept.
    pub fn is_own(&self, report: &Report) -> bool {
        // A run may have been given a name since, and has its day when it is kept.
        let bare = |report: Report| Report { name: String::new(), day: None, ..link::rounded(report) };
        let kept = self.reports.kept.iter().flat_map(|kept| kept.iter()).filter(|kept| kept.is_own);
        let mut own = kept.filter_map(|kept| kept.report.clone()).chain(self.report());
        let report = bare(report.clone());
        own.any(|own| bare(own) == report)
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
        self.experiment.clone().or_else(|| self.settings.described().ok())
    }

    /// The cores that the experiment is drawn against.
    pub fn cores(&self) -> u32 {
        self.machine.as_ref().map_or(2, Machine::cores)
    }

    /// The cores that the last run made use of; `None` while that cannot be told.
    pub fn measured_cores(&self) -> Option<u32> {
        // Lanes that wait say nothing of cores.
        measured_cores(&self.summary.curves).filter(|_| self.summary.bound == Bound::Cpu)
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

    /// The link that carries what the page shows, from its `#` on: the report of a run that is over, or the
    /// experiment; `None` where the settings are none.
    pub fn link(&self) -> Option<String> {
        let carried = match (self.phase, &self.experiment, &self.machine) {
            (Phase::Over(ending), Some(experiment), Some(machine)) if ending != Ending::NothingRuns => {
                let report = Report::of(experiment, machine, &self.summary, ending, &self.costs.measured);
                Some(link::of_reports(&[report]))
            }
            // A link fetches nothing: whoever opens it is asked about its addresses.
            _ => self.settings.described().ok().map(|experiment| link::of_experiment(&experiment)),
        };
        carried.map(|link| format!("{link}{}", self.look.to_link()))
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
            Route::Link(text) => {
                link::decode(text).ok().inspect(|_| self.look = Look::of_link(&link::plain(text)))
            }
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
        self.timeline.follow(&event);
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
    fn reduce(&mut self, event: CostEvent) {
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
    record.bound_by(experiment.workload.bound()).summary().clone()
}

#[cfg(test)]
mod tests;
