//! A visit to the built page in a browser of its own: Chromium, or the one that `ENGINE` names.
#![allow(dead_code, unused_imports, reason = "tests, benches and examples each use a part of it")]

mod capabilities;
mod driver;
pub mod interpreter;
pub mod io;
mod lighthouse;
mod page;
mod saved;
mod site;
mod stranger;

use std::fs;
use std::io::Result as IoResult;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use thirtyfour::prelude::*;
use xtask::server::{Headers, Host};

use driver::Driver;
pub use lighthouse::Audit;
pub use page::{Figure, Page};
pub use saved::saved_text;
pub use site::Site;
pub use stranger::Stranger;
pub use xtask::engine::Engine;

/// Goes before what the page runs first.
const CONSOLE: &str = include_str!("console.js");

/// A service worker's part that adds no headers.
pub const ISOLATES_NOTHING: &str = "function isolation() {} function isolated(response) { return response; }";

/// How the page is visited.
#[derive(Clone, Debug)]
pub struct Visit {
    /// Whether the server sends the headers that isolate the page; if not, the service worker does not add them.
    pub isolated: bool,
    /// Files that the server lacks, by how their names end.
    pub missing: &'static [&'static str],
    /// Files that the server has something else of, by their names.
    pub replaced: Vec<(&'static str, &'static str)>,
    /// Scripts that run before those that they are named with: faults that no browser can be asked for.
    pub faults: Vec<(&'static str, &'static str)>,
    /// Whether the browser's window is a private one.
    pub private: bool,
    /// How a host serves the page that reads no `_headers`, or not at its root; then `isolated` says nothing.
    pub host: Option<Host>,
    /// Which browser comes: the one that the environment names, if none is named here.
    pub engine: Option<Engine>,
    /// Whether WebKitGTK is asked for memory that threads can share, which Safari always has.
    pub shares_memory: bool,
    /// Whether an error on the console fails the visit.
    pub console_must_be_clean: bool,
}

impl Default for Visit {
    fn default() -> Self {
        Self {
            isolated: true,
            missing: &[],
            replaced: Vec::new(),
            faults: Vec::new(),
            private: false,
            host: None,
            engine: None,
            shares_memory: true,
            console_must_be_clean: true,
        }
    }
}

impl Visit {
    /// A visit to a server that lacks some files, which the console will of course report.
    pub fn without(missing: &'static [&'static str]) -> Self {
        Self { missing, console_must_be_clean: false, ..Self::default() }
    }

    /// Opens the page, lets `act` do with it what it likes, and closes the browser, whatever happened.
    ///
    /// # Errors
    /// When the page cannot be opened, when `act` fails, or when an error is on the console.
    pub async fn pay<T>(self, act: impl AsyncFnOnce(&Page) -> Result<T>) -> Result<T> {
        let dist = Path::new(env!("CARGO_MANIFEST_DIR")).join("dist");
        let copy = tempfile::tempdir()?;
        copy_without(&dist, copy.path(), self.missing)
            .context("there is no built page: run `cargo xtask build` first")?;
        if !self.isolated {
            fs::write(copy.path().join("isolation.js"), ISOLATES_NOTHING)?;
        }
        for (name, content) in &self.replaced {
            fs::write(copy.path().join(name), content)?;
        }
        for (name, first) in self.faults.iter().chain(&[("boot.js", CONSOLE)]) {
            let script = fs::read_to_string(copy.path().join(name))?;
            fs::write(copy.path().join(name), format!("{first}\n{script}"))?;
        }
        let headers = if self.isolated { Headers::All } else { Headers::WithoutIsolation };
        let host = self.host.unwrap_or(Host { headers, path: "" });
        let site = Site::start(copy, host).await?;

        let engine = self.engine.map_or_else(Engine::of_environment, Ok)?;
        let browser = engine.find().with_context(|| {
            format!("there is no {} or no driver: `cargo xtask test page` installs them", engine.name())
        })?;
        let driver = Driver::start(&browser, self.shares_memory)?;
        let group = driver.group();
        // A driver's own patience with a script is half a minute, in which a slow machine ends no run.
        let session = WebDriver::builder(driver.url(), capabilities::of(&browser, self.private)?)
            .request_timeout(page::PATIENCE)
            .await?;
        session.set_script_timeout(page::PATIENCE).await?;
        let page = Page::new(session.clone(), engine, site, group);
        let answer = async {
            page.driver.goto(page.site.url()).await?;
            let answer = act(&page).await?;
            if self.console_must_be_clean {
                let errors = page.console_errors().await?;
                ensure!(errors.is_empty(), "the console has errors: {errors:#?}");
            }
            Ok(answer)
        }
        .await;
        // A browser that does not end by itself ends with its driver: that says nothing of the page.
        if let Err(error) = session.quit().await {
            eprintln!("{} did not end by itself: {error}", engine.name());
        }
        answer
    }
}

/// Copies a folder, all but the files whose names end as `missing` says.
fn copy_without(from: &Path, to: &Path, missing: &[&str]) -> IoResult<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let source: PathBuf = entry?.path();
        let Some(name) = source.file_name() else { continue };
        let target = to.join(name);
        if source.is_dir() {
            copy_without(&source, &target, missing)?;
        } else if !missing.iter().any(|end| name.to_string_lossy().ends_with(end)) {
            fs::copy(&source, &target)?;
        }
    }
    Ok(())
}
