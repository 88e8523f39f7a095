//! The timeline in a headless Chromium: from a point of the chart to every lane's stretches, and to a
//! file that other programs open.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use crate::support::{Page, Visit};
use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};
use thirtyfour::TypingData;
use thirtyfour::prelude::*;

const PLOT: &str = "#timeline-plot";
/// The control key, as the protocol of Chromium's tools has it.
const CONTROL: u32 = 2;
const PATIENCE: Duration = Duration::from_secs(30);

/// Runs threads with and without a GIL on two lanes, long enough for the lock to go round.
async fn run(page: &Page) -> Result<()> {
    page.unfold_settings().await?;
    page.choose("workload", "cosine-sum").await?;
    page.choose("size", "m").await?;
    page.choose_models(&["serial", "threads", "threads + GIL"]).await?;
    page.write("lane-counts", "2").await?;
    page.write("min-rounds", "1").await?;
    page.write("max-rounds", "1").await?;
    page.press_run().await?;
    page.wait_for_state("finished").await
}

/// Chooses whose trial is shown.
async fn choose(page: &Page, model: &str) -> Result<()> {
    page.press(&format!("#timeline-point option[data-model='{model}'][data-lanes='2']")).await
}

async fn overlap(page: &Page) -> Result<(String, f64, f64)> {
    let number = async |name: &str| -> Result<f64> {
        let value = page.attribute("#overlap", name).await?;
        Ok(value.with_context(|| format!("#overlap has no {name}"))?.parse()?)
    };
    Ok((page.text("#overlap").await?, number("data-mean").await?, number("data-parallel").await?))
}

/// Presses keys where the focus is.
async fn press(page: &Page, keys: impl Into<TypingData>) -> Result<()> {
    Ok(page.driver.active_element().await?.send_keys(keys).await?)
}

/// How often a pixel of the picture has exactly the colour of `property`.
async fn pixels_of(page: &Page, property: &str) -> Result<u64> {
    page.drawn().await?;
    let script = "const canvas = document.querySelector('#timeline-plot canvas');
        const paint = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
        paint.fillStyle = getComputedStyle(canvas).getPropertyValue('PROPERTY');
        paint.fillRect(0, 0, 1, 1);
        const [r, g, b] = paint.getImageData(0, 0, 1, 1).data;
        const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
        let count = 0;
        for (let at = 0; at < data.length; at += 4) {
          if (data[at] === r && data[at + 1] === g && data[at + 2] === b && data[at + 3] === 255) count += 1;
        }
        return count;";
    page.script(&script.replace("PROPERTY", property)).await
}

#[tokio::test]
async fn the_overlap_tells_parallel_from_concurrent() -> Result<()> {
    let visit = async |page: &Page| {
        run(page).await?;
        choose(page, "threads + GIL").await?;
        let (words, mean, parallel) = overlap(page).await?;
        ensure!(words.starts_with("Concurrent, not parallel"), "{words}");
        ensure!((0.99..1.05).contains(&mean) && parallel < 0.05, "{mean}, {parallel}");
        ensure!(page.count("#lane-times tbody tr").await? == 2);
        let waits = page.count("#lane-times td[data-activity='wait-gil']").await?;
        ensure!(waits == 2, "{waits} lanes have a column for waiting");

        choose(page, "threads").await?;
        let (words, mean, parallel) = overlap(page).await?;
        ensure!(words.starts_with("Parallel"), "{words}");
        ensure!(mean > 1.05 && parallel > 0.05, "{mean}, {parallel}");
        ensure!(page.count("#lane-times td[data-activity='wait-gil']").await? == 0);
        Ok(())
    };
    Visit::default().pay(visit).await
}

#[tokio::test]
async fn a_point_leads_to_its_timeline_and_keys_through_it() -> Result<()> {
    let visit = async |page: &Page| {
        run(page).await?;
        // The serial point is the first that the keys reach.
        page.wait_for(".chart .plot").await?.focus().await?;
        press(page, Key::Home + "").await?;
        page.wait_for(".chart .readout").await?;
        press(page, Key::Enter + "").await?;
        page.wait_for(&format!("{PLOT}:focus")).await?;
        page.wait_for("#timeline-point option[data-model=serial]:checked").await?;

        choose(page, "threads + GIL").await?;
        page.wait_for(PLOT).await?.focus().await?;
        press(page, "++").await?;
        page.wait_for(&format!("{PLOT}[data-zoomed='2.25']")).await?;
        press(page, "-").await?;
        page.wait_for(&format!("{PLOT}[data-zoomed='1.50']")).await?;
        press(page, Key::Home + "").await?;
        page.wait_for(&format!("{PLOT}[data-zoomed='1.00']")).await?;

        let spoken = async || page.text(&format!("{PLOT} + [role=status]")).await;
        press(page, Key::Down + "").await?;
        page.wait_for(&format!("{PLOT} .readout")).await?;
        ensure!(spoken().await?.starts_with("lane 1: "), "{}", spoken().await?);
        let first = spoken().await?;
        press(page, Key::Shift + Key::Right).await?;
        page.drawn().await?;
        ensure!(spoken().await? != first, "{first}");
        press(page, Key::Down + "").await?;
        page.drawn().await?;
        ensure!(spoken().await?.starts_with("lane 2: "), "{}", spoken().await?);
        Ok(())
    };
    Visit::default().pay(visit).await
}

