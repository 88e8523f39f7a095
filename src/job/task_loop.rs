//! What one lane does: it takes tasks from the queue until there are none.

use super::{Checkpoint, Clock, Gauge, Gil, Held, Job, Lane, Log, TaskEnd, TaskQueue, Wait, Waiter, Work};
use crate::domain::{Activity, Segment, Stopped, TaskError};

/// A lane of any model: what it has to go by.
pub struct TaskLoop<'a> {
    /// Its number, from 0.
    pub number: u32,
    /// Where it counts its work and sees that it should stop.
    pub gauge: &'a Gauge,
    /// The lock that it must hold to compute, if there is one.
    pub gil: Option<&'a Gil>,
    /// Whether kernels that stand for native code let go of the lock while they compute.
    pub native_releases_gil: bool,
    /// Called after each task, where nobody can read the gauge from outside.
    pub after_task: Option<&'a dyn Fn()>,
}

/// What came of a task.
#[derive(Clone, Debug, PartialEq)]
pub struct Completion<O> {
    /// The task's place among the trial's tasks.
    pub place: usize,
    /// When its output was there, in µs since the trial's begin.
    pub at_us: f64,
    /// What it answered, or why it failed.
    pub outcome: Result<O, TaskError>,
}

/// What a lane has done in one step.
#[derive(Debug)]
pub struct LaneLog<O> {
    /// What came of the tasks that it took, as it came.
    pub completions: Vec<Completion<O>>,
    /// What it did and when.
    pub segments: Vec<Segment>,
    /// The size of its memory, in bytes; 0 if it has none of its own.
    pub memory_bytes: u64,
}

impl<O> Default for LaneLog<O> {
    fn default() -> Self {
        Self { completions: Vec::new(), segments: Vec::new(), memory_bytes: 0 }
    }
}

impl TaskLoop<'_> {
    /// Takes tasks of `work` until there are none, and puts down in `log` what it does; `waiter` does what they wait for.
    ///
    /// # Errors
    /// [`Stopped`] when it was told to.
    pub async fn run<C: Clock, J: Job>(
        &self,
        mut log: Log<'_, C>,
        work: &Work<J>,
        queue: &TaskQueue,
        waiter: impl Waiter,
    ) -> Result<LaneLog<J::Output>, Stopped> {
        match self.gil {
            None => self.take_tasks(log, work, queue, Free, waiter).await,
            Some(gil) if J::RELEASES_GIL && self.native_releases_gil => {
                self.take_tasks(log, work, queue, Releasing { gil, lane: self.number }, waiter).await
            }
            Some(gil) => {
                let held = gil.hold(self.number);
                log.end(Activity::WaitGil);
                self.take_tasks(log, work, queue, Locked(held), waiter).await
            }
        }
    }

    async fn take_tasks<C: Clock, J: Job>(
        &self,
        log: Log<'_, C>,
        work: &Work<J>,
        queue: &TaskQueue,
        guard: impl Guard,
        waiter: impl Waiter,
    ) -> Result<LaneLog<J::Output>, Stopped> {
        let mut lane = RunningLane { counter: Counter::resume(self.gauge, self.number), log, guard, waiter };
        let mut completions = Vec::new();
        loop {
            lane.guard.before_taking(&mut lane.log);
            let Some(indices) = queue.take() else { break };
            for index in indices {
                let outcome = match J::perform(work.shared(), work.task(index), &mut lane).await {
                    Ok(output) => Ok(output),
                    Err(TaskEnd::Failed(error)) => Err(error),
                    Err(TaskEnd::Stopped) => return Err(Stopped),
                };
                let place = work.place(index);
                self.gauge.task_done(place, self.number);
                let at_us = lane.log.end(Activity::Compute);
                completions.push(Completion { place, at_us, outcome });
                if let Some(tell) = self.after_task {
                    tell();
                }
            }
        }
        Ok(LaneLog { completions, segments: lane.log.into_segments(), memory_bytes: 0 })
    }
}

/// Counts a lane's units where the page sees them, and stops when told.
#[derive(Debug)]
struct Counter<'a> {
    gauge: &'a Gauge,
    lane: u32,
    units: u32,
}

impl<'a> Counter<'a> {
    /// Counts for lane number `lane` on from what it has counted in earlier steps.
    fn resume(gauge: &'a Gauge, lane: u32) -> Self {
        Self { gauge, lane, units: gauge.lane(lane).get() }
    }
}

