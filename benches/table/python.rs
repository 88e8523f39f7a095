//! CPython, for the rows that compare with it.

use std::process::Command;

use anyhow::{Context, Result, ensure};
use lanes::stats::{Estimate, Median};

/// Multiplies samples of 50,000 integers and prints how long each product took, in seconds. A
/// sample with a zero in it is left out, as the page leaves it out.
const BIG_PRODUCT: &str = "
import functools, operator, random, time
seed = 0
for _ in range(9):
    factors = [0]
    while 0 in factors:
        seed += 1
        factors = random.Random(seed).sample(range(1_000_000), 50_000)
    begin = time.perf_counter()
    functools.reduce(operator.mul, factors)
    print(time.perf_counter() - begin)
";

/// CPython's time for one product of 50,000 integers, in µs.
///
/// # Errors
/// When there is no CPython here: says how to install it.
pub fn big_product_us() -> Result<Estimate> {
    let output = Command::new("python3")
        .args(["-c", BIG_PRODUCT])
        .output()
        .context("there is no CPython here: `apt-get install python3` installs it")?;
    ensure!(output.status.success(), "python3 failed: {}", String::from_utf8_lossy(&output.stderr).trim());
    let text = String::from_utf8(output.stdout)?;
    let times = text.lines().map(|line| Ok(line.parse::<f64>()? * 1e6)).collect::<Result<Vec<_>>>()?;
    Ok(Median::of(&times).context("python3 printed no time")?.estimate())
}
