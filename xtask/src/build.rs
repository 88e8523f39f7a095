//! Builds the folder to put on a host.

use std::env;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use flate2::Compression;
use flate2::write::GzEncoder;
use xshell::cmd;

use crate::project::{Project, step};
use crate::{offline, python, setup, split, styles};

/// What the programs of page and worker are made of.
const SOURCES: [&str; 5] = [".cargo", "Cargo.lock", "Cargo.toml", "src", "www/lane.js"];

/// Builds page, worker and Python engine into `dist/`, tells the service worker what is there, and prints how large it is.
///
/// # Errors
/// When a tool cannot be installed or the build fails.
pub fn build(project: &Project) -> Result<()> {
    let wasm = setup::wasm(project)?;
    step(
        "Build page and worker",
        "two programs from one package, each with the flags that it needs (.cargo/config.toml)",
    );
    let shell = &project.shell;
    let build = build_name(project)?;
    // Trunk takes any other value of NO_COLOR for a mistake.
    let trunk = cmd!(shell, "trunk build")
        .env("LANES_BUILD", &build)
        .env_remove("NO_COLOR")
        .env("RUST_BACKTRACE", "0");
    wasm.command(trunk).run().context("the build failed, see above")?;
    split::split(project, &wasm)?;
    styles::join(&project.dist())?;
    python::build(project, env::var_os("LANES_QUICK_PYTHON").is_some())?;
    offline::name_files(&project.dist(), &build)?;
    print_sizes(&project.dist())
}

/// A short name for the sources as they are: page and worker carry it, and must carry the same.
fn build_name(project: &Project) -> Result<String> {
    let mut hasher = DefaultHasher::new();
    for source in SOURCES {
        for file in files(&project.path(source))? {
            file.strip_prefix(project.path(""))?.hash(&mut hasher);
            fs::read(file)?.hash(&mut hasher);
        }
    }
    Ok(format!("{:016x}", hasher.finish())[..8].to_owned())
}

/// The files at `path`, in an order that is always the same; none if nothing is there.
pub(crate) fn files(path: &Path) -> Result<Vec<PathBuf>> {
    if !path.is_dir() {
        return Ok(path.is_file().then(|| path.to_owned()).into_iter().collect());
    }
    let mut entries = fs::read_dir(path)?.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>()?;
    entries.sort();
    let nested = entries.iter().map(|entry| files(entry)).collect::<Result<Vec<_>>>()?;
    Ok(nested.concat())
}

/// The first bytes of a digest as a name writes them.
pub(crate) fn short_name(digest: &[u8], bytes: usize) -> String {
    digest.iter().take(bytes).map(|byte| format!("{byte:02x}")).collect()
}

/// Prints each file of the built folder, as it is and as it is sent, by when it is loaded.
fn print_sizes(dist: &Path) -> Result<()> {
    let mut files = files(dist)?;
    // The engine's have been printed as hosts send them.
    files.retain(|file| !file.ends_with("_headers") && !file.starts_with(dist.join("python")));
    println!("\n{:<52} {:>10} {:>10}", "dist/", "bytes", "gzip");
    for when in [When::First, When::Shown, When::Later] {
        let (mut raw, mut gzip) = (0, 0);
        for file in &files {
            let name = file.strip_prefix(dist)?.to_string_lossy();
            if when != When::of(&name) {
                continue;
            }
            let content = fs::read(file)?;
            let compressed = gzip_len(&content)?;
            println!("  {name:<50} {:>10} {compressed:>10}", content.len());
            raw += content.len();
            gzip += compressed;
        }
        println!("{:<52} {raw:>10} {gzip:>10}", when.title());
    }
    Ok(())
}

/// When a file is loaded.
#[derive(Clone, Copy, PartialEq)]
enum When {
    /// Before the page can be used.
    First,
    /// When what it draws is shown.
    Shown,
    /// With the workers, in embeds, or by the service worker.
    Later,
}

impl When {
    const fn title(self) -> &'static str {
        match self {
            When::First => "page: the first load",
            When::Shown => "the rest of the page, when it is shown",
            When::Later => "workers and embeds, later",
        }
    }

    fn of(name: &str) -> Self {
        const LATER: [&str; 16] = [
            "poster.js",
            "python.js",
            "embed",
            "examples",
            "icons",
            "manifest",
            "report.schema.json",
            "worker",
            "lane.js",
            "snippets",
            "service-worker.js",
            "isolation.js",
            "offline.js",
            "network.js",
            "payloads",
            "build.js",
        ];
        if LATER.iter().any(|start| name.starts_with(start)) {
            Self::Later
        } else if split::is_part(name) || name == "script.css" {
            Self::Shown
        } else {
            Self::First
        }
    }
}

/// How many bytes `content` has when a server compresses it.
fn gzip_len(content: &[u8]) -> io::Result<usize> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(content)?;
    Ok(encoder.finish()?.len())
}
