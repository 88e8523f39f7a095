//! Builds the Python engine (python/README.md) into `dist/python/`.
//!
//! It takes minutes, so what was built is kept with a note of what it was built from, and only copied while that holds.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use serde::Deserialize;
use xshell::cmd;

use crate::build::files;
use crate::project::{Project, step};
use crate::setup;

/// What threads need of the compiler's library.
const TARGET: &str = "wasm32-wasip1-threads";

/// What the engine is made of. Its JavaScript is copied as it is.
const SOURCES: [&str; 8] = [
    "python/.cargo",
    "python/Cargo.lock",
    "python/Cargo.toml",
    "python/build.rs",
    "python/lib",
    "python/library",
    "python/patch",
    "python/src",
];

/// The crates of RustPython's that are patched: `edits.toml` means the first where it names none.
const PATCHED: [&str; 2] = ["rustpython-vm", "rustpython-stdlib"];

/// One change of a file of RustPython's.
#[derive(Deserialize)]
struct Edit {
    #[serde(rename = "crate", default = "vm")]
    of: String,
    file: String,
    old: String,
    new: String,
}

fn vm() -> String {
    PATCHED[0].to_owned()
}

#[derive(Deserialize)]
struct Edits {
    edit: Vec<Edit>,
}

/// Builds the engine into `dist/python/` and prints how large it is. With `quick`, in a profile that takes a minute or
/// two for a change and gives a slower program.
///
/// # Errors
/// When RustPython's sources have moved under an edit, a tool is missing, or the build fails.
pub fn build(project: &Project, quick: bool) -> Result<()> {
    let shell = &project.shell;
    let built = project.path("python/target/engine");
    let note = built.join("built-from.txt");
    let digest = digest(project, quick)?;
    if fs::read_to_string(&note).ok().as_deref() != Some(&digest) {
        target(project)?;
        let sources = sources(project)?;
        patch(project, &sources)?;
        step(
            "Build the Python engine",
            "RustPython for threads in a browser; the first time takes ten minutes",
        );
        let profile = if quick { "quick" } else { "release" };
        let folder = project.path("python");
        let _folder = shell.push_dir(&folder);
        // rustc gets the toolchain's newest features from python/.cargo/config.toml; RustPython names an older one.
        cmd!(shell, "cargo build --locked --ignore-rust-version --profile {profile} --package lanes-python")
            .run()
            .context("the engine could not be built, see above")?;
        fs::create_dir_all(&built)?;
        let program = folder.join("target").join(TARGET).join(profile).join("lanes-python.wasm");
        fs::copy(program, built.join("python.wasm"))?;
        step("Compile Python's standard library", "imports from its text would take seconds");
        let host = host(project)?;
        let lib = sources["rustpython-pylib"].join("Lib");
        let ours = folder.join("lib");
        cmd!(shell, "cargo run --quiet --locked --ignore-rust-version --target {host} --package lanes-python-library -- {lib} {ours} {built}")
            .run()
            .context("the library could not be compiled, see above")?;
        fs::copy(lib.join("PSF-LICENSE"), built.join("PSF-LICENSE.txt"))?;
        fs::write(&note, digest)?;
    }
    let into = project.dist().join("python");
    fs::create_dir_all(&into)?;
    for file in files(&built)?.into_iter().chain(files(&project.path("python/www"))?) {
        let name = file.file_name().context("a file has a name")?;
        if file != note {
            fs::copy(&file, into.join(name))?;
        }
    }
    // To compress a program that nobody sends would take a minute.
    if quick { Ok(()) } else { print_sizes(&into) }
}

/// Where RustPython keeps CPython's own tests, and the commit that is taken: the crates leave them out.
const RUSTPYTHON: (&str, &str) =
    ("https://github.com/RustPython/RustPython", "cc1e55e3e43f14a673901ea78ccb426ecb6c3bbb");

/// Fetches CPython's own tests as RustPython has them, once, and says where they are. `RUSTPYTHON` names another repository.
///
/// # Errors
/// When they cannot be fetched.
pub fn cpythons_tests(project: &Project) -> Result<PathBuf> {
    let shell = &project.shell;
    let (public, commit) = RUSTPYTHON;
    let folder = project.path("python/target/cpython").join(commit);
    let tests = folder.join("Lib/test");
    if !tests.exists() {
        let from = std::env::var("RUSTPYTHON").unwrap_or_else(|_| public.to_owned());
        step("Fetch CPython's tests", "RustPython's crates leave them out");
        shell.create_dir(&folder)?;
        cmd!(shell, "git init --quiet {folder}").run()?;
        cmd!(shell, "git -C {folder} fetch --quiet --depth 1 --filter=blob:none {from} {commit}")
            .run()
            .context("RustPython's repository cannot be reached: name a copy with RUSTPYTHON")?;
        cmd!(shell, "git -C {folder} checkout --quiet {commit} -- Lib/test Lib/wsgiref").run()?;
    }
    Ok(tests)
}

