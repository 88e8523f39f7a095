//! The published schema describes what is exported, field by field: nothing more and nothing less.
#![cfg(not(target_arch = "wasm32"))]

use lanes::report::{Report, export, import};
use serde_json::Value;

/// The reports of every link that ever landed.
fn reports() -> Vec<Report> {
    let links = include_str!("../src/report/link/fixtures.txt").lines();
    links.filter_map(|line| import(line).ok()).flatten().collect()
}

#[test]
fn json_keeps_to_the_published_schema() {
    let schema: Value = serde_json::from_str(include_str!("../www/report.schema.json")).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let mut reports = reports();
    assert!(reports.len() >= 3);
    reports[0].day = None;
    reports[0].machine.reported_cores = None;
    reports[0].drift = None;
    let exported: Value = serde_json::from_str(&export::json(&reports)).unwrap();
    let errors: Vec<String> = validator.iter_errors(&exported).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:#?}");

    let mut changed = exported.clone();
    changed["reports"][0]["points"][0]["model"] = "telepathy".into();
    assert!(!validator.is_valid(&changed));
    let mut changed = exported;
    changed["reports"][0]["machine"].as_object_mut().unwrap().remove("isolation");
    assert!(!validator.is_valid(&changed));
}
