//! CPython, for the rows that compare with it.

use std::ffi::OsStr;
use std::path::Path;
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

/// Adds up a million cosines and prints how long each took, in seconds.
const COSINE: &str = "
import math, time
for _ in range(9):
    begin = time.perf_counter()
    total = 0.0
    for i in range(1_000_000):
        total += math.cos(i)
    print((time.perf_counter() - begin) / 1_000_000)
";

/// CPython's time for one cosine and its addition, in µs.
///
/// # Errors
/// When there is no CPython here: says how to install it.
pub fn cosine_us() -> Result<Estimate> {
    run(COSINE)
}

/// CPython's time for one product of 50,000 integers, in µs.
///
/// # Errors
/// When there is no CPython here: says how to install it.
pub fn big_product_us() -> Result<Estimate> {
    run(BIG_PRODUCT)
}

/// Where scikit-learn is looked for before the system's own: installing it there needs no rights.
const OWN_PYTHON: &str = "target/python/bin/python";

/// What a program that needs scikit-learn prints.
///
/// # Errors
/// When there is no scikit-learn here: says how to install it.
pub fn scikit_learn(program: &str, argument: &str) -> Result<String> {
    const HOW: &str = "there is no scikit-learn here: `python3 -m venv target/python && \
        target/python/bin/pip install scikit-learn` installs it";
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join(OWN_PYTHON);
    let python = if own.is_file() { own.as_os_str() } else { OsStr::new("python3") };
    let has_it = Command::new(python).args(["-c", "import sklearn"]).output().context(HOW)?;
    ensure!(has_it.status.success(), HOW);
    text_of(Command::new(python).args(["-c", program, argument]))
}

/// What the program in `file` prints.
///
/// # Errors
/// When there is no CPython here, or the program fails.
pub fn output_of(file: &Path) -> Result<String> {
    text_of(Command::new("python3").arg(file))
}

/// Runs a program that prints seconds, a line each.
fn run(program: &str) -> Result<Estimate> {
    let text = text_of(Command::new("python3").args(["-c", program]))?;
    let times = text.lines().map(|line| Ok(line.parse::<f64>()? * 1e6)).collect::<Result<Vec<_>>>()?;
    Ok(Median::of(&times).context("python3 printed no time")?.estimate())
}

/// What CPython prints of a program that reads nothing and may start processes.
///
/// # Errors
/// When there is no CPython here, or the program fails.
pub fn text_of_program(program: &str) -> Result<String> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("program.py");
    std::fs::write(&file, program)?;
    text_of(Command::new("python3").arg(file))
}

fn text_of(python: &mut Command) -> Result<String> {
    let output =
        python.output().context("there is no CPython here: `apt-get install python3` installs it")?;
    ensure!(output.status.success(), "python3 failed: {}", String::from_utf8_lossy(&output.stderr).trim());
    Ok(String::from_utf8(output.stdout)?)
}
