//! The view of Python: which script is shown, what runs, and what came of it.

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::domain::{Activity, Model};
use crate::script::example::{Example, OWN, TABS};
use crate::script::link::Shared;
use crate::script::outcome::{self, Times};
use crate::script::output::Output;
use crate::script::program::{Choice, Program};
use crate::script::record::{Lane, Record, Thread};
use crate::script::recorded::Recorded;
use crate::script::stuck::Stuck;
use crate::script::traceback::{self, Failure};

/// The most lanes that can be chosen.
pub const MOST_LANES: u32 = 8;
/// The interpreter that the engine is; a test compares it with the engine's own list.
pub const INTERPRETER: &str = "RustPython 0.6";

/// All that the view knows.
#[derive(Clone, Debug, PartialEq)]
pub struct Script {
    /// The script that is shown.
    pub shown: &'static Example,
    /// Scripts that were changed, by the ids of their examples.
    edited: BTreeMap<&'static str, Rc<str>>,
    /// The lanes that `work` is done in.
    pub lanes: u32,
    /// Which models are run.
    pub choice: Choice,
    /// What happens now.
    pub phase: Phase,
    /// What came of the scripts that were run, by the ids of their examples.
    results: BTreeMap<&'static str, Results>,
    /// Why nothing could be run, or a link not be read.
    pub trouble: Option<String>,
    /// Whether the running script asks for a line.
    pub asks: bool,
    /// Whether the reader's own script came by a link, and was not run since.
    pub is_foreign: bool,
    /// The link that carries the script, or what to do instead; none before it is asked for.
    pub link: Option<Result<String, String>>,
}

/// What happens now.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Phase {
    /// Nothing.
    Ready,
    /// The engine is fetched: so many bytes have come, of so many; 0 if that is not known.
    Loading(f64, f64),
    /// A script runs under this model.
    Running(Model),
    /// It was asked to stop.
    Stopping(Model),
}

/// What came of a script.
#[derive(Clone, Debug, PartialEq)]
pub struct Results {
    /// Where it was recorded, if it was not run here.
    pub recorded: Option<Rc<Recorded>>,
    /// What was run.
    pub source: Rc<str>,
    /// How.
    pub program: Program,
    /// In how many lanes.
    pub lanes: u32,
    /// The last run under each model, in their order.
    pub strips: Vec<Rc<Strip>>,
    /// How long the work took in all runs of the same script.
    pub times: Vec<Times>,
    /// The error that ended the last run.
    pub failure: Option<Failure>,
    /// Who waits for whom, if the last run waited for ever.
    pub stuck: Option<Stuck>,
}

/// One run.
#[derive(Clone, Debug, PartialEq)]
pub struct Strip {
    /// The model.
    pub model: Model,
    /// What its lanes did.
    pub record: Record,
    /// What was written.
    pub output: Output,
    /// How long the work took, in µs; `None` while it runs, and if it failed or was stopped.
    pub took_us: Option<f64>,
    /// The exit code, once it has ended; a negative one is the signal that ended it.
    pub code: Option<i32>,
}

/// All that can happen to it.
#[derive(Clone, Debug)]
pub enum ScriptAction {
    /// Another example is shown.
    Show(&'static Example),
    /// The script that is shown was changed.
    Write(String),
    /// It becomes what it was.
    Reset,
    /// Another number of lanes was chosen.
    Lanes(u32),
    /// Other models were chosen.
    Choose(Choice),
    /// The engine is fetched.
    Loading(f64, f64),
    /// The script that is shown is run, from the begin.
    Begin,
    /// A run under a model begins.
    Start(Model),
    /// The script wrote.
    Wrote(Thread, bool, String),
    /// Lines of the engine's record, and how many events were lost.
    Record(String, u64),
    /// The run waits for ever.
    Stuck(Stuck),
    /// The script asks for a line, or was given one.
    Asks(bool),
    /// It is asked to stop.
    Stop,
    /// The run under a model has ended, with this exit code.
    Ended(i32),
    /// All is over.
    Finished,
    /// Nothing can be run, or a link cannot be read.
    Trouble(String),
    /// A link brought a script. It is shown and not run.
    Opened(Shared),
    /// A file brought a script.
    OpenedFile(String),
    /// The link that carries the script.
    Linked(Result<String, String>),
}

impl Default for Script {
    fn default() -> Self {
        let mut results = BTreeMap::new();
        let recorded = Recorded::on_arrival().map(Rc::new);
        let lanes = recorded.as_ref().map_or(4, |recorded| recorded.lanes);
        if let Some(recorded) = recorded {
            results.insert(recorded.example.id, Results::of(recorded));
        }
        Self {
            shown: &TABS[0],
            edited: BTreeMap::new(),
            lanes,
            choice: Choice::All,
            phase: Phase::Ready,
            results,
            trouble: None,
            asks: false,
            is_foreign: false,
            link: None,
        }
    }
}

impl Script {
    /// The script that is shown.
    pub fn source(&self) -> &str {
        self.edited.get(self.shown.id).map_or(self.shown.source, |source| source)
    }

