//! Links and files that somebody made to do harm: they are refused with a line that says why, or read as
//! what they say, as text and in figures that can be shown. (`fuzz/` has a machine think of more.)
#![cfg(not(target_arch = "wasm32"))]

use std::fmt::Write;

use lanes::report::{
    Report, export, import,
    link::{self, LinkError},
};

/// Links that landed, and among them those of reports.
const FIXTURES: &str = include_str!("../src/report/link/fixtures.txt");

fn reports() -> Vec<Report> {
    let link = FIXTURES.lines().find(|line| line.starts_with("#r=")).expect("there is a report's link");
    import(link.split(' ').next().expect("a line has a word")).expect("it landed once")
}

/// The JSON of an export in which `from` is something else.
fn with(from: &str, to: &str) -> String {
    let json = export::json(&reports());
    assert!(json.contains(from), "{from:?} is in {json}");
    json.replacen(from, to, 1)
}

/// The first number that stands behind `name`, with the name.
fn number(name: &str) -> String {
    let json = export::json(&reports());
    let start = json.find(&format!("\"{name}\":")).unwrap_or_else(|| panic!("no {name} in {json}"));
    let end = json[start..].find([',', '}', '\n']).expect("something follows") + start;
    json[start..end].to_owned()
}

#[test]
fn numbers_that_cannot_be_are_refused() {
    for name in ["lo", "hi", "samples", "lanes"] {
        let json = export::json(&reports());
        if !json.contains(&format!("\"{name}\":")) {
            panic!("the export has no {name}: {json}");
        }
        for absurd in ["NaN", "Infinity", "-1", "1e400", "-1e308", "null", "\"7\"", "[]", "{}", "0x10"] {
            let text = with(&number(name), &format!("\"{name}\": {absurd}"));
            let Err(error) = import(&text) else { panic!("{name}: {absurd} is read") };
            assert!(!error.to_string().is_empty());
        }
    }
}

#[test]
fn markup_stays_text() {
    let evil = "</script><img src=x onerror=alert(1)>\u{202e}\u{0}";
    let named: Vec<Report> =
        reports().into_iter().map(|report| Report { name: evil.to_owned(), ..report }).collect();
    for written in [link::of_reports(&named), export::json(&named)] {
        for report in import(&written).expect("a name is any text") {
            let name = report.title();
            assert!(!name.chars().any(char::is_control), "{name:?}");
        }
    }
    // A table in Markdown is shown by programs that know markup.
    let markdown = export::markdown(&named, "https://lanes.example/");
    assert!(markdown.contains("onerror"), "the name is there: {markdown}");
    assert!(!markdown.contains("<img") && !markdown.contains("</script"), "{markdown}");
    // A spreadsheet takes what begins like a formula for one.
    let formula: Vec<Report> = reports()
        .into_iter()
        .map(|report| Report { name: "=cmd|'/c calc'!A1".to_owned(), ..report })
        .collect();
    assert!(export::csv(&formula).contains("cmd"), "the name is there");
    for cell in export::csv(&formula).lines().flat_map(|line| line.split(',')) {
        assert!(!cell.trim_matches('"').starts_with(['=', '+', '@']), "{cell}");
    }
}

#[test]
fn what_is_no_text_is_refused() {
    for escape in ["\\ud800", "\\udc00\\ud800", "\\u12", "\\x41"] {
        let name = number("format");
        let text = with(&name, &format!("\"name\": \"{escape}\", {name}"));
        let _ = import(&text).map(|reports| reports.iter().map(Report::title).collect::<Vec<_>>());
        assert!(import(&format!("{{\"format\": \"{escape}\"}}")).is_err(), "{escape}");
    }
}

#[test]
fn ten_megabytes_are_refused_at_once() {
    const LONG: usize = 10_000_000;
    assert!(import(&"x".repeat(LONG)).is_err());
    assert!(import(&format!("{{\"format\": \"{}\"}}", "x".repeat(LONG))).is_err());
    assert_eq!(link::decode(&format!("#r={}", "A".repeat(LONG))), Err(LinkError::TooLong));
    // Brackets within brackets, which a careless reader follows until its stack is full.
    for depth in [1_000, 100_000, 1_000_000] {
        let mut text = String::from("{\"format\": ");
        write!(text, "{}", "[".repeat(depth)).unwrap();
        assert!(import(&text).is_err(), "{depth}");
        text.push_str(&"]".repeat(depth));
        text.push('}');
        assert!(import(&text).is_err(), "{depth}");
    }
}
