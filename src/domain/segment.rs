//! What a lane did and when.

use serde::{Deserialize, Serialize};
use strum::{IntoStaticStr, VariantArray};

/// What a lane does during a segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "kebab-case")]
pub enum Activity {
    /// It is being started.
    Spawn,
    /// Inputs are copied into its memory.
    CopyIn,
    /// It computes; under a GIL, it holds the lock.
    Compute,
    /// It waits for the GIL.
    WaitGil,
    /// Its outputs are copied out of its memory.
    CopyOut,
    /// It waits for the answer to a request; under a GIL, without the lock.
    Fetch,
    /// It writes into a file or a database; under a GIL, without the lock.
    Write,
    /// It is in native code that Python called, without the GIL.
    Native,
    /// It sleeps.
    Sleep,
    /// It waits for a lock of Python's that another lane holds.
    Lock,
    /// It waits for another lane to end.
    Join,
    /// It waits for something of another lane: by a queue, a pipe, an event, a semaphore.
    Data,
    /// It waits for a line from the reader.
    Input,
}

impl Activity {
    /// Every activity, in the order in which they are listed and in which their numbers count.
    pub const ALL: &[Self] = Self::VARIANTS;

    /// Whether only lanes of Python do it.
    pub const fn is_of_python(self) -> bool {
        self as u8 >= Activity::Native as u8
    }

    /// The activity's name in attributes; its colour is the style sheet's custom property of that name.
    pub fn id(self) -> &'static str {
        self.into()
    }

    /// The activity's name for people.
    pub const fn name(self) -> &'static str {
        match self {
            Activity::Spawn => "starting",
            Activity::CopyIn => "copying in",
            Activity::Compute => "computing",
            Activity::WaitGil => "waiting for the GIL",
            Activity::CopyOut => "copying out",
            Activity::Fetch => "fetching",
            Activity::Write => "writing",
            Activity::Native => "in a native call",
            Activity::Sleep => "sleeping",
            Activity::Lock => "waiting for a lock",
            Activity::Join => "waiting for another lane to end",
            Activity::Data => "waiting for another lane",
            Activity::Input => "waiting for input",
        }
    }
}

/// A stretch of a lane's time.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Segment {
    /// What the lane does.
    pub activity: Activity,
    /// When it begins, in µs since the trial's begin.
    pub start_us: f64,
    /// When it ends, in µs since the trial's begin.
    pub end_us: f64,
}

impl Segment {
    /// How long it lasts, in µs.
    pub fn duration_us(&self) -> f64 {
        self.end_us - self.start_us
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn activities_are_listed_in_the_order_of_their_numbers() {
        assert!(Activity::ALL.iter().enumerate().all(|(number, &activity)| activity as usize == number));
    }
}
