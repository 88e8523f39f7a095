//! Mails: fetched, and with each step by its bottleneck.

use super::judgement::{Holding, Judgement, ratio_text};
use super::{Chapter, Claim, Measurement};
use crate::domain::{Model, Network, Size};
use crate::experiment::Experiment;
use crate::format;
use crate::stats::{Estimate, MARGIN};
use crate::workload::WorkloadId;

/// 100 mails, each after 10 ms.
fn mailbox() -> Experiment {
    Experiment {
        models: vec![Model::Serial, Model::ThreadsGil],
        lane_counts: vec![10],
        chunk_size: 10,
        size: Size::M,
        network: Network { latency_us: 10_000, ..Network::default() },
        max_rounds: 6,
        budget_ms: 12_000,
        ..Experiment::of(WorkloadId::Mailbox, 2)
    }
}

/// The claim about the mailbox.
pub static MAIL: Claim = Claim {
    id: "mail",
    chapter: Chapter::Waiting,
    statement: "Ten threads fetch 100 emails faster than one.",
    because: "Fetching an email is mostly waiting. Ten {threads|thread} wait for ten at once; work that they cannot divide, such as saving the emails, keeps the gain below ten.",
    drawing: &["1 lane | wcwcwcwcwcwc", "3 lanes | wcwc", "| wcwc", "| wcwc"],
    author: &["100 mails: 35.65 s one by one, 9.84 s with 10 threads, 3.62×."],
    needs: |_| vec![Measurement::Experiment(mailbox())],
    rule: "100 mails that come after 10 ms each, 10 threads that take 10 at once. Holds if they clearly gain more than 5 % over one lane and clearly less than ten times. Refuted if either is clearly not the case.",
    judge: |evidence, _| {
        let speed_up = evidence.speed_up(&mailbox(), Model::ThreadsGil, 10)?;
        let one = evidence.time_us(&mailbox(), Model::Serial, 1)?;
        let ten = evidence.time_us(&mailbox(), Model::ThreadsGil, 10)?;
        Ok(Judgement {
            holding: Holding::of(
                speed_up.lo > 1.0 + MARGIN && speed_up.hi < 10.0,
                speed_up.hi <= 1.0 + MARGIN || speed_up.lo >= 10.0,
            ),
            why: format!("10 threads fetch them {} as fast as one lane.", ratio_text(speed_up)),
            figures: vec![
                ("One by one".to_owned(), format::duration(one.value)),
                (
                    "10 threads".to_owned(),
                    format!("{}, {}", format::duration(ten.value), ratio_text(speed_up)),
                ),
            ],
        })
    },
    in_browser: "The mailbox is simulated: its mails are made by formula, and come after a set time.",
    python: include_str!("python/mail.py"),
    #[cfg(test)]
    examples: || {
        use Model::{Serial, ThreadsGil};
        let run =
            |ms, spread| super::made::of(&mailbox(), spread, &[(Serial, 1, 1_500.0), (ThreadsGil, 10, ms)]).0;
        [run(210.0, 0.03), run(1_550.0, 0.03), run(1_450.0, 0.06)]
    },
};

/// 20 mails that are fetched, parsed and stored.
fn pipeline(cores: u32) -> Experiment {
    Experiment {
        models: vec![Model::Serial, Model::ThreadsGil, Model::Processes, Model::ByBottleneck],
        lane_counts: vec![super::scaling::all_cores(cores).min(8), 16],
        size: Size::S,
        network: Network { latency_us: 10_000, ..Network::default() },
        max_rounds: 10,
        budget_ms: 10_000,
        ..Experiment::of(WorkloadId::Pipeline, cores.clamp(1, 8))
    }
}

/// The claim that each step is best run by its bottleneck.
pub static PIPELINE: Claim = Claim {
    id: "pipeline",
    chapter: Chapter::Choosing,
    statement: "Fetch with threads, compute with processes, store with threads: each step by its bottleneck beats one model for all.",
    because: "To fetch is to wait, for which {threads|thread} are enough; to parse is to compute, for which it takes {processes|process} under a {GIL}; to store is to wait again. One model for all three is wrong for one of them.",
    drawing: &[
        "fetch, threads | wwcwwcwwc",
        "| wwcwwcwwc",
        "parse, processes | ...ccccccccc",
        "| ...ccccccccc",
        "store, threads | ......wcwcwcwc",
    ],
    author: &[],
    needs: |cores| vec![Measurement::Experiment(pipeline(cores))],
    rule: "20 mails, fetched, parsed and stored. Holds if each step by its bottleneck is clearly faster than the better of threads under a GIL and processes, at as many lanes as cores (8 at most) or at 16. Refuted if it clearly is not.",
    judge: |evidence, cores| {
        let experiment = pipeline(cores);
        let lanes = experiment.lanes_by_step();
        let by_step = evidence.speed_up(&experiment, Model::ByBottleneck, lanes)?;
        let mut figures = vec![("Each step by its bottleneck".to_owned(), ratio_text(by_step))];
        let mut best: Option<(Estimate, (Model, u32))> = None;
        for model in [Model::ThreadsGil, Model::Processes] {
            for &n in &experiment.lane_counts {
                let speed_up = evidence.speed_up(&experiment, model, n)?;
                figures.push((format!("{}, {n} lanes", model.name()), ratio_text(speed_up)));
                if best.is_none_or(|(best, _)| speed_up.value > best.value) {
                    best = Some((speed_up, (model, n)));
                }
            }
        }
        let (_, best) = best.ok_or_else(|| "Nothing was run to compare with.".to_owned())?;
        let ratio = evidence.gain(&experiment, (Model::ByBottleneck, lanes), best)?;
        Ok(Judgement {
            holding: Holding::of(ratio.lo > 1.0, ratio.hi <= 1.0),
            why: format!(
                "Each step by its bottleneck is {} as fast as the best single model.",
                ratio_text(ratio)
            ),
            figures,
        })
    },
    in_browser: "Parsing is compiled code here and takes a small part of the time, so that processes have little to gain and mails must be handed to them all the same: where the claim does not hold, that is why. In Python parsing takes many times as long.",
    python: include_str!("python/pipeline.py"),
    #[cfg(test)]
    examples: || {
        use Model::{ByBottleneck, Processes, Serial, ThreadsGil};
        let run = |ms, spread| {
            let experiment = pipeline(2);
            let times = [
                (Serial, 1, 420.0),
                (ThreadsGil, 2, 230.0),
                (ThreadsGil, 16, 105.0),
                (Processes, 2, 225.0),
                (Processes, 16, 98.0),
                (ByBottleneck, experiment.lanes_by_step(), ms),
            ];
            super::made::of(&experiment, spread, &times).0
        };
        [run(80.0, 0.03), run(120.0, 0.03), run(96.0, 0.05)]
    },
};
