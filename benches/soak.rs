//! Whether anything is left behind in the long run, measured: `cargo xtask soak` builds the page and
//! prints the table of TRUST.md, which says how each row is made.

#[path = "trust/load.rs"]
mod load;
#[path = "../tests/support/mod.rs"]
mod support;
#[path = "trust/table.rs"]
mod table;

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use lanes::report::link;
use load::Load;
use serde_json::json;
use support::interpreter::Browser;
use support::{Page, Visit};
use table::{Row, times};

/// How long any part may take.
const PATIENCE: Duration = Duration::from_secs(1_800);
const BACK: &str = "≤ 1.1× of before";

#[tokio::main]
async fn main() -> Result<()> {
    let rows = vec![
        Visit::default().pay(trials).await?,
        Visit::default().pay(crowd).await?,
        Visit::default().pay(links).await?,
        Visit::default().pay(embeds).await?,
        scripts().await?,
        stress(true).await?,
        stress(false).await?,
    ];
    table::tell("soak", &rows)
}

/// Runs every model of CPU-bound work at two lanes, so many rounds.
async fn run(page: &Page, lanes: u32, rounds: u32) -> Result<()> {
    page.unfold_settings().await?;
    page.choose("workload", "cosine-sum").await?;
    page.choose("size", "s").await?;
    page.write("lane-counts", &lanes.to_string()).await?;
    page.write("max-rounds", &rounds.to_string()).await?;
    page.write("min-rounds", &rounds.to_string()).await?;
    page.write("budget", "600").await?;
    page.press_run().await?;
    page.wait_for_state("running").await?;
    page.wait_as_long_as("main[data-state=finished]", PATIENCE).await?;
    for (model, lanes) in [("serial", 1), ("threads", lanes), ("threads + GIL", lanes), ("processes", lanes)]
    {
        let samples = page.samples(model, lanes).await?;
        let told = if samples == rounds { String::new() } else { page.text("main").await? };
        ensure!(samples == rounds, "{model}: {samples} of {rounds} trials at {lanes} lanes: {told}");
    }
    ensure!(page.attribute("#answers", "data-agree").await?.as_deref() == Some("true"));
    Ok(())
}

/// Many trials: the workers of a session go with it, so nothing may be left of five hundred.
async fn trials(page: &Page) -> Result<Row> {
    let count = times(500, 20);
    run(page, 2, 5).await?;
    let before = Load::settled(page).await?;
    run(page, 2, count).await?;
    let after = Load::settled(page).await?;
    Ok(row(format!("{count} trials of each model"), &before, &after))
}

/// Far more lanes than cores, which every run starts and ends.
async fn crowd(page: &Page) -> Result<Row> {
    const LANES: u32 = 64;
    const RUNS: u32 = 5;
    let rounds = times(6, 1);
    run(page, LANES, 1).await?;
    let before = Load::settled(page).await?;
    for _ in 0..RUNS {
        run(page, LANES, rounds).await?;
    }
    let after = Load::settled(page).await?;
    Ok(row(format!("{LANES} lanes, {RUNS} runs of {rounds} trials of each model"), &before, &after))
}

/// A link that landed once, of a report with 16 points.
const FIXTURES: &str = include_str!("../src/report/link/fixtures.txt");

/// Opens a report's link and goes back, over and over.
async fn links(page: &Page) -> Result<Row> {
    let count = times(200, 10);
    let report = FIXTURES.lines().find_map(|line| line.strip_prefix("#r=")?.split(' ').next());
    let report = format!("#r={}", report.expect("there is a link of a report"));
    ensure!(link::decode(&report).is_ok(), "the link is whole");
    page.wait_for("#run:enabled").await?;
    open_and_back(page, &report, 5).await?;
    let before = Load::settled(page).await?;
    open_and_back(page, &report, count).await?;
    let after = Load::settled(page).await?;
    Ok(row(format!("{count} times a report's link opened and left"), &before, &after))
}

async fn open_and_back(page: &Page, link: &str, times: u32) -> Result<()> {
    for _ in 0..times {
        for hash in [link, "#"] {
            page.script::<Option<()>>(&format!("location.hash = '{hash}'; return null")).await?;
            page.drawn().await?;
        }
    }
    Ok(())
}

