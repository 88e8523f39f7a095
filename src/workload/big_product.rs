//! A product of random integers, multiplied up exactly from left to right.

use std::collections::HashSet;
use std::iter;

use rand_mt::Mt;

use super::{Description, Kernel, Plain, Request, Workload, fold};
use crate::domain::{Size, Stopped};
use crate::job::{Checkpoint, Inputs};

/// The exact product of a random sample of integers, as a left fold.
#[derive(Clone, Copy, Debug)]
pub struct BigProduct;

impl Kernel for BigProduct {
    type Shared = ();
    /// The factors.
    type Task = Plain<u32>;
    /// The product's 32-bit limbs, the lowest first and the highest not zero; none for zero.
    type Output = Plain<u32>;

    fn units(factors: &Plain<u32>) -> u32 {
        factors.len() as u32
    }

    fn run<C: Checkpoint>(_: &(), factors: &Plain<u32>, checkpoint: &mut C) -> Result<Plain<u32>, Stopped> {
        product(factors, checkpoint).map(Plain)
    }
}

impl Workload for BigProduct {
    const DESCRIPTION: Description = Description {
        name: "big product",
        what: "Multiplies random integers below a million into one exact product, from left to right.",
        python: "functools.reduce(operator.mul, random.sample(range(1_000_000), 50_000))",
        sizes: ["64 products of 1,000 integers", "64 products of 8,000", "16 products of 50,000"],
    };

    /// Every task has the sample of a Python seed of its own: those from `seed` on, but for the
    /// samples that hold a zero, whose product would be no work.
    fn inputs(request: &Request) -> Inputs<Self> {
        let (tasks, factors) = match request.size {
            Size::S => (64, 1_000),
            Size::M => (64, 8_000),
            Size::L => (16, 50_000),
        };
        let samples = (0..).map(|task| sample(request.seed.wrapping_add(task), factors));
        let tasks = samples.filter(|sample| !sample.contains(&0)).take(tasks).map(Plain).collect();
        Inputs::new((), tasks)
    }

    fn checksum(outputs: &[Plain<u32>]) -> u64 {
        fold(outputs.iter().flat_map(|product| {
            iter::once(product.len() as u64).chain(product.iter().copied().map(u64::from))
        }))
    }
}

/// Bits in a limb: what is left of 64 when a factor below 2²⁰ is multiplied in, so that no limb
/// needs more than the 64-bit multiplication that wasm has.
const LIMB_BITS: u32 = 44;

/// Factors that are multiplied in while a limb is at hand. More would need more registers than
/// x86 has once an engine has taken its own.
const WAVE: usize = 3;

/// Limbs that are gone over between two checkpoints: some 20 µs.
const STRIDE: usize = 16_384;

/// Multiplies from left to right, [`WAVE`] factors in one pass over the limbs: at every limb, each
/// factor meets what the factor before it has just left there. That is the left fold exactly, in
/// fewer passes.
fn product<C: Checkpoint>(factors: &[u32], checkpoint: &mut C) -> Result<Vec<u32>, Stopped> {
    let most_limbs = (factors.len() * 20).div_ceil(LIMB_BITS as usize) + WAVE;
    let mut limbs: Vec<u64> = Vec::with_capacity(most_limbs);
    limbs.push(1);
    let (mut gone_over, mut multiplied) = (0, 0);
    for few in factors.chunks(WAVE) {
        let mut wave = Wave::new(few);
        for limb in &mut limbs {
            *limb = wave.multiply(*limb);
        }
        while !wave.is_over() {
            limbs.push(wave.multiply(0));
        }
        // A factor of zero leaves no limb.
        while limbs.last() == Some(&0) {
            limbs.pop();
        }
        gone_over += limbs.len();
        multiplied += few.len() as u32;
        if gone_over >= STRIDE {
            checkpoint.tick(multiplied)?;
            (gone_over, multiplied) = (0, 0);
        }
    }
    checkpoint.tick(multiplied)?;
    Ok(repack(&limbs))
}

/// Some factors on their way over the limbs, from the lowest to the highest.
struct Wave {
    factors: [u64; WAVE],
    carries: [u64; WAVE],
}

impl Wave {
    fn new(few: &[u32]) -> Self {
        let mut factors = [1; WAVE];
        for (factor, &given) in factors.iter_mut().zip(few) {
            *factor = u64::from(given);
        }
        Self { factors, carries: [0; WAVE] }
    }

