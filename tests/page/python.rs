//! Python as work of the one engine, in a real browser: in all models, with what goes wrong, and by a link.

use crate::support::{Page, Visit, io::run};
use anyhow::{Context, Result, ensure};
use lanes::domain::Model;
use lanes::experiment::Experiment;
use lanes::report::link;
use lanes::workload::WorkloadId;

/// A coroutine: every model can run it.
const COROUTINE: &str = "\
import asyncio


async def work(task):
    await asyncio.sleep(0.001)
    return sum(i * i for i in range(task))


TASKS = list(range(2_000, 2_016))
";

/// It ends in the plain loop, and in no other lane.
const ENDLESS: &str = "\
import multiprocessing
import threading
import time


def work(task):
    time.sleep(0.1)
    is_main = threading.current_thread() is threading.main_thread()
    while task and not (is_main and multiprocessing.parent_process() is None):
        pass


TASKS = [0, 1, 1]
";

/// A script as an experiment of one round, at one lane and at two.
fn experiment(script: &str, models: &[Model]) -> Experiment {
    Experiment {
        script: script.to_owned(),
        models: models.to_vec(),
        lane_counts: vec![1, 2],
        min_rounds: 1,
        max_rounds: 1,
        ..Experiment::of(WorkloadId::Script, 2)
    }
}

/// Opens the page by the link of `experiment`.
async fn open(page: &Page, experiment: &Experiment) -> Result<()> {
    page.driver.goto("about:blank").await?;
    page.driver.goto(format!("{}{}", page.site.url(), link::of_experiment(experiment))).await?;
    page.unfold_settings().await
}

#[tokio::test]
async fn in_chromium_a_script_runs_in_every_model_and_again_by_its_link() -> Result<()> {
    let visit = async |page: &Page| {
        let all = [Model::Serial, Model::Threads, Model::ThreadsGil, Model::Processes, Model::Async];
        open(page, &experiment(COROUTINE, &all)).await?;
        ensure!(page.value("script").await? == COROUTINE, "the link carries the script");
        for _ in ["first", "second"] {
            run(page).await?;
            ensure!(page.attribute("#answers", "data-agree").await?.as_deref() == Some("true"));
            for model in all {
                let lanes = if model == Model::Serial { 1 } else { 2 };
                ensure!(page.samples(model.name(), lanes).await? == 1, "{}", model.name());
                ensure!(page.memory_bytes(model.name(), lanes).await? > 1e6, "{}", model.name());
            }
        }
        let caption = page.text("#results caption").await?;
        ensure!(caption.contains("your script"), "{caption}");
        Ok(())
    };
    Visit::default().pay(visit).await
}

#[tokio::test]
async fn in_chromium_a_task_that_raises_is_counted_with_its_traceback() -> Result<()> {
    let visit = async |page: &Page| {
        let script = "def work(task):\n    return 6 // task\n\n\nTASKS = [1, 2, 0, 3]\n";
        open(page, &experiment(script, &[Model::Serial, Model::Threads, Model::Processes])).await?;
        run(page).await?;
        let failed = page.text("#failed-tasks").await?;
        ensure!(failed.contains("ZeroDivisionError"), "{failed}");
        ensure!(failed.contains("script.py\", line 2, in work"), "{failed}");
        ensure!(!failed.contains("_lanes_job"), "a traceback has the reader's lines only: {failed}");
        // In the warm-up and a round: serial, and two lane counts of two models.
        ensure!(failed.replace('\u{a0}', " ").contains("10 tasks: Traceback"), "{failed}");
        Ok(())
    };
    Visit::default().pay(visit).await
}

