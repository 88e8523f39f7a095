//! What Lanes promises, measured now: `cargo xtask bench` builds the page and prints the table.
//!
//! `cargo xtask bench PART…` measures only those parts; [`PARTS`] names them.
//!
//! The page is driven as a visitor drives it, in a headless Chromium, and its figures are read from
//! its own table. METHODOLOGY.md says what the rows mean.

mod claims;
mod costs;
mod drive;
mod forest;
mod host;
mod programs;
mod python;
mod python_engine;
mod reaction;
mod row;
mod scaling;
#[path = "../../tests/support/mod.rs"]
mod support;
mod timeline;
mod waiting;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use lanes::stats::Estimate;
use lanes::workload::WorkloadId;
use row::{Bound, Row};
use scaling::Promise;
use serde_json::json;
use support::{Audit, Page, Visit};

/// The parts of the table, in their order.
const PARTS: &[&str] = &[
    "scaling",
    "python",
    "programs",
    "python-engine",
    "forest",
    "costs",
    "memory",
    "waiting",
    "reaction",
    "lighthouse",
    "timeline",
    "claims",
    "frames",
];

const FIRST_LOAD_KB: f64 = 300.0;
const FRAME_GAP_MS: f64 = 50.0;

#[tokio::main]
async fn main() -> Result<()> {
    if let Some(other) = named_parts().find(|name| !PARTS.contains(&name.as_str())) {
        bail!("the table has no part {other}: name some of {}", PARTS.join(", "));
    }
    let busy_cores = host::busy_cores().await;
    let mut rows = Vec::new();
    let measured = Visit::default().pay(async |page: &Page| measure(page, &mut rows).await).await;
    rows.sort_by_key(|row| row.rank);
    // What was measured before something went wrong is not lost by it.
    let nothing = serde_json::Value::Null;
    row::print(&rows, measured.as_ref().unwrap_or(&nothing), busy_cores);
    let machine = measured?;

    let file = target_folder()?.join("bench.json");
    let rows: Vec<_> = rows.iter().map(Row::to_json).collect();
    let report = json!({ "machine": machine, "busy_cores": busy_cores, "rows": rows });
    fs::write(&file, serde_json::to_string_pretty(&report)?)?;
    println!("\nThe same as JSON: {}", file.display());
    Ok(())
}

/// Whether a part of the table is asked for: all are unless some are named.
fn wants(part: &str) -> bool {
    debug_assert!(PARTS.contains(&part), "{part} is a part");
    let mut named = named_parts().peekable();
    named.peek().is_none() || named.any(|name| name == part)
}

/// The parts that the command names.
fn named_parts() -> impl Iterator<Item = String> {
    // Cargo itself adds `--bench`.
    std::env::args().skip(1).filter(|argument| !argument.starts_with("--"))
}

/// Measures every row that is asked for, in one visit to the page, and answers what machine it is.
async fn measure(page: &Page, rows: &mut Vec<Row>) -> Result<serde_json::Value> {
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

    if wants("scaling") {
        for promise in WorkloadId::kernels().filter_map(Promise::of) {
            rows.extend(scaling::measure(page, &promise).await?);
        }
    }
    if wants("python") {
        rows.push(cosine_sum_over_python(page).await?);
        rows.push(big_product_over_python(page).await?);
    }
    if wants("programs") {
        rows.extend(programs::measure(page, cores).await?);
    }
    if wants("python-engine") {
        rows.extend(python_engine::measure().await?);
    }
    if wants("forest") {
        rows.extend(forest::measure(page).await?);
    }
    if wants("costs") {
        rows.extend(costs::dispatch(page).await?);
        rows.push(costs::pool_start(page).await?);
    }
    if wants("memory") {
        rows.extend(costs::memory_growth(page).await?);
    }
    if wants("reaction") {
        rows.extend(reaction::measure(page).await?);
    }
    if wants("lighthouse") {
        rows.extend(lighthouse().await);
    }
    if wants("waiting") {
        rows.extend(waiting::measure(page, cores).await?);
    }
    if wants("timeline") {
        rows.extend(timeline::measure(page).await?);
    }
    if wants("claims") {
        rows.extend(claims::measure(page).await?);
        page.script::<Option<()>>("location.hash = ''; return null").await?;
        page.unfold_settings().await?;
    }
    if wants("frames") {
        rows.push(longest_frame_gap(page).await?);
    }
    Ok(json!({ "cores": cores, "browser": browser }))
}

