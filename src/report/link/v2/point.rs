//! What is known of a point.

use super::super::LinkError;
use super::super::bits::{Reader, Writer};
use super::figure::{put_figure, put_ratio, take_figure, take_ratio};
use crate::domain::{Model, Point};
use crate::report::{Report, ReportPoint};
use crate::stats::{Estimate, Steps};

/// The samples and whether anything was wrong, then the time, then the speed-up.
pub fn put_point(writer: &mut Writer, known: &ReportPoint, report: &Report) {
    let wrong = [known.failures, known.wrong_answers, known.idle_lanes, known.incomplete];
    let is_wrong = wrong != [0; 4];
    let samples = if known.time_us.is_some() { known.samples } else { 0 };
    writer.number(u64::from(samples) << 1 | u64::from(is_wrong));
    if is_wrong {
        wrong.into_iter().for_each(|count| writer.number(count));
    }
    let Some(time_us) = known.time_us.filter(|_| samples > 0) else { return };
    put_figure(writer, time_us);
    if known.point.model != Model::Serial {
        put_ratio(writer, known.speed_up, expected(known.point, time_us, report));
    }
}

/// Reads what is known of `point`; the points of `report` so far have been read.
pub fn take_point(reader: &mut Reader, point: Point, report: &Report) -> Result<ReportPoint, LinkError> {
    let first: u64 = reader.number()?;
    let samples = u32::try_from(first >> 1).map_err(|_| LinkError::Damaged)?;
    let mut wrong = [0; 4];
    if first & 1 != 0 {
        for count in &mut wrong {
            *count = reader.number()?;
        }
    }
    let [failures, wrong_answers, idle_lanes, incomplete] = wrong;
    let known = ReportPoint {
        point,
        samples,
        time_us: None,
        speed_up: None,
        idle_lanes,
        failures,
        wrong_answers,
        incomplete,
    };
    if samples == 0 {
        return Ok(known);
    }
    let time_us = take_figure(reader)?;
    let speed_up = match point.model {
        Model::Serial => Some(Estimate { value: 1.0, lo: 1.0, hi: 1.0 }),
        _ => take_ratio(reader, expected(point, time_us, report))?,
    };
    Ok(ReportPoint { time_us: Some(time_us), speed_up, ..known })
}

/// The ratio of the medians in steps: what a speed-up is near to. Nothing where there is none.
fn expected(point: Point, time_us: Estimate, report: &Report) -> i32 {
    let copies = f64::from(report.experiment.scaling.copies(point.lanes));
    let serial_us = report.serial().and_then(|serial| serial.time_us);
    let ratio = serial_us.map(|serial_us| copies * serial_us.value / time_us.value);
    let steps = ratio.and_then(|value| Steps::of(Estimate { value, lo: value, hi: value }));
    steps.map_or(0, |steps| steps.value)
}
