//! Reports beside each other: which of their differences are real, and which the intervals cannot tell.
//!
//! A difference is a ratio with an interval. The two figures were measured on machines, or at times, that
//! know nothing of each other, and a report has their intervals only, so the interval of the ratio is put
//! together from those ([`Estimate::over`]). It says *alike* when the whole interval lies within [`MARGIN`] of one, *more* or *less* when one lies outside of it, and
//! *cannot be told* otherwise; with fewer than [`FEWEST_SAMPLES`] samples on either side nothing is said.

mod caution;

use std::fmt;

use strum::{IntoStaticStr, VariantArray};

use super::{Report, ReportPoint};
use crate::domain::{Model, Point};
use crate::experiment::{Compared, Experiment, SETTINGS, Setting};
use crate::format;
use crate::stats::{Estimate, FEWEST_SAMPLES, MARGIN};
pub use caution::{Caution, cautions};

/// A figure in which machines are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "kebab-case")]
pub enum Quantity {
    /// The time of the workload on one lane, in µs.
    SingleLane,
    /// The largest speed-up of all points.
    BestSpeedUp,
    /// The largest speed-up at as many lanes as there are cores, as a part of it.
    Efficiency,
    /// The time of threads under the GIL over that of threads without one, at the most lanes that have a core.
    GilCost,
    /// How long one process takes until it waits for work, in µs.
    SpawnCost,
}

/// What a report says of a quantity.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Value {
    /// The figure.
    pub estimate: Estimate,
    /// The point that it was found at, where it could be another one.
    pub at: Option<Point>,
    /// The fewest samples that it rests on; `None` for costs, which are measured by themselves.
    pub samples: Option<u32>,
}

impl Quantity {
    /// Every quantity, in the order of the table.
    pub const ALL: &[Self] = Self::VARIANTS;

    /// Its name in attributes.
    pub fn id(self) -> &'static str {
        self.into()
    }

    /// Its name for people.
    pub const fn name(self) -> &'static str {
        match self {
            Quantity::SingleLane => "Single lane",
            Quantity::BestSpeedUp => "Best speed-up",
            Quantity::Efficiency => "Efficiency at the cores",
            Quantity::GilCost => "Cost of the GIL",
            Quantity::SpawnCost => "Start of a process",
        }
    }

    /// A figure for people.
    pub fn write(self, value: f64) -> String {
        match self {
            Quantity::SingleLane | Quantity::SpawnCost => format::duration(value),
            Quantity::BestSpeedUp | Quantity::GilCost => format::ratio(value),
            Quantity::Efficiency => format::percent(value),
        }
    }

    /// An interval for people.
    pub fn write_interval(self, Estimate { lo, hi, .. }: Estimate) -> String {
        match self {
            Quantity::SingleLane | Quantity::SpawnCost => format::duration_interval(lo, hi),
            Quantity::BestSpeedUp | Quantity::GilCost => format::ratio_interval(lo, hi),
            Quantity::Efficiency => format::percent_interval(lo, hi),
        }
    }

    /// What `report` says of it; `None` if it was not measured.
    pub fn of(self, report: &Report) -> Option<Value> {
        let speed_up = |known: &ReportPoint| {
            Some(Value { estimate: known.speed_up?, at: Some(known.point), samples: Some(known.samples) })
        };
        let best = |found: Box<dyn Iterator<Item = Value> + '_>| {
            found.max_by(|a, b| a.estimate.value.total_cmp(&b.estimate.value))
        };
        let parallel = || report.points.iter().filter(|known| known.point.model != Model::Serial);
        match self {
            Self::SingleLane => {
                let serial = report.serial()?;
                Some(Value { estimate: serial.time_us?, at: None, samples: Some(serial.samples) })
            }
            Self::BestSpeedUp => best(Box::new(parallel().filter_map(speed_up))),
            Self::Efficiency => {
                let cores = report.machine.reported_cores?;
                let at_cores = parallel().filter(|known| known.point.lanes == cores);
                let found = best(Box::new(at_cores.filter_map(speed_up)))?;
                Some(Value { estimate: found.estimate.times(1.0 / f64::from(cores)), ..found })
            }
            Self::GilCost => {
                let cores = report.machine.reported_cores.unwrap_or(u32::MAX);
                let with_gil = parallel().filter(|known| known.point.model == Model::ThreadsGil);
                let known = with_gil.filter(|known| known.point.lanes <= cores && known.time_us.is_some());
                let with_gil = known.max_by_key(|known| known.point.lanes)?;
                let without = report.point(Point { model: Model::Threads, ..with_gil.point })?;
                Some(Value {
                    estimate: with_gil.time_us?.over(without.time_us?)?,
                    at: Some(with_gil.point),
                    samples: Some(with_gil.samples.min(without.samples)),
                })
            }
            Self::SpawnCost => Some(Value { estimate: report.spawn_us?, at: None, samples: None }),
        }
    }

    /// How `report` differs from `baseline`; `None` where one of them does not say.
    pub fn difference(self, report: &Report, baseline: &Report) -> Option<Difference> {
        // Times of different work say nothing of the machines.
        if self != Self::SpawnCost && !is_same_work(&report.experiment, &baseline.experiment) {
            return None;
        }
        let (here, there) = (self.of(report)?, self.of(baseline)?);
        let ratio = match self {
            // As fast, rather than as long.
            Self::SingleLane => there.estimate.over(here.estimate)?,
            _ => here.estimate.over(there.estimate)?,
        };
        let has_few = |found: Value| found.samples.is_some_and(|samples| (samples as usize) < FEWEST_SAMPLES);
        let direction =
            if has_few(here) || has_few(there) { Direction::TooFewSamples } else { Direction::of(ratio) };
        Some(Difference { quantity: self, ratio, direction })
    }
}

