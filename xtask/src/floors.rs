//! Refuses an import in `src` that goes up or round.
//!
//! What counts: every path that begins with `crate`, `super` or `self`, in a `use` or anywhere else, also inside of
//! macros; it leads to the file that declares the name, through re-exports. What does not count: code for tests, paths
//! of a binary, and what a module and its own children use of each other, as a module's file is the front of its folder.
//!
//! 1. **Up.** The modules that `src/lib.rs` declares stand in the order of the floors: each uses only those before it.
//! 2. **Round.** The children of one module, each with all that is below it, must not use each other in a circle.
//!
//! The files are read as tokens and not as a syntax tree, because a tree ends at macros such as `html!`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::str::FromStr;

use anyhow::{Context, Result, anyhow, ensure};
use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

/// What is still to be mended, by the first line of its message. This list only gets shorter: what is mended must be
/// taken from it.
const KNOWN: &[&str] = &[];

/// Checks all imports in the library whose root is `folder/lib.rs`.
///
/// # Errors
/// Names every line that imports what it must not, and says what to do.
pub fn check(folder: &Path) -> Result<()> {
    check_but(folder, KNOWN)
}

fn check_but(folder: &Path, known: &[&str]) -> Result<()> {
    let house = House::read(folder)?;
    let mut found = house.upward();
    found.extend(house.circles());
    let mut wrong: Vec<String> = Vec::new();
    for (what, lines) in found.iter().filter(|(what, _)| !known.contains(&what.as_str())) {
        wrong.push(format!("{what}:\n    {}", lines.join("\n    ")));
    }
    if !wrong.is_empty() {
        wrong.push("Move what both sides need to a file, or a floor, below both.".to_owned());
    }
    for gone in known.iter().filter(|known| !found.contains_key(**known)) {
        wrong.push(format!("mended, or changed: \"{gone}\". Take it from KNOWN in xtask/src/floors.rs"));
    }
    ensure!(wrong.is_empty(), "{}", wrong.join("\n"));
    Ok(())
}

/// All modules of the library that have a file.
struct House {
    /// The root comes first, children in the order of their declarations.
    modules: Vec<Module>,
}

/// A module that has a file.
struct Module {
    /// Its name from the root; the root's is empty.
    path: Vec<String>,
    /// Its file in the folder of sources.
    file: String,
    source: Source,
}

impl House {
    fn read(folder: &Path) -> Result<Self> {
        let mut house = Self { modules: Vec::new() };
        house.add(Vec::new(), &folder.join("lib.rs"), folder, folder)?;
        Ok(house)
    }

