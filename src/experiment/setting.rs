//! The table of the settings: all that there is to say of each, said once.
//!
//! The form with its messages, the attributes of an embedded experiment, files in JSON with their schema, and the
//! cautions of a comparison are made from it. Links are not: what landed in one keeps its meaning for good, so
//! `report/link/v1` is written by hand, and its tests ask for a decision about every row here. What a new experiment
//! holds stands beside its fields, in [`Experiment::default`] and [`Network::default`](crate::domain::Network).

use std::fmt;

use super::Experiment;
use crate::domain::network::is_address;
use crate::domain::{Fault, MOST_LANES, Model, PoolCall, Scaling, Size, Source, Start};
use crate::format;
use crate::workload::WorkloadId;

/// A setting of an experiment.
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    /// Its name in the form and in attributes.
    pub id: &'static str,
    /// The part of an experiment that holds it.
    pub part: Part,
    /// Its name in files, within that part. Numbers have the experiment's unit there, which the name ends in.
    pub key: &'static str,
    /// Its name for people.
    pub label: &'static str,
    /// Why one would touch it, in one sentence.
    pub help: &'static str,
    /// What it can be, and where an experiment has it.
    pub kind: Kind,
    /// Where the form asks for it.
    pub place: Place,
    /// When it makes a difference.
    pub applies: Applies,
    /// What a difference of it means to a comparison.
    pub compared: Compared,
}

/// A part of an experiment, which is an object of its own in files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The experiment itself.
    Experiment,
    /// Its network.
    Network,
    /// A step of its pipeline, from 0.
    Step(usize),
}

/// What a setting can be.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// One of a list.
    Choice {
        /// What there is to choose from in an experiment.
        choices: fn(&Experiment) -> Vec<Choice>,
        /// The place of what is chosen among the choices.
        get: fn(&Experiment) -> usize,
        /// Chooses by that place.
        set: fn(&mut Experiment, usize),
    },
    /// A number.
    Number {
        /// What people write it in.
        unit: Unit,
        /// The least and the greatest that it can be.
        range: [u32; 2],
        /// Reads it.
        get: fn(&Experiment) -> u32,
        /// Writes it.
        set: fn(&mut Experiment, u32),
    },
    /// The seed: a whole number of 64 bits, which is text in files, as other programs have no room for it.
    Seed,
    /// The models, each once.
    Models,
    /// The lane counts, each once.
    LaneCounts,
    /// Addresses of the visitor's own.
    Addresses,
}

/// One of the things that a setting can be.
#[derive(Clone, Copy, Debug)]
pub struct Choice {
    /// Its name in the form and in attributes.
    pub id: &'static str,
    /// Its name in files; "true" and "false" are none there, but what they say.
    pub key: &'static str,
    /// What is said of it to people.
    pub name: &'static str,
}

/// What people write a number in.
#[derive(Clone, Copy, Debug)]
pub struct Unit {
    /// Its name; nothing of mere counts.
    pub name: &'static str,
    /// How many of the experiment's own unit it has. Of more than one, fractions can be written.
    pub size: u32,
}

/// Where the form asks for a setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// With what is run, first of all.
    Work,
    /// With how it is run, as far as most visitors care.
    Run,
    /// Among what is touched rarely.
    More,
}

/// When a setting makes a difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Applies {
    /// Always.
    Always,
    /// When native code runs under the GIL.
    NativeCode,
    /// When lanes wait.
    Waiting,
    /// When they wait for addresses of the visitor's own.
    OwnAddresses,
    /// When they wait for the simulated network.
    SimulatedNetwork,
    /// When that lets requests fail.
    Failures,
    /// When a pipeline is run by bottleneck.
    ByBottleneck,
}

/// What a difference of a setting means to a comparison of reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compared {
    /// The work is another one.
    Workload,
    /// There is more or less of the work.
    Amount,
    /// The same work is run in another way.
    Way,
    /// Nothing: it is what is compared, or how long was measured.
    Freely,
}

