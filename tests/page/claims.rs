//! The claims in a real browser: every one has its page, and runs to a verdict there.

use std::time::Duration;

use crate::support::{Page, Visit, saved_text};
use anyhow::{Result, ensure};
use lanes::claim::{CLAIMS, record::named_needs};
use thirtyfour::Key;

/// The longest that all claims may take on a machine that is busy with other tests.
const PATIENCE: Duration = Duration::from_secs(900);

/// What can be said of a claim.
const VERDICTS: [&str; 3] = ["holds", "does-not-hold", "cant-tell"];

async fn open(page: &Page, hash: &str, css: &str) -> Result<()> {
    page.wait_for("#run:enabled").await?;
    go(page, hash, css).await
}

async fn go(page: &Page, hash: &str, css: &str) -> Result<()> {
    page.script::<Option<String>>(&format!("location.hash = '{hash}'; return null")).await?;
    page.wait_for(css).await.map(drop)
}

#[tokio::test]
async fn in_chromium_every_claim_has_its_page_and_comes_to_a_verdict() -> Result<()> {
    let visit = async |page: &Page| {
        open(page, "#claims", "#claims #test:enabled").await?;
        ensure!(page.count("#claims li[data-claim]").await? == CLAIMS.len());
        page.press("#test").await?;
        page.wait_for("#test[data-state=running]").await?;
        page.wait_as_long_as("#test[data-state=idle]", PATIENCE).await?;
        for claim in CLAIMS {
            go(page, &format!("#claims/{}", claim.id), &format!("#claim[data-claim='{}']", claim.id)).await?;
            let verdict = page.attribute("#judgement", "data-holding").await?.unwrap_or_default();
            let why = page.text("#judgement").await?;
            println!("{}: {why}", claim.id);
            ensure!(VERDICTS.contains(&verdict.as_str()), "{}: {verdict}", claim.id);
            ensure!(page.text(".rule").await?.contains("Holds if"), "{}: no rule", claim.id);
            // What comes in with the verdict comes in where it belongs.
            ensure!(page.count("#claim > nav:last-child").await? == 1, "{}: not in order", claim.id);
            ensure!(page.count(".drawing rect").await? > 1, "{}: no drawing", claim.id);
            ensure!(!page.text("pre").await?.is_empty(), "{}: no Python", claim.id);
            // What could not be told for lack of figures says why; everything else has its figures.
            ensure!(verdict == "cant-tell" || page.count("#claim-figures tr").await? > 0, "{}", claim.id);
        }
        // Every sample is handed over as a file.
        go(page, "#claims", "#save-samples").await?;
        let file = saved_text(page, "#save-samples").await?;
        for (name, need) in named_needs(2) {
            ensure!(file.contains(&format!("\n{name},")), "no sample of {}:\n{file}", need.doing());
        }
        Ok(())
    };
    Visit::default().pay(visit).await
}

#[tokio::test]
async fn lanes_that_stop_each_other_are_ended_and_the_page_goes_on() -> Result<()> {
    let visit = async |page: &Page| {
        open(page, "#claims/deadlock", "#test:enabled").await?;
        // There is nothing to see on a machine that is too busy for the lanes to start or to meet, or has no memory left
        // beside what else it does: that is said, and tried again.
        let reasons = ["Nothing was heard of this trial", " 0 of 6 runs stood still", "no memory left"];
        for attempts_left in (0..5).rev() {
            page.press("#test:enabled").await?;
            page.wait_for("#test[data-state=running]").await?;
            page.wait_as_long_as("#test[data-state=idle]", PATIENCE).await?;
            if page.count(".circle svg").await? > 0 {
                break;
            }
            let why = page.text("#judgement").await?;
            ensure!(attempts_left > 0 && reasons.iter().any(|reason| why.contains(reason)), "{why}");
        }
        let holding = page.attribute("#judgement", "data-holding").await?.unwrap_or_default();
        ensure!(["holds", "cant-tell"].contains(&holding.as_str()), "{}", page.text("#judgement").await?);
        ensure!(page.text(".circle figcaption").await?.contains("waits for lock"));
        // An experiment runs as if nothing had been.
        go(page, "#", "#run:enabled").await?;
        page.unfold_settings().await?;
        page.choose("size", "s").await?;
        page.write("lane-counts", "2").await?;
        page.write("min-rounds", "2").await?;
        page.write("max-rounds", "2").await?;
        page.press_run().await?;
        page.wait_for_state("finished").await?;
        ensure!(page.count("#failures li").await? == 0, "{}", page.text("#failures").await?);
        ensure!(page.samples("threads", 2).await? == 2);
        Ok(())
    };
    Visit::default().pay(visit).await
}

#[tokio::test]
async fn in_chromium_an_update_is_lost_by_hand() -> Result<()> {
    let visit = async |page: &Page| {
        open(page, "#claims/race", "#interleaving").await?;
        for thread in ["A", "B", "A", "A", "B", "B"] {
            page.press(&format!("#interleaving button[data-thread='{thread}']:enabled")).await?;
        }
        ensure!(page.text("#number").await? == "1");
        ensure!(page.text("#outcome").await?.contains("lost"));
        ensure!(page.count(".orders [data-ends-at='1']").await? == 18);
        ensure!(page.count(".orders [data-ends-at='2']").await? == 2);
        Ok(())
    };
    Visit::default().pay(visit).await
}

