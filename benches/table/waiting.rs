//! What lanes gain that wait, and what the simulated network is worth.

use anyhow::{Context, Result};
use lanes::stats::{Estimate, Median};

use crate::drive::{Rounds, figure, run};
use crate::row::{Bound, Row};
use crate::support::Page;

/// Enough for an interval of 95 %: these times are mostly latency, which is steady.
const ROUNDS: Rounds = Rounds { min: 10, max: 10 };

/// How many requests are answered in a second at no latency, over a line of 16 requests at a time: seven
/// times after a warm-up.
const THROUGHPUT: &str = "
    const done = arguments[0], ALL = 500, rates = [];
    let asked = 0;
    const line = async (until) => {
      while (asked < until) {
        const number = asked++;
        await (await fetch(`network/page/1?seed=1&number=${number}&bytes=1024&latency=0`)).arrayBuffer();
      }
    };
    (async () => {
      for (let round = 0; round < 8; round++) {
        const begin = performance.now(), until = asked + ALL;
        await Promise.all(Array.from({ length: 16 }, () => line(until)));
        if (round > 0) rates.push(ALL / (performance.now() - begin) * 1000);
      }
      done(rates);
    })();";

/// By how much the latency of 100 ms is missed, in ms: the medians of 64 requests at once, seven times
/// after a warm-up.
const LATENCY_ERROR: &str = "
    const done = arguments[0], medians = [];
    const one = async (number) => {
      const sent = performance.now();
      const headers = { 'X-Sent': performance.timeOrigin + sent };
      const address = `network/page/1?seed=1&number=${number}&bytes=1024&latency=100000`;
      await (await fetch(address, { headers })).arrayBuffer();
      return Math.abs(performance.now() - sent - 100);
    };
    (async () => {
      for (let round = 0; round < 8; round++) {
        const errors = await Promise.all(Array.from({ length: 64 }, (_, at) => one(64 * round + at)));
        errors.sort((a, b) => a - b);
        if (round > 0) medians.push((errors[31] + errors[32]) / 2);
      }
      done(medians);
    })();";

/// Measures what is promised of waiting.
pub async fn measure(page: &Page, cores: u32) -> Result<Vec<Row>> {
    let mut rows = Vec::new();
    let before = page.value("lane-counts").await?;

    run_at(page, "mailbox", "m", &["serial", "threads", "processes", "async"], "10", "100").await?;
    for model in ["threads", "processes", "async"] {
        let what = format!("mailbox: {model}, 10 lanes over serial");
        rows.push(Row::new(9, what, Bound::AtLeast(9.0), figure(page, model, 10, "speed-up").await));
    }

    // Threads wait as well as processes, however short the wait: what one event loop does for all threads must not show.
    for latency_ms in ["10", "40", "100"] {
        run_at(
            page,
            "addresses",
            "s",
            &["serial", "threads", "threads + GIL", "processes"],
            "16",
            latency_ms,
        )
        .await?;
        for model in ["threads", "threads + GIL"] {
            let gains =
                (figure(page, model, 16, "speed-up").await, figure(page, "processes", 16, "speed-up").await);
            let ratio = match gains {
                (Ok(threads), Ok(processes)) => Ok(crate::row::over(threads, processes)),
                (Err(missing), _) | (_, Err(missing)) => Err(missing),
            };
            let what = format!("16 addresses at {latency_ms} ms: {model} over processes");
            rows.push(Row::new(9, what, Bound::Within(0.9, 1.1), ratio));
        }
    }

    // That of a host in the same country, and that of one across an ocean.
    let models = ["serial", "threads", "threads + GIL", "processes", "async"];
    for latency_ms in ["100", "250"] {
        run_at(page, "addresses", "s", &models, "16, 32", latency_ms).await?;
        for model in &models[1..] {
            let at_16 = figure(page, model, 16, "speed-up").await;
            let at_32 = figure(page, model, 32, "speed-up").await;
            let gain = match (&at_16, at_32) {
                (Ok(at_16), Ok(at_32)) => Ok(crate::row::over(at_32, *at_16)),
                (_, missing) => missing,
            };
            let what = |lanes: &str| format!("16 addresses at {latency_ms} ms: {model}, {lanes}");
            rows.push(Row::new(9, what("16 lanes over serial"), Bound::AtLeast(13.0), at_16));
            rows.push(Row::new(9, what("32 lanes over 16"), Bound::AtMost(1.05), gain));
        }
    }

    run_at(page, "pipeline", "m", &["serial", "by bottleneck"], "16", "20").await?;
    let what = format!("pipeline: by bottleneck over serial, {cores} cores");
    rows.push(Row::new(9, what, Bound::AtLeast(4.0), figure(page, "by bottleneck", 16, "speed-up").await));

    let per_second = measured(page, THROUGHPUT).await;
    let what = "simulated network: requests a second at no latency".to_owned();
    rows.push(Row::new(9, what, Bound::AtLeast(1_500.0), per_second));
    let error_ms = measured(page, LATENCY_ERROR).await;
    let what = "simulated network: error of the latency, 64 at once (ms)".to_owned();
    rows.push(Row::new(9, what, Bound::AtMost(5.0), error_ms));
    page.choose("workload", "cosine-sum").await?;
    page.write("lane-counts", &before).await?;
    Ok(rows)
}

/// The median of what a script measures several times.
async fn measured(page: &Page, script: &str) -> Result<Estimate> {
    let samples: Vec<f64> = page.until(script, |_| true).await?;
    Median::of(&samples).map(|median| median.estimate()).context("nothing was measured")
}

/// Runs an experiment at those lanes over a simulated network of that latency.
async fn run_at(
    page: &Page,
    workload: &str,
    size: &str,
    models: &[&str],
    lanes: &str,
    latency_ms: &str,
) -> Result<()> {
    page.choose("workload", workload).await?;
    page.write("lane-counts", lanes).await?;
    page.write("latency", latency_ms).await?;
    run(page, workload, size, models, ROUNDS).await
}
