//! CPython, where there is one.

use std::fs;
use std::process::Command;

use anyhow::{Context, Result, ensure};

/// What CPython prints of a program; `None` where there is none, which is said.
///
/// # Errors
/// What the program says of its failure.
pub fn run(text: &str) -> Result<Option<String>> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("experiment.py");
    fs::write(&file, text)?;
    let output = match Command::new("python3").arg(&file).output() {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            println!("skipped: there is no python3 on this machine");
            return Ok(None);
        }
        output => output.context("python3 does not run")?,
    };
    let errors = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{errors}\nin\n{text}");
    Ok(Some(String::from_utf8(output.stdout)?))
}
