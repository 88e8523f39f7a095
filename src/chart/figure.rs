//! What a point of the chart shows: one of four readings of the same times.

use strum::{IntoStaticStr, VariantArray};

use crate::domain::{Model, Point, Scaling};
use crate::format;
use crate::stats::Estimate;
use crate::summary::{PointSummary, Summary};

use super::scale::{Axes, Scale, quarter_octaves};

/// What is drawn against the lanes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "kebab-case")]
pub enum Metric {
    /// The serial time over the point's.
    #[default]
    SpeedUp,
    /// The time itself, in µs.
    Time,
    /// The speed-up over the lanes: how much of every lane is of use.
    Efficiency,
    /// How often the whole workload is done in a second, by all lanes together.
    Throughput,
}

/// One point as it is drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Figure {
    /// The model and lane count.
    pub point: Point,
    /// The figure with its interval.
    pub estimate: Estimate,
    /// Whether it rests on a sample that counts; the warm-up does not.
    pub counts: bool,
    /// How many samples count.
    pub samples: u32,
}

impl Metric {
    /// Every metric, in the order of the switch.
    pub const ALL: &[Self] = Self::VARIANTS;

    /// The metric's name in attributes and links.
    pub fn id(self) -> &'static str {
        self.into()
    }

    /// The metric of that name in attributes and links.
    pub fn of_id(id: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|metric| metric.id() == id)
    }

    /// The metric's name for people.
    pub const fn name(self) -> &'static str {
        match self {
            Metric::SpeedUp => "Speed-up",
            Metric::Time => "Time",
            Metric::Efficiency => "Efficiency",
            Metric::Throughput => "Throughput",
        }
    }

    /// What the vertical axis says.
    pub const fn axis(self, scaling: Scaling) -> &'static str {
        match (self, scaling) {
            (Metric::SpeedUp, Scaling::Strong) => "times as fast as serial",
            (Metric::SpeedUp, Scaling::Weak) => "times as much as serial in the same time",
            (Metric::Time, Scaling::Strong) => "time of the whole workload",
            (Metric::Time, Scaling::Weak) => "time of one workload for every lane",
            (Metric::Efficiency, _) => "speed-up per lane",
            (Metric::Throughput, _) => "workloads done per second",
        }
    }

    /// A figure for people.
    pub fn write(self, value: f64) -> String {
        match self {
            Metric::SpeedUp => format::speed_up(value),
            Metric::Time => format::duration(value),
            Metric::Efficiency => format::percent(value),
            Metric::Throughput => format::rate(value),
        }
    }

    /// An interval for people.
    pub fn write_interval(self, estimate: Estimate) -> String {
        let Estimate { lo, hi, .. } = estimate;
        match self {
            Metric::SpeedUp => format::ratio_interval(lo, hi),
            Metric::Time => format::duration_interval(lo, hi),
            Metric::Efficiency => format::percent_interval(lo, hi),
            Metric::Throughput => format::rate_interval(lo, hi),
        }
    }

    /// A tick of the axis for people.
    pub fn write_tick(self, value: f64) -> String {
        match self {
            Metric::SpeedUp => format::ratio_tick(value),
            Metric::Time => format::duration_tick(value),
            Metric::Efficiency => format::percent(value),
            Metric::Throughput => format::rate_tick(value),
        }
    }

    /// What the samples that count say of one point.
    pub fn counted(self, summary: &PointSummary) -> Option<Estimate> {
        let lanes = f64::from(summary.point.lanes);
        match self {
            Metric::SpeedUp => summary.speed_up,
            Metric::Efficiency => summary.speed_up.map(|s| each(s, |value| value / lanes)),
            Metric::Time => summary.time_us,
            Metric::Throughput => summary.time_us.map(|time| per_second(time).times(summary.copies.into())),
        }
    }

    /// The figure of one point; `serial_us` stands in for the baseline until that counts.
    pub fn figure(self, summary: &PointSummary, serial_us: Option<f64>) -> Option<Figure> {
        let lanes = f64::from(summary.point.lanes);
        let figure = |estimate, counts| {
            let point = summary.point;
            Figure { point, estimate, counts, samples: summary.samples }
        };
        if let Some(estimate) = self.counted(summary) {
            return Some(figure(estimate, true));
        }
        let warm_up = summary.warm_up_us.or(summary.time_us.map(|time| time.value))?;
        let copies = f64::from(summary.copies);
        let value = match self {
            Metric::SpeedUp => copies * serial_us? / warm_up,
            Metric::Efficiency => copies * serial_us? / warm_up / lanes,
            Metric::Time => warm_up,
            Metric::Throughput => copies * 1e6 / warm_up,
        };
        Some(figure(Estimate { value, lo: value, hi: value }, false))
    }

    /// Every point of `summary` that has a figure, in its order.
    pub fn figures(self, summary: &Summary) -> Vec<Figure> {
        let serial = summary.points.iter().find(|p| p.point.model == Model::Serial);
        let serial_us = serial.and_then(|p| p.warm_up_us.or(p.time_us.map(|time| time.value)));
        summary.points.iter().filter_map(|point| self.figure(point, serial_us)).collect()
    }

    /// The figure of so many `lanes` with that speed-up, given the serial figure.
    pub fn at(self, speed_up: f64, lanes: f64, serial: Option<f64>, scaling: Scaling) -> Option<f64> {
        let copies = if scaling == Scaling::Weak { lanes } else { 1.0 };
        match self {
            Metric::SpeedUp => Some(speed_up),
            Metric::Efficiency => Some(speed_up / lanes),
            Metric::Time => serial.map(|time| copies * time / speed_up),
            Metric::Throughput => serial.map(|rate| rate * speed_up),
        }
    }

    /// The vertical axis for `figures` and the `ideal`, over `range` pixels: bottom, top. A part of one
    /// is always drawn on a linear axis.
    pub fn scale(self, kind: Axes, figures: &[Figure], ideal: &[f64], range: (f64, f64)) -> Scale {
        let values = figures
            .iter()
            .flat_map(|figure| [figure.estimate.lo, figure.estimate.hi])
            .chain(ideal.iter().copied())
            .filter(|value| *value > 0.0);
        let (lo, hi) = values.fold((f64::INFINITY, 0.0), |(lo, hi), v| (v.min(lo), v.max(hi)));
        let domain = match self {
            Metric::Efficiency => {
                return Scale::new(Axes::Linear, (0.0, if hi > 1.2 { 1.6 } else { 1.2 }), range);
            }
            _ if kind == Axes::Linear => {
                let least = if self == Metric::SpeedUp { 2.0 } else { 0.0 };
                let hi = if hi > 0.0 { hi.max(least) } else { 1e6 };
                return Scale::new(Axes::Linear, (0.0, quarter_octaves(hi, hi).1), range);
            }
            // One is in the picture, whatever was measured: above it, lanes help.
            Metric::SpeedUp => quarter_octaves(lo.min(0.9), hi.max(2.0)),
            Metric::Time if hi == 0.0 => (1e4, 1e6),
            Metric::Throughput if hi == 0.0 => (1.0, 1e2),
            Metric::Time | Metric::Throughput => quarter_octaves(lo, hi.max(lo * 2.0)),
        };
        Scale::new(Axes::Log, domain, range)
    }

    /// The values that the vertical axis is labelled with.
    pub fn ticks(self, scale: &Scale) -> Vec<f64> {
        match self {
            // Over more than six octaves, powers of two would be as odd as any other numbers.
            Metric::SpeedUp if scale.kind() == Axes::Log && scale.octaves() < 6.0 => scale.ticks_of_two(),
            Metric::Efficiency => {
                (0..=8).map(|i| f64::from(i) * 0.2).filter(|&tick| scale.holds(tick)).collect()
            }
            _ => scale.ticks(),
        }
    }
}

