//! What goes wrong with threads, made to go wrong: real lanes over one memory that lose updates,
//! stop each other, or do nothing but yield. Each beside what mends it.
//!
//! The lanes run in a worker of their own, which whoever watches them ends when they do not end by
//! themselves; so nothing here can harm the page.

mod board;
mod deadlock;
pub mod interleaving;
mod livelock;
mod race;
mod starvation;

use std::sync::Condvar;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering::Relaxed};

use serde::{Deserialize, Serialize};

use crate::job::{Clock, Gauge};
use crate::stats::{Estimate, Median};

pub use board::{Board, LaneSeen, wait_for_cycle};
pub use race::ADDITIONS;

/// What keeps lanes from losing each other's updates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Guard {
    /// Nothing: each loads the number, adds to it, and stores it.
    Nothing,
    /// The three steps are one: an atomic addition.
    Atomic,
    /// A lock around the three steps.
    Mutex,
    /// Each lane has a number of its own, in a memory of its own; they are added up at the end.
    Processes,
}

/// In which order two lanes take two locks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum LockOrder {
    /// Each begins with the other's second.
    Opposite,
    /// Both begin with the same.
    Same,
}

/// What a lane does that has what both need while the other needs it, too.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Manners {
    /// It lets the other have it, always.
    Yields,
    /// It lets the other have it, but not more than three times before it works itself.
    Decides,
}

/// Who gets a lock that is let go of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Fairness {
    /// Whoever is there first.
    Unfair,
    /// Whoever has waited longest.
    Fair,
}

/// One thing to go wrong, or the same mended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Pitfall {
    /// Lanes add to one number.
    Race(Guard),
    /// Two lanes take two locks.
    Deadlock(LockOrder),
    /// Two lanes need what only one can have.
    Livelock(Manners),
    /// Two greedy lanes and a modest one share a lock.
    Starvation(Fairness),
}

impl Pitfall {
    /// How often it is run: more where its time counts as well.
    pub const fn repetitions(self) -> u32 {
        if matches!(self, Pitfall::Race(_)) { 9 } else { 6 }
    }

    /// How many lanes it needs on a machine with so many cores.
    pub fn lanes(self, cores: u32) -> u32 {
        match self {
            Pitfall::Race(_) => cores.clamp(2, 8),
            Pitfall::Deadlock(_) | Pitfall::Livelock(_) => 2,
            Pitfall::Starvation(_) => 3,
        }
    }

    /// After how long its lanes are asked to stop, in ms, where they do not end by themselves.
    pub const fn stopped_after_ms(self) -> Option<u32> {
        match self {
            Pitfall::Race(_) | Pitfall::Deadlock(_) => None,
            Pitfall::Livelock(_) => Some(200),
            Pitfall::Starvation(_) => Some(300),
        }
    }

    /// Whether its lanes share a memory, which browsers allow on isolated pages only.
    pub const fn needs_shared_memory(self) -> bool {
        !matches!(self, Pitfall::Race(Guard::Processes))
    }

    /// About how long all repetitions take, in ms.
    pub const fn expected_ms(self) -> u32 {
        match self {
            Pitfall::Race(_) => 3_500,
            Pitfall::Deadlock(_) => 3_500,
            Pitfall::Livelock(_) => 2_000,
            Pitfall::Starvation(_) => 2_500,
        }
    }

    /// What lanes do, in a few words.
    pub const fn name(self) -> &'static str {
        match self {
            Pitfall::Race(Guard::Nothing) => "race: adding without a lock",
            Pitfall::Race(Guard::Atomic) => "race: adding atomically",
            Pitfall::Race(Guard::Mutex) => "race: adding under a lock",
            Pitfall::Race(Guard::Processes) => "race: adding in processes",
            Pitfall::Deadlock(LockOrder::Opposite) => "deadlock: two locks in opposite order",
            Pitfall::Deadlock(LockOrder::Same) => "deadlock: two locks in the same order",
            Pitfall::Livelock(Manners::Yields) => "livelock: always letting the other go first",
            Pitfall::Livelock(Manners::Decides) => "livelock: letting the other go first three times",
            Pitfall::Starvation(Fairness::Unfair) => "starvation: an unfair lock",
            Pitfall::Starvation(Fairness::Fair) => "starvation: a fair lock",
        }
    }
}

