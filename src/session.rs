//! Drives a plan: warm-up, then rounds until the figures are certain or the budget is spent.

mod event;
mod pace;

use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;

use crate::domain::{Point, Stopped, Trial, TrialError};
use crate::experiment::{Experiment, Plan};
use crate::sample::Sample;
use crate::summary::{PointSummary, Record};
use crate::trial::Order;
use pace::Pace;

pub use event::{Ending, Event, Progress};

/// Runs trials: the browser's, the host's and the scripted one of the tests.
///
/// When the visitor stops a run, the executor ends the trial that runs with
/// [`TrialError::Stopped`], answers every later one so, and lets [`Executor::ready`] return.
pub trait Executor {
    /// Runs one trial. `progress` is told the done part of it, from 0 to 1, at most ten times a second.
    ///
    /// # Errors
    /// Why the trial measured nothing.
    fn run(
        &mut self,
        order: &Order,
        progress: &mut dyn FnMut(f64),
    ) -> impl Future<Output = Result<Sample, TrialError>>;

    /// Waits until trials can be measured: for a page that is hidden, until it is seen again.
    fn ready(&mut self) -> impl Future<Output = ()>;

    /// The time on a monotonic clock, in µs.
    fn now_us(&self) -> f64;

    /// The cores that the machine reports; `None` where it does not tell.
    fn reported_cores(&self) -> Option<u32>;

    /// The resolution of the clock that trials are timed by, in µs; 0 where it is not known.
    fn timer_step_us(&self) -> f64;
}

/// How many trials of a session are run again because the page was hidden or the machine asleep;
/// then they fail.
const MOST_HIDDEN: u32 = 20;
/// A point that fails so many times in a row is left out of later rounds.
const MOST_FAILURES: u32 = 2;

/// Runs `experiment`, which must be valid, and tells `emit` how it goes. The last event is always
/// [`Event::Finished`]; nothing comes after it.
///
/// A trial that fails never ends the session. To stop one, stop its executor.
pub async fn run(experiment: &Experiment, executor: &mut impl Executor, emit: &mut dyn FnMut(Event)) {
    debug_assert_eq!(experiment.validate(), Ok(()), "the caller validates");
    let mut session = Session::new(experiment, executor, emit);
    session.start();
    let ending = session.rounds().await.unwrap_or(Ending::Stopped);
    session.finish(ending);
}

struct Session<'a, E> {
    experiment: &'a Experiment,
    executor: &'a mut E,
    emit: &'a mut dyn FnMut(Event),
    plan: Plan,
    record: Record,
    pace: Pace,
    /// The serial answer that all others are compared with.
    checksum: Option<u64>,
    /// How often each point has failed since it last did not.
    failures: BTreeMap<Point, u32>,
    /// What is left of the round, the running trial first.
    queue: VecDeque<Point>,
    /// The rounds that are forecast to follow this one.
    rounds_ahead: u32,
    /// The trial that began last.
    latest: Option<Trial>,
    /// The trials that have ended; void ones are run again and do not count.
    done: u32,
    /// Whether a trial had the answer of a task, or may yet.
    has_answers: bool,
    /// When the first round after the warm-up began, later by the time of void trials.
    budget_from_us: f64,
}

impl<'a, E: Executor> Session<'a, E> {
    fn new(experiment: &'a Experiment, executor: &'a mut E, emit: &'a mut dyn FnMut(Event)) -> Self {
        let plan = Plan::new(experiment);
        Self {
            record: Record::new(plan.points(), experiment.scaling)
                .bound_by(experiment.workload.bound())
                .timed_in_steps_of(executor.timer_step_us()),
            pace: Pace::new(experiment),
            experiment,
            executor,
            emit,
            plan,
            checksum: None,
            failures: BTreeMap::new(),
            queue: VecDeque::new(),
            rounds_ahead: 0,
            latest: None,
            done: 0,
            has_answers: false,
            budget_from_us: 0.0,
        }
    }

    fn start(&mut self) {
        (self.emit)(Event::Started { points: self.plan.points().to_vec() });
    }