#[tokio::test]
async fn in_chromium_the_wheel_zooms_and_the_picture_has_the_themes_colours() -> Result<()> {
    let visit = async |page: &Page| {
        page.emulate(1280, 1000, false).await?;
        run(page).await?;
        choose(page, "threads + GIL").await?;
        let in_light = pixels_of(page, "--compute").await?;
        ensure!(in_light > 1_000 && pixels_of(page, "--wait-gil").await? > 1_000, "{in_light}");
        page.emulate(1280, 1000, true).await?;
        let in_dark = pixels_of(page, "--compute").await?;
        ensure!(in_dark > 1_000, "{in_dark} of {in_light} pixels have the dark theme's colour");

        let plot = page.wait_for(PLOT).await?;
        plot.scroll_into_view().await?;
        plot.focus().await?;
        let place: (f64, f64) = page
            .script(
                "const box = document.querySelector('#timeline-plot').getBoundingClientRect();
                 return [box.left + box.width / 2, box.top + 20];",
            )
            .await?;
        // One notch is one step, however far a device says that it went, and whether the control key is held.
        for (down, modifiers, zoomed) in [
            (-100, 0, "1.25"),
            (-120, 0, "1.56"),
            (-300, 0, "1.95"),
            (-120, CONTROL, "2.44"),
            (120, CONTROL, "1.95"),
        ] {
            let turn = json!({
                "type": "mouseWheel", "x": place.0, "y": place.1,
                "deltaX": 0, "deltaY": down, "modifiers": modifiers,
            });
            page.driver.cdp().send_raw("Input.dispatchMouseEvent", turn).await?;
            page.wait_for(&format!("{PLOT}[data-zoomed='{zoomed}']")).await?;
        }
        // Firefox tells it in lines, and old devices in pages; a pinch comes in small steps.
        for (turn, zoomed) in [
            ("deltaMode: 1, deltaY: 3", "1.56"),
            ("deltaMode: 2, deltaY: 1", "1.25"),
            ("deltaMode: 0, deltaY: -4, ctrlKey: true", "1.37"),
        ] {
            let turn = format!(
                "document.querySelector('{PLOT}').dispatchEvent(new WheelEvent('wheel', {{ {turn}, cancelable: true }}))"
            );
            page.script::<bool>(&format!("return {turn}")).await?;
            page.wait_for(&format!("{PLOT}[data-zoomed='{zoomed}']")).await?;
        }
        Ok(())
    };
    Visit::default().pay(visit).await
}

#[tokio::test]
async fn in_chromium_a_trial_is_saved_as_a_trace_file() -> Result<()> {
    let visit = async |page: &Page| {
        let folder = tempfile::tempdir()?;
        let allow = json!({ "behavior": "allow", "downloadPath": folder.path() });
        page.driver.cdp().send_raw("Browser.setDownloadBehavior", allow).await?;
        run(page).await?;
        choose(page, "threads + GIL").await?;
        page.press("#timeline-trace").await?;
        let file: Value = serde_json::from_str(&saved(folder.path()).await?)?;
        let events = file["traceEvents"].as_array().context("the file has no events")?;
        for (phase, name) in [("X", "computing"), ("X", "waiting for the GIL"), ("s", "GIL"), ("f", "GIL")] {
            let is_there = events.iter().any(|event| event["ph"] == phase && event["name"] == name);
            ensure!(is_there, "no {name} ({phase}) among {} events", events.len());
        }
        Ok(())
    };
    Visit::default().pay(visit).await
}

/// What the only file in `folder` holds, as soon as the browser has written it.
async fn saved(folder: &Path) -> Result<String> {
    let begin = Instant::now();
    while begin.elapsed() < PATIENCE {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            // The browser names it so when it is complete.
            if path.extension().is_some_and(|extension| extension == "json") {
                return Ok(fs::read_to_string(path)?);
            }
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    bail!("the browser saved no file")
}