const ONE: Unit = Unit { name: "", size: 1 };
const TASKS: Unit = Unit { name: "tasks", size: 1 };
const MS_OF_US: Unit = Unit { name: "ms", size: 1_000 };
const S_OF_MS: Unit = Unit { name: "s", size: 1_000 };
const KB_OF_BYTES: Unit = Unit { name: "KB/s", size: 1_000 };
const PERCENT_OF_THOUSANDTHS: Unit = Unit { name: "%", size: 10 };

/// A choice that has the same name everywhere.
const fn choice(id: &'static str, name: &'static str) -> Choice {
    Choice { id, key: id, name }
}

/// A number, in the field of the experiment with that path.
macro_rules! number {
    ($unit:expr, $range:expr, $($field:tt)+) => {
        Kind::Number { unit: $unit, range: $range, get: |e| e.$($field)+, set: |e, number| e.$($field)+ = number }
    };
}

/// One of `all` values, in the order in which their type has them, in the field of the experiment with that path.
macro_rules! one_of {
    ($all:expr, $choices:expr, $($field:tt)+) => {
        Kind::Choice { choices: $choices, get: |e| e.$($field)+ as usize, set: |e, at| e.$($field)+ = $all[at] }
    };
}

/// What is usual of a setting.
const ROW: Setting = Setting {
    id: "",
    part: Part::Experiment,
    key: "",
    label: "",
    help: "",
    kind: Kind::Seed,
    place: Place::More,
    applies: Applies::Always,
    compared: Compared::Way,
};

/// What is usual of a setting of the network.
const NETWORK: Setting = Setting { part: Part::Network, applies: Applies::SimulatedNetwork, ..ROW };

