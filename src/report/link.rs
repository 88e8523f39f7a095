//! Links: what stands behind the `#` of an address and carries an experiment or reports.
//!
//! `#x=` is an experiment to run, `#r=` one report or several. Behind it stand, as base64url: a byte for
//! the format's version, the content, and two bytes of a checksum, as a link that was cut or changed on
//! its way would show wrong figures. The content is a row of postcard's varints and strings
//! ([`bits`]); what is as usual is left out. Figures are as they were shown.
//!
//! Programs change links on their way, so [`find()`] looks for them in any text and mends what it can; the checksum tells
//! whether it did. A new kind of link takes its letter in [`KINDS`] and a line in [`content_of`].
//!
//! **Versions.** A link is read as the version that made it was written, so nothing that a version rests
//! on may change with the code: [`v1`] has its own defaults and its own order of models and points. [`v2`] tells the
//! figures of reports as they were shown; experiments are still written in version 1. A new
//! thing in an experiment or a report takes a bit that was not used and needs no new version; a Lanes
//! that does not know the bit says that the link is newer than itself. A change that this does not allow
//! takes a new version, with a module that reads it, a function that makes the old one's content the new
//! one's, and links of every version that ever landed in the tests.

mod bits;
mod find;
mod v1;
mod v2;

use std::fmt;

use base64::Engine;
use base64::alphabet::URL_SAFE;
use base64::engine::general_purpose::{GeneralPurpose, NO_PAD, URL_SAFE_NO_PAD};

use super::Report;
use crate::experiment::{Experiment, ExperimentError};
use crate::workload::fold;
pub use find::{Outcome, find, plain};

/// The newest version: that in which reports are written.
pub const VERSION: u8 = 2;

/// The version in which experiments are written: they are the same in the newest.
const VERSION_OF_EXPERIMENTS: u8 = 1;

/// The most reports that one link can carry.
pub const MOST_REPORTS: usize = 16;

/// The longest link that is read, in characters behind the `#`: it bounds the memory that reading takes.
pub const LONGEST: usize = 16 * 1024;

/// The longest text in which one link is looked for, in bytes: encoding makes a link some times as long.
const LONGEST_MANGLED: usize = 4 * LONGEST;

/// What a link carries.
#[derive(Clone, Debug, PartialEq)]
pub enum Link {
    /// An experiment to run.
    Experiment(Experiment),
    /// Reports to look at: one or more.
    Reports(Vec<Report>),
}

/// Why a link cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkError {
    /// It carries nothing.
    NoLink,
    /// It is longer than [`LONGEST`].
    TooLong,
    /// It was made by a version that came later.
    Newer,
    /// Its end is missing.
    CutOff,
    /// It was changed.
    Damaged,
    /// The experiment in it cannot be run.
    Experiment(ExperimentError),
}

impl fmt::Display for LinkError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoLink => write!(
                f,
                "This is no link that carries an experiment or a report: those have #x= or #r= in them. \
                 Copy the whole link."
            ),
            Self::TooLong => {
                write!(f, "This is longer than any link of Lanes: it carries {MOST_REPORTS} reports at most.")
            }
            Self::Newer => write!(
                f,
                "This link was made by a newer Lanes than this one. Reload the page to have the newest, and \
                 open the link again."
            ),
            Self::CutOff => {
                write!(f, "This link is cut off: its end is missing. Copy the whole link from where it came.")
            }
            Self::Damaged => write!(
                f,
                "This link is damaged: some of its letters were changed on the way. Copy it again from where it came."
            ),
            Self::Experiment(error) => write!(f, "The experiment in this link cannot be run. {error}"),
        }
    }
}

impl std::error::Error for LinkError {}

/// Whether there is a link in `text`, even one that cannot be read.
pub fn is_link(text: &str) -> bool {
    !find(text).is_empty()
}

/// What the first link in `text` carries: the first that can be read, if there is one.
///
/// # Errors
/// Why it cannot be read, in words for a visitor. Nothing that is read is run.
pub fn decode(text: &str) -> Result<Link, LinkError> {
    if text.len() > LONGEST_MANGLED {
        return Err(LinkError::TooLong);
    }
    let (good, bad): (Vec<_>, Vec<_>) =
        find(text).into_iter().map(|found| found.link).partition(Result::is_ok);
    good.into_iter().chain(bad).next().unwrap_or(Err(LinkError::NoLink))
}

