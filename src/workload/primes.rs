//! Primes counted by trial division: tasks that look alike and take very different times.

use serde::{Deserialize, Serialize};

use super::{Description, Kernel, Request, Workload, fold};
use crate::domain::{Size, Stopped};
use crate::job::{Checkpoint, Inputs};

/// How many tasks a size is divided into. The last one takes several times as long as the first.
const TASKS: u64 = 64;

/// Integers between two checkpoints: some 30 µs at the largest size.
const STRIDE: u32 = 64;

/// How many primes there are below a limit.
#[derive(Clone, Copy, Debug)]
pub struct Primes;

/// The integers `start .. end`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Range {
    /// The first integer.
    pub start: u32,
    /// The first one that is not meant any more.
    pub end: u32,
}

impl Kernel for Primes {
    type Shared = ();
    type Task = Range;
    type Output = u32;

    fn units(range: &Range) -> u32 {
        range.end - range.start
    }

    fn run<C: Checkpoint>(_: &(), range: &Range, checkpoint: &mut C) -> Result<u32, Stopped> {
        let mut primes = 0;
        let mut start = range.start;
        while start < range.end {
            let end = range.end.min(start + STRIDE);
            primes += (start..end).filter(|&k| is_prime(k)).count() as u32;
            checkpoint.tick(end - start)?;
            start = end;
        }
        Ok(primes)
    }
}

impl Workload for Primes {
    const DESCRIPTION: Description = Description {
        name: "primes",
        what: "Counts the primes below a limit by trial division; later tasks take longer.",
        python: "sum(all(k % d for d in range(2, math.isqrt(k) + 1)) for k in range(2, 2_000_000))",
        sizes: ["primes below 10⁵", "primes below 2·10⁶", "primes below 10⁷"],
    };

    fn inputs(request: &Request) -> Inputs<Self> {
        let limit = match request.size {
            Size::S => 100_000,
            Size::M => 2_000_000,
            Size::L => 10_000_000,
        };
        Inputs::new((), ranges(limit).collect())
    }

    fn checksum(outputs: &[u32]) -> u64 {
        fold(outputs.iter().copied().map(u64::from))
    }
}

/// Divides the integers below `limit` into [`TASKS`] ranges of almost the same length.
pub fn ranges(limit: u32) -> impl Iterator<Item = Range> {
    let bound = move |task: u64| (u64::from(limit) * task / TASKS) as u32;
    (0..TASKS).map(move |task| Range { start: bound(task), end: bound(task + 1) })
}

/// Tries every divisor up to the square root, as the line of Python does.
fn is_prime(k: u32) -> bool {
    k >= 2 && (2..=k.isqrt()).all(|divisor| !k.is_multiple_of(divisor))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::job::Unchecked;

    #[test]
    fn the_tasks_of_a_size_find_every_prime_and_take_ever_longer() {
        let inputs = Primes::inputs(&Request::new(Size::S, 1));
        let found = inputs.tasks.iter().map(|range| Primes::run(&(), range, &mut Unchecked).unwrap());
        assert_eq!(found.sum::<u32>(), 9_592);

        // Division by division, without a clock.
        let work = |range: &Range| -> u32 {
            let tried =
                |k: u32| (2..=k.isqrt()).find(|divisor| k.is_multiple_of(*divisor)).unwrap_or(k.isqrt());
            (range.start..range.end).map(tried).sum()
        };
        assert!(work(&inputs.tasks[63]) > 3 * work(&inputs.tasks[0]));
    }
}