    /// Adds a module, whose children are in `folder`, and those; `root` is the folder of all.
    fn add(&mut self, path: Vec<String>, file: &Path, folder: &Path, root: &Path) -> Result<()> {
        let text = fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))?;
        let source = Source::read(&text, &path).with_context(|| format!("{} is not Rust", file.display()))?;
        let file = file.strip_prefix(root)?.display().to_string();
        let children = source.children.clone();
        self.modules.push(Module { path: path.clone(), file, source });
        for child in children {
            let beside = folder.join(format!("{child}.rs"));
            let inside = folder.join(&child);
            let file = if beside.is_file() { beside } else { inside.join("mod.rs") };
            self.add([path.clone(), vec![child]].concat(), &file, &inside, root)?;
        }
        Ok(())
    }

    fn module(&self, path: &[String]) -> Option<&Module> {
        self.modules.iter().find(|module| module.path == path)
    }

    /// The module that declares what `path` names, through at most so many re-exports.
    fn home(&self, path: &[String], re_exports: u32) -> &[String] {
        let mut at = &self.modules[0];
        for (depth, name) in path.iter().enumerate() {
            if let Some(child) = self.module(&path[..=depth]) {
                at = child;
                continue;
            }
            if let Some(target) = at.source.names.get(name).filter(|_| re_exports > 0) {
                let target = [target, &path[depth + 1..]].concat();
                return self.home(&target, re_exports - 1);
            }
            break;
        }
        &at.path
    }

    /// Which floor uses which above it, each with the lines that do.
    fn upward(&self) -> BTreeMap<String, Vec<String>> {
        let floors = &self.modules[0].source.children;
        let floor = |path: &[String]| floors.iter().position(|floor| Some(floor) == path.first());
        let mut upward: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for module in &self.modules {
            for Import { path, line } in &module.source.imports {
                let (Some(from), Some(to)) = (floor(&module.path), floor(path)) else { continue };
                if to > from {
                    let what = format!("{} uses {}, a floor above it", floors[from], floors[to]);
                    let line = format!("src/{}:{line} uses crate::{}", module.file, path.join("::"));
                    upward.entry(what).or_default().push(line);
                }
            }
        }
        upward
    }

    /// The circles by their names, each with the lines that make it.
    fn circles(&self) -> BTreeMap<String, Vec<String>> {
        let mut circles = BTreeMap::new();
        // The root's children have their order.
        for parent in self.modules.iter().skip(1) {
            let uses = self.uses_among_children(parent);
            let mut left: BTreeSet<&str> = uses.iter().map(|(from, _, _)| *from).collect();
            while let Some(child) = left.pop_first() {
                let reached = reach(&uses, child);
                let circle: BTreeSet<&str> =
                    reached.iter().copied().filter(|other| reach(&uses, other).contains(child)).collect();
                if circle.is_empty() {
                    continue;
                }
                left.retain(|other| !circle.contains(other));
                let lines = uses.iter().filter(|(from, to, _)| circle.contains(from) && circle.contains(to));
                let lines = lines.map(|(_, to, line)| format!("{line} uses {to}")).collect();
                let members: Vec<&str> = circle.into_iter().collect();
                circles
                    .insert(format!("a circle in {}: {}", parent.path.join("::"), members.join(", ")), lines);
            }
        }
        circles
    }

    /// Which child of `parent` uses which other, and where.
    fn uses_among_children<'a>(&'a self, parent: &Module) -> Vec<(&'a str, &'a str, String)> {
        let depth = parent.path.len();
        let below = |path: &[String]| path.len() > depth && path.starts_with(&parent.path);
        let mut uses = Vec::new();
        for module in self.modules.iter().filter(|module| below(&module.path)) {
            for Import { path, line } in &module.source.imports {
                let home = self.home(path, 8);
                if below(home) && home[depth] != module.path[depth] {
                    let line = format!("src/{}:{line}", module.file);
                    uses.push((module.path[depth].as_str(), home[depth].as_str(), line));
                }
            }
        }
        // A tree of paths has many on one line.
        uses.dedup();
        uses
    }
}

/// All that `from` uses, whatever lies between.
fn reach<'a>(uses: &[(&'a str, &'a str, String)], from: &str) -> BTreeSet<&'a str> {
    let mut reached = BTreeSet::new();
    let mut next = vec![from];
    while let Some(at) = next.pop() {
        for (_, to, _) in uses.iter().filter(|(from, _, _)| *from == at) {
            if reached.insert(*to) {
                next.push(to);
            }
        }
    }
    reached
}

/// What matters of a file. All paths are from the root.
#[derive(Default)]
struct Source {
    /// The modules that it declares and that have a file.
    children: Vec<String>,
    /// What it uses by a path.
    imports: Vec<Import>,
    /// What the names are that it has brought in by `use`.
    names: BTreeMap<String, Vec<String>>,
}

struct Import {
    path: Vec<String>,
    line: usize,
}

impl Source {
    fn read(text: &str, module: &[String]) -> Result<Self> {
        let tokens = TokenStream::from_str(text).map_err(|error| anyhow!("{error}"))?;
        let mut source = Self::default();
        source.walk(tokens, module);
        Ok(source)
    }

