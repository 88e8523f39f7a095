//! Lighthouse, which looks at the page as a phone of the middle class sees it over 4G.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use xtask::engine::Engine;
use xtask::server::{self, Server};

/// What Lighthouse has to say.
pub struct Audit(Value);

impl Audit {
    /// Serves the built page as `cargo xtask serve` does, and has Lighthouse look at it.
    ///
    /// # Errors
    /// When Lighthouse or the browser is missing, or the page cannot be looked at.
    pub async fn of_page() -> Result<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let program = root.join("tests/node_modules/lighthouse/cli/index.js");
        ensure!(program.exists(), "Lighthouse is missing: `cargo xtask test page` installs it");
        let chromium = Engine::Chromium.find().context("there is no Chromium")?.program;
        let server = Server::start(server::listen(0).await?, &root.join("dist"), true)
            .context("there is no built page: run `cargo xtask build` first")?;
        let url = format!("http://{}/", server.address());
        let run = move || {
            Command::new("node")
                .arg(&program)
                .args([url.as_str(), "--output=json", "--quiet", "--no-enable-error-reporting"])
                .arg("--chrome-flags=--headless=new --no-sandbox --disable-gpu --disable-quic")
                .env("CHROME_PATH", &chromium)
                .output()
        };
        // On a busy machine the browser's trace may begin too late, which Lighthouse says in its report.
        for _ in 0..3 {
            let output = tokio::task::spawn_blocking(run.clone()).await?.context("node does not run")?;
            let report: Value = serde_json::from_slice(&output.stdout).with_context(|| {
                format!("Lighthouse wrote no report: {}", String::from_utf8_lossy(&output.stderr))
            })?;
            if report["runtimeError"].is_null() {
                return Ok(Self(report));
            }
            eprintln!("Lighthouse tries again: {}", report["runtimeError"]["message"]);
        }
        anyhow::bail!("Lighthouse could not look at the page in three attempts: see above")
    }

    /// The score of a category, from 0 to 100.
    ///
    /// # Errors
    /// When it was not scored.
    pub fn score(&self, category: &str) -> Result<f64> {
        let score = self.0["categories"][category]["score"].as_f64();
        Ok(score.with_context(|| format!("{category} has no score"))? * 100.0)
    }

    /// A figure, in ms or without a unit.
    ///
    /// # Errors
    /// When it was not measured.
    pub fn figure(&self, audit: &str) -> Result<f64> {
        self.0["audits"][audit]["numericValue"].as_f64().with_context(|| format!("{audit} has no figure"))
    }

    /// What costs `category` points.
    pub fn faults(&self, category: &str) -> Vec<String> {
        let audits = self.0["categories"][category]["auditRefs"].as_array().into_iter().flatten();
        let weighty = audits.filter(|audit| audit["weight"].as_f64() > Some(0.0));
        weighty
            .filter_map(|audit| {
                let id = audit["id"].as_str()?;
                let audit = &self.0["audits"][id];
                (audit["score"].as_f64()? < 1.0).then(|| format!("{id}: {}", audit["title"]))
            })
            .collect()
    }
}