#[tokio::test]
async fn in_chromium_a_script_without_an_end_is_stopped_and_another_runs() -> Result<()> {
    let visit = async |page: &Page| {
        for model in [Model::Threads, Model::ThreadsGil, Model::Processes] {
            let endless = Experiment { lane_counts: vec![2], ..experiment(ENDLESS, &[model]) };
            open(page, &endless).await?;
            page.press_run().await?;
            // The warm-up's serial trial is over, and the first task of the next.
            let part = "arguments[0](document.querySelector('progress').value)";
            page.until(part, |part: &f64| *part > 0.4).await?;
            page.press_run().await?;
            page.wait_for_state("stopped").await.with_context(|| model.name())?;
            open(page, &experiment(COROUTINE, &[model])).await?;
            run(page).await.with_context(|| model.name())?;
        }
        Ok(())
    };
    Visit::default().pay(visit).await
}

#[tokio::test]
async fn in_chromium_what_cannot_be_run_says_why_in_a_sentence() -> Result<()> {
    let visit = async |page: &Page| {
        for (script, models, why) in [
            ("def work(task:\n    pass\n", vec![Model::Serial], "SyntaxError"),
            ("TASKS = [1 // 0]\n", vec![Model::Serial], "ZeroDivisionError"),
            ("TASKS = [1]\n", vec![Model::Serial], "The program has no function work(task)."),
            ("def work(task): pass\n", vec![Model::Threads], "The program has no list TASKS."),
            ("def work(task): pass\nTASKS = (i for i in [1])\n", vec![Model::Serial], "type generator"),
            ("def work(task): pass\nTASKS = []\n", vec![Model::Processes], "TASKS is empty."),
            (
                "def work(task): pass\nTASKS = [1]\n",
                vec![Model::Serial, Model::Async],
                "Write async def work(task).",
            ),
            (
                "import os\ndef work(task):\n    if __name__ == 'script': os._exit(3)\nTASKS = [1]\n",
                vec![Model::Serial],
                "The Python interpreter ended before its work",
            ),
        ] {
            open(page, &experiment(script, &models)).await?;
            page.run_to_end().await?;
            let failures = page.text("#failures").await?;
            ensure!(failures.contains(why), "{script}: {failures}");
        }
        // A process cannot send what a thread can give.
        let script = "def work(task):\n    return lambda: task\n\n\nTASKS = [1, 2]\n";
        open(page, &experiment(script, &[Model::Processes])).await?;
        page.run_to_end().await?;
        let failed = page.text("#failed-tasks").await?;
        ensure!(failed.contains("a process cannot send its result"), "{failed}");
        Ok(())
    };
    Visit::default().pay(visit).await
}

#[tokio::test]
async fn in_chromium_a_workload_is_run_as_its_python() -> Result<()> {
    let visit = async |page: &Page| {
        page.set_up_little(1).await?;
        page.choose("program", "python").await?;
        page.choose("size", "s").await?;
        run(page).await?;
        ensure!(page.attribute("#answers", "data-agree").await?.as_deref() == Some("true"));
        let caption = page.text("#results caption").await?;
        ensure!(caption.contains("cosine sum in Python (10⁵ cosines)"), "{caption}");
        Ok(())
    };
    Visit::default().pay(visit).await
}

#[tokio::test]
async fn in_chromium_a_page_that_is_not_isolated_says_why_it_runs_no_python() -> Result<()> {
    let visit = async |page: &Page| {
        open(page, &experiment(COROUTINE, &[Model::Serial, Model::Processes])).await?;
        page.run_to_end().await?;
        let failures = page.text("#failures").await?;
        ensure!(failures.contains("Python needs a shared memory"), "{failures}");
        Ok(())
    };
    Visit { isolated: false, ..Visit::default() }.pay(visit).await
}

#[tokio::test]
async fn in_chromium_without_the_engine_all_else_works() -> Result<()> {
    let visit = async |page: &Page| {
        page.set_up_little(1).await?;
        page.choose("program", "python").await?;
        page.run_to_end().await?;
        let failures = page.text("#failures").await?;
        ensure!(failures.contains("Python could not be loaded"), "{failures}");
        page.choose("program", "compiled").await?;
        run(page).await
    };
    Visit::without(&["engine.js"]).pay(visit).await
}