/// What the `letters` behind `#x=` or `#r=` carry.
fn read(kind: Kind, letters: &str) -> Result<Link, LinkError> {
    if letters.len() > LONGEST {
        return Err(LinkError::TooLong);
    }
    let bytes = URL_SAFE_NO_PAD.decode(letters).map_err(|_| LinkError::Damaged)?;
    let (&version, rest) = bytes.split_first().ok_or(LinkError::CutOff)?;
    // Every version has the same checksum, so a link that is not whole is never taken for a newer one.
    let content = checked(&bytes, rest)?;
    match version {
        0 => Err(LinkError::Damaged),
        1..=VERSION => content_of(kind, version, content),
        _ => Err(LinkError::Newer),
    }
}

fn content_of(kind: Kind, version: u8, content: &[u8]) -> Result<Link, LinkError> {
    match (kind, version) {
        (Kind::Experiment, _) => v1::read_experiment(content).map(Link::Experiment),
        (Kind::Reports, 1) => v1::read_reports(content).map(Link::Reports),
        (Kind::Reports, _) => v2::read_reports(content).map(Link::Reports),
    }
}

/// Why `letters` cannot be read. They are cut off if their content ends too early, or has no checksum.
fn why_not(kind: Kind, letters: &str) -> LinkError {
    let why = match read(kind, letters) {
        Err(LinkError::Damaged) => LinkError::Damaged,
        Err(why) => return why,
        Ok(_) => return LinkError::Damaged,
    };
    // What was cut may end in mid-byte.
    let whole = if letters.len() % 4 == 1 { letters.len() - 1 } else { letters.len() };
    let lenient = GeneralPurpose::new(&URL_SAFE, NO_PAD.with_decode_allow_trailing_bits(true));
    let bytes = lenient.decode(&letters[..whole]).unwrap_or_default();
    let Some((&version, rest)) = bytes.split_first() else { return LinkError::CutOff };
    if !(1..=VERSION).contains(&version) {
        return why;
    }
    let without = |sum: usize| content_of(kind, version, &rest[..rest.len().saturating_sub(sum)]);
    let is_whole = without(2).is_ok() && whole == letters.len();
    let is_cut = without(0).is_ok() || without(1).is_ok() || without(0) == Err(LinkError::CutOff);
    if is_cut && !is_whole { LinkError::CutOff } else { why }
}

/// The link that carries `experiment`, from its `#` on.
pub fn of_experiment(experiment: &Experiment) -> String {
    format!("#x={}", sealed(VERSION_OF_EXPERIMENTS, v1::write_experiment(experiment)))
}

/// The link that carries `reports`, from its `#` on; of more than [`MOST_REPORTS`] it carries the first.
pub fn of_reports(reports: &[Report]) -> String {
    format!("#r={}", sealed(VERSION, v2::write_reports(&reports[..reports.len().min(MOST_REPORTS)])))
}

/// The report as a link tells it, and the same again when it is told again. What is too long for a link stays as it
/// is.
pub fn rounded(report: Report) -> Report {
    match decode(&of_reports(std::slice::from_ref(&report))) {
        Ok(Link::Reports(mut reports)) => reports.pop().unwrap_or(report),
        Ok(Link::Experiment(_)) | Err(_) => report,
    }
}

/// What kind of thing a link carries.
#[derive(Clone, Copy)]
enum Kind {
    Experiment,
    Reports,
}

/// The letter of each kind, before its `=`.
const KINDS: [(u8, Kind); 2] = [(b'x', Kind::Experiment), (b'r', Kind::Reports)];

/// What follows a link that ends in a mark of Markdown: GitHub leaves that out. Every Lanes ignores it.
const GUARD: &str = "&end";

/// The version, the content and the checksum of both, as text.
fn sealed(version: u8, content: Vec<u8>) -> String {
    let mut bytes = vec![version];
    bytes.extend(content);
    bytes.extend(checksum(&bytes));
    let letters = URL_SAFE_NO_PAD.encode(bytes);
    if letters.ends_with(['_', '-']) { letters + GUARD } else { letters }
}

/// The content between the version and the checksum, which has to be right.
fn checked<'a>(bytes: &[u8], rest: &'a [u8]) -> Result<&'a [u8], LinkError> {
    let (content, sum) = rest.split_last_chunk::<2>().ok_or(LinkError::Damaged)?;
    let is_whole = *sum == checksum(&bytes[..bytes.len() - 2]);
    if is_whole { Ok(content) } else { Err(LinkError::Damaged) }
}

fn checksum(bytes: &[u8]) -> [u8; 2] {
    (fold(bytes.iter().copied().map(u64::from)) as u16).to_le_bytes()
}

#[cfg(test)]
mod tests;
