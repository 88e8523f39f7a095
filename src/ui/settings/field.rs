//! The fields of the form: what they are called, why one would touch them, and what they offer.

use crate::domain::{Fault, Model, PoolCall, Scaling, Size, Start};
use crate::workload::WorkloadId;

use super::Settings;

/// A setting that is chosen from a list or written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// What is run.
    Workload,
    /// How much of it.
    Size,
    /// The lane counts.
    LaneCounts,
    /// What grows with the lanes.
    Scaling,
    /// The time budget.
    Budget,
    /// When processes are started.
    Start,
    /// When results are delivered, and in which order.
    Call,
    /// How many tasks a lane takes at once.
    ChunkSize,
    /// The switch interval of the GIL.
    SwitchInterval,
    /// Whether native code lets go of the GIL.
    NativeCode,
    /// The fewest rounds.
    MinRounds,
    /// The most rounds.
    MaxRounds,
    /// The seed.
    Seed,
    /// Where bytes come from.
    Source,
    /// Addresses of the visitor's own.
    Addresses,
    /// The latency of the simulated network.
    Latency,
    /// Its jitter.
    Jitter,
    /// Its bandwidth.
    Bandwidth,
    /// How many requests it lets fail.
    Failures,
    /// What becomes of those.
    Fault,
    /// How long a request may take.
    Timeout,
    /// The model of a pipeline's step, from 0.
    StepModel(usize),
    /// The lanes of a pipeline's step, from 0.
    StepLanes(usize),
}

impl Field {
    /// What is run, which the form asks before it asks for the models.
    pub const WORK: [Field; 2] = [Field::Workload, Field::Size];

    /// How it is run, as far as most visitors care.
    pub const RUN: [Field; 12] = [
        Field::LaneCounts,
        Field::StepModel(0),
        Field::StepLanes(0),
        Field::StepModel(1),
        Field::StepLanes(1),
        Field::StepModel(2),
        Field::StepLanes(2),
        Field::Source,
        Field::Addresses,
        Field::Latency,
        Field::Scaling,
        Field::Budget,
    ];

    /// What is touched rarely.
    pub const MORE: [Field; 13] = [
        Field::Jitter,
        Field::Bandwidth,
        Field::Failures,
        Field::Fault,
        Field::Timeout,
        Field::Start,
        Field::Call,
        Field::ChunkSize,
        Field::SwitchInterval,
        Field::NativeCode,
        Field::MinRounds,
        Field::MaxRounds,
        Field::Seed,
    ];

    /// Every field.
    pub fn all() -> impl Iterator<Item = Field> {
        Self::WORK.into_iter().chain(Self::RUN).chain(Self::MORE)
    }

