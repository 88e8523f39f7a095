//! The sum of cos(i) over a run of integers: arithmetic alone, no memory to speak of.

use std::array;
use std::f64::consts::FRAC_1_PI;
use std::hint::black_box;

use serde::{Deserialize, Serialize};

use super::{Description, Kernel, Request, Workload, fold};
use crate::domain::{Size, Stopped};
use crate::job::{Checkpoint, Inputs};

/// How many tasks a size is divided into.
const TASKS: u64 = 256;

/// Cosines between two checkpoints: some 35 µs.
const STRIDE: u32 = 16_384;

/// Cosines that are computed side by side: enough to fill the vectors of any machine and to hide
/// how long each one takes.
const WIDTH: usize = 8;

/// The sum of cos(i) for i = 0, 1, 2 …
#[derive(Clone, Copy, Debug)]
pub struct CosineSum;

/// The integers `start .. start + count`; none above 10⁸, for which [`cosine`] is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slice {
    /// The first integer.
    pub start: u32,
    /// How many there are.
    pub count: u32,
}

impl Kernel for CosineSum {
    type Shared = ();
    type Task = Slice;
    type Output = f64;

    fn units(task: &Slice) -> u32 {
        task.count
    }

    fn run<C: Checkpoint>(_: &(), task: &Slice, checkpoint: &mut C) -> Result<f64, Stopped> {
        let mut sum = 0.0;
        let mut done = 0;
        while done < task.count {
            let count = STRIDE.min(task.count - done);
            sum += sum_of_cosines(task.start + done, count);
            done += count;
            checkpoint.tick(count)?;
        }
        Ok(sum)
    }
}

impl Workload for CosineSum {
    const DESCRIPTION: Description = Description {
        name: "cosine sum",
        what: "Adds up the cosines of all integers below a limit.",
        python: "sum(math.cos(i) for i in range(10_000_000))",
        sizes: ["10⁶ cosines", "5·10⁷ cosines", "10⁸ cosines"],
    };

    fn inputs(request: &Request) -> Inputs<Self> {
        let count = match request.size {
            Size::S => 1_000_000,
            Size::M => 50_000_000,
            Size::L => 100_000_000,
        };
        Inputs::new((), slices(count).collect())
    }

    fn checksum(outputs: &[f64]) -> u64 {
        fold(outputs.iter().map(|sum| sum.to_bits()))
    }
}

/// Divides `0 .. count` into [`TASKS`] slices whose lengths differ by one at most.
fn slices(count: u32) -> impl Iterator<Item = Slice> {
    let bound = move |task: u64| (u64::from(count) * task / TASKS) as u32;
    (0..TASKS).map(move |task| Slice { start: bound(task), count: bound(task + 1) - bound(task) })
}

/// Adds up `count` cosines from cos(`start`) on, in [`WIDTH`] sums that are added up last.
fn sum_of_cosines(start: u32, count: u32) -> f64 {
    // The compiler must not know these numbers: V8 puts every constant of a vector loop together
    // anew whenever it runs out of registers, which takes a quarter longer than to load it.
    let numbers = black_box(&NUMBERS);
    let mut sums = [0.0; WIDTH];
    let mut next: [f64; WIDTH] = array::from_fn(|lane| f64::from(start) + lane as f64);
    for _ in 0..count / WIDTH as u32 {
        for lane in 0..WIDTH {
            sums[lane] += numbers.cosine(next[lane]);
            next[lane] += WIDTH as f64;
        }
    }
    let rest = start + count - count % WIDTH as u32..start + count;
    rest.map(|i| numbers.cosine(f64::from(i))).fold(sums.iter().sum(), |sum, cosine| sum + cosine)
}

/// cos(x) for integers from 0 to 10⁸, within 2 ulp (1.98 for 51,424,746, the worst of them all, by
/// comparison with 300-bit arithmetic; a C library's is within 0.6).
pub fn cosine(x: f64) -> f64 {
    NUMBERS.cosine(x)
}

