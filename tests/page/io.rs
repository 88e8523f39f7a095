//! Work that waits, in a real browser: real requests, real files, and where the bytes come from.

use crate::support::{
    Engine, Page, Stranger, Visit,
    io::{nothing_is_left, run, settle, warnings},
};
use anyhow::{Context, Result, ensure};
use lanes::domain::{Model, Network, Size, Source};
use lanes::experiment::Experiment;
use lanes::report::link;
use lanes::workload::WorkloadId;

/// Runs a workload that waits under every model, and ensures that each has its samples, that all answers
/// agree, and that nothing is left behind.
async fn every_model_waits(page: &Page, workload: &str, special: &str) -> Result<()> {
    settle(page, workload, "1, 4", 2).await?;
    if workload == "pipeline" {
        page.write("step-1-lanes", "4").await?;
    }
    run(page).await?;
    ensure!(page.attribute("#answers", "data-agree").await?.as_deref() == Some("true"));
    for model in ["serial", "threads", "threads + GIL", "processes", special] {
        let lanes = if model == "serial" { 1 } else { 4 };
        ensure!(page.samples(model, lanes).await? == 2, "{model}");
    }
    // One network for all: where it is not simulated for processes, it is for nobody.
    let said = warnings(page).await?;
    let is_simulated = !said.contains("could not be simulated for processes");
    ensure!(is_simulated || page.engine == Engine::Webkit, "{said}");
    let caption = page.text("#results caption").await?;
    ensure!(caption.contains("over a simulated network") == is_simulated, "{caption}");
    nothing_is_left(page).await
}

#[tokio::test]
async fn every_model_fetches_and_leaves_nothing_behind() -> Result<()> {
    let visit = async |page: &Page| {
        for workload in ["addresses", "page", "mailbox"] {
            every_model_waits(page, workload, "async").await.context(workload)?;
        }
        Ok(())
    };
    Visit::default().pay(visit).await
}

#[tokio::test]
async fn every_model_runs_the_pipeline_and_leaves_nothing_behind() -> Result<()> {
    let visit = async |page: &Page| {
        every_model_waits(page, "pipeline", "by bottleneck").await?;
        ensure!(page.attribute("#counts", "data-mails").await?.as_deref() == Some("20"));
        ensure!(page.count("#counts table").await? == 4);
        Ok(())
    };
    Visit::default().pay(visit).await
}

#[tokio::test]
async fn runs_follow_each_other_in_one_page() -> Result<()> {
    let visit = async |page: &Page| {
        for workload in ["addresses", "pipeline", "mailbox", "pipeline", "page"] {
            settle(page, workload, "2", 1).await?;
            run(page).await?;
            ensure!(page.samples("threads", 2).await? == 1, "{workload}");
        }
        nothing_is_left(page).await?;
        // The history keeps what was measured, in a database of its own.
        page.script::<Option<()>>("location.hash = '#history'; return null").await?;
        page.wait_for("#history[data-kept='5']").await.map(drop)
    };
    Visit::default().pay(visit).await
}

#[tokio::test]
async fn this_site_is_named_and_so_are_its_six_connections() -> Result<()> {
    let visit = async |page: &Page| {
        settle(page, "mailbox", "8", 1).await?;
        page.choose("source", "this-site").await?;
        run(page).await?;
        ensure!(page.text("#results caption").await?.contains("from this site"));
        let said = warnings(page).await?;
        ensure!(said.contains("browsers open no more than 6 connections"), "{said}");

        page.write("lane-counts", "6").await?;
        run(page).await?;
        let said = warnings(page).await?;
        ensure!(!said.contains("connections"), "six lanes have a connection each: {said}");
        Ok(())
    };
    Visit::default().pay(visit).await
}

