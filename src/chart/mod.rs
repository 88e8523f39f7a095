//! The chart as a value: figures and a look become marks. Whoever shows a chart paints its marks and knows no more of
//! it; the style sheet `www/style/chart.css` colours them by their roles.
//!
//! [`Run`] is the chart of one run's models, [`Curves`] that of one model on several machines.

mod caption;
mod curves;
mod figure;
mod frame;
mod look;
mod mark;
mod run;
mod scale;
mod style;

use crate::domain::Point;

pub use caption::caption_lines;
pub use curves::Curves;
pub use figure::{Figure, Metric};
pub use look::Look;
pub use mark::{Mark, Shape};
pub use run::{Run, models_of};
pub use scale::Axes;
pub use style::Style;

/// A chart that is ready to be painted.
#[derive(Clone, Debug, PartialEq)]
pub struct Chart {
    /// What is painted, from the back to the front.
    pub marks: Vec<Mark>,
    /// What is drawn, by model and lanes.
    pub figures: Vec<Figure>,
    /// Where each of them can be read out, in CSS pixels from the upper left corner.
    pub places: Vec<(Point, (f64, f64))>,
}

impl Chart {
    /// The figure of a point and its place, if it is drawn.
    pub fn find(&self, point: Point) -> Option<(Figure, (f64, f64))> {
        let at = self.places.iter().position(|(other, _)| *other == point)?;
        Some((self.figures[at], self.places[at].1))
    }
}

#[cfg(test)]
mod tests;
