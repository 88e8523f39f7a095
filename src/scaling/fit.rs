//! The laws of scaling, fitted to a curve by least squares.
//!
//! With one more name for their scale, the laws are linear in what is not known, and no part of a
//! time is negative. So a fit is the best among the few ways to set some parts to zero, each of
//! which has a closed form. What is made small is the sum of squares of the *relative* errors, as
//! the noise of a time is a part of it: a short time counts as much as a long one.
//!
//! The intervals are the bootstrap's: the law is fitted again to each row of resampled medians.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Curve, CurvePoint};
use crate::domain::Scaling;
use crate::format;
use crate::stats::{Estimate, percentile_interval};

/// A law that knows of work that is not divided, and of nothing else that lanes cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Law {
    /// T(N) = T(1) · (s + (1 − s) / N), for work that stays the same (Amdahl, *Validity of the single
    /// processor approach to achieving large scale computing capabilities*, 1967). From two lane
    /// counts it is the measure of Karp and Flatt (*Measuring parallel processor performance*, 1990).
    Amdahl,
    /// S(N) = N − s · (N − 1), for work that grows with the lanes (Gustafson, *Reevaluating Amdahl's
    /// law*, 1988).
    Gustafson,
}

/// What part of the work is not divided, by the law that fits the experiment.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct SerialFraction {
    /// The law.
    pub law: Law,
    /// The part, from 0 for a perfect division to 1 for none.
    pub fraction: Estimate,
    /// The fitted speed-up of one lane of the model: what the model itself costs.
    pub one_lane: f64,
}

/// The Universal Scalability Law: S(N) = S(1) · N / (1 + σ(N − 1) + κN(N − 1)) (Gunther, *Guerrilla
/// Capacity Planning*, 2007).
///
/// That is the law while every lane has a core. Lanes beyond the cores add none to what is divided,
/// though they wait for each other all the same: the law's own N would take missing cores for
/// coherency, and find a lot of it in a curve that is perfect up to the cores and flat beyond.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Usl {
    /// σ, what lanes wait for each other: the part of the work that is not divided, from 0 to 1.
    pub contention: Estimate,
    /// κ, what each pair of lanes costs: the reason that more lanes may be slower. Zero or more.
    pub coherency: Estimate,
    /// The fitted speed-up of one lane of the model.
    pub one_lane: f64,
    /// The cores that lanes share; `None` where they are not known.
    pub cores: Option<u32>,
}

impl SerialFraction {
    /// The fit to `curve` up to `cores` lanes, or at all lanes where these are not known; `None`
    /// with fewer than two lane counts.
    pub fn of(curve: &Curve, cores: Option<u32>) -> Option<Self> {
        let of_cores = |point: &&CurvePoint| cores.is_none_or(|cores| point.lanes <= cores);
        let points: Vec<CurvePoint> = curve.points.iter().filter(of_cores).copied().collect();
        // Both are written for a part that is divided and one that is not; the second coefficient's
        // share is then the fraction.
        let (law, fitted) = match curve.scaling {
            Scaling::Strong => (Law::Amdahl, fit(&points, |lanes, us| [1.0 / (lanes * us), 1.0 / us])),
            Scaling::Weak => (Law::Gustafson, fit(&points, |lanes, us| [lanes * us, us])),
        };
        let Fitted { coefficients, resampled } = fitted?;
        let fraction_of = |[divided, serial]: [f64; 2]| serial / (divided + serial);
        let scale = coefficients[0] + coefficients[1];
        let one_lane_us = if law == Law::Amdahl { scale } else { 1.0 / scale };
        Some(Self {
            law,
            fraction: estimate(coefficients, &resampled, fraction_of)?,
            one_lane: one_lane(curve, one_lane_us),
        })
    }

    /// The speed-up over serial that the law gives for `lanes`.
    pub fn speed_up(&self, lanes: f64) -> f64 {
        let serial = self.fraction.value;
        self.one_lane
            * match self.law {
                Law::Amdahl => 1.0 / (serial + (1.0 - serial) / lanes),
                Law::Gustafson => lanes - serial * (lanes - 1.0),
            }
    }
}

impl Usl {
    /// The fit to all lanes of `curve` on so many `cores`; `None` with fewer than three lane counts,
    /// or if times are so wild that the law explains them best by work that takes no time.
    pub fn of(curve: &Curve, cores: Option<u32>) -> Option<Self> {
        // The time of one copy is T(1) · ((1 − σ) / N + σ + κ(N − 1)).
        let row = |lanes, us| [1.0 / (at_once(lanes, cores) * us), 1.0 / us, (lanes - 1.0) / us];
        let Fitted { coefficients, resampled } = fit(&curve.points, row)?;
        let contention_of = |[divided, waits, _]: [f64; 3]| waits / (divided + waits);
        let coherency_of = |[divided, waits, pairs]: [f64; 3]| pairs / (divided + waits);
        Some(Self {
            contention: estimate(coefficients, &resampled, contention_of)?,
            coherency: estimate(coefficients, &resampled, coherency_of)?,
            one_lane: one_lane(curve, coefficients[0] + coefficients[1]),
            cores,
        })
    }

    /// The speed-up over serial that the law gives for `lanes`.
    pub fn speed_up(&self, lanes: f64) -> f64 {
        let (contention, coherency) = (self.contention.value, self.coherency.value);
        let divided = (1.0 - contention) / at_once(lanes, self.cores);
        self.one_lane / (divided + contention + coherency * (lanes - 1.0))
    }

    /// The lanes at which the law's curve is highest, √((1 − σ) / κ) and no more than the cores;
    /// `None` if it never bends down.
    pub fn peak(&self) -> Option<f64> {
        let lanes = ((1.0 - self.contention.value) / self.coherency.value).sqrt();
        lanes.is_finite().then(|| at_once(lanes.max(1.0), self.cores))
    }
}