    /// Whether it was changed.
    pub fn is_edited(&self) -> bool {
        self.edited.contains_key(self.shown.id)
    }

    /// How it is run.
    pub fn program(&self) -> Program {
        Program::of(self.source())
    }

    /// Whether something runs, or is on its way to.
    pub fn is_busy(&self) -> bool {
        self.phase != Phase::Ready
    }

    /// What came of the script that is shown.
    pub fn results(&self) -> Option<&Results> {
        self.results.get(self.shown.id)
    }

    /// The line of the editor with an error, from 1.
    pub fn wrong_line(&self) -> Option<u32> {
        let results = self.results().filter(|results| *results.source == *self.source())?;
        results.failure.as_ref()?.line
    }

    /// What becomes of it when `action` happens.
    pub fn reduce(&self, action: ScriptAction) -> Self {
        let mut next = self.clone();
        match action {
            // What runs belongs to the script that is shown.
            ScriptAction::Show(example) if !self.is_busy() => {
                next.shown = example;
                next.trouble = None;
                next.link = None;
            }
            ScriptAction::Show(_) => {}
            ScriptAction::Write(source) => next.write(source.into()),
            ScriptAction::Reset => {
                next.edited.remove(self.shown.id);
                next.link = None;
            }
            ScriptAction::Lanes(lanes) => next.lanes = lanes.clamp(1, MOST_LANES),
            ScriptAction::Choose(choice) => next.choice = choice,
            ScriptAction::Loading(got, all) => {
                next.trouble = None;
                next.phase = Phase::Loading(got, all);
            }
            ScriptAction::Begin => next.begin(),
            ScriptAction::Start(model) => {
                next.phase = Phase::Running(model);
                next.asks = false;
                next.last(|results| {
                    let strip = Strip { model, ..Strip::default() };
                    results.stuck = None;
                    results.strips.push(Rc::new(strip));
                });
            }
            ScriptAction::Wrote(thread, is_error, text) => {
                next.strip(|strip| strip.output.write(thread, is_error, &text));
            }
            ScriptAction::Record(lines, lost) => next.strip(|strip| {
                strip.record.lost += lost;
                lines.lines().for_each(|line| strip.record.read(line));
            }),
            ScriptAction::Stuck(stuck) => next.last(|results| results.stuck = Some(stuck)),
            ScriptAction::Asks(asks) => next.asks = asks,
            ScriptAction::Stop => {
                if let Phase::Running(model) = self.phase {
                    next.phase = Phase::Stopping(model);
                }
            }
            ScriptAction::Ended(code) => next.ended(code),
            ScriptAction::Finished => {
                next.phase = Phase::Ready;
                next.asks = false;
            }
            ScriptAction::Trouble(why) => {
                next.phase = Phase::Ready;
                next.trouble = Some(why);
            }
            ScriptAction::Opened(shared) => {
                if !self.is_busy() {
                    next.shown = &OWN;
                    next.lanes = shared.lanes.clamp(1, MOST_LANES);
                    next.choice = shared.choice;
                    next.trouble = None;
                    next.write(shared.source.into());
                    next.is_foreign = true;
                }
            }
            ScriptAction::OpenedFile(source) => {
                if !self.is_busy() {
                    next.shown = &OWN;
                    next.trouble = None;
                    next.write(source.replace("\r\n", "\n").into());
                }
            }
            ScriptAction::Linked(link) => next.link = Some(link),
        }
        next
    }

