//! What lanes of Python have done, as the log of a trial's step.

use super::record::{Lane, Record, Thread};
use crate::domain::{Activity, Segment};
use crate::job::{Completion, LaneLog};
use crate::protocol::{PythonEnd, PythonLane};
use crate::trial::StepLog;

/// Where a lane of Python runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The thread, by which the engine's record knows it.
    pub thread: Thread,
    /// The size of its process's memory, in bytes.
    pub memory_bytes: u64,
}

/// The log of a step that began at `begin_us` of the shared clock, whose lanes ran at `places`; `record` counts from its
/// begin.
pub fn step_log(end: PythonEnd, begin_us: f64, places: &[Place], record: &Record) -> StepLog<u64> {
    let since = |us: f64| (us - begin_us).max(0.0);
    let lanes = end.lanes.into_iter().enumerate().map(|(number, lane)| {
        let place = places.get(number).copied().unwrap_or_default();
        let PythonLane { segments, completions } = lane;
        let told = segments.into_iter().map(|segment| Segment {
            start_us: since(segment.start_us),
            end_us: since(segment.end_us),
            ..segment
        });
        let recorded = record.lanes().iter().find(|lane| lane.thread == place.thread);
        let completions = completions.into_iter().map(|(place, at_us, outcome)| Completion {
            place: place as usize,
            at_us: since(at_us),
            outcome,
        });
        LaneLog {
            completions: completions.collect(),
            segments: told.flat_map(|segment| looked_into(segment, recorded)).collect(),
            // The script's own process has one memory, whatever lanes it has.
            memory_bytes: if place.thread.process == 0 { 0 } else { place.memory_bytes },
        }
    });
    StepLog {
        copy_in_us: end.copy_in_us,
        copy_out_us: end.copy_out_us,
        ..StepLog::of(lanes.collect(), since(end.end_us))
    }
}

/// What a lane did within `segment` by the record: while it was on a task it may have waited for the GIL or for something
/// else. Where the record has nothing, it computed.
fn looked_into(segment: Segment, recorded: Option<&Lane>) -> Vec<Segment> {
    let recorded = recorded.map_or(&[][..], |lane| &lane.segments);
    let first = recorded.partition_point(|of_lane| of_lane.end_us <= segment.start_us);
    let within = recorded[first..].iter().take_while(|of_lane| of_lane.start_us < segment.end_us);
    let cut: Vec<Segment> = within
        .map(|of_lane| Segment {
            start_us: of_lane.start_us.max(segment.start_us),
            end_us: of_lane.end_us.min(segment.end_us),
            ..*of_lane
        })
        .collect();
    if segment.activity == Activity::Compute && !cut.is_empty() { cut } else { vec![segment] }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::TaskError;
    use crate::script::record::Note;
    use Activity::{Compute, CopyIn, Sleep, WaitGil};

    fn segments(lane: &LaneLog<u64>) -> Vec<(Activity, f64, f64)> {
        lane.segments.iter().map(|segment| (segment.activity, segment.start_us, segment.end_us)).collect()
    }

    #[test]
    fn a_task_is_cut_where_its_thread_did_not_run() {
        let begin_us = 5e6;
        let mut record = Record::from(begin_us / 1e3);
        let thread = Thread { process: 0, number: 3 };
        // It ran before the trial already.
        for (activity, ms) in [(Compute, -1.0), (WaitGil, 2.0), (Compute, 5.0), (Sleep, 7.0), (Compute, 8.0)]
        {
            record.add(thread, Note::Does(Some(activity), begin_us / 1e3 + ms));
        }
        record.close(begin_us / 1e3 + 20.0);
        let told =
            |activity, start, end| Segment { activity, start_us: begin_us + start, end_us: begin_us + end };
        let lane = |segments| PythonLane {
            segments,
            completions: vec![(4, begin_us + 6_000.0, Err(TaskError::Raised("ValueError".into())))],
        };
        let end = PythonEnd {
            end_us: begin_us + 10_000.0,
            copy_in_us: 1.0,
            copy_out_us: 2.0,
            lanes: vec![
                lane(vec![
                    told(CopyIn, 0.0, 500.0),
                    told(Compute, 1_000.0, 6_000.0),
                    told(Compute, 6_500.0, 9_000.0),
                ]),
                lane(vec![told(Compute, -10.0, 9_000.0)]),
            ],
        };
        let places = [
            Place { thread, memory_bytes: 7 },
            Place { thread: Thread { process: 2, number: 0 }, memory_bytes: 9 },
        ];
        let log = step_log(end, begin_us, &places, &record);
        assert_eq!((log.end_us, log.copy_in_us, log.copy_out_us), (10_000.0, 1.0, 2.0));
        assert_eq!(
            segments(&log.lanes[0]),
            [
                (CopyIn, 0.0, 500.0),
                (Compute, 1_000.0, 2_000.0),
                (WaitGil, 2_000.0, 5_000.0),
                (Compute, 5_000.0, 6_000.0),
                (Compute, 6_500.0, 7_000.0),
                (Sleep, 7_000.0, 8_000.0),
                (Compute, 8_000.0, 9_000.0),
            ]
        );
        assert_eq!(segments(&log.lanes[1]), [(Compute, 0.0, 9_000.0)], "nothing was recorded of it");
        assert_eq!((log.lanes[0].memory_bytes, log.lanes[1].memory_bytes), (0, 9));
        assert_eq!((log.lanes[0].completions[0].place, log.lanes[0].completions[0].at_us), (4, 6_000.0));
    }
}
