//! Runs the checks, the tests and the measurements.

use anyhow::{Context, Result};
use clap::ValueEnum;
use xshell::{Cmd, cmd};

use crate::project::{Project, step};
use crate::{build, setup};

/// A part of the tests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Part {
    /// How the code is written: rustfmt, clippy for the host and for wasm, rustdoc
    Lint,
    /// What needs no browser
    Host,
    /// The worker's parts, in headless Chromium
    Wasm,
    /// The whole page, in headless Chromium
    Page,
}

/// Runs `part` of the checks and tests, or all of them.
///
/// # Errors
/// Names the first that failed.
pub fn test(project: &Project, part: Option<Part>) -> Result<()> {
    let parts = part.map_or(Part::value_variants().to_vec(), |part| vec![part]);
    for part in parts {
        match part {
            Part::Lint => lint(project),
            Part::Host => host(project),
            Part::Wasm => wasm(project),
            Part::Page => page(project),
        }?;
    }
    Ok(())
}

fn lint(project: &Project) -> Result<()> {
    let shell = &project.shell;
    setup::lints(project)?;
    step("Check the layout of the code", "it is the same everywhere");
    run(cmd!(shell, "cargo fmt --all --check"), "code is laid out otherwise: run `cargo fmt --all`")?;

    step("Check the code for the host", "clippy knows common mistakes");
    let clippy = cmd!(shell, "cargo clippy --quiet --locked --workspace --all-targets -- --deny warnings");
    run(clippy, "clippy has found something")?;

    step("Check the documentation", "its links must lead somewhere");
    let doc = cmd!(shell, "cargo doc --quiet --locked --workspace --no-deps --document-private-items")
        .env("RUSTDOCFLAGS", "--deny warnings --allow rustdoc::private_intra_doc_links");
    run(doc, "rustdoc has found something")?;

    step("Check the code for wasm", "page and worker have code of their own");
    let wasm = setup::wasm(project)?;
    for (bin, feature, profile, tests) in
        [("app", "app", "page", None), ("worker", "threads", "threads", Some("--test=worker"))]
    {
        let clippy = cmd!(
            shell,
            "cargo clippy --quiet --locked --target wasm32-unknown-unknown --profile {profile} --features {feature} --lib --bin {bin} {tests...} -- --deny warnings --deny clippy::disallowed_methods"
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
    let browser = setup::browser(project)?;
    let wasm = setup::wasm(project)?;
    step("Test the worker in Chromium", "only a browser has workers and shared memory");
    let test = cmd!(
        shell,
        "cargo test --locked --target wasm32-unknown-unknown --profile threads --features threads --test worker"
    );
    run(wasm.command(test).env("CHROMEDRIVER", browser.driver), "a test failed")
}

fn page(project: &Project) -> Result<()> {
    let shell = &project.shell;
    let browser = setup::browser(project)?;
    build::build(project)?;
    step("Test the page in Chromium", "this is what a visitor sees");
    run(with_browser(cmd!(shell, "cargo test --locked --test page --test faults"), &browser), "a test failed")
}

/// Prints the table of what Lanes promises, measured now.
///
/// # Errors
/// When something cannot be built or measured.
pub fn bench(project: &Project) -> Result<()> {
    let shell = &project.shell;
    let browser = setup::browser(project)?;
    build::build(project)?;
    step(
        "Measure",
        "the promises of the README are kept by figures; leave the machine alone for some minutes",
    );
    // What measures need not be optimised, and takes minutes to build if it is.
    run(with_browser(cmd!(shell, "cargo test --locked --bench table"), &browser), "the measurement failed")
}

/// Takes pictures of the page in several sizes, light and dark.
///
/// # Errors
/// When something cannot be built or shown.
pub fn screenshots(project: &Project) -> Result<()> {
    let shell = &project.shell;
    let browser = setup::browser(project)?;
    build::build(project)?;
    step("Take pictures", "they show what no test sees");
    run(with_browser(cmd!(shell, "cargo run --locked --example screenshots"), &browser), "no pictures")
}

fn with_browser<'a>(command: Cmd<'a>, browser: &setup::Browser) -> Cmd<'a> {
    command.env("CHROMIUM", &browser.chromium).env("CHROMEDRIVER", &browser.driver)
}

/// Runs `command`; what it has to say, it says itself.
fn run(command: Cmd, failure: &'static str) -> Result<()> {
    command.run().context(failure)
}
