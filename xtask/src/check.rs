//! Runs the checks, the tests and the measurements.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use clap::ValueEnum;
use xshell::{Cmd, cmd};

use crate::engine::Engine;
use crate::project::{Project, step};
use crate::{build, floors, python, setup, supply};

/// A part of the tests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Part {
    /// How the code is written: rustfmt, clippy for the host and for wasm, rustdoc
    Lint,
    /// What Lanes is made of and sent with: licences, sources and known faults of crates, the security policy
    Supply,
    /// What needs no browser
    Host,
    /// The worker's parts, in Chromium
    Wasm,
    /// The whole page, in Chromium, Firefox and WebKitGTK
    Page,
    /// The Python engine alone, in Chromium and Firefox
    Python,
}

/// Runs `part` of the checks and tests, or all of them; the page's in `engine`, or in all of them. With `all`, CPython's own
/// tests are run where Python's are.
///
/// # Errors
/// Names the first that failed.
pub fn test(project: &Project, part: Option<Part>, engine: Option<Engine>, all: bool) -> Result<()> {
    let engines = engine.map_or(Engine::ALL.to_vec(), |engine| vec![engine]);
    let parts = part.map_or_else(|| Part::value_variants().to_vec(), |part| vec![part]);
    for part in parts {
        let begin = Instant::now();
        match part {
            Part::Lint => lint(project),
            Part::Supply => supply::check(project),
            Part::Host => host(project),
            Part::Wasm => wasm(project),
            Part::Page => page(project, &engines),
            Part::Python => python(project, &engines, all),
        }?;
        let name = part.to_possible_value().context("every part has a name")?;
        passed(name.get_name(), begin.elapsed());
    }
    Ok(())
}

/// Says what has passed, and how long that took with all that it had to install and to build.
fn passed(what: &str, took: Duration) {
    let seconds = took.as_secs();
    println!("\n✓ {what}: passed in {} min {:02} s.", seconds / 60, seconds % 60);
}

fn lint(project: &Project) -> Result<()> {
    let shell = &project.shell;
    setup::lints(project)?;
    step("Check the layout of the code", "it is the same everywhere");
    run(cmd!(shell, "cargo fmt --all --check"), "code is laid out otherwise: run `cargo fmt --all`")?;

    step("Check the imports", "data goes one way through the house, so none goes up or round");
    floors::check(&project.path("src"))?;

    step("Check the code for the host", "clippy knows common mistakes");
    let clippy = cmd!(shell, "cargo clippy --quiet --locked --workspace --all-targets -- --deny warnings");
    run(clippy, "clippy has found something")?;

    step("Check the documentation", "its links must lead somewhere");
    let doc = cmd!(shell, "cargo doc --quiet --locked --workspace --no-deps --document-private-items")
        .env("RUSTDOCFLAGS", "--deny warnings --allow rustdoc::private_intra_doc_links");
    run(doc, "rustdoc has found something")?;

    step("Check the code for wasm", "page and worker have code of their own");
    let wasm = setup::wasm(project)?;
    // In one profile, so that the standard library is checked once.
    for (bin, feature, tests) in [("app", "app", None), ("worker", "threads", Some("--test=worker"))] {
        let clippy = cmd!(
            shell,
            "cargo clippy --quiet --locked --target wasm32-unknown-unknown --profile threads --features {feature} --lib --bin {bin} {tests...} -- --deny warnings --deny clippy::disallowed_methods"
        );
        run(wasm.command(clippy), "clippy has found something")?;
    }
    Ok(())
}

fn host(project: &Project) -> Result<()> {
    let shell = &project.shell;
    step("Test on the host", "all but the browser's part is plain Rust");
    run(cmd!(shell, "cargo test --locked --workspace"), "a test failed")
}

fn wasm(project: &Project) -> Result<()> {
    let shell = &project.shell;
    let browser = Engine::Chromium.install(project)?;
    let wasm = setup::wasm(project)?;
    step("Test the worker in Chromium", "only a browser has workers and shared memory");
    let test = cmd!(
        shell,
        "cargo test --locked --target wasm32-unknown-unknown --profile threads --features threads --test worker"
    );
    run(wasm.command(test).env("CHROMEDRIVER", browser.driver), "a test failed")
}

/// The files of tests/page whose tests pass in Firefox and WebKitGTK as well.
const EVERYWHERE: [&str; 7] =
    ["share::", "lab::", "timeline::", "claims::", "faults::", "interruptions::", "security::"];

/// Those of Firefox beside them: frames in pages of other sites, work that waits, and visits that the service worker
/// answers alone.
const IN_FIREFOX: [&str; 4] = ["embed::", "io::", "deploy::what_was_visited_once", "deploy::a_new_version"];

