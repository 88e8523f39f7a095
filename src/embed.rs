//! Lanes in a frame of another page: what that page may ask for, and what it is told.
//!
//! A page of another site is not trusted: what it sends is read field by field, and it can ask for nothing
//! that the buttons in the frame would not do. `www/embed.js` is the other side of this.

use crate::domain::Point;
use crate::stats::Estimate;
use crate::summary::Summary;

/// What every message is marked with: its field of this name says what it is.
pub const MARK: &str = "lanes";

/// What the embedding page may ask for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Order {
    /// Nothing: it tells that it listens, and from which origin.
    Hello,
    /// To run the experiment.
    Run,
    /// To stop what runs.
    Stop,
    /// To change a setting, named as in the frame's address.
    Set {
        /// The setting's name.
        name: String,
        /// What it is to be.
        value: String,
    },
    /// To be told the results so far.
    Report,
    /// To be told the link that carries the experiment, and the results if there are any.
    Link,
}

/// The longest text that is read from a message, in bytes.
const LONGEST: usize = 1_000;

impl Order {
    /// Reads a message, whose fields that are text `field` answers; `None` if it is none of ours.
    pub fn read(field: impl Fn(&str) -> Option<String>) -> Option<Self> {
        let short = |name| field(name).filter(|text| text.len() <= LONGEST);
        Some(match short(MARK)?.as_str() {
            "hello" => Self::Hello,
            "run" => Self::Run,
            "stop" => Self::Stop,
            "set" => Self::Set { name: short("name")?, value: short("value")? },
            "report" => Self::Report,
            "link" => Self::Link,
            _ => return None,
        })
    }
}

/// What the embedding page is told.
#[derive(Clone, Debug, PartialEq)]
pub enum News {
    /// The program is there and takes orders.
    Loaded,
    /// How much of a run is done, from 0 to 1, and what runs, in words.
    Progress {
        /// How much is done.
        part: f64,
        /// What runs.
        doing: String,
    },
    /// A run is over, and this is what came of it.
    Result(Results),
    /// Something that was asked for cannot be done, in words for a person.
    Error(String),
    /// The results so far, asked for.
    Report(Results),
    /// The link, asked for.
    Link(String),
}

/// What came of a run.
#[derive(Clone, Debug, PartialEq)]
pub struct Results {
    /// What the figures say, in words.
    pub verdict: String,
    /// The page's address with all of it.
    pub link: String,
    /// Every point.
    pub points: Vec<PointResult>,
}

/// What came of one point.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PointResult {
    /// The model and lane count.
    pub point: Point,
    /// How many samples count.
    pub samples: u32,
    /// The median time with its interval, in µs.
    pub time_us: Option<Estimate>,
    /// The speed-up over serial with its interval.
    pub speed_up: Option<Estimate>,
}

impl Results {
    /// The results that `summary` holds.
    pub fn of(summary: &Summary, verdict: String, link: String) -> Self {
        let points = summary.points.iter().map(|known| PointResult {
            point: known.point,
            samples: known.samples,
            time_us: known.time_us,
            speed_up: known.speed_up,
        });
        Self { verdict, link, points: points.collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(fields: &[(&str, &str)]) -> Option<Order> {
        Order::read(|name| fields.iter().find(|(n, _)| *n == name).map(|(_, value)| (*value).to_owned()))
    }

    #[test]
    fn what_is_no_order_is_none() {
        assert_eq!(read(&[("lanes", "run")]), Some(Order::Run));
        for fields in
            [&[][..], &[("lanes", "eval")], &[("type", "run")], &[("lanes", "")], &[("lanes", "Run")]]
        {
            assert_eq!(read(fields), None, "{fields:?}");
        }
    }

    #[test]
    fn a_setting_needs_a_name_and_a_value_of_sensible_length() {
        let set = |value| read(&[("lanes", "set"), ("name", "size"), ("value", value)]);
        assert_eq!(set("l"), Some(Order::Set { name: "size".into(), value: "l".into() }));
        assert_eq!(set(&"9".repeat(LONGEST + 1)), None);
        assert_eq!(read(&[("lanes", "set"), ("name", "size")]), None);
    }
}
