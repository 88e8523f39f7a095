//! What Lanes promises, measured now: `cargo xtask bench` builds the page and prints the table.
//!
//! The page is driven as a visitor drives it, in a headless Chromium, and its figures are read from
//! its own table. METHODOLOGY.md says what the rows mean.

mod host;
mod python;
mod row;
#[path = "../../tests/support/mod.rs"]
mod support;

use std::time::Duration;
use std::{env, fs};

use anyhow::{Context, Result};
use lanes::stats::Estimate;
use row::{Bound, Row};
use serde_json::json;
use support::{Page, Visit};

/// What is promised of one workload.
struct Promise {
    workload: &'static str,
    /// Two lanes over serial, as threads and as warm processes; `None` where the tasks are too
    /// small to gain.
    speed_up: Option<f64>,
    /// Serial in wasm over the same kernel on the host.
    over_host: f64,
}

const PROMISES: &[Promise] = &[
    Promise { workload: "cosine-sum", speed_up: Some(1.85), over_host: 1.3 },
    Promise { workload: "big-product", speed_up: Some(1.85), over_host: 1.3 },
    Promise { workload: "primes", speed_up: Some(1.8), over_host: 1.3 },
    Promise { workload: "squares", speed_up: None, over_host: 1.3 },
    Promise { workload: "matrix-product", speed_up: Some(1.8), over_host: 1.5 },
    Promise { workload: "simulation", speed_up: Some(1.8), over_host: 1.3 },
];

/// Two threads under a GIL do no more than one, and lose little by taking turns.
const GIL: Bound = Bound::Within(0.90, 1.03);
const FIRST_LOAD_KB: f64 = 300.0;
const FRAME_GAP_MS: f64 = 50.0;

/// How long the page may take for one experiment; its own budget is shorter.
const PATIENCE: Duration = Duration::from_secs(300);

#[tokio::main]
async fn main() -> Result<()> {
    let load = row::load_average();
    let (mut rows, machine) = Visit::default().pay(measure).await?;
    rows.sort_by_key(|row| row.rank);
    row::print(&rows, &machine, load);

    let file = target_folder()?.join("bench.json");
    let rows: Vec<_> = rows.iter().map(Row::to_json).collect();
    let report = json!({ "machine": machine, "load_average": load, "rows": rows });
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
    let browser: String = page.script("return navigator.userAgent").await?;
    page.unfold_settings().await?;
    page.choose("start", "warm").await?;
    page.write("lane-counts", &if cores == 2 { "2".to_owned() } else { format!("2, {cores}") }).await?;

    let mut longest_gap_ms: f64 = 0.0;
    for promise in PROMISES {
        let name = promise.workload;
        let host = host::time_us(name, "M");
        let with_gil = name == "cosine-sum";
        let models: &[&str] = if with_gil {
            &["serial", "threads", "threads + GIL", "processes"]
        } else {
            &["serial", "threads", "processes"]
        };
        run(page, name, "m", models).await?;
        longest_gap_ms = longest_gap_ms.max(frame_gap_ms(page).await?);

        if let Some(bound) = promise.speed_up {
            for (rank, model) in [(0, "threads"), (1, "processes")] {
                let what = format!("{name}: {model}, 2 lanes over serial");
                rows.push(Row::new(
                    rank,
                    what,
                    Bound::AtLeast(bound),
                    figure(page, model, 2, "speed-up").await,
                ));
            }
        }
        if with_gil {
            let what = format!("{name}: threads + GIL, 2 lanes over serial");
            rows.push(Row::new(2, what, GIL, figure(page, "threads + GIL", 2, "speed-up").await));
        }
        let serial = figure(page, "serial", 1, "time").await;
        let ratio = serial.and_then(|wasm| Ok(row::over(wasm, host?)));
        rows.push(Row::new(
            3,
            format!("{name}: serial, wasm over host"),
            Bound::AtMost(promise.over_host),
            ratio,
        ));
    }
    let what = "page: longest frame gap while all lanes are busy (ms)";
    rows.push(Row::exact(7, what, longest_gap_ms, FRAME_GAP_MS));

    rows.push(big_product_over_python(page).await?);
    Ok((rows, json!({ "cores": cores, "browser": browser })))
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
fn target_folder() -> Result<std::path::PathBuf> {
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).parent();
    folder.map(Into::into).context("there is no target folder")
}
