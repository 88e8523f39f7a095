//! What one trial measured, before anything is concluded from it.
//!
//! Every time is in microseconds; those of a trial count from its begin.

use serde::{Deserialize, Serialize};

use crate::domain::{Activity, FailedTask, Fallback, Segment, Trial};
use crate::workload::io::Counts;

/// What one trial measured.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sample {
    /// The trial that measured it.
    pub trial: Trial,
    /// From the first lane's start (cold) or the first task's hand-out (warm) to the last answer, in µs.
    pub total_us: f64,
    /// Where the time went.
    pub split: Split,
    /// What each lane did and when. A lane's segments follow each other in time, with or without gaps.
    pub lanes: Vec<Vec<Segment>>,
    /// When the first result was delivered, in µs since the trial's begin.
    pub first_result_us: f64,
    /// Whether the results were delivered in the order of the tasks.
    pub in_order: bool,
    /// How many tasks the trial had.
    pub tasks: u32,
    /// The tasks that were lost with a lane that was killed.
    pub lost_tasks: u32,
    /// The tasks whose request or file failed, with the reasons; the others went on. A sample with
    /// such tasks is never averaged with one that has none.
    pub failed_tasks: Vec<FailedTask>,
    /// What could not be done as the experiment asks, and was done otherwise.
    pub fallbacks: Vec<Fallback>,
    /// What a pipeline counted.
    pub counts: Option<Counts>,
    /// The workload's checksum of all outputs.
    pub checksum: u64,
    /// The wasm memories that the trial's lanes had, in bytes, added up.
    pub memory_bytes: u64,
}

impl Sample {
    /// A trial that took `total_us` and whose lanes did that; nothing else is known of it.
    pub fn new(trial: Trial, total_us: f64, lanes: Vec<Vec<Segment>>) -> Self {
        Self {
            trial,
            total_us,
            split: Split::default(),
            lanes,
            first_result_us: 0.0,
            in_order: true,
            tasks: 0,
            lost_tasks: 0,
            failed_tasks: Vec::new(),
            fallbacks: Vec::new(),
            counts: None,
            checksum: 0,
            memory_bytes: 0,
        }
    }
}

/// Where a trial's time went, in microseconds: `spawn` and `join` of the whole trial, the others
/// added up over its lanes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Split {
    /// Until every lane was ready for work; zero when lanes are kept.
    pub spawn_us: f64,
    /// Copying inputs into the lanes' memories.
    pub copy_in_us: f64,
    /// Computing.
    pub compute_us: f64,
    /// Waiting for the GIL.
    pub wait_us: f64,
    /// Waiting for answers to requests.
    pub fetch_us: f64,
    /// Writing into files or a database.
    pub write_us: f64,
    /// Copying outputs out of the lanes' memories.
    pub copy_out_us: f64,
    /// From the last lane's last work to the trial's end.
    pub join_us: f64,
}

impl Split {
    /// What the lanes' segments show of a trial that took `total_us`: lanes are spawned until the
    /// last is ready, and joined from the last one's end.
    pub fn of_trial(lanes: &[Vec<Segment>], total_us: f64) -> Self {
        let mut split = Self::default();
        let mut last_end_us = 0.0_f64;
        for segment in lanes.iter().flatten() {
            last_end_us = last_end_us.max(segment.end_us);
            let part = match segment.activity {
                Activity::Spawn => {
                    split.spawn_us = split.spawn_us.max(segment.end_us);
                    continue;
                }
                Activity::CopyIn => &mut split.copy_in_us,
                Activity::Compute | Activity::Native => &mut split.compute_us,
                Activity::WaitGil => &mut split.wait_us,
                Activity::CopyOut => &mut split.copy_out_us,
                Activity::Fetch => &mut split.fetch_us,
                Activity::Write => &mut split.write_us,
                // Whatever a lane of Python waits for there, it is no part of the work.
                Activity::Sleep | Activity::Lock | Activity::Join | Activity::Data | Activity::Input => {
                    continue;
                }
            };
            *part += segment.duration_us();
        }
        split.join_us = (total_us - last_end_us).max(0.0);
        split
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_split_adds_up_what_lanes_did() {
        let segment = |activity, start_us, end_us| Segment { activity, start_us, end_us };
        let lanes = [
            vec![
                segment(Activity::Spawn, 0.0, 5.0),
                segment(Activity::CopyIn, 5.0, 6.0),
                segment(Activity::Compute, 6.0, 16.0),
            ],
            vec![
                segment(Activity::WaitGil, 5.0, 7.0),
                segment(Activity::Compute, 7.0, 10.0),
                segment(Activity::CopyOut, 10.0, 10.5),
            ],
        ];
        let split = Split::of_trial(&lanes, 20.0);
        assert_eq!(
            split,
            Split {
                spawn_us: 5.0,
                copy_in_us: 1.0,
                compute_us: 13.0,
                wait_us: 2.0,
                copy_out_us: 0.5,
                join_us: 4.0,
                ..Split::default()
            }
        );
    }
}
