//! Where more lanes stop helping, in words.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Curve, CurvePoint};
use crate::stats::{Estimate, MARGIN};

/// Where more lanes stop helping.
///
/// From the fewest lanes on, the knee moves to the next lane count whose speed-up is surely above
/// that of the knee so far: the whole interval of their ratio lies above one by more than
/// [`MARGIN`]. A larger lane count whose whole interval lies below that surely adds nothing; any
/// other leaves it in doubt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Knee {
    /// The most lanes that surely gain something over fewer; the fewest of all if none do.
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
}

impl Knee {
    /// The knee of `curve` on a machine that reports so many `cores`; `None` with fewer than two
    /// lane counts.
    pub fn of(curve: &Curve, cores: Option<u32>) -> Option<Self> {
        let [first, .., last] = curve.points.as_slice() else { return None };
        let (mut knee, mut doubt) = (first, None);
        for point in &curve.points[1..] {
            match gain(knee, point) {
                Some(ratio) if ratio.lo > 1.0 + MARGIN => (knee, doubt) = (point, None),
                Some(ratio) if ratio.hi <= 1.0 + MARGIN => {}
                _ => doubt = doubt.or(Some(point.lanes)),
            }
        }
        Some(Self {
            lanes: knee.lanes,
            fewest: first.lanes,
            next: curve.points.iter().map(|point| point.lanes).find(|&lanes| lanes > knee.lanes),
            doubt,
            of: cores.unwrap_or(last.lanes),
            of_cores: cores.is_some(),
        })
    }

    /// The lanes at which the curve ends to rise; `None` if it may rise further.
    pub fn end(&self) -> Option<u32> {
        (self.next.is_some() && self.doubt.is_none()).then_some(self.lanes)
    }
}

/// The speed-up of `to` over that of `from`.
fn gain(from: &CurvePoint, to: &CurvePoint) -> Option<Estimate> {
    Some(from.time_us.over(to.time_us)?.times(to.copies / from.copies))
}

impl fmt::Display for Knee {
    /// "stops gaining at 4 of 8 cores". Lanes beyond the cores are spoken of only if they gain.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { lanes, fewest, next, doubt, of, of_cores } = *self;
        let within = |other: Option<u32>| other.is_some_and(|other| other <= of);
        let what = match (of_cores, of) {
            (true, 1) => "core",
            (true, _) => "cores",
            (false, _) => "lanes",
        };
        if lanes > of {
            write!(f, "gains up to {lanes} lanes, beyond the {of} {what} that are reported")
        } else if lanes == fewest && within(doubt) {
            f.write_str("can’t tell")
        } else if lanes == fewest {
            f.write_str("never gains")
        } else if within(doubt) {
            write!(f, "gains up to {lanes} of {of} {what} at least")
        } else if within(next) {
            write!(f, "stops gaining at {lanes} of {of} {what}")
        } else {
            write!(f, "gains up to {lanes} of {of} {what}")
        }
    }
}
