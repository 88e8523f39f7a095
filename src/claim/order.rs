//! The order in which a pool's results come.

use super::judgement::{Holding, Judgement};
use super::{Chapter, Claim, Evidence, Measurement};
use crate::domain::{Model, PoolCall, Size};
use crate::experiment::Experiment;
use crate::format;
use crate::summary::PointSummary;
use crate::workload::WorkloadId;

const LANES: u32 = 2;

/// Ranges of integers: the higher they lie, the longer they take.
fn primes(call: PoolCall) -> Experiment {
    Experiment {
        workload: WorkloadId::Primes,
        size: Size::S,
        models: vec![Model::Processes],
        lane_counts: vec![LANES],
        call,
        chunk_size: 1,
        min_rounds: 12,
        budget_ms: 1_000,
        ..Experiment::default()
    }
}

const CALLS: [PoolCall; 3] = [PoolCall::Map, PoolCall::Imap, PoolCall::ImapUnordered];

fn point(evidence: &Evidence, call: PoolCall) -> Result<&PointSummary, String> {
    evidence.results(&primes(call), Model::Processes, LANES)
}

/// The claim about the order of results.
pub static ORDER: Claim = Claim {
    id: "order",
    chapter: Chapter::Processes,
    statement: "map and imap give results in the order of the tasks, imap_unordered as they finish.",
    because: "Lanes finish when they finish. {map} keeps all results until the last is there; {imap} keeps a result until all before it are there; {imap_unordered} keeps none.",
    drawing: &["lane 1 | cccccccc", "lane 2 | cccwccww"],
    author: &[],
    needs: |_| CALLS.map(|call| Measurement::Experiment(primes(call))).to_vec(),
    rule: "Two processes, one task at a time, twelve times or more. Holds if the results of map and imap were in order every time, and those of imap_unordered not every time. Refuted if map or imap ever broke the order.",
    judge: |evidence, _| {
        let [map, imap, unordered] =
            [point(evidence, CALLS[0])?, point(evidence, CALLS[1])?, point(evidence, CALLS[2])?];
        let is_kept = map.in_order && imap.in_order;
        let word = |point: &PointSummary| if point.in_order { "in order" } else { "not always in order" };
        let figure = |call: PoolCall, point: &PointSummary| {
            let first = point.first_result_us.map(format::duration).unwrap_or_default();
            (call.name().to_owned(), format!("{}, the first after {first}", word(point)))
        };
        Ok(Judgement {
            holding: Holding::of(is_kept && !unordered.in_order, !is_kept),
            why: match (is_kept, unordered.in_order) {
                (true, false) => "Only imap_unordered ever broke the order of the tasks.".to_owned(),
                (true, true) => {
                    "All results came in order; for imap_unordered that may be chance. Run it again."
                        .to_owned()
                }
                (false, _) => "A call that promises the order of the tasks broke it.".to_owned(),
            },
            figures: vec![figure(CALLS[0], map), figure(CALLS[1], imap), figure(CALLS[2], unordered)],
        })
    },
    in_browser: "",
    python: include_str!("python/order.py"),
    #[cfg(test)]
    examples: || {
        let run = |in_order: [bool; 3]| {
            let mut evidence = super::made::Recording::default();
            for (call, in_order) in CALLS.into_iter().zip(in_order) {
                evidence = evidence.and(&primes(call), 0.05, &[(Model::Processes, LANES, 4.0)]);
                if !in_order {
                    evidence = evidence.out_of_order(&primes(call));
                }
            }
            evidence.0
        };
        [run([true, true, false]), run([true, false, false]), run([true, true, true])]
    },
};
