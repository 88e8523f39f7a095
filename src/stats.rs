//! Medians and what is known of them.
//!
//! Noise only ever adds time, so times are skewed and a few are far off: the median says what a
//! trial usually takes, and its interval comes from the bootstrap (Efron, *Bootstrap methods:
//! another look at the jackknife*, 1979), which presumes no shape of the distribution. Criterion's
//! book describes the same approach for benchmarks (*Analysis process*).

mod steps;

use serde::{Deserialize, Serialize};

pub use steps::Steps;

/// A figure with its interval of 95 %.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// The figure.
    pub value: f64,
    /// The lower end of its interval.
    pub lo: f64,
    /// The upper end of its interval.
    pub hi: f64,
}

impl Estimate {
    /// Whether neither end of the interval is further from the figure than `part` of it.
    pub fn is_within(&self, part: f64) -> bool {
        (self.hi - self.value).max(self.value - self.lo) <= part * self.value
    }

    /// The figure and its interval, `factor` times.
    pub fn times(&self, factor: f64) -> Self {
        Self { value: factor * self.value, lo: factor * self.lo, hi: factor * self.hi }
    }

    /// How many times this is `other`, of which nothing but the figures is known; `None` where an interval
    /// touches zero.
    ///
    /// The two must be independent. Their intervals are put together on a log scale, by the method of
    /// variance estimates recovery (Zou and Donner, *Construction of confidence limits about effect
    /// measures: a general approach*, 2008). Two of 95 % make one of 95 %.
    pub fn over(self, other: Self) -> Option<Self> {
        if self.lo <= 0.0 || other.lo <= 0.0 || !self.hi.is_finite() || !other.hi.is_finite() {
            return None;
        }
        let value = self.value / other.value;
        let down = (self.value / self.lo).ln().hypot((other.hi / other.value).ln());
        let up = (self.hi / self.value).ln().hypot((other.value / other.lo).ln());
        Some(Self { value, lo: value * (-down).exp(), hi: value * up.exp() })
    }
}

/// The fewest samples that an interval of 95 % can be had from, whatever their distribution: all
/// `n` samples lie on one side of the true median with probability 2 · 2⁻ⁿ, so even from the least
/// to the greatest they cover it with probability 1 − 2¹⁻ⁿ only, which is 0.94 for five.
pub const FEWEST_SAMPLES: usize = 6;

/// A difference that nobody would call one: the precision to which an experiment measures.
pub const MARGIN: f64 = 0.05;

/// Resamples for a small number of samples; the ends of the interval are then the 26th from either end.
const RESAMPLES: usize = 1_000;
/// Fewer resamples do for many samples, whose interval is narrow: an estimate takes about a millisecond.
const FEWEST_RESAMPLES: usize = 200;
const MOST_DRAWS: usize = 50_000;

/// A median, and the medians of the resamples that its interval is read from.
///
/// It depends on the samples alone, not on their order: the same samples have the same interval.
#[derive(Clone, Debug)]
pub struct Median {
    estimate: Estimate,
    /// Empty for fewer than [`FEWEST_SAMPLES`].
    resampled: Vec<f64>,
}

impl Median {
    /// The median of the finite ones among `samples`; `None` if there is none.
    pub fn of(samples: &[f64]) -> Option<Self> {
        let sorted = sorted(samples);
        let value = median_of_sorted(&sorted)?;
        if sorted.len() < FEWEST_SAMPLES {
            let estimate = Estimate { value, lo: sorted[0], hi: sorted[sorted.len() - 1] };
            return Some(Self { estimate, resampled: Vec::new() });
        }
        let resampled = resampled_medians(&sorted);
        let estimate = percentile_interval(value, &mut resampled.clone());
        Some(Self { estimate, resampled })
    }

    /// The median with its interval: the bootstrap's 2.5 and 97.5 percentiles.
    ///
    /// With fewer than [`FEWEST_SAMPLES`] it reaches from the least sample to the greatest and is
    /// *not* one of 95 %; a single sample has nothing around it. Show the number of samples with it.
    pub fn estimate(&self) -> Estimate {
        self.estimate
    }

    /// The medians of the resamples, in the order in which they were drawn; empty for fewer than
    /// [`FEWEST_SAMPLES`]. Equal numbers of samples were resampled by equal draws.
    pub(crate) fn resampled(&self) -> &[f64] {
        &self.resampled
    }

