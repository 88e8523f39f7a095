//! How far the lanes of a trial overlap: what tells parallel from merely concurrent.

use std::fmt;

use crate::domain::{Activity, Segment};
use crate::format;
use crate::stats::MARGIN;

/// How far the lanes of one trial overlap, by their own segments.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Overlap {
    /// The lanes.
    pub lanes: u32,
    /// The time during which at least one lane computed, in µs.
    pub computing_us: f64,
    /// The time during which two or more lanes computed, in µs.
    pub parallel_us: f64,
    /// How many lanes computed at once on average, of the time during which any did; 0 if none did.
    pub mean: f64,
    /// The time during which at least one lane was under way, in µs: a lane is under way from its
    /// first work to its last, whether it computes, copies or waits meanwhile.
    pub under_way_us: f64,
    /// The time during which two or more lanes were under way, in µs.
    pub concurrent_us: f64,
}

/// What the overlap shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Concurrency {
    /// There is one lane only.
    Alone,
    /// One lane was done before the next one began.
    OneAfterAnother,
    /// Lanes were under way at once, but took turns in computing.
    Concurrent,
    /// Lanes computed at once.
    Parallel,
}

impl Overlap {
    /// The overlap of `lanes`.
    pub fn of(lanes: &[Vec<Segment>]) -> Self {
        let computing = lanes.iter().flatten().filter(|segment| segment.activity == Activity::Compute);
        let computing = Depth::of(computing.map(|segment| (segment.start_us, segment.end_us)));
        let under_way = Depth::of(lanes.iter().filter_map(|lane| {
            let mut work = lane.iter().filter(|segment| segment.activity != Activity::Spawn);
            let first = work.next()?;
            Some((first.start_us, work.next_back().unwrap_or(first).end_us))
        }));
        Self {
            lanes: lanes.len() as u32,
            computing_us: computing.any_us,
            parallel_us: computing.several_us,
            mean: if computing.any_us > 0.0 { computing.sum_us / computing.any_us } else { 0.0 },
            under_way_us: under_way.any_us,
            concurrent_us: under_way.several_us,
        }
    }

    /// The part of the computing time during which two or more lanes computed, from 0 to 1.
    pub fn parallel_part(&self) -> f64 {
        if self.computing_us > 0.0 { self.parallel_us / self.computing_us } else { 0.0 }
    }

    /// What that shows. An overlap of less than [`MARGIN`] of the time is none: lanes' clocks agree
    /// only within a step, so lanes that take turns seem to overlap for some microseconds.
    pub fn kind(&self) -> Concurrency {
        if self.lanes < 2 {
            Concurrency::Alone
        } else if self.parallel_part() > MARGIN {
            Concurrency::Parallel
        } else if self.concurrent_us > MARGIN * self.under_way_us {
            Concurrency::Concurrent
        } else {
            Concurrency::OneAfterAnother
        }
    }

    /// Whether more lanes computed at once than there are `cores`: then the system had them take
    /// turns, which they cannot see.
    pub fn is_beyond(&self, cores: u32) -> bool {
        self.mean > f64::from(cores) * (1.0 + MARGIN)
    }
}

impl fmt::Display for Overlap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (mean, lanes) = (self.mean, self.lanes);
        let part = format::percent(self.parallel_part());
        match self.kind() {
            Concurrency::Alone => f.write_str("One lane: there is nothing that it could overlap with."),
            Concurrency::OneAfterAnother => {
                f.write_str("Neither concurrent nor parallel: each lane was done before the next one began.")
            }
            Concurrency::Concurrent if self.computing_us == 0.0 => {
                write!(
                    f,
                    "Concurrent, not parallel: {lanes} lanes were under way at once, and none computed."
                )
            }
            Concurrency::Concurrent => write!(
                f,
                "Concurrent, not parallel: {lanes} lanes were under way at once, but did not compute at once. \
                 While any computed, {mean:.2} did on average, two or more for {part} of the time."
            ),
            Concurrency::Parallel => write!(
                f,
                "Parallel: while any of the {lanes} lanes computed, {mean:.2} did on average, \
                 two or more for {part} of the time."
            ),
        }
    }
}

