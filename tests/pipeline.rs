//! The whole pipeline on the host: a real experiment, real kernels, real lanes.

#![cfg(not(target_arch = "wasm32"))]

use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::thread;
use std::time::{Duration, Instant};

use lanes::domain::{Model, Scaling, Size, Stopped, TrialError};
use lanes::experiment::{Experiment, Plan};
use lanes::job::{Clock, Completion, Gauge, Gil, Inputs, LaneLog, Log, TaskLoop, TaskQueue, Unchecked, Work};
use lanes::sample::Sample;
use lanes::session::{self, Ending, Event, Executor};
use lanes::summary::Summary;
use lanes::trial::{Order, StepLog, TrialLog};
use lanes::workload::{Visitor, Workload, WorkloadId};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Runs trials in the threads of this process, and can be told to go wrong.
struct Host {
    begin: Instant,
    /// This model mixes up two of its outputs.
    broken: Option<Model>,
    /// The visitor stops the run as so many trials have ended.
    stop_after: Option<usize>,
    ended: AtomicUsize,
}

impl Host {
    fn new() -> Self {
        Self { begin: Instant::now(), broken: None, stop_after: None, ended: AtomicUsize::new(0) }
    }
}

impl Executor for Host {
    async fn run(&mut self, order: &Order, progress: &mut dyn FnMut(f64)) -> Result<Sample, TrialError> {
        let gauge = Gauge::new();
        if self.stop_after == Some(self.ended.fetch_add(1, SeqCst)) {
            gauge.stop();
        }
        let is_broken = self.broken == Some(order.trial.point.model);
        let sample = order.workload.visit(RunTrial { order, gauge: &gauge, is_broken })?;
        progress(1.0);
        Ok(sample)
    }

    async fn ready(&mut self) {}

    fn now_us(&self) -> f64 {
        self.begin.elapsed().as_secs_f64() * 1e6
    }

    fn reported_cores(&self) -> Option<u32> {
        thread::available_parallelism().ok().and_then(|cores| cores.get().try_into().ok())
    }

    fn timer_step_us(&self) -> f64 {
        0.0
    }
}

struct RunTrial<'a> {
    order: &'a Order,
    gauge: &'a Gauge,
    is_broken: bool,
}

struct Wall(Instant);

impl Clock for Wall {
    fn now_us(&self) -> f64 {
        self.0.elapsed().as_secs_f64() * 1e6
    }
}

impl Visitor for RunTrial<'_> {
    type Answer = Result<Sample, TrialError>;

    fn visit<W: Workload>(self) -> Self::Answer {
        let RunTrial { order, gauge, is_broken } = self;
        let point = order.trial.point;
        let inputs = W::inputs(&order.request(None));
        let work = Work::new(inputs.clone(), order.copies() as usize);
        let queue = TaskQueue::new(work.len(), order.chunk_size(work.len()));
        let gil = Gil::new(Duration::from_micros(order.switch_interval_us.into()));
        let gil = (point.model == Model::ThreadsGil).then_some(&gil);
        let clock = Wall(Instant::now());

        let run_lane = |number| {
            let native_releases_gil = order.native_releases_gil;
            let task_loop = TaskLoop { number, gauge, gil, native_releases_gil, after_task: None };
            let log = Log::of_new_lane(&clock);
            match point.model {
                Model::Processes => {
                    let own = Inputs::new(copy(&*inputs.shared), copy(&*inputs.tasks));
                    let own = Work::new(own, order.copies() as usize);
                    let done = pollster::block_on(task_loop.run::<_, W>(log, &own, &queue, Unchecked))?;
                    let copied = |completion: Completion<_>| Completion {
                        outcome: copy(&completion.outcome),
                        ..completion
                    };
                    Ok(LaneLog { completions: done.completions.into_iter().map(copied).collect(), ..done })
                }
                _ => pollster::block_on(task_loop.run(log, &work, &queue, Unchecked)),
            }
        };
        let runs: Result<Vec<_>, Stopped> = thread::scope(|scope| {
            let run_lane = &run_lane;
            let lanes: Vec<_> =
                (0..point.lanes).map(|number| scope.spawn(move || run_lane(number))).collect();
            lanes.into_iter().map(|lane| lane.join().expect("no lane dies")).collect()
        });
        let end_us = clock.now_us();

        let mut runs = runs?;
        if is_broken {
            let mut places = runs.iter_mut().flat_map(|run| &mut run.completions).map(|done| &mut done.place);
            let (first, second) = (places.next().expect("a task"), places.next().expect("a second one"));
            std::mem::swap(first, second);
        }
        let mut log = TrialLog::<W>::new(order.workload, inputs.tasks.len(), Vec::new());
        log.add(0, &work, StepLog::of(runs, end_us));
        Ok(log.into_sample(order, 1 << 20))
    }
}

