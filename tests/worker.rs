//! The kernels and the models in a real browser's worker: the same code as on the host, compiled
//! as the worker's program is, over real wasm threads.
#![cfg(target_arch = "wasm32")]

use std::time::Duration;

use futures_util::FutureExt;
use lanes::browser::{
    wire::clock::{TrialClock, now_us},
    worker::thread_pool,
};
use lanes::domain::{Activity, Segment, Size};
use lanes::job::{Gauge, Gil, Log, TaskLoop, TaskQueue, Unchecked, Work, alone};
use lanes::workload::{CosineSum, Request, Visitor, Workload, WorkloadId};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

mod known_checksums;

wasm_bindgen_test_configure!(run_in_dedicated_worker);

const THREADS: u32 = 4;

/// Rayon's pool can be started once in a worker, and the tests share one.
async fn start_threads() {
    use std::sync::atomic::{AtomicBool, Ordering};
    static STARTED: AtomicBool = AtomicBool::new(false);
    if !STARTED.swap(true, Ordering::Relaxed) {
        thread_pool::start(THREADS).await.expect("the runner's page is isolated");
    }
}

fn plain_loop<W: Workload>(work: &Work<W>) -> Vec<W::Output> {
    (0..work.len()).map(|index| alone::<W>(work.shared(), work.task(index))).collect()
}

fn on_lanes<W: Workload>(
    work: &Work<W>,
    lanes: u32,
    gil: Option<&Gil>,
) -> (Vec<W::Output>, Vec<Vec<Segment>>) {
    let gauge = Gauge::new();
    let clock = TrialClock::begin();
    let queue = TaskQueue::new(work.len(), 1);
    let runs = thread_pool::on_lanes(lanes, |number| {
        let task_loop = TaskLoop { number, gauge: &gauge, gil, native_releases_gil: true, after_task: None };
        let run = task_loop.run(Log::of_new_lane(&clock), work, &queue, Unchecked);
        run.now_or_never().expect("a kernel never waits").expect("nobody stops it")
    });
    let mut completions = Vec::new();
    let mut segments = Vec::new();
    for run in runs {
        completions.extend(run.completions);
        segments.push(run.segments);
    }
    completions.sort_unstable_by_key(|completion| completion.place);
    let outputs = completions.into_iter().map(|completion| completion.outcome.expect("it does not fail"));
    (outputs.collect(), segments)
}

struct AllModelsAgree;

impl Visitor for AllModelsAgree {
    type Answer = ();

    fn visit<W: Workload>(self) {
        let work = Work::<W>::new(W::inputs(&Request::new(Size::S, 3)), 1);
        let expected = W::checksum(&plain_loop(&work));
        for lanes in [1, 2, THREADS] {
            let gil = Gil::new(Duration::from_millis(1));
            let name = W::DESCRIPTION.name;
            assert_eq!(W::checksum(&on_lanes(&work, lanes, None).0), expected, "{name}, {lanes} threads");
            assert_eq!(
                W::checksum(&on_lanes(&work, lanes, Some(&gil)).0),
                expected,
                "{name}, {lanes} under a GIL"
            );
        }
    }
}

#[wasm_bindgen_test]
async fn threads_answer_what_the_plain_loop_answers() {
    start_threads().await;
    for workload in WorkloadId::kernels() {
        workload.visit(AllModelsAgree);
    }
}

#[wasm_bindgen_test]
async fn under_a_gil_no_two_threads_compute_at_once() {
    start_threads().await;
    let work = Work::<CosineSum>::new(CosineSum::inputs(&Request::new(Size::M, 1)), 1);
    let gil = Gil::new(Duration::from_millis(1));
    let (_, lanes) = on_lanes(&work, THREADS, Some(&gil));
    let mut computing: Vec<_> =
        lanes.into_iter().flatten().filter(|segment| segment.activity == Activity::Compute).collect();
    computing.sort_by(|a, b| a.start_us.total_cmp(&b.start_us));
    // Clocks of different threads agree within their step.
    const STEP_US: f64 = 200.0;
    for pair in computing.windows(2) {
        assert!(pair[1].start_us + STEP_US >= pair[0].end_us, "{pair:?}");
    }
    assert!(gil.switches() > 1, "the lock went round");
}

/// The host's test of the same name writes down where these come from.
#[wasm_bindgen_test]
fn answers_are_the_same_on_every_machine() {
    known_checksums::check();
}

#[wasm_bindgen_test]
fn the_clock_runs_and_never_goes_back() {
    let begin = now_us();
    let mut last = begin;
    while last < begin + 2_000.0 {
        let now = now_us();
        assert!(now >= last);
        last = now;
    }
}
