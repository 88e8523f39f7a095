//! What is read out of the timeline: the stretch under the pointer, or where a key leads; and as a table, what each
//! lane spent its time on.

use crate::domain::{Activity, Segment};
use crate::format;
use crate::sample::Sample;

/// A place in the timeline.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Place {
    /// The lane, from 0.
    pub lane: u32,
    /// The time, in µs since the trial's begin.
    pub at_us: f64,
}

/// A stretch of a lane's time: a segment, or a gap between segments.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stretch {
    /// The lane, from 0.
    pub lane: u32,
    /// What the lane does; `None` while it is idle.
    pub activity: Option<Activity>,
    /// When it begins, in µs since the trial's begin.
    pub start_us: f64,
    /// When it ends, in µs since the trial's begin.
    pub end_us: f64,
}

/// The stretch at `place` of a trial that takes `total_us`. A segment that is less than `near_us`
/// away is meant rather than the gap beside it: it may be too short to be pointed at.
pub fn stretch_at(lanes: &[Vec<Segment>], place: Place, near_us: f64, total_us: f64) -> Option<Stretch> {
    let Place { lane, at_us } = place;
    let segments = lanes.get(lane as usize)?;
    let next = segments.partition_point(|segment| segment.end_us <= at_us);
    let of = |segment: &Segment| Stretch {
        lane,
        activity: Some(segment.activity),
        start_us: segment.start_us,
        end_us: segment.end_us,
    };
    let (before, after) = (next.checked_sub(1).map(|before| &segments[before]), segments.get(next));
    if let Some(here) = after.filter(|segment| segment.start_us <= at_us) {
        return Some(of(here));
    }
    let to_before = before.map_or(f64::INFINITY, |segment| at_us - segment.end_us);
    let to_after = after.map_or(f64::INFINITY, |segment| segment.start_us - at_us);
    if to_before.min(to_after) < near_us {
        return if to_before <= to_after { before } else { after }.map(of);
    }
    let start_us = before.map_or(0.0, |segment| segment.end_us);
    let end_us = after.map_or(total_us, |segment| segment.start_us);
    Some(Stretch { lane, activity: None, start_us, end_us: end_us.max(start_us) })
}

/// The stretch before or after `from` in its lane, or `from` if there is none.
pub fn beside(lanes: &[Vec<Segment>], from: Stretch, forward: bool, total_us: f64) -> Stretch {
    let at = |at_us| stretch_at(lanes, Place { lane: from.lane, at_us }, 0.0, total_us);
    // The least that two stretches can lie apart: half a nanosecond.
    const BESIDE_US: f64 = 0.0005;
    let beside = match forward {
        true if from.end_us < total_us => at(from.end_us),
        false if from.start_us > 0.0 => at(from.start_us - BESIDE_US),
        _ => None,
    };
    beside.unwrap_or(from)
}

impl Stretch {
    /// The middle of it, in µs since the trial's begin.
    pub fn middle_us(&self) -> f64 {
        (self.start_us + self.end_us) / 2.0
    }

    /// What the lane does: `holds_gil`, if it holds the GIL whenever it computes.
    pub fn what(&self, holds_gil: bool) -> &'static str {
        match self.activity {
            None => "idle",
            Some(Activity::Compute) if holds_gil => "computing, holding the GIL",
            Some(activity) => activity.name(),
        }
    }

    /// The stretch in one line.
    pub fn read_out(&self, holds_gil: bool) -> String {
        format!(
            "lane {}: {}, {}, {}",
            self.lane + 1,
            self.what(holds_gil),
            format::duration(self.end_us - self.start_us),
            self.when(),
        )
    }

    /// From when to when.
    pub fn when(&self) -> String {
        format!("from {} to {}", format::duration(self.start_us), format::duration(self.end_us))
    }
}

/// The time that one lane spent on each activity, by its number, in µs.
pub type Spent = [f64; Activity::ALL.len()];

