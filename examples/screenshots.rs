//! Pictures of every view, and of the experiment's before, in and after a run, for eyes: `cargo xtask screenshots` takes them.
//!
//! `cargo run --example screenshots -- claims/race …` takes pictures of the named views only, and
//! tests the claims among them first.

#[path = "../tests/support/mod.rs"]
mod support;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use lanes::ui::route::Route;
use support::{Page, Visit};

/// A narrow phone and a wide screen, in CSS pixels.
const WIDTHS: [u32; 2] = [360, 1440];
const HEIGHT: u32 = 900;

#[tokio::main]
async fn main() -> Result<()> {
    let folder = target_folder()?.join("screenshots");
    fs::create_dir_all(&folder)?;
    Visit::default().pay(async |page: &Page| take(page, &folder).await).await
}

async fn take(page: &Page, folder: &Path) -> Result<()> {
    page.wait_for("#run:enabled").await?;
    let mut named = std::env::args().skip(1).peekable();
    if named.peek().is_some() {
        for view in named {
            page.driver.execute("location.hash = arguments[0]", vec![view.clone().into()]).await?;
            if view.starts_with("claims/") {
                page.press("#claim #test[data-state=idle]:enabled").await?;
                page.wait_for("#judgement:not([data-holding=untested])").await?;
            }
            page.drawn().await?;
            take_in_every_size(page, folder, &view.replace('/', "-")).await?;
        }
        return Ok(());
    }
    take_in_every_size(page, folder, "before").await?;
    page.press_run().await?;
    page.wait_for("#results tr[data-model=serial] [data-figure=time][data-value]").await?;
    take_in_every_size(page, folder, "running").await?;
    page.wait_for_state("finished").await?;
    take_in_every_size(page, folder, "after").await?;
    for view in Route::MAIN.into_iter().chain([Route::Claim("gil-cpu".to_owned()), Route::Embed]) {
        if view != Route::Experiment {
            page.driver.execute("location.hash = arguments[0]", vec![view.href().into()]).await?;
            page.drawn().await?;
            take_in_every_size(page, folder, &view.href().replace(['#', '/'], "-")).await?;
        }
    }
    Ok(())
}

async fn take_in_every_size(page: &Page, folder: &Path, when: &str) -> Result<()> {
    for width in WIDTHS {
        for dark in [false, true] {
            let theme = if dark { "dark" } else { "light" };
            let file = folder.join(format!("{when}-{width}-{theme}.png"));
            page.emulate(width, HEIGHT, dark).await?;
            let whole = page.height().await?;
            page.emulate(width, whole, dark).await?;
            fs::write(&file, page.picture().await?)?;
            println!("{}", file.display());
        }
    }
    Ok(())
}

/// Where cargo puts what it makes: this program stands in its `debug/examples`.
fn target_folder() -> Result<PathBuf> {
    let program = std::env::current_exe()?;
    program.ancestors().nth(3).map(Path::to_owned).context("this program stands in no target folder")
}
