//! How soon the page reacts: its first point after Run, and its end after Stop.

use anyhow::{Context, Result};
use lanes::stats::Median;

use crate::drive::PATIENCE;
use crate::row::{Bound, Row};
use crate::support::Page;

/// How often each is looked at.
const TIMES: usize = 7;

/// Notes when Run is pressed and when the chart has its first point, in the page itself.
const FIRST_POINT: &str = "
    window.reaction = null;
    const begun = performance.now();
    const watch = new MutationObserver(() => {
      if (!document.querySelector('.series .point')) return;
      watch.disconnect();
      requestAnimationFrame(() => {
        window.reaction = performance.now() - begun;
        document.querySelector('main').dataset.reacted = '';
      });
    });
    delete document.querySelector('main').dataset.reacted;
    watch.observe(document.querySelector('main'), { subtree: true, childList: true });
    document.querySelector('#run').click();
    return null;";

/// Notes when Escape is pressed and when the page says that it has stopped.
const STOP: &str = "
    window.reaction = null;
    const main = document.querySelector('main');
    const begun = performance.now();
    const watch = new MutationObserver(() => {
      if (main.dataset.state !== 'stopped') return;
      watch.disconnect();
      window.reaction = performance.now() - begun;
      main.dataset.reacted = '';
    });
    delete main.dataset.reacted;
    watch.observe(main, { attributes: true, attributeFilter: ['data-state'] });
    document.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }));
    return null;";

/// Measures both with the default models and the largest cosine sum, which no lane ends in time.
pub async fn measure(page: &Page) -> Result<Vec<Row>> {
    eprintln!("the page's reaction to Run and Stop");
    page.choose("workload", "cosine-sum").await?;
    page.choose_models(&["serial", "threads", "threads + GIL", "processes"]).await?;
    let (mut first_point, mut stop) = (Vec::new(), Vec::new());
    for _ in 0..TIMES {
        page.choose("size", "m").await?;
        first_point.push(reaction_ms(page, FIRST_POINT).await?);
        stop.push(reaction_ms(page, STOP).await?);
        page.wait_for("#run:enabled").await?;
    }
    let row = |what: &str, most, times: &[f64]| {
        let estimate = Median::of(times).map(|median| median.estimate());
        Row::new(7, what.to_owned(), Bound::AtMost(most), estimate.context("nothing was seen"))
    };
    Ok(vec![
        row("page: from Run to the first point (ms)", 1_000.0, &first_point),
        row("page: from Escape to the end of the run (ms)", 100.0, &stop),
    ])
}

async fn reaction_ms(page: &Page, script: &str) -> Result<f64> {
    page.script::<Option<()>>(script).await?;
    page.wait_as_long_as("main[data-reacted]", PATIENCE).await?;
    page.script("return window.reaction;").await
}
