use super::*;
use crate::domain::{Fallback, Size};
use crate::machine::Isolation;
use crate::report::examples::{estimate, known, report};
use crate::session::Ending;
use crate::workload::WorkloadId;

#[test]
fn a_machine_is_told_by_five_figures() {
    let machine = report(8, 800_000.0, 1);
    let found = |quantity: Quantity| quantity.of(&machine).unwrap();
    assert_eq!(found(Quantity::SingleLane).estimate.value, 800_000.0);
    let best = found(Quantity::BestSpeedUp);
    assert!(best.estimate.value > 7.0 && best.at.unwrap().lanes >= 8, "{best:?}");
    let efficiency = found(Quantity::Efficiency);
    assert!((0.85..1.0).contains(&efficiency.estimate.value) && efficiency.at.unwrap().lanes == 8);
    assert!(found(Quantity::GilCost).estimate.value > 7.0, "threads under the GIL are as slow as serial");
    assert_eq!(found(Quantity::SpawnCost).estimate.value, 16_200.0);
    let mut empty = machine.clone();
    empty.points.clear();
    empty.spawn_us = None;
    assert!(Quantity::ALL.iter().copied().all(|quantity| quantity.of(&empty).is_none()));
}

/// How the single lane of one machine differs from that of another.
fn single_lane(times_us: [Estimate; 2], samples: u32) -> Difference {
    let with = |time_us| {
        let mut machine = report(2, 800_000.0, 1);
        let serial = machine.points[0].point;
        machine.points[0] = known(serial, samples, time_us);
        machine
    };
    Quantity::SingleLane.difference(&with(times_us[0]), &with(times_us[1])).unwrap()
}

#[test]
fn a_difference_is_told_only_where_the_intervals_allow() {
    let near = |value| estimate(value, 0.01, 0.01);
    let far = |value| estimate(value, 0.2, 0.2);
    assert_eq!(
        single_lane([near(1e5), near(2e5)], 12).direction,
        Direction::More,
        "half the time is twice as fast"
    );
    assert_eq!(single_lane([near(2e5), near(1e5)], 12).direction, Direction::Less);
    assert_eq!(single_lane([near(1e5), near(1.01e5)], 12).direction, Direction::Alike);
    assert_eq!(single_lane([far(1e5), far(1.1e5)], 12).direction, Direction::CannotTell);
    assert_eq!(single_lane([near(1e5), near(2e5)], 3).direction, Direction::TooFewSamples);
    let text = single_lane([near(1e5), near(2e5)], 12).to_string().replace('\u{2060}', "");
    assert_eq!(text, "1.97–2.03× as fast");
}

#[test]
fn different_work_has_no_difference() {
    let one = report(2, 800_000.0, 1);
    let mut other = report(2, 800_000.0, 1);
    other.experiment.size = Size::L;
    assert_eq!(Quantity::SingleLane.difference(&one, &other), None);
    assert!(Quantity::SpawnCost.difference(&one, &other).is_some(), "starting depends on no workload");
}

#[test]
fn a_normalised_curve_begins_at_what_one_lane_of_the_baseline_does() {
    let (slow, fast) = (report(4, 800_000.0, 1), report(4, 400_000.0, 1));
    let curve = |reading: Reading| reading.curve(&fast, Model::Threads, &slow);
    let own = curve(Reading::SpeedUp);
    let normalised = curve(Reading::Normalised);
    assert_eq!(own.iter().map(|(lanes, _)| *lanes).collect::<Vec<_>>(), [1, 2, 4, 8]);
    for ((_, own), (_, normalised)) in own.iter().zip(&normalised) {
        assert!((normalised.value / own.value - 2.0).abs() < 1e-9, "the machine is twice as fast");
    }
    assert_eq!(curve(Reading::Time)[0].1, fast.points[1].time_us.unwrap());
    assert_eq!(models_of(&[slow, fast]), WorkloadId::CosineSum.models());
}

#[test]
fn what_stands_in_the_way_is_told() {
    let one = report(2, 800_000.0, 1);
    assert_eq!(cautions(&[one.clone(), one.clone()]), []);
    let with = |change: fn(&mut Report)| {
        let mut other = report(8, 800_000.0, 1);
        change(&mut other);
        cautions(&[one.clone(), other])
    };
    assert_eq!(with(|_| {}), [], "machines may differ");
    assert_eq!(with(|r| r.experiment.workload = WorkloadId::Primes), [Caution::Workloads]);
    assert_eq!(with(|r| r.experiment.size = Size::S), [Caution::Sizes]);
    assert_eq!(with(|r| r.experiment.chunk_size = 9), [Caution::Settings(vec!["Chunk size"])]);
    assert_eq!(with(|r| r.experiment.budget_ms = 900), [], "a longer look at the same");
    for fallback in [Fallback::NoSimulation, Fallback::NoSimulationInProcesses] {
        let mut other = report(2, 800_000.0, 1);
        other.fallbacks = vec![fallback, Fallback::StreamedFiles];
        assert_eq!(cautions(&[one.clone(), other]), [Caution::Networks], "{fallback:?}");
    }
    assert_eq!(with(|r| r.fallbacks = vec![Fallback::StreamedFiles]), [], "the same network");
    assert_eq!(with(|r| r.machine.isolation = Isolation::NotIsolated), [Caution::Rungs]);
    assert_eq!(with(|r| r.machine.timer_step_us = 100.0), [Caution::Timers]);
    assert_eq!(with(|r| r.build = 1), [Caution::Builds]);
    assert_eq!(with(|r| r.ending = Ending::Stopped), [Caution::Stopped]);
}
