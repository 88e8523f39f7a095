use super::*;
use crate::domain::TaskError;

const SERIAL: Point = Point { model: Model::Serial, lanes: 1 };
const THREADS: Point = Point { model: Model::Threads, lanes: 2 };

fn trial(point: Point, round: u32) -> Trial {
    Trial { id: round, round, point }
}

fn sample(point: Point, round: u32, total_us: f64) -> (Trial, Sample) {
    let trial = trial(point, round);
    let split = Split { compute_us: total_us / 2.0, ..Split::default() };
    let compute = Segment { activity: Activity::Compute, start_us: 0.0, end_us: total_us };
    let lanes = vec![vec![compute]; point.lanes as usize];
    (
        trial,
        Sample {
            split,
            first_result_us: total_us,
            checksum: 7,
            memory_bytes: 1000 * u64::from(round),
            ..Sample::new(trial, total_us, lanes)
        },
    )
}

fn record(times_us: &[(Point, &[f64])]) -> Record {
    record_of(Scaling::Strong, &[SERIAL, THREADS], times_us)
}

fn record_of(scaling: Scaling, points: &[Point], times_us: &[(Point, &[f64])]) -> Record {
    let mut record = Record::new(points, scaling);
    for &(point, times_us) in times_us {
        for (round, &total_us) in (1..).zip(times_us) {
            let (trial, sample) = sample(point, round, total_us);
            record.add(trial, &sample);
        }
    }
    record
}

fn of(record: &Record, point: Point) -> &PointSummary {
    record.summary().points.iter().find(|summary| summary.point == point).unwrap()
}

#[test]
fn a_new_record_knows_its_points_and_nothing_of_them() {
    let record = Record::new(&[SERIAL, THREADS], Scaling::Strong);
    assert_eq!(record.summary().points, [PointSummary::unknown(SERIAL), PointSummary::unknown(THREADS)]);
}

#[test]
fn speed_ups_are_those_of_the_rounds_whatever_comes_last() {
    let serial: (Point, &[f64]) = (SERIAL, &[100.0, 104.0, 102.0]);
    let threads: (Point, &[f64]) = (THREADS, &[50.0, 51.0, 52.0]);
    for order in [[serial, threads], [threads, serial]] {
        let record = record(&order);
        let speed_up = Estimate { value: 2.0, lo: 102.0 / 52.0, hi: 104.0 / 51.0 };
        assert_eq!(of(&record, THREADS).speed_up, Some(speed_up.in_steps()));
        assert_eq!(of(&record, SERIAL).speed_up, Some(Estimate { value: 1.0, lo: 1.0, hi: 1.0 }));
        assert_eq!(
            of(&record, THREADS).time_us,
            Some(Estimate { value: 51.0, lo: 50.0, hi: 52.0 }.in_steps())
        );
    }
}

#[test]
fn what_slows_a_whole_round_is_not_in_a_speed_up() {
    let serial = [100.0, 110.0, 125.0, 140.0, 155.0, 160.0, 900.0];
    let threads: Vec<f64> = serial.iter().map(|us| us / 2.0).collect();
    let exactly_two = Some(Estimate { value: 2.0, lo: 2.0, hi: 2.0 }.in_steps());
    let record = record(&[(SERIAL, &serial), (THREADS, &threads)]);
    assert_eq!(of(&record, THREADS).speed_up, exactly_two);
    assert!(!of(&record, THREADS).time_us.unwrap().is_within(0.1));
}

#[test]
fn without_serial_there_are_no_speed_ups() {
    let mut record = Record::new(&[THREADS], Scaling::Strong);
    for (point, round) in [(SERIAL, 0), (THREADS, 0), (THREADS, 1)] {
        let (trial, sample) = sample(point, round, 60.0);
        record.add(trial, &sample);
    }
    let [threads] = &record.summary().points[..] else { panic!("one point") };
    assert_eq!((threads.samples, threads.speed_up), (1, None));
}

#[test]
fn a_warm_up_is_shown_and_not_counted() {
    let mut record = record(&[]);
    let (trial, sample) = sample(THREADS, 0, 900.0);
    record.add(trial, &sample);
    assert_eq!(
        *of(&record, THREADS),
        PointSummary { warm_up_us: Some(900.0), ..PointSummary::unknown(THREADS) }
    );
}

#[test]
fn the_speed_up_of_work_that_grows_with_the_lanes_is_scaled() {
    let times: [(Point, &[f64]); 2] = [(SERIAL, &[100.0, 104.0, 102.0]), (THREADS, &[100.0, 102.0, 104.0])];
    let record = record_of(Scaling::Weak, &[SERIAL, THREADS], &times);
    let (serial, threads) = (of(&record, SERIAL), of(&record, THREADS));
    assert_eq!((serial.copies, threads.copies), (1, 2));
    // Twice the work in the same time.
    let speed_up = Estimate { value: 2.0, lo: 2.0 * (102.0 / 104.0), hi: 2.0 * (104.0 / 102.0) };
    assert_eq!(threads.speed_up, Some(speed_up.in_steps()));
    assert_eq!(serial.speed_up, Some(Estimate { value: 1.0, lo: 1.0, hi: 1.0 }));
    assert_eq!(record.summary().scaling(), Scaling::Weak);
    assert_eq!(self::record(&times).summary().scaling(), Scaling::Strong);
}