/// Every setting, in the order in which the form asks for them.
#[rustfmt::skip] // A table is easier to read with little white space.
pub static SETTINGS: &[Setting] = &[
    Setting { id: "workload", key: "workload", label: "Workload", place: Place::Work,
        help: "Plain arithmetic scales best; work that moves memory shows what sharing it costs; work that waits gains beyond the cores.",
        kind: one_of!(
            WorkloadId::ALL,
            |_| WorkloadId::ALL.iter().map(|w| choice(w.id(), w.description().name)).collect(),
            workload
        ),
        compared: Compared::Workload, ..ROW },
    Setting { id: "size", key: "size", label: "Size", place: Place::Work,
        help: "Small shows what starting and copying cost; large makes that disappear.",
        kind: one_of!(Size::ALL, sizes, size),
        compared: Compared::Amount, ..ROW },
    Setting { id: "models", key: "models", label: "Models", place: Place::Work,
        help: "Leave some out to give the others more of the time.",
        kind: Kind::Models,
        compared: Compared::Freely, ..ROW },
    Setting { id: "lane-counts", key: "lane_counts", label: "Lane counts", place: Place::Run,
        help: "Try more lanes than cores to see where the gain stops.",
        kind: Kind::LaneCounts,
        compared: Compared::Freely, ..ROW },
    step_model::<0>("step-1-model", "Fetch with", "The step that waits for the network, when run by bottleneck."),
    step_lanes::<0>("step-1-lanes", "Fetch lanes"),
    step_model::<1>("step-2-model", "Parse with", "The step that computes, when run by bottleneck."),
    step_lanes::<1>("step-2-lanes", "Parse lanes"),
    step_model::<2>("step-3-model", "Store with", "The step that waits for the database, when run by bottleneck."),
    step_lanes::<2>("step-3-lanes", "Store lanes"),
    Setting { id: "source", key: "source", label: "Network", place: Place::Run,
        help: "Simulated is the same everywhere; this site and your addresses are as they are.",
        kind: Kind::Choice {
            choices: |_| vec![
                choice("simulated", "simulated"),
                Choice { id: "this-site", key: "this site", name: "this site (real latency)" },
                choice("addresses", "your own addresses"),
            ],
            get: |e| match e.network.source {
                Source::Simulated => 0,
                Source::ThisSite => 1,
                Source::Addresses(_) => 2,
            },
            set: |e, at| e.network.source = match at {
                0 => Source::Simulated,
                1 => Source::ThisSite,
                _ => Source::Addresses(Vec::new()),
            },
        },
        applies: Applies::Waiting, ..NETWORK },
    Setting { id: "addresses", key: "addresses", label: "Addresses", place: Place::Run,
        help: "One per line. They are requested without cookies once you press Run. Sites that do not allow this page to read them fail.",
        kind: Kind::Addresses,
        applies: Applies::OwnAddresses, ..NETWORK },
    Setting { id: "latency", key: "latency_us", label: "Latency", place: Place::Run,
        help: "The longer a request waits, the more lanes gain.",
        kind: number!(MS_OF_US, [0, 10_000_000], network.latency_us), ..NETWORK },
    Setting { id: "scaling", key: "scaling", label: "Scaling", place: Place::Run,
        help: "Strong: same total work, less time? Weak: more work in the same time?",
        kind: one_of!(
            [Scaling::Strong, Scaling::Weak],
            |_| vec![
                choice("strong", "strong scaling: fixed total work"),
                choice("weak", "weak scaling: fixed work per lane"),
            ],
            scaling
        ),
        compared: Compared::Amount, ..ROW },
    Setting { id: "budget", key: "budget_ms", label: "Time budget", place: Place::Run,
        help: "Give it longer for narrower intervals, or less for a quick look.",
        kind: number!(S_OF_MS, [100, 600_000], budget_ms),
        compared: Compared::Freely, ..ROW },
    Setting { id: "jitter", key: "jitter_us", label: "Jitter",
        help: "Maximum random extra delay per request.",
        kind: number!(MS_OF_US, [0, 10_000_000], network.jitter_us), ..NETWORK },
    Setting { id: "bandwidth", key: "bandwidth", label: "Bandwidth",
        help: "Bandwidth per response; 0 means unlimited.",
        kind: number!(KB_OF_BYTES, [0, u32::MAX], network.bandwidth), ..NETWORK },
    Setting { id: "failures", key: "failures", label: "Failing requests",
        help: "Trials with failed requests are reported separately and never averaged with the others.",
        kind: number!(PERCENT_OF_THOUSANDTHS, [0, 1_000], network.failures), ..NETWORK },
    Setting { id: "fault", key: "fault", label: "Failure type",
        help: "Each kind of failure is reported separately.",
        kind: one_of!(
            Fault::ALL,
            |_| vec![
                choice(Fault::Any.id(), "random (except no response)"),
                choice(Fault::NotFound.id(), "not found (404)"),
                choice(Fault::ServerError.id(), "server error (500)"),
                choice(Fault::HalfBody.id(), "response stops halfway"),
                choice(Fault::Refused.id(), "connection refused"),
                choice(Fault::NoAnswer.id(), "no response until the timeout"),
            ],
            network.fault
        ),
        applies: Applies::Failures, ..NETWORK },
    Setting { id: "timeout", key: "timeout_ms", label: "Timeout",
        help: "Requests that take longer than this fail.",
        kind: number!(S_OF_MS, [100, 60_000], network.timeout_ms),
        applies: Applies::Waiting, ..NETWORK },
    Setting { id: "start", key: "start", label: "Start of processes",
        help: "Cold includes process start-up in each trial; warm reuses a pool.",
        kind: one_of!(
            [Start::Cold, Start::Warm],
            |_| vec![choice("cold", "cold: new in every trial"), choice("warm", "warm: started once, then kept")],
            start
        ), ..ROW },
    Setting { id: "call", key: "call", label: "Pool call",
        help: "Controls when the first result arrives, and whether results keep their order.",
        kind: one_of!(
            PoolCall::ALL,
            |_| vec![
                choice(PoolCall::Map.name(), "map: all at once, in order"),
                choice(PoolCall::Imap.name(), "imap: one by one, in order"),
                choice(PoolCall::ImapUnordered.name(), "imap_unordered: as they finish"),
                choice(PoolCall::ApplyAsync.name(), "apply_async: each task by itself"),
            ],
            call
        ), ..ROW },
    Setting { id: "chunk-size", key: "chunk_size", label: "Chunk size",
        help: "Large chunks make tiny tasks cheaper to hand out; small ones share out uneven tasks better. 0 leaves it to Lanes: large ones first, single tasks at the end.",
        kind: number!(TASKS, [0, 10_000], chunk_size), ..ROW },
    Setting { id: "switch-interval", key: "switch_interval_us", label: "Switch interval",
        help: "How long a thread waits before it asks for the GIL; CPython waits 5 ms.",
        kind: number!(MS_OF_US, [100, 1_000_000], switch_interval_us), ..ROW },
    Setting { id: "native-code", key: "native_releases_gil", label: "GIL in native code",
        help: "Extensions such as NumPy release the GIL while they compute, and then threads help.",
        kind: Kind::Choice {
            choices: |_| vec![
                Choice { id: "released", key: "true", name: "released during computation" },
                Choice { id: "held", key: "false", name: "held during computation" },
            ],
            get: |e| usize::from(!e.native_releases_gil),
            set: |e, at| e.native_releases_gil = at == 0,
        },
        applies: Applies::NativeCode, ..ROW },
    Setting { id: "min-rounds", key: "min_rounds", label: "Minimum rounds",
        help: "More rounds narrow the intervals on a machine that is not quiet.",
        kind: number!(ONE, [1, 1_000], min_rounds),
        compared: Compared::Freely, ..ROW },
    Setting { id: "max-rounds", key: "max_rounds", label: "Maximum rounds",
        help: "A run ends here even when its intervals are still wide.",
        kind: number!(ONE, [1, 1_000], max_rounds),
        compared: Compared::Freely, ..ROW },
    Setting { id: "seed", key: "seed", label: "Seed",
        help: "The same seed gives the same inputs and the same order of trials.",
        kind: Kind::Seed, ..ROW },
];