    /// The field's name in attributes.
    pub const fn id(self) -> &'static str {
        match self {
            Field::Workload => "workload",
            Field::Size => "size",
            Field::LaneCounts => "lane-counts",
            Field::Scaling => "scaling",
            Field::Budget => "budget",
            Field::Start => "start",
            Field::Call => "call",
            Field::ChunkSize => "chunk-size",
            Field::SwitchInterval => "switch-interval",
            Field::NativeCode => "native-code",
            Field::MinRounds => "min-rounds",
            Field::MaxRounds => "max-rounds",
            Field::Seed => "seed",
            Field::Source => "source",
            Field::Addresses => "addresses",
            Field::Latency => "latency",
            Field::Jitter => "jitter",
            Field::Bandwidth => "bandwidth",
            Field::Failures => "failures",
            Field::Fault => "fault",
            Field::Timeout => "timeout",
            Field::StepModel(at) => ["step-1-model", "step-2-model", "step-3-model"][at],
            Field::StepLanes(at) => ["step-1-lanes", "step-2-lanes", "step-3-lanes"][at],
        }
    }

    /// The field's name for people, with its unit.
    pub const fn label(self) -> &'static str {
        match self {
            Field::Workload => "Workload",
            Field::Size => "Size",
            Field::LaneCounts => "Lane counts",
            Field::Scaling => "Scaling",
            Field::Budget => "Time budget (s)",
            Field::Start => "Start of processes",
            Field::Call => "Pool call",
            Field::ChunkSize => "Chunk size (tasks)",
            Field::SwitchInterval => "Switch interval (ms)",
            Field::NativeCode => "GIL in native code",
            Field::MinRounds => "Fewest rounds",
            Field::MaxRounds => "Most rounds",
            Field::Seed => "Seed",
            Field::Source => "Network",
            Field::Addresses => "Addresses",
            Field::Latency => "Latency (ms)",
            Field::Jitter => "Jitter (ms)",
            Field::Bandwidth => "Bandwidth (KB/s)",
            Field::Failures => "Failing requests (%)",
            Field::Fault => "Way to fail",
            Field::Timeout => "Timeout (s)",
            Field::StepModel(at) => ["Fetch by", "Parse by", "Store by"][at],
            Field::StepLanes(at) => ["Lanes to fetch", "Lanes to parse", "Lanes to store"][at],
        }
    }

    /// Why one would touch it, in one sentence.
    pub const fn why(self) -> &'static str {
        match self {
            Field::Workload => {
                "Plain arithmetic scales best; work that moves memory shows what sharing it costs; work that waits gains beyond the cores."
            }
            Field::Size => "Small shows what starting and copying cost; large makes that disappear.",
            Field::LaneCounts => "Go beyond the core count to see that more lanes are no more cores.",
            Field::Scaling => "Strong asks how much sooner work is done, weak how much more of it is.",
            Field::Budget => "Give it longer for narrower intervals, or less for a quick look.",
            Field::Start => "Cold counts the start of every process, warm keeps them as a pool does.",
            Field::Call => "It decides when the first result is there, and whether results keep their order.",
            Field::ChunkSize => {
                "Large chunks make tiny tasks cheaper to hand out; small ones share out uneven tasks better. 0 leaves it to Lanes: large ones first, single tasks at the end."
            }
            Field::SwitchInterval => {
                "How long a thread waits before it asks for the GIL; CPython waits 5 ms."
            }
            Field::NativeCode => {
                "Extensions such as NumPy let go of the GIL while they compute, and then threads help."
            }
            Field::MinRounds => "More rounds narrow the intervals on a machine that is not quiet.",
            Field::MaxRounds => "A run ends here even when its intervals are still wide.",
            Field::Seed => "The same seed gives the same inputs and the same order of trials.",
            Field::Source => {
                "Simulated is the same everywhere; this site and your addresses are as they are."
            }
            Field::Addresses => {
                "One to a line. They are asked without cookies, once you press Run; sites that do not allow this page to read them fail."
            }
            Field::Latency => "The longer a request waits, the more lanes gain.",
            Field::Jitter => "What a request is late by at most, by chance.",
            Field::Bandwidth => "What one answer gets of the line; 0 is no bound.",
            Field::Failures => {
                "Trials with failed requests are told apart and never averaged with the others."
            }
            Field::Fault => "Each is told by its own reason.",
            Field::Timeout => "A request that has no end by then fails.",
            Field::StepModel(at) => [
                "The step that waits for the network, when run by bottleneck.",
                "The step that computes, when run by bottleneck.",
                "The step that waits for the database, when run by bottleneck.",
            ][at],
            Field::StepLanes(_) => "Serial has one.",
        }
    }

    /// Whether it makes a difference as `settings` stand.
    pub fn matters(self, settings: &Settings) -> bool {
        let is_io = settings.workload.is_io();
        let source = settings.waiting.source;
        match self {
            Field::NativeCode => {
                settings.workload.releases_gil() && settings.models.contains(&Model::ThreadsGil)
            }
            Field::Source | Field::Timeout => is_io,
            Field::Addresses => is_io && source == SourceKind::Addresses,
            Field::Latency | Field::Jitter | Field::Bandwidth | Field::Failures => {
                is_io && source == SourceKind::Simulated
            }
            Field::Fault => Field::Failures.matters(settings) && settings.value(Field::Failures) != "0",
            Field::StepModel(_) | Field::StepLanes(_) => {
                settings.workload == WorkloadId::Pipeline && settings.models.contains(&Model::ByBottleneck)
            }
            _ => true,
        }
    }

    /// What can be chosen, as values and what is said of them; empty where it is written.
    pub fn choices(self, settings: &Settings) -> Vec<(&'static str, &'static str)> {
        match self {
            Field::Workload => WorkloadId::ALL.iter().map(|w| (w.id(), w.description().name)).collect(),
            Field::Size => {
                let sizes = settings.workload.description().sizes;
                SIZES.iter().zip(sizes).map(|(&(_, id, _), size)| (id, size)).collect()
            }
            Field::Scaling => names(&SCALINGS),
            Field::Start => names(&STARTS),
            Field::Call => names(&CALLS),
            Field::NativeCode => names(&NATIVE_CODE),
            Field::Source => names(&SOURCES),
            Field::Fault => names(&FAULTS),
            Field::StepModel(_) => names(&STEP_MODELS),
            _ => Vec::new(),
        }
    }
}

