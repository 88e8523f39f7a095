//! The Python programs, written out and run by CPython: each gives the answers that the kernels give,
//! and those of the claims and of the advice run as they are shown.
#![cfg(not(target_arch = "wasm32"))]

#[path = "support/cpython.rs"]
mod cpython;
#[path = "support/programs.rs"]
mod programs;

use anyhow::{Context, Result};
use lanes::python::Library;

use cpython::run;
use programs::Program;

/// Runs programs and checks what they print. (That lanes answer the same, a program checks itself.)
fn check(programs: Vec<Program>) -> Result<()> {
    for program in programs {
        let Some(printed) = run(&program.text).with_context(|| program.name.clone())? else { return Ok(()) };
        program.check(&printed)?;
        println!("{}:\n{printed}", program.name);
    }
    Ok(())
}

#[test]
fn threading_runs_every_workload() -> Result<()> {
    check(programs::of_workloads(Library::Threading)?)
}

#[test]
fn multiprocessing_runs_every_workload() -> Result<()> {
    check(programs::of_workloads(Library::Multiprocessing)?)
}

#[test]
fn concurrent_futures_runs_every_workload() -> Result<()> {
    check(programs::of_workloads(Library::ConcurrentFutures)?)
}

#[test]
fn asyncio_runs_every_workload_that_waits() -> Result<()> {
    check(programs::of_workloads(Library::Asyncio)?)
}

#[test]
fn every_way_to_call_a_pool_runs() -> Result<()> {
    check(programs::of_pools()?)
}

#[test]
fn every_claims_program_runs() -> Result<()> {
    let mut programs = programs::of_claims()?;
    for module in ["sklearn", "numpy"] {
        let is_missing = |error: anyhow::Error| error.to_string().contains("ModuleNotFoundError");
        if run(&format!("import {module}")).is_err_and(is_missing) {
            programs.retain(|program| {
                let needs_it = program.text.contains(module);
                if needs_it {
                    println!("skipped: {} needs {module}", program.name);
                }
                !needs_it
            });
        }
    }
    check(programs)
}

#[test]
fn every_advised_program_runs() -> Result<()> {
    check(programs::of_advice()?)
}