/// Those of WebKitGTK beside them: enough of the work that waits to hear of workers that sleep through a notification.
/// All of it passes there, but takes minutes.
const IN_WEBKIT: [&str; 1] = ["io::runs_follow_each_other"];

/// What the name of a test begins with that only Chromium's driver can do, or that is about our own words and
/// arithmetic alone, which no engine changes.
const CHROMIUM_ONLY: &str = "in_chromium";

fn page(project: &Project, engines: &[Engine]) -> Result<()> {
    let shell = &project.shell;
    let browsers = engines.iter().map(|engine| engine.install(project)).collect::<Result<Vec<_>>>()?;
    setup::node_modules(project)?;
    build::build(project)?;
    for browser in browsers {
        let begin = Instant::now();
        step(&format!("Test the page in {}", browser.engine.name()), "this is what a visitor sees");
        let tests = match browser.engine {
            Engine::Chromium => Vec::new(),
            Engine::Firefox => [&EVERYWHERE[..], &IN_FIREFOX, &["--skip", CHROMIUM_ONLY]].concat(),
            Engine::Webkit => [&EVERYWHERE[..], &IN_WEBKIT, &["--skip", CHROMIUM_ONLY]].concat(),
        };
        let test = cmd!(shell, "cargo test --locked --test page -- {tests...}");
        run(browser.command(test), "a test failed")?;
        passed(&format!("page in {}", browser.engine.name()), begin.elapsed());
    }
    Ok(())
}

fn python(project: &Project, engines: &[Engine], all: bool) -> Result<()> {
    let shell = &project.shell;
    python::build(project, false)?;
    let cpythons = all.then(|| python::cpythons_tests(project)).transpose()?;
    // WebKitGTK has no room for the memories of several processes.
    for engine in engines.iter().filter(|engine| **engine != Engine::Webkit) {
        let begin = Instant::now();
        let browser = engine.install(project)?;
        step(
            &format!("Test the Python engine in {}", engine.name()),
            "threads and processes are the browser's",
        );
        // One after the other: they measure how long it takes to stop.
        let test = cmd!(shell, "cargo test --locked --test interpreter -- --test-threads=1 --nocapture");
        // What the engine computes is the same everywhere: Firefox is asked for threads, processes, and their ends.
        let test = if *engine == Engine::Chromium { test } else { test.args(["--skip", "the_programs_of"]) };
        let test = match &cpythons {
            Some(folder) => test.arg("--include-ignored").env("CPYTHON_TESTS", folder),
            None => test,
        };
        run(browser.command(test), "a test failed")?;
        passed(&format!("python in {}", engine.name()), begin.elapsed());
    }
    Ok(())
}

/// Finds out what works in which engine, and writes it into the README.
///
/// # Errors
/// When a browser cannot be installed, or the page not be visited.
pub fn engines(project: &Project) -> Result<()> {
    let shell = &project.shell;
    Engine::ALL.into_iter().try_for_each(|engine| engine.install(project).map(drop))?;
    build::build(project)?;
    step("Write the README's table of what works where", "it is found out by doing it");
    run(cmd!(shell, "cargo test --locked --test engines").env("WRITE_TABLE", "1"), "there is no table")
}

/// Prints the table of what Lanes promises, or some parts of it, measured now.
///
/// # Errors
/// When something cannot be built or measured.
pub fn bench(project: &Project, parts: &[String]) -> Result<()> {
    let shell = &project.shell;
    let browser = Engine::Chromium.install(project)?;
    setup::node_modules(project)?;
    build::build(project)?;
    if parts.is_empty() || parts.iter().any(|part| part == "python-engine") {
        python::build(project, false)?;
    }
    step(
        "Measure",
        "the promises of the README are kept by figures; leave the machine alone for some minutes",
    );
    // What measures need not be optimised, and takes minutes to build if it is.
    let table = cmd!(shell, "cargo test --locked --bench table -- {parts...}");
    run(browser.command(table), "the measurement failed")
}

/// Takes pictures of the page in several sizes, light and dark.
///
/// # Errors
/// When something cannot be built or shown.
pub fn screenshots(project: &Project) -> Result<()> {
    let shell = &project.shell;
    let browser = Engine::Chromium.install(project)?;
    build::build(project)?;
    step("Take pictures", "they show what no test sees");
    run(browser.command(cmd!(shell, "cargo run --locked --example screenshots")), "no pictures")
}

/// Runs `command`; what it has to say, it says itself.
fn run(command: Cmd, failure: &'static str) -> Result<()> {
    command.run().context(failure)
}