/// What the lanes of a pitfall share.
#[derive(Debug, Default)]
pub struct Scene {
    /// The lanes that are there: they begin together.
    present: AtomicU32,
    /// The number that lanes add to.
    number: AtomicU32,
    /// The same, under a lock.
    locked_number: Mutex<u32>,
    /// Two locks.
    locks: [Mutex<()>; 2],
    /// An unfair lock.
    is_taken: AtomicBool,
    /// Who has what both need: the lane's number.
    owner: AtomicU32,
    /// The lock for which lanes queue, by whose turn it is; and the next turn to be handed out.
    turn: Mutex<u32>,
    turn_changed: Condvar,
    next_turn: AtomicU32,
}

impl Scene {
    /// What lane number `lane` of so many does in `pitfall`, until it is done or asked to stop.
    pub fn run(&self, pitfall: Pitfall, lane: u32, lanes: u32, gauge: &Gauge, clock: &impl Clock) {
        let board = Board::new(gauge, lane);
        self.present.fetch_add(1, Relaxed);
        while self.present.load(Relaxed) < lanes && !gauge.is_stopped() {
            std::hint::spin_loop();
        }
        match pitfall {
            Pitfall::Race(guard) => self.race(guard, &board),
            Pitfall::Deadlock(order) => self.deadlock(order, &board),
            Pitfall::Livelock(manners) => self.livelock(manners, &board),
            Pitfall::Starvation(fairness) => self.starvation(fairness, &board, clock),
        }
    }

    /// What the lanes of a race have added up to.
    pub fn sum(&self) -> u32 {
        self.number.load(Relaxed) + self.locked_number.lock().map_or(0, |number| *number)
    }
}

/// What one repetition was seen to come to.
#[derive(Clone, Debug, PartialEq)]
pub struct PitfallSample {
    /// From the lanes' begin to their end, in µs.
    pub us: f64,
    /// What the lanes of a race have added up to.
    pub sum: u32,
    /// What each lane has done.
    pub lanes: Vec<LaneSeen>,
    /// Whether the lanes stood still and were ended: then they wait for each other in a circle.
    pub stood_still: bool,
}

/// What was seen of a pitfall.
#[derive(Clone, Debug, PartialEq)]
pub struct PitfallSummary {
    /// The pitfall.
    pub pitfall: Pitfall,
    /// Every repetition.
    pub samples: Vec<PitfallSample>,
    /// Why there are not all of them.
    pub error: Option<String>,
}

impl PitfallSummary {
    /// The median of `figure` over all repetitions.
    ///
    /// # Errors
    /// Why there are too few of them.
    pub fn median(&self, figure: impl Fn(&PitfallSample) -> f64) -> Result<Estimate, String> {
        if let Some(error) = &self.error {
            return Err(error.clone());
        }
        let figures: Vec<f64> = self.samples.iter().map(figure).collect();
        let median = Median::of(&figures).ok_or_else(|| "It was not run.".to_owned())?;
        Ok(median.estimate())
    }

    /// In how many repetitions the lanes stood still.
    pub fn stood_still(&self) -> usize {
        self.samples.iter().filter(|sample| sample.stood_still).count()
    }
}

impl PitfallSample {
    /// The updates that were lost in a race.
    pub fn lost(&self) -> f64 {
        f64::from(self.lanes.len() as u32 * ADDITIONS) - f64::from(self.sum)
    }

    /// What all lanes have done.
    pub fn done(&self) -> f64 {
        self.lanes.iter().map(|lane| f64::from(lane.done)).sum()
    }

    /// How often all lanes have yielded.
    pub fn yielded(&self) -> f64 {
        self.lanes.iter().map(|lane| f64::from(lane.yielded)).sum()
    }

    /// The turns of the modest lane, which is the last, as a part of those of the greediest.
    pub fn modest_part(&self) -> f64 {
        let Some((modest, greedy)) = self.lanes.split_last() else { return 0.0 };
        let most = greedy.iter().map(|lane| lane.done).max().unwrap_or(0);
        f64::from(modest.done) / f64::from(most.max(1))
    }
}

#[cfg(test)]
mod tests;
