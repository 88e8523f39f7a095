//! The claims: what the classic articles on threads and processes in Python say, each with the
//! experiments that decide it on the visitor's machine, and the rule that does.
//!
//! A claim is one file, or stands in its family's, and is one line in [`CLAIMS`]. Its rule sees the
//! [`Evidence`] and nothing else; it judges by intervals, and the same rule stands beside it in words.

mod concurrency;
mod ending;
mod evidence;
mod forest;
mod gil;
use strum::VariantArray;

pub mod glossary;
mod judgement;
mod mailbox;
mod native;
mod order;
mod pitfalls;
mod pool;
mod processes;
pub mod record;
mod scaling;
mod sharing;
mod start;
mod switching;
mod waiting;

#[cfg(test)]
mod made;
#[cfg(test)]
mod recorded;
#[cfg(test)]
mod tests;

pub use evidence::{ClaimEvent, Counted, Evidence, Measurement, Outcome, overlaps};
pub use judgement::{Holding, Judgement};
pub use scaling::cpu;
pub use waiting::{ADDRESSES, addresses};

/// Every claim, in the order in which they teach.
pub const CLAIMS: &[&Claim] = &[
    &concurrency::CONCURRENCY,
    &ending::RESPONSIVE,
    &scaling::FREE_THREADS,
    &scaling::PROCESS_CPU,
    &forest::FOREST,
    &gil::GIL_CPU,
    &native::NATIVE_EXT,
    &switching::SWITCH_COST,
    &processes::NOT_FULL,
    &pool::TINY_TASKS,
    &order::ORDER,
    &waiting::IO_THREADS,
    &waiting::IO_PROCESS,
    &waiting::IO_ASYNC,
    &mailbox::MAIL,
    &start::SPAWN,
    &start::ONE_LANE,
    &sharing::SHARING,
    &sharing::MEMORY,
    &ending::KILL,
    &pitfalls::RACE,
    &pitfalls::DEADLOCK,
    &pitfalls::LIVELOCK,
    &pitfalls::STARVATION,
    &mailbox::PIPELINE,
];

/// One statement, and all that it takes to decide it.
#[derive(Debug)]
pub struct Claim {
    /// Its name in addresses.
    pub id: &'static str,
    /// Where it stands on the way through the claims.
    pub chapter: Chapter,
    /// What is claimed, in one sentence.
    pub statement: &'static str,
    /// Why it should be so. Words in braces are explained by the [`glossary`].
    pub because: &'static str,
    /// What lanes do meanwhile: a name, a bar, and a letter for each moment; see [`Moment`].
    pub drawing: &'static [&'static str],
    /// What the articles' authors report of their own machines.
    pub author: &'static [&'static str],
    /// What must be measured on a machine with so many cores.
    pub needs: fn(cores: u32) -> Vec<Measurement>,
    /// The rule in words.
    pub rule: &'static str,
    /// The rule: what the evidence says, on a machine with so many cores, or why it says nothing.
    pub judge: fn(evidence: &Evidence, cores: u32) -> Result<Judgement, String>,
    /// What a browser does otherwise than an operating system, where that matters; or nothing.
    pub in_browser: &'static str,
    /// The same in Python.
    pub python: &'static str,
    /// Evidence as two cores would give it: of the first the claim holds, of the second it does not,
    /// and of the third it cannot be told. What was really measured is in `recorded`.
    #[cfg(test)]
    examples: fn() -> [Evidence; 3],
}

impl PartialEq for Claim {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Claim {
    /// The claim of that id.
    pub fn of_id(id: &str) -> Option<&'static Claim> {
        CLAIMS.iter().copied().find(|claim| claim.id == id)
    }

    /// What the evidence says of it; `None` while not all is measured that it needs.
    pub fn judgement(&self, evidence: &Evidence, cores: u32) -> Option<Judgement> {
        let is_measured = (self.needs)(cores).iter().all(|need| evidence.found(need).is_some());
        is_measured.then(|| (self.judge)(evidence, cores).unwrap_or_else(Judgement::untold))
    }
}

/// What `claims` need on a machine with so many cores, each once, in their order.
pub fn needs_of(claims: &[&Claim], cores: u32) -> Vec<Measurement> {
    let mut needs: Vec<Measurement> = Vec::new();
    for need in claims.iter().flat_map(|claim| (claim.needs)(cores)) {
        if !needs.contains(&need) {
            needs.push(need);
        }
    }
    needs
}