/// A name for what the engine is built from: the same as long as nothing of it has changed.
fn digest(project: &Project, quick: bool) -> Result<String> {
    let mut hasher = DefaultHasher::new();
    for source in SOURCES {
        for file in files(&project.path(source))? {
            if file.components().any(|part| part.as_os_str() == "__pycache__") {
                continue;
            }
            file.strip_prefix(project.path(""))?.hash(&mut hasher);
            fs::read(file)?.hash(&mut hasher);
        }
    }
    let shell = &project.shell;
    cmd!(shell, "rustc --version").quiet().read()?.hash(&mut hasher);
    Ok(format!("{:016x} {}\n", hasher.finish(), if quick { "quick" } else { "release" }))
}

/// Makes sure that the compiler has its library for threads.
fn target(project: &Project) -> Result<()> {
    let shell = &project.shell;
    let sysroot =
        cmd!(shell, "rustc --print sysroot").quiet().read().context("rustc does not run: put it on PATH")?;
    let is_there = || Path::new(&sysroot).join("lib/rustlib").join(TARGET).exists();
    if is_there() {
        return Ok(());
    }
    ensure!(
        setup::find("rustup").is_some(),
        "the compiler in use has no library for {TARGET}: install it as your system does, or use rustup"
    );
    step(&format!("Add Rust's library for {TARGET}"), "Python's threads run on it");
    if cmd!(shell, "rustup target add {TARGET}").run().is_err() || !is_there() {
        bail!("rustup could not add the library for {TARGET}: see above");
    }
    Ok(())
}

/// The host's own target.
fn host(project: &Project) -> Result<String> {
    let shell = &project.shell;
    let version = cmd!(shell, "rustc -vV").quiet().read()?;
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_owned).context("rustc does not name its host")
}

/// Where cargo has RustPython's crates, in the version of python/Cargo.toml. Cargo cannot say that of the engine itself,
/// which wants the patched ones, so a package that depends on nothing else is asked for.
fn sources(project: &Project) -> Result<BTreeMap<String, PathBuf>> {
    let shell = &project.shell;
    let manifest = fs::read_to_string(project.path("python/Cargo.toml"))?.parse::<toml::Table>()?;
    let version =
        manifest["dependencies"]["rustpython-vm"]["version"].as_str().context("it has a version")?;
    let folder = project.path("python/target/sources");
    fs::create_dir_all(folder.join("src"))?;
    fs::write(folder.join("src/lib.rs"), "")?;
    let names = || PATCHED.into_iter().chain(["rustpython-pylib"]);
    let mut list =
        "[package]\nname = \"sources\"\nversion = \"0.0.0\"\nedition = \"2024\"\n[workspace]\n[dependencies]\n".to_owned();
    for name in names() {
        writeln!(list, "{name} = {{ version = \"{version}\", default-features = false }}")?;
    }
    fs::write(folder.join("Cargo.toml"), list)?;
    step("Fetch RustPython's sources", "cargo keeps them");
    let json = cmd!(shell, "cargo metadata --format-version 1 --manifest-path {folder}/Cargo.toml")
        .quiet()
        .read()
        .context("RustPython's sources cannot be fetched")?;
    let metadata: Metadata = serde_json::from_str(&json)?;
    names()
        .map(|name| {
            let package = metadata.packages.iter().find(|package| package.name == name);
            let manifest = &package.with_context(|| format!("cargo knows no {name}"))?.manifest_path;
            Ok((name.to_owned(), manifest.parent().context("a manifest has a folder")?.to_owned()))
        })
        .collect()
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    manifest_path: PathBuf,
}

/// Copies the crates that are patched into `python/patched/`, with our file and our edits. What has not changed is left
/// alone, so that cargo does not build it again.
fn patch(project: &Project, sources: &BTreeMap<String, PathBuf>) -> Result<()> {
    let ours = project.path("python/patch");
    let list = fs::read_to_string(ours.join("edits.toml"))?;
    let edits: Edits = toml::from_str(&list).context("python/patch/edits.toml cannot be read")?;
    for name in PATCHED {
        let from = &sources[name];
        let mut edited = apply(edits.edit.iter().filter(|edit| edit.of == name), |file| {
            Ok(fs::read_to_string(from.join(file))?)
        })?;
        if name == PATCHED[0] {
            edited.insert("src/gil.rs".to_owned(), fs::read_to_string(ours.join("gil.rs"))?);
        }
        let into = project.path("python/patched").join(name);
        for file in files(from)? {
            let name = file.strip_prefix(from)?;
            if edited.contains_key(&*name.to_string_lossy()) || name.starts_with(".cargo-ok") {
                continue;
            }
            put(&into.join(name), &fs::read(&file)?)?;
        }
        edited.iter().try_for_each(|(name, text)| put(&into.join(name), text.as_bytes()))?;
    }
    Ok(())
}