/// What the sizes are is the workload's to say.
fn sizes(experiment: &Experiment) -> Vec<Choice> {
    let ids = [("s", "S"), ("m", "M"), ("l", "L")].into_iter();
    let sizes = experiment.workload.description().sizes;
    ids.zip(sizes).map(|((id, key), name)| Choice { id, key, name }).collect()
}

/// The models that can run a step of a pipeline.
fn models_of_step(_: &Experiment) -> Vec<Choice> {
    let ids = ["serial", "threads", "threads-gil", "processes", "async"].into_iter();
    ids.zip(Model::ALL).map(|(id, model)| Choice { id, key: model.name(), name: model.name() }).collect()
}

/// The model of a pipeline's step.
const fn step_model<const AT: usize>(id: &'static str, label: &'static str, help: &'static str) -> Setting {
    let kind = one_of!(Model::ALL, models_of_step, steps[AT].model);
    Setting { id, key: "model", label, help, kind, ..step(AT) }
}

/// The lanes of a pipeline's step.
const fn step_lanes<const AT: usize>(id: &'static str, label: &'static str) -> Setting {
    let kind = number!(ONE, [1, MOST_LANES], steps[AT].lanes);
    Setting { id, key: "lanes", label, help: "Serial has one.", kind, ..step(AT) }
}

/// What is usual of a setting of a pipeline's step.
const fn step(at: usize) -> Setting {
    let part = Part::Step(at);
    Setting { part, place: Place::Run, applies: Applies::ByBottleneck, compared: Compared::Freely, ..ROW }
}

/// Why an experiment was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExperimentError {
    /// The setting that is to be changed.
    pub setting: &'static str,
    /// What is wrong with it and what would not be, for people.
    pub why: String,
}

impl ExperimentError {
    /// The refusal of the setting with that id.
    pub fn new(setting: &'static str, why: impl Into<String>) -> Self {
        Self { setting, why: why.into() }
    }
}

impl fmt::Display for ExperimentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.why)
    }
}

impl std::error::Error for ExperimentError {}