    /// How many times this median is `other`, with the interval of the ratio; `None` if `other` or
    /// its interval touches zero, as with times that are too short for the clock.
    ///
    /// The samples of the two must be independent, and none negative. Where either has fewer than
    /// [`FEWEST_SAMPLES`], the ratio is as uncertain as the ends of both intervals make it.
    pub fn over(&self, other: &Self) -> Option<Estimate> {
        let (a, b) = (self.estimate, other.estimate);
        if b.lo <= 0.0 {
            return None;
        }
        let value = a.value / b.value;
        let ratio = if self.resampled.is_empty() || other.resampled.is_empty() {
            Estimate { value, lo: a.lo / b.hi, hi: a.hi / b.lo }
        } else {
            // Equal numbers of samples were resampled by equal draws. Each resample meets the
            // other's next one, so that the two are independent all the same.
            let count = self.resampled.len().max(other.resampled.len());
            let numerators = self.resampled.iter().cycle();
            let denominators = other.resampled.iter().cycle().skip(1);
            let mut ratios: Vec<f64> = numerators
                .zip(denominators)
                .take(count)
                .map(|(a, b)| a / b)
                .filter(|r| r.is_finite())
                .collect();
            if ratios.len() < count {
                return None;
            }
            percentile_interval(value, &mut ratios)
        };
        (ratio.value.is_finite() && ratio.lo.is_finite() && ratio.hi.is_finite()).then_some(ratio)
    }
}

/// How many times the times of `above` are those of `below`, each with the round that it was measured in, in
/// the order of the rounds.
///
/// It is the median of the rounds' own ratios. Whatever slows a machine down for longer than a round (its clock
/// rate, another program) slows both, and is not in their ratio: a round is a block, and the times in it are a
/// pair (Fisher, *The Design of Experiments*, 1935).
///
/// Verdicts rest on these intervals, and the bootstrap's are too narrow for a median of few: of those from eight
/// rounds one in ten missed the truth. So the ends lie between order statistics, where the sign test has them
/// ([`order_interval`]); they miss in one of twenty, whatever the noise. With fewer than [`FEWEST_SAMPLES`] they are the
/// least and the greatest.
///
/// `None` where a time of `below` is too short for the clock, and where both have [`FEWEST_SAMPLES`] but too
/// few of them in the same rounds.
pub fn ratio_by_rounds(above: &[(u32, f64)], below: &[(u32, f64)]) -> Option<Estimate> {
    let above_in = |round| above.binary_search_by_key(&round, |&(round, _)| round).map(|at| above[at].1);
    let ratios: Vec<f64> =
        below.iter().filter_map(|&(round, time)| Some(above_in(round).ok()? / time)).collect();
    let is_known = ratios.iter().all(|ratio| ratio.is_finite())
        && ratios.len() >= FEWEST_SAMPLES.min(above.len()).min(below.len());
    let ratios = sorted(&ratios);
    median_of_sorted(&ratios).filter(|_| is_known).map(|value| order_interval(value, &ratios))
}

/// The median of the finite ones among `samples`, without an interval.
pub fn median(samples: &[f64]) -> Option<f64> {
    median_of_sorted(&sorted(samples))
}

/// How many of the finite samples lie outside Tukey's fences: more than 1.5 interquartile ranges
/// below the first quartile or above the third (Tukey, *Exploratory Data Analysis*, 1977).
///
/// What lies within one `step` of the clock of a quartile is none: samples that are equal by the clock differ by a
/// step now and then. Where the step is not known it is 0.
pub fn outliers(samples: &[f64], step: f64) -> u32 {
    let sorted = sorted(samples);
    let (Some(first), Some(third)) = (quantile(&sorted, 0.25), quantile(&sorted, 0.75)) else { return 0 };
    // A little more, as times in steps are differences of times, which are rounded.
    let reach = (1.5 * (third - first)).max(1.01 * step);
    sorted.iter().filter(|&&x| x < first - reach || x > third + reach).count() as u32
}

fn sorted(samples: &[f64]) -> Vec<f64> {
    let mut sorted: Vec<f64> = samples.iter().copied().filter(|x| x.is_finite()).collect();
    sorted.sort_unstable_by(f64::total_cmp);
    sorted
}

