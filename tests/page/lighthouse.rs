//! What Lighthouse says of the page that is no timing; how fast it is, `cargo xtask bench` measures.

use crate::support::Audit;
use anyhow::{Result, ensure};

#[tokio::test]
async fn in_chromium_lighthouse_has_nothing_to_complain_of() -> Result<()> {
    let audit = Audit::of_page().await?;
    for category in ["accessibility", "best-practices", "seo"] {
        let score = audit.score(category)?;
        println!("Lighthouse, {category}: {score:.0}");
        ensure!(score > 99.9, "{category}: {score}: {:#?}", audit.faults(category));
    }
    Ok(())
}
