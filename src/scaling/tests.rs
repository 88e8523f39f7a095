use proptest::collection::vec;
use proptest::prelude::*;

use super::*;
use crate::stats::{Estimate, FEWEST_SAMPLES};

/// Times of one lane count, one from each round.
#[derive(Clone, Debug)]
struct Series {
    median: Median,
    by_round: Vec<(u32, f64)>,
}

impl Series {
    fn of(samples: &[f64]) -> Option<Self> {
        Some(Self { median: Median::of(samples)?, by_round: (1..).zip(samples.iter().copied()).collect() })
    }

    fn times(&self) -> Times<'_> {
        Times { median: &self.median, by_round: &self.by_round }
    }
}

/// A model's times, by lanes: so many samples around `time_us(lanes)`, off by `noise` at most.
fn medians(lanes: &[u32], noise: f64, seed: u64, time_us: impl Fn(f64) -> f64) -> Vec<(u32, Series)> {
    let mut rng = fastrand::Rng::with_seed(seed);
    let mut sample = |lanes: u32| time_us(lanes.into()) * (1.0 + noise * (2.0 * rng.f64() - 1.0));
    let samples = |lanes| (0..12).map(|_| sample(lanes)).collect::<Vec<_>>();
    lanes.iter().copied().map(samples_of(samples)).collect()
}

fn samples_of(mut samples: impl FnMut(u32) -> Vec<f64>) -> impl FnMut(u32) -> (u32, Series) {
    move |lanes| (lanes, Series::of(&samples(lanes)).unwrap())
}

fn of(scaling: Scaling, times_us: &[(u32, Series)], cores: Option<u32>) -> Option<CurveSummary> {
    let times_us: Vec<_> = times_us.iter().map(|(lanes, series)| (*lanes, series.times())).collect();
    CurveSummary::of(Model::Threads, &Curve::new(scaling, Some(times_us[0].1), &times_us), cores)
}

fn strong(times_us: &[(u32, Series)], cores: u32) -> CurveSummary {
    of(Scaling::Strong, times_us, Some(cores)).unwrap()
}

fn fraction(curve: CurveSummary) -> Estimate {
    curve.serial_fraction.unwrap().fraction
}

fn amdahl(serial: f64) -> impl Fn(f64) -> f64 {
    move |lanes| 8e4 * (serial + (1.0 - serial) / lanes)
}

fn usl(contention: f64, coherency: f64) -> impl Fn(f64) -> f64 {
    move |n| 8e4 * (1.0 + contention * (n - 1.0) + coherency * n * (n - 1.0)) / n
}

/// Gustafson's time for work that grows with the lanes.
fn gustafson(serial: f64) -> impl Fn(f64) -> f64 {
    move |lanes| 8e4 * lanes / (lanes - serial * (lanes - 1.0))
}

const LANES: [u32; 5] = [1, 2, 4, 8, 16];

fn near(estimate: Estimate, truth: f64) -> bool {
    (estimate.value - truth).abs() < 1e-9
}

#[test]
fn without_noise_the_parameters_are_found() {
    for serial in [0.0, 0.03, 0.25, 1.0] {
        let found = strong(&medians(&LANES, 0.0, 1, amdahl(serial)), 16);
        assert!(near(fraction(found), serial), "{found:?}");
        // Amdahl's law is the universal one without coherency.
        assert!(near(found.usl.unwrap().contention, serial), "{found:?}");
        assert!(near(found.usl.unwrap().coherency, 0.0), "{found:?}");
        let weak = of(Scaling::Weak, &medians(&LANES, 0.0, 1, gustafson(serial)), None).unwrap();
        assert_eq!(weak.serial_fraction.unwrap().law, Law::Gustafson);
        assert!(near(fraction(weak), serial), "{weak:?}");
    }
    let found = strong(&medians(&LANES, 0.0, 1, usl(0.05, 0.004)), 16).usl.unwrap();
    assert!(near(found.contention, 0.05) && near(found.coherency, 0.004), "{found:?}");
    assert!((found.peak().unwrap() - (0.95_f64 / 0.004).sqrt()).abs() < 1e-6);
}

#[test]
fn from_two_lane_counts_the_fraction_is_karp_and_flatts() {
    // Karp and Flatt 1990: (1/ψ − 1/p) / (1 − 1/p), here with a speed-up of 3 from 4 lanes.
    let found = strong(&medians(&[1, 4], 0.0, 1, |lanes| if lanes > 1.0 { 3e4 } else { 9e4 }), 4);
    assert!(near(fraction(found), (1.0 / 3.0 - 0.25) / 0.75), "{found:?}");
    assert_eq!(found.usl, None, "it takes three");
}

