//! Work that waits for a network and for files.

use super::judgement::{Holding, Judgement, ratio_text};
use super::{Chapter, Claim, Evidence, Measurement};
use crate::domain::{Model, Network, Size};
use crate::experiment::Experiment;
use crate::format;
use crate::stats::Estimate;
use crate::workload::WorkloadId;

/// The addresses of the article, and twice as many.
pub const ADDRESSES: u32 = 16;
const BEYOND: u32 = 32;

/// Gains from here on are large.
const LARGE: f64 = 2.0;

/// From as many lanes as addresses on, twice as many may bring so much more and gains still have stopped.
const STOPPED: f64 = 1.25;

/// A lane that is so much as fast as many does the same.
const ALIKE: f64 = 0.8;

/// 16 addresses under every model that can wait.
pub fn addresses() -> Experiment {
    Experiment {
        models: vec![Model::Serial, Model::ThreadsGil, Model::Processes, Model::Async],
        lane_counts: vec![4, ADDRESSES, BEYOND],
        size: Size::S,
        network: Network { latency_us: 40_000, ..Network::default() },
        max_rounds: 10,
        budget_ms: 17_000,
        ..Experiment::of(WorkloadId::Addresses, 2)
    }
}

fn gain(evidence: &Evidence, model: Model, lanes: u32) -> Result<Estimate, String> {
    evidence.speed_up(&addresses(), model, lanes)
}

/// How many times as fast so many lanes of `model` are as 16 threads.
fn beside_threads(evidence: &Evidence, model: Model, lanes: u32) -> Result<Estimate, String> {
    evidence.gain(&addresses(), (model, lanes), (Model::ThreadsGil, ADDRESSES))
}

/// What `model` gains at each lane count, for people.
fn gains(evidence: &Evidence, model: Model, name: &str) -> Vec<(String, String)> {
    let lanes = addresses().lane_counts.into_iter();
    lanes.filter_map(|n| Some((format!("{n} {name}"), ratio_text(gain(evidence, model, n).ok()?)))).collect()
}

/// The memory that a model's 16 lanes hold, for people.
fn memory(evidence: &Evidence, model: Model, what: &str) -> Result<(String, String), String> {
    let bytes = evidence.point(&addresses(), model, ADDRESSES)?.memory_bytes;
    Ok((what.to_owned(), format::memory(bytes)))
}

/// The same addresses as times, for the tests.
#[cfg(test)]
fn made(threads: [f64; 2], processes: f64, one_loop: f64, spread: f64) -> Evidence {
    use Model::{Async, Processes, Serial, ThreadsGil};
    let times = [
        (Serial, 1, 480.0),
        (ThreadsGil, ADDRESSES, threads[0]),
        (ThreadsGil, BEYOND, threads[1]),
        (Processes, ADDRESSES, processes),
        (Async, ADDRESSES, one_loop),
    ];
    super::made::of(&addresses(), spread, &times).0
}

/// The claim that threads gain where they wait.
pub static IO_THREADS: Claim = Claim {
    id: "io-threads",
    chapter: Chapter::Waiting,
    statement: "Threads make I/O-bound work much faster, until there is a lane for every address.",
    because: "A {thread} that waits for an answer needs no {core}, and lets go of the {GIL}. So 16 {threads|thread} wait for 16 answers at once, and the time is that of one answer, not of all. A 17th has nothing to wait for.",
    drawing: &["1 lane | wwwcwwwcwwwcwwwc", "4 lanes | wwwc", "| wwwc", "| wwwc", "| wwwc"],
    author: &["16 addresses: the time falls up to 16 threads, and no further."],
    needs: |_| vec![Measurement::Experiment(addresses())],
    rule: "16 addresses that answer after 40 ms. Holds if 16 threads are clearly more than twice as fast as one lane, and 32 clearly less than a quarter faster than those. Refuted if either is clearly not the case.",
    judge: |evidence, _| {
        let all = gain(evidence, Model::ThreadsGil, ADDRESSES)?;
        let growth = beside_threads(evidence, Model::ThreadsGil, BEYOND)?;
        Ok(Judgement {
            holding: Holding::of(
                all.lo > LARGE && growth.hi < STOPPED,
                all.hi <= LARGE || growth.lo >= STOPPED,
            ),
            why: format!(
                "16 threads are {} as fast as one lane, and 32 are {} as fast as those.",
                format::ratio(all.value),
                ratio_text(growth)
            ),
            figures: gains(evidence, Model::ThreadsGil, "threads"),
        })
    },
    in_browser: "The network is simulated in this browser, so that it is the same for everybody; each answer is written into a real file. A visitor's own addresses can be chosen in the experiment.",
    python: include_str!("python/io_threads.py"),
    #[cfg(test)]
    examples: || {
        [
            made([42.0, 43.0], 45.0, 38.0, 0.03),
            made([420.0, 410.0], 45.0, 38.0, 0.03),
            made([42.0, 34.0], 45.0, 38.0, 0.08),
        ]
    },
};

