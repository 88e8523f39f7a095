//! The classes and the markers that tell lines apart, where colours do not.

use super::mark::Mark;
use crate::domain::Model;

const DIAMOND: &str = "M0 -6L6 0L0 6L-6 0Z";
const CIRCLE: &str = "M-5 0A5 5 0 1 1 5 0A5 5 0 1 1 -5 0Z";
const SQUARE: &str = "M-4.5 -4.5H4.5V4.5H-4.5Z";
const UPWARDS: &str = "M0 -5.5L5.8 4.5H-5.8Z";
const DOWNWARDS: &str = "M0 5.5L5.8 -4.5H-5.8Z";
const CROSS: &str = "M-6 -2H-2V-6H2V-2H6V2H2V6H-2V2H-6Z";

/// How many reports can be told apart.
const REPORTS: [Style; 6] = [
    Style { class: "look-1", outline: CIRCLE },
    Style { class: "look-2", outline: SQUARE },
    Style { class: "look-3", outline: UPWARDS },
    Style { class: "look-4", outline: DIAMOND },
    Style { class: "look-5", outline: DOWNWARDS },
    Style { class: "look-6", outline: CROSS },
];

/// What tells a line from the others.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Style {
    /// Its class, by which the style sheet colours and dashes it.
    pub class: &'static str,
    /// The outline of its marker around the origin, some 10 px wide, as the attribute `d` of SVG writes it.
    pub outline: &'static str,
}

impl From<Model> for Style {
    /// The style of a model, wherever it appears.
    fn from(model: Model) -> Self {
        let (class, outline) = match model {
            Model::Serial => ("serial", DIAMOND),
            Model::Threads => ("threads", CIRCLE),
            Model::ThreadsGil => ("threads-gil", SQUARE),
            Model::Processes => ("processes", UPWARDS),
            Model::Async => ("async", DOWNWARDS),
            Model::ByBottleneck => ("by-bottleneck", CROSS),
        };
        Self { class, outline }
    }
}

impl Style {
    /// The style of the report at that place among those that are compared.
    pub const fn of_report(at: usize) -> Self {
        REPORTS[at % REPORTS.len()]
    }

    /// A line and its marker around the origin, 28 px wide, as in a legend.
    pub fn swatch(self) -> [Mark; 2] {
        [Mark::path("line", "M-14 0H14"), self.marker()]
    }

    /// The marker around the origin.
    pub fn marker(self) -> Mark {
        Mark::path("marker", self.outline)
    }
}
