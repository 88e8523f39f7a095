use proptest::collection::vec;
use proptest::prelude::*;

use super::*;

fn estimate(samples: &[f64]) -> Estimate {
    Median::of(samples).unwrap().estimate()
}

fn ratio(above: &[f64], below: &[f64]) -> Option<Estimate> {
    Median::of(above).unwrap().over(&Median::of(below).unwrap())
}

#[test]
fn medians_of_odd_and_even_numbers() {
    assert_eq!(median(&[3.0, 1.0, 2.0]), Some(2.0));
    assert_eq!(median(&[4.0, 1.0, 3.0, 2.0]), Some(2.5));
    assert_eq!(median(&[]), None);
    assert_eq!(median(&[f64::NAN, f64::INFINITY, 7.0]), Some(7.0));
}

#[test]
fn quartiles_as_numpy_has_them() {
    // numpy.percentile([1, 2, 4, 8, 16, 32], [25, 75]) is [2.5, 14.0].
    let samples = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0];
    assert_eq!(quantile(&samples, 0.25), Some(2.5));
    assert_eq!(quantile(&samples, 0.75), Some(14.0));
}

#[test]
fn outliers_lie_outside_the_fences() {
    // The quartiles are 11 and 13, so the fences are 8 and 16: on the fence is not outside.
    let samples = [8.0, 11.0, 11.0, 12.0, 12.0, 12.0, 13.0, 13.0, 16.0];
    assert_eq!(outliers(&samples, 0.0), 0);
    let samples = [7.9, 11.0, 11.0, 12.0, 12.0, 12.0, 13.0, 13.0, 16.1];
    assert_eq!(outliers(&samples, 0.0), 2);
    assert_eq!(outliers(&[1.0, 500.0], 0.0), 0);
}

#[test]
fn one_step_of_the_clock_is_no_outlier() {
    let with = |later: usize, steps: f64| {
        let mut samples = vec![100.0; 30];
        samples[30 - later..].fill(100.0 + 20.0 * steps);
        outliers(&samples, 20.0)
    };
    assert_eq!([with(6, 1.0), with(1, 1.0)], [0, 0]);
    assert_eq!([with(6, 2.0), with(1, 50.0)], [6, 1], "more than a step is one");
}

#[test]
fn few_samples_have_their_range() {
    assert_eq!(estimate(&[5.0]), Estimate { value: 5.0, lo: 5.0, hi: 5.0 });
    assert_eq!(estimate(&[5.0, 7.0]), Estimate { value: 6.0, lo: 5.0, hi: 7.0 });
    assert_eq!(estimate(&[9.0, 5.0, 7.0, 6.0, 8.0]), Estimate { value: 7.0, lo: 5.0, hi: 9.0 });
    assert!(Median::of(&[]).is_none());
}

#[test]
fn few_samples_make_a_ratio_as_uncertain_as_both_ranges() {
    let ratio = ratio(&[8.0, 10.0, 12.0], &[4.0, 5.0]).unwrap();
    assert_eq!(ratio, Estimate { value: 10.0 / 4.5, lo: 8.0 / 5.0, hi: 12.0 / 4.0 });
}

#[test]
fn an_interval_agrees_with_the_exact_bootstrap() {
    // Efron 1979, section 3: the median of n = 2m − 1 draws is at most the i-th sample with the
    // probability that a binomial (n, i/n) is at least m. For n = 13 that is 0.016 at the 3rd and
    // 0.071 at the 4th, so the 2.5th percentile is the 4th sample and, by symmetry, the 10th the other.
    let samples: Vec<f64> = (1..=13).map(f64::from).collect();
    assert_eq!(exact_bootstrap(13, 0.025), 4);
    assert_eq!(estimate(&samples), Estimate { value: 7.0, lo: 4.0, hi: 10.0 });
}

