//! Work that waits for a network and for files.

use super::judgement::{Holding, Judgement, over, ratio_text};
use super::{Chapter, Claim, Evidence, Need};
use crate::experiment::{Experiment, Model};
use crate::format;
use crate::network::Network;
use crate::stats::{Estimate, MARGIN};
use crate::workload::{Size, WorkloadId};

/// The addresses of the article, and twice as many.
const ADDRESSES: u32 = 16;
const BEYOND: u32 = 32;

/// Gains from here on are large.
const LARGE: f64 = 2.0;

/// From as many lanes as addresses on, twice as many may bring so much more and gains still have stopped.
const STOPPED: f64 = 1.25;

/// A lane that is so much as fast as many does the same.
const ALIKE: f64 = 0.8;

/// 16 addresses under every model that can wait.
fn addresses() -> Experiment {
    Experiment {
        models: vec![Model::Serial, Model::ThreadsGil, Model::Processes, Model::Async],
        lane_counts: vec![4, ADDRESSES, BEYOND],
        size: Size::S,
        network: Network { latency_us: 20_000, ..Network::default() },
        max_rounds: 9,
        budget_ms: 10_000,
        ..Experiment::of(WorkloadId::Addresses, 2)
    }
}

fn gain(evidence: &Evidence, model: Model, lanes: u32) -> Result<Estimate, String> {
    evidence.speed_up(&addresses(), model, lanes)
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
fn recorded(threads: [f64; 2], processes: f64, one_loop: f64, spread: f64) -> Evidence {
    use Model::{Async, Processes, Serial, ThreadsGil};
    let times = [
        (Serial, 1, 480.0),
        (ThreadsGil, ADDRESSES, threads[0]),
        (ThreadsGil, BEYOND, threads[1]),
        (Processes, ADDRESSES, processes),
        (Async, ADDRESSES, one_loop),
    ];
    super::recorded::of(&addresses(), spread, &times).0
}

/// The claim that threads gain where they wait.
pub static IO_THREADS: Claim = Claim {
    id: "io-threads",
    chapter: Chapter::Waiting,
    statement: "For I/O-bound work threads gain much, until there is a lane for every address.",
    because: "A {thread} that waits for an answer needs no {core}, and lets go of the {GIL}. So 16 {threads|thread} wait for 16 answers at once, and the time is that of one answer, not of all. A 17th has nothing to wait for.",
    drawing: &["1 lane | wwwcwwwcwwwcwwwc", "4 lanes | wwwc", "| wwwc", "| wwwc", "| wwwc"],
    author: &["16 addresses: the time falls up to 16 threads, and no further."],
    needs: |_| vec![Need::Experiment(addresses())],
    rule: "16 addresses that answer after 20 ms. Holds if 16 threads are surely more than twice as fast as one lane, and 32 surely less than a quarter faster than those. Does not hold if either is surely otherwise.",
    judge: |evidence, _| {
        let (all, more) =
            (gain(evidence, Model::ThreadsGil, ADDRESSES)?, gain(evidence, Model::ThreadsGil, BEYOND)?);
        let growth = over(more, all);
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
    python: "from concurrent.futures import ThreadPoolExecutor
from urllib.request import urlopen

with ThreadPoolExecutor(16) as pool:
    pages = list(pool.map(lambda address: urlopen(address).read(), addresses))",
    #[cfg(test)]
    recorded: || {
        [
            recorded([42.0, 43.0], 45.0, 38.0, 0.03),
            recorded([420.0, 410.0], 45.0, 38.0, 0.03),
            recorded([42.0, 34.0], 45.0, 38.0, 0.08),
        ]
    },
};

/// The claim that processes gain there, too, and no more.
pub static IO_PROCESS: Claim = Claim {
    id: "io-process",
    chapter: Chapter::Waiting,
    statement: "Processes speed I/O up as well, past the core count too, but gain nothing over threads and cost more.",
    because: "Waiting takes no {core}, so there may be more {processes|process} than cores. But what a process has of its own, a memory and a lock, is of no use for waiting, and it must be started and kept.",
    drawing: &["threads | wwwc", "| wwwc", "processes | sswwwc", "| sswwwc"],
    author: &["Processes fetch as fast as threads do, and start more slowly."],
    needs: |_| vec![Need::Experiment(addresses())],
    rule: "16 addresses that answer after 20 ms. Holds if 16 processes are surely more than twice as fast as one lane and surely not more than a quarter faster than 16 threads. Does not hold if either is surely otherwise. What both hold of memory stands beside it.",
    judge: |evidence, _| {
        let threads = gain(evidence, Model::ThreadsGil, ADDRESSES)?;
        let processes = gain(evidence, Model::Processes, ADDRESSES)?;
        let ratio = over(processes, threads);
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
    python: "from multiprocessing import Pool

if __name__ == \"__main__\":
    with Pool(16) as pool:
        pages = pool.map(fetch, addresses)",
    #[cfg(test)]
    recorded: || {
        [
            recorded([42.0, 43.0], 45.0, 38.0, 0.03),
            recorded([42.0, 43.0], 25.0, 38.0, 0.03),
            recorded([42.0, 43.0], 34.0, 38.0, 0.08),
        ]
    },
};

/// The claim that one event loop does the same.
pub static IO_ASYNC: Claim = Claim {
    id: "io-async",
    chapter: Chapter::Waiting,
    statement: "One event loop does the same with one lane.",
    because: "An {event loop} sends all requests and then does whatever an answer is there for. Nobody waits for one answer in particular, so it takes one lane to have a hundred requests under way.",
    drawing: &[
        "event loop | cccc...cccc",
        "request 1 | wwwwwwwc",
        "request 2 | .wwwwwwwc",
        "request 3 | ..wwwwwwwc",
    ],
    author: &[],
    needs: |_| vec![Need::Experiment(addresses())],
    rule: "16 addresses that answer after 20 ms. Holds if one event loop with 16 requests in flight is surely more than twice as fast as one at a time, and surely at least 0.8 times as fast as 16 threads. Does not hold if either is surely otherwise.",
    judge: |evidence, _| {
        let threads = gain(evidence, Model::ThreadsGil, ADDRESSES)?;
        let one_loop = gain(evidence, Model::Async, ADDRESSES)?;
        let ratio = over(one_loop, threads);
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
    python: "import asyncio, httpx

async def main():
    async with httpx.AsyncClient() as client:
        return await asyncio.gather(*map(client.get, addresses))

pages = asyncio.run(main())",
    #[cfg(test)]
    recorded: || {
        [
            recorded([42.0, 43.0], 45.0, 38.0, 0.03),
            recorded([42.0, 43.0], 45.0, 90.0, 0.03),
            recorded([42.0, 43.0], 45.0, 52.0, 0.08),
        ]
    },
};

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
    statement: "100 mails are there sooner when 10 threads fetch 10 each.",
    because: "Each mail is waited for. Ten {threads|thread} wait for ten at once; what they cannot divide, such as writing the mails down, keeps the gain below ten.",
    drawing: &["1 lane | wcwcwcwcwcwc", "3 lanes | wcwc", "| wcwc", "| wcwc"],
    author: &["100 mails: 35.65 s one by one, 9.84 s with 10 threads, 3.62×."],
    needs: |_| vec![Need::Experiment(mailbox())],
    rule: "100 mails that come after 10 ms each, 10 threads that take 10 at once. Holds if they surely gain more than 5 % over one lane and surely less than ten times. Does not hold if either is surely otherwise.",
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
    python: "from concurrent.futures import ThreadPoolExecutor

chunks = [range(first, first + 10) for first in range(0, 100, 10)]
with ThreadPoolExecutor(10) as pool:
    mails = list(pool.map(fetch_mails, chunks))",
    #[cfg(test)]
    recorded: || {
        use Model::{Serial, ThreadsGil};
        let run = |ms, spread| {
            super::recorded::of(&mailbox(), spread, &[(Serial, 1, 1_500.0), (ThreadsGil, 10, ms)]).0
        };
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
        max_rounds: 8,
        budget_ms: 8_000,
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
    needs: |cores| vec![Need::Experiment(pipeline(cores))],
    rule: "20 mails, fetched, parsed and stored. Holds if each step by its bottleneck is surely faster than the better of threads under a GIL and processes, at as many lanes as cores (8 at most) or at 16. Does not hold if it surely is not.",
    judge: |evidence, cores| {
        let experiment = pipeline(cores);
        let lanes = experiment.lanes_by_step();
        let by_step = evidence.speed_up(&experiment, Model::ByBottleneck, lanes)?;
        let mut figures = vec![("Each step by its bottleneck".to_owned(), ratio_text(by_step))];
        let mut best: Option<Estimate> = None;
        for model in [Model::ThreadsGil, Model::Processes] {
            for &n in &experiment.lane_counts {
                let speed_up = evidence.speed_up(&experiment, model, n)?;
                figures.push((format!("{}, {n} lanes", model.name()), ratio_text(speed_up)));
                if best.is_none_or(|best| speed_up.value > best.value) {
                    best = Some(speed_up);
                }
            }
        }
        let ratio = over(by_step, best.ok_or_else(|| "Nothing was run to compare with.".to_owned())?);
        Ok(Judgement {
            holding: Holding::of(ratio.lo > 1.0, ratio.hi <= 1.0),
            why: format!(
                "Each step by its bottleneck is {} as fast as the best single model.",
                ratio_text(ratio)
            ),
            figures,
        })
    },
    in_browser: "Parsing is compiled code here and takes a small part of the time; in Python it takes more, and so does handing mails from step to step.",
    python: "with ThreadPoolExecutor(16) as fetchers, ProcessPoolExecutor() as parsers:
    mails = fetchers.map(fetch_mail, range(100))
    for found in parsers.map(parse, mails):
        store(found)",
    #[cfg(test)]
    recorded: || {
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
            super::recorded::of(&experiment, spread, &times).0
        };
        [run(80.0, 0.03), run(120.0, 0.03), run(96.0, 0.05)]
    },
};
