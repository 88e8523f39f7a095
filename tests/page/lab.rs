//! The whole page in a real browser: what a visitor sees and does, with and without isolation.

use crate::support::{Engine, Page, Visit};
use anyhow::{Result, ensure};
use lanes::workload::WorkloadId;
use thirtyfour::components::SelectElement;

const MODELS: [&str; 4] = ["serial", "threads", "threads + GIL", "processes"];

/// Most of what the page loads before it can be used, in bytes as sent.
const FIRST_LOAD: f64 = 300.0 * 1024.0;

/// The lane counts that a model has in such a run.
fn lane_counts(model: &str) -> &'static [u32] {
    if model == "serial" { &[1] } else { &[1, 2] }
}

/// Checks that every point of these models was measured, and no answer was wrong.
async fn ensure_measured(page: &Page, models: &[&str]) -> Result<()> {
    for model in models {
        for &lanes in lane_counts(model) {
            let time = page.figure(model, lanes, "time").await?;
            ensure!(time.is_some_and(|time| time.value > 0.0), "{model}, {lanes} lanes: {time:?}");
            ensure!(page.samples(model, lanes).await? == 2, "{model}, {lanes} lanes");
        }
    }
    ensure!(page.attribute("#answers", "data-agree").await?.as_deref() == Some("true"));
    Ok(())
}

#[tokio::test]
async fn an_isolated_page_runs_every_model_again_and_again() -> Result<()> {
    let visit = async |page: &Page| {
        page.wait_for("#machine[data-isolation='isolated']").await?;
        ensure!(page.count("#machine .notice").await? == 0);
        page.set_up_little(2).await?;
        // Those that wait have tests of their own. One engine for every workload; for the others, what differs between engines counts.
        let all = if page.engine == Engine::Chromium { usize::MAX } else { 3 };
        for workload in WorkloadId::kernels().take(all) {
            page.choose("workload", workload.id()).await?;
            page.set_up_little(2).await?;
            page.run_to_end().await?;
            ensure_measured(page, &MODELS).await?;
            ensure!(page.count("#failures li").await? == 0, "{}", page.text("#failures").await?);
        }
        Ok(())
    };
    Visit::default().pay(visit).await
}

#[tokio::test]
async fn a_page_that_is_not_isolated_runs_all_but_threads() -> Result<()> {
    let visit = async |page: &Page| {
        page.wait_for("#machine[data-isolation='not isolated']").await?;
        ensure!(page.text("#machine .notice").await?.contains("Threads"));
        page.set_up_little(2).await?;
        page.press_run().await?;
        page.wait_for_state("finished").await?;
        ensure_measured(page, &["serial", "processes"]).await?;
        for lanes in [1, 2] {
            ensure!(page.figure("threads", lanes, "time").await?.is_none());
        }
        ensure!(page.text("#failures").await?.contains("isolated"));
        Ok(())
    };
    Visit { isolated: false, ..Visit::default() }.pay(visit).await
}

#[tokio::test]
async fn a_run_that_is_stopped_keeps_its_figures_and_can_be_run_again() -> Result<()> {
    let visit = async |page: &Page| {
        page.set_up_little(2).await?;
        page.write("max-rounds", "1000").await?;
        page.press_run().await?;
        page.wait_for("#results tr[data-model=serial] [data-figure=time][data-value]").await?;
        page.press_run().await?;
        page.wait_for_state("stopped").await?;
        ensure!(page.figure("serial", 1, "time").await?.is_some());

        // At once, while the first lanes of the next run are being started.
        page.press_run().await?;
        page.press_run().await?;
        page.wait_for_state("stopped").await?;

        page.write("max-rounds", "2").await?;
        page.press_run().await?;
        page.wait_for_state("finished").await?;
        ensure_measured(page, &MODELS).await
    };
    Visit::default().pay(visit).await
}

#[tokio::test]
async fn in_chromium_a_preset_sets_everything_up_and_its_python_program_follows() -> Result<()> {
    let visit = async |page: &Page| {
        page.unfold_settings().await?;
        let preset = SelectElement::new(&page.wait_for("#preset").await?).await?;
        preset.select_by_value("tiny-tasks").await?;
        ensure!(page.value("workload").await? == "squares" && page.value("chunk-size").await? == "1");
        page.press(".program summary").await?;
        let copied = page.text("#program").await?;
        ensure!(copied.contains("return pool.map(run, tasks, chunksize=1)"), "{copied}");
        page.press(".program input[value=threading]").await?;
        ensure!(page.text("#program").await?.contains("threading.Thread(target=lane)"));

        // What the visitor changes is a preset no more.
        page.write("seed", "7").await?;
        page.wait_for("#preset option[value='']:checked").await?;
        Ok(())
    };
    Visit::default().pay(visit).await
}

