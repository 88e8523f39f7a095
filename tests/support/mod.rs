//! A visit to the built page in a headless Chromium of its own.
#![allow(dead_code, unused_imports, reason = "tests, benches and examples each use a part of it")]

mod driver;
mod page;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use thirtyfour::prelude::*;
use thirtyfour::{ChromeCapabilities, ChromiumLikeCapabilities, LoggingPrefsLogLevel};
use xtask::server::{self, Server};
use xtask::setup;

use driver::ChromeDriver;
pub use page::{Figure, Page};

/// How the page is visited.
#[derive(Clone, Debug)]
pub struct Visit {
    /// Whether the server sends the headers that isolate the page.
    pub isolated: bool,
    /// Files that the server lacks, by how their names end.
    pub missing: &'static [&'static str],
    /// Files that the server has something else of, by their names.
    pub replaced: Vec<(&'static str, &'static str)>,
    /// Whether an error on the console fails the visit.
    pub console_must_be_clean: bool,
}

impl Default for Visit {
    fn default() -> Self {
        Self { isolated: true, missing: &[], replaced: Vec::new(), console_must_be_clean: true }
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
        for (name, content) in &self.replaced {
            fs::write(copy.path().join(name), content)?;
        }
        let server = Server::start(server::listen(0).await?, copy.path(), self.isolated)?;
        let url = format!("http://{}/", server.address());

        let browser = setup::find_browser()
            .context("there is no Chromium or no chromedriver: `cargo xtask test page` installs them")?;
        let chromedriver = ChromeDriver::start(&browser.driver)?;
        let session = WebDriver::new(chromedriver.url(), capabilities(&browser.chromium)?).await?;
        let answer = session
            .run_and_quit(async |driver| {
                driver.goto(&url).await?;
                let page = Page::new(driver);
                let answer = act(&page).await?;
                if self.console_must_be_clean {
                    let errors = page.console_errors().await?;
                    ensure!(errors.is_empty(), "the console has errors: {errors:#?}");
                }
                Ok(answer)
            })
            .await;
        answer.map_err(|error: thirtyfour::WebDriverRunError<anyhow::Error>| anyhow::anyhow!("{error:#}"))
    }
}

/// Chromium as on a machine without a screen, with nothing of its own going on.
fn capabilities(chromium: &Path) -> Result<ChromeCapabilities> {
    let mut capabilities = DesiredCapabilities::chrome();
    let flags = [
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    ];
    for flag in flags {
        capabilities.add_arg(flag)?;
    }
    let chromium = chromium.to_str().context("the path of Chromium is no text")?;
    capabilities.set_binary(chromium)?;
    capabilities.set_browser_log_level(LoggingPrefsLogLevel::All)?;
    Ok(capabilities)
}

/// Copies a folder, all but the files whose names end as `missing` says.
fn copy_without(from: &Path, to: &Path, missing: &[&str]) -> io::Result<()> {
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