#[test]
fn intervals_hold_what_is_true() {
    // Of 95 % with twelve samples; percentile intervals of so few are rather too narrow.
    let covers = |estimate: Estimate, truth: f64| estimate.lo <= truth && truth <= estimate.hi;
    let mut covered = [0; 4];
    for seed in 0..100 {
        let found = strong(&medians(&LANES, 0.04, seed, amdahl(0.08)), 16);
        covered[0] += u32::from(covers(fraction(found), 0.08));
        let found = strong(&medians(&LANES, 0.04, seed, usl(0.08, 0.003)), 16).usl.unwrap();
        covered[1] += u32::from(covers(found.contention, 0.08));
        covered[2] += u32::from(covers(found.coherency, 0.003));
        let weak = of(Scaling::Weak, &medians(&LANES, 0.04, seed, gustafson(0.08)), None).unwrap();
        covered[3] += u32::from(covers(fraction(weak), 0.08));
    }
    assert!(covered.iter().all(|&times| (85..=100).contains(&times)), "{covered:?} of 100");
    // An interval that held everything would hold this as well.
    let found = strong(&medians(&LANES, 0.04, 1, amdahl(0.08)), 16);
    assert!(fraction(found).lo > 0.06 && fraction(found).hi < 0.1, "{found:?}");
}

#[test]
fn a_fit_draws_the_curve_it_was_made_from() {
    let serial = Series::of(&[4e4; 6]).unwrap();
    let close = |speed_up: f64, truth: f64| assert!((speed_up / truth - 1.0).abs() < 1e-9);
    for (scaling, time_us) in
        [(Scaling::Strong, &amdahl(0.1) as &dyn Fn(f64) -> f64), (Scaling::Weak, &gustafson(0.1))]
    {
        let times = medians(&LANES, 0.0, 1, time_us);
        let times: Vec<_> = times.iter().map(|(lanes, series)| (*lanes, series.times())).collect();
        let found = SerialFraction::of(&Curve::new(scaling, Some(serial.times()), &times), None).unwrap();
        for (lanes, _) in times {
            let copies = f64::from(scaling.copies(lanes));
            close(found.speed_up(lanes.into()), copies * 4e4 / time_us(lanes.into()));
        }
    }
    let times = medians(&LANES, 0.0, 1, usl(0.1, 0.01));
    let times: Vec<_> = times.iter().map(|(lanes, series)| (*lanes, series.times())).collect();
    let found = Usl::of(&Curve::new(Scaling::Strong, Some(serial.times()), &times), None).unwrap();
    close(found.speed_up(8.0), 4e4 / usl(0.1, 0.01)(8.0));
    let alone = Usl::of(&Curve::new(Scaling::Strong, None, &times), None).unwrap();
    close(alone.speed_up(1.0), 1.0);
}

#[test]
fn the_fraction_heeds_only_lanes_that_have_a_core() {
    let capped = |lanes: f64| 8e4 / lanes.min(4.0);
    let times = medians(&LANES, 0.0, 1, capped);
    assert!(near(fraction(strong(&times, 4)), 0.0));
    assert!(fraction(strong(&times, 16)).value > 0.05);
    assert_eq!(strong(&medians(&LANES, 0.0, 1, |_| 8e4), 1).serial_fraction, None, "one lane count");
    // Where lanes beyond the reported cores gain, these are not all the cores.
    assert!(near(fraction(strong(&times, 2)), 0.0));
}

#[test]
fn missing_cores_are_not_taken_for_coherency() {
    let found = strong(&medians(&LANES, 0.0, 1, |lanes| 8e4 / lanes.min(4.0)), 4).usl.unwrap();
    assert!(near(found.contention, 0.0) && near(found.coherency, 0.0), "{found:?}");
    assert!((found.speed_up(3.0) - 3.0).abs() < 1e-9 && (found.speed_up(16.0) - 4.0).abs() < 1e-9);
    let costly = |lanes: f64| 8e4 * (1.0 / lanes.min(4.0) + 0.01 * (lanes - 1.0));
    let found = strong(&medians(&LANES, 0.0, 1, costly), 4).usl.unwrap();
    assert!(near(found.coherency, 0.01), "{found:?}");
    assert_eq!(found.peak(), Some(4.0));
}

