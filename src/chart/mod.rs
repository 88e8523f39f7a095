//! The chart: what a point of it shows, on which axes, and how that goes along with a link.

mod figure;
mod look;
mod scale;

pub use figure::{Figure, Metric};
pub use look::Look;
pub use scale::{Axes, Scale, quarter_octaves, spread};