    /// The warm-up, and then rounds until there is a reason to end.
    async fn rounds(&mut self) -> Result<Ending, Stopped> {
        self.round(0).await?;
        // What fails wholly under every model, such as an address that cannot be reached, will go on so.
        if !self.has_answers {
            return Ok(Ending::NothingRuns);
        }
        self.budget_from_us = self.executor.now_us();
        let mut round = 1;
        loop {
            if let Some(ending) = self.ending_before(round) {
                return Ok(ending);
            }
            self.round(round).await?;
            round += 1;
        }
    }

    /// Why `round` is not to be run, if so.
    fn ending_before(&self, round: u32) -> Option<Ending> {
        let points = self.points_that_run();
        if points.is_empty() {
            Some(Ending::NothingRuns)
        } else if round <= self.experiment.min_rounds {
            None
        } else if self.is_certain() {
            Some(Ending::Certain)
        } else if round > self.experiment.max_rounds {
            Some(Ending::RoundsRun)
        } else if !self.pace.allows(round, &points, self.elapsed_us()) {
            Some(Ending::BudgetSpent)
        } else {
            None
        }
    }

    async fn round(&mut self, round: u32) -> Result<(), Stopped> {
        self.queue = self.plan.round(round).into_iter().filter(|&point| self.runs(point)).collect();
        self.forecast_rounds(round);
        while let Some(&point) = self.queue.front() {
            if self.pace.cuts(round, self.elapsed_us()) {
                break;
            }
            self.trial(round, point).await?;
            // Nothing was known when the warm-up began.
            if self.done == 1 {
                self.forecast_rounds(round);
            }
        }
        Ok(())
    }

    /// Runs one trial and tells what came of it. If the page was hidden or the machine asleep
    /// meanwhile, the trial is void: its point stays in the queue, and the time is not the budget's.
    async fn trial(&mut self, round: u32, point: Point) -> Result<(), Stopped> {
        let begin_us = self.executor.now_us();
        let trial = Trial { id: self.latest.map_or(0, |latest| latest.id + 1), round, point };
        self.latest = Some(trial);
        let outcome = self.execute(trial).await;
        let is_void = outcome.as_ref().is_err_and(TrialError::is_void);
        let outcome = match outcome {
            Err(TrialError::Stopped) => return Err(Stopped),
            Err(error) if is_void && self.record.summary().hidden_trials < MOST_HIDDEN => {
                self.record.hide();
                Err(error)
            }
            outcome => {
                self.queue.pop_front();
                self.done += 1;
                let took_us = self.executor.now_us() - begin_us;
                let outcome = self.note(trial, outcome, took_us);
                if self.queue.is_empty() {
                    self.record.fit(self.executor.reported_cores());
                }
                outcome
            }
        };
        (self.emit)(Event::Updated { trial, outcome, summary: self.record.summary().clone() });
        if is_void {
            self.executor.ready().await;
            self.budget_from_us += self.executor.now_us() - begin_us;
        }
        Ok(())
    }

    /// Has the executor run `trial`, tells how far it is, and checks the answer.
    async fn execute(&mut self, trial: Trial) -> Result<Sample, TrialError> {
        let begun = self.forecast(trial);
        let trial_us = self.pace.forecast_us(&[trial.point]);
        (self.emit)(Event::Progress(begun));
        let mut done = 0.0;
        let mut progress = |fraction: f64| {
            let fraction = fraction.clamp(0.0, 1.0);
            if fraction > done {
                done = fraction;
                let left_us =
                    begun.left_us.zip(trial_us).map(|(left_us, trial_us)| left_us - done * trial_us);
                (self.emit)(Event::Progress(Progress { fraction, left_us, ..begun }));
            }
        };
        let order = Order::new(self.experiment, trial);
        let sample = self.executor.run(&order, &mut progress).await?;
        debug_assert_eq!(sample.trial, trial, "an executor drops what comes late");
        self.check(sample)
    }

