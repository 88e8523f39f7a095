//! What one lane does: it takes tasks from the queue until there are none.

use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use super::{Checkpoint, Gauge, Gil, Held};
use crate::domain::{Activity, Segment, Stopped};
use crate::workload::{Inputs, Workload};

/// Tells the time. The trial's begin is zero.
pub trait Clock: Sync {
    /// The time since the trial's begin, in µs.
    fn now_us(&self) -> f64;
}

/// The tasks that nobody has taken yet; every lane takes the next ones when it is free.
#[derive(Debug)]
pub struct TaskQueue {
    next: AtomicUsize,
    len: usize,
    chunk_size: usize,
}

impl TaskQueue {
    /// A queue of `len` tasks, of which a lane takes `chunk_size` at once.
    pub const fn new(len: usize, chunk_size: u32) -> Self {
        Self { next: AtomicUsize::new(0), len, chunk_size: chunk_size as usize }
    }

    /// Takes the next tasks' places.
    pub fn take(&self) -> Option<Range<usize>> {
        let first = self.next.fetch_add(self.chunk_size, Relaxed);
        (first < self.len).then(|| first..(first + self.chunk_size).min(self.len))
    }
}

/// A lane of threads, of threads + GIL, or the one of the serial run.
pub struct Lane<'a, C> {
    /// Its number, from 0.
    pub number: u32,
    /// Where it counts its work and sees that it should stop.
    pub gauge: &'a Gauge,
    /// The trial's clock.
    pub clock: &'a C,
    /// The lock that it must hold to compute, if there is one.
    pub gil: Option<&'a Gil>,
    /// Whether kernels that stand for native code let go of the lock while they compute.
    pub native_releases_gil: bool,
    /// Told the lane's units after each task, where nobody can read the gauge from outside.
    pub after_task: Option<&'a dyn Fn(u32)>,
}

/// A task's output.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Completion<O> {
    /// The task's place among the trial's tasks.
    pub index: usize,
    /// When its output was there, in µs since the trial's begin.
    pub at_us: f64,
    /// What it answered.
    pub output: O,
}

/// What a lane has done.
#[derive(Debug)]
pub struct LaneRun<O> {
    /// The outputs of the tasks that it took, as they came.
    pub completions: Vec<Completion<O>>,
    /// What it did and when.
    pub segments: Vec<Segment>,
}

impl<'a, C: Clock> Lane<'a, C> {
    /// Takes tasks until there are none.
    ///
    /// # Errors
    /// [`Stopped`] when it was told to.
    pub fn run<W: Workload>(
        &self,
        inputs: &Inputs<W>,
        queue: &TaskQueue,
    ) -> Result<LaneRun<W::Output>, Stopped> {
        let mut log = Log::new(self.clock);
        log.end(Activity::Spawn);
        let completions = match self.gil {
            None => take_tasks(inputs, queue, &mut self.free(&mut log))?,
            Some(gil) if W::RELEASES_GIL && self.native_releases_gil => {
                take_tasks(inputs, queue, &mut Releasing { free: self.free(&mut log), gil })?
            }
            Some(gil) => {
                let held = gil.hold(self.number);
                log.end(Activity::WaitGil);
                take_tasks(inputs, queue, &mut Locked { free: self.free(&mut log), held })?
            }
        };
        Ok(LaneRun { completions, segments: log.segments })
    }

    fn free<'l>(&self, log: &'l mut Log<'a, C>) -> Free<'a, 'l, C> {
        Free { counter: Counter::new(self.gauge, self.number), log, after_task: self.after_task }
    }
}

/// A checkpoint that also knows when tasks begin and end.
trait TaskCheckpoint: Checkpoint {
    /// The lane goes for its next tasks.
    fn before_taking(&mut self) {}
    /// The kernel of task number `index` has returned. Says when, in µs since the trial's begin.
    fn task_done(&mut self, index: usize) -> f64;
}

