//! The Python engine in a browser of its own: `dist/python` alone, without the page around it.

use std::fs;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result};
use serde::Deserialize;
use serde_json::{Value, json};
use thirtyfour::prelude::*;
use xtask::engine::Engine;
use xtask::server::{self, Server};

use super::capabilities;
use super::driver::Driver;

/// How long an answer of the browser may take.
pub const PATIENCE: Duration = Duration::from_secs(120);

/// A browser that has the engine loaded.
pub struct Browser {
    /// The session with its driver.
    pub session: WebDriver,
    driver: Driver,
    _server: Server,
    _folder: tempfile::TempDir,
}

/// What a run was.
#[derive(Debug, Deserialize)]
pub struct Outcome {
    /// The exit code; a negative one is the signal that ended it.
    pub code: i32,
    /// Whether it had to be ended.
    pub hung: bool,
    /// From the beginning to the first output, in milliseconds.
    pub first: Option<f64>,
    /// From the beginning to the end, in milliseconds.
    pub took: f64,
    /// From the stop to the end, in milliseconds.
    pub stopping: Option<f64>,
    /// What it wrote, in the order of writing.
    pub outputs: Vec<Output>,
    /// How many characters it wrote, of which `outputs` has no more than a million.
    pub size: usize,
    /// What its threads did.
    pub events: Vec<Event>,
    /// The most memory that one of its interpreters had, in bytes.
    pub memory: f64,
    /// Events that had no room.
    pub lost: u32,
    /// What threads are called.
    pub names: Vec<Name>,
    /// Who waited for what, where that was asked for.
    pub waiting: Option<Waiting>,
    /// The longest time for which the page could do nothing else, in milliseconds.
    pub gap: f64,
}

/// What a thread is called.
#[derive(Debug, Deserialize)]
pub struct Name {
    /// Its number in the process.
    pub thread: u32,
    /// Its name.
    pub name: String,
}

/// Who waits for what.
#[derive(Debug, Deserialize)]
pub struct Waiting {
    /// What every thread does.
    pub threads: Vec<State>,
    /// Those that wait for each other, each for what the next one has.
    pub circle: Vec<State>,
    /// Whether all wait for each other.
    pub stuck: bool,
}

/// What a thread does.
#[derive(Debug, Deserialize)]
pub struct State {
    /// Its process.
    pub process: u32,
    /// Its number in the process.
    pub thread: u32,
    /// Its name.
    pub name: Option<String>,
    /// Why it let go.
    pub reason: String,
    /// Who has what it waits for.
    pub owner: Option<Owner>,
}

/// Who has what a thread waits for.
#[derive(Debug, Deserialize)]
pub struct Owner {
    /// Its process.
    pub process: u32,
    /// Its number in the process.
    pub thread: u32,
}

/// What a thread did from then on.
#[derive(Debug, Deserialize)]
pub struct Event {
    /// Its process.
    pub process: u32,
    /// Its number in the process.
    pub thread: u32,
    /// What it did.
    pub kind: String,
    /// Why it let go.
    pub reason: String,
    /// In milliseconds.
    pub time: f64,
}

/// What was written at once.
#[derive(Debug, Deserialize)]
pub struct Output {
    /// 1 for stdout, 2 for stderr.
    pub fd: i32,
    /// Its process.
    pub process: u32,
    /// Its number in the process.
    pub thread: u32,
    /// The text.
    pub text: String,
}

impl Outcome {
    /// All that it wrote to `fd`.
    pub fn written(&self, fd: i32) -> String {
        self.outputs.iter().filter(|output| output.fd == fd).map(|output| &*output.text).collect()
    }
}

impl Browser {
    /// Opens a page, which is isolated or not, and whose scripts may take so long.
    ///
    /// # Errors
    /// When the engine is not built, or there is no browser.
    pub async fn open(isolated: bool, patience: Duration) -> Result<Self> {
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
        let server = Server::start(server::listen(0).await?, folder.path(), isolated)?;

        let engine = Engine::of_environment()?;
        let browser = engine.find().context("there is no browser: `cargo xtask test python` installs it")?;
        let driver = Driver::start(&browser, true)?;
        let session = WebDriver::builder(driver.url(), capabilities::of(&browser, false)?)
            .request_timeout(patience)
            .await?;
        session.set_script_timeout(patience).await?;
        session.goto(format!("http://{}/", server.address())).await?;
        Ok(Self { session, driver, _server: server, _folder: folder })
    }

    /// The group of the browser's processes.
    pub fn group(&self) -> u32 {
        self.driver.group()
    }

    /// Runs `source`: `tests/interpreter/page.js` says with which options.
    ///
    /// # Errors
    /// When the page does not answer.
    pub async fn run(&self, source: &str, options: Value) -> Result<Outcome> {
        // The module may not have run yet.
        const SCRIPT: &str = "const [source, options, answer] = arguments;
            const wait = () => window.run ? window.run(source, options).then(answer, (error) => answer(String(error)))
              : setTimeout(wait, 10);
            wait();";
        let answer = self.session.execute_async(SCRIPT, vec![json!(source), options]).await?;
        serde_json::from_value(answer.json().clone())
            .with_context(|| format!("the page answered {:?}", answer.json()))
    }

    /// Closes it.
    ///
    /// # Errors
    /// When it does not close.
    pub async fn close(self) -> Result<()> {
        Ok(self.session.quit().await?)
    }
}
