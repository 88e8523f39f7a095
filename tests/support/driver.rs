//! The program that drives the browser, and the screen for a browser that cannot do without one.

use std::io::{BufRead, BufReader};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::os::unix::process::CommandExt;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use xtask::engine::{Browser, Engine};

/// A driver of our own; it and the browser end when this is dropped.
pub struct Driver {
    program: Program,
    port: u16,
    _screen: Option<Screen>,
}

impl Driver {
    /// Starts one on a free port, and waits until it listens. WebKitGTK has memory that threads can
    /// share only if it is asked for, which `shares_memory` does.
    ///
    /// A driver ends at once when it finds a port free on one kind of address and taken on the other, or
    /// when somebody else takes the port in between: then another is tried.
    pub fn start(browser: &Browser, shares_memory: bool) -> Result<Self> {
        const ATTEMPTS: u32 = 5;
        let mut attempt = 1;
        loop {
            match Self::start_once(browser, shares_memory) {
                Err(error) if attempt < ATTEMPTS => {
                    eprintln!("attempt {attempt} to start a driver: {error:#}")
                }
                driver => return driver,
            }
            attempt += 1;
        }
    }

    fn start_once(browser: &Browser, shares_memory: bool) -> Result<Self> {
        let mut command = Command::new(&browser.driver);
        let (program, port, screen) = match browser.engine {
            // "ChromeDriver was started successfully on port 40567."
            Engine::Chromium => {
                let mut program = Program::start(command.arg("--port=0"))?;
                let port = program.read_number("started successfully on port ")?;
                (program, port, None)
            }
            // "1763646000000  geckodriver  INFO  Listening on 127.0.0.1:40567"
            Engine::Firefox => {
                command.args(["--port=0", "--websocket-port=0"]).stderr(quiet());
                let mut program = Program::start(&mut command)?;
                let port = program.read_number("Listening on 127.0.0.1:")?;
                (program, port, None)
            }
            Engine::Webkit => {
                let screen = Screen::start()?;
                let port = free_port()?;
                command.arg(format!("--port={port}")).env("DISPLAY", format!(":{}", screen.number));
                command.env("LIBGL_ALWAYS_SOFTWARE", "1").env("LANG", "C.UTF-8");
                if shares_memory {
                    command.env("JSC_useSharedArrayBuffer", "1");
                }
                let mut program = Program::start(command.stderr(quiet()))?;
                program.wait_until_it_listens(port)?;
                (program, port, Some(screen))
            }
        };
        Ok(Self { program, port, _screen: screen })
    }

    /// The number of the group of processes that it and the browser are.
    pub fn group(&self) -> u32 {
        self.program.process.id()
    }

    /// Where it takes its orders.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }
}

/// A screen that nobody sees.
struct Screen {
    _program: Program,
    number: u16,
}

impl Screen {
    fn start() -> Result<Self> {
        let mut command = Command::new("Xvfb");
        command.args(["-displayfd", "1", "-screen", "0", "1600x1200x24", "-nolisten", "tcp"]);
        // It says which number it has found free, when it can be drawn on.
        let mut program = Program::start(command.stderr(quiet()))?;
        let number = program.read_number("")?;
        Ok(Self { _program: program, number })
    }
}

/// A program, and all that it starts: they end when this is dropped.
struct Program {
    name: String,
    process: Child,
    /// Kept open: a program that cannot write any more may end.
    output: BufReader<ChildStdout>,
}

impl Program {
    fn start(command: &mut Command) -> Result<Self> {
        let name = command.get_program().to_string_lossy().into_owned();
        // A group of its own, so that the browser can be ended with its driver.
        let mut process = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .process_group(0)
            .spawn()
            .with_context(|| format!("{name} does not start"))?;
        let output = BufReader::new(process.stdout.take().expect("it was piped"));
        Ok(Self { name, process, output })
    }

    /// The number that follows `words` in a line that it writes.
    fn read_number(&mut self, words: &str) -> Result<u16> {
        let mut line = String::new();
        loop {
            line.clear();
            ensure!(self.output.read_line(&mut line)? > 0, "{} ended before it was ready", self.name);
            if let Some((_, number)) = line.split_once(words) {
                let digits: String = number.chars().take_while(char::is_ascii_digit).collect();
                return digits.parse().with_context(|| format!("{}: {line}", self.name));
            }
        }
    }

    /// Waits for a program that says nothing when it is ready.
    fn wait_until_it_listens(&mut self, port: u16) -> Result<()> {
        const PATIENCE: Duration = Duration::from_secs(240);
        let begin = Instant::now();
        while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
            ensure!(self.process.try_wait()?.is_none(), "{} ended before it was ready", self.name);
            ensure!(begin.elapsed() < PATIENCE, "nothing listens on port {port}");
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(())
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // It may have ended already, which is what is wanted.
        let group = format!("-{}", self.process.id());
        let _ = Command::new("kill").args(["-KILL", "--", &group]).stderr(Stdio::null()).status();
        let _ = self.process.wait();
    }
}

/// Where goes what browsers say of themselves, which is much and never about the page.
fn quiet() -> Stdio {
    Stdio::null()
}

/// A port that nobody listens on now.
fn free_port() -> Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
}