/// A stretch of the way through the claims.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, VariantArray)]
pub enum Chapter {
    /// What a lane is, and what it means that several run.
    Lanes,
    /// Work that computes.
    Computing,
    /// The lock.
    Gil,
    /// Lanes with a memory of their own.
    Processes,
    /// Work that waits.
    Waiting,
    /// What lanes cost beside the computing.
    Costs,
    /// What goes wrong with threads.
    Pitfalls,
    /// Which model to choose.
    Choosing,
}

impl Chapter {
    /// Every chapter, in order.
    pub const ALL: &[Self] = Self::VARIANTS;

    /// Its heading.
    pub const fn title(self) -> &'static str {
        match self {
            Chapter::Lanes => "What is a lane?",
            Chapter::Computing => "Work that computes",
            Chapter::Gil => "The GIL",
            Chapter::Processes => "Processes and pools",
            Chapter::Waiting => "Work that waits",
            Chapter::Costs => "What lanes cost",
            Chapter::Pitfalls => "Pitfalls of threads",
            Chapter::Choosing => "Which one to choose",
        }
    }

    /// What it is about, in a sentence or two.
    pub const fn lead(self) -> &'static str {
        match self {
            Chapter::Lanes => {
                "A {lane} is anything that runs one step at a time: a {thread}, a {process}, a slot of an event loop. Several lanes may take turns, or run at once."
            }
            Chapter::Computing => {
                "{CPU-bound} work keeps a core busy. More lanes help as far as there are cores for them, and as far as the lanes may compute at once."
            }
            Chapter::Gil => {
                "CPython lets one thread of a process interpret at a time. What that costs depends on what the threads do."
            }
            Chapter::Processes => {
                "A process has an interpreter and a memory of its own. It computes at once with the others, and whatever it needs must be brought to it."
            }
            Chapter::Waiting => {
                "{I/O-bound} work waits for a network or a disk. A lane that waits needs no core, so there may be many more lanes than cores."
            }
            Chapter::Costs => {
                "Lanes must be started, fed, and ended, and each holds memory. This is what stands against their gain."
            }
            Chapter::Choosing => {
                "Ask what each step of the work is limited by, and give it the lanes that are good for that."
            }
            Chapter::Pitfalls => {
                "Threads share what they change. These are real threads that go wrong, in a worker that is ended when they do."
            }
        }
    }
}

/// What a lane does at one moment of a drawing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// `c`: it computes.
    Computes,
    /// `w`: it waits for a lock, or for its turn.
    Waits,
    /// `s`: it is being started.
    Starts,
    /// `i`: data are copied to it, or from it.
    Copies,
    /// `h`: it holds a lock.
    Holds,
    /// `x`: it was ended.
    Ended,
    /// `.`: nothing.
    Idle,
}

impl Moment {
    /// Every moment, in the order in which a legend names them.
    pub const ALL: [Moment; 7] = [
        Moment::Computes,
        Moment::Holds,
        Moment::Waits,
        Moment::Starts,
        Moment::Copies,
        Moment::Ended,
        Moment::Idle,
    ];

    /// The moment that a letter stands for.
    pub const fn of(letter: u8) -> Self {
        match letter {
            b'c' => Moment::Computes,
            b'w' => Moment::Waits,
            b's' => Moment::Starts,
            b'i' => Moment::Copies,
            b'h' => Moment::Holds,
            b'x' => Moment::Ended,
            _ => Moment::Idle,
        }
    }

    /// What a legend says of it.
    pub const fn name(self) -> &'static str {
        match self {
            Moment::Computes => "computes",
            Moment::Waits => "waits",
            Moment::Starts => "starts",
            Moment::Copies => "copies",
            Moment::Holds => "holds a lock",
            Moment::Ended => "ended",
            Moment::Idle => "idle",
        }
    }
}

/// A lane of a drawing: its name, and what it does for how many moments in a row.
pub fn lane_of_drawing(line: &'static str) -> (&'static str, Vec<(Moment, usize)>) {
    let (name, letters) = line.split_once('|').unwrap_or((line, ""));
    let runs = letters.trim().as_bytes().chunk_by(|a, b| a == b);
    (name.trim(), runs.map(|run| (Moment::of(run[0]), run.len())).collect())
}
