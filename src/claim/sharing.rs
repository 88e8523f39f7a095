//! What memory of one's own costs.

use super::evidence::{cost_text, time_text};
use super::judgement::{Holding, Judgement, over, ratio_text};
use super::scaling::all_cores;
use super::{Chapter, Claim, Measurement};
use crate::cost::{Cost, Sharing};
use crate::domain::Model;
use crate::stats::MARGIN;

const BYTES: [u32; 3] = [1 << 10, 1 << 20, 64 << 20];

/// The claim that threads share for free.
pub static SHARING: Claim = Claim {
    id: "sharing",
    chapter: Chapter::Costs,
    statement: "Threads share data for free; processes pay to copy it.",
    because: "{Threads|thread} share one memory: to hand over data, a thread says where they are. {Processes|process} have their own: data are {pickled|pickling}, written into a {pipe} or {queue}, and read again. {Shared memory} between processes avoids the copy, but needs locks again.",
    drawing: &["shared | hc", "copied | iiiiiiic"],
    author: &[],
    needs: |_| {
        let costs = BYTES
            .into_iter()
            .flat_map(|bytes| Sharing::ALL.iter().copied().map(|how| Cost::Share { how, bytes }));
        costs.map(Measurement::Cost).collect()
    },
    rule: "64 MB, until the other lane has seen them. Holds if sharing them clearly takes less time than copying them. Refuted if it clearly takes more.",
    judge: |evidence, _| {
        let cost = |how, bytes| evidence.cost(Cost::Share { how, bytes });
        let most = BYTES[2];
        let ratio = over(cost(Sharing::Clone, most)?, cost(Sharing::Shared, most)?);
        let mut figures = Vec::new();
        for bytes in BYTES {
            for &how in Sharing::ALL {
                figures.push((Cost::Share { how, bytes }.to_string(), time_text(cost(how, bytes)?)));
            }
        }
        Ok(Judgement {
            holding: Holding::of(ratio.lo > 1.0, ratio.hi < 1.0),
            why: format!("Copying 64 MB takes {} as long as sharing them.", ratio_text(ratio)),
            figures,
        })
    },
    in_browser: "A browser can also transfer data: they change hands without a copy, and the sender has them no more. Python has nothing of the kind between processes.",
    python: include_str!("python/sharing.py"),
    #[cfg(test)]
    examples: || {
        let run = |copied: f64| {
            let mut evidence = super::made::Recording::default();
            for bytes in BYTES {
                for (how, us) in Sharing::ALL.iter().copied().zip([copied, 210.0, 900.0]) {
                    evidence = evidence.cost(Cost::Share { how, bytes }, us);
                }
            }
            evidence.0
        };
        [run(69_000.0), run(400.0), run(910.0)]
    },
};

/// The claim that processes need more memory.
pub static MEMORY: Claim = Claim {
    id: "memory",
    chapter: Chapter::Costs,
    statement: "Processes use more memory: each holds its own copy.",
    because: "What all lanes need is there once with {threads|thread} and N times with N {processes|process}, and so are the program's own data. On Linux a forked process shares pages until one of the two writes to them; CPython writes to every object it touches, to count its references.",
    drawing: &["threads | iiii", "processes | iiiiiiii", "| iiiiiiii"],
    author: &[],
    needs: |cores| {
        let models = [Model::Threads, Model::Processes];
        models.map(|model| Measurement::Cost(Cost::Memory { model, lanes: all_cores(cores).min(8) })).to_vec()
    },
    rule: "Lanes that have just multiplied two matrices of 768 × 768. Holds if as many processes as cores hold more than 5 % more memory than as many threads. Refuted if they hold more than 5 % less. Memory is read, not sampled: it has no interval.",
    judge: |evidence, cores| {
        let cost = |model| Cost::Memory { model, lanes: all_cores(cores).min(8) };
        let threads = evidence.cost(cost(Model::Threads))?;
        let processes = evidence.cost(cost(Model::Processes))?;
        let ratio = processes.value / threads.value;
        let figure = |model, memory| (cost(model).to_string(), cost_text(cost(model), memory));
        Ok(Judgement {
            holding: Holding::of(ratio > 1.0 + MARGIN, ratio < 1.0 - MARGIN),
            why: format!("Processes hold {} the memory of threads.", crate::format::ratio(ratio)),
            figures: vec![figure(Model::Threads, threads), figure(Model::Processes, processes)],
        })
    },
    in_browser: "Counted are the wasm memories, which are what lanes hold of their own. The compiled program is shared by all workers, which a program's code also is between an operating system's processes.",
    python: include_str!("python/memory.py"),
    #[cfg(test)]
    examples: || {
        let run = |processes: f64| {
            let cost = |model| Cost::Memory { model, lanes: 2 };
            super::made::Recording::default()
                .cost(cost(Model::Threads), 24.0 * f64::from(1 << 20))
                .cost(cost(Model::Processes), processes * f64::from(1 << 20))
                .0
        };
        [run(58.0), run(20.0), run(24.5)]
    },
};
