//! What works in which engine, found out by doing it, and held against the table in the README.
#![cfg(not(target_arch = "wasm32"))]

mod support;

use std::fmt::Write;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use support::{Engine, Page, Visit};
use xtask::server::{Headers, Host};

/// Where the table begins and ends in the README.
const MARKERS: [&str; 2] = ["<!-- what works where: begin -->\n", "<!-- what works where: end -->\n"];

/// Set, it has the README's table written instead of read.
const WRITE: &str = "WRITE_TABLE";

const MODELS: [&str; 4] = ["serial", "processes", "threads", "threads + GIL"];

/// What was asked, and what came of it.
type Row = (String, String);

#[tokio::test]
async fn the_readme_says_what_works_where() -> Result<()> {
    let mut table: Vec<(String, Vec<String>)> = Vec::new();
    for engine in Engine::ALL {
        for (place, (what, answer)) in column(engine).await?.into_iter().enumerate() {
            if place == table.len() {
                table.push((what, Vec::new()));
            }
            let row = table.get_mut(place).expect("it was just made");
            row.1.push(answer);
        }
    }
    let mut text = String::from("|");
    for engine in Engine::ALL {
        write!(text, " | {}", engine.name())?;
    }
    text.push_str(" |\n|---|---|---|---|\n");
    for (what, answers) in table {
        writeln!(text, "| {what} | {} |", answers.join(" | "))?;
    }
    hold_against_readme(&text)
}

/// Compares the table with the README's, or writes it there.
fn hold_against_readme(table: &str) -> Result<()> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let readme = fs::read_to_string(&file)?;
    let [begin, end] = MARKERS;
    let parts = readme.split_once(begin).and_then(|(before, rest)| Some((before, rest.split_once(end)?)));
    let (before, (written, after)) = parts.context("README.md has lost the marks of its table")?;
    if std::env::var_os(WRITE).is_some() {
        return Ok(fs::write(&file, [before, begin, table, end, after].concat())?);
    }
    ensure!(
        written == table,
        "README.md is out of date, `cargo xtask engines` brings it up to date. What works now:\n{table}"
    );
    Ok(())
}

/// Finds out what works in one engine: the same rows for each.
async fn column(engine: Engine) -> Result<Vec<Row>> {
    let visit = Visit { engine: Some(engine), ..Visit::default() };
    let mut rows = Vec::new();

    let isolated = visit.clone().pay(async |page: &Page| models_that_run(page).await).await?;
    rows.extend(in_words(&isolated, "on an isolated page"));
    let plain = Visit { isolated: false, ..visit.clone() };
    let plain = plain.pay(async |page: &Page| models_that_run(page).await).await?;
    rows.extend(in_words(&plain, "on a page that is not isolated"));

    rows.extend(visit.clone().pay(async |page: &Page| what_waits(page).await).await?);
    let bare = Host { headers: Headers::None, path: "" };
    let bare = Visit { host: Some(bare), ..visit.clone() };
    let isolated_itself = bare.pay(async |page: &Page| {
        // The page loads twice here, and then knows what it is.
        page.until(&format!("arguments[0]({CONTROLLED})"), |is_controlled: &bool| *is_controlled).await?;
        page.wait_for("#machine[data-isolation]").await?;
        page.holds("document.querySelector('#machine[data-isolation=isolated]')").await
    });
    let what = "isolated by the page's own service worker, where the host sends no headers";
    rows.push((what.to_owned(), yes_or_no(isolated_itself.await?)));

    // The failed attempts to reach the host are in the console.
    let left_alone = Visit { console_must_be_clean: false, ..visit.clone() };
    let left_alone = left_alone.pay(async |page: &Page| {
        page.wait_for("#run:enabled").await?;
        page.until_kept(1).await?;
        let is_shown = page.visit_without_host().await.is_ok();
        Ok(is_shown && models_that_run(page).await.is_ok_and(|models| models.iter().all(|&(_, runs)| runs)))
    });
    let what = "all models, on a page that was visited once and has no network now";
    rows.push((what.to_owned(), yes_or_no(left_alone.await?)));

    // As it comes from its makers, WebKitGTK shares no memory: this is no fault of the page's.
    let as_shipped = Visit { shares_memory: false, ..visit };
    let as_shipped = as_shipped.pay(async |page: &Page| models_that_run(page).await).await?;
    if as_shipped != isolated {
        let threads = rows
            .iter_mut()
            .filter(|(what, _)| what.starts_with("threads") && what.ends_with("isolated page"));
        threads.for_each(|(_, answer)| answer.push_str("¹"));
    }
    Ok(rows)
}

/// What holds when the service worker answers for the page and the page has looked at its machine.
const CONTROLLED: &str = "navigator.serviceWorker?.controller != null && document.querySelector('#machine[data-isolation]') != null";

fn yes_or_no(holds: bool) -> String {
    if holds { "yes" } else { "no" }.to_owned()
}

/// Fetches a mailbox by every model, and tells what worked as it was asked for.
async fn what_waits(page: &Page) -> Result<Vec<Row>> {
    const MODELS: [&str; 5] = ["serial", "async", "processes", "threads", "threads + GIL"];
    page.wait_for("#machine[data-isolation]").await?;
    page.unfold_settings().await?;
    page.choose("workload", "mailbox").await?;
    page.choose("size", "s").await?;
    page.choose_models(&MODELS).await?;
    page.write("lane-counts", "8").await?;
    page.write("min-rounds", "1").await?;
    page.write("max-rounds", "1").await?;
    page.press_run().await?;
    page.wait_for_state("finished").await?;
    let mut rows = Vec::new();
    for model in MODELS {
        let lanes = if model == "serial" { 1 } else { 8 };
        let runs = page.figure(model, lanes, "time").await?.is_some();
        rows.push((format!("{model}, for a mailbox that is fetched and saved"), yes_or_no(runs)));
    }
    let said = |words: &str| format!("document.getElementById('warnings')?.textContent.includes('{words}')");
    let network = match page.holds(&said("could not be simulated for processes")).await? {
        true => "not where processes fetch".to_owned(),
        false => yes_or_no(!page.holds(&said("could not be simulated")).await?),
    };
    rows.push(("a simulated network".to_owned(), network));
    let files = match (page.holds(&said("as streams")).await?, page.holds(&said("into its cache")).await?) {
        (_, true) => "no: into the cache",
        (true, _) => "as streams",
        _ => "yes",
    };
    rows.push(("files that lanes write at once".to_owned(), files.to_owned()));
    Ok(rows)
}

fn in_words(models: &[(&'static str, bool)], place: &str) -> Vec<Row> {
    models.iter().map(|&(model, runs)| (format!("{model}, {place}"), yes_or_no(runs))).collect()
}

/// Runs every model once, and tells for which there is a figure. All answers must agree.
async fn models_that_run(page: &Page) -> Result<Vec<(&'static str, bool)>> {
    page.wait_for("#machine[data-isolation]").await?;
    page.unfold_settings().await?;
    page.choose("size", "s").await?;
    page.choose_models(&MODELS).await?;
    page.write("lane-counts", "2").await?;
    page.write("min-rounds", "1").await?;
    page.write("max-rounds", "1").await?;
    page.press_run().await?;
    page.wait_for_state("finished").await?;
    ensure!(page.attribute("#answers", "data-agree").await?.as_deref() == Some("true"));
    let mut models = Vec::new();
    for model in MODELS {
        let lanes = if model == "serial" { 1 } else { 2 };
        models.push((model, page.figure(model, lanes, "time").await?.is_some()));
    }
    Ok(models)
}
