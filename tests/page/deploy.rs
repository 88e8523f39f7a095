//! The built folder on hosts of every kind: with and without headers, at a path, and gone.

use crate::support::{ISOLATES_NOTHING, Page, Visit};
use anyhow::{Result, ensure};
use xtask::server::{Headers, Host};

/// Answers whether the service worker answers for the page.
const IS_CONTROLLED: &str = "navigator.serviceWorker.controller";

async fn run_shortly(page: &Page) -> Result<()> {
    page.set_up_little(1).await?;
    page.press_run().await?;
    page.wait_for_state("finished").await?;
    ensure!(page.count("#failures li").await? == 0, "{}", page.text("#failures").await?);
    for model in ["threads", "processes"] {
        ensure!(page.figure(model, 2, "time").await?.is_some(), "{model}");
    }
    Ok(())
}

fn bare_host() -> Option<Host> {
    Some(Host { headers: Headers::None, path: "" })
}

#[tokio::test]
async fn a_host_without_headers_is_isolated_after_one_load() -> Result<()> {
    let visit = async |page: &Page| {
        page.wait_for("#machine[data-isolation='isolated']").await?;
        ensure!(page.holds(IS_CONTROLLED).await?);
        run_shortly(page).await?;
        // What was tried is forgotten, so that a load that goes past the service worker is repaired, too.
        ensure!(page.holds("sessionStorage.length === 0").await?);
        Ok(())
    };
    Visit { host: bare_host(), ..Visit::default() }.pay(visit).await
}

#[tokio::test]
async fn a_host_that_cannot_be_isolated_is_tried_once() -> Result<()> {
    let visit = async |page: &Page| {
        page.wait_for("#machine[data-isolation='not isolated']").await?;
        page.wait_for("#run:enabled").await?;
        ensure!(page.holds("sessionStorage.getItem('lanes-isolation-tried') !== null").await?);
        page.driver.refresh().await?;
        page.wait_for("#machine[data-isolation='not isolated']").await.map(drop)
    };
    // One whose service worker is there and adds nothing, and one that has none.
    let adds_nothing = ("isolation.js", ISOLATES_NOTHING);
    Visit { host: bare_host(), replaced: vec![adds_nothing], ..Visit::default() }.pay(visit).await?;
    Visit { host: bare_host(), ..Visit::without(&["service-worker.js"]) }.pay(visit).await
}

#[tokio::test]
async fn a_folder_works_at_any_path() -> Result<()> {
    let visit = async |page: &Page| {
        page.wait_for("#machine[data-isolation='isolated']").await?;
        run_shortly(page).await
    };
    for headers in [Headers::All, Headers::None] {
        let host = Some(Host { headers, path: "/some/folder" });
        Visit { host, ..Visit::default() }.pay(visit).await?;
    }
    Ok(())
}

#[tokio::test]
async fn the_first_visit_goes_past_the_service_worker_where_the_host_isolates() -> Result<()> {
    let visit = async |page: &Page| {
        run_shortly(page).await?;
        ensure!(!page.holds(IS_CONTROLLED).await?);
        Ok(())
    };
    Visit::default().pay(visit).await
}

#[tokio::test]
async fn what_was_visited_once_works_without_its_host() -> Result<()> {
    let visit = async |page: &Page| {
        page.wait_for("#machine[data-isolation='isolated']").await?;
        page.until_kept(1).await?;
        page.visit_without_host().await?;
        page.wait_for("#machine[data-isolation='isolated']").await?;
        run_shortly(page).await
    };
    for headers in [Headers::All, Headers::None] {
        let host = Some(Host { headers, path: "" });
        Visit { host, console_must_be_clean: false, ..Visit::default() }.pay(visit).await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_new_version_takes_over_as_a_whole() -> Result<()> {
    let title = "return document.querySelector('meta[name=description]').content";
    let visit = async |page: &Page| {
        page.wait_for("#run:enabled").await?;
        page.until_kept(1).await?;
        page.site.replace("index.html", "Threads or processes? A playground", "The second version")?;
        // Firefox's driver reloads past the service worker, unlike a visitor, so the page is visited again.
        page.driver.goto(page.site.url()).await?;
        ensure!(page.script::<String>(title).await?.starts_with("The second"), "online, the newest is shown");
        page.wait_for("#run:enabled").await?;
        page.until_kept(2).await?;
        run_shortly(page).await?;

        // The one before is kept for pages of it that are still open, and none before that.
        page.site.replace("index.html", "The second version", "The third version")?;
        page.driver.goto(page.site.url()).await?;
        page.until(KEPT_TITLES, |titles: &String| titles == "The second,The third").await?;

        // A version of which a file is missing is not kept at all.
        page.site.replace("index.html", "The third version", "The fourth version")?;
        page.site.remove("worker_bg.wasm")?;
        page.driver.goto(page.site.url()).await?;
        page.wait_for("#run:enabled").await?;
        page.visit_without_host().await?;
        ensure!(
            page.script::<String>(title).await?.starts_with("The third"),
            "the newest whole one is shown"
        );
        run_shortly(page).await
    };
    Visit { console_must_be_clean: false, ..Visit::default() }.pay(visit).await
}

/// Answers how the kept versions begin to describe themselves, the oldest first.
const KEPT_TITLES: &str = "
    const done = arguments[0];
    caches.keys().then(async (names) => {
      const titles = [];
      for (const name of names) {
        const page = await (await caches.open(name)).match(new URL('./', location));
        const text = page ? await page.text() : '';
        titles.push(/content=\"(The \\w+) version/.exec(text)?.[1] ?? 'another');
      }
      done(titles.join());
    });";
