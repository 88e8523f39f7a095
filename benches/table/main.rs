//! What Lanes promises, measured now: `cargo xtask bench` builds the page and prints the table.
//!
//! The page is driven as a visitor drives it, in a headless Chromium, and its figures are read from
//! its own table. METHODOLOGY.md says what the rows mean.

mod host;
mod python;
mod row;
#[path = "../../tests/support/mod.rs"]
mod support;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result};
use lanes::stats::Estimate;
use lanes::workload::WorkloadId;
use row::{Bound, Row};
use serde_json::json;
use support::{Page, Visit};

/// What is promised of one workload.
struct Promise {
    workload: WorkloadId,
    /// Two lanes over serial, as threads and as warm processes.
    speed_up: f64,
    /// Serial in wasm over the same kernel on the host.
    over_host: f64,
}

impl Promise {
    /// `None` for the squares: their many tiny tasks are there to show what handing out costs.
    fn of(workload: WorkloadId) -> Option<Self> {
        let (speed_up, over_host) = match workload {
            WorkloadId::Squares => return None,
            WorkloadId::CosineSum | WorkloadId::BigProduct => (1.85, 1.3),
            // How well its inner loop compiles differs most.
            WorkloadId::MatrixProduct => (1.8, 1.5),
            _ => (1.8, 1.3),
        };
        Some(Self { workload, speed_up, over_host })
    }
}

/// Two threads under a GIL do no more than one, and lose little by taking turns.
const GIL: Bound = Bound::Within(0.90, 1.03);
const FIRST_LOAD_KB: f64 = 300.0;
const FRAME_GAP_MS: f64 = 50.0;

/// How long the page may take for one experiment; its own budget is shorter.
const PATIENCE: Duration = Duration::from_secs(300);

#[tokio::main]
async fn main() -> Result<()> {
    let busy_cores = host::busy_cores().await;
    let (mut rows, machine) = Visit::default().pay(measure).await?;
    rows.sort_by_key(|row| row.rank);
    row::print(&rows, &machine, busy_cores);

    let file = target_folder()?.join("bench.json");
    let rows: Vec<_> = rows.iter().map(Row::to_json).collect();
    let report = json!({ "machine": machine, "busy_cores": busy_cores, "rows": rows });
    fs::write(&file, serde_json::to_string_pretty(&report)?)?;
    println!("\nThe same as JSON: {}", file.display());
    Ok(())
}

/// Measures every row, in one visit to the page.
async fn measure(page: &Page) -> Result<(Vec<Row>, serde_json::Value)> {
    let mut rows = Vec::new();
    page.wait_for("#run:enabled").await?;
    let first_load = page.first_load_bytes().await? / 1024.0;
    rows.push(Row::exact(
        6,
        "page: the first load without the worker, compressed (KB)",
        first_load,
        FIRST_LOAD_KB,
    ));

    let cores: u32 = page.attribute("#machine", "data-cores").await?.context("no cores")?.parse()?;
    let browser: String =
        page.script("return 'Chromium ' + /Chrome.([0-9]+)/.exec(navigator.userAgent)[1]").await?;
    page.unfold_settings().await?;
    page.choose("start", "warm").await?;
    page.write("lane-counts", &if cores == 2 { "2".to_owned() } else { format!("2, {cores}") }).await?;

    let mut longest_gap_ms: f64 = 0.0;
    for promise in WorkloadId::ALL.iter().filter_map(|&workload| Promise::of(workload)) {
        rows.extend(keep(page, &promise).await?);
        longest_gap_ms = longest_gap_ms.max(frame_gap_ms(page).await?);
    }
    let what = "page: longest frame gap while all lanes are busy (ms)";
    rows.push(Row::exact(7, what, longest_gap_ms, FRAME_GAP_MS));

    rows.push(big_product_over_python(page).await?);
    Ok((rows, json!({ "cores": cores, "browser": browser })))
}

/// Measures what is promised of one workload, on the host and then in the page.
async fn keep(page: &Page, promise: &Promise) -> Result<Vec<Row>> {
    let mut rows = Vec::new();
    let name = promise.workload.id();
    let with_gil = promise.workload == WorkloadId::CosineSum;
    let host = host::time_us(name, "M");
    let models: &[&str] = match with_gil {
        true => &["serial", "threads", "threads + GIL", "processes"],
        false => &["serial", "threads", "processes"],
    };
    run(page, name, "m", models).await?;
    for (rank, model) in [(0, "threads"), (1, "processes")] {
        let what = format!("{name}: {model}, 2 lanes over serial");
        let bound = Bound::AtLeast(promise.speed_up);
        rows.push(Row::new(rank, what, bound, figure(page, model, 2, "speed-up").await));
    }
    if with_gil {
        let what = format!("{name}: threads + GIL, 2 lanes over serial");
        rows.push(Row::new(2, what, GIL, figure(page, "threads + GIL", 2, "speed-up").await));
    }
    let serial = figure(page, "serial", 1, "time").await;
    let ratio = serial.and_then(|wasm| Ok(row::over(wasm, host?)));
    let what = format!("{name}: serial, wasm over host");
    rows.push(Row::new(3, what, Bound::AtMost(promise.over_host), ratio));
    Ok(rows)
}

/// CPython's time for the product of 50,000 integers over the page's serial one.
async fn big_product_over_python(page: &Page) -> Result<Row> {
    // Size L multiplies 16 such products.
    const PRODUCTS: f64 = 16.0;
    let python = python::big_product_us();
    run(page, "big-product", "l", &["serial"]).await?;
    let ours = figure(page, "serial", 1, "time").await;
    let ratio = ours.and_then(|ours| Ok(row::over(python?, row::times(ours, 1.0 / PRODUCTS))));
    let what = "big-product, n = 50,000: CPython over serial in wasm".to_owned();
    Ok(Row::new(5, what, Bound::AtLeast(1.0), ratio))
}

/// Runs an experiment to its end. The lanes are as they are set already.
async fn run(page: &Page, workload: &str, size: &str, models: &[&str]) -> Result<()> {
    eprintln!("{workload}, size {}: {}", size.to_uppercase(), models.join(", "));
    page.choose("workload", workload).await?;
    page.choose("size", size).await?;
    page.choose_models(models).await?;
    page.write("min-rounds", "10").await?;
    page.write("max-rounds", "60").await?;
    page.write("budget", "20").await?;
    page.press_run().await?;
    page.wait_for_state("running").await?;
    page.wait_as_long_as("main[data-state=finished]", PATIENCE).await.map(drop)
}

/// A figure of the page's table.
async fn figure(page: &Page, model: &str, lanes: u32, name: &str) -> Result<Estimate> {
    let figure = page.figure(model, lanes, name).await?;
    let figure = figure.with_context(|| format!("the page measured nothing for {model}, {lanes} lanes"))?;
    Ok(Estimate { value: figure.value, lo: figure.lo, hi: figure.hi })
}

async fn frame_gap_ms(page: &Page) -> Result<f64> {
    let gap =
        page.wait_for("main[data-longest-frame-gap-ms]").await?.attr("data-longest-frame-gap-ms").await?;
    Ok(gap.context("the attribute is gone")?.parse()?)
}

/// Where cargo puts what it makes.
fn target_folder() -> Result<PathBuf> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).parent();
    folder.map(Into::into).context("there is no target folder")
}
