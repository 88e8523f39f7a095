//! How a model scales: its curve against the two laws of scaling, and where more lanes stop helping.
//!
//! A fit needs its model's times at several lane counts, each from samples enough for an interval of
//! 95 % ([`FEWEST_SAMPLES`]), and at no fewer lane counts than it has parameters to find, its scale
//! included:
//!
//! | fit | lane counts | from |
//! |---|---|---|
//! | serial fraction | up to the cores: the laws know no lanes that wait for a core | two |
//! | Universal Scalability Law | all; what is divided is divided among as many as have a core | three |
//! | knee | all | two |
//!
//! The cores are those that are reported, or as many lanes as clearly gain where these are more.
//!
//! [`FEWEST_SAMPLES`]: crate::stats::FEWEST_SAMPLES

mod fit;
mod knee;

use serde::{Deserialize, Serialize};

use crate::domain::{Model, Scaling};
use crate::stats::{Estimate, Median, ratio_by_rounds};

pub use fit::{Law, SerialFraction, Usl};
pub use knee::{Knee, OverSerial};

/// How one model scales.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct CurveSummary {
    /// The model.
    pub model: Model,
    /// What part of the work is not divided; `None` with fewer than two lane counts up to the cores.
    pub serial_fraction: Option<SerialFraction>,
    /// What lanes cost each other; `None` with fewer than three lane counts.
    pub usl: Option<Usl>,
    /// Where more lanes stop helping.
    pub knee: Knee,
}

impl CurveSummary {
    /// What `curve` of `model` says on a machine that reports so many `cores`; `None` while fewer
    /// than two lane counts have samples enough.
    ///
    /// It takes about a millisecond, so it is asked for once in a round and not after every trial.
    pub fn of(model: Model, curve: &Curve, cores: Option<u32>) -> Option<Self> {
        let knee = Knee::of(curve, cores)?;
        let cores = cores.map(|cores| cores.max(knee.lanes));
        Some(Self {
            model,
            serial_fraction: SerialFraction::of(curve, cores),
            usl: Usl::of(curve, cores),
            knee,
        })
    }
}

/// The cores that were measured: the lanes at which the curve of `threads`, or of `processes` where
/// threads did not run, stops rising.
///
/// It is where the knee of that curve clearly ends ([`Knee::end`]), the same that is said in words. `None` while the
/// curve still rises at the most lanes, and where intervals allow both: then there may be more cores. It is one
/// of the lane counts that were run, and no more than a CPU-bound workload could make use of, so what scales
/// badly shows fewer cores than there are.
pub fn measured_cores(curves: &[CurveSummary]) -> Option<u32> {
    let knee_of = |model| curves.iter().find(|curve| curve.model == model).map(|curve| curve.knee);
    knee_of(Model::Threads).or_else(|| knee_of(Model::Processes))?.end()
}

/// What takes less than this in µs on one lane is too little for several. Handing a trial to processes and taking its
/// answers takes about 3 ms here, which is then an eighth of the time of two lanes.
pub const SMALL_US: f64 = 50_000.0;

/// The times at one lane count.
#[derive(Clone, Copy, Debug)]
pub struct Times<'a> {
    /// Their median.
    pub median: &'a Median,
    /// Each with its round, in the order of the rounds, in µs.
    pub by_round: &'a [(u32, f64)],
}

impl Times<'_> {
    /// How many times these are the `others`, by rounds.
    fn over(&self, others: &Self) -> Option<Estimate> {
        ratio_by_rounds(self.by_round, others.by_round)
    }
}

/// The medians that a model's fits are made from.
#[derive(Clone, Debug)]
pub struct Curve<'a> {
    scaling: Scaling,
    serial: Option<Times<'a>>,
    /// By their lanes, from the fewest on.
    points: Vec<CurvePoint<'a>>,
}

/// The time at one lane count.
#[derive(Clone, Copy, Debug)]
struct CurvePoint<'a> {
    lanes: u32,
    /// How many times the workload is run in that time.
    copies: f64,
    time_us: Times<'a>,
}

impl<'a> Curve<'a> {
    /// The curve of a model whose times are `times_us`, by lanes.
    ///
    /// Where the model was not run with one lane, `serial` stands in for that. Times from too few samples
    /// are left out.
    pub fn new(scaling: Scaling, serial: Option<Times<'a>>, times_us: &[(u32, Times<'a>)]) -> Self {
        let is_known =
            |Times { median, .. }: &Times| median.estimate().lo > 0.0 && !median.resampled().is_empty();
        let at_one =
            serial.filter(|_| times_us.iter().all(|&(lanes, _)| lanes != 1)).map(|serial| (1, serial));
        let mut points: Vec<_> = at_one
            .into_iter()
            .chain(times_us.iter().copied())
            .filter(|(_, times)| is_known(times))
            .map(|(lanes, time_us)| CurvePoint { lanes, copies: scaling.copies(lanes).into(), time_us })
            .collect();
        points.sort_unstable_by_key(|point| point.lanes);
        Self { scaling, serial, points }
    }
}

#[cfg(test)]
mod tests;