    fn write(&mut self, source: Rc<str>) {
        self.link = None;
        if *source == *self.shown.source {
            self.edited.remove(self.shown.id);
        } else {
            self.edited.insert(self.shown.id, source);
        }
    }

    /// Makes room for what comes of the script. Times are kept only if they are of the same.
    fn begin(&mut self) {
        let (source, program): (Rc<str>, _) = (self.source().into(), self.program());
        let models = program.models(self.choice);
        let times = self.results.remove(self.shown.id).filter(|results| {
            let same_models = results.times.iter().map(|times| &times.model).eq(models);
            results.recorded.is_none()
                && results.source == source
                && results.lanes == self.lanes
                && same_models
        });
        let times = times
            .map(|results| results.times)
            .unwrap_or_else(|| models.iter().map(|&model| Times { model, us: Vec::new() }).collect());
        let (lanes, strips) = (self.lanes, Vec::new());
        let results =
            Results { recorded: None, source, program, lanes, strips, times, failure: None, stuck: None };
        self.results.insert(self.shown.id, results);
        self.trouble = None;
        if self.shown.id == OWN.id {
            self.is_foreign = false;
        }
    }

    fn ended(&mut self, code: i32) {
        let was_stopped = matches!(self.phase, Phase::Stopping(_));
        self.asks = false;
        self.strip(|strip| {
            let end_us = strip.record.end_us();
            let begin_ms = strip.record.begin_ms().unwrap_or_default();
            strip.record.close(begin_ms + end_us / 1e3);
            strip.code = Some(code);
        });
        self.last(|results| {
            let Some(strip) = results.strips.last_mut().map(Rc::make_mut) else { return };
            let is_right = code == 0 && !was_stopped && !strip.output.has_failed_process();
            strip.took_us = strip.output.took_us().filter(|_| is_right);
            let (model, took_us) = (strip.model, strip.took_us);
            // An error in a thread does not fail the script, and is shown as well.
            if !was_stopped {
                results.failure =
                    results.failure.take().or_else(|| traceback::failure(&strip.output.errors()));
            }
            if let (Some(us), Some(times)) = (took_us, results.times.iter_mut().find(|t| t.model == model)) {
                times.us.push(us);
            }
        });
    }

    /// Changes what came of the script that is shown.
    fn last(&mut self, change: impl FnOnce(&mut Results)) {
        if let Some(results) = self.results.get_mut(self.shown.id) {
            change(results);
        }
    }

    /// Changes the run that goes on.
    fn strip(&mut self, change: impl FnOnce(&mut Strip)) {
        self.last(|results| {
            if let Some(strip) = results.strips.last_mut() {
                change(Rc::make_mut(strip));
            }
        });
    }
}

impl Results {
    fn of(recorded: Rc<Recorded>) -> Self {
        let strip = |(model, took_us, record): &(Model, f64, Record)| {
            Rc::new(Strip {
                model: *model,
                record: record.clone(),
                took_us: Some(*took_us),
                code: Some(0),
                ..Strip::default()
            })
        };
        let times = |&(model, took_us, _): &(Model, f64, Record)| Times { model, us: vec![took_us] };
        Self {
            source: recorded.example.source.into(),
            program: Program::of(recorded.example.source),
            lanes: recorded.lanes,
            strips: recorded.runs.iter().map(strip).collect(),
            times: recorded.runs.iter().map(times).collect(),
            failure: None,
            stuck: None,
            recorded: Some(recorded),
        }
    }

    /// Whether work that only computes gained more than so many cores can give. Then something else slowed the plain loop.
    pub fn is_disturbed(&self, cores: u32) -> bool {
        /// What short runs differ by.
        const ROOM: f64 = 1.15;
        let Some(plain) = self.strips.iter().find(|strip| strip.model == Model::Serial) else { return false };
        let (Some(took_us), Some(lane)) = (plain.took_us, plain.record.lanes().first()) else { return false };
        let spent_us = |activity| lane.spent_us(activity, 0.0, plain.record.end_us());
        let only_computes = spent_us(Activity::Compute) + spent_us(Activity::Native) > 0.9 * took_us;
        let gains = [Model::Threads, Model::Processes].map(|model| outcome::speed_up(&self.times, model));
        only_computes && gains.into_iter().flatten().any(|gain| gain > f64::from(cores) * ROOM)
    }

