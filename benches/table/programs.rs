//! Whether CPython says of each workload what the page says: the programs that the page shows are run.

use std::fs;

use anyhow::{Context, Result};
use lanes::domain::{Model, Size};
use lanes::experiment::Experiment;
use lanes::python::{self, Library};
use lanes::stats::{Estimate, MARGIN};
use lanes::workload::WorkloadId;

use crate::drive::{Rounds, figure, run};
use crate::row::{Bound, Row};
use crate::support::Page;

/// Enough for an interval of 95 % of a speed-up by rounds.
const ROUNDS: Rounds = Rounds { min: 8, max: 8 };
/// A program runs its work nine times and more: so long may CPython take for it once, in µs.
const MOST_US: f64 = 4e6;
/// Lanes that wait: one for each of sixteen addresses.
const WAITING: u32 = 16;
/// The models that a program in Python has, with the pools that stand for them.
const MODELS: [(Model, &str); 2] =
    [(Model::ThreadsGil, "ThreadPoolExecutor"), (Model::Processes, "ProcessPoolExecutor")];

/// Runs the program of every workload, and the same in the page.
pub async fn measure(page: &Page, cores: u32) -> Result<Vec<Row>> {
    let before = page.value("lane-counts").await?;
    let mut rows = Vec::new();
    for &workload in WorkloadId::ALL {
        let lanes = if workload.is_io() { WAITING } else { cores };
        let experiment = Experiment {
            size: size_of(workload),
            lane_counts: vec![lanes],
            ..Experiment::of(workload, cores)
        };
        let printed = printed_by_python(&experiment);
        page.choose("workload", workload.id()).await?;
        page.write("lane-counts", &lanes.to_string()).await?;
        let size = ["s", "m", "l"][experiment.size as usize];
        run(page, workload.id(), size, &["serial", "threads + GIL", "processes"], ROUNDS).await?;
        let says_why = page.count("#too-small").await? > 0;
        for (model, pool) in MODELS {
            let ours = figure(page, model.name(), lanes, "speed-up").await;
            let row = match (&printed, ours) {
                (Ok(printed), Ok(ours)) => compared(printed, pool, ours, says_why),
                (Err(why), _) => Err(anyhow::anyhow!("{why:#}")),
                (_, Err(why)) => Err(why),
            };
            let (said, agrees) = match row {
                Ok((said, agrees)) => (said, Ok(agrees)),
                Err(why) => (String::new(), Err(why)),
            };
            let what = format!("{} {size}, {}{said}", workload.id(), model.name());
            rows.push(Row::new(11, what, Bound::AtLeast(1.0), agrees));
        }
    }
    page.choose("workload", "cosine-sum").await?;
    page.write("lane-counts", &before).await?;
    Ok(rows)
}

/// The largest size that CPython does in time.
fn size_of(workload: WorkloadId) -> Size {
    let is_in_time = |size: &Size| python::loop_us(workload, *size).is_none_or(|us| us <= MOST_US);
    Size::ALL.iter().copied().rev().skip(1).find(is_in_time).unwrap_or(Size::S)
}

/// Both gains, and 1 if they have one direction or the page says why not, else 0.
fn compared(printed: &str, pool: &str, ours: Estimate, says_why: bool) -> Result<(String, Estimate)> {
    let line = printed.lines().find(|line| line.starts_with(pool)).context("the pool was not timed")?;
    let gain = line.split("s, ").nth(1).and_then(|rest| rest.split(' ').next());
    let theirs: f64 = gain.context("the program printed no gain")?.parse()?;
    let helps = |gain: f64| gain > 1.0 + MARGIN;
    let is_alike = helps(ours.value) == helps(theirs);
    let why = if says_why && !is_alike { ", and the page says why" } else { "" };
    let agrees = f64::from(u8::from(is_alike || says_why));
    let said = format!(": {:.2}× here, {theirs:.2}× in CPython{why}", ours.value);
    Ok((said, Estimate { value: agrees, lo: agrees, hi: agrees }))
}

/// What CPython prints when it runs the program of `experiment`.
fn printed_by_python(experiment: &Experiment) -> Result<String> {
    let program = python::program(experiment, Library::ConcurrentFutures).context("there is no program")?;
    let file = crate::target_folder()?.join("experiment.py");
    fs::write(&file, program)?;
    eprintln!("{}: CPython", experiment.workload.id());
    crate::python::output_of(&file)
}