#[tokio::test]
async fn in_chromium_absurd_settings_are_refused_before_anything_runs() -> Result<()> {
    let visit = async |page: &Page| {
        page.unfold_settings().await?;
        for (field, absurd, sensible) in
            [("lane-counts", "1, 65", "1, 2"), ("budget", "-1", "20"), ("max-rounds", "many", "30")]
        {
            page.write(field, absurd).await?;
            page.press_run().await?;
            ensure!(!page.text("#error").await?.is_empty(), "{field}: {absurd}");
            ensure!(page.attribute("main", "data-state").await?.as_deref() == Some("idle"));
            page.write(field, sensible).await?;
            ensure!(page.text("#error").await?.is_empty(), "{field}: {sensible}");
        }
        // What is wrong stands by its field, all of it.
        page.write("lane-counts", "1, 0, abc").await?;
        let wrong = page.text("#wrong-lane-counts").await?;
        ensure!(wrong.starts_with("Lane counts: “0” and “abc” cannot be used."), "{wrong}");
        let described_by = page.attribute("#set-lane-counts", "aria-describedby").await?;
        ensure!(described_by.as_deref() == Some("wrong-lane-counts why-lane-counts"));
        ensure!(page.attribute("#set-lane-counts", "aria-invalid").await?.as_deref() == Some("true"));
        page.write("lane-counts", "1, 2").await?;
        ensure!(page.count("#wrong-lane-counts").await? == 0);
        Ok(())
    };
    Visit::default().pay(visit).await
}

#[tokio::test]
async fn in_chromium_a_worker_that_cannot_be_loaded_fails_its_trials_and_nothing_hangs() -> Result<()> {
    let visit = async |page: &Page| {
        page.set_up_little(2).await?;
        page.press_run().await?;
        page.wait_for("main[data-state=finished], main[data-state=stopped]").await?;
        ensure!(page.text("#failures").await?.contains("could not be started"));
        page.wait_for("#run:enabled").await.map(drop)
    };
    Visit::without(&["worker_bg.wasm"]).pay(visit).await?;
    Visit::without(&["worker.js"]).pay(visit).await
}

#[tokio::test]
async fn a_page_whose_program_cannot_be_loaded_says_so() -> Result<()> {
    let visit = async |page: &Page| {
        page.wait_for("#boot[data-failed]").await?;
        let text = page.text("#boot").await?;
        ensure!(text.contains("could not be loaded"), "{text:?}");
        Ok(())
    };
    Visit::without(&["_bg.wasm"]).pay(visit).await
}

#[tokio::test]
async fn a_view_that_cannot_be_loaded_says_so_and_can_be_loaded_again() -> Result<()> {
    let visit = async |page: &Page| {
        page.wait_for("#run:enabled").await?;
        let _: Option<()> = page.script("location.hash = '#claims'").await?;
        page.wait_for("#load-again").await?;
        ensure!(page.text("main").await?.contains("could not be loaded"));
        page.site.bring_back("_views.wasm")?;
        page.press("#load-again").await?;
        page.wait_for("[data-claim]").await.map(drop)
    };
    Visit::without(&["_views.wasm"]).pay(visit).await
}

#[tokio::test]
async fn an_experiment_runs_while_the_rest_of_its_view_cannot_be_loaded() -> Result<()> {
    let visit = async |page: &Page| {
        page.wait_for("#load-again").await?;
        page.set_up_little(2).await?;
        page.press_run().await?;
        page.wait_for_state("finished").await?;
        page.site.bring_back("_results.wasm")?;
        page.press("#load-again").await?;
        page.wait_for("#timeline").await?;
        ensure_measured(page, &MODELS).await
    };
    Visit::without(&["_results.wasm"]).pay(visit).await
}

#[tokio::test]
async fn in_chromium_the_first_load_is_small() -> Result<()> {
    let visit = async |page: &Page| {
        page.wait_for("#run:enabled").await?;
        let bytes = page.first_load_bytes().await?;
        ensure!(bytes > 0.0 && bytes <= FIRST_LOAD, "{bytes} bytes");
        println!("the first load: {bytes} bytes");
        page.wait_for("#timeline").await?;
        let views =
            "performance.getEntriesByType('resource').filter(entry => entry.name.endsWith('_views.wasm'))";
        ensure!(page.holds(&format!("{views}.length === 0")).await?, "nobody has asked for them");
        Ok(())
    };
    Visit::default().pay(visit).await
}

#[tokio::test]
async fn the_images_show_their_tiles_and_take_a_picture_of_ones_own() -> Result<()> {
    let visit = async |page: &Page| {
        page.set_up_little(2).await?;
        page.choose("workload", "images").await?;
        page.set_up_little(2).await?;
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/");
        page.bring_file("#own-picture", &format!("{folder}README.md")).await?;
        page.wait_for("#picture .refusal:not(:empty)").await?;
        ensure!(page.text("#picture .refusal").await?.contains("README.md"));
        page.bring_file("#own-picture", &format!("{folder}www/readme/run-light.png")).await?;
        page.wait_for("#picture[data-own]").await?;
        ensure!(page.text("#picture .refusal").await?.is_empty());
        page.press_run().await?;
        page.wait_for_state("finished").await?;
        ensure_measured(page, &MODELS).await?;
        // 1024 × 768 pixels in tiles of 128 × 128.
        page.wait_for("#picture canvas[aria-label*='48 of 48']").await.map(drop)
    };
    Visit::default().pay(visit).await
}
