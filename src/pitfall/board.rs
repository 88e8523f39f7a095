//! What a pitfall's lanes leave in their memory for whoever watches them.

use crate::job::{Gauge, GaugeLayout};

/// Places of the gauge, from which on each lane has one.
const DONE: u32 = 0;
const YIELDED: u32 = 16;
const HOLDS: u32 = 32;
const WANTS: u32 = 48;

/// Where one lane writes what it does.
#[derive(Clone, Copy, Debug)]
pub struct Board<'a> {
    gauge: &'a Gauge,
    /// The lane's number, below 16.
    pub lane: u32,
}

impl<'a> Board<'a> {
    /// The board of lane number `lane`.
    pub const fn new(gauge: &'a Gauge, lane: u32) -> Self {
        Self { gauge, lane }
    }

    /// Whether the lanes were asked to stop.
    pub fn is_stopped(&self) -> bool {
        self.gauge.is_stopped()
    }

    /// Work was done, so much in all.
    pub fn done(&self, count: u32) {
        self.put(DONE, count);
    }

    /// The lane let another go first, so often in all.
    pub fn yielded(&self, count: u32) {
        self.put(YIELDED, count);
    }

    /// The lane holds this lock first, or none.
    pub fn holds(&self, lock: Option<u32>) {
        self.put(HOLDS, lock.map_or(0, |lock| lock + 1));
    }

    /// The lane waits for this lock, or for none.
    pub fn wants(&self, lock: Option<u32>) {
        self.put(WANTS, lock.map_or(0, |lock| lock + 1));
    }

    fn put(&self, place: u32, value: u32) {
        self.gauge.lane(place + self.lane).set(value);
    }
}

/// What one lane's board says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LaneSeen {
    /// The work that is done.
    pub done: u32,
    /// How often the lane let another go first.
    pub yielded: u32,
    /// The lock that it holds.
    pub holds: Option<u32>,
    /// The lock that it waits for.
    pub wants: Option<u32>,
}

impl LaneSeen {
    /// Reads the board of lane number `lane` through `load`, which reads words of the memory.
    pub fn read(layout: GaugeLayout, lane: u32, load: impl Fn(u32) -> u32) -> Self {
        let at = |place: u32| load(layout.lane_word(place + lane));
        Self {
            done: at(DONE),
            yielded: at(YIELDED),
            holds: at(HOLDS).checked_sub(1),
            wants: at(WANTS).checked_sub(1),
        }
    }
}

/// Lanes that wait for each other in a circle: each wants what the next one holds, and the last one
/// what the first one holds. None if somebody is free to go on.
pub fn wait_for_cycle(lanes: &[LaneSeen]) -> Option<Vec<u32>> {
    let holder = |lock: u32| lanes.iter().position(|lane| lane.holds == Some(lock));
    for first in 0..lanes.len() {
        let mut circle = vec![first];
        let mut at = first;
        while let Some(next) = lanes[at].wants.and_then(holder) {
            if next == first {
                return Some(circle.into_iter().map(|lane| lane as u32).collect());
            }
            if circle.contains(&next) {
                break;
            }
            circle.push(next);
            at = next;
        }
    }
    None
}
