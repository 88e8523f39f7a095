//! What a frame shows before the reader asks for a run: the experiment in a sentence and, if there is a
//! recorded report, what it says and its points. It is a program of its own, and small: no interface code.

use std::fmt::Write;

use crate::experiment::Model;
use crate::report::Report;
use crate::ui::figure::{Figure, Metric};
use crate::ui::marker::{class_of, outline_of};
use crate::ui::scale::{Axes, Scale, spread};
use crate::ui::text;
use crate::verdict::Verdict;

use super::Setup;

/// How high the picture is, in CSS pixels: as the chart that takes its place.
const HEIGHT: f64 = 288.0;

/// What is shown.
#[derive(Clone, Debug, PartialEq)]
pub struct Poster {
    /// The experiment in a sentence.
    pub sentence: String,
    /// What the report says; empty if there is none.
    pub verdict: String,
    /// That it was recorded, and where; empty if there is none.
    pub recorded: String,
    /// What was asked for and cannot be had.
    pub problems: String,
    /// The picture's shapes, each with what stands in a line for `www/embed-frame.js`: the name of an SVG
    /// element, its class, its text, and its attributes' names and values by turns, with tabs between them.
    pub shapes: Vec<String>,
}

impl Poster {
    /// What is shown of `setup` in a frame of this `width`, in CSS pixels.
    pub fn of(setup: &Setup, width: f64) -> Self {
        let experiment = setup.settings.experiment();
        let sentence = experiment.as_ref().map(text::experiment).unwrap_or_default();
        let report = setup.recorded.as_ref().filter(|report| report.has_figures());
        let verdict = report.and_then(|report| Verdict::of(&report.summary()));
        Self {
            sentence,
            verdict: verdict.map(|verdict| verdict.to_string()).unwrap_or_default(),
            recorded: report.map(recorded).unwrap_or_default(),
            problems: setup.problems.join(" "),
            shapes: report.map(|report| picture(report, setup.metric, width)).unwrap_or_default(),
        }
    }

    /// All of it, in the order of the fields.
    pub fn into_lines(self) -> Vec<String> {
        let mut lines = vec![self.sentence, self.verdict, self.recorded, self.problems];
        lines.extend(self.shapes);
        lines
    }
}

fn recorded(report: &Report) -> String {
    format!("Recorded on another machine ({}). Run it to see what yours says.", report.title())
}

/// The axes and, for each model, a line with a marker at every point and the interval through it.
fn picture(report: &Report, metric: Metric, width: f64) -> Vec<String> {
    let summary = report.summary();
    let figures = metric.figures(&summary);
    let (left, right, top, bottom) = (52.0, (width - 130.0).max(160.0), 28.0, HEIGHT - 44.0);
    let mut lanes: Vec<u32> = figures.iter().map(|figure| figure.point.lanes).collect();
    lanes.sort_unstable();
    lanes.dedup();
    let (Some(&fewest), Some(&most)) = (lanes.first(), lanes.last()) else { return Vec::new() };
    // A single lane count stands in the middle.
    let ends = if fewest < most {
        (f64::from(fewest), f64::from(most))
    } else {
        (f64::from(fewest) / 2.0, f64::from(fewest) * 2.0)
    };
    let x = Scale::new(Axes::Log, ends, (left + 24.0, right - 24.0));
    let y = metric.scale(Axes::Log, &figures, &[], (bottom, top));

    let mut shapes =
        vec![shape("text", "title", metric.axis(summary.scaling()), &[("x", left), ("y", 13.0)])];
    for tick in metric.ticks(&y) {
        let at = y.place(tick);
        shapes.push(shape("line", "grid", "", &[("x1", left), ("x2", right), ("y1", at), ("y2", at)]));
        shapes.push(shape(
            "text",
            "tick end",
            &metric.write_tick(tick),
            &[("x", left - 8.0), ("y", at + 4.0)],
        ));
    }
    for &count in &lanes {
        let at = x.place(f64::from(count));
        let label = count.to_string();
        shapes.push(shape("line", "grid", "", &[("x1", at), ("x2", at), ("y1", top), ("y2", bottom + 5.0)]));
        shapes.push(shape("text", "tick middle", &label, &[("x", at), ("y", bottom + 19.0)]));
    }
    shapes.push(shape("text", "title middle", "lanes", &[("x", (left + right) / 2.0), ("y", bottom + 38.0)]));

    let place = |figure: &Figure| (x.place(f64::from(figure.point.lanes)), y.place(figure.estimate.value));
    let mut labels: Vec<(Model, f64)> = Vec::new();
    for model in Model::ALL {
        let of_model: Vec<&Figure> = figures.iter().filter(|figure| figure.point.model == model).collect();
        let Some(last) = of_model.last() else { continue };
        labels.push((model, place(last).1));
        let mut line = String::new();
        for figure in &of_model {
            let (x, y) = place(figure);
            let _ = write!(line, "{}{x:.1} {y:.1}", if line.is_empty() { 'M' } else { 'L' });
        }
        shapes.push(drawn("line", model, &line, ""));
        for figure in of_model {
            let (at, value) = place(figure);
            let (up, down) = (y.place(figure.estimate.hi) - value, y.place(figure.estimate.lo) - value);
            let whisker = format!("M0 {up:.1}V{down:.1}M-4 {up:.1}H4M-4 {down:.1}H4");
            let move_to = format!("translate({at:.1} {value:.1})");
            shapes.push(drawn("whisker", model, &whisker, &move_to));
            shapes.push(drawn("marker", model, outline_of(model), &move_to));
        }
    }
    let wanted: Vec<f64> = labels.iter().map(|&(_, y)| y).collect();
    for (&(model, _), at) in labels.iter().zip(spread(&wanted, 16.0, top, bottom)) {
        let class = format!("end-label {}", class_of(model));
        shapes.push(shape("text", &class, model.name(), &[("x", right + 8.0), ("y", at + 4.0)]));
    }
    shapes
}

fn shape(element: &str, class: &str, text: &str, attributes: &[(&str, f64)]) -> String {
    let mut line = format!("{element}\t{class}\t{text}");
    for (name, value) in attributes {
        let _ = write!(line, "\t{name}\t{value:.1}");
    }
    line
}

fn drawn(class: &str, model: Model, path: &str, transform: &str) -> String {
    format!("path\t{class} {}\t\td\t{path}\ttransform\t{transform}", class_of(model))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{examples, link};

    #[test]
    fn without_a_report_it_is_the_sentence() {
        let poster = Poster::of(&Setup::read(&[], "", 2), 600.0);
        assert!(poster.sentence.starts_with("Run the cosine sum"));
        assert_eq!((poster.verdict, poster.recorded, poster.shapes.len()), Default::default());
    }

    #[test]
    fn a_report_is_drawn_as_far_as_it_has_figures_and_said_to_be_recorded() {
        let report = examples::report(4, 5e5, 1);
        let poster =
            Poster::of(&Setup::read(&[], &link::of_reports(std::slice::from_ref(&report)), 2), 600.0);
        assert!(poster.recorded.starts_with("Recorded on another machine ("), "{}", poster.recorded);
        let markers = poster.shapes.iter().filter(|shape| shape.starts_with("path\tmarker")).count();
        assert_eq!(markers, report.points.iter().filter(|point| point.speed_up.is_some()).count());
        assert!(markers > 0 && poster.shapes.iter().all(|shape| !shape.contains("NaN")));
    }

    #[test]
    fn what_cannot_be_had_is_told() {
        assert!(Poster::of(&Setup::read(&[], "#r=broken", 2), 600.0).problems.contains("damaged"));
    }
}
