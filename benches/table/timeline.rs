//! How smoothly a large timeline is moved and zoomed.

use anyhow::{Context, Result, ensure};
use lanes::stats::Median;

use crate::drive::{self, Rounds};
use crate::row::{Bound, Row};
use crate::support::Page;

/// So many segments, or more.
const SEGMENTS: u32 = 10_000;

/// Turns the wheel once in every frame for two seconds and answers with the frames that were drawn in
/// each second. A frame counts only if the canvas was drawn in it: that is when it is emptied.
const TURN: &str = "
    const done = arguments[arguments.length - 1];
    const plot = document.querySelector('#timeline-plot');
    const box = plot.getBoundingClientRect();
    const empty = CanvasRenderingContext2D.prototype.clearRect;
    let drawn = false, frames = 0, turns = 0;
    CanvasRenderingContext2D.prototype.clearRect = function (...rectangle) {
      drawn = true;
      return empty.apply(this, rectangle);
    };
    const begin = performance.now();
    const frame = () => {
      frames += drawn ? 1 : 0;
      drawn = false;
      const elapsed = performance.now() - begin;
      if (elapsed > 2000) {
        CanvasRenderingContext2D.prototype.clearRect = empty;
        return done(frames / elapsed * 1000);
      }
      // A task of its own, before the next frame: that is when a browser tells of the wheel.
      setTimeout(turn);
      requestAnimationFrame(frame);
    };
    const turn = () => {
      turns += 1;
      const forth = turns % 120 < 60 ? 1 : -1;
      plot.dispatchEvent(new WheelEvent('wheel', {
        bubbles: true, cancelable: true, ctrlKey: true,
        clientX: box.left + box.width / 2, clientY: box.top + 20, ...TURNS,
      }));
    };
    requestAnimationFrame(frame);";

/// Measures the frames a second while a trial of many tiny tasks is zoomed and moved.
pub async fn measure(page: &Page) -> Result<Vec<Row>> {
    // Ten thousand tiny tasks, handed out by threes: each time a lane copies in, computes and copies out.
    page.write("chunk-size", "3").await?;
    drive::run(page, "squares", "m", &["serial", "processes"], Rounds { min: 1, max: 1 }).await?;
    page.write("chunk-size", "0").await?;
    let segments = segments(page).await?;
    ensure!(segments >= SEGMENTS, "the trial has {segments} segments only");
    let mut rows = Vec::new();
    for (how, turns) in
        [("zooming", "{ deltaY: -1 * forth }"), ("moving", "{ deltaX: 4 * forth, ctrlKey: false }")]
    {
        // What is shown whole cannot be moved.
        page.press("#timeline .zoom [aria-label='Zoom in']").await?;
        let mut rates = Vec::new();
        for _ in 0..5 {
            let script = TURN.replace("...TURNS", &format!("...{turns}"));
            rates.push(page.driver.execute_async(script, Vec::new()).await?.convert()?);
        }
        let rate = Median::of(&rates).context("no frame was drawn")?.estimate();
        let what = format!("timeline: frames a second, {how} {segments} segments");
        rows.push(Row::new(7, what, Bound::AtLeast(55.0), Ok(rate)));
    }
    Ok(rows)
}

/// How many segments the trial on show has.
async fn segments(page: &Page) -> Result<u32> {
    let segments = page.attribute("#timeline-plot", "data-segments").await?;
    Ok(segments.context("no trial is on show")?.parse()?)
}