/// The claim that processes gain there, too, and no more.
pub static IO_PROCESS: Claim = Claim {
    id: "io-process",
    chapter: Chapter::Waiting,
    statement: "Processes speed up I/O as well, also past the core count, but gain nothing over threads and cost more.",
    because: "Waiting takes no {core}, so there may be more {processes|process} than cores. But what a process has of its own, a memory and a lock, is of no use for waiting, and it must be started and kept.",
    drawing: &["threads | wwwc", "| wwwc", "processes | sswwwc", "| sswwwc"],
    author: &["Processes fetch as fast as threads do, and start more slowly."],
    needs: |_| vec![Measurement::Experiment(addresses())],
    rule: "16 addresses that answer after 40 ms. Holds if 16 processes are clearly more than twice as fast as one lane and clearly not more than a quarter faster than 16 threads. Refuted if either is clearly not the case. What both hold of memory stands beside it.",
    judge: |evidence, _| {
        let threads = gain(evidence, Model::ThreadsGil, ADDRESSES)?;
        let processes = gain(evidence, Model::Processes, ADDRESSES)?;
        let ratio = beside_threads(evidence, Model::Processes, ADDRESSES)?;
        let mut figures = gains(evidence, Model::Processes, "processes");
        figures.push(("16 threads".to_owned(), ratio_text(threads)));
        figures.push(memory(evidence, Model::ThreadsGil, "Memory of the threads")?);
        figures.push(memory(evidence, Model::Processes, "Memory of the processes")?);
        Ok(Judgement {
            holding: Holding::of(
                processes.lo > LARGE && ratio.hi < STOPPED,
                processes.hi <= LARGE || ratio.lo >= STOPPED,
            ),
            why: format!(
                "16 processes are {} as fast as one lane, {} what 16 threads are.",
                format::ratio(processes.value),
                ratio_text(ratio)
            ),
            figures,
        })
    },
    in_browser: "A wasm thread cannot fetch while it sleeps: one event loop fetches for all threads. A process fetches by itself.",
    python: include_str!("python/io_process.py"),
    #[cfg(test)]
    examples: || {
        [
            made([42.0, 43.0], 45.0, 38.0, 0.03),
            made([42.0, 43.0], 25.0, 38.0, 0.03),
            made([42.0, 43.0], 34.0, 38.0, 0.08),
        ]
    },
};

/// The claim that one event loop does the same.
pub static IO_ASYNC: Claim = Claim {
    id: "io-async",
    chapter: Chapter::Waiting,
    statement: "One event loop does the same with one lane.",
    because: "An {event loop} sends all requests and then does whatever an answer is there for. It never blocks on one answer, so one lane can have a hundred requests in flight.",
    drawing: &[
        "event loop | cccc...cccc",
        "request 1 | wwwwwwwc",
        "request 2 | .wwwwwwwc",
        "request 3 | ..wwwwwwwc",
    ],
    author: &[],
    needs: |_| vec![Measurement::Experiment(addresses())],
    rule: "16 addresses that answer after 40 ms. Holds if one event loop with 16 requests in flight is clearly more than twice as fast as one at a time, and clearly at least 0.8 times as fast as 16 threads. Refuted if either is clearly not the case.",
    judge: |evidence, _| {
        let threads = gain(evidence, Model::ThreadsGil, ADDRESSES)?;
        let one_loop = gain(evidence, Model::Async, ADDRESSES)?;
        let ratio = beside_threads(evidence, Model::Async, ADDRESSES)?;
        let mut figures = gains(evidence, Model::Async, "in flight");
        figures.push(("16 threads".to_owned(), ratio_text(threads)));
        Ok(Judgement {
            holding: Holding::of(
                one_loop.lo > LARGE && ratio.lo > ALIKE,
                one_loop.hi <= LARGE || ratio.hi <= ALIKE,
            ),
            why: format!(
                "One event loop is {} as fast as one request at a time, {} what 16 threads are.",
                format::ratio(one_loop.value),
                ratio_text(ratio)
            ),
            figures,
        })
    },
    in_browser: "",
    python: include_str!("python/io_async.py"),
    #[cfg(test)]
    examples: || {
        [
            made([42.0, 43.0], 45.0, 38.0, 0.03),
            made([42.0, 43.0], 45.0, 90.0, 0.03),
            made([42.0, 43.0], 45.0, 52.0, 0.08),
        ]
    },
};
