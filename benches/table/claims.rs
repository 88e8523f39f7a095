//! Whether the claims come out as the articles say, and how long all of them take to test.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use lanes::claim::{CLAIMS, Chapter, Claim, Holding};

use crate::row::Row;
use crate::support::{Page, saved_text};

/// All in one go, in s.
const LONGEST_S: f64 = 180.0;

/// How long is waited for them: on a busy machine they take longer than they should.
const PATIENCE: Duration = Duration::from_secs(900);

/// Whether a claim is about the choice of a model, and not about what a browser's lanes cost.
fn is_about_choice(claim: &Claim) -> bool {
    matches!(
        claim.chapter,
        Chapter::Computing | Chapter::Gil | Chapter::Processes | Chapter::Waiting | Chapter::Choosing
    )
}

/// Tests all claims with one click, and prints what is said of each.
pub async fn measure(page: &Page) -> Result<Vec<Row>> {
    page.script::<Option<()>>("location.hash = 'claims'; return null").await?;
    let begin = Instant::now();
    page.press("#claims #test[data-state=idle]:enabled").await?;
    page.wait_for("#test[data-state=running]").await?;
    page.wait_as_long_as("#test[data-state=idle]", PATIENCE).await?;
    let seconds = begin.elapsed().as_secs_f64();

    let (mut wrong, mut untold, mut unexplained) = (0, 0, 0);
    for claim in CLAIMS {
        let row = format!("#claims li[data-claim='{}']", claim.id);
        let holding = page.attribute(&row, "data-holding").await?.unwrap_or_default();
        let why = page.text(&format!("{row} .note")).await.context("a claim was not tested")?;
        println!("{holding:<13} {:<12} {why}", claim.id);
        if holding == Holding::DoesNotHold.id() {
            wrong += u32::from(is_about_choice(claim));
            unexplained += u32::from(claim.in_browser.is_empty());
        }
        untold += u32::from(holding == Holding::CantTell.id());
    }
    let file = crate::target_folder()?.join("claims.csv");
    std::fs::write(&file, saved_text(page, "#save-samples").await?)?;
    println!("Every sample: {}\n", file.display());

    let count = |what, count: u32, most| Row::exact(10, what, f64::from(count), most);
    Ok(vec![
        Row::exact(10, "claims: all tested with one click (s)", seconds, LONGEST_S),
        count("claims about the choice of a model that do not hold", wrong, 0.0),
        count("claims that do not hold, and their page does not say why", unexplained, 0.0),
        // A rule that is not sure says so; on a quiet machine that is seldom.
        count("claims of which it cannot be told", untold, 2.0),
    ])
}
