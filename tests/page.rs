//! The whole page in a headless Chromium: what a visitor sees and does, with and without isolation.
#![cfg(not(target_arch = "wasm32"))]

mod support;

use anyhow::{Result, ensure};
use support::{Page, Visit};

/// What a model's trials need so that a run is over soon.
async fn settle_for_little(page: &Page) -> Result<()> {
    page.unfold_settings().await?;
    page.choose("size", "s").await?;
    page.write("lane-counts", "1, 2").await?;
    page.write("min-rounds", "2").await?;
    page.write("max-rounds", "2").await
}

#[tokio::test]
async fn the_page_tells_that_it_is_isolated() -> Result<()> {
    let visit = async |page: &Page| {
        page.wait_for("#machine[data-isolation='isolated']").await?;
        ensure!(page.count("#machine .notice").await? == 0);
        ensure!(page.attribute("#machine", "data-cores").await?.is_some());
        Ok(())
    };
    Visit::default().pay(visit).await
}
