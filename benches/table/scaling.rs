//! What two lanes gain over one, and what wasm costs: every workload in the page and on the host.

use anyhow::Result;
use lanes::workload::WorkloadId;

use crate::drive::{FULL, figure, run};
use crate::host;
use crate::row::{self, Bound, Row};
use crate::support::Page;

/// Two threads under a GIL do no more than one, and lose little by taking turns.
const GIL: Bound = Bound::Within(0.90, 1.03);

/// What is promised of one workload.
pub struct Promise {
    workload: WorkloadId,
    /// Two lanes over serial, as threads and as warm processes.
    speed_up: f64,
    /// Serial in wasm over the same kernel on the host.
    over_host: f64,
}

impl Promise {
    /// `None` for the squares: their many tiny tasks are there to show what handing out costs.
    pub fn of(workload: WorkloadId) -> Option<Self> {
        let (speed_up, over_host) = match workload {
            WorkloadId::Squares => return None,
            WorkloadId::CosineSum | WorkloadId::BigProduct => (1.85, 1.25),
            // How well its inner loop compiles differs most.
            WorkloadId::MatrixProduct => (1.8, 1.5),
            _ => (1.8, 1.25),
        };
        Some(Self { workload, speed_up, over_host })
    }
}

/// Measures what is promised of one workload, on the host and then in the page.
pub async fn measure(page: &Page, promise: &Promise) -> Result<Vec<Row>> {
    let mut rows = Vec::new();
    let name = promise.workload.id();
    let with_gil = promise.workload == WorkloadId::CosineSum;
    let host = host::time_us(name, "M");
    let models: &[&str] = match with_gil {
        true => &["serial", "threads", "threads + GIL", "processes"],
        false => &["serial", "threads", "processes"],
    };
    run(page, name, "m", models, FULL).await?;
    for (rank, model) in [(0, "threads"), (1, "processes")] {
        let what = format!("{name}: {model}, 2 lanes over serial");
        let bound = Bound::AtLeast(promise.speed_up);
        rows.push(Row::new(rank, what, bound, figure(page, model, 2, "speed-up").await));
    }
    if with_gil {
        let what = format!("{name}: threads + GIL, 2 lanes over serial");
        rows.push(Row::new(2, what, GIL, figure(page, "threads + GIL", 2, "speed-up").await));
    }
    let serial = figure(page, "serial", 1, "time").await;
    let ratio = serial.and_then(|wasm| Ok(row::over(wasm, host?)));
    let what = format!("{name}: serial, wasm over host");
    rows.push(Row::new(3, what, Bound::AtMost(promise.over_host), ratio));
    Ok(rows)
}
