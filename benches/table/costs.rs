//! What lanes cost beside the computing: handing out a task, starting a pool, and memory.

use anyhow::{Context, Result};

use crate::drive::{FULL, PATIENCE, Rounds, figure, run};
use crate::row::{Bound, Row};
use crate::support::Page;

/// Tasks of the squares in size M; each is one multiplication, so that nearly all of its time is
/// what handing it out costs.
const TINY_TASKS: f64 = 10_000.0;

/// How much more memory a trial may have after two hundred others than after ten.
const GROWTH: f64 = 1.1;

/// What handing out a task costs, in µs: the squares on one lane, task by task.
pub async fn dispatch(page: &Page) -> Result<Vec<Row>> {
    let lanes = page.value("lane-counts").await?;
    page.write("lane-counts", "1").await?;
    page.write("chunk-size", "1").await?;
    run(page, "squares", "m", &["threads", "processes"], FULL).await?;
    let mut rows = Vec::new();
    for (model, most_us) in [("threads", 5.0), ("processes", 80.0)] {
        let time = figure(page, model, 1, "time").await;
        let each = time.map(|time| time.times(1.0 / TINY_TASKS));
        let what = format!("{model}: handing out one task (µs)");
        rows.push(Row::new(4, what, Bound::AtMost(most_us), each));
    }
    page.write("chunk-size", "0").await?;
    page.write("lane-counts", &lanes).await?;
    Ok(rows)
}

/// How long two processes take until they wait for work, in ms: from the page's card of costs.
pub async fn pool_start(page: &Page) -> Result<Row> {
    eprintln!("the costs");
    page.wait_for("#measure-costs:enabled").await?.click().await?;
    page.wait_for("#costs[data-state=running]").await?;
    page.wait_as_long_as("#costs[data-state=idle]", PATIENCE).await?;
    let us = page.attribute("#cost-figures tr[data-cost='2-processes']", "data-value").await?;
    let us: f64 = us.context("the page could not start two processes")?.parse()?;
    Ok(Row::exact(4, "processes: two are ready for work (ms)", us / 1e3, 60.0))
}

/// The memory of a trial after two hundred others, over that after ten.
pub async fn memory_growth(page: &Page) -> Result<Vec<Row>> {
    const MODELS: [&str; 2] = ["threads", "processes"];
    let ten = Rounds { min: 10, max: 10 };
    let mut memory = Vec::new();
    for rounds in [ten, Rounds { min: 200, max: 200 }, ten] {
        run(page, "cosine-sum", "s", &["serial", "threads", "processes"], rounds).await?;
        let mut bytes = Vec::new();
        for model in MODELS {
            bytes.push(page.memory_bytes(model, 2).await?);
        }
        memory.push(bytes);
    }
    let growth = |(at, model): (usize, &str)| {
        let what = format!("{model}: memory after 200 trials over that after 10");
        Row::exact(8, &what, memory[2][at] / memory[0][at], GROWTH)
    };
    Ok(MODELS.into_iter().enumerate().map(growth).collect())
}
