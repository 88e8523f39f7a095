//! The Python programs, written out and run by CPython: each gives the answers that the kernels give.
#![cfg(not(target_arch = "wasm32"))]

use std::fs;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use lanes::experiment::{Experiment, PoolCall, Scaling, Start};
use lanes::model::Unchecked;
use lanes::python::{Library, program};
use lanes::workload::simulation::Payoffs;
use lanes::workload::{
    BigProduct, CosineSum, Inputs, Primes, Simulation, Size, Squares, Workload, WorkloadId,
};

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

/// Runs the program once in every way that it has, and gives back what it prints; `None` where there
/// is no CPython, which is said.
fn printed(experiment: &Experiment, library: Library) -> Result<Option<String>> {
    let mut text = program(experiment, library)
        .with_context(|| format!("{} has no program in Python", experiment.workload.id()))?;
    for (line, smaller) in SMALLER {
        text = text.replace(line, smaller);
    }
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("experiment.py");
    fs::write(&file, &text)?;
    let output = match Command::new("python3").arg(&file).output() {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            println!("skipped: there is no python3 on this machine");
            return Ok(None);
        }
        output => output.context("python3 does not run")?,
    };
    let errors = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{errors}\nin\n{text}");
    Ok(Some(String::from_utf8(output.stdout)?))
}

/// Runs every workload with `library`, and checks what is printed.
fn check(library: Library) -> Result<()> {
    for &workload in WorkloadId::ALL.iter().filter(|&&workload| Library::of(workload).contains(&library)) {
        let Some(printed) = printed(&small(workload), library)? else { return Ok(()) };
        let serial = printed.lines().find(|line| line.starts_with("serial: ")).context("no serial time")?;
        let (_, answer) = serial.split_once("; ").context("no answer")?;
        check_answer(workload, answer)?;
        let lanes = printed.lines().filter(|line| line.contains(" times "));
        let ways = if library == Library::ConcurrentFutures { 2 } else { 1 };
        ensure!(lanes.count() == ways, "{printed}");
        println!("{}, {}: {serial}", workload.id(), library.name());
    }
    Ok(())
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
        WorkloadId::Images => format!("4 tiles have {} pixels", 256 * 192),
    };
    ensure!(answer == expected, "{answer:?}, not {expected:?}");
    Ok(())
}

fn outputs<W: Workload>() -> Vec<W::Output> {
    let Inputs { shared, tasks } = W::inputs(Size::S, Experiment::default().seed);
    tasks.iter().map(|task| W::run(&shared, task, &mut Unchecked).expect("nobody stops it")).collect()
}

#[test]
fn threading_runs_every_workload() -> Result<()> {
    check(Library::Threading)
}

#[test]
fn multiprocessing_runs_every_workload() -> Result<()> {
    check(Library::Multiprocessing)
}

#[test]
fn concurrent_futures_runs_every_workload() -> Result<()> {
    check(Library::ConcurrentFutures)
}

#[test]
fn asyncio_runs_every_workload_that_waits() -> Result<()> {
    check(Library::Asyncio)
}

#[test]
fn every_way_to_call_a_pool_runs() -> Result<()> {
    for library in [Library::Multiprocessing, Library::ConcurrentFutures] {
        for call in PoolCall::ALL {
            for (start, scaling, workload) in [
                (Start::Warm, Scaling::Weak, WorkloadId::Squares),
                (Start::Cold, Scaling::Strong, WorkloadId::Models),
            ] {
                let experiment = Experiment { call, start, scaling, chunk_size: 3, ..small(workload) };
                if printed(&experiment, library)?.is_none() {
                    return Ok(());
                }
            }
        }
    }
    Ok(())
}