impl Applies {
    /// Whether that is so in `experiment`.
    pub fn to(self, experiment: &Experiment) -> bool {
        let Experiment { workload, models, network, .. } = experiment;
        let is_simulated = workload.is_io() && network.source == Source::Simulated;
        match self {
            Self::Always => true,
            Self::NativeCode => workload.releases_gil() && models.contains(&Model::ThreadsGil),
            Self::Waiting => workload.is_io(),
            Self::OwnAddresses => workload.is_io() && network.has_own_addresses(),
            Self::SimulatedNetwork => is_simulated,
            Self::Failures => is_simulated && network.failures > 0,
            Self::ByBottleneck => *workload == WorkloadId::Pipeline && models.contains(&Model::ByBottleneck),
        }
    }
}

impl Setting {
    /// The setting's name for people, with its unit.
    pub fn label_with_unit(&self) -> String {
        match self.kind {
            Kind::Number { unit: Unit { name, .. }, .. } if !name.is_empty() => {
                format!("{} ({name})", self.label)
            }
            _ => self.label.to_owned(),
        }
    }

    /// What there is to choose from; nothing where it is written.
    pub fn choices(&self, experiment: &Experiment) -> Vec<Choice> {
        match self.kind {
            Kind::Choice { choices, .. } => choices(experiment),
            _ => Vec::new(),
        }
    }

    /// What is chosen in `experiment`; `None` of what is written.
    pub fn chosen(&self, experiment: &Experiment) -> Option<Choice> {
        match self.kind {
            Kind::Choice { choices, get, .. } => choices(experiment).get(get(experiment)).copied(),
            _ => None,
        }
    }

    /// What `experiment` has, as it is written in the form and in attributes.
    pub fn text(&self, experiment: &Experiment) -> String {
        match self.kind {
            Kind::Choice { .. } => self.chosen(experiment).map_or("", |choice| choice.id).to_owned(),
            Kind::Number { unit, get, .. } => (f64::from(get(experiment)) / f64::from(unit.size)).to_string(),
            Kind::Seed => experiment.seed.to_string(),
            Kind::Models => joined(&experiment.models, |model| model.name().to_owned()),
            Kind::LaneCounts => joined(&experiment.lane_counts, u32::to_string),
            Kind::Addresses => match &experiment.network.source {
                Source::Addresses(addresses) => addresses.join("\n"),
                Source::Simulated | Source::ThisSite => String::new(),
            },
        }
    }

    /// Whether two experiments differ in it.
    pub fn differs(&self, one: &Experiment, other: &Experiment) -> bool {
        self.text(one) != self.text(other)
    }

    /// Writes what `text` says into `experiment`.
    ///
    /// # Errors
    /// All that is wrong with the text, which then changes nothing.
    pub fn read(&self, text: &str, experiment: &mut Experiment) -> Result<(), ExperimentError> {
        let text = text.trim();
        let wrong = || self.refuse(&[text.to_owned()]);
        match self.kind {
            Kind::Choice { choices, set, .. } => {
                let choices = choices(experiment);
                set(experiment, choices.iter().position(|choice| choice.id == text).ok_or_else(wrong)?);
            }
            Kind::Number { unit, range: [least, most], set, .. } => {
                let number = match unit.size {
                    1 => text.parse::<u32>().ok().map(f64::from),
                    size => text.parse().ok().map(|number: f64| (number * f64::from(size)).round()),
                };
                let is_within = |number: &f64| (f64::from(least)..=f64::from(most)).contains(number);
                set(experiment, number.filter(is_within).ok_or_else(wrong)? as u32);
            }
            Kind::Seed => experiment.seed = text.parse().map_err(|_| wrong())?,
            Kind::Models => {
                let named = text.split(',').filter(|name| !name.trim().is_empty());
                let named = named.map(model_named).collect::<Option<Vec<_>>>().ok_or_else(wrong)?;
                experiment.models =
                    Model::ALL.iter().copied().filter(|model| named.contains(model)).collect();
            }
            Kind::LaneCounts => {
                let texts = text.split([',', ' ']).filter(|text| !text.is_empty());
                experiment.lane_counts = self.all(texts, |text| text.parse().ok().filter(is_lane_count))?;
            }
            Kind::Addresses => {
                if let Source::Addresses(addresses) = &mut experiment.network.source {
                    let is_good = |text: &str| is_address(text).then(|| text.to_owned());
                    *addresses = self.all(text.split_whitespace(), is_good)?;
                }
            }
        }
        Ok(())
    }

