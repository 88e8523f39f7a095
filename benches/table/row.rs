//! A row of the table: what was promised, and what was measured.

use std::fmt;

use anyhow::Result;
use lanes::stats::Estimate;
use serde_json::{Value, json};

/// What a figure has to reach.
#[derive(Clone, Copy, Debug)]
pub enum Bound {
    /// This, or more.
    AtLeast(f64),
    /// This, or less.
    AtMost(f64),
    /// Between the two.
    Within(f64, f64),
}

impl Bound {
    fn is_met_by(self, value: f64) -> bool {
        match self {
            Bound::AtLeast(least) => value >= least,
            Bound::AtMost(most) => value <= most,
            Bound::Within(least, most) => (least..=most).contains(&value),
        }
    }
}

impl fmt::Display for Bound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Bound::AtLeast(least) => write!(f, "≥ {least}"),
            Bound::AtMost(most) => write!(f, "≤ {most}"),
            Bound::Within(least, most) => write!(f, "{least} – {most}"),
        }
    }
}

/// A row of the table.
pub struct Row {
    /// Rows stand in the order of their ranks.
    pub rank: u32,
    what: String,
    bound: Bound,
    /// What was measured, or why nothing was.
    measured: Result<Estimate, String>,
}

impl Row {
    /// A row of a figure that has an interval.
    pub fn new(rank: u32, what: String, bound: Bound, measured: Result<Estimate>) -> Self {
        Self { rank, what, bound, measured: measured.map_err(|error| format!("{error:#}")) }
    }

    /// A row of a figure that has none, and that may be as large as `most`.
    pub fn exact(rank: u32, what: &str, value: f64, most: f64) -> Self {
        Self::new(rank, what.to_owned(), Bound::AtMost(most), Ok(Estimate { value, lo: value, hi: value }))
    }

    /// Whether the median meets the bound; `None` where nothing was measured.
    fn is_met(&self) -> Option<bool> {
        self.measured.as_ref().ok().map(|figure| self.bound.is_met_by(figure.value))
    }

    /// The row for programs.
    pub fn to_json(&self) -> Value {
        let bound = self.bound.to_string();
        match &self.measured {
            Ok(figure) => json!({
                "what": self.what, "bound": bound, "met": self.is_met(),
                "median": figure.value, "lo": figure.lo, "hi": figure.hi,
            }),
            Err(why) => json!({ "what": self.what, "bound": bound, "met": null, "why": why }),
        }
    }
}

/// Prints the table.
pub fn print(rows: &[Row], machine: &Value, busy_cores: Option<f64>) {
    println!("\nMeasured on {} cores in {}.", machine["cores"], machine["browser"]);
    match busy_cores {
        Some(busy) if busy > 0.2 => {
            println!(
                "Before it began, {busy:.1} cores were busy with other work: end that and measure again."
            );
        }
        Some(_) => println!("The machine was quiet before it began."),
        None => {}
    }
    println!("\n{:<58} {:>11} {:>9}  {:<17} ", "what", "bound", "median", "interval of 95 %");
    for row in rows {
        let bound = row.bound.to_string();
        let met = match row.is_met() {
            Some(true) => "met",
            Some(false) => "NOT MET",
            None => "not measured",
        };
        match &row.measured {
            Ok(f) if f.lo == f.hi => {
                println!("{:<58} {bound:>11} {:>9.2}  {:<17} {met}", row.what, f.value, "")
            }
            Ok(f) => {
                let interval = format!("{:.3} – {:.3}", f.lo, f.hi);
                println!("{:<58} {bound:>11} {:>9.3}  {interval:<17} {met}", row.what, f.value);
            }
            Err(why) => println!("{:<58} {bound:>11} {:>9}  {met}: {why}", row.what, ""),
        }
    }
    let met = rows.iter().filter(|row| row.is_met() == Some(true)).count();
    println!("\n{met} of {} bounds are met.", rows.len());
}

/// How many times `a` is `b`; as uncertain as the ends of both intervals make it.
pub fn over(a: Estimate, b: Estimate) -> Estimate {
    Estimate { value: a.value / b.value, lo: a.lo / b.hi, hi: a.hi / b.lo }
}
