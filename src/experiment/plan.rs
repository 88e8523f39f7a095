//! The trials of an experiment, interleaved and shuffled by its seed; no clock, no browser.

use super::Experiment;
use crate::domain::{Model, Point};

/// An experiment's points, and the order in which each round runs them.
#[derive(Clone, Debug)]
pub struct Plan {
    points: Vec<Point>,
    seed: u64,
}

impl Plan {
    /// The plan of `experiment`: `serial` at one lane, every other model at every lane count.
    pub fn new(experiment: &Experiment) -> Self {
        let mut points = Vec::new();
        for &model in &experiment.models {
            match model {
                Model::Serial => points.push(Point { model, lanes: 1 }),
                Model::ByBottleneck => points.push(Point { model, lanes: experiment.lanes_by_step() }),
                _ => points.extend(experiment.lane_counts.iter().map(|&lanes| Point { model, lanes })),
            }
        }
        points.sort_unstable();
        Self { points, seed: experiment.seed }
    }

    /// Every point of the experiment, by model and lane count.
    pub fn points(&self) -> &[Point] {
        &self.points
    }

    /// The points in the order in which `round` runs them: each round has an order of its own, so
    /// that whatever drifts while the experiment runs hits every point alike.
    ///
    /// Round 0, the warm-up, starts with the serial point: its answer is what all others are
    /// compared with. It is there even when the experiment does not name the model.
    pub fn round(&self, round: u32) -> Vec<Point> {
        let mut order = self.points.clone();
        let mut rng = fastrand::Rng::with_seed(self.seed ^ (u64::from(round) << 32));
        // Fisher and Yates's shuffle, drawn as `u32`: fastrand's own draws `usize`, so the same seed
        // would make another order in wasm than on the host.
        for last in (1..order.len()).rev() {
            order.swap(last, rng.u32(0..=last as u32) as usize);
        }
        if round == 0 {
            let serial = Point { model: Model::Serial, lanes: 1 };
            order.retain(|&point| point != serial);
            order.insert(0, serial);
        }
        order
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_round_runs_every_point_once_in_an_order_of_its_own() {
        let plan = Plan::new(&Experiment::for_cores(4));
        assert_eq!(plan.points().len(), 1 + 3 * 4);
        let mut orders = Vec::new();
        for round in 1..6 {
            let order = plan.round(round);
            let mut sorted = order.clone();
            sorted.sort_unstable();
            assert_eq!(sorted, plan.points());
            assert!(!orders.contains(&order), "round {round} repeats an order");
            orders.push(order);
        }
    }

    #[test]
    fn the_same_seed_makes_the_same_plan_and_another_seed_another() {
        let experiment = Experiment::for_cores(8);
        let order = Plan::new(&experiment).round(3);
        assert_eq!(Plan::new(&experiment).round(3), order);
        let other = Experiment { seed: 2, ..experiment };
        assert_ne!(Plan::new(&other).round(3), order);
    }

    #[test]
    fn the_warm_up_starts_with_the_serial_answer_even_when_serial_is_not_asked_for() {
        let experiment = Experiment { models: vec![Model::Processes], ..Experiment::default() };
        let plan = Plan::new(&experiment);
        assert_eq!(plan.round(0)[0].model, Model::Serial);
        assert_eq!(plan.round(0).len(), plan.points().len() + 1);
        assert!(plan.round(1).iter().all(|point| point.model == Model::Processes));
    }
}