    /// Reads the tokens of `module`, which may be one without a file.
    fn walk(&mut self, tokens: TokenStream, module: &[String]) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        let mut at = 0;
        while at < tokens.len() {
            let rest = &tokens[at..];
            at += match rest {
                [TokenTree::Punct(hash), TokenTree::Group(attribute), ..]
                    if hash.as_char() == '#' && is_for_tests(attribute) =>
                {
                    2 + item(&rest[2..])
                }
                [TokenTree::Ident(word), TokenTree::Ident(name), TokenTree::Punct(_), ..]
                    if word == "mod" =>
                {
                    self.children.push(name.to_string());
                    3
                }
                [TokenTree::Ident(word), TokenTree::Ident(name), TokenTree::Group(body), ..]
                    if word == "mod" =>
                {
                    self.walk(body.stream(), &[module, &[name.to_string()]].concat());
                    3
                }
                [TokenTree::Ident(word), ..] if word == "use" => {
                    let mut leaves = Vec::new();
                    let length = read_tree(&rest[1..], &[], &mut leaves);
                    for leaf in leaves {
                        self.names.extend(leaf.name().map(|name| (name, leaf.path_from_root(module))));
                        self.add(&leaf, module);
                    }
                    1 + length
                }
                [TokenTree::Ident(word), TokenTree::Punct(colon), ..]
                    if STARTS.iter().any(|start| word == start) && colon.as_char() == ':' =>
                {
                    let mut leaves = Vec::new();
                    let length = read_tree(rest, &[], &mut leaves);
                    leaves.iter().for_each(|leaf| self.add(leaf, module));
                    length
                }
                [TokenTree::Group(group), ..] => {
                    self.walk(group.stream(), module);
                    1
                }
                _ => 1,
            };
        }
    }

    fn add(&mut self, leaf: &Leaf, module: &[String]) {
        if STARTS.contains(&leaf.words[0].as_str()) {
            self.imports.push(Import { path: leaf.path_from_root(module), line: leaf.line });
        }
    }
}

/// What a path begins with that leads to a module of the same library.
const STARTS: [&str; 3] = ["crate", "super", "self"];

/// A path as it is written; it has one word at least.
struct Leaf {
    words: Vec<String>,
    alias: Option<String>,
    line: usize,
}

impl Leaf {
    /// The name that a `use` of it brings in.
    fn name(&self) -> Option<String> {
        self.alias.clone().or_else(|| self.words.iter().rfind(|word| *word != "self").cloned())
    }

    /// The path from the root, as it is written in `module`.
    fn path_from_root(&self, module: &[String]) -> Vec<String> {
        let mut path = module.to_vec();
        for word in &self.words {
            match word.as_str() {
                "crate" => path.clear(),
                "super" => drop(path.pop()),
                // It begins a path, or stands in a tree for what is before the tree.
                "self" => (),
                name => path.push(name.to_owned()),
            }
        }
        path
    }
}

/// Reads a path, or a tree of paths, that goes on from `before`. Returns how many tokens it has.
fn read_tree(tokens: &[TokenTree], before: &[String], leaves: &mut Vec<Leaf>) -> usize {
    let mut words = before.to_vec();
    let mut at = 0;
    let mut line = 0;
    loop {
        match tokens.get(at) {
            Some(TokenTree::Ident(word)) => {
                line = word.span().start().line;
                words.push(word.to_string());
                at += 1;
            }
            Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Brace && at > 0 => {
                let trees: Vec<TokenTree> = group.stream().into_iter().collect();
                for tree in trees.split(|token| is_punct(Some(token), ',')) {
                    read_tree(tree, &words, leaves);
                }
                return at + 1;
            }
            _ => break,
        }
        if !(is_punct(tokens.get(at), ':') && is_punct(tokens.get(at + 1), ':')) {
            break;
        }
        at += 2;
    }
    let alias = match tokens.get(at..) {
        Some([TokenTree::Ident(word), TokenTree::Ident(alias), ..]) if word == "as" => {
            Some(alias.to_string())
        }
        _ => None,
    };
    if line > 0 {
        leaves.push(Leaf { words, alias, line });
    }
    at
}

fn is_punct(token: Option<&TokenTree>, letter: char) -> bool {
    matches!(token, Some(TokenTree::Punct(punct)) if punct.as_char() == letter)
}