/// A choice, its name in attributes, and what is said of it.
type Choice<T> = (T, &'static str, &'static str);

/// What the sizes are is the workload's to say.
pub(super) const SIZES: [Choice<Size>; 3] = [(Size::S, "s", ""), (Size::M, "m", ""), (Size::L, "l", "")];

pub(super) const SCALINGS: [Choice<Scaling>; 2] = [
    (Scaling::Strong, "strong", "strong: the same work, divided"),
    (Scaling::Weak, "weak", "weak: as much work for every lane"),
];

pub(super) const STARTS: [Choice<Start>; 2] =
    [(Start::Cold, "cold", "cold: anew in every trial"), (Start::Warm, "warm", "warm: once, then kept")];

pub(super) const CALLS: [Choice<PoolCall>; 4] = [
    (PoolCall::Map, PoolCall::Map.name(), "map: all at once, in order"),
    (PoolCall::Imap, PoolCall::Imap.name(), "imap: one by one, in order"),
    (PoolCall::ImapUnordered, PoolCall::ImapUnordered.name(), "imap_unordered: as they finish"),
    (PoolCall::ApplyAsync, PoolCall::ApplyAsync.name(), "apply_async: each task by itself"),
];

pub(super) const NATIVE_CODE: [Choice<bool>; 2] =
    [(true, "released", "let go while it computes"), (false, "held", "held while it computes")];

/// Whom lanes ask, without what they ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SourceKind {
    /// The simulated network.
    Simulated,
    /// This site.
    ThisSite,
    /// Addresses of the visitor's own.
    Addresses,
}

pub(super) const SOURCES: [Choice<SourceKind>; 3] = [
    (SourceKind::Simulated, "simulated", "simulated"),
    (SourceKind::ThisSite, "this-site", "this site, as fast as it is"),
    (SourceKind::Addresses, "addresses", "addresses of your own"),
];

pub(super) const FAULTS: [Choice<Fault>; 6] = [
    (Fault::Any, Fault::Any.id(), "any but no answer, by chance"),
    (Fault::NotFound, Fault::NotFound.id(), "not found (404)"),
    (Fault::ServerError, Fault::ServerError.id(), "error of the server (500)"),
    (Fault::HalfBody, Fault::HalfBody.id(), "the answer stops half-way"),
    (Fault::Refused, Fault::Refused.id(), "connection refused"),
    (Fault::NoAnswer, Fault::NoAnswer.id(), "no answer until the timeout"),
];

pub(super) const STEP_MODELS: [Choice<Model>; 5] = [
    (Model::Serial, "serial", Model::Serial.name()),
    (Model::Threads, "threads", Model::Threads.name()),
    (Model::ThreadsGil, "threads-gil", Model::ThreadsGil.name()),
    (Model::Processes, "processes", Model::Processes.name()),
    (Model::Async, "async", Model::Async.name()),
];

fn names<T>(choices: &[Choice<T>]) -> Vec<(&'static str, &'static str)> {
    choices.iter().map(|&(_, id, name)| (id, name)).collect()
}

/// The name of `value` in attributes; every value is among the choices.
pub(super) fn id_of<T: PartialEq>(choices: &[Choice<T>], value: T) -> &'static str {
    choices.iter().find(|choice| choice.0 == value).map_or("", |choice| choice.1)
}

/// Chooses what is named `id`; a name that does not exist changes nothing.
pub(super) fn choose<T: Copy>(choices: &[Choice<T>], id: &str, value: &mut T) {
    if let Some(choice) = choices.iter().find(|choice| choice.1 == id) {
        *value = choice.0;
    }
}