/// How many of some stretches of time lie over each other.
struct Depth {
    /// The time that is in one or more of them.
    any_us: f64,
    /// The time that is in two or more of them.
    several_us: f64,
    /// All their lengths together.
    sum_us: f64,
}

impl Depth {
    fn of(stretches: impl Iterator<Item = (f64, f64)>) -> Self {
        let mut ends: Vec<(f64, i32)> = stretches.flat_map(|(start, end)| [(start, 1), (end, -1)]).collect();
        ends.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut depth = Self { any_us: 0.0, several_us: 0.0, sum_us: 0.0 };
        let (mut at_us, mut open) = (0.0, 0);
        for (next_us, step) in ends {
            let us = next_us - at_us;
            depth.any_us += if open > 0 { us } else { 0.0 };
            depth.several_us += if open > 1 { us } else { 0.0 };
            depth.sum_us += f64::from(open) * us;
            (at_us, open) = (next_us, open + step);
        }
        depth
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lane(segments: &[(Activity, f64, f64)]) -> Vec<Segment> {
        let segment = |&(activity, start_us, end_us)| Segment { activity, start_us, end_us };
        segments.iter().map(segment).collect()
    }

    fn read(overlap: &Overlap) -> String {
        overlap.to_string().replace('\u{a0}', " ")
    }

    use Activity::{Compute, Spawn, WaitGil};

    #[test]
    fn lanes_that_compute_at_once_are_parallel() {
        let lanes = [
            lane(&[(Spawn, 0.0, 10.0), (Compute, 10.0, 110.0)]),
            lane(&[(Spawn, 0.0, 20.0), (Compute, 20.0, 110.0)]),
        ];
        let overlap = Overlap::of(&lanes);
        assert_eq!(overlap.computing_us, 100.0);
        assert_eq!(overlap.parallel_us, 90.0);
        assert_eq!((overlap.mean, overlap.parallel_part()), (1.9, 0.9));
        assert_eq!(overlap.kind(), Concurrency::Parallel);
        assert_eq!(
            read(&overlap),
            "Parallel: while any of the 2 lanes computed, 1.90 did on average, two or more for 90 % of the time."
        );
        assert!(overlap.is_beyond(1) && !overlap.is_beyond(2));
    }

    #[test]
    fn lanes_that_take_turns_are_concurrent_even_if_their_clocks_differ_a_little() {
        let lanes = [
            lane(&[(Compute, 0.0, 5_005.0), (WaitGil, 5_005.0, 10_000.0), (Compute, 10_000.0, 15_000.0)]),
            lane(&[(WaitGil, 0.0, 5_000.0), (Compute, 5_000.0, 10_000.0), (WaitGil, 10_000.0, 15_000.0)]),
        ];
        let overlap = Overlap::of(&lanes);
        assert_eq!((overlap.computing_us, overlap.parallel_us), (15_000.0, 5.0));
        assert_eq!(overlap.kind(), Concurrency::Concurrent);
        assert!(read(&overlap).starts_with("Concurrent, not parallel: 2 lanes were under way at once"));
    }

    #[test]
    fn lanes_that_follow_each_other_are_neither() {
        let lanes = [lane(&[(Compute, 0.0, 50.0)]), lane(&[(Spawn, 0.0, 40.0), (Compute, 50.0, 90.0)])];
        assert_eq!(Overlap::of(&lanes).kind(), Concurrency::OneAfterAnother);
    }

    #[test]
    fn one_lane_and_lanes_without_work_overlap_with_nothing() {
        let overlap = Overlap::of(&[lane(&[(Compute, 0.0, 50.0)])]);
        assert_eq!((overlap.kind(), overlap.mean), (Concurrency::Alone, 1.0));
        let idle = Overlap::of(&[lane(&[]), lane(&[(Spawn, 0.0, 5.0)])]);
        assert_eq!((idle.kind(), idle.mean, idle.under_way_us), (Concurrency::OneAfterAnother, 0.0, 0.0));
    }

    #[test]
    fn three_lanes_count_threefold() {
        let overlap = Overlap::of(&[
            lane(&[(Compute, 0.0, 30.0)]),
            lane(&[(Compute, 10.0, 30.0)]),
            lane(&[(Compute, 20.0, 30.0)]),
        ]);
        assert_eq!((overlap.mean, overlap.parallel_us), (2.0, 20.0));
    }
}
