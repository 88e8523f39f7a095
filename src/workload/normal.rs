//! Random numbers for inputs and simulations, the same bits on every machine.

use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::Rng;

/// Draws from the normal distribution with mean 0 and deviation 1, two at a time (Marsaglia's polar
/// method, 1964). `libm` computes the logarithm: unlike `f64::ln` it is the same code everywhere.
#[inline]
pub fn normal_pair(rng: &mut Xoshiro256PlusPlus) -> [f64; 2] {
    loop {
        let (x, y) = (symmetric(rng), symmetric(rng));
        let square = x * x + y * y;
        if square < 1.0 && square > 0.0 {
            let scale = (-2.0 * libm::log(square) / square).sqrt();
            return [x * scale, y * scale];
        }
    }
}

/// Draws from −1 … 1, in steps of 2⁻⁵². Wasm converts signed integers faster than unsigned ones.
#[inline]
pub fn symmetric(rng: &mut Xoshiro256PlusPlus) -> f64 {
    const STEP: f64 = 1.0 / (1_u64 << 52) as f64;
    (rng.next_u64().cast_signed() >> 11) as f64 * STEP
}

#[cfg(test)]
mod tests {
    use rand_xoshiro::rand_core::SeedableRng;

    use super::*;

    #[test]
    fn draws_have_the_moments_of_the_normal_distribution() {
        let mut rng = Xoshiro256PlusPlus::seed_from_u64(1);
        let draws: Vec<f64> = (0..100_000).flat_map(|_| normal_pair(&mut rng)).collect();
        let moment = |power| draws.iter().map(|z: &f64| z.powi(power)).sum::<f64>() / draws.len() as f64;
        // The n-th moment's standard error is the root of (its 2n-th moment, less its square) / 200,000.
        for (power, expected, variance) in [(1, 0.0, 1.0), (2, 1.0, 2.0), (3, 0.0, 15.0), (4, 3.0, 96.0)] {
            let error: f64 = moment(power) - expected;
            assert!(error.abs() < 4.0 * f64::sqrt(variance / 200_000.0), "moment {power} is off by {error}");
        }
    }
}