#[test]
fn serial_stands_in_for_one_lane_and_few_samples_are_left_out() {
    let series = [8e4, 4e4, 2e4].map(|us| Series::of(&[us; FEWEST_SAMPLES]).unwrap());
    let [one, two, four] = series.each_ref().map(Series::times);
    let few = Series::of(&[1e4; FEWEST_SAMPLES - 1]).unwrap();
    let few = few.times();
    let of = |serial, times: &[_]| {
        CurveSummary::of(Model::Processes, &Curve::new(Scaling::Strong, serial, times), Some(8))
    };
    assert_eq!(of(None, &[(2, two)]), None);
    assert_eq!(of(None, &[(2, two), (4, few)]), None);
    assert_eq!(of(Some(one), &[(2, two)]).unwrap().knee.fewest, 1);
    assert!(near(fraction(of(Some(one), &[(2, two), (4, few)]).unwrap()), 0.0));
    // Its own single lane is what is meant where there is one.
    let own = of(Some(four), &[(1, one), (2, two)]).unwrap();
    assert!(near(fraction(own), 0.0));
    assert!((own.serial_fraction.unwrap().one_lane - 0.25).abs() < 1e-9);
}

#[test]
fn times_below_the_clocks_step_say_nothing() {
    let series = [0.0, 8e4].map(|us| Series::of(&[us; 9]).unwrap());
    let [zero, one] = series.each_ref().map(Series::times);
    let times = [(1, one), (2, zero), (4, zero)];
    assert_eq!(CurveSummary::of(Model::Threads, &Curve::new(Scaling::Strong, None, &times), None), None);
}

/// What is said of times by lanes, each off by `noise` at most and in no two of them alike, and the cores that they show.
fn knee(times_us: &[(u32, f64)], noise: f64, cores: Option<u32>) -> (String, Option<u32>) {
    let spread = |at: usize, us: f64| {
        let mut off = [-1.0, -0.5, 0.0, 0.0, 0.5, 1.0, -0.2, 0.2];
        off.rotate_left(3 * at % 8);
        Series::of(&off.map(|part| us * (1.0 + noise * part))).unwrap()
    };
    let times: Vec<_> =
        times_us.iter().enumerate().map(|(at, &(lanes, us))| (lanes, spread(at, us))).collect();
    let curve = of(Scaling::Strong, &times, cores).unwrap();
    (curve.knee.to_string(), measured_cores(&[curve]))
}

#[test]
fn the_knee_is_named_in_words() {
    let said = |times_us: &[_], noise, cores, words: &str, measured| {
        assert_eq!(knee(times_us, noise, cores), (words.to_owned(), measured), "{times_us:?}");
    };
    let ms = 1_000.0;
    let ideal = [(1, 800.0 * ms), (2, 400.0 * ms), (4, 200.0 * ms), (8, 100.0 * ms)];
    let capped = [(1, 800.0 * ms), (2, 400.0 * ms), (4, 200.0 * ms), (8, 200.0 * ms)];
    let flat = [(1, 800.0 * ms), (2, 800.0 * ms), (4, 810.0 * ms), (8, 830.0 * ms)];
    said(&capped, 0.01, Some(8), "stops gaining at 4 of 8 cores", Some(4));
    said(&capped, 0.01, Some(4), "gains up to 4 of 4 cores", Some(4));
    said(&capped, 0.01, None, "stops gaining at 4 of 8 lanes", Some(4));
    said(&ideal, 0.01, Some(8), "gains up to 8 of 8 cores", None);
    said(&ideal, 0.01, Some(16), "gains up to 8 of 16 cores", None);
    said(&ideal, 0.01, Some(2), "gains up to 8 lanes, beyond the 2 cores that are reported", None);
    said(&flat, 0.005, Some(8), "never gains", Some(1));
    // Where intervals are wide, as much is said as they allow.
    said(&flat, 0.2, Some(8), "can’t tell", None);
    said(&capped, 0.25, Some(8), "gains up to 4 of 8 cores at least", None);
    // A lane count that gains nothing does not hide the gain of more.
    said(&[(1, 8e5), (2, 8e5), (4, 2e5)], 0.01, Some(4), "gains up to 4 of 4 cores", None);
    // A gain within the margin is none.
    said(&[(1, 8e5), (2, 4e5), (4, 3.9e5)], 0.005, Some(4), "stops gaining at 2 of 4 cores", Some(2));
}