    /// Refuses what cannot be written, but may come in links and files.
    pub(super) fn check(&self, experiment: &Experiment) -> Result<(), ExperimentError> {
        let wrong: Vec<String> = match (self.kind, &experiment.network.source) {
            (Kind::Number { range: [least, most], get, .. }, _)
                if !(least..=most).contains(&get(experiment)) =>
            {
                vec![self.text(experiment)]
            }
            (Kind::LaneCounts, _) => experiment
                .lane_counts
                .iter()
                .filter(|count| !is_lane_count(count))
                .map(u32::to_string)
                .collect(),
            (Kind::Addresses, Source::Addresses(addresses)) if self.applies.to(experiment) => {
                addresses.iter().filter(|address| !is_address(address)).cloned().collect()
            }
            _ => Vec::new(),
        };
        if wrong.is_empty() { Ok(()) } else { Err(self.refuse(&wrong)) }
    }

    /// Reads all of `texts`.
    ///
    /// # Errors
    /// A refusal that names every one that cannot be read.
    fn all<'a, T>(
        &self,
        texts: impl Iterator<Item = &'a str>,
        read: impl Fn(&str) -> Option<T>,
    ) -> Result<Vec<T>, ExperimentError> {
        let (mut read_ones, mut wrong) = (Vec::new(), Vec::new());
        for text in texts {
            match read(text) {
                Some(one) => read_ones.push(one),
                None => wrong.push(text.to_owned()),
            }
        }
        if wrong.is_empty() { Ok(read_ones) } else { Err(self.refuse(&wrong)) }
    }

    /// The refusal of `wrong` texts, all of which it names, with what can be written instead.
    fn refuse(&self, wrong: &[String]) -> ExperimentError {
        let instead = match self.kind {
            Kind::Choice { .. } | Kind::Models => "Choose from the list.".to_owned(),
            Kind::Number { unit: Unit { name, size }, range, .. } => {
                let [least, most] = range.map(|end| f64::from(end) / f64::from(size));
                let whole = if size == 1 { "whole " } else { "" };
                let gap = if name.is_empty() { "" } else { " " };
                format!("Write a {whole}number from {least} to {most}{gap}{name}.")
            }
            Kind::Seed => format!("Write a whole number from 0 to {}.", u64::MAX),
            Kind::LaneCounts => {
                format!("Write whole numbers from 1 to {MOST_LANES}, with commas between them.")
            }
            Kind::Addresses => {
                "Write addresses that begin with https:// or http://, without a password.".to_owned()
            }
        };
        let wrong: Vec<String> =
            wrong.iter().map(|text| format!("“{}”", text.chars().take(80).collect::<String>())).collect();
        let why = match wrong.as_slice() {
            [empty] if empty == "“”" => format!("{} is empty. {instead}", self.label),
            wrong => format!("{}: {} cannot be used. {instead}", self.label, format::list(wrong)),
        };
        ExperimentError::new(self.id, why)
    }
}

fn is_lane_count(count: &u32) -> bool {
    (1..=MOST_LANES).contains(count)
}

fn joined<T>(items: &[T], write: fn(&T) -> String) -> String {
    items.iter().map(write).collect::<Vec<_>>().join(", ")
}

/// The model of this name; marks and capitals make no difference, so "threads-gil" is one, too.
fn model_named(name: &str) -> Option<Model> {
    let letters = |text: &str| -> String {
        text.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
    };
    Model::ALL.iter().copied().find(|model| letters(model.name()) == letters(name))
}
