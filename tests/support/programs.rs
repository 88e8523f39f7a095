//! The Python programs that Lanes writes and shows, in sizes for tests, and what they must print.

use anyhow::{Context, Result, ensure};
use lanes::advice::{Advice, Choice, Code, Does, MachineFigures, Task};
use lanes::claim::{CLAIMS, Evidence};
use lanes::domain::{PoolCall, Scaling, Size, Start};
use lanes::experiment::Experiment;
use lanes::job::alone;
use lanes::python::{Library, program};
use lanes::workload::{
    BigProduct, CosineSum, Primes, Request, Simulation, Squares, Workload, WorkloadId, simulation::Payoffs,
};

/// A program, and what it must print.
pub struct Program {
    /// What it is of.
    pub name: String,
    /// Its text.
    pub text: String,
    check: Check,
}

enum Check {
    /// The answers of a workload, in so many ways to run it.
    Answers(WorkloadId, usize),
    /// Anything.
    Anything,
    /// These parts.
    Parts(&'static [&'static str]),
    /// These lines.
    Lines(&'static str),
}

impl Program {
    /// Whether `printed` is what it must print.
    ///
    /// # Errors
    /// Says what is missing.
    pub fn check(&self, printed: &str) -> Result<()> {
        match self.check {
            Check::Answers(workload, ways) => {
                check_answer(workload, answer(printed).context("no serial time")?)?;
                let lanes = printed.lines().filter(|line| line.contains(" times "));
                ensure!(lanes.count() == ways, "{printed}");
            }
            Check::Anything => {}
            Check::Parts(parts) => {
                for part in parts {
                    ensure!(printed.contains(part), "{}: no {part:?} in\n{printed}", self.name);
                }
            }
            Check::Lines(lines) => ensure!(printed.trim() == lines, "{} prints {printed}", self.name),
        }
        Ok(())
    }
}

/// The answer that a workload's program prints.
pub fn answer(printed: &str) -> Option<&str> {
    let serial = printed.lines().find(|line| line.starts_with("serial: "))?;
    serial.split_once("; ").map(|(_, answer)| answer)
}

/// A small experiment.
fn small(workload: WorkloadId) -> Experiment {
    Experiment { size: Size::S, lane_counts: vec![2], ..Experiment::of(workload, 2) }
}

/// What is even smaller for the tests, as Python takes its time.
const SMALLER: [(&str, &str); 5] = [
    ("LATENCY = 0.05", "LATENCY = 0.005"),
    ("ROUNDS = 3", "ROUNDS = 1"),
    ("ORDER, ROWS = 256, 4", "ORDER, ROWS = 64, 4"),
    ("SAMPLES, EPOCHS = 500, 10", "SAMPLES, EPOCHS = 500, 1"),
    ("WIDTH, HEIGHT, SIDE = 1_024, 768, 128", "WIDTH, HEIGHT, SIDE = 256, 192, 128"),
];

fn of(experiment: &Experiment, library: Library, check: Check) -> Result<Program> {
    let name = format!("{}, {}", experiment.workload.id(), library.name());
    let mut text =
        program(experiment, library).with_context(|| format!("{name} has no program in Python"))?;
    for (line, smaller) in SMALLER {
        text = text.replace(line, smaller);
    }
    Ok(Program { name, text, check })
}

/// Every workload with `library`.
pub fn of_workloads(library: Library) -> Result<Vec<Program>> {
    let workloads = WorkloadId::ALL.iter().filter(|&&workload| Library::of(workload).contains(&library));
    let ways = if library == Library::ConcurrentFutures { 2 } else { 1 };
    workloads.map(|&workload| of(&small(workload), library, Check::Answers(workload, ways))).collect()
}

