//! Version 2 of reports: every figure as it was shown.
//!
//! Version 1 tells times and has whoever reads it divide them, so that a speed-up becomes a ratio of medians, which is
//! not what was shown. Here a speed-up is told itself. Figures are in whole steps ([`Steps`]), in which they were made,
//! so that nothing is rounded on the way. A speed-up is written as how far it is from the ratio of the medians: that is
//! a letter or two, as the two seldom differ much.
//!
//! The experiment and the machine are written as in version 1, as are experiments by themselves: those links stay as
//! they are.
//!
//! [`Steps`]: crate::stats::Steps

mod figure;
mod point;

use super::LinkError;
use super::bits::{Reader, Writer};
use super::v1::report::{put_head, take_head};
use super::v1::{frozen_defaults, read_each, set_bits, take_bits};
use crate::experiment::Experiment;
use crate::report::Report;
use figure::{put_figure, take_figure};
use point::{put_point, take_point};

/// The figures that have no bit in the head that version 1 writes.
mod bit {
    pub const DRIFT: u32 = 1;
    pub const SPAWN: u32 = 1 << 1;
    /// Every bit that is in use.
    pub const ALL: u32 = (1 << 2) - 1;
}

/// The content of a link that carries reports.
pub fn write_reports(reports: &[Report]) -> Vec<u8> {
    let mut writer = Writer::default();
    writer.number(reports.len() as u32);
    let mut before = frozen_defaults();
    for report in reports {
        put_report(&mut writer, report, &before);
        before = report.experiment.clone();
    }
    writer.0
}

/// The reports that a link carries.
pub fn read_reports(content: &[u8]) -> Result<Vec<Report>, LinkError> {
    read_each(content, take_report)
}

fn put_report(writer: &mut Writer, report: &Report, before: &Experiment) {
    put_head(writer, report, before);
    writer.number(set_bits(&[(bit::DRIFT, report.drift.is_some()), (bit::SPAWN, report.spawn_us.is_some())]));
    for figure in [report.drift, report.spawn_us].into_iter().flatten() {
        put_figure(writer, figure);
    }
    report.points.iter().for_each(|known| put_point(writer, known, report));
}

fn take_report(reader: &mut Reader, before: Experiment) -> Result<Report, LinkError> {
    let (mut report, points) = take_head(reader, before)?;
    let bits = take_bits(reader, bit::ALL)?;
    let mut figure = |bit| if bits & bit != 0 { take_figure(reader).map(Some) } else { Ok(None) };
    (report.drift, report.spawn_us) = (figure(bit::DRIFT)?, figure(bit::SPAWN)?);
    for point in points {
        let known = take_point(reader, point, &report)?;
        report.points.push(known);
    }
    Ok(report)
}
