//! The host: how busy it is, and its kernels, as `cargo bench --bench kernels` times them.

use std::fs;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use lanes::stats::Estimate;
use serde_json::Value;

/// The serial time of a workload, in µs.
///
/// # Errors
/// When the kernels cannot be built or say something else.
pub fn time_us(workload: &str, size: &str) -> Result<Estimate> {
    let mut cargo = Command::new("cargo");
    cargo.args(["bench", "--quiet", "--locked", "--bench", "kernels", "--", workload, size]);
    let output = cargo.stderr(Stdio::inherit()).output().context("cargo does not run")?;
    ensure!(output.status.success(), "the kernels cannot be timed on the host");
    let row: Value = serde_json::from_slice(&output.stdout).context("the kernels' bench printed no JSON")?;
    let us = |name: &str| Some(row.get(name)?.as_f64()? * 1e3);
    let estimate = || Some(Estimate { value: us("median_ms")?, lo: us("lo_ms")?, hi: us("hi_ms")? });
    estimate().context("the kernels' bench printed other figures")
}

/// How many cores are busy while this waits, where Linux tells.
pub async fn busy_cores() -> Option<f64> {
    const WATCHED: Duration = Duration::from_secs(1);
    let (begin, before) = (Instant::now(), busy_seconds()?);
    tokio::time::sleep(WATCHED).await;
    Some((busy_seconds()? - before) / begin.elapsed().as_secs_f64())
}

/// The time that all cores together were not idle since the system started, in seconds: see
/// `man 5 proc_stat`.
fn busy_seconds() -> Option<f64> {
    const TICKS_PER_SECOND: f64 = 100.0;
    let stat = fs::read_to_string("/proc/stat").ok()?;
    let ticks: Vec<f64> = stat.lines().next()?.split_whitespace().skip(1).flat_map(str::parse).collect();
    // The first eight are user, nice, system, idle, iowait, irq, softirq and steal; the two after
    // them are within user and nice already.
    let busy: f64 = [0, 1, 2, 5, 6, 7].into_iter().filter_map(|at| ticks.get(at)).sum();
    Some(busy / TICKS_PER_SECOND)
}
