//! Measures the costs, one after the other.

use std::rc::Rc;

use super::session::Running;
use super::stop::Stop;
use super::workers::{Workers, patiently};
use crate::browser::page::frame::{self, FrameGaps};
use crate::browser::wire::clock::now_us;
use crate::cost::{Cost, CostEvent, CostSample, CostSummary, WorkPlace};
use crate::domain::{Model, Point, Size, Trial, TrialError};
use crate::experiment::Experiment;
use crate::job::Unchecked;
use crate::machine::Machine;
use crate::trial::Order;
use crate::workload::{CosineSum, Kernel, Request, Workload, WorkloadId};

/// How long the work goes on whose effect on the page's frames is looked at, in µs.
const FRAME_WORK_US: f64 = 300_000.0;

/// Measures all costs on `machine` and tells `on_event` how it goes.
pub fn start(machine: &Machine, on_event: impl Fn(CostEvent) + 'static) -> Running {
    let machine = machine.clone();
    Running::spawn(move |stop| async move {
        let mut measuring = Measuring::new(&machine, stop);
        let costs = Cost::all(machine.cores());
        let all = costs.len() as u32;
        for (done, cost) in (0..).zip(costs) {
            on_event(CostEvent::Measuring { cost, done, all });
            match measuring.cost(cost).await {
                Some(summary) => on_event(CostEvent::Measured(summary)),
                None => break,
            }
        }
        on_event(CostEvent::Finished);
    })
}

/// Measures costs with workers of its own.
pub(super) struct Measuring {
    has_threads: bool,
    workers: Workers,
    stop: Rc<Stop>,
    last_id: u32,
}

impl Measuring {
    /// Without workers: they are started when a cost needs them.
    pub fn new(machine: &Machine, stop: Rc<Stop>) -> Self {
        Self { has_threads: machine.has_threads(), workers: Workers::default(), stop, last_id: 0 }
    }

    /// Measures one cost as often as it needs; `None` if the visitor wants an end.
    pub async fn cost(&mut self, cost: Cost) -> Option<CostSummary> {
        if cost.needs_shared_memory() && !self.has_threads {
            return Some(CostSummary::of(cost, &[], Some(TrialError::NotIsolated.to_string())));
        }
        let mut samples = Vec::new();
        for _ in 0..cost.repetitions() {
            self.last_id += 1;
            let id = self.last_id;
            let measured = self.workers.with_room(async |workers| once(workers, id, cost).await);
            let Some(result) = self.stop.unless_asked(measured).await else {
                self.workers.stop().await;
                return None;
            };
            match result {
                Ok(sample) => samples.push(sample),
                Err(error) => {
                    self.workers.end();
                    return Some(CostSummary::of(cost, &samples, Some(error.to_string())));
                }
            }
            if cost.needs_fresh_workers() {
                self.workers.end();
            }
        }
        Some(CostSummary::of(cost, &samples, None))
    }
}

async fn once(workers: &mut Workers, id: u32, cost: Cost) -> Result<CostSample, TrialError> {
    frame::drawn().await;
    match cost {
        Cost::FrameGap { place: WorkPlace::Page } => Ok(work_on_the_page().await),
        Cost::FrameGap { place: WorkPlace::Worker } => work_on_a_worker(workers, id).await,
        Cost::Memory { model, lanes } => memory(workers, id, Point { model, lanes }).await,
        _ => patiently(workers.coordinator().await?.measure(cost)).await,
    }
}

async fn work_on_a_worker(workers: &mut Workers, id: u32) -> Result<CostSample, TrialError> {
    let trial = Trial { id, round: 1, point: Point { model: Model::Serial, lanes: 1 } };
    let order = Order::new(&Experiment { size: Size::L, ..Experiment::default() }, trial);
    let coordinator = workers.coordinator().await?;
    let gaps = FrameGaps::start();
    frame::drawn().await;
    coordinator.run(&order, &mut |_| ()).await?;
    frame::drawn().await;
    Ok(CostSample::of(gaps.longest_ms() * 1e3))
}

/// The memory while lanes are kept that have just worked.
async fn memory(workers: &mut Workers, id: u32, point: Point) -> Result<CostSample, TrialError> {
    let experiment = Experiment {
        workload: WorkloadId::MatrixProduct,
        lane_counts: vec![point.lanes],
        ..Experiment::default()
    };
    let order = Order::new(&experiment, Trial { id, round: 1, point });
    let sample = workers.coordinator().await?.run(&order, &mut |_| ()).await?;
    Ok(CostSample::of(sample.memory_bytes as f64))
}

/// The one time that a kernel runs on the page's own thread: to show why none should.
async fn work_on_the_page() -> CostSample {
    let gaps = FrameGaps::start();
    frame::drawn().await;
    let inputs = CosineSum::inputs(&Request::new(Size::M, 1));
    let begin_us = now_us();
    let mut sum = 0.0;
    for task in inputs.tasks.iter().cycle() {
        sum += CosineSum::run(&inputs.shared, task, &mut Unchecked).unwrap_or_default();
        if now_us() - begin_us > FRAME_WORK_US {
            break;
        }
    }
    std::hint::black_box(sum);
    frame::drawn().await;
    CostSample::of(gaps.longest_ms() * 1e3)
}
