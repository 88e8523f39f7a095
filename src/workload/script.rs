//! A program in Python as a workload: its `work` does its `TASKS`. An interpreter does them, and what comes back of each is
//! a digest of what Python calls the `repr` of its result.

use super::{Description, Request, Workload, fold};
use crate::domain::Bound;
use crate::job::{Inputs, Job, Lane, TaskEnd};

/// A program in Python: the visitor's own, or another workload's.
#[derive(Clone, Copy, Debug)]
pub struct Script;

/// What a new experiment runs until a script is written.
pub const EXAMPLE: &str = "\
import math


def work(task):
    return sum(math.cos(i) for i in range(task))


TASKS = [50_000] * 16
";

impl Job for Script {
    type Shared = ();
    /// The task's place among `TASKS`, which stay with the interpreter.
    type Task = u32;
    type Output = u64;

    const WAITS: bool = false;

    fn units(_: &u32) -> Option<u32> {
        Some(1)
    }

    async fn perform<L: Lane>(_: &(), _: &u32, _: &mut L) -> Result<u64, TaskEnd> {
        unreachable!("an interpreter does its tasks")
    }
}

impl Workload for Script {
    const BOUND: Bound = Bound::Unknown;

    const DESCRIPTION: Description = Description {
        name: "your script",
        what: "Runs work(task) for each of TASKS, in Python.",
        python: "[work(task) for task in TASKS]",
        sizes: ["as written"; 3],
    };

    /// Nobody knows how many tasks there are before the program was imported.
    fn inputs(_: &Request) -> Inputs<Self> {
        Inputs::new((), Vec::new())
    }

    fn checksum(outputs: &[u64]) -> u64 {
        fold(outputs.iter().copied())
    }
}