fn each(estimate: Estimate, f: impl Fn(f64) -> f64) -> Estimate {
    Estimate { value: f(estimate.value), lo: f(estimate.lo), hi: f(estimate.hi) }
}

/// A time in µs as how often a second; the ends of the interval change places.
fn per_second(time_us: Estimate) -> Estimate {
    Estimate { value: 1e6 / time_us.value, lo: 1e6 / time_us.hi, hi: 1e6 / time_us.lo }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unknown(model: Model, lanes: u32) -> PointSummary {
        PointSummary::unknown(Point { model, lanes })
    }

    fn estimate(lo: f64, value: f64, hi: f64) -> Estimate {
        Estimate { value, lo, hi }
    }

    #[test]
    fn each_metric_reads_the_same_point_its_way() {
        let point = PointSummary {
            samples: 5,
            time_us: Some(estimate(4e5, 5e5, 8e5)),
            speed_up: Some(estimate(1.8, 1.9, 2.0)),
            ..unknown(Model::Processes, 2)
        };
        let read = |metric: Metric| metric.figure(&point, None).unwrap().estimate;
        assert_eq!(read(Metric::SpeedUp), estimate(1.8, 1.9, 2.0));
        assert_eq!(read(Metric::Efficiency), estimate(0.9, 0.95, 1.0));
        assert_eq!(read(Metric::Time), estimate(4e5, 5e5, 8e5));
        assert_eq!(read(Metric::Throughput), estimate(1.25, 2.0, 2.5));
    }

    #[test]
    fn a_warm_up_is_drawn_and_does_not_count() {
        let summary = Summary {
            points: vec![
                PointSummary { warm_up_us: Some(8e5), ..unknown(Model::Serial, 1) },
                PointSummary { warm_up_us: Some(4e5), ..unknown(Model::Threads, 2) },
                unknown(Model::Processes, 2),
            ],
            ..Summary::default()
        };
        let figures = Metric::SpeedUp.figures(&summary);
        let read: Vec<_> = figures.iter().map(|f| (f.point.model, f.estimate.value, f.counts)).collect();
        assert_eq!(read, [(Model::Serial, 1.0, false), (Model::Threads, 2.0, false)]);
    }

    #[test]
    fn a_linear_axis_begins_at_zero_and_holds_everything() {
        let point = PointSummary { warm_up_us: Some(8e5), ..unknown(Model::Serial, 1) };
        let figures: Vec<_> = Metric::Time.figure(&point, None).into_iter().collect();
        let scale = Metric::Time.scale(Axes::Linear, &figures, &[9e5], (300.0, 0.0));
        assert!(scale.holds(0.0) && scale.holds(9e5) && !scale.holds(2e6));
        assert_eq!(scale.place(0.0), 300.0);
        assert_eq!(
            Metric::ALL.iter().copied().map(|metric| Metric::of_id(metric.id())),
            Metric::ALL.iter().copied().map(Some)
        );
        assert_eq!(Metric::of_id("warmth"), None);
    }

    #[test]
    fn a_speed_up_is_read_in_every_metric() {
        let at = |metric: Metric, serial| metric.at(4.0, 8.0, serial, Scaling::Strong);
        assert_eq!(at(Metric::SpeedUp, None), Some(4.0));
        assert_eq!(at(Metric::Efficiency, None), Some(0.5));
        assert_eq!(at(Metric::Time, Some(8e5)), Some(2e5));
        assert_eq!(at(Metric::Throughput, Some(2.0)), Some(8.0));
        assert_eq!(at(Metric::Time, None), None);
    }

    #[test]
    fn work_that_grows_with_the_lanes_counts_as_often_as_it_is_done() {
        let at = |metric: Metric, lanes| metric.at(4.0, lanes, Some(8e5), Scaling::Weak);
        assert_eq!((at(Metric::Time, 4.0), at(Metric::Time, 8.0)), (Some(8e5), Some(16e5)));
        assert_eq!(at(Metric::SpeedUp, 8.0), Some(4.0));
        let warm_up = PointSummary { copies: 2, warm_up_us: Some(5e5), ..unknown(Model::Threads, 2) };
        let counted = PointSummary { samples: 1, time_us: Some(estimate(4e5, 5e5, 8e5)), ..warm_up.clone() };
        for point in [warm_up, counted] {
            assert_eq!(Metric::Throughput.figure(&point, None).unwrap().estimate.value, 4.0);
        }
        let warm_up = PointSummary { copies: 2, warm_up_us: Some(5e5), ..unknown(Model::Threads, 2) };
        let read = |metric: Metric| metric.figure(&warm_up, Some(4e5)).unwrap().estimate.value;
        assert_eq!((read(Metric::SpeedUp), read(Metric::Efficiency)), (1.6, 0.8));
    }

    #[test]
    fn every_metric_has_an_axis_before_anything_is_measured() {
        for &metric in Metric::ALL {
            for kind in [Axes::Log, Axes::Linear] {
                let scale = metric.scale(kind, &[], &[], (300.0, 0.0));
                assert!(metric.ticks(&scale).len() >= 3, "{metric:?} {kind:?}");
            }
        }
    }
}
