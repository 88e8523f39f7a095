//! What a session tells.

use std::rc::Rc;

use crate::domain::{Point, Trial, TrialError};
use crate::sample::Sample;
use crate::summary::Summary;

/// What a session tells as it goes. Whoever listens draws; nothing is measured there.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// The plan is made: these are its points.
    Started {
        /// Every point, by model and lane count.
        points: Vec<Point>,
    },
    /// A trial runs; told when it begins and at most ten times a second while it runs.
    Progress(Progress),
    /// A trial has ended, with a sample or without: this is what is known now.
    Updated {
        /// The trial that ended.
        trial: Trial,
        /// What it measured, or why it measured nothing.
        outcome: Result<Rc<Sample>, TrialError>,
        /// What all samples so far say.
        summary: Summary,
    },
    /// The session is over.
    Finished(Ending),
}

/// Where a session is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Progress {
    /// The trial that runs; its round 0 is the warm-up.
    pub trial: Trial,
    /// How much of it is done, from 0 to 1.
    pub fraction: f64,
    /// The trials that have ended.
    pub done: u32,
    /// The trials still to come, the running one included; a forecast, as rounds adapt.
    pub left: u32,
    /// How long they will take, in µs; `None` before anything was measured.
    pub left_us: Option<f64>,
}

/// Why a session is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// Every median is known within 5 %.
    Certain,
    /// The time budget is spent.
    BudgetSpent,
    /// The most rounds were run.
    RoundsRun,
    /// The visitor stopped it. What was measured stays.
    Stopped,
    /// No point could be run, or none any longer: each has failed too often, or all tasks of each warm-up did.
    NothingRuns,
}
