//! How the page is driven from row to row.

use std::time::Duration;

use anyhow::{Context, Result};
use lanes::stats::Estimate;

use crate::support::Page;

/// How long the page may take for one experiment; its own budget is shorter.
pub const PATIENCE: Duration = Duration::from_secs(300);

/// How many rounds an experiment is run for.
#[derive(Clone, Copy)]
pub struct Rounds {
    /// The fewest.
    pub min: u32,
    /// The most.
    pub max: u32,
}

/// Enough for an interval of 95 % that is narrow on a quiet machine.
pub const FULL: Rounds = Rounds { min: 10, max: 60 };

/// Runs an experiment to its end. The lanes are as they are set already.
pub async fn run(page: &Page, workload: &str, size: &str, models: &[&str], rounds: Rounds) -> Result<()> {
    eprintln!("{workload}, size {}: {}", size.to_uppercase(), models.join(", "));
    page.choose("workload", workload).await?;
    page.choose("size", size).await?;
    page.choose_models(models).await?;
    page.write("min-rounds", &rounds.min.to_string()).await?;
    page.write("max-rounds", &rounds.max.to_string()).await?;
    page.write("budget", "20").await?;
    page.press_run().await?;
    page.wait_for_state("running").await?;
    page.wait_as_long_as("main[data-state=finished]", PATIENCE).await.map(drop)
}

/// A figure of the page's table.
pub async fn figure(page: &Page, model: &str, lanes: u32, name: &str) -> Result<Estimate> {
    let figure = page.figure(model, lanes, name).await?;
    let figure = figure.with_context(|| format!("the page measured nothing for {model}, {lanes} lanes"))?;
    Ok(Estimate { value: figure.value, lo: figure.lo, hi: figure.hi })
}

/// Has the page note the longest gap between two of its frames from now on. Asking for every frame
/// takes some of the lanes' time, so the page does not do it by itself.
pub async fn watch_frames(page: &Page) -> Result<()> {
    page.script::<Option<()>>(
        "let last = performance.now();
         window.longestFrameGap = 0;
         const frame = () => {
           const now = performance.now();
           window.longestFrameGap = Math.max(window.longestFrameGap, now - last);
           last = now;
           requestAnimationFrame(frame);
         };
         requestAnimationFrame(frame);
         return null;",
    )
    .await
    .map(drop)
}

/// The longest gap since [`watch_frames`], in ms.
pub async fn frame_gap_ms(page: &Page) -> Result<f64> {
    page.script("return window.longestFrameGap;").await
}
