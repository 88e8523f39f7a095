//! What goes wrong with workers, made to go wrong in a real browser: each fault fails its trials
//! with a line that says so, the other trials go on, and nothing hangs.

use crate::support::{Page, Visit};
use anyhow::{Result, ensure};
use lanes::protocol::FromLane;

/// What runs before the loader of all workers, in processes alone.
macro_rules! process {
    ($($fault:tt)+) => {
        concat!("if (self.name.startsWith('process')) {\n", $($fault)+, "\n}")
    };
}

/// The same, where a process says something instead of being loaded.
macro_rules! says {
    ($what:literal) => {
        process!(concat!(
            "self.addEventListener('message', (event) => {\n",
            "  event.stopImmediatePropagation();\n  ",
            $what,
            "\n}, { once: true });"
        ))
    };
}

/// The same, in the coordinator.
macro_rules! coordinator {
    ($($fault:tt)+) => {
        concat!("if (self.name === 'coordinator') {\n", $($fault)+, "\n}")
    };
}

/// Runs serial and one process, and ensures that the one is measured and the other fails with `line`.
async fn processes_fail(fault: &'static str, line: &str) -> Result<()> {
    lanes_fail("processes", fault, line).await
}

/// Runs serial and one lane of `model`, and ensures that the one is measured and the other fails with `line`.
async fn lanes_fail(model: &str, fault: &'static str, line: &str) -> Result<()> {
    let visit = async |page: &Page| {
        page.wait_for("#machine[data-isolation='isolated']").await?;
        page.unfold_settings().await?;
        page.choose("size", "s").await?;
        page.choose_models(&["serial", model]).await?;
        page.write("lane-counts", "1").await?;
        page.write("min-rounds", "2").await?;
        page.write("max-rounds", "2").await?;
        page.press_run().await?;
        page.wait_for_state("finished").await?;
        ensure!(page.samples("serial", 1).await? == 2, "serial goes on");
        ensure!(page.figure(model, 1, "time").await?.is_none(), "nothing was measured");
        let failures = page.text("#failures").await?;
        ensure!(failures.contains(line), "{failures}");
        page.wait_for("#run:enabled").await.map(drop)
    };
    Visit { faults: vec![("lane.js", fault)], console_must_be_clean: false, ..Visit::default() }
        .pay(visit)
        .await
}

#[tokio::test]
async fn a_process_that_dies_in_mid_trial_says_why() -> Result<()> {
    // The module, the shared inputs, a task: it dies of the fourth message, the next task.
    let fault = process!(
        "  let messages = 0;
  self.addEventListener('message', () => {
    if (++messages === 4) setTimeout(() => { throw new Error('the test ended it'); });
  });"
    );
    processes_fail(fault, "the test ended it").await
}

#[tokio::test]
async fn in_chromium_a_process_that_answers_nothing_is_given_up_after_ten_seconds() -> Result<()> {
    processes_fail(says!(""), "Nothing was heard of this trial for 10 s").await
}

#[tokio::test]
async fn in_chromium_a_process_that_talks_nonsense_is_ended() -> Result<()> {
    processes_fail(says!("self.postMessage('nonsense');"), "no message of this build").await
}

#[tokio::test]
async fn a_process_without_memory_says_so() -> Result<()> {
    let fault = process!(
        "  WebAssembly.Memory = function () {
    throw new RangeError('WebAssembly.Memory(): could not allocate memory');
  };"
    );
    processes_fail(fault, "no memory left").await
}

#[tokio::test]
async fn in_chromium_a_process_of_another_build_is_refused() -> Result<()> {
    // `Ready` as postcard has it: the variant's number, the build's length and letters, the gauge.
    let fault = says!("self.postMessage(new Uint8Array([3, 111, 108, 100, 0]));");
    processes_fail(fault, "another build of Lanes (old)").await
}