/// How a figure differs from the baseline's.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Difference {
    /// The quantity.
    pub quantity: Quantity,
    /// The figure over the baseline's; of a time on one lane, the baseline's over it.
    pub ratio: Estimate,
    /// What the interval allows to say.
    pub direction: Direction,
}

/// What an interval allows to say of a difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
pub enum Direction {
    /// There is none that anybody would call one.
    Alike,
    /// The figure is clearly larger.
    More,
    /// The figure is clearly smaller.
    Less,
    /// The interval allows more than one of these.
    CannotTell,
    /// There are too few samples for an interval of 95 %.
    TooFewSamples,
}

impl Direction {
    /// What the interval of a ratio of 95 % allows to say.
    pub fn of(Estimate { lo, hi, .. }: Estimate) -> Self {
        if lo >= 1.0 / (1.0 + MARGIN) && hi <= 1.0 + MARGIN {
            Direction::Alike
        } else if lo > 1.0 {
            Direction::More
        } else if hi < 1.0 {
            Direction::Less
        } else {
            Direction::CannotTell
        }
    }

    /// Its name in attributes.
    pub fn id(self) -> &'static str {
        self.into()
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Estimate { lo, hi, .. } = self.ratio;
        let word = match self.quantity {
            Quantity::SingleLane => "as fast",
            Quantity::SpawnCost => "as long",
            _ => "as much",
        };
        match self.direction {
            Direction::Alike => write!(f, "alike"),
            Direction::More | Direction::Less => write!(f, "{} {word}", format::ratio_interval(lo, hi)),
            Direction::CannotTell => write!(f, "cannot be told ({} {word})", format::ratio_interval(lo, hi)),
            Direction::TooFewSamples => write!(f, "too few samples to tell"),
        }
    }
}

/// What is drawn of reports beside each other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "kebab-case")]
pub enum Reading {
    /// Each against its own serial time.
    #[default]
    SpeedUp,
    /// Each against the serial time of the baseline.
    Normalised,
    /// The time itself, in µs.
    Time,
}

impl Reading {
    /// Every reading, in the order of the switch.
    pub const ALL: &[Self] = Self::VARIANTS;

    /// Its name in attributes.
    pub fn id(self) -> &'static str {
        self.into()
    }

    /// Its name for people.
    pub const fn name(self) -> &'static str {
        match self {
            Reading::SpeedUp => "Speed-up",
            Reading::Normalised => "Normalised",
            Reading::Time => "Time",
        }
    }

    /// What `report` says of `model` at each of its lane counts.
    pub fn curve(self, report: &Report, model: Model, baseline: &Report) -> Vec<(u32, Estimate)> {
        let base_us = baseline.serial().and_then(|serial| serial.time_us);
        let read = |known: &ReportPoint| {
            let copies = f64::from(report.experiment.scaling.copies(known.point.lanes));
            match self {
                Self::SpeedUp => known.speed_up,
                Self::Time => known.time_us,
                Self::Normalised => base_us?.over(known.time_us?).map(|ratio| ratio.times(copies)),
            }
        };
        let of_model = report.points.iter().filter(|known| known.point.model == model);
        of_model.filter_map(|known| Some((known.point.lanes, read(known)?))).collect()
    }
}

/// The models of which some of `reports` has a figure, in their order.
pub fn models_of(reports: &[Report]) -> Vec<Model> {
    let has = |model: &Model| {
        let mut points = reports.iter().flat_map(|report| &report.points);
        points.any(|known| known.point.model == *model && known.time_us.is_some())
    };
    Model::ALL.iter().copied().filter(has).collect()
}

/// Whether the two run the same work, so that their times can be compared.
fn is_same_work(a: &Experiment, b: &Experiment) -> bool {
    let is_of_work = |setting: &&Setting| matches!(setting.compared, Compared::Workload | Compared::Amount);
    !SETTINGS.iter().filter(is_of_work).any(|setting| setting.differs(a, b))
}

#[cfg(test)]
mod tests;
