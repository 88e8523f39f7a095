//! What lanes that wait did, and what it makes of a trial.

use super::{Clock, Delivery, Log};
use crate::domain::{Activity, FailedTask, Fallback, Segment};
use crate::protocol::Order;
use crate::sample::{Sample, Split};
use crate::workload::{
    fold,
    io::{Answer, Counts, Outcome},
};

use super::Completion;

/// What a lane did in one step.
#[derive(Debug, Default)]
pub struct LaneWaits {
    /// What came of the tasks that it took, as it came.
    pub completions: Vec<Completion<Outcome>>,
    /// What it did and when.
    pub segments: Vec<Segment>,
}

/// A lane's log of what it waits for.
pub struct WaitLog<'a, C>(Log<'a, C>);

impl<'a, C: Clock> WaitLog<'a, C> {
    /// A log that begins now, without a segment.
    pub fn new(clock: &'a C) -> Self {
        let mut log = Log::new(clock);
        log.since_us = clock.now_us();
        Self(log)
    }

    /// Until now the lane did this, since it last did something else.
    pub fn end(&mut self, activity: Activity) {
        self.0.end(activity);
    }

    /// The time of the last entry, in µs since the trial's begin.
    pub fn since_us(&self) -> f64 {
        self.0.since_us
    }

    /// All of it.
    pub fn into_segments(self) -> Vec<Segment> {
        self.0.segments
    }
}

/// What a trial of I/O-bound work did, before it is looked at.
#[derive(Debug, Default)]
pub struct Waited {
    /// What came of each step's tasks, with their places, in the order of those.
    steps: Vec<Vec<(usize, Outcome)>>,
    /// The last step's tasks, as they came.
    arrivals: Vec<Completion<()>>,
    /// What each lane did and when, over all steps.
    lanes: Vec<Vec<Segment>>,
}

impl Waited {
    /// Adds what the lanes of one more step did; gives back its outcomes with their places, in the
    /// order of those.
    pub fn add(&mut self, lanes: Vec<LaneWaits>) -> &[(usize, Outcome)] {
        if self.lanes.len() < lanes.len() {
            self.lanes.resize_with(lanes.len(), Vec::new);
        }
        let mut completions = Vec::new();
        for (all, lane) in self.lanes.iter_mut().zip(lanes) {
            all.extend(lane.segments);
            completions.extend(lane.completions);
        }
        completions.sort_by(|a, b| a.at_us.total_cmp(&b.at_us));
        self.arrivals =
            completions.iter().map(|c| Completion { index: c.index, at_us: c.at_us, output: () }).collect();
        completions.sort_by_key(|completion| completion.index);
        self.steps.push(completions.into_iter().map(|c| (c.index, c.output)).collect());
        self.steps.last().expect("it was just pushed")
    }

    /// The sample of the trial that `order` asked for, whose workload has so many `tasks`.
    ///
    /// A pipeline's tasks that fail in one step are not there in the next, so each fails once.
    pub fn into_sample(
        self,
        order: &Order,
        tasks: usize,
        total_us: f64,
        fallbacks: Vec<Fallback>,
        memory_bytes: u64,
    ) -> Sample {
        let delivery = Delivery::of(order.call, &self.arrivals, total_us);
        let failed_tasks = self.steps.iter().flat_map(|outcomes| failed(outcomes, tasks)).collect();
        let facts: Vec<_> = self.answers().filter_map(Answer::facts).cloned().collect();
        let counts = (self.steps.len() > 1).then(|| Counts::of(&facts));
        let checksum = match &counts {
            Some(counts) => counts.checksum(),
            None => self.digests_checksum(tasks),
        };
        Sample {
            trial: order.trial,
            total_us,
            split: Split::of_trial(&self.lanes, total_us),
            first_result_us: delivery.first_us,
            in_order: delivery.is_in_order(),
            lost_tasks: 0,
            failed_tasks,
            fallbacks,
            counts,
            checksum: if order.network.has_own_addresses() { 0 } else { checksum },
            lanes: self.lanes,
            memory_bytes,
        }
    }

    fn answers(&self) -> impl Iterator<Item = &Answer> {
        self.steps.iter().flatten().filter_map(|(_, outcome)| outcome.as_ref().ok())
    }

    /// One number for all bytes that were fetched; where the tasks are repeated, that of one
    /// repetition that differs, if one does.
    fn digests_checksum(&self, tasks: usize) -> u64 {
        let digests: Vec<u64> = self.answers().filter_map(Answer::digest).collect();
        let checksums: Vec<u64> = digests.chunks(tasks.max(1)).map(|all| fold(all.iter().copied())).collect();
        let first = checksums.first().copied().unwrap_or(0);
        checksums.into_iter().find(|&checksum| checksum != first).unwrap_or(first)
    }
}

