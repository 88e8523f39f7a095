//! How the GIL goes from lane to lane, read from what the lanes did.

use crate::domain::{Activity, Segment};

/// One lane lets go of the GIL, and another one takes it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HandOver {
    /// The lane that lets go.
    pub from_lane: u32,
    /// When it lets go, in µs since the trial's begin.
    pub from_us: f64,
    /// The lane that takes it.
    pub to_lane: u32,
    /// When that lane computes, in µs since the trial's begin.
    pub to_us: f64,
}

/// The hand-overs of a trial whose lanes compute only while they hold the GIL
/// ([`computes_under_gil`](crate::experiment::Experiment::computes_under_gil)), in the order of time.
///
/// Whoever computes holds the lock, so it went from each computing lane to the next.
pub fn hand_overs(lanes: &[Vec<Segment>]) -> Vec<HandOver> {
    let mut held: Vec<(u32, &Segment)> = (0..)
        .zip(lanes)
        .flat_map(|(lane, segments)| segments.iter().map(move |segment| (lane, segment)))
        .filter(|(_, segment)| segment.activity == Activity::Compute)
        .collect();
    held.sort_by(|a, b| a.1.start_us.total_cmp(&b.1.start_us));
    let hand_over = |(from_lane, from): (u32, &Segment), (to_lane, to): (u32, &Segment)| HandOver {
        from_lane,
        // Lanes' clocks agree only within a step: nobody takes the lock before it was let go.
        from_us: from.end_us.min(to.start_us),
        to_lane,
        to_us: to.start_us,
    };
    held.windows(2).filter(|pair| pair[0].0 != pair[1].0).map(|pair| hand_over(pair[0], pair[1])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lock_goes_from_each_computing_lane_to_the_next() {
        use Activity::{Compute, Spawn, WaitGil};
        let segment = |(activity, start_us, end_us)| Segment { activity, start_us, end_us };
        let lanes = [
            vec![
                (Spawn, 0.0, 1.0),
                (Compute, 1.0, 40.0),
                (Compute, 40.0, 50.0),
                (WaitGil, 50.0, 105.0),
                (Compute, 105.0, 120.0),
            ],
            vec![(WaitGil, 0.0, 52.0), (Compute, 52.0, 106.0)],
        ];
        let lanes = lanes.map(|lane| lane.into_iter().map(segment).collect());
        let seen: Vec<_> =
            hand_overs(&lanes).iter().map(|h| (h.from_lane, h.from_us, h.to_lane, h.to_us)).collect();
        assert_eq!(seen, [(0, 50.0, 1, 52.0), (1, 105.0, 0, 105.0)]);
        assert!(hand_overs(&lanes[..1]).is_empty());
    }
}
