//! The points of a report: which they are, and what is known of each.

use super::super::LinkError;
use super::super::bits::{Reader, Writer};
use super::{MODELS, index_of, take_known};
use crate::domain::{Model, Point};
use crate::experiment::Experiment;
use crate::report::{Report, ReportPoint};
use crate::stats::Estimate;

/// The most points that are listed.
const MOST_POINTS: usize = 320;

/// The points that need not be listed, by the models' numbers and the lanes: `serial` at one lane, steps by
/// their bottleneck at the most lanes of a step, and every other model at every lane count.
pub fn usual_points(experiment: &Experiment) -> Vec<Point> {
    let mut points = Vec::new();
    for model in MODELS.iter().copied().filter(|model| experiment.models.contains(model)) {
        let mut lane_counts = match model {
            Model::Serial => vec![1],
            Model::ByBottleneck => experiment.steps.iter().map(|step| step.lanes).max().into_iter().collect(),
            _ => experiment.lane_counts.clone(),
        };
        lane_counts.sort_unstable();
        points.extend(lane_counts.into_iter().map(|lanes| Point { model, lanes }));
    }
    points
}

/// Reads a list of points.
pub fn take_points(reader: &mut Reader) -> Result<Vec<Point>, LinkError> {
    let count: usize = reader.number()?;
    if count > MOST_POINTS {
        return Err(LinkError::Damaged);
    }
    let mut points: Vec<Point> = Vec::new();
    for _ in 0..count {
        let point = take_point_name(reader)?;
        if point.lanes == 0 || points.contains(&point) {
            return Err(LinkError::Damaged);
        }
        points.push(point);
    }
    Ok(points)
}

/// Writes which point it is.
pub fn put_point_name(writer: &mut Writer, Point { model, lanes }: Point) {
    writer.number(index_of(MODELS, &model));
    writer.number(lanes);
}

/// Reads which point it is.
pub fn take_point_name(reader: &mut Reader) -> Result<Point, LinkError> {
    Ok(Point { model: take_known(reader, MODELS)?, lanes: reader.number()? })
}

/// Reads what is known of `point`: the samples and whether anything was wrong, then the time, then the interval
/// of the speed-up, whose figure follows from the times. The points of `report` so far have been read.
pub fn take_point(reader: &mut Reader, point: Point, report: &Report) -> Result<ReportPoint, LinkError> {
    let first: u64 = reader.number()?;
    let samples = u32::try_from(first >> 1).map_err(|_| LinkError::Damaged)?;
    let mut wrong = [0; 3];
    if first & 1 != 0 {
        for count in &mut wrong {
            *count = reader.number()?;
        }
    }
    let [failures, wrong_answers, idle_lanes] = wrong;
    let unknown = ReportPoint {
        point,
        samples,
        time_us: None,
        speed_up: None,
        idle_lanes,
        failures,
        wrong_answers,
        incomplete: 0,
    };
    if samples == 0 {
        return Ok(unknown);
    }
    let time_us = reader.estimate(1.0)?;
    let speed_up = match point.model {
        Model::Serial => Some(Estimate { value: 1.0, lo: 1.0, hi: 1.0 }),
        _ => take_speed_up(reader, point, time_us, report)?,
    };
    Ok(ReportPoint { time_us: Some(time_us), speed_up, ..unknown })
}

fn take_speed_up(
    reader: &mut Reader,
    point: Point,
    time_us: Estimate,
    report: &Report,
) -> Result<Option<Estimate>, LinkError> {
    let Some(down) = reader.number::<u64>()?.checked_sub(1) else { return Ok(None) };
    let up = reader.parts(1.0)?;
    let serial_us = report.serial().and_then(|serial| serial.time_us).ok_or(LinkError::Damaged)?;
    let copies = f64::from(report.experiment.scaling.copies(point.lanes));
    let value = copies * serial_us.value / time_us.value;
    if down > 1_000 || !value.is_finite() || value <= 0.0 {
        return Err(LinkError::Damaged);
    }
    let lo = value * (1.0 - down as f64 / 1e3);
    Ok(Some(Estimate { value, lo, hi: value * (1.0 + up / 1e3) }))
}
