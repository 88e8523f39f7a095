//! The kernels and the models in a real browser's worker: the same code as on the host, compiled
//! as the worker's program is, over real wasm threads.
#![cfg(target_arch = "wasm32")]

use std::time::Duration;

use lanes::browser::{
    clock::{TrialClock, now_us},
    program::threads,
};
use lanes::domain::{Activity, Segment, Size};
use lanes::job::{Gauge, Gil, Lane, TaskQueue, Unchecked};
use lanes::workload::{CosineSum, Inputs, Visitor, Workload, WorkloadId};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

mod known_checksums;

wasm_bindgen_test_configure!(run_in_dedicated_worker);

const THREADS: u32 = 4;

/// Rayon's pool can be started once in a worker, and the tests share one.
async fn start_threads() {
    use std::sync::atomic::{AtomicBool, Ordering};
    static STARTED: AtomicBool = AtomicBool::new(false);
    if !STARTED.swap(true, Ordering::Relaxed) {
        threads::start(THREADS).await.expect("the runner's page is isolated");
    }
}

fn plain_loop<W: Workload>(inputs: &Inputs<W>) -> Vec<W::Output> {
    inputs.tasks.iter().map(|task| W::run(&inputs.shared, task, &mut Unchecked).unwrap()).collect()
}

fn on_lanes<W: Workload>(
    inputs: &Inputs<W>,
    lanes: u32,
    gil: Option<&Gil>,
) -> (Vec<W::Output>, Vec<Vec<Segment>>) {
    let gauge = Gauge::new();
    let clock = TrialClock::begin();
    let queue = TaskQueue::new(inputs.tasks.len(), 1);
    let runs = threads::on_lanes(lanes, |number| {
        let lane =
            Lane { number, gauge: &gauge, clock: &clock, gil, native_releases_gil: true, after_task: None };
        lane.run(inputs, &queue).expect("nobody stops it")
    });
    let mut completions = Vec::new();
    let mut segments = Vec::new();
    for run in runs {
        completions.extend(run.completions);
        segments.push(run.segments);
    }
    completions.sort_unstable_by_key(|completion| completion.index);
    (completions.into_iter().map(|completion| completion.output).collect(), segments)
}

struct AllModelsAgree;

impl Visitor for AllModelsAgree {
    type Answer = ();

    fn visit<W: Workload>(self) {
        let inputs = W::inputs(Size::S, 3);
        let expected = W::checksum(&plain_loop(&inputs));
        for lanes in [1, 2, THREADS] {
            let gil = Gil::new(Duration::from_millis(1));
            let name = W::DESCRIPTION.name;
            assert_eq!(W::checksum(&on_lanes(&inputs, lanes, None).0), expected, "{name}, {lanes} threads");
            assert_eq!(
                W::checksum(&on_lanes(&inputs, lanes, Some(&gil)).0),
                expected,
                "{name}, {lanes} under a GIL"
            );
        }
    }
}

#[wasm_bindgen_test]
async fn threads_answer_what_the_plain_loop_answers() {
    start_threads().await;
    for &workload in WorkloadId::KERNELS {
        workload.visit(AllModelsAgree).expect("it has a kernel");
    }
}

#[wasm_bindgen_test]
async fn under_a_gil_no_two_threads_compute_at_once() {
    start_threads().await;
    let inputs = CosineSum::inputs(Size::M, 1);
    let gil = Gil::new(Duration::from_millis(1));
    let (_, lanes) = on_lanes(&inputs, THREADS, Some(&gil));
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
