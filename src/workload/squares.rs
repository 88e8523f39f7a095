//! Squares of integers, each a task of its own: next to no work, so that all that is seen is what
//! it costs to hand out a task and to take its answer back.

use super::{Description, Kernel, Request, Workload, fold};
use crate::domain::{Size, Stopped};
use crate::job::{Checkpoint, Inputs};

/// The squares of 1, 2, 3 …
#[derive(Clone, Copy, Debug)]
pub struct Squares;

impl Kernel for Squares {
    type Shared = ();
    type Task = u32;
    type Output = u64;

    fn units(_: &u32) -> u32 {
        1
    }

    fn run<C: Checkpoint>(_: &(), x: &u32, checkpoint: &mut C) -> Result<u64, Stopped> {
        let square = u64::from(*x).pow(2);
        checkpoint.tick(1)?;
        Ok(square)
    }
}

impl Workload for Squares {
    const DESCRIPTION: Description = Description {
        name: "squares",
        what: "Squares integers, each in a task of its own: all overhead, no work.",
        python: "pool.map(square, range(1, 10_001), chunksize=1)",
        sizes: ["1,000 tasks", "10,000 tasks", "100,000 tasks"],
    };

    fn inputs(request: &Request) -> Inputs<Self> {
        let count = match request.size {
            Size::S => 1_000,
            Size::M => 10_000,
            Size::L => 100_000,
        };
        Inputs::new((), (1..=count).collect())
    }

    fn checksum(outputs: &[u64]) -> u64 {
        fold(outputs.iter().copied())
    }
}
