//! The price of an option by simulation (Monte Carlo): random numbers and functions of them, with
//! hardly any data.

use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::SeedableRng;
use serde::{Deserialize, Serialize};

use super::normal::normal_pair;
use super::{Description, Kernel, Request, Workload, fold};
use crate::domain::{Size, Stopped};
use crate::job::{Checkpoint, Inputs};

/// How many tasks a size is divided into.
const TASKS: usize = 64;

/// Pairs of paths between two checkpoints: some 30 µs.
const STRIDE: u32 = 1_024;

/// What a share costs today.
pub const SPOT: f64 = 100.0;
/// What the option lets one buy it for in a year.
pub const STRIKE: f64 = 105.0;
/// The interest without risk, a year.
pub const RATE: f64 = 0.03;
/// The deviation of the share's logarithm, a year.
pub const VOLATILITY: f64 = 0.2;

/// The price of a European call option, as the mean over many random ends of a share's path.
#[derive(Clone, Copy, Debug)]
pub struct Simulation;

/// The pairs of paths that a task simulates.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paths {
    /// Where its random numbers begin: 2¹²⁸ draws behind those of the task before it, so that no
    /// two tasks see the same ones.
    pub stream: Xoshiro256PlusPlus,
    /// How many pairs there are.
    pub pairs: u32,
}

/// What is left of some paths.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Payoffs {
    /// How many there were.
    pub count: u32,
    /// Their sum.
    pub sum: f64,
    /// The sum of their squares.
    pub squares: f64,
}

impl Kernel for Simulation {
    type Shared = ();
    type Task = Paths;
    type Output = Payoffs;

    fn units(paths: &Paths) -> u32 {
        paths.pairs
    }

    fn run<C: Checkpoint>(_: &(), paths: &Paths, checkpoint: &mut C) -> Result<Payoffs, Stopped> {
        let mut rng = paths.stream.clone();
        let mut payoffs = Payoffs { count: 0, sum: 0.0, squares: 0.0 };
        let mut left = paths.pairs;
        while left > 0 {
            let pairs = left.min(STRIDE);
            for _ in 0..pairs {
                let [one, other] = normal_pair(&mut rng);
                payoffs.add(payoff(one));
                payoffs.add(payoff(other));
            }
            left -= pairs;
            checkpoint.tick(pairs)?;
        }
        Ok(payoffs)
    }
}

impl Workload for Simulation {
    const DESCRIPTION: Description = Description {
        name: "simulation",
        what: "Prices an option by the mean of random outcomes; every task has random numbers of its own.",
        python: "fmean(max(0, s * exp(drift + sigma * rng.gauss()) - k) for _ in range(12_800_000))",
        sizes: ["256,000 paths", "12.8 million paths", "128 million paths"],
    };

    fn inputs(request: &Request) -> Inputs<Self> {
        let pairs = match request.size {
            Size::S => 2_000,
            Size::M => 100_000,
            Size::L => 1_000_000,
        };
        let mut stream = Xoshiro256PlusPlus::seed_from_u64(request.seed);
        let mut next = || {
            let paths = Paths { stream: stream.clone(), pairs };
            stream.jump();
            paths
        };
        Inputs::new((), (0..TASKS).map(|_| next()).collect())
    }

    fn checksum(outputs: &[Payoffs]) -> u64 {
        fold(outputs.iter().flat_map(|payoffs| [payoffs.sum.to_bits(), payoffs.squares.to_bits()]))
    }
}

/// What the option is worth after a year when the share's path ends `normal` deviations off its
/// mean (geometric Brownian motion).
#[inline]
fn payoff(normal: f64) -> f64 {
    const DRIFT: f64 = RATE - VOLATILITY * VOLATILITY / 2.0;
    let gain = SPOT * libm::exp(DRIFT + VOLATILITY * normal) - STRIKE;
    // The gain or zero, without a branch that would go wrong every other time.
    (gain + gain.abs()) / 2.0
}

impl Payoffs {
    #[inline]
    fn add(&mut self, payoff: f64) {
        self.count += 1;
        self.sum += payoff;
        self.squares += payoff * payoff;
    }

    /// The option's price, which is the mean payoff in today's money, and its standard error.
    pub fn price(outputs: &[Payoffs]) -> (f64, f64) {
        let count: f64 = outputs.iter().map(|payoffs| f64::from(payoffs.count)).sum();
        let mean = outputs.iter().map(|payoffs| payoffs.sum).sum::<f64>() / count;
        let square = outputs.iter().map(|payoffs| payoffs.squares).sum::<f64>() / count;
        let today = libm::exp(-RATE);
        (mean * today, ((square - mean * mean) / count).sqrt() * today)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::job::Unchecked;

    /// The option's exact price (Black and Scholes, 1973).
    fn closed_form() -> f64 {
        let normal_below = |x: f64| libm::erfc(-x / f64::sqrt(2.0)) / 2.0;
        let upper = (libm::log(SPOT / STRIKE) + RATE) / VOLATILITY + VOLATILITY / 2.0;
        SPOT * normal_below(upper) - STRIKE * libm::exp(-RATE) * normal_below(upper - VOLATILITY)
    }

    #[test]
    fn the_price_is_within_four_standard_errors_of_the_closed_form() {
        for seed in 1..=5 {
            let inputs = Simulation::inputs(&Request::new(Size::S, seed));
            let run = |paths| Simulation::run(&(), paths, &mut Unchecked).unwrap();
            let outputs: Vec<Payoffs> = inputs.tasks.iter().map(run).collect();
            let (price, error) = Payoffs::price(&outputs);
            assert!((price - closed_form()).abs() < 4.0 * error, "{price} ± {error}, not {}", closed_form());
            assert!(error < 0.03, "{error}");
        }
    }

    #[test]
    fn every_task_has_random_numbers_of_its_own() {
        let inputs = Simulation::inputs(&Request::new(Size::S, 1));
        let mut firsts: Vec<_> = inputs
            .tasks
            .iter()
            .map(|paths| normal_pair(&mut paths.stream.clone()).map(f64::to_bits))
            .collect();
        firsts.sort_unstable();
        firsts.dedup();
        assert_eq!(firsts.len(), TASKS);
    }
}
