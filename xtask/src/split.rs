//! Takes what the page needs later out of its program, into files of its own.
//!
//! The page's program is linked with the places of all references in it (.cargo/config.toml). So it can be taken
//! apart at the functions that are marked `wasm_split` (src/ui/view/later.rs): what nothing but such a function
//! reaches goes into a file that is fetched when the function is called first.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, ensure};
use sha2::{Digest, Sha256};
use wasm_encoder::reencode::{Error as Unreadable, Reencode};
use wasm_encoder::{ImportSection, Module};
use wasm_split_cli_support::{Options, transform};
use wasmparser::{CustomSectionReader, Import, ImportSectionReader, Parser, Payload};
use xshell::cmd;

use crate::build::{files, short_name};
use crate::project::Project;
use crate::setup::Wasm;

/// What wasm-bindgen makes of the program's first part, and the script that fetches the others.
const JS: &str = "app.js";
const LOADER: &str = "split.js";

/// Puts the program's parts into `dist`, in place of the whole that Trunk has put there, without the names, which would
/// be half of what is sent.
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
    let (script, program) = (folder.join(JS), folder.join("app_bg.wasm"));
    let names = short_names(&fs::read(&program)?)?;
    fs::write(&script, with_short_names(&fs::read_to_string(&script)?, &names))?;
    for part in parts.split_modules.iter().chain([&program]) {
        fs::write(part, without_names(&fs::read(part)?, &names)?)?;
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

/// Names of what the program imports from its script, with shorter ones.
type ShortNames = BTreeMap<String, String>;

/// Shorter names for what `wasm` imports from its script: wasm-bindgen's are long, do not compress, and stand in both.
///
/// # Errors
/// When `wasm` is no program.
fn short_names(wasm: &[u8]) -> Result<ShortNames> {
    let mut names = ShortNames::new();
    for payload in Parser::new(0).parse_all(wasm) {
        if let Payload::ImportSection(imports) = payload? {
            for import in imports.into_imports() {
                let import = import?;
                if import.name.starts_with("__wb") {
                    let short = format!("_{:x}", names.len());
                    names.insert(import.name.to_owned(), short);
                }
            }
        }
    }
    Ok(names)
}

/// The script with the shorter names.
fn with_short_names(script: &str, names: &ShortNames) -> String {
    let is_part_of_name = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '$';
    let words = script.split_inclusive(|c| !is_part_of_name(c)).map(|piece| {
        let word = piece.trim_end_matches(|c| !is_part_of_name(c));
        let short = names.get(word).map_or(word, String::as_str);
        [short, &piece[word.len()..]].concat()
    });
    words.collect()
}

/// Leaves out what a program says for people and for linkers, and shortens the names of its imports.
struct Sent<'a>(&'a ShortNames);

impl Reencode for Sent<'_> {
    type Error = Infallible;

    fn parse_custom_section(
        &mut self,
        _: &mut Module,
        _: CustomSectionReader<'_>,
    ) -> Result<(), Unreadable<Infallible>> {
        Ok(())
    }

    fn parse_import_section(
        &mut self,
        imports: &mut ImportSection,
        section: ImportSectionReader<'_>,
    ) -> Result<(), Unreadable<Infallible>> {
        for import in section.into_imports() {
            let import = import?;
            let name = self.0.get(import.name).map_or(import.name, String::as_str);
            self.parse_import(imports, Import { name, ..import })?;
        }
        Ok(())
    }
}

/// The program as it is sent.
///
/// # Errors
/// When `wasm` is no program.
fn without_names(wasm: &[u8], names: &ShortNames) -> Result<Vec<u8>> {
    let mut module = Module::new();
    let sent = Sent(names).parse_core_module(&mut module, Parser::new(0), wasm);
    sent.map_err(|error| anyhow!("a program is broken: {error}"))?;
    Ok(module.finish())
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
        let none = ShortNames::new();
        assert_eq!(without_names(&whole, &none).unwrap(), [header, types].concat());
        assert!(without_names(&whole[..whole.len() - 1], &none).is_err());
        assert!(without_names(b"no", &none).is_err());
    }

    #[test]
    fn imports_have_short_names_in_the_program_and_in_its_script() {
        let header = b"\0asm\x01\0\0\0".as_slice();
        // One type of functions, and two imports that have it.
        let types = [1, 4, 1, 0x60, 0, 0].as_slice();
        let imports = |[first, second]: [&str; 2]| {
            let mut imports = ImportSection::new();
            for name in [first, second] {
                imports.import("./app_bg.js", name, wasm_encoder::EntityType::Function(0));
            }
            let mut module = Module::new();
            module.section(&imports);
            [header, types, &module.finish()[header.len()..]].concat()
        };
        let whole = imports(["__wbg_now_0123456789abcdef", "memory"]);
        let names = short_names(&whole).unwrap();
        assert_eq!(without_names(&whole, &names).unwrap(), imports(["_0", "memory"]));
        let script = "const imports = { __wbg_now_0123456789abcdef: () => now(), __wbg_now: 1 };";
        assert_eq!(with_short_names(script, &names), "const imports = { _0: () => now(), __wbg_now: 1 };");
    }
}
