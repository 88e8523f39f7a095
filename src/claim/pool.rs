//! Pools over tasks that are hardly any work.

use super::judgement::{Holding, Judgement, ratio_text};
use super::scaling::all_cores;
use super::{Chapter, Claim, Measurement};
use crate::domain::{Model, Size};
use crate::experiment::Experiment;
use crate::format;
use crate::stats::MARGIN;
use crate::workload::WorkloadId;

/// The chunk size that is compared with one task at once.
const LARGE: u32 = 250;

fn squares(cores: u32, chunk_size: u32) -> Experiment {
    Experiment {
        workload: WorkloadId::Squares,
        size: Size::S,
        models: vec![Model::Serial, Model::Processes],
        lane_counts: vec![all_cores(cores).min(4)],
        chunk_size,
        min_rounds: 15,
        budget_ms: 1_500,
        ..Experiment::default()
    }
}

/// The claim that a pool over tiny tasks loses.
pub static TINY_TASKS: Claim = Claim {
    id: "tiny-tasks",
    chapter: Chapter::Processes,
    statement: "A pool over tiny tasks is slower than a plain loop.",
    because: "A square takes nanoseconds; the messages that carry the number to a {process} and its square back take microseconds. A larger {chunk size} sends many numbers at once, and still has to send them.",
    drawing: &[
        "plain loop | cccc",
        "pool | iciiciiciicii",
        "| .iciiciiciici",
        "in chunks | iicci",
        "| .iicci",
    ],
    author: &["Squares of 1 … 5 with a pool: slower than without one."],
    needs: |cores| [1, LARGE].map(|chunk| Measurement::Experiment(squares(cores, chunk))).to_vec(),
    rule: "1,000 squares, one task at a time. Holds if the pool is clearly more than 5 % slower than the plain loop. Refuted if it clearly is not.",
    judge: |evidence, cores| {
        let n = all_cores(cores).min(4);
        let speed_up = |chunk| evidence.speed_up(&squares(cores, chunk), Model::Processes, n);
        let (one, large) = (speed_up(1)?, speed_up(LARGE)?);
        let pool_us = evidence.time_us(&squares(cores, 1), Model::Processes, n)?.value;
        let loop_us = evidence.time_us(&squares(cores, 1), Model::Serial, 1)?.value;
        Ok(Judgement {
            holding: Holding::of(one.hi < 1.0 - MARGIN, one.lo >= 1.0 - MARGIN),
            why: format!(
                "The plain loop takes {}, a pool of {n} processes {}.",
                format::duration(loop_us),
                format::duration(pool_us)
            ),
            figures: vec![
                ("Pool, one task at a time".to_owned(), ratio_text(one)),
                (format!("Pool, {LARGE} at a time"), ratio_text(large)),
            ],
        })
    },
    in_browser: "",
    python: include_str!("python/tiny_tasks.py"),
    #[cfg(test)]
    examples: || {
        use Model::{Processes, Serial};
        let run = |one, spread| {
            let figures = |time| [(Serial, 1, 0.175), (Processes, 2, time)];
            let run = super::made::of(&squares(2, 1), spread, &figures(one));
            run.and(&squares(2, LARGE), spread, &figures(0.6)).0
        };
        [run(9.1, 0.05), run(0.12, 0.05), run(0.185, 0.08)]
    },
};
