//! Installs what is missing on this machine, and nothing that is there.
//!
//! A tool that is there in another version stays as it is: ours goes into the project's own folder.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use xshell::{Cmd, cmd};

use crate::project::{Project, step};

/// What the help says of the environment.
pub const ENVIRONMENT: &str = "Environment:
  LANES_TOOLCHAIN=debian  Build for wasm with Debian's compiler, even where the compiler in use could do it
  LANES_QUICK_PYTHON=1    Build a Python engine that is slower, in minutes instead of ten of them, the first time
  CHROMIUM, CHROMEDRIVER  The browser for tests and its driver, instead of those on PATH;
  FIREFOX, GECKODRIVER    the same of Firefox,
  WEBKIT, WEBKITDRIVER    and of WebKitGTK";

/// Debian's compiler for wasm, for machines whose own compiler may not download its library's sources.
const DEBIAN_COMPILER: [&str; 6] =
    ["rustc-web", "cargo-web", "rust-web-src", "rust-web-llvm", "lld-22", "rust-web-clippy"];

/// What builds for wasm: a compiler with the sources of its standard library, Trunk and wasm-bindgen.
pub struct Wasm {
    path: OsString,
    debian: bool,
}

impl Wasm {
    /// Lets `command` build for wasm.
    pub fn command<'a>(&self, command: Cmd<'a>) -> Cmd<'a> {
        // The flag lets a stable compiler build the standard library: see .cargo/config.toml.
        let command = command.env("PATH", &self.path).env("RUSTC_BOOTSTRAP", "1");
        if self.debian {
            // What the cargo that runs us has set for its own compiler.
            command.env_remove("CARGO").env_remove("RUSTUP_TOOLCHAIN").env_remove("LD_LIBRARY_PATH")
        } else {
            command
        }
    }
}

/// Makes sure that the project can be built for wasm.
///
/// # Errors
/// Names what cannot be installed, and what to do.
pub fn wasm(project: &Project) -> Result<Wasm> {
    let trunk = project.trunk_version()?;
    let bindgen = project.locked_version("wasm-bindgen")?;

    let debian = !own_compiler(project)?;
    let mut folders = Vec::new();
    if debian {
        folders.push(debian_compiler(project)?);
    }
    let tools = project.tools().join("bin");
    let here = [
        tool(project, "trunk", "trunk", &trunk, "it puts page and worker together")?,
        tool(
            project,
            "wasm-bindgen-cli",
            "wasm-bindgen",
            &bindgen,
            "it joins wasm and JavaScript, in the version of Cargo.lock",
        )?,
    ];
    if here.contains(&Place::Project) {
        folders.push(tools);
    }
    folders.extend(env::split_paths(&env::var_os("PATH").unwrap_or_default()));
    Ok(Wasm { path: env::join_paths(folders)?, debian })
}

/// Whether the compiler in use has the sources of its standard library, or can get them.
fn own_compiler(project: &Project) -> Result<bool> {
    let shell = &project.shell;
    if env::var_os("LANES_TOOLCHAIN").is_some_and(|name| name == "debian") {
        return Ok(false);
    }
    let sysroot =
        cmd!(shell, "rustc --print sysroot").quiet().read().context("rustc does not run: put it on PATH")?;
    let has_sources = || Path::new(&sysroot).join("lib/rustlib/src/rust/library/std/Cargo.toml").exists();
    if has_sources() {
        return Ok(true);
    }
    if find("rustup").is_none() {
        return Ok(false);
    }
    step("Add the sources of Rust's standard library", "threads need it built with atomics");
    let added = cmd!(shell, "rustup component add rust-src").run().is_ok();
    Ok(added && has_sources())
}

/// A folder with the commands of Debian's compiler and no others, which are installed if they are not there.
fn debian_compiler(project: &Project) -> Result<PathBuf> {
    let complete = [
        "/usr/bin/cargo",
        "/usr/bin/cargo-clippy",
        "/usr/bin/rustc",
        "/usr/bin/rust-lld",
        "/usr/lib/rustlib/src/rust/library/std/Cargo.toml",
    ];
    if !complete.iter().all(|file| Path::new(file).exists()) {
        step(
            "Install Debian's compiler for wasm",
            "the one in use cannot get the sources of its standard library",
        );
        apt_install(project, &DEBIAN_COMPILER).context(
            "no compiler can build threads for wasm here; `rustup component add rust-src` would do as well",
        )?;
    }
    let folder = project.tools().join("debian");
    fs::create_dir_all(&folder)?;
    for name in ["cargo", "rustc", "rustdoc", "cargo-clippy", "clippy-driver"] {
        let (file, link) = (Path::new("/usr/bin").join(name), folder.join(name));
        if file.exists() && !link.exists() {
            symlink(file, link)?;
        }
    }
    Ok(folder)
}

#[derive(PartialEq)]
enum Place {
    Machine,
    Project,
}

