//! Concurrent is not parallel.

use super::judgement::{Holding, Judgement};
use super::scaling::{cpu, ensure_several};
use super::{Chapter, Claim, Measurement};
use crate::domain::Model;
use crate::stats::{Estimate, MARGIN};

/// The claim that lanes under a lock take turns.
pub static CONCURRENCY: Claim = Claim {
    id: "concurrency",
    chapter: Chapter::Lanes,
    statement: "Concurrent is not parallel: under a GIL lanes take turns, without one they compute at once.",
    because: "Lanes are {concurrent} when each has begun and none is done. They are {parallel} when several compute at the same moment, which takes as many {cores|core}. The {GIL} allows the first and forbids the second.",
    drawing: &["with a GIL | ccwwccwwccww", "| wwccwwccwwcc", "without | cccccc", "| cccccc"],
    author: &[],
    needs: |cores| vec![Measurement::Experiment(cpu(cores))],
    rule: "From every lane's timeline: how many lanes compute at the same moment, on average over the time in which any does. Holds if that is clearly no more than 1.05 for two threads under a GIL and clearly more for two without one. Refuted if either is clearly not the case.",
    judge: |evidence, cores| {
        ensure_several(cores)?;
        let experiment = cpu(cores);
        let locked = evidence.overlap(&experiment, Model::ThreadsGil, 2)?;
        let free = evidence.overlap(&experiment, Model::Threads, 2)?;
        let text = |overlap: Estimate| {
            format!("{:.2} ({:.2}\u{2060}–\u{2060}{:.2}) lanes", overlap.value, overlap.lo, overlap.hi)
        };
        Ok(Judgement {
            holding: Holding::of(
                locked.hi <= 1.0 + MARGIN && free.lo > 1.0 + MARGIN,
                locked.lo > 1.0 + MARGIN || free.hi <= 1.0 + MARGIN,
            ),
            why: format!(
                "Of two threads {:.2} compute at the same moment under a GIL, and {:.2} without one.",
                locked.value, free.value
            ),
            figures: vec![
                ("At once, under a GIL".to_owned(), text(locked)),
                ("At once, without one".to_owned(), text(free)),
            ],
        })
    },
    in_browser: "",
    python: include_str!("python/concurrency.py"),
    #[cfg(test)]
    examples: || {
        use Model::{Serial, Threads, ThreadsGil};
        let run = |locked: [f64; 2], free: [f64; 2]| {
            let figures = [(Serial, 1, 339.0), (ThreadsGil, 2, 341.0), (Threads, 2, 172.0)];
            let run = super::made::of(&cpu(2), 0.02, &figures);
            run.overlapping(ThreadsGil, locked).overlapping(Threads, free).0
        };
        [run([1.0, 1.001], [1.96, 1.99]), run([1.0, 1.001], [1.0, 1.02]), run([1.0, 1.001], [1.01, 1.4])]
    },
};
