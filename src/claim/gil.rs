//! What the lock does to threads that compute.

use super::judgement::{Holding, Judgement, ratio_text};
use super::scaling::cpu;
use super::{Chapter, Claim, Measurement};
use crate::domain::Model;
use crate::experiment::Experiment;
use crate::stats::{Estimate, MARGIN};
use crate::workload::WorkloadId;

/// The other workload of the articles: products of long lists of integers.
fn products() -> Experiment {
    Experiment {
        workload: WorkloadId::BigProduct,
        models: vec![Model::Serial, Model::ThreadsGil],
        lane_counts: vec![2],
        max_rounds: 9,
        budget_ms: 4_000,
        ..Experiment::default()
    }
}

/// The claim that threads under a lock gain nothing.
pub static GIL_CPU: Claim = Claim {
    id: "gil-cpu",
    chapter: Chapter::Gil,
    statement: "Under a GIL, threads do not make CPU-bound work faster.",
    because: "A {thread} computes only while it holds the {GIL}. After the {switch interval} another one may have it: the lanes take turns, and the work takes as long as one lane takes, or a little longer.",
    drawing: &["1 thread | cccccccccccc", "2 threads | ccwwccwwccww", "| wwccwwccwwcc"],
    author: &["With 1 to 8 threads the time stays as it is, and sometimes rises slightly."],
    needs: |cores| vec![Measurement::Experiment(cpu(cores)), Measurement::Experiment(products())],
    rule: "Holds if threads under a GIL clearly gain no more than 5 % over the plain loop, at every lane count and with both workloads. Refuted if they clearly gain more at any.",
    judge: |evidence, cores| {
        let (cosines, products) = (cpu(cores), products());
        let mut found: Vec<(String, Estimate)> = Vec::new();
        for &lanes in cosines.lane_counts.iter().filter(|&&lanes| lanes > 1) {
            let speed_up = evidence.speed_up(&cosines, Model::ThreadsGil, lanes)?;
            found.push((format!("cosine sum, {lanes} threads"), speed_up));
        }
        let speed_up = evidence.speed_up(&products, Model::ThreadsGil, 2)?;
        found.push(("big product, 2 threads".to_owned(), speed_up));
        let gains = |speed_up: &Estimate| speed_up.lo > 1.0 + MARGIN;
        let best = found.iter().map(|(_, s)| s.value).fold(0.0, f64::max);
        Ok(Judgement {
            holding: Holding::of(
                found.iter().all(|(_, speed_up)| speed_up.hi <= 1.0 + MARGIN),
                found.iter().any(|(_, speed_up)| gains(speed_up)),
            ),
            why: format!(
                "The best that threads under a GIL come to is {} of the plain loop's speed.",
                crate::format::ratio(best)
            ),
            figures: found.into_iter().map(|(what, speed_up)| (what, ratio_text(speed_up))).collect(),
        })
    },
    in_browser: "The lock here works as CPython's does, and what it locks is compiled code: the ratio is that of CPython, the times are those of C.",
    python: include_str!("python/gil_cpu.py"),
    #[cfg(test)]
    examples: || {
        use Model::{Serial, ThreadsGil};
        let run = |two, four, product, spread| {
            let figures = [(Serial, 1, 339.0), (ThreadsGil, 2, two), (ThreadsGil, 4, four)];
            let run = super::made::of(&cpu(2), spread, &figures);
            run.and(&products(), spread, &[(Serial, 1, 25.3), (ThreadsGil, 2, product)]).0
        };
        [run(343.0, 346.0, 25.9, 0.02), run(343.0, 190.0, 25.9, 0.02), run(343.0, 346.0, 25.0, 0.09)]
    },
};