#[test]
fn resampled_medians_lean_to_neither_side() {
    for n in [13, 14] {
        let samples: Vec<f64> = (1..=n).map(f64::from).collect();
        let medians = resampled_medians(&samples);
        let mean = medians.iter().sum::<f64>() / medians.len() as f64;
        // Their standard deviation is 1.7, so that of the mean of a thousand is 0.05.
        assert!((mean - f64::from(n + 1) / 2.0).abs() < 0.2, "{mean} of {n}");
    }
}

/// The rank that the bootstrap median of `n` (odd) samples is below with probability `part`.
fn exact_bootstrap(n: u32, part: f64) -> u32 {
    let choose = |k: u32| (0..k).fold(1.0, |c, i| c * f64::from(n - i) / f64::from(i + 1));
    let at_most = |rank: u32| {
        let p = f64::from(rank) / f64::from(n);
        (n.div_ceil(2)..=n)
            .map(|k| choose(k) * p.powi(k as i32) * (1.0 - p).powi((n - k) as i32))
            .sum::<f64>()
    };
    (1..=n).find(|&rank| at_most(rank) >= part).unwrap()
}

#[test]
fn a_ratio_to_zero_is_none() {
    assert_eq!(ratio(&[1.0; 9], &[0.0; 9]), None);
    assert_eq!(ratio(&[1.0], &[0.0, 2.0]), None);
    assert_eq!(ratio(&[f64::MAX; 9], &[f64::MIN_POSITIVE; 9]), None);
}

#[test]
fn equal_samples_are_certain() {
    assert_eq!(estimate(&[3.0; 20]), Estimate { value: 3.0, lo: 3.0, hi: 3.0 });
    assert_eq!(ratio(&[6.0; 20], &[3.0; 20]), Some(Estimate { value: 2.0, lo: 2.0, hi: 2.0 }));
}

#[test]
fn a_width_is_measured_from_the_figure_to_the_further_end() {
    let estimate = Estimate { value: 100.0, lo: 98.0, hi: 104.0 };
    assert!(estimate.is_within(0.04));
    assert!(!estimate.is_within(0.039));
}

/// In how many of a thousand repetitions the interval covers what is true.
fn covered(truth: f64, mut interval: impl FnMut(&mut fastrand::Rng) -> Estimate) -> u32 {
    let mut rng = fastrand::Rng::with_seed(20);
    let covers = |estimate: Estimate| estimate.lo <= truth && truth <= estimate.hi;
    (0..500).map(|_| 2 * u32::from(covers(interval(&mut rng)))).sum()
}

/// A time that is never below 1 and has an exponential tail: its median is 1 + ln 2.
fn skewed(n: usize, rng: &mut fastrand::Rng) -> Vec<f64> {
    (0..n).map(|_| 1.0 - (1.0 - rng.f64()).ln()).collect()
}

#[test]
fn intervals_cover_the_median_of_a_skewed_distribution() {
    for n in [10, 15, 30] {
        let covered = covered(1.0 + 2_f64.ln(), |rng| estimate(&skewed(n, rng)));
        assert!((900..=990).contains(&covered), "{covered} of 1000 with {n} samples");
    }
}

#[test]
fn intervals_cover_the_ratio_of_medians_of_a_skewed_distribution() {
    for n in [10, 20] {
        let covered = covered(2.0, |rng| {
            let above: Vec<f64> = skewed(n, rng).iter().map(|x| 2.0 * x).collect();
            ratio(&above, &skewed(n, rng)).unwrap()
        });
        assert!((900..=990).contains(&covered), "{covered} of 1000 with {n} samples");
    }
}