    /// The sentence that was found; `None` before there is one.
    pub fn sentence(&self) -> Option<String> {
        match self.program {
            Program::Tasks => outcome::of_tasks(&self.times, self.lanes),
            Program::Whole => outcome::of_whole(&self.times),
        }
    }

    /// Whether a run of it failed.
    pub fn has_failed(&self) -> bool {
        self.failure.is_some()
            && self.strips.iter().any(|strip| strip.code.is_some() && strip.took_us.is_none())
    }

    /// Whether a whole program printed the same under each model; `None` where too few have ended.
    pub fn outputs_agree(&self) -> Option<bool> {
        let ended =
            self.strips.iter().filter(|strip| strip.took_us.is_some() && self.program == Program::Whole);
        let texts: Vec<String> = ended.map(|strip| strip.output.printed()).collect();
        (texts.len() > 1).then(|| texts.iter().all(|text| text == &texts[0]))
    }

    /// Whether the answers of all models were the same; `None` where too few told.
    pub fn answers_agree(&self) -> Option<bool> {
        let answers: Vec<&str> = self.strips.iter().filter_map(|s| s.output.answers.as_deref()).collect();
        (answers.len() > 1).then(|| answers.iter().all(|answer| answer == &answers[0]))
    }
}

impl Default for Strip {
    fn default() -> Self {
        Self {
            model: Model::Serial,
            record: Record::default(),
            output: Output::default(),
            took_us: None,
            code: None,
        }
    }
}

impl Strip {
    /// What is drawn of it from when the work began: all lanes, or of tasks those that do them. Lanes still do at
    /// `now_ms` (since 1970) what they began, if the run has not ended.
    pub fn drawn(&self, program: Program, now_ms: f64) -> Record {
        let mut whole = self.record.clone();
        if self.code.is_none() {
            whole.close(now_ms);
        }
        let Some(begin_ms) = self.output.begin_ms else { return whole };
        let from_us = (begin_ms - whole.begin_ms().unwrap_or(begin_ms)) * 1e3;
        let to_us = self.output.end_ms.map_or(f64::INFINITY, |ms| from_us + (ms - begin_ms) * 1e3);
        let works = |lane: &Lane| {
            // Processes have threads that feed and watch them; the work is done in their main threads.
            let is_lane = match self.model {
                Model::Serial => lane.thread == Thread::default(),
                Model::Processes => lane.thread.process > 0 && lane.thread.number == 0,
                _ => lane.thread.process == 0 && lane.thread.number > 0,
            };
            is_lane && lane.spent_us(Activity::Compute, from_us, to_us) > 0.0
        };
        let is_there = |lane: &Lane| lane.segments.last().is_some_and(|last| last.end_us > from_us);
        let mut part = match program {
            Program::Tasks => whole.part(from_us, works),
            Program::Whole => whole.part(from_us, is_there),
        };
        if to_us.is_finite() {
            part.cut(to_us - from_us);
        }
        part
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::script::example::Example;

    fn after(script: &Script, actions: impl IntoIterator<Item = ScriptAction>) -> Script {
        actions.into_iter().fold(script.clone(), |script, action| script.reduce(action))
    }

    fn example(id: &str) -> ScriptAction {
        ScriptAction::Show(Example::of(id).unwrap())
    }

    fn run(model: Model, begin: u32, end: u32, code: i32) -> [ScriptAction; 5] {
        let told = format!("hello\n\u{1e}begin {begin}.000\n\u{1e}end 7 {end}.000\n");
        let record = format!("0 0 run call 0 {}\n0 1 run call 0 {begin}\n0 1 end call 0 {end}", begin - 100);
        [
            ScriptAction::Start(model),
            ScriptAction::Record(record, 0),
            ScriptAction::Wrote(Thread::default(), false, told),
            ScriptAction::Ended(code),
            ScriptAction::Finished,
        ]
    }

    #[test]
    fn the_interpreter_is_the_engines() {
        let engine = include_str!("../../python/Cargo.toml");
        let version = INTERPRETER.trim_start_matches("RustPython ");
        assert!(engine.contains(&format!("rustpython-vm = {{ version = \"={version}.")), "{INTERPRETER}");
    }

    #[test]
    fn each_script_keeps_its_changes() {
        let script = Script::default();
        let changed = after(&script, [example("race"), ScriptAction::Write("print(1)".to_owned())]);
        assert!(changed.is_edited() && changed.program() == Program::Whole);
        let back = after(&changed, [example("cpu"), example("race")]);
        assert_eq!(back.source(), "print(1)");
        assert!(!after(&back, [ScriptAction::Reset]).is_edited());
    }

    #[test]
    fn times_add_up_while_the_script_is_the_same() {
        let begin = after(&Script::default(), [example("waiting"), ScriptAction::Begin]);
        let once = after(&begin, run(Model::Serial, 1_000, 3_000, 0));
        let results = once.results().unwrap();
        assert_eq!(results.times[0].us, [2e6]);
        assert_eq!(results.strips[0].output.parts[0].text, "hello\n");
        let twice = after(&after(&once, [ScriptAction::Begin]), run(Model::Serial, 1_000, 2_000, 0));
        assert_eq!(twice.results().unwrap().times[0].us, [2e6, 1e6]);
        let changed = after(&twice, [ScriptAction::Lanes(2), ScriptAction::Begin]);
        assert!(changed.results().unwrap().times.iter().all(|times| times.us.is_empty()));
    }

    #[test]
    fn a_gain_beyond_the_cores_is_a_disturbed_plain_loop() {
        let begin = after(&Script::default(), [example("cpu"), ScriptAction::Begin]);
        let plain = after(&begin, run(Model::Serial, 1_000, 4_000, 0));
        let both = after(&plain, run(Model::Processes, 1_000, 2_000, 0));
        let results = both.results().unwrap();
        assert!(results.is_disturbed(2) && !results.is_disturbed(3));
        assert!(!plain.results().unwrap().is_disturbed(2));
    }

    #[test]
    fn what_failed_or_was_stopped_has_no_time() {
        let begin = after(&Script::default(), [example("waiting"), ScriptAction::Begin]);
        let failed = after(&begin, run(Model::Serial, 1_000, 3_000, 1));
        assert_eq!(failed.results().unwrap().strips[0].took_us, None);
        let [start, record, wrote, ended, _] = run(Model::Serial, 1_000, 3_000, 0);
        let stopped = after(&begin, [start, record, wrote, ScriptAction::Stop, ended]);
        assert_eq!(stopped.results().unwrap().times[0].us, []);
    }

    #[test]
    fn only_lanes_that_work_are_drawn_from_when_the_work_began() {
        let begin = after(&Script::default(), [example("waiting"), ScriptAction::Begin]);
        let ran = after(&begin, run(Model::Threads, 1_000, 3_000, 0));
        let drawn = ran.results().unwrap().strips[0].drawn(Program::Tasks, 0.0);
        let [lane] = drawn.lanes() else { panic!("one lane") };
        assert_eq!((lane.segments[0].start_us, lane.segments[0].end_us), (0.0, 2e6));
    }

    #[test]
    fn a_link_is_shown_and_never_run() {
        let shared = Shared { lanes: 99, choice: Choice::Gil, source: "print(2)".to_owned() };
        let opened = after(&Script::default(), [ScriptAction::Opened(shared)]);
        assert_eq!((opened.shown.id, opened.source(), opened.lanes), ("own", "print(2)", MOST_LANES));
        assert!(opened.is_foreign && !opened.is_busy() && opened.results().is_none());
        assert!(!after(&opened, [ScriptAction::Begin]).is_foreign);
    }

    #[test]
    fn an_error_marks_its_line_until_the_script_is_changed() {
        let text =
            "Traceback (most recent call last):\n  File \"/home/script.py\", line 2, in f\nValueError: x\n";
        let failed = after(
            &Script::default(),
            [
                example("race"),
                ScriptAction::Begin,
                ScriptAction::Start(Model::ThreadsGil),
                ScriptAction::Wrote(Thread::default(), true, text.to_owned()),
                ScriptAction::Ended(1),
                ScriptAction::Finished,
            ],
        );
        assert_eq!(failed.wrong_line(), Some(2));
        assert_eq!(after(&failed, [ScriptAction::Write("pass".to_owned())]).wrong_line(), None);
    }
}