/// Whether this is `[cfg(test)]`, or one that asks for more beside.
fn is_for_tests(attribute: &Group) -> bool {
    let words = attribute.stream().to_string();
    words.starts_with("cfg") && words.contains("test") && !words.contains("not")
}

/// How many tokens the item has that begins here, or the field.
fn item(tokens: &[TokenTree]) -> usize {
    let is_field = is_punct(tokens.get(1), ':') && !is_punct(tokens.get(2), ':');
    let is_end = |token: &TokenTree| match token {
        TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
        token => is_punct(Some(token), if is_field { ',' } else { ';' }),
    };
    tokens.iter().position(is_end).map_or(tokens.len(), |end| end + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A library of these files, each with its text.
    fn house(files: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (file, text) in files {
            let path = folder.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        folder
    }

    fn wrong(files: &[(&str, &str)]) -> String {
        let folder = house(files);
        check_but(folder.path(), &[]).map_or_else(|error| format!("{error:#}"), |()| String::new())
    }

    #[test]
    fn a_module_uses_only_what_is_declared_before_it() {
        let lib = "pub mod low;\npub mod high;\npub const BUILD: u8 = 1;\n";
        let high = "use crate::{BUILD, low::{self, f}};\n";
        assert_eq!(wrong(&[("lib.rs", lib), ("low.rs", "pub fn f() {}"), ("high.rs", high)]), "");
        for up in ["use crate::high;", "fn f() { super::high::g() }", "html! { <p>{ crate::high::g() }</p> }"]
        {
            let low = format!("// use crate::high;\nconst S: &str = \"crate::high\";\n{up}\n");
            let message = wrong(&[("lib.rs", lib), ("low.rs", &low), ("high.rs", high)]);
            assert!(
                message.starts_with("low uses high, a floor above it:\n    src/low.rs:3 uses crate::high"),
                "{up}: {message}"
            );
        }
    }

    #[test]
    fn tests_may_use_what_they_need() {
        let low = "#[cfg(test)]\nuse crate::high::g;\n#[cfg(all(test, unix))]\nmod tests { use crate::high::g; }\n\
            struct S { #[cfg(test)] g: crate::high::G, a: u8 }\n#[cfg(test)]\nmod more;\n";
        let files = [("lib.rs", "mod low; mod high;"), ("low.rs", low), ("high.rs", "")];
        assert_eq!(wrong(&files), "", "and the file of `more` is not looked for");
        let low = low.replace("a: u8", "a: crate::high::A");
        assert!(wrong(&[files[0], ("low.rs", &low), files[2]]).contains("low.rs:5"));
    }

    #[test]
    fn files_and_folders_of_a_folder_make_no_circle() {
        let files = [
            ("lib.rs", "mod room;"),
            ("room/mod.rs", "mod a; mod b; mod c; pub use a::A; use c::C as Other; fn f() { b::g(); }"),
            ("room/a.rs", "pub struct A;"),
            ("room/b.rs", "mod deep; use super::A; use super::f;"),
            ("room/b/deep.rs", "use super::super::a; mod inline { use super::super::inner; }"),
            ("room/c.rs", "use super::b;"),
        ];
        assert_eq!(wrong(&files), "");
        // Through a re-export, an alias, and a file deeper down.
        for back in ["use crate::room::Other;", "fn f(x: super::c::C) {}", "use self::super::{b::deep, A};"] {
            let mut files = files;
            files[2].1 = back;
            let message = wrong(&files);
            assert!(message.starts_with("a circle in room: a, b"), "{back}: {message}");
            assert!(message.contains("deep.rs:1 uses a") && message.contains("a.rs:1 uses"), "{message}");
        }
    }

    #[test]
    fn what_is_known_passes_until_it_is_mended() {
        let files = [("lib.rs", "mod low; mod high;"), ("low.rs", "use crate::high;"), ("high.rs", "")];
        let known = ["low uses high, a floor above it"];
        check_but(house(&files).path(), &known).unwrap();
        let mended = house(&[files[0], ("low.rs", ""), files[2]]);
        assert!(check_but(mended.path(), &known).unwrap_err().to_string().contains("Take it from KNOWN"));
    }
}
