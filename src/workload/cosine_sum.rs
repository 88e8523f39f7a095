//! The sum of cos(i) over a run of integers: arithmetic alone, no memory to speak of.

use serde::{Deserialize, Serialize};

use super::{Description, Inputs, Size, Stopped, Workload, fold};
use crate::model::Checkpoint;

/// How many tasks a size is divided into.
const TASKS: u64 = 64;

/// Cosines between two checkpoints: some 20 µs.
const STRIDE: u32 = 4_096;

/// The sum of cos(i) for i = 0, 1, 2 …
#[derive(Clone, Copy, Debug)]
pub struct CosineSum;

/// The integers `start .. start + count`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slice {
    /// The first integer.
    pub start: u32,
    /// How many follow, the first included.
    pub count: u32,
}

impl Workload for CosineSum {
    type Shared = ();
    type Task = Slice;
    type Output = f64;

    const DESCRIPTION: Description = Description {
        name: "cosine sum",
        what: "Adds up the cosines of the integers below a limit.",
        python: "sum(math.cos(i) for i in range(10_000_000))",
        sizes: ["10⁶ cosines", "10⁷ cosines", "10⁸ cosines"],
    };

    fn inputs(size: Size, _seed: u64) -> Inputs<Self> {
        let count = match size {
            Size::S => 1_000_000,
            Size::M => 10_000_000,
            Size::L => 100_000_000,
        };
        Inputs { shared: (), tasks: slices(count).collect() }
    }

    fn units(task: &Slice) -> u32 {
        task.count
    }

    fn run<C: Checkpoint>(_: &(), task: &Slice, checkpoint: &mut C) -> Result<f64, Stopped> {
        let end = task.start + task.count;
        let mut sum = 0.0;
        let mut start = task.start;
        while start < end {
            let count = STRIDE.min(end - start);
            sum += (start..start + count).map(|i| f64::from(i).cos()).sum::<f64>();
            checkpoint.tick(count)?;
            start += count;
        }
        Ok(sum)
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