/// What each lane of `sample` spent its time on. The rest of the trial it was idle.
pub fn spent(sample: &Sample) -> Vec<Spent> {
    let of_lane = |segments: &Vec<Segment>| {
        let mut spent = Spent::default();
        for segment in segments {
            spent[segment.activity as usize] += segment.duration_us();
        }
        spent
    };
    sample.lanes.iter().map(of_lane).collect()
}

/// The activities that any lane spent time on, in their order.
pub fn activities(spent: &[Spent]) -> Vec<Activity> {
    let any = |activity: &Activity| spent.iter().any(|lane| lane[*activity as usize] > 0.0);
    Activity::ALL.iter().copied().filter(any).collect()
}

/// The time of a trial of `total_us` that a lane was idle, in µs.
pub fn idle_us(spent: &Spent, total_us: f64) -> f64 {
    (total_us - spent.iter().sum::<f64>()).max(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOTAL_US: f64 = 100.0;

    fn lanes() -> Vec<Vec<Segment>> {
        let segment = |activity, start_us, end_us| Segment { activity, start_us, end_us };
        vec![
            vec![segment(Activity::Spawn, 0.0, 10.0), segment(Activity::Compute, 10.0, 40.0)],
            vec![segment(Activity::WaitGil, 20.0, 40.0), segment(Activity::Compute, 40.0, 100.0)],
        ]
    }

    fn at(lane: u32, at_us: f64, near_us: f64) -> Option<(Option<Activity>, f64, f64)> {
        let stretch = stretch_at(&lanes(), Place { lane, at_us }, near_us, TOTAL_US)?;
        Some((stretch.activity, stretch.start_us, stretch.end_us))
    }

    #[test]
    fn the_pointer_finds_segments_and_gaps() {
        assert_eq!(at(0, 5.0, 0.0), Some((Some(Activity::Spawn), 0.0, 10.0)));
        assert_eq!(at(0, 10.0, 0.0), Some((Some(Activity::Compute), 10.0, 40.0)));
        assert_eq!(at(0, 60.0, 2.0), Some((None, 40.0, 100.0)));
        assert_eq!(at(1, 3.0, 2.0), Some((None, 0.0, 20.0)));
        assert_eq!(at(2, 3.0, 2.0), None);
    }

    #[test]
    fn what_is_near_is_meant() {
        assert_eq!(at(1, 18.5, 2.0), Some((Some(Activity::WaitGil), 20.0, 40.0)));
        assert_eq!(at(0, 41.5, 2.0), Some((Some(Activity::Compute), 10.0, 40.0)));
    }

    #[test]
    fn steps_lead_through_the_whole_lane_and_back() {
        let lanes = lanes();
        let first = stretch_at(&lanes, Place { lane: 0, at_us: 0.0 }, 0.0, TOTAL_US).unwrap();
        let mut there = vec![first];
        for _ in 0..4 {
            there.push(beside(&lanes, *there.last().unwrap(), true, TOTAL_US));
        }
        let seen: Vec<_> = there.iter().map(|stretch| stretch.activity).collect();
        assert_eq!(seen, [Some(Activity::Spawn), Some(Activity::Compute), None, None, None]);
        let mut back = there[2];
        back = beside(&lanes, back, false, TOTAL_US);
        assert_eq!(back, there[1]);
        back = beside(&lanes, back, false, TOTAL_US);
        assert_eq!((back, beside(&lanes, back, false, TOTAL_US)), (first, first));
    }

    #[test]
    fn a_stretch_is_read_out_in_one_line() {
        let stretch = stretch_at(&lanes(), Place { lane: 1, at_us: 50.0 }, 0.0, TOTAL_US).unwrap();
        let read = |holds_gil| stretch.read_out(holds_gil).replace('\u{a0}', " ");
        assert_eq!(read(false), "lane 2: computing, 60.0 µs, from 40.0 µs to 100 µs");
        assert!(read(true).starts_with("lane 2: computing, holding the GIL, 60.0 µs"));
    }
}