#[test]
fn intervals_of_ratios_are_put_together_on_a_log_scale() {
    let is_near = |found: Estimate, value: f64, lo: f64, hi: f64| {
        let near = |a: f64, b: f64| (a - b).abs() < 1e-9;
        assert!(near(found.value, value) && near(found.lo, lo) && near(found.hi, hi), "{found:?}");
    };
    let exact = |value: f64| Estimate { value, lo: value, hi: value };
    is_near(exact(6.0).over(exact(3.0)).unwrap(), 2.0, 2.0, 2.0);
    let wide = Estimate { value: 6.0, lo: 3.0, hi: 12.0 };
    is_near(wide.over(exact(3.0)).unwrap(), 2.0, 1.0, 4.0);
    // Two that reach as far widen the interval by the root of two, in logarithms.
    let both = wide.over(wide).unwrap();
    is_near(both, 1.0, 2.0_f64.powf(-std::f64::consts::SQRT_2), 2.0_f64.powf(std::f64::consts::SQRT_2));
    assert_eq!(exact(1.0).over(Estimate { lo: 0.0, ..wide }), None);
}

/// The interval holds the true ratio in 95 % of repetitions, or nearly so: medians of so few samples are
/// not quite normal.
#[test]
fn an_interval_of_a_ratio_holds_the_true_ratio() {
    let mut rng = fastrand::Rng::with_seed(3);
    let mut sample = |median: f64| {
        let times: Vec<f64> = (0..12).map(|_| median * (1.0 + 0.2 * (rng.f64() + rng.f64() - 1.0))).collect();
        estimate(&times)
    };
    const REPETITIONS: usize = 2_000;
    let holds = (0..REPETITIONS).filter(|_| {
        let found = sample(3.0).over(sample(2.0)).unwrap();
        found.lo <= 1.5 && found.hi >= 1.5
    });
    let part = holds.count() as f64 / REPETITIONS as f64;
    println!("{part} of the intervals hold the ratio");
    assert!((0.93..0.99).contains(&part), "{part}");
}

fn times() -> impl Strategy<Value = Vec<f64>> {
    vec(1e-3..1e9_f64, 1..80)
}

/// Anything that a broken clock might tell: zero, a subnormal, infinity, no number at all.
fn any_times() -> impl Strategy<Value = Vec<f64>> {
    vec(any::<f64>().prop_map(f64::abs), 1..40)
}

#[test]
fn rounds_that_lack_one_of_two_times_say_nothing_of_their_ratio() {
    let above: Vec<(u32, f64)> = (1..=12).filter(|&round| round != 3).map(|round| (round, 100.0)).collect();
    let time = |round| if round == 3 { 1.0 } else { 40.0 + f64::from(round) };
    let below: Vec<(u32, f64)> =
        (1..=12).filter(|&round| round != 5).map(|round| (round, time(round))).collect();
    // Ten rounds have both: all but the third and the fifth.
    let ratio = ratio_by_rounds(&above, &below).unwrap();
    assert_eq!(ratio.value, f64::midpoint(100.0 / 47.0, 100.0 / 48.0));
    assert!(ratio.lo >= 100.0 / 52.0 && ratio.hi <= 100.0 / 41.0, "{ratio:?}");
    let early =
        Estimate { value: f64::midpoint(100.0 / 41.0, 100.0 / 42.0), lo: 100.0 / 42.0, hi: 100.0 / 41.0 };
    assert_eq!(ratio_by_rounds(&above[..2], &below[..2]), Some(early));
    assert_eq!(ratio_by_rounds(&above[..6], &below[5..]), None, "samples enough, and two pairs");
}

#[test]
fn a_round_below_the_clocks_step_has_no_ratio() {
    let rounds = |times: [f64; 7]| (1..).zip(times).collect::<Vec<_>>();
    let zero = rounds([5.0, 5.0, 0.0, 5.0, 5.0, 5.0, 5.0]);
    assert_eq!(ratio_by_rounds(&rounds([100.0; 7]), &zero), None);
    assert_eq!(ratio_by_rounds(&zero, &rounds([100.0; 7])).unwrap().value, 0.05);
}

