//! A product of random integers, multiplied up exactly from left to right.

use rand_mt::Mt;
use std::collections::HashSet;

use super::{Description, Inputs, Size, Stopped, Workload, fold};
use crate::model::Checkpoint;

/// Factors are drawn from `0 .. POPULATION`.
const POPULATION: u32 = 1_000_000;

/// The exact product of a random sample of integers, as a left fold.
#[derive(Clone, Copy, Debug)]
pub struct BigProduct;

impl Workload for BigProduct {
    type Shared = ();
    type Task = Vec<u32>;
    /// The product's 32-bit limbs, the lowest first and the highest not zero; none for zero.
    type Output = Vec<u32>;

    const DESCRIPTION: Description = Description {
        name: "big product",
        what: "Multiplies random integers below a million into one exact product, from left to right.",
        python: "functools.reduce(operator.mul, random.sample(range(1_000_000), 50_000))",
        sizes: ["64 products of 1,000", "64 products of 8,000", "16 products of 50,000"],
    };

    fn inputs(size: Size, seed: u64) -> Inputs<Self> {
        let (tasks, factors) = match size {
            Size::S => (64, 1_000),
            Size::M => (64, 8_000),
            Size::L => (16, 50_000),
        };
        // A sample that holds a zero is passed over: its product would be no work.
        let samples = (0..).map(|task| sample(seed.wrapping_add(task), factors));
        let tasks = samples.filter(|sample| !sample.contains(&0)).take(tasks).collect();
        Inputs { shared: (), tasks }
    }

    fn units(task: &Vec<u32>) -> u32 {
        task.len() as u32
    }

    fn run<C: Checkpoint>(_: &(), task: &Vec<u32>, checkpoint: &mut C) -> Result<Vec<u32>, Stopped> {
        let mut product = vec![1u32];
        for &factor in task {
            let mut carry = 0;
            for limb in &mut product {
                let wide = u64::from(*limb) * u64::from(factor) + carry;
                *limb = wide as u32;
                carry = wide >> 32;
            }
            if carry != 0 {
                product.push(carry as u32);
            }
            checkpoint.tick(1)?;
        }
        while product.last() == Some(&0) {
            product.pop();
        }
        Ok(product)
    }

    fn checksum(outputs: &[Vec<u32>]) -> u64 {
        fold(outputs.iter().flat_map(|product| {
            std::iter::once(product.len() as u64).chain(product.iter().map(|&limb| u64::from(limb)))
        }))
    }
}

/// `random.Random(seed).sample(range(1_000_000), count)` of CPython 3.11.
fn sample(seed: u64, count: usize) -> Vec<u32> {
    let mut rng = seeded(seed);
    let mut below = |limit: u32| {
        let unused = limit.leading_zeros();
        loop {
            let drawn = rng.next_u32() >> unused;
            if drawn < limit {
                return drawn;
            }
        }
    };
    // CPython keeps a set of what is chosen while that takes less room than the whole population.
    let mut room = 21;
    if count > 5 {
        let mut table = 1;
        while table < 3 * count {
            table *= 4;
        }
        room += table;
    }
    if POPULATION as usize <= room {
        let mut pool: Vec<u32> = (0..POPULATION).collect();
        (0..count as u32)
            .map(|taken| {
                let last = POPULATION - taken - 1;
                pool.swap(below(last + 1) as usize, last as usize);
                pool[last as usize]
            })
            .collect()
    } else {
        let mut chosen = HashSet::with_capacity(count);
        let mut draw = || loop {
            let drawn = below(POPULATION);
            if chosen.insert(drawn) {
                return drawn;
            }
        };
        (0..count).map(|_| draw()).collect()
    }
}

/// `random.Random(seed)` of CPython: its key is the seed's 32-bit words, at least one.
fn seeded(seed: u64) -> Mt {
    let words = [seed as u32, (seed >> 32) as u32];
    Mt::new_with_key(words[..if words[1] == 0 { 1 } else { 2 }].iter().copied())
}