#[tokio::test]
async fn in_chromium_a_wrong_answer_is_found_and_not_counted() -> Result<()> {
    // The last bit of each answer of a process: its outputs stand at its end.
    let done =
        FromLane::Done { trial: 0, first: 0, is_stopped: false, segments: Vec::new(), memory_bytes: 0 };
    ensure!(postcard::to_allocvec(&done)?[0] == 3, "a message begins with its number, which stands below");
    let fault = process!(
        "  const post = self.postMessage.bind(self);
  self.postMessage = (message, ...rest) => {
    if (message instanceof Uint8Array && message[0] === 3) message[message.length - 1] ^= 1;
    post(message, ...rest);
  };"
    );
    processes_fail(fault, "The answer is wrong").await
}

#[tokio::test]
async fn a_process_that_hangs_in_mid_trial_is_ended() -> Result<()> {
    let fault = process!(
        "  let messages = 0;
  self.addEventListener('message', () => {
    if (++messages === 4) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  });"
    );
    processes_fail(fault, "Nothing was heard of this trial for 10 s").await
}

#[tokio::test]
async fn a_thread_that_gets_no_worker_or_no_memory_says_so() -> Result<()> {
    let fault = coordinator!(
        "  const { Worker } = self;
  self.Worker = function (url, options) {
    if (options.name?.startsWith('process')) return new Worker(url, options);
    throw new RangeError('could not allocate memory');
  };"
    );
    lanes_fail("threads", fault, "no memory left").await
}

#[tokio::test]
async fn a_thread_that_hangs_in_mid_trial_is_ended() -> Result<()> {
    // Threads are loaded from a blob: before it stands a clock that stops for ever when it is read often.
    let fault = coordinator!(
        "  const { createObjectURL } = URL;
  const clock = `let reads = 0;
    const now = performance.now.bind(performance);
    const forever = new Int32Array(new SharedArrayBuffer(4));
    performance.now = () => { if (++reads === 9) Atomics.wait(forever, 0, 0); return now(); };
  `;
  URL.createObjectURL = (blob) => createObjectURL(new Blob([clock, blob], { type: 'text/javascript' }));"
    );
    lanes_fail("threads", fault, "Nothing was heard of this trial for 10 s").await
}

/// Runs serial alone, and ensures that nothing is measured, that `line` is said, and that the page lives.
async fn nothing_runs(visit: Visit, line: &str) -> Result<()> {
    let act = async |page: &Page| {
        page.unfold_settings().await?;
        page.choose("size", "s").await?;
        page.choose_models(&["serial"]).await?;
        page.press_run().await?;
        page.wait_for_state("finished").await?;
        ensure!(page.figure("serial", 1, "time").await?.is_none(), "nothing was measured");
        let failures = page.text("#failures").await?;
        ensure!(failures.contains(line), "{failures}");
        page.wait_for("#run:enabled").await.map(drop)
    };
    Visit { console_must_be_clean: false, ..visit }.pay(act).await
}

#[tokio::test]
async fn a_worker_whose_script_is_missing_says_so() -> Result<()> {
    nothing_runs(Visit::without(&["lane.js"]), "could not be started").await
}

/// What a network that wants one to sign in answers to everything.
const SIGN_IN: &str = "<!doctype html><title>Sign in to this network</title>";

/// Ensures that a worker that has something else for a file does not start, and that the page says so.
async fn nothing_starts(name: &'static str, content: &'static str) -> Result<()> {
    let visit = Visit { replaced: vec![(name, content)], ..Visit::default() };
    nothing_runs(visit, "could not be started").await
}

#[tokio::test]
async fn a_worker_whose_script_is_garbage_says_so() -> Result<()> {
    nothing_starts("lane.js", SIGN_IN).await
}

#[tokio::test]
async fn in_chromium_a_worker_whose_script_loads_garbage_says_so() -> Result<()> {
    nothing_starts("worker.js", SIGN_IN).await
}

#[tokio::test]
async fn a_program_that_cannot_be_compiled_says_so() -> Result<()> {
    nothing_starts("worker_bg.wasm", "\0asm\u{1}\0\0\0garbage").await
}

#[tokio::test]
async fn in_chromium_a_program_that_is_none_says_so() -> Result<()> {
    for content in ["", "<!doctype html>"] {
        nothing_starts("worker_bg.wasm", content).await?;
    }
    Ok(())
}

