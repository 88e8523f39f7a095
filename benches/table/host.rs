//! The kernels on the host, as `cargo bench --bench kernels` times them.

use std::process::{Command, Stdio};

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
