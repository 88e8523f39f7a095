//! The timeline: what every lane of one trial did, and when. What is drawn and where is plain here;
//! `view::timeline` puts it on a canvas.

pub mod gesture;
pub mod kept;
pub mod reading;
pub mod rows;
pub mod window;
pub mod words;

use std::rc::Rc;

use crate::domain::Point;
use crate::session::Event;
use gesture::Command;
use kept::{KeptSamples, ShownSample, Which};
use reading::{Place, Stretch, beside, stretch_at};
use window::Window;

/// What is known of the trials' timelines, which one is shown, and how.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Timeline {
    /// The samples of the last run.
    pub kept: Rc<KeptSamples>,
    /// The point whose trial is shown; `None` for whatever trial ended last.
    pub point: Option<Point>,
    /// Which of the point's trials is shown.
    pub which: Which,
    /// The stretch that is read out, if any.
    pub read: Option<Stretch>,
    /// Whether keys led to that stretch: then it is spoken, too.
    pub by_key: bool,
    /// What was zoomed to; `None` for the whole trial.
    zoomed: Option<Window>,
}

/// What can happen to the timeline.
#[derive(Clone, Debug)]
pub enum TimelineAction {
    /// The trials of a point are shown; of none, the trial that ended last.
    Open(Option<Point>),
    /// Another one of the point's trials is shown.
    Pick(Which),
    /// A pointer is at a place, or at none; what is less than so many µs away from it is meant, too.
    Point(Option<Place>, f64),
    /// A key, the wheel or a finger asks for something.
    Command(Command),
}

impl Timeline {
    /// What becomes of the timeline when `action` happens.
    pub fn reduce(&mut self, action: TimelineAction) {
        match action {
            TimelineAction::Open(point) => (self.point, self.read) = (point, None),
            TimelineAction::Pick(which) => (self.which, self.read) = (which, None),
            TimelineAction::Point(place, near_us) => {
                self.read = place.and_then(|place| self.stretch_at(place, near_us));
                self.by_key = false;
            }
            TimelineAction::Command(command) => self.obey(command),
        }
    }

    /// Forgets the last run's samples: another one begins.
    pub fn begin(&mut self) {
        *self = Self { which: self.which, ..Self::default() };
    }

    /// Keeps the sample that a session tells of. When the run is over there is nothing to follow any
    /// more: then the point is shown that tells most, unless one was chosen.
    pub fn follow(&mut self, event: &Event) {
        let before = self.shown();
        match event {
            Event::Updated { outcome: Ok(sample), .. } => {
                Rc::make_mut(&mut self.kept).add(Rc::clone(sample));
            }
            Event::Finished(_) => self.point = self.point.or(self.kept.telling_point()),
            _ => return,
        }
        if self.shown() != before {
            self.read = None;
        }
    }

    /// The sample that is shown, if there is one. Where a point lacks the wanted one, the latest is.
    pub fn shown(&self) -> Option<ShownSample> {
        let sample = match self.point {
            None => self.kept.latest(),
            Some(point) => {
                self.kept.sample(point, self.which).or_else(|| self.kept.sample(point, Which::Latest))
            }
        };
        sample.cloned().map(ShownSample)
    }

    /// The stretch of time that is shown of a trial that takes `total_us`.
    pub fn window(&self, total_us: f64) -> Window {
        self.zoomed.map_or(Window::whole(total_us), |window| window.within(total_us))
    }

    fn stretch_at(&self, place: Place, near_us: f64) -> Option<Stretch> {
        let sample = self.shown()?;
        stretch_at(&sample.lanes, place, near_us, sample.total_us)
    }

    fn obey(&mut self, command: Command) {
        let Some(sample) = self.shown() else { return };
        let (lanes, total_us) = (&sample.lanes, sample.total_us);
        let window = self.window(total_us);
        let read = match (command, self.read) {
            (Command::Shift(shift), _) => return self.zoom_to(window.after(shift, total_us), total_us),
            (Command::ShowAll, _) => return self.zoomed = None,
            (Command::ReadNothing, _) => None,
            (Command::ReadNext { forward }, Some(read)) => Some(beside(lanes, read, forward, total_us)),
            (Command::ReadLane(down), Some(read)) => {
                let lane = read.lane.saturating_add_signed(down).min(lanes.len().saturating_sub(1) as u32);
                // What is read out may reach far beyond the window.
                let at_us = read.middle_us().clamp(window.from_us, window.to_us);
                stretch_at(lanes, Place { lane, at_us }, 0.0, total_us)
            }
            (Command::ReadNext { .. } | Command::ReadLane(_), None) => {
                stretch_at(lanes, Place { lane: 0, at_us: window.from_us }, 0.0, total_us)
            }
        };
        if let (Some(read), Command::ReadNext { .. }) = (read, command) {
            self.zoom_to(window.showing(read.middle_us(), total_us), total_us);
        }
        (self.read, self.by_key) = (read, true);
    }

    fn zoom_to(&mut self, window: Window, total_us: f64) {
        self.zoomed = (window != Window::whole(total_us)).then_some(window);
    }
}

#[cfg(test)]
mod tests;