#[test]
fn first_results_are_a_median_and_order_is_that_of_all_samples() {
    let mut record = record(&[]);
    for (round, first_result_us, in_order) in [(1, 9.0, true), (2, 2.0, false), (3, 3.0, true)] {
        let (trial, sample) = sample(THREADS, round, 60.0);
        record.add(trial, &Sample { first_result_us, in_order, ..sample });
    }
    assert_eq!((of(&record, THREADS).first_result_us, of(&record, THREADS).in_order), (Some(3.0), false));
    assert!(of(&record, SERIAL).in_order);
}

#[test]
fn curves_are_those_of_models_with_samples_enough_at_two_lane_counts() {
    let processes = Point { model: Model::Processes, lanes: 2 };
    let times = |us: f64| [us, us + 1.0, us, us - 1.0, us, us + 1.0];
    let (slow, fast) = (times(200.0), times(100.0));
    let points = [SERIAL, THREADS, processes];
    let mut record =
        record_of(Scaling::Strong, &points, &[(SERIAL, &slow), (THREADS, &fast), (processes, &fast[..5])]);
    assert_eq!(record.summary().curves, [], "not before they are asked for");
    record.fit(Some(2));
    let [threads] = record.summary().curves[..] else { panic!("{:?}", record.summary().curves) };
    assert_eq!((threads.model, threads.knee.lanes), (Model::Threads, 2));
    assert!(threads.serial_fraction.unwrap().fraction.value < 0.02);
    assert_eq!(threads.usl, None, "two lane counts are too few");
}

#[test]
fn an_outlier_is_further_off_than_the_clock_can_tell() {
    let mut record = Record::new(&[THREADS], Scaling::Strong).timed_in_steps_of(100.0);
    for (round, us) in (1..).zip([1_000.0, 1_000.0, 1_000.0, 1_000.0, 1_000.0, 1_100.0]) {
        let trial = Trial { id: 0, round, point: THREADS };
        record.add(trial, &Sample::new(trial, us, vec![]));
    }
    assert_eq!(record.summary().points[0].outliers, 0);
}

#[test]
fn parts_memory_and_outliers_are_those_of_all_samples() {
    let record = record(&[(THREADS, &[50.0, 51.0, 52.0, 53.0, 500.0])]);
    let threads = of(&record, THREADS);
    assert_eq!(threads.split, Split { compute_us: 26.0, ..Split::default() });
    assert_eq!((threads.samples, threads.memory_bytes, threads.outliers), (5, 3000, 1));
}

#[test]
fn a_lane_is_idle_only_if_it_is_so_every_time() {
    let mut record = Record::new(&[THREADS], Scaling::Strong);
    for (round, idle) in [(1, 2), (2, 1)] {
        let (trial, mut sample) = sample(THREADS, round, 60.0);
        sample.lanes[..idle].iter_mut().for_each(Vec::clear);
        record.add(trial, &sample);
        assert_eq!(of(&record, THREADS).idle_lanes, idle as u32);
    }
}

#[test]
fn failures_are_counted_and_the_last_is_named() {
    let mut record = record(&[(THREADS, &[50.0])]);
    record.fail(trial(THREADS, 2), TrialError::WrongChecksum { expected: 7, found: 8 });
    record.fail(trial(THREADS, 3), TrialError::OutOfMemory);
    let threads = of(&record, THREADS);
    assert_eq!((threads.samples, threads.failures, threads.wrong_answers), (1, 2, 1));
    assert_eq!(threads.last_error, Some(TrialError::OutOfMemory));
}

#[test]
fn drift_compares_the_later_half_with_the_earlier() {
    assert_eq!(record(&[(SERIAL, &[10.0; 5])]).summary().drift, None);
    let drift = record(&[(SERIAL, &[10.0, 9.0, 10.0, 77.0, 15.0, 16.0, 15.0])]).summary().drift;
    assert_eq!(drift, Some(Estimate { value: 1.5, lo: 15.0 / 10.0, hi: 16.0 / 9.0 }.in_steps()));
}

#[test]
fn certainty_takes_samples_enough_and_a_narrow_interval() {
    let is_certain = |times_us: &[f64]| of(&record(&[(SERIAL, times_us)]), SERIAL).is_certain();
    assert!(is_certain(&[100.0, 101.0, 102.0, 100.0, 101.0, 102.0]));
    assert!(!is_certain(&[100.0, 101.0, 102.0, 100.0, 101.0]));
    assert!(!is_certain(&[100.0, 141.0, 102.0, 130.0, 101.0, 120.0]));
}

#[test]
fn trials_with_failed_tasks_are_no_samples_and_are_told_apart() {
    let mut record = Record::new(&[SERIAL, THREADS], Scaling::Strong).bound_by(Bound::Io);
    let failed = |task, reason| FailedTask { task, reason };
    let (trial, clean) = sample(THREADS, 1, 100.0);
    record.add(trial, &clean);
    for round in 2..4 {
        let (trial, mut incomplete) = sample(THREADS, round, 900.0);
        incomplete.failed_tasks = vec![failed(3, TaskError::Status(500)), failed(round, TaskError::HalfBody)];
        incomplete.fallbacks = vec![Fallback::NoSimulation];
        record.add(trial, &incomplete);
    }
    let summary = record.summary();
    let threads = &summary.points[1];
    assert_eq!((threads.samples, threads.incomplete), (1, 2));
    assert!(threads.time_us.is_some_and(|time| (time.value - 100.0).abs() < 0.06));
    assert_eq!(threads.incomplete_us, Some(900.0));
    assert_eq!(threads.failed_tasks[0], (failed(3, TaskError::Status(500)), 2));
    assert_eq!(threads.failed_tasks.len(), 3);
    assert_eq!(summary.fallbacks, [Fallback::NoSimulation], "once");
    assert_eq!(summary.bound, Bound::Io);
}
