//! The program that drives the browser.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

use anyhow::{Context, Result};

/// A chromedriver of our own; it ends when this is dropped.
pub struct ChromeDriver {
    process: Child,
    port: u16,
    /// Kept open: a program that cannot write any more may end.
    _output: BufReader<ChildStdout>,
}

impl ChromeDriver {
    /// Starts one on a free port, and waits until it says that it listens.
    pub fn start(program: &Path) -> Result<Self> {
        let mut process = Command::new(program)
            .arg("--port=0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("{} does not start", program.display()))?;
        let mut output = BufReader::new(process.stdout.take().expect("it was piped"));
        let mut line = String::new();
        let port = loop {
            line.clear();
            if output.read_line(&mut line)? == 0 {
                anyhow::bail!("{} ended before it listened", program.display());
            }
            // "ChromeDriver was started successfully on port 40567."
            if let Some((_, port)) = line.split_once("started successfully on port ") {
                break port.trim_end().trim_end_matches('.').parse()?;
            }
        };
        Ok(Self { process, port, _output: output })
    }

    /// Where it takes its orders.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }
}

impl Drop for ChromeDriver {
    fn drop(&mut self) {
        // It may have ended already, which is what is wanted.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