/// Every way to call a pool.
pub fn of_pools() -> Result<Vec<Program>> {
    let mut programs = Vec::new();
    for library in [Library::Multiprocessing, Library::ConcurrentFutures] {
        for &call in PoolCall::ALL {
            for (start, scaling, workload) in [
                (Start::Warm, Scaling::Weak, WorkloadId::Squares),
                (Start::Cold, Scaling::Strong, WorkloadId::Models),
            ] {
                let experiment = Experiment { call, start, scaling, chunk_size: 3, ..small(workload) };
                programs.push(of(&experiment, library, Check::Anything)?);
            }
        }
    }
    Ok(programs)
}

/// The claims' programs, named by their ids.
pub fn of_claims() -> Result<Vec<Program>> {
    for (long, _) in SHORTER {
        ensure!(CLAIMS.iter().any(|claim| claim.python.contains(long)), "no program has {long}");
    }
    let mut programs = Vec::new();
    for claim in CLAIMS {
        let expected = PRINTED.iter().find(|(id, _)| *id == claim.id).map(|(_, expected)| *expected);
        let expected = expected.with_context(|| format!("{}: what does its program print?", claim.id))?;
        let mut text = claim.python.to_owned();
        for (long, short) in SHORTER {
            text = text.replace(long, short);
        }
        programs.push(Program { name: claim.id.to_owned(), text, check: Check::Parts(expected) });
    }
    Ok(programs)
}

/// What is advised.
pub fn of_advice() -> Result<Vec<Program>> {
    let [one_core, measured] = [1, 2].map(|cores| MachineFigures::of(&Evidence::default(), cores));
    let task = Task::default();
    let tasks = [
        (Choice::Loop, task, &one_core),
        (Choice::Threads, Task { code: Code::Free, ..task }, &measured),
        (Choice::Threads, Task { code: Code::Native, ..task }, &measured),
        (Choice::Threads, Task { does: Does::Waits, has_async_library: false, ..task }, &measured),
        (Choice::Processes, task, &measured),
        (Choice::Async, Task { does: Does::Waits, ..task }, &measured),
        (Choice::Both, Task { does: Does::Both, ..task }, &measured),
    ];
    let mut programs = Vec::new();
    for (choice, task, measured) in tasks {
        let advice = Advice::of(&task, measured);
        ensure!(advice.choice == choice, "{:?}, not {choice:?}", advice.choice);
        // All that a visitor has to write stands there as `...`, which is nothing.
        ensure!(advice.python.contains("    ...  # what "), "{}", advice.python);
        let text = if choice == Choice::Processes || choice == Choice::Both {
            format!("{}\n    print(len(results))", advice.python)
        } else {
            format!("{}\nprint(len(results))", advice.python)
        };
        programs.push(Program { name: format!("{choice:?}"), text, check: Check::Lines("100") });
    }
    Ok(programs)
}

/// Checks the answer of the serial loop: by the kernel's own where Python has the same inputs, and by
/// what must come of others elsewhere. (That lanes answer the same, the program checks itself.)
fn check_answer(workload: WorkloadId, answer: &str) -> Result<()> {
    let number = || -> Result<f64> { Ok(answer.rsplit(' ').next().context("no word")?.parse()?) };
    let expected = match workload {
        WorkloadId::CosineSum => format!("the sum is {:.6}", outputs::<CosineSum>().iter().sum::<f64>()),
        WorkloadId::BigProduct => {
            let product = &outputs::<BigProduct>()[0];
            let top = product.last().context("it is not zero")?;
            let bits = product.len() as u32 * 32 - top.leading_zeros();
            format!("the first product has {bits} bits")
        }
        WorkloadId::Primes => format!("there are {} primes", outputs::<Primes>().iter().sum::<u32>()),
        WorkloadId::Squares => format!("the squares add up to {}", outputs::<Squares>().iter().sum::<u64>()),
        WorkloadId::MatrixProduct => {
            let from = if answer.ends_with("NumPy") { "NumPy" } else { "Python" };
            format!("the product has {} elements, from {from}", 64 * 64)
        }
        WorkloadId::Simulation => {
            // Both are within four standard errors of the truth, and neither is better known.
            let (price, error) = Payoffs::price(&outputs::<Simulation>());
            ensure!((number()? - price).abs() < 8.0 * error, "{answer}, not {price} ± {error}");
            return Ok(());
        }
        WorkloadId::Forest => {
            let leaves: u32 = answer.split(' ').nth(3).context("no leaves")?.parse()?;
            // Every tree tells ten classes apart, and none has more leaves than samples.
            ensure!((32 * 10..32 * 500).contains(&leaves), "{answer}");
            return Ok(());
        }
        WorkloadId::Models => {
            ensure!(number()? < std::f64::consts::LN_2, "{answer}: that is no better than knowing nothing");
            return Ok(());
        }
        WorkloadId::Addresses => "16 different pages came".to_owned(),
        WorkloadId::Page => "the page came 4 times".to_owned(),
        WorkloadId::Mailbox => "20 different mails came".to_owned(),
        WorkloadId::Pipeline => format!("20 mails have {} words", 20 * 500),
        WorkloadId::Script => unreachable!("no library runs it"),
        WorkloadId::Images => format!("4 tiles have {} pixels", 256 * 192),
    };
    ensure!(answer == expected, "{answer:?}, not {expected:?}");
    Ok(())
}

