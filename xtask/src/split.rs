//! Takes what the page needs later out of its program, into files of its own.
//!
//! The page's program is linked with the places of all references in it (.cargo/config.toml). So it can be taken
//! apart at the functions that are marked `wasm_split` (src/ui/view/later.rs): what nothing but such a function
//! reaches goes into a file that is fetched when the function is called first.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, ensure};
use sha2::{Digest, Sha256};
use wasm_split_cli_support::{Options, transform};
use xshell::cmd;

use crate::build::{files, short_name};
use crate::project::Project;
use crate::setup::Wasm;

/// What wasm-bindgen makes of the program's first part, and the script that fetches the others.
const JS: &str = "app.js";
const LOADER: &str = "split.js";

/// Puts the program's parts into `dist`, in place of the whole that Trunk has put there, without the names, which
/// would be half of what is sent.
///
/// # Errors
/// When the program cannot be taken apart, or the files are not as they are expected to be.
pub fn split(project: &Project, wasm: &Wasm) -> Result<()> {
    let dist = project.dist();
    let target = target(project)?;
    let linked = target.join("wasm32-unknown-unknown/page/app.wasm");
    let whole = fs::read(&linked).with_context(|| format!("{} cannot be read", linked.display()))?;
    let folder = target.join("split");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    let first = folder.join("app.wasm");
    let mut options = Options::new(&whole);
    options.output_dir = &folder;
    options.main_out_path = &first;
    let (js, loader) = (format!("./{JS}"), format!("./{LOADER}"));
    options.main_module = &js;
    options.link_name = &loader;
    let parts = transform(options).map_err(|error| anyhow!("the program cannot be split: {error:#}"))?;

    let shell = &project.shell;
    // What the linker exports beside what is asked for is the table of functions, by which the parts call each other.
    let bindgen = cmd!(
        shell,
        "wasm-bindgen --target web --no-typescript --keep-lld-exports --remove-name-section --remove-producers-section --out-dir {folder} --out-name app {first}"
    );
    wasm.command(bindgen).run().context("wasm-bindgen failed, see above")?;
    fs::remove_file(first)?;
    for part in parts.split_modules {
        fs::write(&part, without_names(&fs::read(&part)?)?)?;
    }
    put_into(&dist, &folder)
}

/// The folder of what cargo makes.
fn target(project: &Project) -> Result<PathBuf> {
    let shell = &project.shell;
    let metadata = cmd!(shell, "cargo metadata --format-version 1 --no-deps --offline").quiet().read()?;
    let target = metadata.split("\"target_directory\":\"").nth(1).and_then(|rest| rest.split('"').next());
    target.map(PathBuf::from).context("cargo names no folder for what it makes")
}

/// Replaces the program in `dist` by the files of `folder`. They get one name, of what is in all of them, as they fit together only.
fn put_into(dist: &Path, folder: &Path) -> Result<()> {
    let parts = files(folder)?;
    let name = format!("app-{}", digest(&parts)?);
    let page = dist.join("index.html");
    let mut html = fs::read_to_string(&page)?;
    let old = html.split("data-js=\"./").nth(1).and_then(|rest| rest.split(".js\"").next());
    let old = old.context("index.html names no program: see Trunk.toml")?.to_owned();
    for suffix in [".js", "_bg.wasm"] {
        fs::remove_file(dist.join(format!("{old}{suffix}")))?;
    }
    for part in parts {
        let file = part.file_name().and_then(|file| file.to_str()).context("a file's name is no text")?;
        let to = dist.join(renamed(file, &name));
        if file.ends_with(".js") {
            fs::write(to, without_layout(&with_names(&fs::read_to_string(&part)?, &name)?)?)?;
        } else {
            fs::copy(&part, to)?;
        }
    }
    let preload = format!("<link rel=\"modulepreload\" href=\"./{old}.js\" crossorigin=\"anonymous\">");
    ensure!(html.contains(&preload), "index.html does not preload the program: see Trunk.toml");
    let loader = preload.replace(&format!("{old}.js"), &format!("{old}_{LOADER}"));
    html = html.replace(&preload, &format!("{preload}{loader}")).replace(&old, &name);
    fs::write(page, html).context("index.html cannot be written")
}

/// What a file of the program is called in `dist`.
fn renamed(file: &str, name: &str) -> String {
    match file.strip_prefix("app") {
        Some(rest) => format!("{name}{rest}"),
        None => format!("{name}_{}", file.trim_start_matches("split_")),
    }
}

/// Whether this file of `dist` is a part of the page's program that is loaded when it is needed.
pub(crate) fn is_part(file: &str) -> bool {
    file.starts_with("app-") && file.ends_with(".wasm") && !file.ends_with("_bg.wasm")
}

