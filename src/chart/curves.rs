//! The chart of a comparison: the curves of one model on several machines, over each other.

use super::Chart;
use super::figure::{Figure, Metric};
use super::frame::{Frame, Lanes, Line, Room};
use super::look::Look;
use super::mark::Mark;
use super::scale::Axes;
use super::style::Style;
use crate::domain::{Model, Point};
use crate::stats::Estimate;

/// What is drawn of several machines.
#[derive(Clone, Copy, Debug)]
pub struct Curves<'a> {
    /// The model that is compared.
    pub model: Model,
    /// What is drawn against the lanes.
    pub metric: Metric,
    /// What the vertical axis says.
    pub title: &'a str,
    /// The curve of each machine: figures at lane counts, which ascend.
    pub curves: &'a [Vec<(u32, Estimate)>],
}

impl Curves<'_> {
    /// The chart of so many CSS pixels, across and down.
    pub fn chart(&self, size: (f64, f64)) -> Chart {
        let figure = |&(lanes, estimate): &(u32, Estimate)| {
            let point = Point { model: self.model, lanes };
            Figure { point, estimate, counts: true, samples: 0 }
        };
        // Machines stand a little beside each other, or those that do equally well would hide one another.
        let middle = (self.curves.len() as f64 - 1.0) / 2.0;
        let line = |(at, curve): (usize, &Vec<_>)| Line {
            style: Style::of_report(at),
            beside: 6.0 * (at as f64 - middle).clamp(-4.0, 4.0),
            figures: curve.iter().map(figure).collect(),
            is_baseline: false,
            has_band: false,
        };
        let lines: Vec<Line> = self.curves.iter().enumerate().map(line).collect();
        let figures: Vec<Figure> = lines.iter().flat_map(|line| &line.figures).copied().collect();
        let lanes = Lanes::new(figures.iter().map(|figure| figure.point.lanes));
        let room = Room { right: 20.0, top: 30.0, inset: 28.0 };
        let look = Look { metric: self.metric, axes: Axes::Log };
        let frame = Frame::new(size, room, look, &lanes, &figures, &[]);
        let drawn = lines.iter().zip(0..).map(|(line, at)| frame.line(line).keyed(at));
        let marks = vec![frame.axes(self.title, &lanes, &[]), Mark::group("lines", drawn.collect())];
        Chart { marks, figures, places: Vec::new() }
    }
}