/// Finds `program` in exactly this version, or installs it into the project's folder of tools.
fn tool(project: &Project, package: &str, program: &str, version: &str, why: &str) -> Result<Place> {
    let shell = &project.shell;
    let root = project.tools();
    let ours = root.join("bin").join(program);
    let is_right = |program: &Path| {
        let said = cmd!(shell, "{program} --version").quiet().ignore_stderr().read().unwrap_or_default();
        said.split_whitespace().nth(1) == Some(version)
    };
    if is_right(Path::new(program)) {
        return Ok(Place::Machine);
    }
    if is_right(&ours) {
        return Ok(Place::Project);
    }
    step(&format!("Install {package} {version} into .tools (some minutes)"), why);
    // A mirror may lack one of the versions that the tool's authors locked; then any that fit will do.
    let install = || {
        cmd!(shell, "cargo install {package} --version {version} --root {root} --force --no-default-features")
    };
    if install().arg("--locked").run().or_else(|_| install().run()).is_err() || !is_right(&ours) {
        bail!(
            "{package} {version} cannot be installed: see above, or run `cargo install {package} --version {version}` yourself"
        );
    }
    Ok(Place::Project)
}

/// Makes sure that a tool of cargo's is there in this version, and tells where.
///
/// # Errors
/// Says how to install it, where this cannot.
pub fn cargo_tool(project: &Project, name: &str, version: &str, why: &str) -> Result<PathBuf> {
    Ok(match tool(project, name, name, version, why)? {
        Place::Machine => name.into(),
        Place::Project => project.tools().join("bin").join(name),
    })
}

/// Makes sure that what the page's tests need of npm is there, in the versions of package-lock.json.
///
/// # Errors
/// Says how to install it, where this cannot.
pub fn node_modules(project: &Project) -> Result<()> {
    let folder = project.path("tests");
    let locked = fs::read(folder.join("package-lock.json"))?;
    // A copy of the list that it was installed for.
    let note = folder.join("node_modules/.installed-for.json");
    if fs::read(&note).is_ok_and(|installed| installed == locked) {
        return Ok(());
    }
    if find("npm").is_none() {
        step("Install Node.js and npm", "axe-core and Lighthouse check the page, and run there");
        apt_install(project, &["nodejs", "npm"])?;
    }
    step("Install axe-core and Lighthouse into tests/node_modules", "they check the page");
    let shell = &project.shell;
    cmd!(shell, "npm ci --prefix {folder} --ignore-scripts --no-audit --no-fund")
        .run()
        .context("npm could not install what tests/package.json names: run `npm ci` in tests/ to see why")?;
    fs::write(&note, locked).context("node_modules cannot be written to")
}

/// Makes sure that rustfmt and clippy are there.
///
/// # Errors
/// Says how to install them, where this cannot.
pub fn lints(project: &Project) -> Result<()> {
    let shell = &project.shell;
    for (component, package) in [("rustfmt", "rustfmt-web"), ("clippy", "rust-web-clippy")] {
        let command = if component == "rustfmt" { "fmt" } else { component };
        let is_there =
            || cmd!(shell, "cargo {command} --version").quiet().ignore_stdout().ignore_stderr().run().is_ok();
        if is_there() {
            continue;
        }
        step(&format!("Install {component}"), "the tests check how the code is written");
        let added = find("rustup").is_some() && cmd!(shell, "rustup component add {component}").run().is_ok();
        if !added {
            apt_install(project, &[package])
                .with_context(|| format!("`rustup component add {component}` would do as well"))?;
        }
    }
    Ok(())
}

/// Installs Debian packages, where that can be done without a question.
pub(crate) fn apt_install(project: &Project, packages: &[&str]) -> Result<()> {
    let shell = &project.shell;
    let remedy = format!("run `sudo apt-get install {}` and try again", packages.join(" "));
    if find("apt-get").is_none() {
        bail!(
            "this machine has no apt-get to install {} with: install them as your system does",
            packages.join(", ")
        );
    }
    let is_root = cmd!(shell, "id -u").quiet().read()? == "0";
    let may_sudo = || cmd!(shell, "sudo -n true").quiet().ignore_stderr().run().is_ok();
    let sudo: &[&str] = match is_root {
        true => &[],
        false if find("sudo").is_some() && may_sudo() => &["sudo"],
        false => bail!("only root may install packages: {remedy}"),
    };
    let apt = [sudo, &["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "--quiet", "--quiet"]].concat();
    let (program, arguments) = apt.split_first().expect("it has a program");
    let apt = |command: &[&str]| shell.cmd(program).args(arguments).args(command).run();
    apt(&["update"]).with_context(|| format!("the list of packages cannot be fetched: {remedy}"))?;
    apt(&[&["install", "--yes", "--no-install-recommends"], packages].concat()).with_context(|| remedy)
}

/// Where `program` is on PATH.
pub(crate) fn find(program: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path).map(|folder| folder.join(program)).find(|file| file.is_file())
}