/// What Lighthouse measures of the first load, on the phone and the network that it simulates: a
/// processor that is four times slower than this one, 150 ms for a way there and back, 1.6 Mbit/s.
async fn lighthouse() -> Vec<Row> {
    let audit = Audit::of_page().await;
    let row = |what: &str, bound, read: &dyn Fn(&Audit) -> Result<f64>| {
        let measured = match &audit {
            Ok(audit) => read(audit).map(|value| Estimate { value, lo: value, hi: value }),
            Err(error) => Err(anyhow::anyhow!("{error:#}")),
        };
        Row::new(8, what.to_owned(), bound, measured)
    };
    vec![
        row("Lighthouse: performance", Bound::AtLeast(95.0), &|audit| audit.score("performance")),
        row("Lighthouse: largest paint (s)", Bound::AtMost(2.5), &|audit| {
            Ok(audit.figure("largest-contentful-paint")? / 1e3)
        }),
        row("Lighthouse: interactive (s)", Bound::AtMost(3.8), &|audit| {
            Ok(audit.figure("interactive")? / 1e3)
        }),
        row("Lighthouse: layout shift", Bound::AtMost(0.01), &|audit| {
            audit.figure("cumulative-layout-shift")
        }),
    ]
}

/// The longest gap between two frames while every model runs. The last row: from here on the page
/// asks for every frame.
async fn longest_frame_gap(page: &Page) -> Result<Row> {
    drive::watch_frames(page).await?;
    drive::run(page, "cosine-sum", "m", &["serial", "threads", "threads + GIL", "processes"], drive::FULL)
        .await?;
    let what = "page: longest frame gap while all lanes are busy (ms)";
    Ok(Row::exact(7, what, drive::frame_gap_ms(page).await?, FRAME_GAP_MS))
}

/// CPython's time for a cosine over the page's serial one.
async fn cosine_sum_over_python(page: &Page) -> Result<Row> {
    // Size M adds up so many.
    const COSINES: f64 = 5e7;
    let python = python::cosine_us();
    drive::run(page, "cosine-sum", "m", &["serial"], drive::FULL).await?;
    let ours = drive::figure(page, "serial", 1, "time").await;
    let ratio = ours.and_then(|ours| Ok(row::over(python?, ours.times(1.0 / COSINES))));
    Ok(Row::new(5, "cosine-sum: CPython over serial in wasm".to_owned(), Bound::AtLeast(4.0), ratio))
}

/// CPython's time for the product of 50,000 integers over the page's serial one.
async fn big_product_over_python(page: &Page) -> Result<Row> {
    // Size L multiplies 16 such products.
    const PRODUCTS: f64 = 16.0;
    let python = python::big_product_us();
    drive::run(page, "big-product", "l", &["serial"], drive::FULL).await?;
    let ours = drive::figure(page, "serial", 1, "time").await;
    let ratio = ours.and_then(|ours| Ok(row::over(python?, ours.times(1.0 / PRODUCTS))));
    let what = "big-product, n = 50,000: CPython over serial in wasm".to_owned();
    Ok(Row::new(5, what, Bound::AtLeast(1.0), ratio))
}

/// Where cargo puts what it makes.
fn target_folder() -> Result<PathBuf> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).parent();
    folder.map(Into::into).context("there is no target folder")
}