/// What a list of somebody's addresses is fetched by, as soon as may be.
fn addresses(addresses: Vec<String>) -> Experiment {
    Experiment {
        models: vec![Model::Serial, Model::Threads, Model::Processes, Model::Async],
        lane_counts: vec![2],
        size: Size::S,
        network: Network { source: Source::Addresses(addresses), ..Network::default() },
        min_rounds: 1,
        max_rounds: 1,
        ..Experiment::of(WorkloadId::Addresses, 2)
    }
}

#[tokio::test]
async fn ones_own_addresses_are_told_one_by_one_and_never_end_the_run() -> Result<()> {
    let visit = async |page: &Page| {
        settle(page, "addresses", "4", 1).await?;
        page.choose("source", "addresses").await?;
        page.press_run().await?;
        ensure!(page.text("#error").await?.contains("no addresses"));
        for address in ["file:///etc/passwd", "javascript:alert(1)", "https://me:secret@example.org/"] {
            page.write("addresses", address).await?;
            page.press_run().await?;
            ensure!(page.text("#error").await?.contains("cannot be used"), "{address}");
        }

        let stranger = Stranger::start()?;
        let [open, closed, missing] = ["/open", "/closed", "/missing"].map(|path| stranger.page(path));
        // Nobody listens on this machine's port 1.
        let nobody = "http://127.0.0.1:1/";
        page.write("addresses", &format!("{open} {closed} {missing} {nobody}")).await?;
        ensure!(stranger.asked().is_empty(), "what is written is not fetched before it is to run");
        run(page).await?;
        let told = page.text("#failed-tasks").await?;
        let line = |address: &str| told.lines().find(|line| line.contains(address)).unwrap_or_default();
        ensure!(line(&missing).contains("not found (404)"), "{told}");
        ensure!(line(&closed).contains("does not allow this page to read it (CORS)"), "{told}");
        ensure!(line(nobody).contains("no answer: the connection failed"), "{told}");
        ensure!(line(&open).is_empty(), "{told}");

        page.write("addresses", &open).await?;
        run(page).await?;
        ensure!(page.samples("threads", 4).await? == 1);
        ensure!(page.text("#results caption").await?.replace('\u{a0}', " ").contains("from 1 address"));
        Ok(())
    };
    Visit { console_must_be_clean: false, ..Visit::default() }.pay(visit).await
}

#[tokio::test]
async fn addresses_that_came_with_a_link_are_shown_and_fetched_only_after_a_yes() -> Result<()> {
    let visit = async |page: &Page| {
        let stranger = Stranger::start()?;
        let open = stranger.page("/open");
        // Cookies do not tell ports apart: this one would go to the stranger as well.
        page.script::<Option<()>>("document.cookie = 'secret=1'; return null").await?;
        page.driver.goto("about:blank").await?;
        let link = link::of_experiment(&addresses(vec![open.clone()]));
        page.driver.goto(format!("{}{link}", page.site.url())).await?;
        page.wait_for("#consent").await?;
        ensure!(page.text("#consent li").await? == open);
        page.press_run().await?;
        ensure!(page.text("#error").await?.contains("were not written here"));
        ensure!(page.attribute("main", "data-state").await?.as_deref() == Some("idle"));
        ensure!(stranger.asked().is_empty(), "{:#?}", stranger.asked());

        page.press("#consent button").await?;
        page.wait_for("body:not(:has(#consent))").await?;
        ensure!(stranger.asked().is_empty(), "{:#?}", stranger.asked());
        run(page).await?;
        for model in ["threads", "processes", "async"] {
            ensure!(page.samples(model, 2).await? == 1, "{model}");
        }
        let asked = stranger.asked();
        // Four models, a warm-up and a round.
        ensure!(asked.len() == 8, "{asked:#?}");
        for head in asked.iter().map(|head| head.to_lowercase()) {
            ensure!(!head.contains("\r\ncookie:") && !head.contains("\r\nreferer:"), "{head}");
        }
        Ok(())
    };
    Visit::default().pay(visit).await
}
