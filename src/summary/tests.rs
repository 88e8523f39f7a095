use super::*;

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
            trial,
            total_us,
            split,
            lanes,
            first_result_us: total_us,
            in_order: true,
            lost_tasks: 0,
            checksum: 7,
            memory_bytes: 1000 * u64::from(round),
        },
    )
}

fn record(times_us: &[(Point, &[f64])]) -> Record {
    let mut record = Record::new(&[SERIAL, THREADS]);
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
    let record = Record::new(&[SERIAL, THREADS]);
    assert_eq!(record.summary().points, [PointSummary::unknown(SERIAL), PointSummary::unknown(THREADS)]);
}

#[test]
fn speed_ups_are_the_serial_median_over_the_points_whatever_comes_last() {
    let serial: (Point, &[f64]) = (SERIAL, &[100.0, 104.0, 102.0]);
    let threads: (Point, &[f64]) = (THREADS, &[50.0, 51.0, 52.0]);
    for order in [[serial, threads], [threads, serial]] {
        let record = record(&order);
        let speed_up = Estimate { value: 2.0, lo: 100.0 / 52.0, hi: 104.0 / 50.0 };
        assert_eq!(of(&record, THREADS).speed_up, Some(speed_up));
        assert_eq!(of(&record, SERIAL).speed_up, Some(Estimate { value: 1.0, lo: 1.0, hi: 1.0 }));
        assert_eq!(of(&record, THREADS).time_us, Some(Estimate { value: 51.0, lo: 50.0, hi: 52.0 }));
    }
}

#[test]
fn without_serial_there_are_no_speed_ups() {
    let mut record = Record::new(&[THREADS]);
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
fn parts_memory_and_outliers_are_those_of_all_samples() {
    let record = record(&[(THREADS, &[50.0, 51.0, 52.0, 53.0, 500.0])]);
    let threads = of(&record, THREADS);
    assert_eq!(threads.split, Split { compute_us: 26.0, ..Split::default() });
    assert_eq!((threads.samples, threads.memory_bytes, threads.outliers), (5, 3000, 1));
}

#[test]
fn a_lane_is_idle_only_if_it_is_so_every_time() {
    let mut record = Record::new(&[THREADS]);
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
    assert_eq!(drift, Some(Estimate { value: 1.5, lo: 15.0 / 10.0, hi: 16.0 / 9.0 }));
}

#[test]
fn certainty_takes_samples_enough_and_a_narrow_interval() {
    let is_certain = |times_us: &[f64]| of(&record(&[(SERIAL, times_us)]), SERIAL).is_certain();
    assert!(is_certain(&[100.0, 101.0, 102.0, 100.0, 101.0, 102.0]));
    assert!(!is_certain(&[100.0, 101.0, 102.0, 100.0, 101.0]));
    assert!(!is_certain(&[100.0, 141.0, 102.0, 130.0, 101.0, 120.0]));
}
