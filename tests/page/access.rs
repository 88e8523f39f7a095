//! The page for everybody: with a screen reader, with keys alone, on small screens and large ones, and
//! without anything that jumps. All of it in Chromium, whose screen can be set.

use std::fs;
use std::path::Path;

use crate::support::{Engine, Page, Visit};
use anyhow::{Context, Result, ensure};
use lanes::ui::route::Route;
use thirtyfour::prelude::*;

/// A narrow phone and a wide screen, in CSS pixels.
const WIDTHS: [u32; 2] = [360, 1440];

/// Every view that the page's head leads to, and the page of a claim.
fn views() -> Vec<Route> {
    let claim = Route::Claim("gil-cpu".to_owned());
    Route::MAIN.into_iter().chain([claim]).collect()
}

/// A visit in Chromium.
fn visit() -> Visit {
    Visit { engine: Some(Engine::Chromium), ..Visit::default() }
}

/// Goes to a view and waits until it is drawn.
async fn open(page: &Page, view: &Route) -> Result<()> {
    let hash = view.href();
    page.driver.execute("location.hash = arguments[0]", vec![hash.into()]).await?;
    page.wait_for("main > *").await?;
    page.drawn().await
}

/// Unfolds all that can be unfolded.
async fn unfold(page: &Page) -> Result<()> {
    let open = "const folded = document.querySelectorAll('details:not([open])');
                folded.forEach(details => details.open = true);
                return folded.length";
    // What is folded up may come when it is opened, with more in it that is.
    while page.script::<usize>(open).await? > 0 {
        if page.count("details.settings").await? > 0 {
            page.wait_for(".settings fieldset").await?;
        }
        page.drawn().await?;
    }
    Ok(())
}

/// Runs a small experiment to its end.
async fn run(page: &Page) -> Result<()> {
    page.set_up_little(6).await?;
    page.press_run().await?;
    page.wait_for_state("finished").await
}

/// Has axe-core look at the page as it stands.
async fn violations(page: &Page) -> Result<Vec<String>> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/node_modules/axe-core/axe.min.js");
    let axe = fs::read_to_string(file).context("axe-core is missing: `cargo xtask test page` installs it")?;
    if page.script("return !window.axe").await? {
        page.driver.execute(axe, vec![]).await?;
    }
    let run = "const done = arguments[0];
        const where = violation => violation.nodes.slice(0, 5).map(node => node.target.join(' ')).join(', ');
        axe.run(document, { resultTypes: ['violations'] }).then(
          ({ violations }) => done(violations.map(v => `${v.id}: ${v.help}: ${where(v)}`)),
          error => done([String(error)]),
        );";
    Ok(page.driver.execute_async(run, vec![]).await?.convert()?)
}

/// Has axe-core look at the page in both themes and both widths.
async fn look(page: &Page, what: &str, found: &mut Vec<String>) -> Result<()> {
    for width in WIDTHS {
        for dark in [false, true] {
            page.emulate(width, 900, dark).await?;
            let violations = violations(page).await?;
            let theme = if dark { "dark" } else { "light" };
            println!("{what}, {width} px, {theme}: {} violations", violations.len());
            found.extend(
                violations.iter().map(|violation| format!("{what}, {width} px, {theme}: {violation}")),
            );
        }
    }
    Ok(())
}

#[tokio::test]
async fn in_chromium_axe_finds_nothing_in_any_view() -> Result<()> {
    let act = async |page: &Page| {
        let mut found = Vec::new();
        page.wait_for("#run:enabled").await?;
        look(page, "before a run", &mut found).await?;
        run(page).await?;
        // With a point read out.
        page.wait_for(".plot").await?.send_keys(Key::Right).await?;
        page.wait_for(".readout").await?;
        for view in views() {
            open(page, &view).await?;
            unfold(page).await?;
            look(page, &view.href(), &mut found).await?;
        }
        ensure!(found.is_empty(), "{found:#?}");
        Ok(())
    };
    visit().pay(act).await
}

