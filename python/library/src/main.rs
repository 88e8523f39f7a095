//! Packs the standard library for the engine: `lanes-python-library LIB OURS INTO`.
//!
//! `LIB` is the folder of rustpython-pylib, `OURS` has the files that replace or complete it (and edits.toml). Two files
//! are written into the folder `INTO`: `library.bin` has the modules of compiled.txt as Python imports them, and
//! `sources.bin` the text of all, which is fetched when a traceback shows it or another module is imported. The first begins with the length of an index in JSON: names lead to
//! further names, or to `[from, size]` in the rest of the file, or to `[from, size, 1]` in the other one.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use rustpython_compiler::{CompileOpts, Mode, compile};
use rustpython_compiler_core::bytecode::{CodeFlags, CodeObject, ConstantData};
use rustpython_compiler_core::marshal::serialize_code;
use serde_json::{Map, Value, json};

/// Where the engine shows the library.
const SHOWN_AT: &str = "/lib/python3.14";

/// What cannot work in a browser, or is of no use there: windows, editors, installers, databases, C's types, servers' mail.
const LEFT_OUT: [&str; 23] = [
    "_android_support.py",
    "_aix_support.py",
    "_apple_support.py",
    "_ios_support.py",
    "_osx_support.py",
    "ctypes",
    "curses",
    "dbm",
    "ensurepip",
    "idlelib",
    "msilib",
    "nturl2path.py",
    "pydoc_data",
    "sqlite3",
    "ssl.py",
    "test",
    "this.py",
    "tkinter",
    "turtle.py",
    "turtledemo",
    "venv",
    "webbrowser.py",
    "wsgiref",
];

/// What threads, processes and asyncio import, and what scripts about them use most: compiled, so that it is there at once.
const COMPILED: &str = include_str!("../compiled.txt");

/// What pyc files begin with: CPython's magic number of 3.14, and that their source need not be looked at.
const HEADER: [u8; 16] = {
    let [a, b] = 3627_u16.to_le_bytes();
    [a, b, b'\r', b'\n', 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
};

fn main() -> Result<()> {
    let arguments: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    let [lib, ours, into] = &arguments[..] else {
        anyhow::bail!("usage: lanes-python-library LIB OURS INTO")
    };
    let mut modules = BTreeMap::new();
    read(lib, "", &LEFT_OUT, &mut modules)?;
    edit(&ours.join("edits.toml"), &mut modules)?;
    read(ours, "", &[], &mut modules)?;

    let mut index = Map::new();
    let (mut library, mut sources) = (Vec::new(), Vec::new());
    for (path, source) in &modules {
        let entry = put(&mut sources, source.as_bytes());
        insert(&mut index, path, json!([entry.0, entry.1, 1]));
        if !COMPILED.lines().any(|compiled| compiled == path) {
            continue;
        }
        // Columns would make the file half as large again, and only mark words in tracebacks.
        let options = CompileOpts { debug_ranges: false, ..CompileOpts::default() };
        let mut code = compile(source, Mode::Exec, &format!("{SHOWN_AT}/{path}"), options)
            .with_context(|| format!("{path} cannot be compiled"))?;
        leave_out_docs(&mut code);
        let mut pyc = HEADER.to_vec();
        pyc.push(b'c');
        serialize_code(&mut pyc, &code);
        let entry = put(&mut library, &pyc);
        let (folder, name) = path.rsplit_once('/').map_or(("", &**path), |(folder, name)| (folder, name));
        let name = name.strip_suffix(".py").context("only modules are read")?;
        insert(
            &mut index,
            &format!("{folder}/__pycache__/{name}.cpython-314.pyc"),
            json!([entry.0, entry.1]),
        );
    }
    let index = serde_json::to_vec(&json!({ "python3.14": index }))?;
    let mut file = u32::try_from(index.len())?.to_le_bytes().to_vec();
    file.extend(index);
    file.extend(library);
    fs::create_dir_all(into)?;
    fs::write(into.join("library.bin"), file)?;
    fs::write(into.join("sources.bin"), sources)?;
    Ok(())
}

/// Reads the modules in `folder` and below, by their paths, all but those `left_out`.
fn read(folder: &Path, at: &str, left_out: &[&str], modules: &mut BTreeMap<String, String>) -> Result<()> {
    for entry in fs::read_dir(folder).with_context(|| format!("{} cannot be read", folder.display()))? {
        let path = entry?.path();
        let name = path.file_name().context("a file has a name")?.to_string_lossy().into_owned();
        let shown = format!("{at}{name}");
        if left_out.contains(&&*shown) {
            continue;
        }
        if path.is_dir() {
            read(&path, &format!("{shown}/"), left_out, modules)?;
        } else if name.ends_with(".py") {
            // Some files are there to be undecodable.
            if let Ok(text) = String::from_utf8(fs::read(&path)?) {
                modules.insert(shown, text);
            }
        }
    }
    Ok(())
}

/// Makes the edits of `list`.
fn edit(list: &Path, modules: &mut BTreeMap<String, String>) -> Result<()> {
    let list: toml::Table = fs::read_to_string(list)?.parse()?;
    for edit in list["edit"].as_array().context("edits are a list")? {
        let text = |key: &str| edit[key].as_str().with_context(|| format!("an edit has no {key}"));
        let (file, old, new) = (text("file")?, text("old")?, text("new")?);
        let module = modules.get_mut(file).with_context(|| format!("the library has no {file}"))?;
        let found = module.matches(old).count();
        ensure!(found == 1, "{file} has changed: this stands there {found} times:\n{old}");
        *module = module.replace(old, new);
    }
    Ok(())
}

/// Leaves the texts of functions' documentation out: a fifth of the file, and the library's own text has them.
fn leave_out_docs(code: &mut CodeObject) {
    if code.flags.contains(CodeFlags::HAS_DOCSTRING) {
        code.flags.remove(CodeFlags::HAS_DOCSTRING);
        if let Some(doc) = code.constants.first_mut() {
            *doc = ConstantData::None;
        }
    }
    for constant in code.constants.iter_mut() {
        if let ConstantData::Code { code } = constant {
            leave_out_docs(code);
        }
    }
}

fn put(file: &mut Vec<u8>, bytes: &[u8]) -> (usize, usize) {
    let from = file.len();
    file.extend_from_slice(bytes);
    (from, bytes.len())
}

fn insert(index: &mut Map<String, Value>, path: &str, entry: Value) {
    let mut at = index;
    let (folders, name) = path.rsplit_once('/').unwrap_or(("", path));
    for folder in folders.split('/').filter(|folder| !folder.is_empty()) {
        let inner = at.entry(folder).or_insert_with(|| Value::Object(Map::new()));
        at = inner.as_object_mut().expect("a folder is no module");
    }
    at.insert(name.to_owned(), entry);
}
