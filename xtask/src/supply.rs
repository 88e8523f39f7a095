//! Checks what Lanes is made of, and the policy that it is sent with, by tools of others.

use std::path::PathBuf;

use anyhow::{Context, Result, ensure};
use xshell::cmd;

use crate::project::{Project, step};
use crate::setup::{self, find};

/// The version of cargo-deny that is installed where there is none.
const CARGO_DENY: &str = "0.20.2";

/// The version of Google's evaluator of security policies, from npm.
const CSP_EVALUATOR: &str = "1.1.8";

/// Checks licences, sources and known faults of all crates, and the security policy.
///
/// # Errors
/// Names the first check that found something, or a tool that cannot be installed.
pub fn check(project: &Project) -> Result<()> {
    let shell = &project.shell;
    let deny = setup::cargo_tool(project, "cargo-deny", CARGO_DENY, "it knows what crates may be used")?;
    let deny = || cmd!(shell, "{deny} --locked --log-level error");
    step("Check the crates' licences and sources", "deny.toml says what is allowed");
    deny().args(["check", "bans", "licenses", "sources"]).run().context("a crate is not allowed")?;

    step("Check the crates for known faults", "some are found after a crate has been chosen");
    if deny().args(["fetch", "db"]).ignore_stderr().run().is_ok() {
        deny().args(["--offline", "check", "advisories"]).run().context("a crate has a known fault")?;
    } else {
        println!("NOT CHECKED: the database of known faults (RustSec) cannot be fetched from here.");
    }
    policy(project)
}

/// Has Google's evaluator look at the security policy.
fn policy(project: &Project) -> Result<()> {
    let shell = &project.shell;
    step(
        "Check the security policy",
        "www/_headers has it, and csp_evaluator knows how policies are got round",
    );
    if find("npm").is_none() || find("node").is_none() {
        println!("NOT CHECKED: this machine has no node and npm, with which csp_evaluator runs.");
        return Ok(());
    }
    let folder = project.tools().join("npm");
    let modules: PathBuf = folder.join("node_modules");
    let package = format!("csp_evaluator@{CSP_EVALUATOR}");
    cmd!(shell, "npm install --silent --no-audit --no-fund --prefix {folder} {package}")
        .run()
        .context("csp_evaluator cannot be installed")?;
    let script = project.path("xtask/src/csp_evaluator.cjs");
    let headers = project.path("www/_headers");
    let found = cmd!(shell, "node {script} {headers}").env("NODE_PATH", modules).read()?;
    println!("{found}");
    ensure!(!found.lines().any(|line| line.starts_with("serious")), "the security policy can be got round");
    Ok(())
}