fn take_tasks<W: Workload>(
    inputs: &Inputs<W>,
    queue: &TaskQueue,
    checkpoint: &mut impl TaskCheckpoint,
) -> Result<Vec<Completion<W::Output>>, Stopped> {
    let mut completions = Vec::new();
    loop {
        checkpoint.before_taking();
        let Some(indices) = queue.take() else { return Ok(completions) };
        for index in indices {
            let output = W::run(&inputs.shared, inputs.task(index), checkpoint)?;
            completions.push(Completion { index, at_us: checkpoint.task_done(index), output });
        }
    }
}

/// Counts a lane's units where the page sees them, and stops when told.
#[derive(Debug)]
pub struct Counter<'a> {
    gauge: &'a Gauge,
    lane: u32,
    units: u32,
}

impl<'a> Counter<'a> {
    /// Counts for lane number `lane`, from zero.
    pub const fn new(gauge: &'a Gauge, lane: u32) -> Self {
        Self { gauge, lane, units: 0 }
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

/// Nothing to hold.
struct Free<'a, 'l, C> {
    counter: Counter<'a>,
    log: &'l mut Log<'a, C>,
    after_task: Option<&'a dyn Fn(u32)>,
}

impl<C: Clock> Checkpoint for Free<'_, '_, C> {
    #[inline(always)]
    fn tick(&mut self, units: u32) -> Result<(), Stopped> {
        self.counter.tick(units)
    }
}

impl<C: Clock> TaskCheckpoint for Free<'_, '_, C> {
    fn task_done(&mut self, index: usize) -> f64 {
        self.counter.gauge.task_done(index, self.counter.lane);
        self.log.end(Activity::Compute);
        if let Some(tell) = self.after_task {
            tell(self.counter.units);
        }
        self.log.since_us
    }
}

/// Computes only while it holds the GIL, and hands it over when asked.
struct Locked<'a, 'l, C> {
    free: Free<'a, 'l, C>,
    held: Held<'a>,
}

impl<C: Clock> Checkpoint for Locked<'_, '_, C> {
    #[inline(always)]
    fn tick(&mut self, units: u32) -> Result<(), Stopped> {
        self.free.tick(units)?;
        if self.held.is_wanted() {
            self.free.log.end(Activity::Compute);
            self.held.hand_over();
            self.free.log.end(Activity::WaitGil);
        }
        Ok(())
    }
}

impl<C: Clock> TaskCheckpoint for Locked<'_, '_, C> {
    fn task_done(&mut self, index: usize) -> f64 {
        self.free.task_done(index)
    }
}

/// Holds the GIL to take a task, as the interpreter around native code does, and lets go of it
/// while the native code computes.
struct Releasing<'a, 'l, C> {
    free: Free<'a, 'l, C>,
    gil: &'a Gil,
}

impl<C: Clock> Checkpoint for Releasing<'_, '_, C> {
    #[inline(always)]
    fn tick(&mut self, units: u32) -> Result<(), Stopped> {
        self.free.tick(units)
    }
}

impl<C: Clock> TaskCheckpoint for Releasing<'_, '_, C> {
    fn before_taking(&mut self) {
        drop(self.gil.hold(self.free.counter.lane));
        self.free.log.end(Activity::WaitGil);
    }

    fn task_done(&mut self, index: usize) -> f64 {
        self.free.task_done(index)
    }
}

/// A lane's segments: each begins where the one before it ended, so a task costs one look at the clock.
pub(super) struct Log<'a, C> {
    clock: &'a C,
    pub(super) since_us: f64,
    pub(super) segments: Vec<Segment>,
}

/// Computing shorter than this is joined with the computing before it: nobody could see it drawn
/// apart, and a million tiny tasks must not fill the memory.
const FINEST_US: f64 = 200.0;

impl<'a, C: Clock> Log<'a, C> {
    pub(super) fn new(clock: &'a C) -> Self {
        Self { clock, since_us: 0.0, segments: Vec::new() }
    }

