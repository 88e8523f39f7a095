//! The published schema describes what is exported, field by field: nothing more and nothing less. What it says of
//! settings, and what the types of an embedded experiment say of them, is written from the table of the settings.
#![cfg(not(target_arch = "wasm32"))]

use std::fmt::Write;
use std::fs;
use std::path::Path;

use lanes::domain::{MOST_LANES, Model};
use lanes::experiment::{Experiment, Kind, Part, SETTINGS, Setting};
use lanes::report::{Report, export, import};
use serde_json::{Map, Value, json};

/// Set, it has the files written instead of compared.
const WRITE: &str = "WRITE_SETTINGS";

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

#[test]
fn the_first_files_are_written_as_ever() {
    let file = include_str!("../src/report/import/fixture.json");
    let parsed = |text: &str| serde_json::from_str::<Value>(text).unwrap();
    hold_all("", &parsed(file), &parsed(&export::json(&import(file).unwrap())));
}

/// Ensures that all that `old` says at `place` is in `new`, which may say more.
fn hold_all(place: &str, old: &Value, new: &Value) {
    match (old, new) {
        (Value::Object(old), Value::Object(new)) => {
            for (name, value) in old {
                hold_all(&format!("{place}/{name}"), value, new.get(name).unwrap_or(&Value::Null));
            }
        }
        (Value::Array(old), Value::Array(new)) if old.len() == new.len() => {
            for (at, (old, new)) in old.iter().zip(new).enumerate() {
                hold_all(&format!("{place}/{at}"), old, new);
            }
        }
        _ => assert_eq!(new, old, "{place}"),
    }
}

#[test]
fn the_schema_says_of_settings_what_their_table_says() {
    hold("www/report.schema.json", |file| {
        let mut schema: Value = serde_json::from_str(file).unwrap();
        let mut experiment = object(Part::Experiment);
        let steps: Vec<Value> =
            (0..Experiment::default().steps.len()).map(|at| object(Part::Step(at))).collect();
        for (name, part) in [
            ("network", object(Part::Network)),
            (
                "steps",
                json!({ "type": "array", "prefixItems": steps, "minItems": steps.len(), "items": false }),
            ),
        ] {
            experiment["required"].as_array_mut().unwrap().push(name.into());
            experiment["properties"][name] = part;
        }
        schema["$defs"]["report"]["properties"]["experiment"] = experiment;
        format!("{schema:#}\n").replace("  ", " ")
    });
}

/// The schema of a part of an experiment.
fn object(part: Part) -> Value {
    let settings = || SETTINGS.iter().filter(|setting| setting.part == part);
    let properties: Map<String, Value> =
        settings().map(|setting| (setting.key.to_owned(), property(setting))).collect();
    json!({
        "type": "object",
        "required": settings().map(|setting| setting.key).collect::<Vec<_>>(),
        "additionalProperties": false,
        "properties": properties,
    })
}

fn property(setting: &Setting) -> Value {
    let mut property = match setting.kind {
        Kind::Choice { choices, .. } => {
            let keys = choices(&Experiment::default()).into_iter().map(|choice| choice.key);
            let keys: Vec<Value> = keys.map(|key| key.parse().map_or(key.into(), Value::Bool)).collect();
            json!({ "enum": keys })
        }
        Kind::Number { range: [least, most], .. } => {
            json!({ "type": "integer", "minimum": least, "maximum": most })
        }
        // As text: other programs read numbers as floating point, which has no room for it.
        Kind::Seed => json!({ "type": "string", "pattern": "^[0-9]{1,20}$" }),
        Kind::Models => {
            let names = Model::ALL.iter().copied().map(Model::name);
            json!({ "type": "array", "items": { "enum": names }, "minItems": 1, "uniqueItems": true })
        }
        Kind::LaneCounts => {
            let count = json!({ "type": "integer", "minimum": 1, "maximum": MOST_LANES });
            json!({ "type": "array", "items": count, "minItems": 1, "uniqueItems": true })
        }
        Kind::Addresses => json!({ "type": "array", "items": { "type": "string" } }),
    };
    property["description"] = format!("{}. {}", setting.label, setting.help).into();
    property
}

#[test]
fn the_types_of_embedding_say_of_settings_what_their_table_says() {
    const MARKS: [&str; 2] = ["  // Those of the form: begin\n", "  // Those of the form: end\n"];
    hold("www/embed.d.ts", |file| {
        let mut types = String::new();
        for setting in SETTINGS {
            let _ = writeln!(types, "  /** {}. {} */", setting.label_with_unit(), setting.help);
            let ids = setting.choices(&Experiment::default()).into_iter().map(|choice| choice.id);
            let ids: Vec<String> = ids.map(|id| format!("{id:?}")).collect();
            let value = if ids.is_empty() { "string".to_owned() } else { ids.join(" | ") };
            let name =
                if setting.id.contains('-') { format!("{:?}", setting.id) } else { setting.id.to_owned() };
            let _ = writeln!(types, "  {name}?: {value};");
        }
        let (before, rest) = file.split_once(MARKS[0]).expect("it has the first mark");
        let (_, after) = rest.split_once(MARKS[1]).expect("it has the second mark");
        [before, MARKS[0], &types, MARKS[1], after].concat()
    });
}

/// Compares a file with what `write` makes of it, or writes it anew.
fn hold(name: &str, write: impl Fn(&str) -> String) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    let file = fs::read_to_string(&path).unwrap();
    let written = write(&file);
    if std::env::var_os(WRITE).is_some() {
        fs::write(&path, written).unwrap();
    } else {
        assert!(
            written == file,
            "{name} is not what the table of settings says: bring it up to date with `{WRITE}=1 cargo test --test schema`"
        );
    }
}