    /// Multiplies the next limb by every factor.
    #[inline(always)]
    fn multiply(&mut self, mut limb: u64) -> u64 {
        for (factor, carry) in self.factors.iter().zip(&mut self.carries) {
            let wide = limb * factor + *carry;
            limb = wide & ((1 << LIMB_BITS) - 1);
            *carry = wide >> LIMB_BITS;
        }
        limb
    }

    /// Whether nothing is carried to higher limbs.
    fn is_over(&self) -> bool {
        self.carries.iter().all(|&carry| carry == 0)
    }
}

/// Turns limbs of [`LIMB_BITS`] into limbs of 32 bits, without leading zeros.
fn repack(limbs: &[u64]) -> Vec<u32> {
    let mut words = Vec::with_capacity((limbs.len() * LIMB_BITS as usize).div_ceil(32));
    let (mut waiting, mut bits) = (0u128, 0);
    for &limb in limbs {
        waiting |= u128::from(limb) << bits;
        bits += LIMB_BITS;
        while bits >= 32 {
            words.push(waiting as u32);
            waiting >>= 32;
            bits -= 32;
        }
    }
    words.push(waiting as u32);
    while words.last() == Some(&0) {
        words.pop();
    }
    words
}

/// Factors are drawn from the integers below this.
const POPULATION: u32 = 1_000_000;

/// `random.Random(seed).sample(range(1_000_000), count)` of CPython 3.11.
pub fn sample(seed: u64, count: usize) -> Vec<u32> {
    let mut rng = seeded(seed);
    // `Random._randbelow`: as many bits as the limit has, drawn again while they are too large.
    let mut below = |limit: u32| {
        iter::repeat_with(|| rng.next_u32() >> limit.leading_zeros())
            .find(|&drawn| drawn < limit)
            .expect("the generator never ends")
    };
    // CPython draws from a list of the whole population, unless a set of those chosen is smaller.
    // Its set has 21 places and, for more than 5 members, as many again as the next power of four.
    let set_size = 21 + if count > 5 { 4_usize.pow((3 * count - 1).ilog(4) + 1) } else { 0 };
    if POPULATION as usize <= set_size {
        let mut pool: Vec<u32> = (0..POPULATION).collect();
        iter::repeat_with(|| {
            let place = below(pool.len() as u32);
            pool.swap_remove(place as usize)
        })
        .take(count)
        .collect()
    } else {
        let mut chosen = HashSet::with_capacity(count);
        iter::repeat_with(|| below(POPULATION)).filter(|&drawn| chosen.insert(drawn)).take(count).collect()
    }
}

/// `random.Random(seed)` of CPython, whose key is the seed's 32-bit words, at least one.
pub fn seeded(seed: u64) -> Mt {
    let words = [seed as u32, (seed >> 32) as u32];
    let key = if words[1] == 0 { &words[..1] } else { &words };
    Mt::new_with_key(key.iter().copied())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::job::Unchecked;

    /// Answers of CPython 3.11 where `tests/reference` has none.
    #[test]
    fn samples_are_those_of_python_for_long_seeds_and_large_samples() {
        assert_eq!(sample((1 << 40) + 3, 3), [230_463, 63_787, 576_159]);
        assert_eq!(sample(u64::MAX, 3), [22_885, 260_863, 354_518]);

        let most = sample(5, 100_000);
        assert_eq!(most[..3], [653_159, 267_853, 777_820]);
        assert_eq!(most.last(), Some(&580_251));
        assert_eq!(most.iter().copied().map(u64::from).sum::<u64>(), 49_940_217_443);
        assert_eq!(sample(5, 1_000_000).iter().copied().map(u64::from).sum::<u64>(), 499_999_500_000);
    }

    #[test]
    fn small_products_are_exact() {
        let product = |factors: &[u32]| product(factors, &mut Unchecked).unwrap();
        assert_eq!(product(&[]), [1]);
        assert_eq!(product(&[7]), [7]);
        assert_eq!(product(&[0]), []);
        assert_eq!(product(&[65_536, 65_536]), [0, 1]);
        assert_eq!(product(&[999_999; 4]), [0xff11_5701, 0xe44b_f793, 0x0000_d3c1]);
    }

    #[test]
    fn no_task_has_a_product_of_zero() {
        let inputs = BigProduct::inputs(&Request::new(Size::L, 1));
        assert_eq!(inputs.tasks.len(), 16);
        assert!(inputs.tasks.iter().all(|factors| factors.len() == 50_000 && !factors.contains(&0)));
    }
}
