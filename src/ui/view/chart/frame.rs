//! Where things lie in the chart's picture, in CSS pixels.

use crate::chart::{Figure, Metric, Scale};
use crate::domain::{Model, Point, Scaling};
use crate::ui::text;

use super::Props;

/// From this width on, there is room for labels at the ends of the lines.
const WIDE: f64 = 560.0;

/// The picture's measures.
#[derive(Clone, Debug, PartialEq)]
pub struct Frame {
    /// The picture's width.
    pub width: f64,
    /// The picture's height.
    pub height: f64,
    /// The left end of the horizontal axis.
    pub left: f64,
    /// The right end of the horizontal axis.
    pub right: f64,
    /// The upper end of the vertical axis.
    pub top: f64,
    /// The lower end of the vertical axis.
    pub bottom: f64,
    /// Lanes to pixels.
    pub x: Scale,
    /// Figures to pixels.
    pub y: Scale,
    /// What is drawn.
    pub metric: Metric,
    /// What grows with the lanes.
    pub scaling: Scaling,
    /// The lane counts, ascending.
    pub lane_counts: Vec<u32>,
    /// The rules at the reported and the measured cores: their lanes, and what is written on them.
    pub rules: Vec<(u32, String)>,
    /// The ideal figure, at a row of lanes.
    pub ideal: Vec<(f64, f64)>,
    /// The model that is read out, and the figure that its law of scaling gives at a row of lanes.
    pub fit: Option<(Model, Vec<(f64, f64)>)>,
    models: Vec<Model>,
}

impl Frame {
    /// The measures for a picture of `size` in which `figures` are drawn.
    pub fn new(size: (f64, f64), props: &Props, models: &[Model], figures: &[Figure]) -> Self {
        let (width, height) = size;
        let wide = width >= WIDE;
        let (left, right) = (52.0, (width - if wide { 186.0 } else { 10.0 }).max(120.0));
        let (top, bottom) = (48.0, (height - 44.0).max(90.0));

        let mut lane_counts: Vec<u32> = props.summary.points.iter().map(|p| p.point.lanes).collect();
        lane_counts.sort_unstable();
        lane_counts.dedup();
        let fewest = f64::from(lane_counts.first().copied().unwrap_or(1));
        let most = f64::from(lane_counts.last().copied().unwrap_or(1));
        // A single lane count stands in the middle.
        let lanes = if fewest < most { (fewest, most) } else { (fewest / 2.0, fewest * 2.0) };
        let inset = if wide { 40.0 } else { 24.0 };
        let x = Scale::new(props.axes, lanes, (left + inset, right - inset));

        let (cores, scaling) = (f64::from(props.cores), props.summary.scaling());
        let serial = figures.iter().find(|f| f.point.model == Model::Serial).map(|f| f.estimate.value);
        // Between whole lanes such a curve is a straight line on both log axes, but not on others.
        const STEPS: u32 = 48;
        let step = |i: u32| lanes.0 * (lanes.1 / lanes.0).powf(f64::from(i) / f64::from(STEPS));
        let curve = |speed_up: &dyn Fn(f64) -> f64| -> Vec<(f64, f64)> {
            let at = |lanes| Some((lanes, props.metric.at(speed_up(lanes), lanes, serial, scaling)?));
            (0..=STEPS).map(step).filter_map(at).collect()
        };
        // More lanes than cores cannot do better, so the ideal stops there.
        let ideal = curve(&|lanes| lanes.min(cores));
        let fit = props.selected.and_then(|point| {
            let law = props.summary.curves.iter().find(|curve| curve.model == point.model)?.usl?;
            Some((point.model, curve(&|lanes| law.speed_up(lanes))))
        });
        let ideal_values: Vec<f64> = ideal.iter().map(|&(_, value)| value).collect();
        let y = props.metric.scale(props.axes, figures, &ideal_values, (bottom, top));
        Self {
            width,
            height,
            left,
            right,
            top,
            bottom,
            x,
            y,
            metric: props.metric,
            scaling,
            lane_counts,
            rules: text::core_rules(props.reported_cores, props.measured_cores),
            ideal,
            fit,
            models: models.to_vec(),
        }
    }

    /// Whether there is room for labels at the ends of the lines.
    pub fn is_wide(&self) -> bool {
        self.width >= WIDE
    }

    /// The horizontal place of a point.
    pub fn x_of(&self, point: Point) -> f64 {
        self.x.place(point.lanes.into()) + self.beside(point.model)
    }

    /// How far right of their lanes a model's points stand. Models stand a little beside each other,
    /// or those that do equally well would hide one another.
    pub fn beside(&self, model: Model) -> f64 {
        const BESIDE: f64 = 7.0;
        let others = self.models.iter().filter(|&&model| model != Model::Serial);
        let place = others.clone().position(|&other| other == model);
        let middle = (others.count() as f64 - 1.0) / 2.0;
        BESIDE * place.map_or(-middle - 1.0, |place| place as f64 - middle)
    }

    /// The place of a figure.
    pub fn place(&self, figure: &Figure) -> (f64, f64) {
        (self.x_of(figure.point), self.y.place(figure.estimate.value))
    }

    /// The place of so many lanes, where it lies within the axis.
    pub fn x_of_lanes(&self, lanes: u32) -> Option<f64> {
        let lanes = f64::from(lanes);
        self.x.holds(lanes).then(|| self.x.place(lanes))
    }
}

/// A path through `places`.
pub fn path(places: impl IntoIterator<Item = (f64, f64)>) -> String {
    let mut path = String::new();
    for (x, y) in places {
        path.push_str(if path.is_empty() { "M" } else { "L" });
        path.push_str(&format!("{x:.1} {y:.1}"));
    }
    path
}