impl Checkpoint for Counter<'_> {
    #[inline(always)]
    fn tick(&mut self, units: u32) -> Result<(), Stopped> {
        self.units = self.units.wrapping_add(units);
        self.gauge.lane(self.lane).set(self.units);
        if self.gauge.is_stopped() { Err(Stopped) } else { Ok(()) }
    }
}

/// A lane that runs.
struct RunningLane<'a, 'l, C, G, W> {
    counter: Counter<'a>,
    log: Log<'l, C>,
    guard: G,
    waiter: W,
}

impl<C: Clock, G: Guard, W: Waiter> Checkpoint for RunningLane<'_, '_, C, G, W> {
    #[inline(always)]
    fn tick(&mut self, units: u32) -> Result<(), Stopped> {
        self.counter.tick(units)?;
        self.guard.checkpoint(&mut self.log);
        Ok(())
    }
}

impl<C: Clock, G: Guard, W: Waiter> Lane for RunningLane<'_, '_, C, G, W> {
    async fn wait(&mut self, wait: Wait) -> Result<Vec<u8>, TaskError> {
        self.log.end(Activity::Compute);
        let activity = wait.activity();
        self.guard.release();
        let answer = self.waiter.wait(wait).await;
        self.log.end(activity);
        self.guard.take_back(&mut self.log);
        answer
    }
}

/// The lock of a lane, or none. What a model does not need costs nothing.
trait Guard {
    /// The lane goes for its next tasks.
    fn before_taking<C: Clock>(&mut self, _log: &mut Log<'_, C>) {}
    /// The lane is at a checkpoint, where it may hand the lock over.
    #[inline(always)]
    fn checkpoint<C: Clock>(&mut self, _log: &mut Log<'_, C>) {}
    /// The lane begins to wait for something else.
    fn release(&mut self) {}
    /// It has waited.
    fn take_back<C: Clock>(&mut self, _log: &mut Log<'_, C>) {}
}

/// Nothing to hold.
struct Free;

impl Guard for Free {}

/// Computes only while it holds the GIL, and hands it over when asked.
struct Locked<'a>(Held<'a>);

impl Guard for Locked<'_> {
    #[inline(always)]
    fn checkpoint<C: Clock>(&mut self, log: &mut Log<'_, C>) {
        if self.0.is_wanted() {
            log.end(Activity::Compute);
            self.0.hand_over();
            log.end(Activity::WaitGil);
        }
    }

    fn release(&mut self) {
        self.0.release();
    }

    fn take_back<C: Clock>(&mut self, log: &mut Log<'_, C>) {
        self.0.take_back();
        log.end(Activity::WaitGil);
    }
}

/// Holds the GIL to take a task, as the interpreter around native code does, and lets go of it while the native code
/// computes.
struct Releasing<'a> {
    gil: &'a Gil,
    lane: u32,
}