#[tokio::test]
async fn in_chromium_no_view_is_wider_than_its_screen() -> Result<()> {
    let act = async |page: &Page| {
        let mut found = Vec::new();
        run(page).await?;
        for view in views() {
            open(page, &view).await?;
            unfold(page).await?;
            for (width, height) in
                [(320, 640), (360, 900), (400, 300), (768, 1024), (1440, 900), (2560, 1440)]
            {
                page.emulate(width, height, false).await?;
                // What scrolls by itself may be as wide as it likes.
                let wide: Vec<String> = page
                    .script(
                        "const scrolls = e => e && (getComputedStyle(e).overflowX !== 'visible' || scrolls(e.parentElement));
                         return [...document.querySelectorAll('body *')]
                           .filter(e => e.getBoundingClientRect().right > innerWidth + 1 && !scrolls(e.parentElement))
                           .map(e => e.tagName + '#' + e.id + '.' + e.getAttribute('class')).slice(0, 5)",
                    )
                    .await?;
                let scrolls: bool =
                    page.script("return document.documentElement.scrollWidth > innerWidth").await?;
                if scrolls {
                    found.push(format!("{} at {width}×{height}: {wide:?}", view.href()));
                }
            }
        }
        ensure!(found.is_empty(), "{found:#?}");
        Ok(())
    };
    visit().pay(act).await
}

#[tokio::test]
async fn in_chromium_no_column_of_the_figures_runs_into_the_next() -> Result<()> {
    let act = async |page: &Page| {
        run(page).await?;
        page.emulate(360, 900, false).await?;
        // Wide ones, as those of a busy machine are. Nearer than 6 px, two figures are read as one.
        let overlaps: Vec<String> = page
            .script(
                "for (const row of document.querySelectorAll('#results tbody tr')) {
                   row.querySelector('[data-figure=time] .interval').textContent = '352–508\u{a0}ms';
                   row.querySelector('[data-figure=speed-up] .interval').textContent = '10.50–12.43×';
                   row.querySelector('.samples').textContent = '60, 12\u{a0}outliers';
                 }
                 const text = (cell) => {
                   const range = document.createRange();
                   range.selectNodeContents(cell);
                   return range.getBoundingClientRect();
                 };
                 return [...document.querySelectorAll('#results tr')].flatMap((row) => {
                   const cells = [...row.cells].filter((cell) => cell.offsetWidth > 0);
                   return cells.slice(1)
                     .filter((cell, before) => text(cell).left < text(cells[before]).right + 6)
                     .map((cell, before) => `${cells[before].textContent} | ${cell.textContent}`);
                 });",
            )
            .await?;
        ensure!(overlaps.is_empty(), "{overlaps:#?}");
        Ok(())
    };
    visit().pay(act).await
}

#[tokio::test]
async fn in_chromium_nothing_jumps_while_the_page_loads_and_figures_come_in() -> Result<()> {
    for width in WIDTHS {
        let act = async |page: &Page| {
            page.wait_for("#run:enabled").await?;
            page.emulate(width, 900, false).await?;
            page.driver.refresh().await?;
            page.press_run().await?;
            page.wait_for_state("finished").await?;
            let shifts: Vec<(f64, String)> = page
                .driver
                .execute_async(
                    "const done = arguments[0], shifts = [];
                     const name = node => node && (node.id || node.className || node.nodeName);
                     new PerformanceObserver(list => shifts.push(...list.getEntries()
                       .filter(entry => !entry.hadRecentInput)
                       .map(entry => [entry.value, entry.sources.map(source => name(source.node)).join(' ')])))
                       .observe({ type: 'layout-shift', buffered: true });
                     requestAnimationFrame(() => requestAnimationFrame(() => done(shifts)));",
                    vec![],
                )
                .await?
                .convert()?;
            let sum: f64 = shifts.iter().map(|(value, _)| value).sum();
            println!("cumulative layout shift at {width} px: {sum:.4} of {shifts:?}");
            // What Lighthouse calls good is five times as much.
            ensure!(sum < 0.02, "{sum} at {width} px: {shifts:#?}");
            Ok(())
        };
        visit().pay(act).await?;
    }
    Ok(())
}

/// What has the focus: an element's id, or its class and text.
async fn focus(page: &Page) -> Result<String> {
    page.script(
        "const e = document.activeElement;
         return e.id || (e.className.baseVal ?? e.className) || e.textContent.trim() || e.tagName",
    )
    .await
}

