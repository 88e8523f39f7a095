//! The Python engine in a real browser: `dist/python` alone, without the page around it.
//!
//! `cargo xtask test python` builds it first.
#![cfg(not(target_arch = "wasm32"))]

#[path = "support/capabilities.rs"]
mod capabilities;
#[path = "support/driver.rs"]
mod driver;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use serde_json::{Value, json};
use thirtyfour::prelude::*;
use xtask::engine::Engine;
use xtask::server::{self, Server};

use driver::Driver;

/// How long an answer of the browser may take.
const PATIENCE: Duration = Duration::from_secs(120);

/// A browser that has the engine loaded.
struct Browser {
    session: WebDriver,
    _driver: Driver,
    _server: Server,
    _folder: tempfile::TempDir,
}

/// What a run was.
#[derive(Debug, Deserialize)]
struct Outcome {
    code: i32,
    hung: bool,
    /// From the stop to the end, in milliseconds.
    stopping: Option<f64>,
    outputs: Vec<Output>,
    events: Vec<Event>,
    /// Events that had no room.
    lost: u32,
}

/// What a thread did from then on.
#[derive(Debug, Deserialize)]
struct Event {
    thread: u32,
    kind: String,
    reason: String,
    /// In milliseconds.
    time: f64,
}

/// What was written at once.
#[derive(Debug, Deserialize)]
struct Output {
    fd: i32,
    process: u32,
    thread: u32,
    text: String,
}

impl Outcome {
    fn written(&self, fd: i32) -> String {
        self.outputs.iter().filter(|output| output.fd == fd).map(|output| &*output.text).collect()
    }
}

impl Browser {
    async fn open() -> Result<Self> {
        let project = Path::new(env!("CARGO_MANIFEST_DIR"));
        let folder = tempfile::tempdir()?;
        fs::create_dir(folder.path().join("python"))?;
        let built = fs::read_dir(project.join("dist/python")).context("run `cargo xtask python` first")?;
        for file in built.collect::<std::io::Result<Vec<_>>>()? {
            fs::copy(file.path(), folder.path().join("python").join(file.file_name()))?;
        }
        for name in ["index.html", "page.js"] {
            fs::copy(project.join("tests/interpreter").join(name), folder.path().join(name))?;
        }
        // As the page is served, but for the policy of what may become a script's address, which the page itself has.
        let headers = fs::read_to_string(project.join("www/_headers"))?;
        let headers = headers.replace("; require-trusted-types-for 'script'; trusted-types default", "");
        fs::write(folder.path().join("_headers"), headers)?;
        let server = Server::start(server::listen(0).await?, folder.path(), true)?;

        let engine = Engine::of_environment()?;
        let browser = engine.find().context("there is no browser: `cargo xtask test python` installs it")?;
        let driver = Driver::start(&browser, true)?;
        let session = WebDriver::builder(driver.url(), capabilities::of(&browser, false)?)
            .request_timeout(PATIENCE)
            .await?;
        session.set_script_timeout(PATIENCE).await?;
        session.goto(format!("http://{}/", server.address())).await?;
        Ok(Self { session, _driver: driver, _server: server, _folder: folder })
    }

    async fn run(&self, source: &str, options: Value) -> Result<Outcome> {
        // The module may not have run yet.
        const SCRIPT: &str = "const [source, options, answer] = arguments;
            const wait = () => window.run ? window.run(source, options).then(answer, (error) => answer(String(error)))
              : setTimeout(wait, 10);
            wait();";
        let answer = self.session.execute_async(SCRIPT, vec![json!(source), options]).await?;
        serde_json::from_value(answer.json().clone())
            .with_context(|| format!("the page answered {:?}", answer.json()))
    }

    async fn close(self) -> Result<()> {
        Ok(self.session.quit().await?)
    }
}

/// A browser for the time of `test`.
async fn in_browser(test: impl AsyncFnOnce(&Browser) -> Result<()>) -> Result<()> {
    let browser = Browser::open().await?;
    let result = test(&browser).await;
    browser.close().await?;
    result
}

