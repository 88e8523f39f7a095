//! The chart of one run: a figure of every point against its lanes, and a line for each model.

use super::Chart;
use super::frame::{Frame, Lanes, Line, Room};
use super::look::Look;
use super::mark::Mark;
use super::style::Style;
use crate::domain::{Model, Point};
use crate::format;
use crate::summary::Summary;

/// From this width on, in CSS pixels, there is room for names at the ends of the lines.
const WIDE: f64 = 560.0;

/// What is drawn of one run.
#[derive(Clone, Copy, Debug)]
pub struct Run<'a> {
    /// What is known of every point.
    pub summary: &'a Summary,
    /// What is drawn against the lanes, and on which axes.
    pub look: Look,
    /// The models that are left out.
    pub hidden: &'a [Model],
    /// The cores that the browser reports.
    pub reported_cores: Option<u32>,
    /// The cores that the run made use of, once that is known.
    pub measured_cores: Option<u32>,
    /// The point that is read out.
    pub selected: Option<Point>,
    /// The trial that runs, and how much of it is done, of 1.
    pub in_progress: Option<(Point, f64)>,
}

impl Run<'_> {
    /// The chart of so many CSS pixels, across and down.
    pub fn chart(&self, size: (f64, f64)) -> Chart {
        let Self { summary, look, hidden, selected, .. } = *self;
        let metric = look.metric;
        let is_wide = size.0 >= WIDE;
        let room = if is_wide {
            Room { right: 186.0, top: 48.0, inset: 40.0 }
        } else {
            Room { right: 10.0, top: 48.0, inset: 24.0 }
        };
        let models = models_of(summary);
        let is_shown = |model: Model| !hidden.contains(&model);
        let mut figures = metric.figures(summary);
        figures.retain(|figure| is_shown(figure.point.model));
        let lanes = Lanes::new(summary.points.iter().map(|known| known.point.lanes));

        let scaling = summary.scaling();
        let serial = figures.iter().find(|figure| figure.point.model == Model::Serial);
        let serial = serial.map(|figure| figure.estimate.value);
        let curve = |speed_up: &dyn Fn(f64) -> f64| -> Vec<(f64, f64)> {
            let at = |lanes| Some((lanes, metric.at(speed_up(lanes), lanes, serial, scaling)?));
            lanes.steps().filter_map(at).collect()
        };
        // More lanes than cores cannot do better, so the ideal stops there.
        let cores = f64::from(self.reported_cores.unwrap_or(2));
        let ideal = curve(&|lanes| lanes.min(cores));
        let frame = Frame::new(size, room, look, &lanes, &figures, &ideal);

        let of_model = |&model: &Model| Line {
            style: Style::from(model),
            beside: beside(model, &models),
            figures: figures.iter().filter(|figure| figure.point.model == model).copied().collect(),
            is_baseline: model == Model::Serial,
            has_band: true,
        };
        let lines: Vec<Line> = models.iter().filter(|&&model| is_shown(model)).map(of_model).collect();
        let places: Vec<(Point, (f64, f64))> = figures
            .iter()
            .map(|figure| (figure.point, frame.place(figure, beside(figure.point.model, &models))))
            .collect();
        let place = |point: Point| places.iter().find(|(other, _)| *other == point).map(|(_, place)| *place);

        let fit = selected.and_then(|Point { model, .. }| {
            let law = summary.curves.iter().find(|curve| curve.model == model)?.usl?;
            let fit = curve(&|lanes| law.speed_up(lanes));
            Some(frame.curve("fit", &fit, beside(model, &models)).of(Style::from(model).class))
        });
        let growing = self.in_progress.filter(|(point, _)| is_shown(point.model)).map(|(point, done)| {
            let at = place(point).ok_or((point.lanes, beside(point.model, &models)));
            frame.growing(Style::from(point.model), at, done)
        });
        let ring = selected.and_then(|point| Some(frame.selected(Style::from(point.model), place(point)?)));
        let names = is_wide.then(|| frame.names(&lines, &ideal));
        let drawn = lines.iter().zip(&models).map(|(line, &model)| frame.line(line).keyed(model as u32));
        let marks = vec![
            frame.axes(metric.axis(scaling), &lanes, &core_rules(self.reported_cores, self.measured_cores)),
            frame.curve("ideal-line", &ideal, 0.0),
            Mark::group("fits", fit.into_iter().collect()),
            Mark::group("lines", drawn.collect()),
            Mark::group("names", names.into_iter().collect()),
            Mark::group("readings", growing.into_iter().chain(ring).collect()),
        ];
        Chart { marks, figures, places }
    }
}

/// The models of the points, each once, in their order.
pub fn models_of(summary: &Summary) -> Vec<Model> {
    let mut models: Vec<Model> = summary.points.iter().map(|known| known.point.model).collect();
    models.dedup();
    models
}

/// How far right of their lanes a model's points stand. Models stand a little beside each other, or those that
/// do equally well would hide one another.
fn beside(model: Model, models: &[Model]) -> f64 {
    const BESIDE: f64 = 7.0;
    let others = models.iter().filter(|&&model| model != Model::Serial);
    let place = others.clone().position(|&other| other == model);
    let middle = (others.count() as f64 - 1.0) / 2.0;
    BESIDE * place.map_or(-middle - 1.0, |place| place as f64 - middle)
}

/// What is written on the rules at the reported and the measured cores, with their lanes.
fn core_rules(reported: Option<u32>, measured: Option<u32>) -> Vec<(u32, String)> {
    let cores = |cores, how: &str| (cores, format!("{} {how}", format::count(cores, "core")));
    match (reported, measured) {
        (Some(both), Some(measured)) if both == measured => vec![cores(both, "reported and measured")],
        (reported, measured) => {
            let reported = reported.map(|reported| cores(reported, "reported"));
            reported.into_iter().chain(measured.map(|measured| cores(measured, "measured"))).collect()
        }
    }
}