/// Presses the tab key until `id` has the focus; every element on the way must be seen to have it.
async fn tab_to(page: &Page, wanted: &str) -> Result<()> {
    for _ in 0..80 {
        page.driver.active_element().await?.send_keys(Key::Tab).await?;
        let now = focus(page).await?;
        let seen: bool = page
            .script(
                "const e = document.activeElement;
                 const outlined = e => parseFloat(getComputedStyle(e).outlineWidth) > 0 && getComputedStyle(e).outlineStyle !== 'none';
                 return outlined(e) || (e.nextElementSibling && outlined(e.nextElementSibling)) || outlined(e.parentElement)",
            )
            .await?;
        ensure!(seen, "the focus on {now:?} cannot be seen");
        if now == wanted {
            return Ok(());
        }
    }
    anyhow::bail!("the tab key does not lead to {wanted}")
}

#[tokio::test]
async fn in_chromium_the_keyboard_alone_runs_stops_and_reads() -> Result<()> {
    let act = async |page: &Page| {
        page.wait_for("#run:enabled").await?;
        tab_to(page, "run").await?;
        page.driver.active_element().await?.send_keys(Key::Enter).await?;
        page.wait_for("#results tr[data-model=serial] [data-figure=time][data-value]").await?;
        page.driver.active_element().await?.send_keys(Key::Escape).await?;
        page.wait_for_state("stopped").await?;
        tab_to(page, "plot").await?;
        page.driver.active_element().await?.send_keys(Key::Right).await?;
        page.wait_for(".readout").await?;
        let said: String = page
            .script(
                "return [...document.querySelectorAll('[role=status]')].map(e => e.textContent).join(' ')",
            )
            .await?;
        ensure!(said.contains("Stopped.") && said.contains("serial, 1"), "a screen reader hears {said:?}");
        page.driver.active_element().await?.send_keys(Key::Escape).await?;
        ensure!(page.count(".readout").await? == 0, "escape ends the reading");
        Ok(())
    };
    visit().pay(act).await
}

#[tokio::test]
async fn in_chromium_the_theme_follows_the_system_until_it_is_chosen() -> Result<()> {
    let act = async |page: &Page| {
        let is_dark =
            "const [r] = getComputedStyle(document.body).backgroundColor.match(/[0-9]+/g); return r < 128";
        page.wait_for("#run:enabled").await?;
        for dark in [false, true] {
            page.emulate(1440, 900, dark).await?;
            ensure!(page.script::<bool>(is_dark).await? == dark, "the system's theme: {dark}");
        }
        page.driver.refresh().await?;
        page.press("header button[data-theme-now=dark]").await?;
        ensure!(!page.script::<bool>(is_dark).await?, "light is chosen in a dark system");
        page.driver.refresh().await?;
        page.wait_for("header button[data-theme-now=light]").await?;
        ensure!(!page.script::<bool>(is_dark).await?, "and is kept");
        Ok(())
    };
    visit().pay(act).await
}

/// Where the page's first elements stand: left, top and width, in CSS pixels.
async fn places(page: &Page) -> Result<Vec<(String, [f64; 3])>> {
    page.script(
        "return ['header h1', 'header nav', '.experiment .sentence', '.experiment .primary', '.progress']
           .map(css => [css, document.querySelector(css)])
           .map(([css, e]) => [css, e.getBoundingClientRect()])
           .map(([css, { left, top, width }]) => [css, [left, top, width].map(Math.round)])",
    )
    .await
}

#[tokio::test]
async fn in_chromium_the_page_stands_where_it_stood_while_it_was_loading() -> Result<()> {
    for width in WIDTHS {
        let look = async |page: &Page, when: &str| {
            page.emulate(width, 900, false).await?;
            page.driver.refresh().await?;
            page.wait_for(when).await?;
            places(page).await
        };
        let loading = Visit { engine: Some(Engine::Chromium), ..Visit::without(&["_bg.wasm"]) };
        let loading = loading.pay(async |page: &Page| look(page, "#boot[data-failed]").await).await?;
        let loaded = visit().pay(async |page: &Page| look(page, "#run:enabled").await).await?;
        for (was, is) in loading.iter().zip(&loaded) {
            let moved = was.1.iter().zip(is.1).any(|(a, b)| (a - b).abs() > 2.0);
            ensure!(!moved, "at {width} px: {was:?}, and then {is:?}");
        }
    }
    Ok(())
}