/// The tasks of a step that failed. A place beyond the workload's tasks is one of a repetition.
fn failed(outcomes: &[(usize, Outcome)], tasks: usize) -> impl Iterator<Item = FailedTask> {
    outcomes.iter().filter_map(move |(place, outcome)| {
        let reason = outcome.as_ref().err()?.clone();
        Some(FailedTask { task: (place % tasks.max(1)) as u32, reason })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Model, Point, TaskError, Trial};
    use crate::experiment::Experiment;
    use crate::workload::{WorkloadId, io::Facts};

    fn order(workload: WorkloadId) -> Order {
        let point = Point { model: Model::Async, lanes: 2 };
        Order::new(&Experiment::of(workload, 2), Trial { id: 1, round: 1, point })
    }

    fn lane(outcomes: Vec<(usize, f64, Outcome)>) -> LaneWaits {
        let segments = outcomes
            .iter()
            .map(|&(_, at_us, _)| Segment {
                activity: Activity::Fetch,
                start_us: at_us - 10.0,
                end_us: at_us,
            })
            .collect();
        let completions =
            outcomes.into_iter().map(|(index, at_us, output)| Completion { index, at_us, output }).collect();
        LaneWaits { completions, segments }
    }

    fn written(digest: u64) -> Outcome {
        Ok(Answer::Written(digest))
    }

    fn sample(lanes: Vec<LaneWaits>, tasks: usize) -> Sample {
        let mut waited = Waited::default();
        waited.add(lanes);
        waited.into_sample(&order(WorkloadId::Mailbox), tasks, 50.0, Vec::new(), 1)
    }

    #[test]
    fn the_checksum_does_not_depend_on_who_fetched_what_and_when() {
        let one = sample(vec![lane((0..4).map(|i| (i, 10.0 * i as f64, written(i as u64))).collect())], 4);
        let two = sample(
            vec![
                lane(vec![(3, 10.0, written(3)), (0, 20.0, written(0))]),
                lane(vec![(2, 10.0, written(2)), (1, 20.0, written(1))]),
            ],
            4,
        );
        assert_eq!(one.checksum, two.checksum);
        assert_eq!((two.lanes.len(), two.split.fetch_us), (2, 40.0));
        let wrong = sample(vec![lane((0..4).map(|i| (i, 1.0, written(i as u64 / 2))).collect())], 4);
        assert_ne!(wrong.checksum, one.checksum);
        let twice = sample(vec![lane((0..8).map(|i| (i, 1.0, written(i as u64 % 4))).collect())], 4);
        assert_eq!(twice.checksum, one.checksum, "a repetition answers the same");
    }

    #[test]
    fn tasks_that_fail_are_named_with_their_reasons() {
        let outcomes = vec![(0, 1.0, written(1)), (5, 2.0, Err(TaskError::HalfBody)), (1, 3.0, written(1))];
        let outcomes = outcomes.into_iter().chain((2..5).map(|i| (i, 4.0, written(0)))).collect();
        let sample = sample(vec![lane(outcomes)], 4);
        assert_eq!(sample.failed_tasks, [FailedTask { task: 1, reason: TaskError::HalfBody }]);
    }

    #[test]
    fn a_pipeline_counts_what_its_second_step_found() {
        let facts = |hour| Facts { sender: "a@example.org".into(), hour, ..Facts::default() };
        let mut waited = Waited::default();
        waited.add(vec![lane(vec![
            (0, 1.0, Ok(Answer::Fetched(vec![1]))),
            (1, 1.0, Ok(Answer::Fetched(vec![]))),
        ])]);
        waited.add(vec![
            lane(vec![(1, 2.0, Ok(Answer::Parsed(facts(9))))]),
            lane(vec![(0, 2.5, Ok(Answer::Parsed(facts(8))))]),
        ]);
        waited.add(vec![lane(vec![(0, 3.0, Ok(Answer::Stored)), (1, 3.5, Ok(Answer::Stored))])]);
        let sample = waited.into_sample(&order(WorkloadId::Pipeline), 2, 4.0, Vec::new(), 1);
        let counts = sample.counts.unwrap();
        assert_eq!((counts.mails, counts.hours[8], counts.hours[9]), (2, 1, 1));
        assert_eq!((sample.lanes.len(), sample.failed_tasks.len()), (2, 0));
        assert_eq!(sample.checksum, counts.checksum());
    }
}
