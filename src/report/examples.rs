//! Reports for tests, with figures as real runs have them.

use super::{Day, Incomplete, Report, ReportPoint, essential};
use crate::domain::{Model, Point};
use crate::experiment::{Experiment, Plan};
use crate::machine::{Isolation, Machine};
use crate::session::Ending;
use crate::stats::Estimate;

/// A figure whose interval reaches down and up by so many parts of it.
pub fn estimate(value: f64, down: f64, up: f64) -> Estimate {
    Estimate { value, lo: value * (1.0 - down), hi: value * (1.0 + up) }
}

/// What a machine with so many cores measures whose serial run takes `serial_us`: threads and processes
/// scale up to the cores, and threads under a GIL do not. Digits and intervals come from `seed`.
pub fn report(cores: u32, serial_us: f64, seed: u64) -> Report {
    let experiment = Experiment::for_cores(cores);
    let mut rng = fastrand::Rng::with_seed(seed);
    let mut reach = || (0.004 + 0.03 * rng.f64(), 0.004 + 0.03 * rng.f64());
    let serial = {
        let (down, up) = reach();
        estimate(serial_us.round(), down, up)
    };
    let points = Plan::new(&experiment).points().to_vec();
    let points = points.into_iter().map(|point| {
        let gain = f64::from(point.lanes.min(cores));
        let value = match point.model {
            Model::Serial => serial.value,
            Model::ThreadsGil => serial.value * 1.021,
            Model::Processes => serial.value / gain * 1.037 + 900.0,
            _ => serial.value / gain * 1.013 + 300.0,
        };
        let ((down, up), (ratio_down, ratio_up)) = (reach(), reach());
        let time_us = estimate(value.round(), down, up);
        let speed_up = match point.model {
            Model::Serial => Estimate { value: 1.0, lo: 1.0, hi: 1.0 },
            _ => estimate(serial.value / time_us.value, ratio_down, ratio_up),
        };
        let time_us = if point.model == Model::Serial { serial } else { time_us };
        ReportPoint { speed_up: Some(speed_up), ..known(point, 14, time_us) }
    });
    Report {
        name: String::new(),
        day: Some(Day(20_777)),
        build: 0x3fa2,
        machine: Machine {
            reported_cores: Some(cores),
            browser: "Chromium 156".into(),
            isolation: Isolation::Isolated,
            timer_step_us: 5.0,
            memory_mib: Some(8_192),
        },
        measured_cores: Some(cores),
        ending: Ending::BudgetSpent,
        hidden_trials: 0,
        fallbacks: Vec::new(),
        incomplete: Incomplete::default(),
        drift: Some(estimate(1.013, 0.02, 0.03)),
        spawn_us: Some(estimate(16_200.0, 0.08, 0.11)),
        points: points.collect(),
        experiment: essential(&experiment),
    }
}

/// A point with a time and nothing else.
pub fn known(point: Point, samples: u32, time_us: Estimate) -> ReportPoint {
    ReportPoint {
        point,
        samples,
        time_us: Some(time_us),
        speed_up: None,
        idle_lanes: 0,
        failures: 0,
        wrong_answers: 0,
        incomplete: 0,
    }
}
