//! The tables of TRUST.md: what was promised, what was measured, and with which command.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};

/// Set, everything is done a few times only and nothing is written: to see that it works.
const SMOKE: &str = "SMOKE";

/// Whether this is only to see that it works.
pub fn is_smoke() -> bool {
    std::env::var_os(SMOKE).is_some()
}

/// So many times, or a few if this is only to see that it works.
pub fn times(full: u32, smoke: u32) -> u32 {
    if is_smoke() { smoke } else { full }
}

/// A promise, and what came of it.
pub struct Row {
    /// What was done.
    pub what: String,
    /// What was promised.
    pub bound: String,
    /// What was measured.
    pub measured: String,
    /// Whether the promise is kept.
    pub is_kept: bool,
}

/// Prints the rows and writes them into the part of TRUST.md that `name` marks.
///
/// # Errors
/// When the file cannot be written, or a promise is not kept.
pub fn tell(name: &str, rows: &[Row]) -> Result<()> {
    let mut table = String::from("| what | bound | measured | |\n|---|---|---|---|\n");
    for Row { what, bound, measured, is_kept } in rows {
        let kept = if *is_kept { "kept" } else { "**not kept**" };
        table.push_str(&format!("| {what} | {bound} | {measured} | {kept} |\n"));
    }
    println!("\n{table}");
    if is_smoke() {
        println!("This was only to see that it works: the figures say nothing, and TRUST.md is as it was.");
        return Ok(());
    }
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("TRUST.md");
    let text = fs::read_to_string(&file)?;
    let (begin, end) = (format!("<!-- {name}: begin -->\n"), format!("<!-- {name}: end -->\n"));
    let parts = text.split_once(&begin).and_then(|(before, rest)| Some((before, rest.split_once(&end)?.1)));
    let (before, after) = parts.with_context(|| format!("TRUST.md has lost its marks of {name}"))?;
    fs::write(&file, [before, &begin, &table, &end, after].concat())?;
    ensure!(rows.iter().all(|row| row.is_kept), "a promise is not kept");
    Ok(())
}