/// The script with the names that its neighbours have in `dist`, and asking the host for them each time.
fn with_names(script: &str, name: &str) -> Result<String> {
    let mut named = script.replace(&format!("from \"./{JS}\""), &format!("from \"./{}\"", renamed(JS, name)));
    named = named.replace(&format!("from \"./{LOADER}\""), &format!("from \"./{}\"", renamed(LOADER, name)));
    for prefix in ["split_", "chunk_"] {
        named = named.replace(&format!("URL(\"./{prefix}"), &format!("URL(\"./{}", renamed(prefix, name)));
    }
    ensure!(named != script, "a script of the program names none of its other files");
    // Some hosts say of an answer that a file is missing, too, that it is good for ever.
    named = named.replace("import.meta.url));", "import.meta.url), { cache: \"no-cache\" });");
    Ok(named)
}

/// The script without its indents, and without comments that have lines of their own: wasm-bindgen lays it out for
/// people. A template literal stays as it is.
///
/// # Errors
/// When a comment or a template literal has no end, or code stands behind a comment of several lines.
fn without_layout(script: &str) -> Result<String> {
    let mut kept = String::new();
    let (mut is_comment, mut is_template) = (false, false);
    for line in script.lines() {
        let code = if is_template { line } else { line.trim_start() };
        if is_comment || (!is_template && code.starts_with("/*")) {
            let end = code.split_once("*/").map(|(_, rest)| rest.trim());
            ensure!(end.is_none_or(str::is_empty), "code stands behind a comment: {line}");
            is_comment = end.is_none();
        } else if is_template || !code.starts_with("//") {
            is_template ^= code.matches('`').count() % 2 == 1;
            kept.extend([code, "\n"]);
        }
    }
    ensure!(!is_comment && !is_template, "a comment or a template literal of the program has no end");
    Ok(kept)
}

fn digest(files: &[PathBuf]) -> Result<String> {
    let mut hasher = Sha256::new();
    for file in files {
        hasher.update(fs::read(file)?);
    }
    Ok(short_name(&hasher.finalize(), 8))
}

/// The program without what is said of it for people and for linkers.
///
/// # Errors
/// When `wasm` is none.
fn without_names(wasm: &[u8]) -> Result<Vec<u8>> {
    const HEADER: usize = 8;
    const CUSTOM: u8 = 0;
    let broken = || anyhow!("a program is broken");
    let (header, mut rest) = wasm.split_at_checked(HEADER).ok_or_else(broken)?;
    let mut kept = header.to_vec();
    while let Some(&id) = rest.first() {
        let (mut length, mut at) = (0_usize, 1);
        loop {
            let byte = *rest.get(at).ok_or_else(broken)?;
            length |= usize::from(byte & 0x7f) << (7 * (at - 1));
            at += 1;
            if byte < 0x80 {
                break;
            }
        }
        let (section, after) = rest.split_at_checked(at + length).ok_or_else(broken)?;
        if id != CUSTOM {
            kept.extend_from_slice(section);
        }
        rest = after;
    }
    Ok(kept)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_and_the_scripts_that_name_them_are_named_alike() {
        assert_eq!(renamed("app.js", "app-01"), "app-01.js");
        assert_eq!(renamed("app_bg.wasm", "app-01"), "app-01_bg.wasm");
        assert_eq!(renamed("split.js", "app-01"), "app-01_split.js");
        assert_eq!(renamed("split_views.wasm", "app-01"), "app-01_views.wasm");
        assert_eq!(renamed("chunk_3.wasm", "app-01"), "app-01_chunk_3.wasm");
        let script = "import { initSync } from \"./app.js\";\nfetch(new URL(\"./split_views.wasm\", import.meta.url));\nfetch(new URL(\"./chunk_3.wasm\", import.meta.url));";
        let named = "import { initSync } from \"./app-01.js\";\nfetch(new URL(\"./app-01_views.wasm\", import.meta.url), { cache: \"no-cache\" });\nfetch(new URL(\"./app-01_chunk_3.wasm\", import.meta.url), { cache: \"no-cache\" });";
        assert_eq!(with_names(script, "app-01").unwrap(), named);
        assert!(with_names("nothing", "app-01").is_err());
    }

    #[test]
    fn a_script_loses_its_layout_and_nothing_else() {
        let script = "/**\n * Doubles.\n */\nfunction f(x) {\n    // Twice.\n    return 2 * x;\n}\n";
        assert_eq!(without_layout(script).unwrap(), "function f(x) {\nreturn 2 * x;\n}\n");
        let code = "const area = width\n* height;\nconst text = `\n  // no comment\n  /* nor this */\n * ${area}`;\n";
        assert_eq!(without_layout(code).unwrap(), code, "whatever its lines begin with");
        for broken in ["/* no end\nf();\n", "/*\n*/ f();\n", "const text = `\n"] {
            assert!(without_layout(broken).is_err(), "{broken}");
        }
    }

    #[test]
    fn only_what_is_said_of_a_program_is_left_out() {
        let header = b"\0asm\x01\0\0\0".as_slice();
        // An empty section of types, and a custom one of 130 bytes.
        let types = [1, 1, 0].as_slice();
        let custom = [[0, 0x82, 0x01].as_slice(), &[7; 130]].concat();
        let whole = [header, &custom, types].concat();
        assert_eq!(without_names(&whole).unwrap(), [header, types].concat());
        assert!(without_names(&whole[..whole.len() - 1]).is_err());
        assert!(without_names(b"no").is_err());
    }
}