/// What CPython prints for the script: where there is no fork, and with or without a GIL.
fn expected(script: &Path, gil: bool) -> Result<String> {
    let kinds: &[&str] = if gil {
        &["nofork.expected", "expected"]
    } else {
        &["nogil.expected", "nofork.expected", "expected"]
    };
    let file = kinds.iter().map(|kind| script.with_extension(kind)).find(|file| file.exists());
    Ok(fs::read_to_string(file.context("a script has its answer beside it")?)?)
}

/// Whether `printed` is right: to the letter, or, for the one script whose answer may vary, that its sum is.
fn is_right(printed: &str, expected: &str) -> bool {
    if !expected.starts_with("# invariant") {
        return printed == expected;
    }
    let sum = printed
        .trim()
        .split_once(" lost ")
        .and_then(|(kept, lost)| Some(kept.parse::<i64>().ok()? + lost.parse::<i64>().ok()?));
    sum == Some(400_000)
}

async fn field(gil: bool) -> Result<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/interpreter/field");
    let entries = fs::read_dir(folder)?.collect::<std::io::Result<Vec<_>>>()?;
    let mut scripts: Vec<PathBuf> = entries.iter().map(|entry| entry.path()).collect();
    scripts.retain(|path| path.extension().is_some_and(|end| end == "py"));
    scripts.sort();
    ensure!(scripts.len() == 28, "there are {} scripts", scripts.len());
    in_browser(async |browser| {
        let mut wrong = Vec::new();
        for script in &scripts {
            let name = script.file_name().context("it has a name")?.to_string_lossy().into_owned();
            let outcome =
                browser.run(&fs::read_to_string(script)?, json!({ "gil": gil, "name": name })).await?;
            if outcome.hung || !is_right(&outcome.written(1), &expected(script, gil)?) {
                wrong.push(format!(
                    "{name}: code {}, hung {}\n{}\n{}",
                    outcome.code,
                    outcome.hung,
                    outcome.written(1),
                    outcome.written(2)
                ));
            }
        }
        println!(
            "{} of {} scripts are right, GIL {}",
            scripts.len() - wrong.len(),
            scripts.len(),
            if gil { "on" } else { "off" }
        );
        ensure!(wrong.is_empty(), "{}", wrong.join("\n---\n"));
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn readers_scripts_print_what_cpython_prints_with_a_gil() -> Result<()> {
    field(true).await
}

#[tokio::test(flavor = "multi_thread")]
async fn readers_scripts_print_what_cpython_prints_without_a_gil() -> Result<()> {
    field(false).await
}

/// Scripts that wait for ever, each in another way, and print that they begin.
const ENDLESS: [(&str, &str); 5] = [
    ("a loop", "print('go')\nwhile True: pass"),
    ("a sleep", "import time\nprint('go')\ntime.sleep(1000)"),
    ("a lock", "import threading\nlock = threading.Lock()\nlock.acquire()\nprint('go')\nlock.acquire()"),
    ("a queue", "import queue\nq = queue.Queue()\nprint('go')\nq.get()"),
    (
        "a thread's end",
        "import threading, time\nt = threading.Thread(target=time.sleep, args=(1000,), daemon=True)\nt.start()\nprint('go')\nt.join()",
    ),
];

#[tokio::test(flavor = "multi_thread")]
async fn stop_interrupts_the_main_thread_wherever_it_waits() -> Result<()> {
    in_browser(async |browser| {
        for (what, source) in ENDLESS {
            let outcome = browser.run(source, json!({ "stop": 100 })).await?;
            let errors = outcome.written(2);
            ensure!(!outcome.hung && errors.contains("KeyboardInterrupt"), "{what}: {outcome:?}");
            println!("{what}: stopped in {:.0} ms", outcome.stopping.context("it was stopped")?);
        }
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_script_that_will_not_stop_is_ended() -> Result<()> {
    let stubborn = "import sys\nprint('go')\nwhile True:\n  try:\n    while True: pass\n  except KeyboardInterrupt:\n    pass";
    in_browser(async |browser| {
        let outcome = browser.run(stubborn, json!({ "stop": 100 })).await?;
        ensure!(outcome.code == -9 && outcome.stopping.is_some_and(|took| took < 6_000.0), "{outcome:?}");
        Ok(())
    })
    .await
}

/// Two threads that compute for a second.
const TWO_THREADS: &str = "import threading, time\ndef f():\n  end = time.perf_counter() + 1\n  while time.perf_counter() < end: pass\n\
    pair = [threading.Thread(target=f) for _ in range(2)]\n[t.start() for t in pair]\n[t.join() for t in pair]";

#[tokio::test(flavor = "multi_thread")]
async fn the_record_shows_hand_overs_every_switch_interval() -> Result<()> {
    in_browser(async |browser| {
        let outcome = browser.run(TWO_THREADS, json!({})).await?;
        ensure!(outcome.lost == 0, "{} events were lost", outcome.lost);
        let asked: Vec<f64> = outcome
            .events
            .iter()
            .filter(|event| event.kind == "leave" && event.reason == "asked" && event.thread > 0)
            .map(|event| event.time)
            .collect();
        let mut gaps: Vec<f64> = asked.windows(2).map(|pair| pair[1] - pair[0]).collect();
        gaps.sort_by(f64::total_cmp);
        let median = *gaps.get(gaps.len() / 2).context("nothing was handed over")?;
        println!("{} hand-overs, {median:.2} ms apart (median)", asked.len());
        // The holder goes on for at least an interval; a machine with other work adds to it.
        ensure!((4.9..30.0).contains(&median), "{gaps:?}");
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_gil_nothing_is_handed_over() -> Result<()> {
    in_browser(async |browser| {
        let outcome = browser.run(TWO_THREADS, json!({ "gil": false })).await?;
        ensure!(outcome.events.iter().any(|event| event.kind == "run"), "{:?}", outcome.events);
        ensure!(!outcome.events.iter().any(|event| event.kind == "wait" || event.reason == "asked"));
        Ok(())
    })
    .await
}

/// Scripts that ask for too much, and what they must say; each prints "usable" in the end.
const HOSTILE: [(&str, &str); 6] = [
    ("recursion", "def f(): f()\ntry: f()\nexcept RecursionError: print('usable')"),
    (
        "deep data",
        "x = []\nfor _ in range(100000): x = [x]\ntry: repr(x)\nexcept RecursionError: print('usable')\nimport os; os._exit(0)",
    ),
    ("memory", "try: x = [0] * 10**9\nexcept MemoryError: print('usable')"),
    (
        "threads",
        "import threading\ne = threading.Event()\nn = 0\ntry:\n  while True:\n    threading.Thread(target=e.wait, daemon=True).start()\n    n += 1\nexcept RuntimeError: print('usable')\ne.set()",
    ),
    (
        "files",
        "try:\n  with open('a', 'wb') as f:\n    while True: f.write(b'x' * 1000000)\nexcept OSError: print('usable')",
    ),
    ("streams", "import os\ntry:\n  while True: os.pipe()\nexcept OSError: print('usable')"),
];

#[tokio::test(flavor = "multi_thread")]
async fn scripts_that_ask_for_too_much_get_an_exception() -> Result<()> {
    in_browser(async |browser| {
        let mut wrong = Vec::new();
        for (what, source) in HOSTILE {
            let outcome = browser.run(source, json!({})).await?;
            if outcome.written(1) != "usable\n" {
                wrong.push(format!("{what}: {outcome:?}"));
            }
        }
        ensure!(wrong.is_empty(), "{}", wrong.join("\n"));
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn output_says_who_wrote_it_and_input_is_asked_for() -> Result<()> {
    let source = "import threading\nprint('name?', input())\nt = threading.Thread(target=print, args=('thread',))\nt.start(); t.join()\nprint(input())";
    in_browser(async |browser| {
        let outcome = browser.run(source, json!({ "input": ["Ada"] })).await?;
        ensure!(outcome.written(1) == "name? Ada\nthread\n", "{outcome:?}");
        ensure!(outcome.written(2).contains("EOFError"), "{outcome:?}");
        let writer =
            outcome.outputs.iter().find(|output| output.text == "thread").context("the thread wrote")?;
        ensure!(writer.process == 0 && writer.thread > 0, "{writer:?}");
        Ok(())
    })
    .await
}