fn median_of_sorted(sorted: &[f64]) -> Option<f64> {
    let n = sorted.len();
    (n > 0).then(|| f64::midpoint(sorted[(n - 1) / 2], sorted[n / 2]))
}

/// The quantile by straight lines between the samples (type 7 of Hyndman and Fan, *Sample
/// quantiles in statistical packages*, 1996), as R, NumPy and spreadsheets have it.
fn quantile(sorted: &[f64], part: f64) -> Option<f64> {
    let last = sorted.len().checked_sub(1)?;
    let place = part * last as f64;
    let below = place as usize;
    let above = (below + 1).min(last);
    Some(sorted[below] + (place - below as f64) * (sorted[above] - sorted[below]))
}

/// The interval of 95 % of the median of `sorted` by interpolated order statistics (Hettmansperger and Sheather,
/// *Confidence intervals based on interpolated order statistics*, 1986).
///
/// From the k-th least sample to the k-th greatest the median lies with a probability that the sign test gives for any
/// distribution. No k has exactly 95 %, so the ends are put between the two that have more and less.
fn order_interval(value: f64, sorted: &[f64]) -> Estimate {
    let n = sorted.len();
    let ends = |k: usize| (sorted[k - 1], sorted[n - k]);
    let (mut beyond, mut ways) = (0.0, 0.5_f64.powi(n as i32));
    // How clearly the median lies between the k-th least and the k-th greatest.
    let mut confidence = 1.0;
    for k in 1..=n / 2 {
        beyond += ways;
        ways *= (n - k + 1) as f64 / k as f64;
        let (wider, within) = (confidence, 1.0 - 2.0 * beyond);
        if within < 0.95 {
            if k == 1 {
                break;
            }
            let part = (wider - 0.95) / (wider - within);
            let (n, k) = (n as f64, (k - 1) as f64);
            let weight = (n - k) * part / (k + (n - 2.0 * k) * part);
            let (outer, inner) = (ends(k as usize), ends(k as usize + 1));
            let between = |outer: f64, inner: f64| outer + weight * (inner - outer);
            return Estimate { value, lo: between(outer.0, inner.0), hi: between(outer.1, inner.1) };
        }
        confidence = within;
    }
    Estimate { value, lo: sorted[0], hi: sorted[n - 1] }
}

/// The medians of resamples, in the order in which they were drawn.
///
/// A resample is kept as how often each sample was drawn: its median is then found by walking up
/// the sorted samples, without sorting it.
fn resampled_medians(sorted: &[f64]) -> Vec<f64> {
    let n = sorted.len();
    let (lower, upper) = ((n - 1) / 2, n / 2);
    let mut rng = fastrand::Rng::with_seed(n as u64);
    let mut times_drawn = vec![0_usize; n];
    let mut resampled_median = || {
        times_drawn.fill(0);
        for _ in 0..n {
            // Drawn as `u32`, because `usize` would draw other numbers in wasm than on the host.
            times_drawn[rng.u32(..n as u32) as usize] += 1;
        }
        let at = |place: usize| {
            let mut seen = 0;
            let rank = times_drawn.iter().position(|times| {
                seen += times;
                seen > place
            });
            sorted[rank.unwrap_or(n - 1)]
        };
        let low = at(lower);
        if upper == lower { low } else { f64::midpoint(low, at(upper)) }
    };
    let count = (MOST_DRAWS / n).clamp(FEWEST_RESAMPLES, RESAMPLES);
    (0..count).map(|_| resampled_median()).collect()
}

/// `value` with the middle 95 % of `resampled`, widened to `value` if it should lie beside them.
pub(crate) fn percentile_interval(value: f64, resampled: &mut [f64]) -> Estimate {
    let cut = resampled.len() / 40;
    let top = resampled.len() - 1 - cut;
    let (_, &mut lo, above) = resampled.select_nth_unstable_by(cut, f64::total_cmp);
    let (_, &mut hi, _) = above.select_nth_unstable_by(top - cut - 1, f64::total_cmp);
    Estimate { value, lo: lo.min(value), hi: hi.max(value) }
}

#[cfg(test)]
pub(crate) mod tests;
