//! Links: what stands behind the `#` of an address and carries an experiment or reports.
//!
//! `#x=` is an experiment to run, `#r=` one report or several. Behind it stand, as base64url: a byte for
//! the format's version, the content, and two bytes of a checksum, as a link that was cut or changed on
//! its way would show wrong figures. The content is a row of postcard's varints and strings
//! ([`bits`]); what is as usual is left out. Figures are as they were shown.
//!
//! **Versions.** A link is read as the version that made it was written, so nothing that a version rests
//! on may change with the code: [`v1`] has its own defaults and its own order of models and points. [`v2`] tells the
//! figures of reports as they were shown; experiments are still written in version 1. A new
//! thing in an experiment or a report takes a bit that was not used and needs no new version; a Lanes
//! that does not know the bit says that the link is newer than itself. A change that this does not allow
//! takes a new version, with a module that reads it, a function that makes the old one's content the new
//! one's, and links of every version that ever landed in the tests.

mod bits;
mod v1;
mod v2;

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::Report;
use crate::experiment::{Experiment, ExperimentError};
use crate::workload::fold;

/// The newest version: that in which reports are written.
pub const VERSION: u8 = 2;

/// The version in which experiments are written: they are the same in the newest.
const VERSION_OF_EXPERIMENTS: u8 = 1;

/// The most reports that one link can carry.
pub const MOST_REPORTS: usize = 16;

/// The longest link that is read, in characters behind the `#`: it bounds the memory that reading takes.
pub const LONGEST: usize = 16 * 1024;

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
    /// A part of it is missing or was changed.
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
            Self::Damaged => write!(
                f,
                "This link is damaged: a part of it is missing or was changed on its way. Copy the whole link \
                 again from where it came."
            ),
            Self::Experiment(error) => write!(f, "The experiment in this link cannot be run. {error}"),
        }
    }
}

impl std::error::Error for LinkError {}

/// Whether `text` means to be a link that carries something: a whole address, or what stands behind
/// its `#`, with it or without.
pub fn is_link(text: &str) -> bool {
    payload(text).is_some()
}

/// What the link `text` carries: a whole address, or what stands behind its `#`, with it or without.
///
/// # Errors
/// Why it cannot be read, in words for a visitor. Nothing that is read is run.
pub fn decode(text: &str) -> Result<Link, LinkError> {
    let (kind, payload) = payload(text).ok_or(LinkError::NoLink)?;
    if payload.len() > LONGEST {
        return Err(LinkError::TooLong);
    }
    let bytes = URL_SAFE_NO_PAD.decode(payload).map_err(|_| LinkError::Damaged)?;
    let (version, content) = match bytes.split_first() {
        Some((&version, _)) if version > VERSION => return Err(LinkError::Newer),
        Some((&version, rest)) if version > 0 => (version, checked(&bytes, rest)?),
        _ => return Err(LinkError::Damaged),
    };
    match (kind, version) {
        (Kind::Experiment, _) => v1::read_experiment(content).map(Link::Experiment),
        (Kind::Reports, 1) => v1::read_reports(content).map(Link::Reports),
        (Kind::Reports, _) => v2::read_reports(content).map(Link::Reports),
    }
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

#[derive(Clone, Copy)]
enum Kind {
    Experiment,
    Reports,
}

/// What kind of thing a link carries, and the letters that carry it. What stands behind an `&` says how to
/// look at it, which is for the page alone.
fn payload(text: &str) -> Option<(Kind, &str)> {
    let text = text.trim();
    let hash = text.split_once('#').map_or(text, |(_, hash)| hash);
    let hash = hash.split('&').next().unwrap_or_default();
    let strip = |prefix, kind| hash.strip_prefix(prefix).map(|payload| (kind, payload));
    strip("x=", Kind::Experiment).or_else(|| strip("r=", Kind::Reports))
}

/// The version, the content and the checksum of both, as text.
fn sealed(version: u8, content: Vec<u8>) -> String {
    let mut bytes = vec![version];
    bytes.extend(content);
    bytes.extend(checksum(&bytes));
    URL_SAFE_NO_PAD.encode(bytes)
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