#[tokio::test]
async fn in_chromium_without_isolation_a_claim_about_threads_cannot_be_told_and_says_why() -> Result<()> {
    let visit = async |page: &Page| {
        open(page, "#claims/race", "#test:enabled").await?;
        page.press("#test").await?;
        page.wait_for("#judgement[data-holding=cant-tell]").await?;
        ensure!(page.text("#judgement").await?.contains("isolated"));
        go(page, "#claims/no-such-claim", "main h2").await?;
        ensure!(page.text("main").await?.contains("no such claim"));
        Ok(())
    };
    Visit { isolated: false, ..Visit::default() }.pay(visit).await
}

#[tokio::test]
async fn in_chromium_advice_tells_a_gain_once_this_machine_is_measured() -> Result<()> {
    let visit = async |page: &Page| {
        open(page, "#advice", "#advice #measure:enabled").await?;
        ensure!(page.text("#gain").await?.contains("Measure how this machine computes"));
        // 100 tasks that wait for 50 ms each: however busy a machine is, lanes that wait gain by it.
        answer(page, "does", "waits").await?;
        answer(page, "library", "no").await?;
        ensure!(page.text("#advised").await?.contains("threads"));
        // What is no number of tasks is not taken, and says so.
        const IS_HIDDEN: &str = "document.getElementById('ask-tasks-why').offsetHeight === 0";
        ensure!(page.holds(IS_HIDDEN).await?);
        page.write_into("#ask-tasks", "-3").await?;
        ensure!(!page.holds(IS_HIDDEN).await? && page.text("#ask-tasks-why").await?.contains("1 or more"));
        page.write_into("#ask-tasks", "100").await?;
        page.press("#measure").await?;
        page.wait_for("#measure[data-state=running]").await?;
        page.wait_as_long_as("#measure[data-state=idle]", PATIENCE).await?;
        // Every answer has a gain now, or needs none; but a machine may be too busy, or have no memory for 16 lanes
        // beside what else it does. Either is said.
        let reasons = ["too busy", "no memory left"];
        let mut is_known = false;
        for does in ["waits", "both", "computes"] {
            answer(page, "does", does).await?;
            page.drawn().await?;
            let (advised, gain) = (page.text("#advised").await?, page.text("#gain").await?);
            println!("{does}: {advised} {gain}");
            is_known = page.attribute("#gain", "data-known").await?.as_deref() == Some("true");
            ensure!(is_known || reasons.iter().any(|reason| gain.contains(reason)), "{does}: {gain}");
        }
        // Work that is over before a lane has started is left a loop.
        if is_known {
            page.write_into("#ask-task-ms", "0.001").await?;
            // A number is taken in when its field is left.
            page.driver.active_element().await?.send_keys(Key::Tab).await?;
            page.wait_for("#advised[data-choice=loop]").await?;
            ensure!(page.text("#advice pre").await?.contains("[work(task) for task in tasks]"));
        }
        Ok(())
    };
    Visit::default().pay(visit).await
}

/// Answers a question of the advice.
async fn answer(page: &Page, question: &str, answer: &str) -> Result<()> {
    page.choose_in(&format!("#ask-{question}"), answer).await
}

#[tokio::test]
async fn in_chromium_a_verdict_outlives_a_reload_and_says_when_it_was_found() -> Result<()> {
    let visit = async |page: &Page| {
        open(page, "#claims/lock-cost", "#test:enabled").await?;
        page.press("#test").await?;
        page.wait_for("#test[data-state=running]").await?;
        page.wait_as_long_as("#test[data-state=idle]", PATIENCE).await?;
        page.wait_for("#judgement:not([data-holding=untested])").await?;
        let holding = page.attribute("#judgement", "data-holding").await?;
        let said = page.text("#judgement").await?;
        page.driver.refresh().await?;
        page.wait_for("#judgement:not([data-holding=untested])").await?;
        ensure!(page.attribute("#judgement", "data-holding").await? == holding);
        let again = page.text("#judgement").await?;
        ensure!(again.starts_with(&said) && again.contains("Tested on 20"), "{again}");
        // In the list the others are untested still.
        go(page, "#claims", "#claims li[data-claim='lock-cost'] .note").await?;
        ensure!(page.count("#claims li[data-holding=untested]").await? == CLAIMS.len() - 1);
        // While all are tested, one or two are, and the rest wait.
        page.press("#test:enabled").await?;
        page.wait_for("#claims li[data-holding=measuring]").await?;
        let queued = page.count("#claims li[data-holding=queued]").await?;
        ensure!(queued > CLAIMS.len() / 2, "{queued} are queued");
        page.press("#test").await?;
        page.wait_for("#test[data-state=idle]").await.map(drop)
    };
    Visit::default().pay(visit).await
}
