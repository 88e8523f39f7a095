//! The samples of a run, as the workers sent them to the page.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use lanes::protocol::{FromCoordinator, Ready, TrialNews};
use lanes::sample::Sample;

use crate::support::Page;

/// The page's first script, after one that keeps what workers say.
pub const RECORDING: &str = concat!(include_str!("recorder.js"), include_str!("../../www/boot.js"));

/// How long a run may take.
const PATIENCE: Duration = Duration::from_secs(1_800);

/// What is run.
pub struct Run<'a> {
    /// The workload.
    pub workload: &'a str,
    /// Its size.
    pub size: &'a str,
    /// The models, at two lanes.
    pub models: &'a [&'a str],
    /// The rounds, after the warm-up.
    pub rounds: u32,
}

/// Runs it, and returns every sample but those of the warm-up, in their order.
pub async fn of(page: &Page, run: Run<'_>) -> Result<Vec<Sample>> {
    page.unfold_settings().await?;
    page.choose("workload", run.workload).await?;
    page.choose("size", run.size).await?;
    page.choose("start", "warm").await?;
    page.choose_models(run.models).await?;
    page.write("lane-counts", "2").await?;
    page.write("max-rounds", &run.rounds.to_string()).await?;
    page.write("min-rounds", &run.rounds.to_string()).await?;
    page.write("budget", "600").await?;
    page.press_run().await?;
    page.wait_for_state("running").await?;
    page.wait_as_long_as("main[data-state=finished]", PATIENCE).await?;
    let said: Vec<String> = page.script("return window.said.splice(0)").await?;
    let mut samples = Vec::new();
    for message in said {
        let bytes = STANDARD.decode(message).ok().context("what was kept is no base64")?;
        match postcard::take_from_bytes(&bytes) {
            Ok((FromCoordinator::Trial(_, TrialNews::Ended(Ok(sample))), _)) if sample.trial.round > 0 => {
                samples.push(*sample);
            }
            Ok(_) => {}
            // The first thing that a worker says is another.
            Err(_) => {
                postcard::take_from_bytes::<Ready>(&bytes).context("what a worker said is no message")?;
            }
        }
    }
    let expected = run.rounds as usize * run.models.len();
    ensure!(
        samples.len() == expected,
        "{} samples instead of {expected}: was the page hidden?",
        samples.len()
    );
    Ok(samples)
}