fn outputs<W: Workload>() -> Vec<W::Output> {
    let inputs = W::inputs(&Request::new(Size::S, Experiment::default().seed));
    inputs.tasks.iter().map(|task| alone::<W>(&inputs.shared, task)).collect()
}

/// What is smaller in the claims' programs for the tests.
const SHORTER: [(&str, &str); 8] = [
    ("50_000_000", "200_000"),
    ("5_000_000", "200_000"),
    (" 2_000_000", " 20_000"),
    ("(100_000)", "(20_000)"),
    ("* 150", "* 10"),
    ("timeout=3", "timeout=1.5"),
    ("sleep(1)", "sleep(0.3)"),
    ("sleep(0.8)", "sleep(0.2)"),
];

/// What every run of a claim's program prints, however busy the machine is.
const PRINTED: [(&str, &[&str]); 26] = [
    ("concurrency", &["lanes compute at once"]),
    ("responsive", &["here: ", "on_a_worker: "]),
    ("free-threads", &["1 threads: ", "4 threads: "]),
    ("process-cpu", &["1 processes: ", "4 processes: "]),
    ("forest", &["1 jobs: ", "4 jobs: "]),
    ("gil-cpu", &["1 threads: ", "4 threads: "]),
    ("native-ext", &["native, 4 threads: ", "python, 4 threads: "]),
    ("switch-cost", &["50.0 ms, 1 threads: ", "0.5 ms, 2 threads: "]),
    ("not-full", &["2 processes: ", "4 processes: "]),
    ("tiny-tasks", &["plain loop: ", "pool, 1 at once: ", "pool, 250 at once: "]),
    ("order", &["map in order", "imap in order", "imap_unordered "]),
    ("io-threads", &["1 threads: ", "32 threads: "]),
    ("io-process", &["ThreadPoolExecutor: ", "Pool: "]),
    ("io-async", &["one at a time: ", "all at once: "]),
    ("mail", &["1 threads: 100 mails", "10 threads: 100 mails"]),
    ("spawn", &["Thread, 4: ", "Process, 4: "]),
    ("one-lane", &["1 Thread: ", "1 Process: "]),
    ("sharing", &["thread: ", "process, copied: ", "process, shared: "]),
    ("memory", &["4 of Thread: ", "4 of Process: "]),
    ("kill", &["the other goes on", "asked, and ended"]),
    ("race", &["without_lock: ", "with_lock: 0 of 40000 "]),
    ("lock-cost", &["without_lock: ", "with_lock: "]),
    ("deadlock", &["same order: both are done", "opposite order: "]),
    ("livelock", &["yield inf times: ", ", eaten 0\n", "yield 3 times: "]),
    ("starvation", &["lock: greedy [", "FairLock: greedy ["]),
    ("pipeline", &["processes for all: 20 mails", "each by its bottleneck: 20 mails"]),
];
