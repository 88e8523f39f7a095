//! Where more lanes stop helping, in words.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Curve, CurvePoint, SMALL_US};
use crate::stats::{Estimate, MARGIN};

/// Where more lanes stop helping.
///
/// From the fewest lanes on, the knee moves to the next lane count whose speed-up is clearly above that of the knee
/// so far: the whole interval of their ratio, by rounds, lies above one by more than a margin. A larger lane count whose
/// whole interval lies below that clearly adds nothing; any other leaves it in doubt.
///
/// The margin is [`MARGIN`] up to the cores that are reported. Beyond them, the question is whether there are more cores
/// than that, and one core more would bring k lanes the k-th part of what they do: half of that is the margin. Lanes
/// beyond the cores often gain or lose a few per cent by how the system hands out its time, which says nothing of cores.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Knee {
    /// The most lanes that clearly gain something over fewer; the fewest of all if none do.
    pub lanes: u32,
    /// The fewest lanes of the curve.
    pub fewest: u32,
    /// The next lane count that was measured beyond the knee.
    pub next: Option<u32>,
    /// The first lane count beyond the knee of which it cannot be told whether it gains.
    pub doubt: Option<u32>,
    /// The cores that are reported or, where they are not, the most lanes.
    pub of: u32,
    /// Whether the cores are reported.
    pub of_cores: bool,
    /// Whether more lanes clearly neither gain nor lose, and have enough to do: what one core shows.
    pub is_flat: bool,
    /// What becomes of the gain beside the plain loop.
    pub over_serial: OverSerial,
}

/// What a curve comes to beside the plain loop: its lanes may gain over fewer of them, and still be slower than that.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum OverSerial {
    /// The knee is clearly faster.
    Faster,
    /// No lane count is faster by more than the margin.
    NotFaster,
    /// Intervals allow both.
    Open,
    /// The plain loop was not run.
    Unknown,
}

impl Knee {
    /// The knee of `curve` on a machine that reports so many `cores`; `None` with fewer than two
    /// lane counts.
    pub fn of(curve: &Curve, cores: Option<u32>) -> Option<Self> {
        let [first, more @ ..] = curve.points.as_slice() else { return None };
        let last = more.last()?;
        let (mut knee, mut doubt) = (first, None);
        for point in more {
            let margin = match cores {
                Some(cores) if point.lanes > cores => MARGIN.max(0.5 / f64::from(knee.lanes)),
                _ => MARGIN,
            };
            match gain(knee, point) {
                Some(ratio) if ratio.lo > 1.0 + margin => (knee, doubt) = (point, None),
                Some(ratio) if ratio.hi <= 1.0 + margin => {}
                _ => doubt = doubt.or(Some(point.lanes)),
            }
        }
        let is_alike = |ratio: Estimate| ratio.lo >= 1.0 - MARGIN && ratio.hi <= 1.0 + MARGIN;
        let is_small = first.time_us.median.estimate().value < SMALL_US;
        Some(Self {
            lanes: knee.lanes,
            fewest: first.lanes,
            next: curve.points.iter().map(|point| point.lanes).find(|&lanes| lanes > knee.lanes),
            doubt,
            of: cores.unwrap_or(last.lanes),
            of_cores: cores.is_some(),
            is_flat: !is_small && more.iter().all(|point| gain(first, point).is_some_and(is_alike)),
            over_serial: OverSerial::of(curve, knee),
        })
    }

    /// The lanes at which the curve clearly ends to rise; `None` if it may rise further. A curve that never gains ends at
    /// its first lane only where it is flat: if it falls, what lanes cost hides what cores there are.
    pub fn end(&self) -> Option<u32> {
        let is_end = self.next.is_some() && self.doubt.is_none();
        (is_end && (self.lanes > self.fewest || self.is_flat)).then_some(self.lanes)
    }
}

impl OverSerial {
    fn of(curve: &Curve, knee: &CurvePoint) -> Self {
        let Some(serial) = curve.serial else { return Self::Unknown };
        let speed_up = |point: &CurvePoint| Some(serial.over(&point.time_us)?.times(point.copies));
        if speed_up(knee).is_some_and(|speed_up| speed_up.lo > 1.0) {
            return Self::Faster;
        }
        let is_not_faster = |point: &CurvePoint| speed_up(point).is_some_and(|s| s.hi <= 1.0 + MARGIN);
        if curve.points.iter().all(is_not_faster) { Self::NotFaster } else { Self::Open }
    }
}

/// The speed-up of `to` over that of `from`.
fn gain(from: &CurvePoint, to: &CurvePoint) -> Option<Estimate> {
    Some(from.time_us.over(&to.time_us)?.times(to.copies / from.copies))
}

impl fmt::Display for Knee {
    /// "stops gaining at 4 of 8 cores". Lanes beyond the cores are spoken of only if they gain, or may.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { lanes, fewest, next, doubt, of, of_cores, .. } = *self;
        let within = |other: Option<u32>| other.is_some_and(|other| other <= of);
        let what = match (of_cores, of) {
            (true, 1) => "core",
            (true, _) => "cores",
            (false, _) => "lanes",
        };
        if lanes == fewest && within(doubt) {
            f.write_str("can’t tell")
        } else if lanes == fewest {
            f.write_str("never gains")
        } else if self.over_serial == OverSerial::NotFaster {
            f.write_str("never faster than serial")
        } else if self.over_serial == OverSerial::Open {
            f.write_str("can’t tell")
        } else if lanes > of {
            write!(f, "gains up to {lanes} lanes, beyond the {of} {what} that are reported")
        } else if doubt.is_some() {
            write!(f, "gains up to {lanes} of {of} {what} at least")
        } else if within(next) {
            write!(f, "stops gaining at {lanes} of {of} {what}")
        } else {
            write!(f, "gains up to {lanes} of {of} {what}")
        }
    }
}
