//! What comes between a run and its end: a hidden page, a machine asleep, a second tab, a visitor who
//! leaves and comes back. Nothing hangs, what was measured is kept, and the page says what happened.

use std::time::Duration;

use crate::support::{Engine, Page, Visit};
use anyhow::{Context, Result, ensure};

/// Longer than any pause of a page that merely has much to do.
const ASLEEP: Duration = Duration::from_secs(5);

/// Begins a run that has so many rounds to go.
async fn begin_run(page: &Page, rounds: u32) -> Result<()> {
    begin_run_of(page, "s", rounds).await
}

async fn begin_run_of(page: &Page, size: &str, rounds: u32) -> Result<()> {
    page.unfold_settings().await?;
    page.choose("size", size).await?;
    page.choose_models(&["serial", "processes"]).await?;
    page.write("lane-counts", "2").await?;
    page.write("min-rounds", &rounds.to_string()).await?;
    page.write("max-rounds", &rounds.to_string()).await?;
    page.write("budget", "600").await?;
    page.press_run().await?;
    page.wait_for("#results tr[data-model=serial] [data-figure=time][data-value]").await.map(drop)
}

/// Waits for the run's end, and ensures that every round was measured.
async fn ensure_finishes(page: &Page, rounds: u32) -> Result<()> {
    page.wait_for_state("finished").await?;
    for (model, lanes) in [("serial", 1), ("processes", 2)] {
        let samples = page.samples(model, lanes).await?;
        ensure!(samples == rounds, "{model}: {samples} of {rounds} rounds");
    }
    ensure!(page.count("#failures li").await? == 0, "{}", page.text("#failures").await?);
    ensure!(page.attribute("#answers", "data-agree").await?.as_deref() == Some("true"));
    Ok(())
}

/// Disturbs a run, again and again if need be, until the page tells so, and ensures that it loses nothing by
/// it: what comes between two trials does no harm and is not told.
async fn disturb(page: &Page, word: &str, disturbance: impl AsyncFn() -> Result<()>) -> Result<()> {
    const ROUNDS: u32 = 10;
    begin_run_of(page, "m", ROUNDS).await?;
    let told = format!("document.getElementById('warnings')?.textContent.includes('{word}')");
    let running = "document.querySelector('main').dataset.state === 'running'";
    while !page.holds(&told).await? && page.holds(running).await? {
        let samples = page.samples("serial", 1).await?;
        disturbance().await?;
        let more = format!("tr[data-model=serial] [data-figure=samples]:not([data-value='{samples}'])");
        page.wait_for(&format!("#results {more}, main:not([data-state=running])")).await?;
    }
    ensure_finishes(page, ROUNDS).await?;
    ensure!(page.holds(&told).await?, "{}", page.text("main").await?);
    Ok(())
}

#[tokio::test]
async fn a_trial_during_which_the_machine_slept_is_run_again() -> Result<()> {
    let visit = async |page: &Page| disturb(page, "asleep", async || page.sleep(ASLEEP).await).await;
    Visit::default().pay(visit).await
}

#[tokio::test]
async fn a_trial_during_which_the_page_was_hidden_is_run_again() -> Result<()> {
    Visit::default().pay(async |page: &Page| disturb(page, "hidden", async || hide(page).await).await).await
}

/// Hides the page behind another tab, and shows it again.
async fn hide(page: &Page) -> Result<()> {
    if page.engine == Engine::Webkit {
        // Its tabs are windows side by side, of which none hides another: the page is only told so.
        say_hidden(page, true).await?;
        // Longer than the page takes to look.
        tokio::time::sleep(Duration::from_millis(500)).await;
        return say_hidden(page, false).await;
    }
    let lanes = page.driver.window().await?;
    page.script::<Option<()>>(
        "document.addEventListener('visibilitychange', () => { if (document.hidden) window.wasHidden = true; });
         return null;",
    )
    .await?;
    let other = page.driver.new_tab().await?;
    page.driver.switch_to_window(other).await?;
    page.driver.goto("about:blank").await?;
    page.driver.close_window().await?;
    page.driver.switch_to_window(lanes).await?;
    ensure!(page.holds("window.wasHidden").await?, "the tab in front hides the page");
    Ok(())
}

/// Has the document say that it is hidden, or that it is shown.
async fn say_hidden(page: &Page, is_hidden: bool) -> Result<()> {
    page.script::<Option<()>>(&format!(
        "Object.defineProperty(document, 'hidden', {{ configurable: true, get: () => {is_hidden} }});
         document.dispatchEvent(new Event('visibilitychange'));
         return null;"
    ))
    .await
    .map(drop)
}

