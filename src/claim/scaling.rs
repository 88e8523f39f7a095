//! Work that computes: what lanes gain that may compute at once.

use super::judgement::{Holding, Judgement, ratio_text};
use super::{Chapter, Claim, Measurement};
use crate::domain::Model;
use crate::experiment::Experiment;
use crate::format;
use crate::stats::MARGIN;

/// From as many lanes as cores on, twice as many may bring so much more and the curve still counts as flat.
const FLAT: f64 = 1.25;

/// Threads that are so much as fast as processes scale like them.
const ALIKE: f64 = 0.8;

/// Each model from one lane to twice the cores. Most claims about work that computes look at this.
pub fn cpu(cores: u32) -> Experiment {
    Experiment { max_rounds: 9, budget_ms: 18_000, ..Experiment::for_cores(cores.clamp(2, 16)) }
}

/// As many lanes as `cpu` has cores for.
pub fn all_cores(cores: u32) -> u32 {
    cores.clamp(2, 16)
}

/// # Errors
/// With one core nothing can be computed at once.
pub fn ensure_several(cores: u32) -> Result<(), String> {
    if cores > 1 {
        return Ok(());
    }
    Err("This machine reports one core, so no two lanes can compute at once.".to_owned())
}

/// The claim that processes scale up to the cores.
pub static PROCESS_CPU: Claim = Claim {
    id: "process-cpu",
    chapter: Chapter::Computing,
    statement: "Processes make CPU-bound work faster up to the number of cores, and no faster after that.",
    because: "Each {process} has an interpreter, a memory and, if there is one, a {core} of its own, so N of them compute at once. Lanes beyond the core count only take turns. A core with {hyper-threading} counts as two but is worth less than two.",
    drawing: &[
        "1 process | cccccccccccc",
        "2 processes | cccccc",
        "| cccccc",
        "4 on 2 cores | cwcwcw",
        "| wcwcwc",
        "| cwcwcw",
        "| wcwcwc",
    ],
    author: &["On a dual core with hyper-threading the time falls until 4 processes and stays there."],
    needs: |cores| vec![Measurement::Experiment(cpu(cores))],
    rule: "Holds if as many processes as cores clearly gain more than 5 % over the plain loop, and twice as many clearly gain less than a quarter on top. Refuted if either is clearly not the case.",
    judge: |evidence, cores| {
        ensure_several(cores)?;
        let (experiment, n) = (cpu(cores), all_cores(cores));
        let at_cores = evidence.speed_up(&experiment, Model::Processes, n)?;
        let growth = evidence.gain(&experiment, (Model::Processes, 2 * n), (Model::Processes, n))?;
        let holding = Holding::of(
            at_cores.lo > 1.0 + MARGIN && growth.hi < FLAT,
            at_cores.hi <= 1.0 + MARGIN || growth.lo >= FLAT,
        );
        let mut figures = Vec::new();
        for &lanes in &experiment.lane_counts {
            if let Ok(speed_up) = evidence.speed_up(&experiment, Model::Processes, lanes) {
                figures.push((processes(lanes), ratio_text(speed_up)));
            }
        }
        Ok(Judgement {
            holding,
            why: format!(
                "{} compute {} as fast as the plain loop; twice as many are {} as fast as those.",
                processes(n),
                format::ratio(at_cores.value),
                ratio_text(growth)
            ),
            figures,
        })
    },
    in_browser: "Here a process is a worker with a program and a memory of its own; the browser hands it a core as it would an operating system's process.",
    python: include_str!("python/process_cpu.py"),
    #[cfg(test)]
    examples: || {
        let run = |figures: &[(Model, u32, f64)], spread| super::made::of(&cpu(2), spread, figures).0;
        use Model::{Processes, Serial};
        [
            run(&[(Serial, 1, 339.0), (Processes, 2, 178.0), (Processes, 4, 181.0)], 0.02),
            run(&[(Serial, 1, 339.0), (Processes, 2, 351.0), (Processes, 4, 360.0)], 0.02),
            run(&[(Serial, 1, 339.0), (Processes, 2, 178.0), (Processes, 4, 140.0)], 0.09),
        ]
    },
};

/// The claim that threads without a lock scale as processes do.
pub static FREE_THREADS: Claim = Claim {
    id: "free-threads",
    chapter: Chapter::Computing,
    statement: "Without a GIL, threads speed up CPU-bound work as processes do.",
    because: "Only CPython's {GIL} keeps {threads|thread} from computing at once. Jython and IronPython have none, {free-threaded} builds of CPython since 3.13 have none, and neither do C, Rust or Java.",
    drawing: &["2 threads | cccccc", "| cccccc", "2 processes | ssccccccx", "| ssccccccx"],
    author: &[
        "In Jython and IronPython the time falls with the threads as it does with processes in CPython.",
    ],
    needs: |cores| vec![Measurement::Experiment(cpu(cores))],
    rule: "Holds if as many threads as cores clearly gain more than 5 % over the plain loop and are clearly at least 0.8 times as fast as as many processes. Refuted if either is clearly not the case.",
    judge: |evidence, cores| {
        ensure_several(cores)?;
        let (experiment, n) = (cpu(cores), all_cores(cores));
        let threads = evidence.speed_up(&experiment, Model::Threads, n)?;
        let processes = evidence.speed_up(&experiment, Model::Processes, n)?;
        let ratio = evidence.gain(&experiment, (Model::Threads, n), (Model::Processes, n))?;
        Ok(Judgement {
            holding: Holding::of(
                threads.lo > 1.0 + MARGIN && ratio.lo > ALIKE,
                threads.hi <= 1.0 + MARGIN || ratio.hi <= ALIKE,
            ),
            why: format!(
                "{n} threads compute {} as fast as the plain loop, {} what {n} processes do.",
                format::ratio(threads.value),
                ratio_text(ratio)
            ),
            figures: vec![
                (format!("{n} threads"), ratio_text(threads)),
                (format!("{n} processes"), ratio_text(processes)),
            ],
        })
    },
    in_browser: "",
    python: include_str!("python/free_threads.py"),
    #[cfg(test)]
    examples: || {
        let run = |figures: &[(Model, u32, f64)], spread| super::made::of(&cpu(2), spread, figures).0;
        use Model::{Processes, Serial, Threads};
        [
            run(&[(Serial, 1, 339.0), (Threads, 2, 172.0), (Processes, 2, 178.0)], 0.02),
            run(&[(Serial, 1, 339.0), (Threads, 2, 338.0), (Processes, 2, 178.0)], 0.02),
            run(&[(Serial, 1, 339.0), (Threads, 2, 205.0), (Processes, 2, 178.0)], 0.09),
        ]
    },
};

fn processes(lanes: u32) -> String {
    if lanes == 1 { "1 process".to_owned() } else { format!("{lanes} processes") }
}