/// What a cosine is made of.
struct Numbers {
    inverse_pi: f64,
    half: f64,
    /// Adding 1.5·2⁵² to a number below 2⁵¹ leaves the nearest integer in the lowest bits.
    round: f64,
    /// π as a sum (Cody and Waite, 1980): the first two have so few bits that their products with
    /// a half-integer below 2²⁵ are exact.
    pi: [f64; 3],
    /// (sin r − r) / r³ as a polynomial of r², of the least relative error in sin r for |r| ≤ π/2
    /// (2.8e-19, by Remez' algorithm).
    sine: [f64; 8],
}

static NUMBERS: Numbers = Numbers {
    inverse_pi: FRAC_1_PI,
    half: 0.5,
    round: 6_755_399_441_055_744.0,
    pi: [3.141_592_651_605_606, 1.984_187_036_896_401e-9, 1.224_646_799_147_353_2e-16],
    sine: [
        -0.166_666_666_666_666_66,
        0.008_333_333_333_333_194,
        -0.000_198_412_698_412_092_18,
        2.755_731_921_113_723_7e-6,
        -2.505_210_687_279_835_2e-8,
        1.605_893_970_568_338_1e-10,
        -7.642_991_483_375_096e-13,
        2.721_174_896_566_097e-15,
    ],
};

impl Numbers {
    /// A cosine that has no branch and no table, so that a compiler makes vectors of it on every
    /// machine, and that has the same bits on all of them: nothing but IEEE 754 additions and
    /// multiplications. It takes a tenth of the time that wasm's own `f64::cos` takes.
    #[inline(always)]
    fn cosine(&self, x: f64) -> f64 {
        // With x = (n − ½)π + r, |r| ≤ π/2, cos x is sin r for an even n and −sin r for an odd one.
        let n = x * self.inverse_pi + self.half + self.round;
        let turns = n - self.round - self.half;
        let r = self.pi.iter().fold(x, |rest, part| rest - turns * part);
        let square = r * r;
        let tail = self.sine[..7].iter().rev().fold(self.sine[7], |sum, factor| sum * square + factor);
        let sine = r + r * square * tail;
        f64::from_bits(sine.to_bits() ^ (n.to_bits() << 63))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::job::Unchecked;

    /// The distance to a C library's cosine, which itself is within 0.6 ulp of the true one.
    fn error_in_ulp(i: u32) -> f64 {
        let expected = f64::from(i).cos();
        (cosine(f64::from(i)) - expected).abs() / ulp(expected)
    }

    fn ulp(value: f64) -> f64 {
        value.abs().next_up() - value.abs()
    }

    #[test]
    fn cosines_are_within_two_ulp() {
        // The stride shares no factor with any power of ten.
        for i in (0..=100_000_000).step_by(997) {
            assert!(error_in_ulp(i) <= 2.6, "cos({i}): {} ulp", error_in_ulp(i));
        }
        // True values, by mpmath with 300 bits: of the integers with the largest errors, and of
        // those with the cosines nearest to zero, where a poor reduction shows first.
        for (i, truth) in [
            (51_424_746, -0.989_444_348_315_227_1),
            (6_947_120, -0.997_277_183_061_544_3),
            (65_166_848, 0.995_513_460_837_030_4),
            (42_781_604, 1.171_381_412_646_535_1e-8),
            (37_362_253, 2.648_666_094_443_125_6e-8),
            (31_942_902, -6.468_713_601_532_782e-8),
        ] {
            let error = (cosine(f64::from(i)) - truth).abs() / ulp(truth);
            assert!(error <= 2.5, "cos({i}): {error} ulp");
        }
    }

    #[test]
    fn any_slice_is_the_sum_of_its_cosines() {
        for (start, count) in [(0, 0), (5, 1), (0, 7), (3, 8), (99_999_983, 17), (1_000, STRIDE + 13)] {
            let found = CosineSum::run(&(), &Slice { start, count }, &mut Unchecked).unwrap();
            let expected: f64 = (start..start + count).map(|i| f64::from(i).cos()).sum();
            assert!((found - expected).abs() < 1e-10, "{start}, {count}: {found}, not {expected}");
        }
    }

    #[test]
    fn slices_cover_every_integer_once_even_when_the_count_does_not_divide() {
        for count in [0, 1, 63, 64, 1_000_003] {
            let mut next = 0;
            for slice in slices(count) {
                assert_eq!(slice.start, next);
                next += slice.count;
            }
            assert_eq!(next, count);
        }
    }
}