#[test]
fn the_words_and_the_measured_cores_follow_one_rule() {
    // Beyond the cores, a few per cent more or less say nothing of a core more; half a core's worth does.
    let two_cores = |four| [(1, 8e5), (2, 4e5), (4, four)];
    let gains = ("gains up to 2 of 2 cores".to_owned(), Some(2));
    for four in [4.2e5, 4e5, 3.7e5] {
        assert_eq!(knee(&two_cores(four), 0.03, Some(2)), gains, "{four}");
    }
    let third = knee(&two_cores(2.7e5), 0.01, Some(2));
    assert_eq!(third, ("gains up to 4 lanes, beyond the 2 cores that are reported".to_owned(), None));
    // What cannot be measured is not said either.
    assert_eq!(
        knee(&two_cores(3.3e5), 0.12, Some(2)),
        ("gains up to 2 of 2 cores at least".to_owned(), None)
    );
}

#[test]
fn lanes_that_cost_more_than_there_is_to_do_show_no_cores() {
    // As processes and threads do with the small size.
    assert_eq!(knee(&[(1, 3.3e3), (2, 5e3), (4, 6e3)], 0.01, Some(2)), ("never gains".to_owned(), None));
    assert_eq!(knee(&[(1, 3.3e3), (2, 3.3e3), (4, 3.3e3)], 0.01, Some(2)), ("never gains".to_owned(), None));
    assert_eq!(knee(&[(1, 8e5), (2, 9e5), (4, 1e6)], 0.01, Some(2)), ("never gains".to_owned(), None));
}

#[test]
fn a_curve_that_rises_below_one_gains_nothing() {
    let of = |serial_us: f64, noise: f64| {
        let serial = medians(&[1], noise, 3, |_| serial_us).remove(0).1;
        let times = medians(&[1, 2], noise, 4, |lanes| 1.8e6 / lanes);
        let times: Vec<_> = times.iter().map(|(lanes, series)| (*lanes, series.times())).collect();
        let curve = Curve::new(Scaling::Strong, Some(serial.times()), &times);
        CurveSummary::of(Model::Processes, &curve, Some(2)).unwrap().knee.to_string()
    };
    assert_eq!(of(8.2e5, 0.01), "never faster than serial", "0.91× at two lanes");
    assert_eq!(of(3e3, 0.01), "never faster than serial", "0.003×");
    assert_eq!(of(9.2e5, 0.15), "can’t tell");
    assert_eq!(of(1.7e6, 0.01), "gains up to 2 of 2 cores");
}

/// Five quiet default runs, and a hundred: 8 rounds, each time off by a few per cent.
#[test]
fn the_cores_of_a_quiet_machine_are_measured_every_time() {
    let mut rng = fastrand::Rng::with_seed(1);
    for cores in [2_u32, 4, 8] {
        let right = (0..100)
            .filter(|_| {
                let mut series = |lanes: f64| {
                    let us = 1.5e5 / lanes.min(f64::from(cores));
                    Series::of(&[0; 8].map(|_| us * crate::stats::tests::noise(1, 0.02, &mut rng))).unwrap()
                };
                let lanes: Vec<u32> = (0..=cores.ilog2() + 1).map(|power| 1 << power).collect();
                let times: Vec<_> = lanes.into_iter().map(|lanes| (lanes, series(lanes.into()))).collect();
                let curve = of(Scaling::Strong, &times, Some(cores)).unwrap();
                measured_cores(&[curve]) == Some(cores)
                    && curve.knee.to_string() == format!("gains up to {cores} of {cores} cores")
            })
            .count();
        println!("{cores} cores: right {right} times of 100");
        assert!(right >= 95, "{cores} cores: {right} of 100");
    }
}

#[test]
fn the_knee_of_growing_work_is_where_no_more_of_it_is_done() {
    let times = medians(&[1, 2, 4, 8], 0.01, 1, |lanes| 8e4 * (lanes / 4.0).max(1.0));
    let knee = of(Scaling::Weak, &times, Some(8)).unwrap().knee;
    assert_eq!(knee.to_string(), "stops gaining at 4 of 8 cores");
}