/// Drift that is many times what is looked for, and noise.
#[test]
fn intervals_by_rounds_hold_the_ratio_of_what_drifts_and_are_narrow() {
    let mut width = 0.0_f64;
    let covered = covered(2.0, |rng| {
        let noise = |rng: &mut fastrand::Rng| 1.0 + 0.04 * (rng.f64() + rng.f64() - 1.0);
        let slower = |round: u32| 1.0 + 0.05 * f64::from(round);
        let mut times = |time: f64| -> Vec<(u32, f64)> {
            (1..=12).map(|round| (round, time * slower(round) * noise(rng))).collect()
        };
        let found = ratio_by_rounds(&times(6.0), &times(3.0)).unwrap();
        width = width.max(found.hi - found.lo);
        found
    });
    assert!((900..=990).contains(&covered), "{covered} of 1000");
    assert!(width < 0.2, "{width}");
}

/// Noise of so many kinds: alike on both sides, only ever above, and now and then far above.
pub(crate) fn noise(kind: u32, spread: f64, rng: &mut fastrand::Rng) -> f64 {
    match kind {
        0 => {
            let radius = (-2.0 * (1.0 - rng.f64()).ln()).sqrt();
            (spread * radius * (std::f64::consts::TAU * rng.f64()).cos()).exp()
        }
        1 => 1.0 - spread * (1.0 - rng.f64()).ln(),
        _ if rng.f64() < 0.2 => 1.0 + 4.0 * spread,
        _ => 1.0 + 0.3 * spread * rng.f64(),
    }
}

#[test]
fn ratios_by_rounds_miss_the_truth_once_in_twenty() {
    for rounds in [6, 7, 8, 9, 12, 20, 30] {
        for kind in 0..3 {
            let mut rng = fastrand::Rng::with_seed(1);
            let mut times =
                || (0..rounds).map(|round| (round, noise(kind, 0.2, &mut rng))).collect::<Vec<_>>();
            let missed = (0..2_000)
                .filter(|_| {
                    let Estimate { lo, hi, .. } = ratio_by_rounds(&times(), &times()).unwrap();
                    lo > 1.0 || hi < 1.0
                })
                .count();
            // 5 %, and three times what 2,000 runs may be off.
            assert!((50..=130).contains(&missed), "{missed} of 2,000 with {rounds} rounds of kind {kind}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn an_interval_holds_its_median_and_stays_within_the_samples(samples in times()) {
        let Estimate { value, lo, hi } = estimate(&samples);
        let least = samples.iter().copied().fold(f64::INFINITY, f64::min);
        let greatest = samples.iter().copied().fold(0.0, f64::max);
        prop_assert!(least <= lo && lo <= value && value <= hi && hi <= greatest);
    }

    #[test]
    fn the_order_of_samples_does_not_matter(samples in times(), seed: u64) {
        let mut shuffled = samples.clone();
        fastrand::Rng::with_seed(seed).shuffle(&mut shuffled);
        prop_assert_eq!(estimate(&shuffled), estimate(&samples));
    }

    #[test]
    fn another_unit_scales_the_interval_and_leaves_ratios(above in times(), below in times()) {
        let eighths = |samples: &[f64]| samples.iter().map(|x| x / 8.0).collect::<Vec<_>>();
        let Estimate { value, lo, hi } = estimate(&above);
        let scaled = Estimate { value: value / 8.0, lo: lo / 8.0, hi: hi / 8.0 };
        prop_assert_eq!(estimate(&eighths(&above)), scaled);
        prop_assert_eq!(ratio(&eighths(&above), &eighths(&below)), ratio(&above, &below));
    }

    #[test]
    fn nothing_but_numbers_comes_out(a in any_times(), b in any_times()) {
        let (Some(a), Some(b)) = (Median::of(&a), Median::of(&b)) else { return Ok(()) };
        for Estimate { value, lo, hi } in [Some(a.estimate()), a.over(&b)].into_iter().flatten() {
            prop_assert!(value.is_finite() && lo.is_finite() && hi.is_finite());
            prop_assert!(lo <= value && value <= hi);
        }
    }
}