#[tokio::test]
async fn two_windows_run_at_once_and_do_not_mix_their_figures() -> Result<()> {
    const ROUNDS: u32 = 10;
    let visit = async |page: &Page| {
        let first = page.driver.window().await?;
        begin_run(page, 4 * ROUNDS).await?;
        let second = page.driver.new_window().await?;
        page.driver.switch_to_window(second).await?;
        page.driver.goto(page.site.url()).await?;
        begin_run(page, ROUNDS).await?;
        ensure_finishes(page, ROUNDS).await?;
        page.driver.switch_to_window(first).await?;
        ensure_finishes(page, 4 * ROUNDS).await
    };
    Visit::default().pay(visit).await
}

#[tokio::test]
async fn two_windows_that_measure_at_once_say_so() -> Result<()> {
    // So many that neither ends by itself before it is stopped.
    const ROUNDS: u32 = 1_000;
    let visit = async |page: &Page| {
        let first = page.driver.window().await?;
        begin_run_of(page, "m", ROUNDS).await?;
        ensure!(page.count("#other-tab").await? == 0, "nobody else measures");
        let second = page.driver.new_window().await?;
        page.driver.switch_to_window(second).await?;
        page.driver.goto(page.site.url()).await?;
        begin_run_of(page, "m", ROUNDS).await?;
        for window in [page.driver.window().await?, first] {
            page.driver.switch_to_window(window).await?;
            page.wait_for("#other-tab").await?;
            page.press("#run[data-state=running]").await?;
            page.wait_for_state("stopped").await?;
        }
        Ok(())
    };
    Visit::default().pay(visit).await
}

#[tokio::test]
async fn a_double_click_on_run_starts_a_run_and_does_not_stop_it() -> Result<()> {
    let visit = async |page: &Page| {
        page.set_up_little(500).await?;
        let run = page.wait_for("#run:enabled").await?;
        // Not every driver scrolls to what it moves the pointer to.
        run.scroll_into_view().await?;
        page.driver.action_chain().double_click_element(&run).perform().await?;
        page.wait_for("#results tr[data-model=serial] [data-figure=time][data-value]").await?;
        ensure!(page.attribute("main", "data-state").await?.as_deref() == Some("running"));
        // Nor does one on Stop begin another.
        let stop = page.wait_for("#run[data-state=running]").await?;
        stop.scroll_into_view().await?;
        page.driver.action_chain().double_click_element(&stop).perform().await?;
        page.wait_for_state("stopped").await
    };
    Visit::default().pay(visit).await
}

#[tokio::test]
async fn whoever_leaves_in_mid_run_and_comes_back_can_run_again() -> Result<()> {
    let visit = async |page: &Page| {
        begin_run(page, 100).await?;
        // To another page and back, from whatever the browser has kept of this one.
        page.driver.goto("about:blank").await?;
        page.driver.back().await?;
        let main = page.wait_for("main[data-state]").await?;
        if main.attr("data-state").await?.context("it was there")? == "running" {
            // The browser has kept the page as it was: the run goes on.
            page.press_run().await?;
            page.wait_for_state("stopped").await?;
        }
        begin_run(page, 2).await?;
        ensure_finishes(page, 2).await?;

        // And by loading it again.
        begin_run(page, 100).await?;
        page.driver.refresh().await?;
        begin_run(page, 2).await?;
        ensure_finishes(page, 2).await
    };
    Visit::default().pay(visit).await
}

#[tokio::test]
async fn in_chromium_a_run_goes_on_while_another_view_is_shown() -> Result<()> {
    const ROUNDS: u32 = 20;
    let visit = async |page: &Page| {
        begin_run(page, ROUNDS).await?;
        page.script::<Option<()>>("location.hash = '#claims'; return null").await?;
        page.drawn().await?;
        page.script::<Option<()>>("location.hash = ''; return null").await?;
        page.drawn().await?;
        ensure_finishes(page, ROUNDS).await
    };
    Visit::default().pay(visit).await
}

#[tokio::test]
async fn a_new_version_in_mid_run_disturbs_no_trial() -> Result<()> {
    const ROUNDS: u32 = 40;
    let visit = async |page: &Page| {
        begin_run(page, ROUNDS).await?;
        page.site.replace("index.html", "Threads or processes? A playground", "The second version")?;
        page.site.replace(
            "service-worker.js",
            "// The page's service worker",
            "// The newer service worker",
        )?;
        page.until(
            "const done = arguments[0];
             navigator.serviceWorker.getRegistration()
               .then((registration) => registration?.update()).then(() => done(true), () => done(true));",
            |done: &bool| *done,
        )
        .await?;
        ensure_finishes(page, ROUNDS).await
    };
    Visit { console_must_be_clean: false, ..Visit::default() }.pay(visit).await
}