    pub(super) fn end(&mut self, activity: Activity) {
        let now = self.clock.now_us();
        match self.segments.last_mut() {
            Some(last) if last.activity == activity && now - last.start_us < FINEST_US => last.end_us = now,
            _ => self.segments.push(Segment { activity, start_us: self.since_us, end_us: now }),
        }
        self.since_us = now;
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::*;
    use crate::domain::Size;
    use crate::job::Unchecked;
    use crate::workload::CosineSum;

    struct Wall(Instant);
    impl Clock for Wall {
        fn now_us(&self) -> f64 {
            self.0.elapsed().as_secs_f64() * 1e6
        }
    }

    fn run_lanes(lanes: u32, gil: Option<&Gil>) -> (Vec<f64>, Vec<Vec<Segment>>) {
        let inputs = CosineSum::inputs(Size::S, 1);
        let queue = TaskQueue::new(inputs.tasks.len(), 1);
        let (gauge, clock) = (Gauge::new(), Wall(Instant::now()));
        let runs: Vec<_> = std::thread::scope(|scope| {
            let handles: Vec<_> = (0..lanes)
                .map(|number| {
                    let (inputs, queue, gauge, clock) = (&inputs, &queue, &gauge, &clock);
                    scope.spawn(move || {
                        Lane { number, gauge, clock, gil, native_releases_gil: true, after_task: None }
                            .run(inputs, queue)
                            .unwrap()
                    })
                })
                .collect();
            handles.into_iter().map(|handle| handle.join().unwrap()).collect()
        });
        let counted: u32 = (0..lanes).map(|lane| gauge.lane(lane).get()).sum();
        assert_eq!(counted, inputs.tasks.iter().map(CosineSum::units).sum::<u32>());
        let segments = runs.iter().map(|run| run.segments.clone()).collect();
        let mut completions: Vec<_> = runs.into_iter().flat_map(|run| run.completions).collect();
        completions.sort_by_key(|completion| completion.index);
        (completions.into_iter().map(|completion| completion.output).collect(), segments)
    }

    fn plain_loop() -> Vec<f64> {
        let inputs = CosineSum::inputs(Size::S, 1);
        inputs
            .tasks
            .iter()
            .map(|task| CosineSum::run(&inputs.shared, task, &mut Unchecked).unwrap())
            .collect()
    }

    #[test]
    fn lanes_answer_what_the_plain_loop_answers() {
        for lanes in [1, 2, 5] {
            assert_eq!(run_lanes(lanes, None).0, plain_loop());
            assert_eq!(run_lanes(lanes, Some(&Gil::new(Duration::from_micros(100)))).0, plain_loop());
        }
    }

    #[test]
    fn segments_follow_each_other_without_a_gap() {
        for segments in run_lanes(3, Some(&Gil::new(Duration::from_micros(100)))).1 {
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
        let (_, lanes) = run_lanes(4, Some(&Gil::new(Duration::from_micros(100))));
        let mut computing: Vec<_> =
            lanes.into_iter().flatten().filter(|segment| segment.activity == Activity::Compute).collect();
        computing.sort_by(|a, b| a.start_us.total_cmp(&b.start_us));
        for pair in computing.windows(2) {
            assert!(pair[1].start_us >= pair[0].end_us, "{pair:?}");
        }
    }

    #[test]
    fn a_stopped_lane_ends_and_lets_go_of_the_lock() {
        let inputs = CosineSum::inputs(Size::S, 1);
        let queue = TaskQueue::new(inputs.tasks.len(), 1);
        let (gauge, clock) = (Gauge::new(), Wall(Instant::now()));
        gauge.stop();
        let gil = Gil::new(Duration::from_millis(1));
        let lane = Lane {
            number: 0,
            gauge: &gauge,
            clock: &clock,
            gil: Some(&gil),
            native_releases_gil: true,
            after_task: None,
        };
        assert_eq!(lane.run::<CosineSum>(&inputs, &queue).unwrap_err(), Stopped);
        drop(gil.hold(1));
    }
}
