//! The fields of the form: what they are called, why one would touch them, and what they offer.

use crate::experiment::{Model, PoolCall, Scaling, Start};
use crate::workload::{Size, WorkloadId};

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
}

impl Field {
    /// What is run, which the form asks before it asks for the models.
    pub const WORK: [Field; 2] = [Field::Workload, Field::Size];

    /// How it is run, as far as most visitors care.
    pub const RUN: [Field; 3] = [Field::LaneCounts, Field::Scaling, Field::Budget];

    /// What is touched rarely.
    pub const MORE: [Field; 8] = [
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
        }
    }

    /// Why one would touch it, in one sentence.
    pub const fn why(self) -> &'static str {
        match self {
            Field::Workload => {
                "Plain arithmetic scales best; work that moves memory shows what sharing it costs."
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
        }
    }

    /// Whether it makes a difference as `settings` stand.
    pub fn matters(self, settings: &Settings) -> bool {
        self != Field::NativeCode
            || settings.workload.releases_gil() && settings.models.contains(&Model::ThreadsGil)
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