    /// Compares the answer with the serial one, which is the first: every plan begins with it. If
    /// that trial failed, the first answer of all stands in: then trials that disagree are still
    /// found, though not which of them is wrong.
    fn check(&mut self, sample: Sample) -> Result<Sample, TrialError> {
        // What lacks the answers of some tasks has an answer of its own, and is no sample.
        if !sample.failed_tasks.is_empty() {
            return Ok(sample);
        }
        let expected = *self.checksum.get_or_insert(sample.checksum);
        if sample.checksum == expected {
            Ok(sample)
        } else {
            Err(TrialError::WrongChecksum { expected, found: sample.checksum })
        }
    }

    /// Puts down what came of `trial`, which took `took_us`.
    fn note(
        &mut self,
        trial: Trial,
        outcome: Result<Sample, TrialError>,
        took_us: f64,
    ) -> Result<Rc<Sample>, TrialError> {
        let failures = self.failures.entry(trial.point).or_default();
        match &outcome {
            Ok(sample) => {
                *failures = 0;
                let failed = sample.failed_tasks.len();
                self.has_answers |= failed == 0 || failed < sample.tasks as usize;
                self.pace.note(trial, took_us);
                self.record.add(trial, sample);
            }
            Err(error) => {
                match error {
                    // Says nothing about the point.
                    TrialError::Hidden | TrialError::Asleep => self.has_answers = true,
                    // Cannot change while the page is open.
                    TrialError::NotIsolated | TrialError::OtherBuild { .. } => *failures = MOST_FAILURES,
                    _ => *failures += 1,
                }
                self.record.fail(trial, error.clone());
                if matches!(error, TrialError::Python(error) if error.is_of_program()) {
                    self.give_up(trial, error);
                }
            }
        }
        outcome.map(Rc::new)
    }

    /// No point can be run, for the reason that `trial` has failed for.
    fn give_up(&mut self, trial: Trial, error: &TrialError) {
        for &point in self.plan.points() {
            self.failures.insert(point, MOST_FAILURES);
            if point != trial.point {
                self.record.fail(Trial { point, ..trial }, error.clone());
            }
        }
        self.queue.clear();
    }

    fn finish(&mut self, ending: Ending) {
        if let Some(trial) = self.latest.filter(|_| ending != Ending::Stopped) {
            let over = Progress { trial, fraction: 1.0, done: self.done, left: 0, left_us: Some(0.0) };
            (self.emit)(Event::Progress(over));
        }
        (self.emit)(Event::Finished(ending));
    }

    /// Where the session is as `trial` begins.
    fn forecast(&self, trial: Trial) -> Progress {
        let points = self.points_that_run();
        let left_us = |queue_us, round_us| queue_us + f64::from(self.rounds_ahead) * round_us;
        let queue: Vec<Point> = self.queue.iter().copied().collect();
        Progress {
            trial,
            fraction: 0.0,
            done: self.done,
            left: queue.len() as u32 + self.rounds_ahead * points.len() as u32,
            left_us: self
                .pace
                .forecast_us(&queue)
                .zip(self.pace.forecast_us(&points))
                .map(|(q, r)| left_us(q, r)),
        }
    }

    /// Forecasts how many rounds follow `round`. It stays as it is until the next one, so that
    /// what is left does not grow while a round runs.
    fn forecast_rounds(&mut self, round: u32) {
        let queue: Vec<Point> = self.queue.iter().copied().collect();
        let end_us = match round {
            0 => 0.0,
            _ => self.elapsed_us() + self.pace.forecast_us(&queue).unwrap_or(0.0),
        };
        self.rounds_ahead = self.pace.rounds_after(round, &self.points_that_run(), end_us);
    }

    /// How much of the budget has passed.
    fn elapsed_us(&self) -> f64 {
        self.executor.now_us() - self.budget_from_us
    }

    /// Whether a point has not failed too often.
    fn runs(&self, point: Point) -> bool {
        self.failures.get(&point).is_none_or(|&failures| failures < MOST_FAILURES)
    }

    fn points_that_run(&self) -> Vec<Point> {
        self.plan.points().iter().copied().filter(|&point| self.runs(point)).collect()
    }

    /// Whether the median of every point that runs is certain.
    fn is_certain(&self) -> bool {
        let runs = |summary: &&PointSummary| self.runs(summary.point);
        self.record.summary().points.iter().filter(runs).all(PointSummary::is_certain)
    }
}

#[cfg(test)]
mod tests;