/// How many of `lanes` have a core.
fn at_once(lanes: f64, cores: Option<u32>) -> f64 {
    cores.map_or(lanes, |cores| lanes.min(cores.into()))
}

/// Half of what a median has do for a fit, which takes longer; the ends of the interval are then the
/// 13th from either end.
const MOST_RESAMPLES: usize = 500;

/// What is fitted: the coefficients, and those of every resample.
struct Fitted<const K: usize> {
    coefficients: [f64; K],
    resampled: Vec<[f64; K]>,
}

/// Fits Σ cⱼ · rowⱼ = 1 to `points`, where `row` is made of the lanes and of the time of one copy.
fn fit<const K: usize>(points: &[CurvePoint], row: impl Fn(f64, f64) -> [f64; K]) -> Option<Fitted<K>> {
    if points.len() < K {
        return None;
    }
    let row = |point: &CurvePoint, us: f64| row(point.lanes.into(), us / point.copies);
    let rows = points.iter().map(|point| row(point, point.time_us.median.estimate().value));
    let coefficients = least_squares(rows)?;
    // Equal numbers of samples were resampled by equal draws: each point takes another one of its
    // resamples, so that they are independent all the same.
    let resample = |draw: usize| {
        let rows = points.iter().enumerate().map(|(i, point)| {
            let medians = point.time_us.median.resampled();
            row(point, medians[(draw + i) % medians.len()])
        });
        least_squares(rows)
    };
    let count = points.iter().map(|point| point.time_us.median.resampled().len()).max()?.min(MOST_RESAMPLES);
    let resampled: Option<Vec<_>> = (0..count).map(resample).collect();
    Some(Fitted { coefficients, resampled: resampled? })
}

fn estimate<const K: usize>(
    coefficients: [f64; K],
    resampled: &[[f64; K]],
    parameter: impl Fn([f64; K]) -> f64,
) -> Option<Estimate> {
    let value = parameter(coefficients);
    let mut values: Vec<f64> = resampled.iter().map(|&coefficients| parameter(coefficients)).collect();
    let is_known = value.is_finite() && values.iter().all(|value| value.is_finite());
    is_known.then(|| percentile_interval(value, &mut values))
}

/// The speed-up of one lane, or 1 where there is no serial time to compare it with.
fn one_lane(curve: &Curve, one_lane_us: f64) -> f64 {
    curve.serial.map_or(1.0, |serial| serial.median.estimate().value / one_lane_us)
}

/// The coefficients, none below zero, that make Σ (row · c − 1)² smallest.
///
/// At the smallest, some coefficients are zero and the others those of plain least squares (Lawson
/// and Hanson, *Solving Least Squares Problems*, 1974). With three at most, all choices are tried.
fn least_squares<const K: usize>(rows: impl Iterator<Item = [f64; K]>) -> Option<[f64; K]> {
    let mut products = [[0.0; K]; K];
    let mut sums = [0.0; K];
    for row in rows {
        for i in 0..K {
            sums[i] += row[i];
            for j in 0..K {
                products[i][j] += row[i] * row[j];
            }
        }
    }
    // Of the squares' sum, only this part depends on the coefficients once they are a solution.
    let explained = |c: &[f64; K]| (0..K).map(|i| sums[i] * c[i]).sum::<f64>();
    let solve = |chosen: u32| {
        let solution = solve(products, sums, chosen)?;
        solution.iter().all(|&c| c >= 0.0).then_some(solution)
    };
    let all = (1 << K) - 1;
    // If nothing is below zero there is nothing better.
    solve(all).or_else(|| (1..all).filter_map(solve).max_by(|a, b| explained(a).total_cmp(&explained(b))))
}

/// Solves the equations of the unknowns whose bit is `chosen`, the others being zero, by
/// elimination; `None` if they do not say enough.
fn solve<const K: usize>(mut left: [[f64; K]; K], mut right: [f64; K], chosen: u32) -> Option<[f64; K]> {
    /// What is left of an unknown that another one says as well, as a part of what there was.
    const NOTHING: f64 = 1e-12;
    for i in 0..K {
        if chosen & (1 << i) == 0 {
            left[i] = [0.0; K];
            right[i] = 0.0;
            left.iter_mut().for_each(|row| row[i] = 0.0);
            left[i][i] = 1.0;
        }
    }
    let whole: [f64; K] = std::array::from_fn(|i| left[i][i]);
    for i in 0..K {
        let says_enough = left[i][i] > NOTHING * whole[i];
        if !says_enough {
            return None;
        }
        for below in i + 1..K {
            let (part, above) = (left[below][i] / left[i][i], left[i]);
            left[below].iter_mut().zip(above).for_each(|(cell, above)| *cell -= part * above);
            right[below] -= part * right[i];
        }
    }
    for i in (0..K).rev() {
        let known: f64 = (i + 1..K).map(|j| left[i][j] * right[j]).sum();
        right[i] = (right[i] - known) / left[i][i];
    }
    Some(right)
}

impl fmt::Display for SerialFraction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let law = match self.law {
            Law::Amdahl => "Amdahl",
            Law::Gustafson => "Gustafson",
        };
        write!(f, "{} of the work is not divided ({law}’s law)", parameter(self.fraction))
    }
}

impl fmt::Display for Usl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (contention, coherency) = (parameter(self.contention), parameter(self.coherency));
        write!(f, "contention σ {contention}, coherency κ {coherency} (Universal Scalability Law)")
    }
}

fn parameter(estimate: Estimate) -> String {
    let Estimate { value, lo, hi } = estimate;
    format!("{} ({})", format::percent_exact(value), format::percent_exact_interval(lo, hi))
}
