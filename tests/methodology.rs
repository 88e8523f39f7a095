//! The table of METHODOLOGY.md that sets every sentence of the page beside its rule and its test: none of them may be
//! a promise of the past.
#![cfg(not(target_arch = "wasm32"))]

use std::fs;
use std::path::Path;

/// All Rust sources below `folder`, one behind the other, each line's leading space and continuation removed.
fn sources(folder: &Path) -> String {
    let mut text = String::new();
    for entry in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if entry.is_dir() {
            text += &sources(&entry);
        } else if entry.extension().is_some_and(|extension| extension == "rs") {
            for line in fs::read_to_string(&entry).unwrap().lines() {
                match line.strip_suffix('\\') {
                    Some(continued) => text += continued.trim_start(),
                    None => text += &format!("{}\n", line.trim_start()),
                }
            }
        }
    }
    text
}

/// What stands between two of `mark` in `text`.
fn marked(text: &str, mark: char) -> Vec<&str> {
    text.split(mark).skip(1).step_by(2).collect()
}

#[test]
fn every_sentence_of_the_table_is_said_and_every_test_exists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let methodology = fs::read_to_string(root.join("METHODOLOGY.md")).unwrap();
    let (_, section) = methodology.split_once("## What the page says, and why").unwrap();
    let section = section.split("\n## ").next().unwrap();
    let (src, tests) = (sources(&root.join("src")), sources(&root.join("tests")));
    let rows = section.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| the page says"));
    let mut count = 0;
    for row in rows {
        let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
        let [said, rule, held_by] = cells[..] else { panic!("{row}") };
        assert!(!rule.is_empty(), "{row}");
        for sentence in marked(said, '*') {
            assert!(src.contains(sentence), "nothing says “{sentence}”");
        }
        let names = marked(held_by, '`');
        assert!(!names.is_empty(), "no test holds {said}");
        for name in names {
            let is_test = src.contains(&format!("fn {name}(")) || tests.contains(&format!("fn {name}("));
            assert!(is_test, "there is no test {name}, which is to hold {said}");
        }
        count += 1;
    }
    assert!(count > 30, "{count} rows");
}