#[test]
fn processes_show_the_cores_only_where_threads_do_not_run() {
    let curve = |model, cores: f64| {
        let times = medians(&[1, 2, 4, 8], 0.01, 1, |lanes| 8e4 / lanes.min(cores));
        CurveSummary { model, ..strong(&times, 8) }
    };
    let [gil, processes] = [curve(Model::ThreadsGil, 1.0), curve(Model::Processes, 2.0)];
    assert_eq!(measured_cores(&[gil]), None);
    assert_eq!(measured_cores(&[gil, processes]), Some(2));
    assert_eq!(measured_cores(&[curve(Model::Threads, 4.0), gil, processes]), Some(4));
}

#[test]
fn fits_are_written_with_their_intervals() {
    let estimate = |value, lo, hi| Estimate { value, lo, hi };
    let fraction =
        SerialFraction { law: Law::Amdahl, fraction: estimate(0.038, 0.029, 0.044), one_lane: 1.0 };
    let text = fraction.to_string().replace('\u{a0}', " ").replace('\u{2060}', "");
    assert_eq!(text, "3.80 % (2.90–4.40 %) of the work is not divided (Amdahl’s law)");
    let usl = Usl {
        contention: fraction.fraction,
        coherency: estimate(0.001, 0.0, 0.002),
        one_lane: 1.0,
        cores: None,
    };
    let text = usl.to_string().replace('\u{a0}', " ").replace('\u{2060}', "");
    assert_eq!(
        text,
        "contention σ 3.80 % (2.90–4.40 %), coherency κ 0.10 % (0.00–0.20 %) (Universal Scalability Law)"
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn whatever_is_measured_the_parameters_keep_their_bounds(
        samples in vec(vec(1.0..1e6_f64, 1..12), 1..6), weak: bool, cores in 1..20_u32,
    ) {
        let times: Vec<_> = LANES.into_iter().zip(samples.iter().filter_map(|s| Series::of(s))).collect();
        let scaling = if weak { Scaling::Weak } else { Scaling::Strong };
        let Some(curve) = of(scaling, &times, Some(cores)) else { return Ok(()) };
        let parts = curve.serial_fraction.map(|s| s.fraction).into_iter().chain(curve.usl.map(|u| u.contention));
        for Estimate { value, lo, hi } in parts {
            prop_assert!(0.0 <= lo && lo <= value && value <= hi && hi <= 1.0, "{lo} {value} {hi}");
        }
        if let Some(usl) = curve.usl {
            let Estimate { value, lo, hi } = usl.coherency;
            prop_assert!(0.0 <= lo && lo <= value && value <= hi && hi.is_finite(), "{lo} {value} {hi}");
            prop_assert!(usl.speed_up(8.0) > 0.0 && usl.peak().is_none_or(|lanes| lanes >= 1.0));
        }
    }

    #[test]
    fn a_perfect_division_has_no_serial_part_and_a_flat_curve_nothing_else(seed: u64, us in 1e2..1e7_f64) {
        let perfect = strong(&medians(&LANES, 0.01, seed, |lanes| us / lanes), 16);
        prop_assert!(fraction(perfect).value < 0.005, "{:?}", perfect);
        prop_assert_eq!(perfect.knee.lanes, 16);
        let flat = strong(&medians(&LANES, 0.01, seed, |_| us), 16);
        // Times are off by a hundredth at most, so that at most a fiftieth of them falls with the lanes.
        prop_assert!(fraction(flat).value > 0.97, "{:?}", flat);
        prop_assert_eq!(flat.knee.lanes, 1);
    }

    #[test]
    fn no_choice_of_coefficients_is_better(
        us in vec(1.0..100.0_f64, 5), away in vec(-0.5..0.5_f64, 3),
    ) {
        let times: Vec<_> = LANES.into_iter().zip(us.iter().filter_map(|&us| Series::of(&[us; 6]))).collect();
        // Wild times may be best explained by lanes that cost something and work that takes no time.
        let found = strong(&times, 16).usl;
        prop_assume!(found.is_some());
        let found = found.unwrap();
        let error = |s1: f64, contention: f64, coherency: f64| -> f64 {
            let usl = |n: f64| s1 * n / (1.0 + contention * (n - 1.0) + coherency * n * (n - 1.0));
            LANES.iter().zip(&us).map(|(&n, t)| (us[0] / usl(n.into()) / t - 1.0).powi(2)).sum()
        };
        let (contention, coherency) = (found.contention.value, found.coherency.value);
        let other = error(
            found.one_lane * (1.0 + away[0]),
            (contention + away[1]).clamp(0.0, 1.0),
            (coherency + away[2] / 10.0).max(0.0),
        );
        prop_assert!(error(found.one_lane, contention, coherency) <= other + 1e-9);
    }
}