#[tokio::test]
async fn in_chromium_a_coordinator_of_another_build_is_refused() -> Result<()> {
    let replaced = vec![(
        "lane.js",
        "self.addEventListener('message', () => self.postMessage(new Uint8Array([3, 111, 108, 100, 0])));",
    )];
    nothing_runs(Visit { replaced, ..Visit::default() }, "another build of Lanes (old)").await
}

#[tokio::test]
async fn a_coordinator_without_memory_says_so() -> Result<()> {
    let fault = coordinator!(
        "  WebAssembly.Memory = function () { throw new RangeError('could not allocate memory'); };"
    );
    nothing_runs(Visit { faults: vec![("lane.js", fault)], ..Visit::default() }, "no memory left").await
}

#[tokio::test]
async fn a_coordinator_that_hangs_in_mid_trial_is_ended() -> Result<()> {
    let fault = coordinator!(
        "  let reads = 0;
  const now = performance.now.bind(performance);
  performance.now = () => { if (++reads === 9) for (;;); return now(); };"
    );
    let line = "Nothing was heard of this trial for 10 s";
    nothing_runs(Visit { faults: vec![("lane.js", fault)], ..Visit::default() }, line).await
}

#[tokio::test]
async fn lanes_beyond_the_cores_all_run_and_go_with_their_session() -> Result<()> {
    let visit = async |page: &Page| {
        page.wait_for("#machine[data-isolation='isolated']").await?;
        page.unfold_settings().await?;
        page.choose("size", "s").await?;
        page.write("lane-counts", "16").await?;
        page.write("min-rounds", "1").await?;
        page.write("max-rounds", "1").await?;
        for _ in 0..2 {
            page.run_to_end().await?;
            for model in ["threads", "threads + GIL", "processes"] {
                ensure!(page.samples(model, 16).await? == 1, "{model}");
            }
            ensure!(page.count("#failures li").await? == 0, "{}", page.text("#failures").await?);
        }
        Ok(())
    };
    Visit::default().pay(visit).await
}

#[tokio::test]
async fn lanes_of_one_run_leave_room_for_those_of_the_next() -> Result<()> {
    let visit = async |page: &Page| {
        page.unfold_settings().await?;
        page.choose("size", "s").await?;
        page.choose_models(&["serial", "processes"]).await?;
        // As many memories as Chromium has room for are held by two runs.
        page.write("lane-counts", "64").await?;
        page.write("min-rounds", "1").await?;
        page.write("max-rounds", "1").await?;
        for _ in 0..3 {
            page.run_to_end().await?;
            ensure!(page.count("#failures li").await? == 0, "{}", page.text("#failures").await?);
            ensure!(page.samples("processes", 64).await? == 1);
        }
        Ok(())
    };
    Visit::default().pay(visit).await
}

#[tokio::test]
async fn every_cost_is_measured() -> Result<()> {
    let visit = async |page: &Page| {
        page.wait_for("#measure-costs:enabled").await?;
        page.press("#measure-costs").await?;
        page.wait_for("#costs[data-state=running]").await?;
        ensure!(page.count("#run:disabled").await? == 1, "two at once would disturb each other");
        page.wait_for("#costs[data-state=idle] #cost-figures").await?;
        let rows = page.count("#cost-figures tr[data-cost]").await?;
        let measured = page.count("#cost-figures tr[data-value]").await?;
        ensure!(rows > 20 && measured == rows, "{measured} of {rows}: {}", page.text("#cost-figures").await?);
        // The page's thread is kept busy for 300 ms, in which it cannot draw. How soon it draws while a
        // worker computes depends on the machine.
        let gap = page.attribute("tr[data-cost='work-on-the-pages-own-thread']", "data-value").await?;
        let gap_us: f64 = gap.unwrap_or_default().parse()?;
        ensure!(gap_us >= 300_000.0, "{gap_us}");
        page.wait_for("#run:enabled").await.map(drop)
    };
    Visit::default().pay(visit).await
}
