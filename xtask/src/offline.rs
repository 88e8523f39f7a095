//! Tells the service worker which files the build has, so that it can keep them for visits without a network.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest, Sha256};

use crate::build::{files, short_name};

/// Written by Trunk as it stands in `www/`, and anew by [`name_files`].
const LIST: &str = "build.js";

/// Files that a browser is never asked to keep: the service worker's own, which the browser keeps by
/// itself, what only hosts read, and pages that show how Lanes is embedded.
const NOT_KEPT: [&str; 9] = [
    "_headers",
    LIST,
    "service-worker.js",
    "isolation.js",
    "offline.js",
    "network.js",
    // And payloads.js, which is the service worker's, too: lanes fetch payloads to see how long that takes.
    "payloads",
    "examples/",
    // Loaded, and kept, when Python is run.
    "python/",
];

/// What page and workers ask for with the name of the `build` after a question mark.
const ASKED_FOR_BY_BUILD: [&str; 4] = ["lane.js", "script.css", "worker.js", "worker_bg.wasm"];

/// Writes the list of all files in `dist` with their digests, by the addresses that they are asked for,
/// and the name that all of them together have.
///
/// # Errors
/// When a file cannot be read or the list cannot be written.
pub fn name_files(dist: &Path, build: &str) -> Result<()> {
    let mut list = String::new();
    for file in files(dist)? {
        let path = file.strip_prefix(dist)?.to_str().context("a file's name is no text")?;
        if NOT_KEPT.iter().any(|name| path.starts_with(name)) {
            continue;
        }
        let digest = BASE64_STANDARD.encode(Sha256::digest(fs::read(&file)?));
        writeln!(list, "  \"{}\": \"sha256-{digest}\",", address(path, build))?;
    }
    let name = short_name(&Sha256::digest(&list), 4);
    let content = format!("self.BUILD = {{ name: \"{name}\", files: {{\n{list}}} }};\n");
    fs::write(dist.join(LIST), content).with_context(|| format!("{LIST} cannot be written"))
}

/// Where the page, or a worker, asks for the file, relative to the page's folder.
fn address(path: &str, build: &str) -> String {
    match path {
        "index.html" => String::new(),
        path if ASKED_FOR_BY_BUILD.contains(&path) => format!("{path}?{build}"),
        path => path.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list_of(index: &str) -> String {
        let dist = tempfile::tempdir().unwrap();
        fs::create_dir(dist.path().join("examples")).unwrap();
        for (name, content) in
            [("index.html", index), ("lane.js", "lane"), ("_headers", "/*"), ("examples/a.html", "a")]
        {
            fs::write(dist.path().join(name), content).unwrap();
        }
        name_files(dist.path(), "0123abcd").unwrap();
        fs::read_to_string(dist.path().join(LIST)).unwrap()
    }

    #[test]
    fn every_file_stands_in_the_list_as_it_is_asked_for() {
        let list = list_of("");
        // The digest of nothing (FIPS 180-4).
        assert!(list.contains("\"\": \"sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\","), "{list}");
        assert!(list.contains("\"lane.js?0123abcd\": \"sha256-"), "{list}");
        assert!(!list.contains("_headers") && !list.contains("examples"), "{list}");
    }

    #[test]
    fn the_name_changes_with_any_file_and_with_nothing_else() {
        assert_eq!(list_of("one"), list_of("one"));
        let name = |list: &str| list.split('"').nth(1).unwrap().to_owned();
        assert_ne!(name(&list_of("one")), name(&list_of("two")));
    }
}
