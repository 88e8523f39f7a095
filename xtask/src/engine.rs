//! The browsers that Lanes is tested in, and the programs that drive them.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clap::ValueEnum;
use xshell::{Cmd, cmd};

use crate::project::{Project, step};
use crate::setup::{apt_install, find};

/// A browser's engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, ValueEnum)]
pub enum Engine {
    /// Chromium, and what is built on it: Chrome, Edge, Opera
    Chromium,
    /// Firefox, in its release for the long term
    Firefox,
    /// WebKit as GTK has it: the nearest to Safari that runs elsewhere than on Apple's machines
    Webkit,
}

/// A browser for tests, and the driver that it is driven by.
#[derive(Clone, Debug)]
pub struct Browser {
    /// The engine that it has.
    pub engine: Engine,
    /// The browser itself.
    pub program: PathBuf,
    /// The program that takes orders for it.
    pub driver: PathBuf,
}

impl Engine {
    /// All of them, in the order in which they are tested.
    pub const ALL: [Engine; 3] = [Engine::Chromium, Engine::Firefox, Engine::Webkit];

    /// The variable of the environment that names the engine for a test that is run by hand.
    pub const VARIABLE: &str = "ENGINE";

    /// The engine that the environment names: Chromium, if it names none.
    ///
    /// # Errors
    /// When the name is none of an engine.
    pub fn of_environment() -> Result<Self> {
        let Ok(name) = env::var(Self::VARIABLE) else { return Ok(Engine::Chromium) };
        let engine = Self::ALL.into_iter().find(|engine| engine.id() == name);
        engine.with_context(|| format!("{}={name} is none of chromium, firefox, webkit", Self::VARIABLE))
    }

    /// The name in commands and in the environment.
    pub fn id(self) -> &'static str {
        match self {
            Engine::Chromium => "chromium",
            Engine::Firefox => "firefox",
            Engine::Webkit => "webkit",
        }
    }

    /// The name for people.
    pub fn name(self) -> &'static str {
        match self {
            Engine::Chromium => "Chromium",
            Engine::Firefox => "Firefox",
            Engine::Webkit => "WebKitGTK",
        }
    }

    /// The variables that name the browser and its driver, instead of those on PATH.
    fn variables(self) -> [&'static str; 2] {
        match self {
            Engine::Chromium => ["CHROMIUM", "CHROMEDRIVER"],
            Engine::Firefox => ["FIREFOX", "GECKODRIVER"],
            Engine::Webkit => ["WEBKIT", "WEBKITDRIVER"],
        }
    }

    /// Finds the browser and its driver, if both are there.
    pub fn find(self) -> Option<Browser> {
        let [program, driver] = self.variables().map(|variable| env::var_os(variable).map(PathBuf::from));
        let (programs, drivers): (&[&str], _) = match self {
            Engine::Chromium => (&["chromium", "chromium-browser", "google-chrome"], "chromedriver"),
            Engine::Firefox => (&["firefox-esr", "firefox"], "geckodriver"),
            Engine::Webkit => {
                // The only WebKit that can be seen without a screen of one's own needs one made for it.
                find("Xvfb")?;
                (&[], "WebKitWebDriver")
            }
        };
        let program = program
            .or_else(|| programs.iter().copied().find_map(find))
            .or_else(|| (self == Engine::Webkit).then(mini_browser).flatten())?;
        let driver = driver.or_else(|| find(drivers)).or_else(|| in_tools(drivers))?;
        Some(Browser { engine: self, program, driver })
    }

    /// Makes sure that the browser and its driver are there.
    ///
    /// # Errors
    /// Says how to install them, where this cannot.
    pub fn install(self, project: &Project) -> Result<Browser> {
        if let Some(browser) = self.find() {
            return Ok(browser);
        }
        step(&format!("Install {} and its driver", self.name()), "tests and measurements need real browsers");
        let packages: &[&str] = match self {
            Engine::Chromium => &["chromium", "chromium-driver"],
            Engine::Firefox => &["firefox-esr"],
            Engine::Webkit => &["webkit2gtk-driver", "xvfb"],
        };
        let [program, driver] = self.variables();
        let remedy =
            format!("{} is missing: or name it with {program} and its driver with {driver}", self.name());
        let lacks_browser =
            self != Engine::Firefox || find("firefox-esr").or_else(|| find("firefox")).is_none();
        if lacks_browser && env::var_os(program).is_none() {
            apt_install(project, packages).with_context(|| remedy.clone())?;
        }
        if self == Engine::Firefox && self.find().is_none() {
            geckodriver(project)?;
        }
        self.find().with_context(|| format!("it is installed, but not where it was looked for. {remedy}"))
    }
}

impl Browser {
    /// Tells `command` which browser to test in.
    pub fn command<'a>(&self, command: Cmd<'a>) -> Cmd<'a> {
        let [program, driver] = self.engine.variables();
        command.env(Engine::VARIABLE, self.engine.id()).env(program, &self.program).env(driver, &self.driver)
    }
}

/// Debian has no geckodriver: it is built from its sources, into the project's folder of tools.
fn geckodriver(project: &Project) -> Result<()> {
    let shell = &project.shell;
    let root = project.tools();
    step("Install geckodriver into .tools (some minutes)", "it drives Firefox, and Debian does not have it");
    let install = || cmd!(shell, "cargo install geckodriver --version {GECKODRIVER} --root {root}");
    // A mirror may lack one of the versions that its authors locked; then any that fit will do.
    if install().arg("--locked").run().or_else(|_| install().run()).is_err() {
        bail!("geckodriver cannot be installed: see above, or put one on PATH yourself");
    }
    Ok(())
}

/// The version that was tested with.
const GECKODRIVER: &str = "0.37.1";

/// A program among the project's own tools.
fn in_tools(program: &str) -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent()?;
    Some(root.join(".tools/bin").join(program)).filter(|file| file.is_file())
}

/// The browser that comes with WebKitGTK; it stands in a folder of the machine's architecture.
fn mini_browser() -> Option<PathBuf> {
    let folders = std::fs::read_dir("/usr/lib").ok()?.flatten().map(|entry| entry.path());
    let folders = folders.chain(["/usr/libexec".into()]);
    let versions = |folder: PathBuf| {
        ["4.1", "6.0"].map(|version| folder.join(format!("webkit2gtk-{version}/MiniBrowser")))
    };
    folders.flat_map(versions).find(|file| file.is_file())
}
