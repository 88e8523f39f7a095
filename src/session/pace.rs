//! How long trials take, and which rounds the time budget still allows.

use std::collections::BTreeMap;

use crate::domain::{Point, Trial};
use crate::experiment::Experiment;

/// How far a session may go beyond its budget for the sake of equal numbers of samples: half of it.
const OVERRUN: f64 = 0.5;

/// What the past trials' times say about those to come. All times are in µs.
///
/// They are the times between a trial's order and its answer, which are a little longer than what
/// a sample measures: the making of inputs, for one, is part of a visitor's wait only.
#[derive(Clone, Debug)]
pub(super) struct Pace {
    min_rounds: u32,
    max_rounds: u32,
    budget_us: f64,
    /// The latest trial of each point. A warm-up stands only until a trial that counts.
    latest_us: BTreeMap<Point, f64>,
}

impl Pace {
    pub fn new(experiment: &Experiment) -> Self {
        Self {
            min_rounds: experiment.min_rounds,
            max_rounds: experiment.max_rounds,
            budget_us: 1_000.0 * f64::from(experiment.budget_ms),
            latest_us: BTreeMap::new(),
        }
    }

    /// Notes that `trial` took `us`.
    pub fn note(&mut self, trial: Trial, us: f64) {
        self.latest_us.insert(trial.point, us);
    }

    /// How long `points` will take, each once: what is not known is taken for the mean of what is,
    /// and `None` if nothing is.
    pub fn forecast_us(&self, points: &[Point]) -> Option<f64> {
        let known: f64 = self.latest_us.values().sum();
        let mean = (!self.latest_us.is_empty()).then(|| known / self.latest_us.len() as f64)?;
        Some(points.iter().map(|point| self.latest_us.get(point).copied().unwrap_or(mean)).sum())
    }

    /// Whether `round`, of `points`, may begin when `elapsed_us` of the budget have passed.
    ///
    /// The fewest rounds always may. Then none is begun once the budget is spent, nor one that is
    /// forecast to end beyond the overrun.
    pub fn allows(&self, round: u32, points: &[Point], elapsed_us: f64) -> bool {
        let end_us = elapsed_us + self.forecast_us(points).unwrap_or(0.0);
        let in_time = elapsed_us < self.budget_us && end_us <= self.limit_us();
        round <= self.min_rounds || (round <= self.max_rounds && in_time)
    }

    /// Whether `round`, which is under way, is to end before its next trial.
    ///
    /// A round is finished even when the budget is spent meanwhile, because figures from equal
    /// numbers of samples are easier to compare; but not when trials take so much longer than
    /// they did that the overrun is used up. The fewest rounds are always finished.
    pub fn cuts(&self, round: u32, elapsed_us: f64) -> bool {
        round > self.min_rounds && elapsed_us > self.limit_us()
    }

    /// How many rounds after `round`, each of `points`, will be run if `round` ends at `end_us` and
    /// no interval becomes certain: the budget's rounds, as certainty cannot be foreseen.
    pub fn rounds_after(&self, round: u32, points: &[Point], end_us: f64) -> u32 {
        let Some(round_us) = self.forecast_us(points) else {
            return self.min_rounds.saturating_sub(round);
        };
        let begin_us = |further: u32| end_us + round_us * f64::from(further - round - 1);
        let allowed = (round + 1..=self.max_rounds)
            .take_while(|&further| self.allows(further, points, begin_us(further)));
        allowed.count() as u32
    }

    fn limit_us(&self) -> f64 {
        self.budget_us * (1.0 + OVERRUN)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Model;

    const POINTS: [Point; 2] =
        [Point { model: Model::Serial, lanes: 1 }, Point { model: Model::Threads, lanes: 2 }];

    /// Two to six rounds within 100 ms, where the second point is not known yet.
    fn pace(first_us: f64) -> Pace {
        let experiment = Experiment { min_rounds: 2, max_rounds: 6, budget_ms: 100, ..Experiment::default() };
        let mut pace = Pace::new(&experiment);
        pace.note(Trial { id: 0, round: 0, point: POINTS[0] }, first_us);
        pace
    }

    #[test]
    fn the_unknown_is_taken_for_the_mean_and_the_latest_counts() {
        let mut pace = pace(10_000.0);
        assert_eq!(pace.forecast_us(&POINTS), Some(20_000.0));
        pace.note(Trial { id: 1, round: 0, point: POINTS[1] }, 6_000.0);
        pace.note(Trial { id: 2, round: 1, point: POINTS[1] }, 5_000.0);
        assert_eq!(pace.forecast_us(&POINTS), Some(15_000.0));
        assert_eq!(Pace::new(&Experiment::default()).forecast_us(&POINTS), None);
    }

    #[test]
    fn rounds_begin_until_the_budget_is_spent_or_would_be_overrun() {
        let pace = pace(10_000.0);
        assert!(pace.allows(3, &POINTS, 99_999.0));
        assert!(!pace.allows(3, &POINTS, 100_000.0), "the budget is spent");
        assert!(pace.allows(2, &POINTS, 900_000.0), "the fewest rounds are always run");
        assert!(!pace.allows(7, &POINTS, 0.0), "the most rounds are run");
        let slow = self::pace(50_000.0);
        assert!(slow.allows(3, &POINTS, 50_000.0));
        assert!(!slow.allows(3, &POINTS, 50_001.0), "it would end beyond the overrun");
    }

    #[test]
    fn a_round_is_cut_only_beyond_the_overrun_and_the_fewest_rounds() {
        let pace = pace(10_000.0);
        assert!(!pace.cuts(3, 150_000.0));
        assert!(pace.cuts(3, 150_001.0));
        assert!(!pace.cuts(2, 900_000.0));
    }

    #[test]
    fn rounds_to_come_are_those_that_begin_within_the_budget() {
        let pace = pace(10_000.0);
        assert_eq!(pace.rounds_after(0, &POINTS, 0.0), 5, "at 0, 20, 40, 60 and 80 ms");
        assert_eq!(pace.rounds_after(3, &POINTS, 60_000.0), 2);
        assert_eq!(pace.rounds_after(3, &POINTS, 0.0), 3, "no more than the most");
        assert_eq!(pace.rounds_after(0, &POINTS, 500_000.0), 2, "no fewer than the fewest");
        let experiment = Experiment::default();
        let fewest = Pace::new(&experiment).rounds_after(0, &POINTS, 0.0);
        assert_eq!(fewest, experiment.min_rounds, "the fewest, as nothing is known");
    }
}