/// The files that `edits` change, as they are then; `read` gives them as they were.
fn apply<'a>(
    edits: impl IntoIterator<Item = &'a Edit>,
    read: impl Fn(&str) -> Result<String>,
) -> Result<BTreeMap<String, String>> {
    let mut files = BTreeMap::new();
    for Edit { file, old, new, .. } in edits {
        let text = match files.remove(file) {
            Some(text) => text,
            None => read(file).with_context(|| format!("RustPython has no {file} any more"))?,
        };
        let found = text.matches(&**old).count();
        ensure!(
            found == 1,
            "RustPython has changed: in {file}, this stands {found} times instead of once; mend python/patch/edits.toml:\n{old}"
        );
        files.insert(file.clone(), text.replacen(&**old, new, 1));
    }
    Ok(files)
}

/// How many lines of RustPython's a list of edits touches.
///
/// # Errors
/// When the list cannot be read.
pub fn patched_lines(list: &Path) -> Result<usize> {
    let edits: Edits = toml::from_str(&fs::read_to_string(list)?)?;
    let lines = |text: &str| text.trim().lines().count();
    Ok(edits.edit.iter().map(|edit| lines(&edit.old).max(lines(&edit.new))).sum())
}

fn put(path: &Path, content: &[u8]) -> Result<()> {
    if fs::read(path).is_ok_and(|there| there == content) {
        return Ok(());
    }
    fs::create_dir_all(path.parent().context("a file has a folder")?)?;
    fs::write(path, content).with_context(|| format!("{} cannot be written", path.display()))
}

/// Prints each file of the engine, as it is and as hosts send it.
fn print_sizes(folder: &Path) -> Result<()> {
    println!("\n{:<30} {:>10} {:>10}", "dist/python/", "bytes", "brotli");
    for file in files(folder)? {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        println!("  {name:<28} {:>10} {:>10}", fs::metadata(&file)?.len(), brotli_len(&file)?);
    }
    Ok(())
}

/// How many bytes `file` has when a host compresses it as well as it can. It takes a minute for the program, so the
/// number is kept beside what was built.
///
/// # Errors
/// When the file cannot be read.
pub fn brotli_len(file: &Path) -> Result<usize> {
    let content = fs::read(file).with_context(|| format!("{} cannot be read", file.display()))?;
    let mut hasher = DefaultHasher::new();
    content.hash(&mut hasher);
    let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("../python/target/brotli");
    let kept = kept.join(format!("{:016x}", hasher.finish()));
    if let Ok(length) = fs::read_to_string(&kept) {
        return length.parse().with_context(|| format!("{} holds no number", file.display()));
    }
    let mut compressed = Vec::new();
    let parameters = brotli::enc::BrotliEncoderParams { quality: 11, lgwin: 24, ..Default::default() };
    brotli::BrotliCompress(&mut &content[..], &mut compressed, &parameters)?;
    put(&kept, compressed.len().to_string().as_bytes())?;
    Ok(compressed.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edit(old: &str, new: &str) -> Edit {
        Edit { of: vm(), file: "a.rs".to_owned(), old: old.to_owned(), new: new.to_owned() }
    }

    #[test]
    fn edits_follow_each_other_in_a_file() {
        let files =
            apply(&[edit("one", "two"), edit("two three", "four")], |_| Ok("one three".to_owned())).unwrap();
        assert_eq!(files["a.rs"], "four");
    }

    #[test]
    fn an_edit_whose_text_has_moved_says_so() {
        for text in ["nothing of it", "one and one"] {
            let error = apply(&[edit("one", "two")], |_| Ok(text.to_owned())).unwrap_err().to_string();
            assert!(error.contains("a.rs") && error.contains("mend python/patch/edits.toml"), "{error}");
        }
    }

    #[test]
    fn the_patch_is_small() {
        let list = Project::open().unwrap().path("python/patch/edits.toml");
        let changed = patched_lines(&list).unwrap();
        assert!(changed <= 150, "{changed} lines are touched");
    }
}