impl Guard for Releasing<'_> {
    fn before_taking<C: Clock>(&mut self, log: &mut Log<'_, C>) {
        drop(self.gil.hold(self.lane));
        log.end(Activity::WaitGil);
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::*;
    use crate::domain::Size;
    use crate::job::{Inputs, Unchecked, alone};
    use crate::workload::{CosineSum, Request, Workload};

    struct Wall(Instant);
    impl Clock for Wall {
        fn now_us(&self) -> f64 {
            self.0.elapsed().as_secs_f64() * 1e6
        }
    }

    /// Runs one step in so many threads, and says what each did.
    fn run_lanes<J: Job>(
        work: &Work<J>,
        lanes: u32,
        gauge: &Gauge,
        gil: Option<&Gil>,
    ) -> Vec<Result<LaneLog<J::Output>, Stopped>> {
        let (queue, clock) = (TaskQueue::new(work.len(), 1), Wall(Instant::now()));
        std::thread::scope(|scope| {
            let handles: Vec<_> = (0..lanes)
                .map(|number| {
                    let (queue, clock) = (&queue, &clock);
                    scope.spawn(move || {
                        let task_loop =
                            TaskLoop { number, gauge, gil, native_releases_gil: true, after_task: None };
                        pollster::block_on(task_loop.run(Log::of_new_lane(clock), work, queue, Unchecked))
                    })
                })
                .collect();
            handles.into_iter().map(|handle| handle.join().unwrap()).collect()
        })
    }

    fn cosines() -> Work<CosineSum> {
        Work::new(CosineSum::inputs(&Request::new(Size::S, 1)), 1)
    }

    fn outputs<O>(logs: Vec<LaneLog<O>>) -> Vec<Result<O, TaskError>> {
        let mut completions: Vec<_> = logs.into_iter().flat_map(|log| log.completions).collect();
        completions.sort_by_key(|completion| completion.place);
        completions.into_iter().map(|completion| completion.outcome).collect()
    }

    fn logs<O>(runs: Vec<Result<LaneLog<O>, Stopped>>) -> Vec<LaneLog<O>> {
        runs.into_iter().map(|run| run.expect("nobody stops it")).collect()
    }

    fn segments(lanes: u32) -> Vec<Vec<Segment>> {
        let gil = Gil::new(Duration::from_micros(100));
        let runs = logs(run_lanes(&cosines(), lanes, &Gauge::new(), Some(&gil)));
        runs.into_iter().map(|log| log.segments).collect()
    }

    #[test]
    fn lanes_answer_what_the_plain_loop_answers() {
        let work = cosines();
        let expected: Vec<_> =
            (0..work.len()).map(|index| Ok(alone::<CosineSum>(&(), work.task(index)))).collect();
        for lanes in [1, 2, 5] {
            for gil in [None, Some(&Gil::new(Duration::from_micros(100)))] {
                let gauge = Gauge::new();
                assert_eq!(outputs(logs(run_lanes(&work, lanes, &gauge, gil))), expected);
                let counted: u64 = (0..lanes).map(|lane| u64::from(gauge.lane(lane).get())).sum();
                assert_eq!(Some(counted), work.units());
            }
        }
    }

    #[test]
    fn segments_follow_each_other_without_a_gap() {
        for segments in segments(3) {
            assert_eq!(segments[0].activity, Activity::Spawn);
            assert_eq!(segments[0].start_us, 0.0);
            for pair in segments.windows(2) {
                assert_eq!(pair[0].end_us, pair[1].start_us);
                assert!(pair[1].end_us >= pair[1].start_us);
            }
        }
    }

    #[test]
    fn under_a_gil_no_two_lanes_compute_at_once() {
        let mut computing: Vec<_> = segments(4)
            .into_iter()
            .flatten()
            .filter(|segment| segment.activity == Activity::Compute)
            .collect();
        computing.sort_by(|a, b| a.start_us.total_cmp(&b.start_us));
        for pair in computing.windows(2) {
            assert!(pair[1].start_us >= pair[0].end_us, "{pair:?}");
        }
    }

    #[test]
    fn a_stopped_lane_ends_and_lets_go_of_the_lock() {
        let gauge = Gauge::new();
        gauge.stop();
        let gil = Gil::new(Duration::from_millis(1));
        let runs = run_lanes(&cosines(), 1, &gauge, Some(&gil));
        assert_eq!(runs[0].as_ref().unwrap_err(), &Stopped);
        drop(gil.hold(1));
    }

    /// Fails every third task, and does not know how much work a task is.
    struct Failing;

    impl Job for Failing {
        type Shared = u32;
        type Task = u32;
        type Output = u32;
        const WAITS: bool = false;

        fn units(_: &u32) -> Option<u32> {
            None
        }

        async fn perform<L: Lane>(shared: &u32, task: &u32, lane: &mut L) -> Result<u32, TaskEnd> {
            lane.tick(1)?;
            if task.is_multiple_of(3) { Err(TaskError::NoMail.into()) } else { Ok(shared + task) }
        }
    }

    #[test]
    fn a_task_that_fails_has_its_reason_and_the_others_go_on() {
        let work: Work<Failing> = Work::new(Inputs::new(100, (0..9).collect()), 2);
        assert_eq!(work.units(), None);
        for lanes in [1, 3] {
            let outcomes = outputs(logs(run_lanes(&work, lanes, &Gauge::new(), None)));
            let expected: Vec<_> = (0..18)
                .map(|place| place % 9)
                .map(|task| if task % 3 == 0 { Err(TaskError::NoMail) } else { Ok(100 + task) })
                .collect();
            assert_eq!(outcomes, expected);
        }
    }

    #[test]
    fn counting_goes_on_from_one_step_to_the_next() {
        let gauge = Gauge::new();
        let first = cosines();
        let units = first.units().unwrap();
        logs(run_lanes(&first, 1, &gauge, None));
        let tasks = vec![(7, crate::workload::cosine_sum::Slice { start: 0, count: 10 })];
        let second = first.followed_by(tasks);
        let logs = logs(run_lanes(&second, 1, &gauge, None));
        assert_eq!(u64::from(gauge.lane(0).get()), units + second.units().unwrap());
        assert_eq!(logs[0].completions[0].place, 7);
    }
}
