//! What a lane did and when.

use crate::domain::{Activity, Segment};

/// Tells the time. The trial's begin is zero.
pub trait Clock: Sync {
    /// The time since the trial's begin, in µs.
    fn now_us(&self) -> f64;
}

/// A lane's segments: each begins where the one before it ended, so a task costs one look at the clock.
#[derive(Debug)]
pub struct Log<'a, C> {
    clock: &'a C,
    since_us: f64,
    segments: Vec<Segment>,
}

/// Computing shorter than this is joined with the computing before it: nobody could see it drawn apart, and a million
/// tiny tasks must not fill the memory.
const FINEST_US: f64 = 200.0;

impl<'a, C: Clock> Log<'a, C> {
    /// The log of a lane that has just started, which took it since the trial's begin.
    pub fn of_new_lane(clock: &'a C) -> Self {
        let mut log = Self::since(clock, 0.0);
        log.end(Activity::Spawn);
        log
    }

    /// A log whose first segment begins now.
    pub fn from_now(clock: &'a C) -> Self {
        Self::since(clock, clock.now_us())
    }

    /// A log whose first segment begins at `since_us`, in µs since the trial's begin.
    pub const fn since(clock: &'a C, since_us: f64) -> Self {
        Self { clock, since_us, segments: Vec::new() }
    }

    /// Until now the lane did this. Says what time it is, in µs since the trial's begin.
    pub fn end(&mut self, activity: Activity) -> f64 {
        let now = self.clock.now_us();
        match self.segments.last_mut() {
            Some(last) if last.activity == activity && now - last.start_us < FINEST_US => last.end_us = now,
            // Less than a step of the clock: nothing to see.
            Some(_) if now <= self.since_us => {}
            _ => self.segments.push(Segment { activity, start_us: self.since_us, end_us: now }),
        }
        self.since_us = now;
        now
    }

    /// All of it.
    pub fn into_segments(self) -> Vec<Segment> {
        self.segments
    }
}