/// Makes frames and drops them, ten at a time.
async fn embeds(page: &Page) -> Result<Row> {
    const AT_ONCE: u32 = 10;
    let count = times(1_000, 20);
    page.wait_for("#run:enabled").await?;
    make_and_drop(page, 2 * AT_ONCE, AT_ONCE).await?;
    let before = Load::settled(page).await?;
    make_and_drop(page, count, AT_ONCE).await?;
    let after = Load::settled(page).await?;
    Ok(row(format!("{count} frames of embed.html made and dropped"), &before, &after))
}

async fn make_and_drop(page: &Page, count: u32, at_once: u32) -> Result<()> {
    // A frame's document is out of reach, as it is isolated: one that works tells how high it is.
    let script = format!(
        "const done = arguments[0];
         const frames = Array.from({{ length: {at_once} }}, () => {{
           const frame = document.createElement('iframe');
           frame.src = 'embed.html';
           document.body.append(frame);
           return frame;
         }});
         const silent = new Set(frames);
         addEventListener('message', function hear({{ source }}) {{
           silent.delete(frames.find((frame) => frame.contentWindow === source));
           if (silent.size > 0) return;
           removeEventListener('message', hear);
           frames.forEach((frame) => frame.remove());
           done();
         }});"
    );
    for _ in 0..count / at_once {
        page.driver.execute_async(&script, Vec::new()).await.context("a frame says nothing")?;
    }
    Ok(())
}

/// A script of the reader's with threads and processes.
const SCRIPT: &str = "
import multiprocessing, threading
def work(n): return sum(i * i for i in range(n))
if __name__ == '__main__':
    threads = [threading.Thread(target=work, args=(1000,)) for _ in range(4)]
    for thread in threads: thread.start()
    for thread in threads: thread.join()
    with multiprocessing.Pool(2) as pool: print(sum(pool.map(work, range(100))))
";

/// Many runs of a script: each has workers, an interpreter and a memory of its own for each process.
async fn scripts() -> Result<Row> {
    let count = times(200, 5);
    let browser = Browser::open(true, PATIENCE).await?;
    run_scripts(&browser, 5).await?;
    let before = Load::settled_of(&browser.session, browser.group()).await?;
    run_scripts(&browser, count).await?;
    let after = Load::settled_of(&browser.session, browser.group()).await?;
    browser.close().await?;
    let row = row(format!("{count} runs of a Python script with threads and processes"), &before, &after);
    Ok(Row { is_kept: row.is_kept && after.workers == 0, ..row })
}

async fn run_scripts(browser: &Browser, count: u32) -> Result<()> {
    for _ in 0..count {
        let outcome = browser.run(SCRIPT, json!({})).await?;
        ensure!(outcome.written(1) == "8004150\n" && outcome.code == 0, "{outcome:?}");
    }
    Ok(())
}

/// Threads of Python that use the same objects without a lock: no panic, no deadlock, no growth.
async fn stress(gil: bool) -> Result<Row> {
    let browser = Browser::open(true, PATIENCE).await?;
    let mut measured = Vec::new();
    let mut is_kept = true;
    for threads in [2, 4, 8] {
        let mut held = Vec::new();
        for seconds in [times(20, 2), times(60, 6)] {
            let args = [threads, seconds].map(|number| number.to_string());
            let options = json!({ "gil": gil, "args": args, "silence": 1_000 * (seconds + 60) });
            let outcome = browser.run(include_str!("trust/stress.py"), options).await?;
            let is_done =
                outcome.written(1) == "done\n" && outcome.written(2).is_empty() && outcome.code == 0;
            is_kept &= is_done && !outcome.hung;
            if !is_done {
                eprintln!("{threads} threads, GIL {gil}: {} {}", outcome.code, outcome.written(2));
            }
            held.push(outcome.memory);
        }
        is_kept &= held[1] <= 1.1 * held[0];
        measured.push(format!("{threads} threads {:.0} → {:.0} MB", held[0] / 1e6, held[1] / 1e6));
    }
    browser.close().await?;
    let gil = if gil { "on" } else { "off" };
    Ok(Row {
        what: format!(
            "Python threads that share objects of all kinds, GIL {gil}, for some seconds and for three times as long"
        ),
        bound: "all end well, memory ≤ 1.1×".to_owned(),
        measured: measured.join(", "),
        is_kept,
    })
}

fn row(what: String, before: &Load, after: &Load) -> Row {
    Row { what, bound: BACK.to_owned(), measured: after.beside(before), is_kept: after.is_back_at(before) }
}
