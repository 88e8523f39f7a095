//! Version 1: what its bits and numbers mean. They are kept for good, whatever the code becomes.

mod experiment;
mod network;
mod point;
#[cfg(test)]
mod poster;
pub mod report;

use super::bits::{Reader, Writer};
use super::{LinkError, MOST_REPORTS};
use crate::domain::Model;
use crate::experiment::Experiment;
use crate::report::Report;
pub use experiment::frozen_defaults;
use experiment::{put_experiment, take_experiment};
use report::take_report;

/// Gives each variant its number in links: its place. New ones are appended. A variant without a number does not
/// compile, as a link could not carry it.
macro_rules! by_number {
    ($name:ident: $type:ident [$($variant:ident),* $(,)?]) => {
        const $name: &[$type] = &[$($type::$variant),*];
        const _: fn($type) = |variant| match variant { $($type::$variant => ()),* };
    };
}
use by_number;

by_number!(MODELS: Model [Serial, Threads, ThreadsGil, Processes, Async, ByBottleneck]);

/// The content of a link that carries an experiment.
pub fn write_experiment(experiment: &Experiment) -> Vec<u8> {
    let mut writer = Writer::default();
    put_experiment(&mut writer, experiment);
    writer.0
}

/// The experiment that a link carries.
pub fn read_experiment(content: &[u8]) -> Result<Experiment, LinkError> {
    let mut reader = Reader(content);
    let experiment = take_experiment(&mut reader)?;
    reader.end()?;
    Ok(experiment)
}

/// The reports that a link carries.
pub fn read_reports(content: &[u8]) -> Result<Vec<Report>, LinkError> {
    read_each(content, take_report)
}

/// The reports that a link carries, each read by `take`, which knows the experiment of the one before.
pub fn read_each(
    content: &[u8],
    take: fn(&mut Reader, Experiment) -> Result<Report, LinkError>,
) -> Result<Vec<Report>, LinkError> {
    let mut reader = Reader(content);
    let count: usize = reader.number()?;
    if !(1..=MOST_REPORTS).contains(&count) {
        return Err(LinkError::Damaged);
    }
    let mut reports: Vec<Report> = Vec::new();
    let mut before = frozen_defaults();
    for _ in 0..count {
        let report = take(&mut reader, before)?;
        before = report.experiment.clone();
        reports.push(report);
    }
    reader.end()?;
    Ok(reports)
}

/// Those of the bits that are set.
pub fn set_bits(bits: &[(u32, bool)]) -> u32 {
    bits.iter().filter(|(_, set)| *set).fold(0, |bits, (bit, _)| bits | bit)
}

/// Bits, all of which have to be known here.
pub fn take_bits(reader: &mut Reader, known: u32) -> Result<u32, LinkError> {
    let bits: u32 = reader.number()?;
    if bits & !known == 0 { Ok(bits) } else { Err(LinkError::Newer) }
}

/// How many things follow: no link has more than there are letters left.
fn take_count(reader: &mut Reader) -> Result<usize, LinkError> {
    let count: usize = reader.number()?;
    if count <= reader.0.len() { Ok(count) } else { Err(LinkError::CutOff) }
}

/// The number of `value` among all its variants; see [`by_number`].
fn index_of<T: PartialEq>(known: &[T], value: &T) -> u32 {
    known.iter().position(|known| known == value).expect("every variant has its number") as u32
}

fn take_known<T: Copy>(reader: &mut Reader, known: &[T]) -> Result<T, LinkError> {
    known.get(reader.number::<usize>()?).copied().ok_or(LinkError::Newer)
}

/// The number of `value` after 0, or 0 and its name.
fn put_known<T: PartialEq>(writer: &mut Writer, known: &[T], value: &T, name: &str) {
    match known.iter().position(|known| known == value) {
        Some(number) => writer.number(number as u32 + 1),
        None => {
            writer.number(0_u32);
            writer.text(name);
        }
    }
}