/// What arrives in another program's memory.
fn copy<T: Serialize + DeserializeOwned>(value: &T) -> T {
    let bytes = postcard::to_allocvec(value).expect("inputs and outputs can be written");
    postcard::from_bytes(&bytes).expect("and read again")
}

fn experiment(workload: WorkloadId) -> Experiment {
    Experiment {
        workload,
        size: Size::S,
        lane_counts: vec![1, 2, 3],
        switch_interval_us: 200,
        min_rounds: 2,
        max_rounds: 2,
        ..Experiment::default()
    }
}

fn run(experiment: &Experiment, mut host: Host) -> (Ending, Option<Summary>) {
    let (mut ending, mut last) = (None, None);
    let mut on_event = |event| match event {
        Event::Updated { summary, .. } => last = Some(summary),
        Event::Finished(why) => ending = Some(why),
        Event::Started { .. } | Event::Progress(_) => {}
    };
    pollster::block_on(session::run(experiment, &mut host, &mut on_event));
    (ending.expect("every session ends"), last)
}

#[test]
fn every_workload_has_one_answer_under_all_models() {
    for workload in WorkloadId::kernels() {
        let experiment = experiment(workload);
        let (ending, summary) = run(&experiment, Host::new());
        let points = summary.unwrap().points;
        assert_eq!(ending, Ending::RoundsRun);
        assert_eq!(points.len(), Plan::new(&experiment).points().len());
        for point in points {
            assert_eq!(point.last_error, None, "{workload:?} at {:?}", point.point);
            assert_eq!((point.samples, point.failures), (2, 0));
            assert!(point.split.compute_us > 0.0 && point.speed_up.is_some());
        }
    }
}

#[test]
fn where_the_work_grows_with_the_lanes_so_does_the_speed_up() {
    let experiment = Experiment { scaling: Scaling::Weak, ..experiment(WorkloadId::CosineSum) };
    let (_, summary) = run(&experiment, Host::new());
    let points = summary.unwrap().points;
    let serial_us = points[0].time_us.unwrap();
    for point in points {
        assert_eq!((point.copies, point.failures), (point.point.lanes, 0), "{:?}", point.point);
        // Each round's own lies between what the shortest and the longest times make of it.
        let (time_us, copies) = (point.time_us.unwrap(), f64::from(point.copies));
        let (least, most) = (copies * serial_us.lo / time_us.hi, copies * serial_us.hi / time_us.lo);
        let speed_up = point.speed_up.unwrap().value;
        assert!(least <= speed_up && speed_up <= most, "{least} ≤ {speed_up} ≤ {most}");
    }
}

#[test]
fn a_model_that_mixes_up_its_outputs_is_found() {
    let host = Host { broken: Some(Model::Processes), ..Host::new() };
    let (ending, summary) = run(&experiment(WorkloadId::CosineSum), host);
    assert_eq!(ending, Ending::RoundsRun);
    for point in summary.unwrap().points {
        let is_broken = point.point.model == Model::Processes;
        assert_eq!(point.wrong_answers, if is_broken { 2 } else { 0 }, "{:?}", point.point);
        assert_eq!(point.time_us.is_none(), is_broken, "a wrong answer has no time");
    }
}

#[test]
fn a_stop_ends_real_lanes_and_keeps_what_was_measured() {
    let warm_ups = 10;
    for stop_after in [0, 1, warm_ups, warm_ups + 3] {
        let host = Host { stop_after: Some(stop_after), ..Host::new() };
        let (ending, summary) = run(&experiment(WorkloadId::BigProduct), host);
        assert_eq!(ending, Ending::Stopped);
        let samples = summary.map_or(0, |summary| summary.points.iter().map(|point| point.samples).sum());
        assert_eq!(samples as usize, stop_after.saturating_sub(warm_ups));
    }
}

#[test]
fn under_a_gil_lanes_take_turns_and_the_summary_shows_the_wait() {
    let experiment =
        Experiment { models: vec![Model::Serial, Model::ThreadsGil], ..experiment(WorkloadId::CosineSum) };
    let (_, summary) = run(&experiment, Host::new());
    for point in summary.unwrap().points {
        // A single lane only ever waits for as long as taking a free lock takes.
        match (point.point.model, point.point.lanes) {
            (Model::Serial, _) => assert_eq!(point.split.wait_us, 0.0),
            (_, 1) => {}
            _ => assert!(point.split.wait_us > 0.0, "{:?}", point.point),
        }
    }
}
