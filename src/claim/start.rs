//! How long it takes to start lanes.

use super::evidence::time_text;
use super::judgement::{Holding, Judgement, over, ratio_text};
use super::scaling::all_cores;
use super::{Chapter, Claim, Measurement};
use crate::cost::Cost;
use crate::domain::{Model, Size, Start};
use crate::experiment::Experiment;
use crate::format;
use crate::stats::Estimate;

fn lane_counts(cores: u32) -> [u32; 2] {
    [1, all_cores(cores).min(8)]
}

/// The claim that threads start sooner.
pub static SPAWN: Claim = Claim {
    id: "spawn",
    chapter: Chapter::Costs,
    statement: "Threads start faster than processes.",
    because: "A {thread} needs a stack and a place in the scheduler's list. A {process} also needs its own memory with the program loaded into it; a new CPython imports its modules again.",
    drawing: &["thread | sccccc", "process | sssssccccc"],
    author: &[],
    needs: |cores| {
        let counts = lane_counts(cores).into_iter();
        counts
            .flat_map(|lanes| [Cost::StartThreads { lanes }, Cost::SpawnProcesses { lanes }])
            .map(Measurement::Cost)
            .collect()
    },
    rule: "Holds if threads clearly start sooner than as many processes, both one and as many as cores. Refuted if processes clearly start sooner at either.",
    judge: |evidence, cores| {
        let mut figures = Vec::new();
        let (mut all_sooner, mut any_later) = (true, false);
        let mut ratios = Vec::new();
        for lanes in lane_counts(cores) {
            let threads = evidence.cost(Cost::StartThreads { lanes })?;
            let processes = evidence.cost(Cost::SpawnProcesses { lanes })?;
            all_sooner &= threads.hi < processes.lo;
            any_later |= threads.lo > processes.hi;
            figures.push((Cost::StartThreads { lanes }.to_string(), time_text(threads)));
            figures.push((Cost::SpawnProcesses { lanes }.to_string(), time_text(processes)));
            ratios.push(format!("{} with {lanes}", ratio_text(over(threads, processes))));
        }
        Ok(Judgement {
            holding: Holding::of(all_sooner, any_later),
            why: format!("Starting threads takes {} of what processes take.", format::list(&ratios)),
            figures,
        })
    },
    in_browser: "A browser has no bare threads: each thread here is a worker, which loads JavaScript and the program as a process does, and then joins the others' memory. Where the claim does not hold here, that is why. An operating system starts a thread in some 50 µs and a CPython process in 20 to 50 ms.",
    python: include_str!("python/spawn.py"),
    #[cfg(test)]
    examples: || {
        let run = |threads: [f64; 2], processes: [f64; 2]| {
            let mut evidence = super::made::Recording::default();
            for (i, lanes) in lane_counts(2).into_iter().enumerate() {
                evidence = evidence.cost(Cost::StartThreads { lanes }, threads[i] * 1e3);
                evidence = evidence.cost(Cost::SpawnProcesses { lanes }, processes[i] * 1e3);
            }
            evidence.0
        };
        [run([0.08, 0.15], [15.5, 22.0]), run([21.0, 31.0], [14.0, 19.0]), run([15.0, 21.0], [15.5, 22.0])]
    },
};

/// Work of a few milliseconds, in which a start is seen.
fn short() -> Experiment {
    Experiment {
        size: Size::S,
        models: vec![Model::Serial, Model::Threads, Model::Processes],
        lane_counts: vec![1],
        start: Start::Cold,
        min_rounds: 10,
        budget_ms: 1_500,
        ..Experiment::default()
    }
}

/// The claim that one process is slower than one thread.
pub static ONE_LANE: Claim = Claim {
    id: "one-lane",
    chapter: Chapter::Costs,
    statement: "One process is slower than one thread for the same work.",
    because: "One lane gains nothing over the plain loop, so only the cost of starting, feeding and ending it shows. A {process} costs more.",
    drawing: &["plain loop | ccccc", "1 thread | sccccc", "1 process | ssssicccccix"],
    author: &[
        "With one lane, processes take longer than threads; from two lanes on it is the other way round.",
    ],
    needs: |_| vec![Measurement::Experiment(short()), Measurement::Cost(Cost::StartThreads { lanes: 1 })],
    rule: "10⁶ cosines on one lane that is started for them, start and end included. Holds if the process clearly takes longer than the thread. Refuted if it clearly takes less.",
    judge: |evidence, _| {
        let start = evidence.cost(Cost::StartThreads { lanes: 1 })?;
        let work = evidence.time_us(&short(), Model::Threads, 1)?;
        let thread =
            Estimate { value: work.value + start.value, lo: work.lo + start.lo, hi: work.hi + start.hi };
        let process = evidence.time_us(&short(), Model::Processes, 1)?;
        let plain = evidence.time_us(&short(), Model::Serial, 1)?;
        let ratio = over(process, thread);
        Ok(Judgement {
            holding: Holding::of(ratio.lo > 1.0, ratio.hi < 1.0),
            why: format!("One process takes {} as long as one thread.", ratio_text(ratio)),
            figures: vec![
                ("Plain loop".to_owned(), time_text(plain)),
                ("One thread, started for it".to_owned(), time_text(thread)),
                ("One thread that was there".to_owned(), time_text(work)),
                ("One process, started for it".to_owned(), time_text(process)),
            ],
        })
    },
    in_browser: "A thread that was there already is the fastest of all. But a thread that must be started is a worker here as much as a process is, and pays as much or more for it: where the claim does not hold, that is why.",
    python: include_str!("python/one_lane.py"),
    #[cfg(test)]
    examples: || {
        use Model::{Processes, Serial, Threads};
        let run = |start: f64, process, spread| {
            let figures = [(Serial, 1, 7.1), (Threads, 1, 7.2), (Processes, 1, process)];
            super::made::of(&short(), spread, &figures).cost(Cost::StartThreads { lanes: 1 }, start * 1e3).0
        };
        [run(0.1, 25.1, 0.05), run(29.0, 25.1, 0.05), run(17.5, 25.1, 0.08)]
    },
};
