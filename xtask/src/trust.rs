//! The long measurements of TRUST.md, and fuzzing.

use anyhow::{Context, Result, ensure};
use xshell::cmd;

use crate::engine::Engine;
use crate::project::{Project, step};
use crate::{build, python, setup};

/// The version of cargo-fuzz that is installed where there is none.
const CARGO_FUZZ: &str = "0.13.2";

/// What is fuzzed: the files in `fuzz/fuzz_targets`.
const TARGETS: [&str; 3] = ["link", "import", "mail"];

/// Runs `bench`, truth or soak, which writes its table into TRUST.md; a few times only, if this is `smoke`.
///
/// # Errors
/// When something cannot be built or measured, or a promise is not kept.
pub fn measure(project: &Project, bench: &str, smoke: bool) -> Result<()> {
    let shell = &project.shell;
    let browser = Engine::Chromium.install(project)?;
    build::build(project)?;
    if bench == "soak" {
        python::build(project, false)?;
    }
    step("Measure", "leave the machine alone for some minutes");
    let command = browser.command(cmd!(shell, "cargo test --locked --bench {bench}"));
    let command = if smoke { command.env("SMOKE", "1") } else { command };
    command.run().context("see above")
}

/// Fuzzes every target for so many seconds.
///
/// # Errors
/// When the tools are missing, or something was found: it stands in `fuzz/artifacts` then.
pub fn fuzz(project: &Project, seconds: u32) -> Result<()> {
    let shell = &project.shell;
    let nightly = cmd!(shell, "cargo +nightly --version").quiet().ignore_stdout().ignore_stderr();
    ensure!(
        nightly.run().is_ok(),
        "fuzzing needs a nightly compiler: run `rustup toolchain install nightly`"
    );
    let tool = setup::cargo_tool(project, "cargo-fuzz", CARGO_FUZZ, "it runs libFuzzer")?;
    let fuzz = project.path("fuzz");
    // A nightly cargo would mind the project's configuration, which has the standard library built anew.
    let _elsewhere = shell.push_dir(std::env::temp_dir());
    for target in TARGETS {
        step(&format!("Fuzz {target} for {seconds} s"), "what comes from outside must be read or refused");
        let limit = format!("-max_total_time={seconds}");
        let (corpus, seeds) = (fuzz.join("corpus").join(target), fuzz.join("seeds").join(target));
        shell.create_dir(&corpus)?;
        // There is no unsafe code in what is fuzzed: panics are looked for, and no sanitizer is needed.
        let run = cmd!(
            shell,
            "{tool} fuzz run --fuzz-dir {fuzz} --sanitizer none {target} {corpus} {seeds} -- {limit} -max_len=20000 -rss_limit_mb=2048 -timeout=10"
        );
        run.env("RUSTUP_TOOLCHAIN", "nightly").run().with_context(|| format!("{target}: see above"))?;
    }
    Ok(())
}
