//! The tables by which `www/poster.js` reads links and names what it draws: it shows a recorded report before there
//! is a program. The test holds the file to what stands here, and this to what links are.

use std::path::Path;

use super::super::tests::reports;
use super::super::v2::write_reports;
use super::experiment::{self, WORKLOADS, frozen_defaults};
use super::report::{self, BROWSERS, put_head};
use super::*;
use crate::chart::{Metric, Style};
use crate::domain::Scaling;
use proptest::prelude::*;

/// A field of a record: its name, how it is written (a method of the file's `Reader`), and the bit that says whether it
/// is there; 0 for what always is.
type Field = (&'static str, &'static str, u32);

/// A report without its figures.
const REPORT: [Field; 18] = [
    ("experiment", "experiment", report::bit::EXPERIMENT),
    ("name", "text", report::bit::NAME),
    ("build", "number", 0),
    ("browser", "browser", 0),
    ("timerStep", "number", 0),
    ("cores", "number", report::bit::CORES),
    ("isolation", "number", report::bit::ISOLATION),
    ("day", "number", report::bit::DAY),
    ("measuredCores", "number", report::bit::MEASURED_CORES),
    ("ending", "number", report::bit::ENDING),
    ("hiddenTrials", "number", report::bit::HIDDEN),
    ("memory", "number", report::bit::MEMORY),
    ("fallbacks", "numbers", report::bit::FALLBACKS),
    ("incompleteTrials", "number", report::bit::INCOMPLETE),
    ("failedTasks", "number", report::bit::INCOMPLETE),
    ("drift", "estimate", report::bit::DRIFT),
    ("spawn", "estimate", report::bit::SPAWN),
    ("points", "points", report::bit::POINTS),
];

const EXPERIMENT: [Field; 16] = [
    ("workload", "workload", experiment::bit::WORKLOAD),
    ("size", "number", experiment::bit::SIZE),
    ("models", "numbers", experiment::bit::MODELS),
    ("laneCounts", "numbers", experiment::bit::LANE_COUNTS),
    ("weak", "flag", experiment::bit::WEAK),
    ("cold", "flag", experiment::bit::COLD),
    ("call", "number", experiment::bit::CALL),
    ("nativeHoldsGil", "flag", experiment::bit::NATIVE_HOLDS_GIL),
    ("chunkSize", "number", experiment::bit::CHUNK_SIZE),
    ("switchInterval", "number", experiment::bit::SWITCH_INTERVAL),
    ("minRounds", "number", experiment::bit::MIN_ROUNDS),
    ("maxRounds", "number", experiment::bit::MAX_ROUNDS),
    ("budget", "number", experiment::bit::BUDGET),
    ("seed", "number", experiment::bit::SEED),
    ("network", "network", experiment::bit::NETWORK),
    ("steps", "pipeline", experiment::bit::STEPS),
];

const NETWORK: [Field; 8] = [
    ("thisSite", "flag", network::bit::THIS_SITE),
    ("addresses", "texts", network::bit::ADDRESSES),
    ("latency", "number", network::bit::LATENCY),
    ("jitter", "number", network::bit::JITTER),
    ("bandwidth", "number", network::bit::BANDWIDTH),
    ("failures", "number", network::bit::FAILURES),
    ("fault", "number", network::bit::FAULT),
    ("timeout", "number", network::bit::TIMEOUT),
];

/// The figures of a report of version 2, before those of its points.
const FIGURES: [Field; 2] = [("drift", "figure", 1), ("spawn", "figure", 1 << 1)];

/// The tables as JavaScript.
fn tables() -> String {
    let model = |model: &Model| {
        let Style { class, outline } = (*model).into();
        format!("  {{ name: {:?}, style: {class:?}, outline: {outline:?} }},\n", model.name())
    };
    let models: String = MODELS.iter().map(model).collect();
    let axes = Metric::ALL.iter().copied().map(|metric| {
        let says = [Scaling::Strong, Scaling::Weak].map(|scaling| metric.axis(scaling));
        format!("  {:?}: {says:?},\n", metric.id())
    });
    let usual = frozen_defaults();
    let numbers: Vec<u32> = usual.models.iter().map(|model| index_of(MODELS, model)).collect();
    let layouts: [(&str, &[Field]); 4] =
        [("report", &REPORT), ("experiment", &EXPERIMENT), ("network", &NETWORK), ("figures", &FIGURES)];
    // Nobody asks for the others, and each letter is loaded.
    const ASKED: [&str; 10] = [
        "experiment",
        "name",
        "browser",
        "cores",
        "points",
        "workload",
        "models",
        "laneCounts",
        "weak",
        "steps",
    ];
    let asked = |name| if ASKED.contains(&name) { name } else { "_" };
    let layouts = layouts.map(|(name, fields)| {
        let row = |(name, how, bit): &Field| match bit {
            0 => format!("{how} {}", asked(name)),
            bit => format!("{how} {} {}", asked(name), bit.trailing_zeros()),
        };
        format!("  {name}: {},\n", list("  ", fields.iter().map(row)))
    });
    format!(
        "const VERSION = {};
const MODELS = [\n{}];
const WORKLOADS = {};
const BROWSERS = {};
/** What the vertical axis says: of the same work at all lanes, and of as much for each. */
const AXES = {{\n{}}};
/** What links leave out. */
const USUAL = {{ workload: {:?}, models: {numbers:?}, laneCounts: {:?}, steps: {:?} }};
/** How each field of a record is read, what it is called if it is asked for, and the bit that says that it is there. */
const LAYOUTS = {{\n{}}};
",
        super::super::VERSION,
        models,
        list("", WORKLOADS.iter().map(|workload| workload.description().name.to_owned())),
        list("", BROWSERS.map(str::to_owned)),
        axes.concat(),
        usual.workload.description().name,
        usual.lane_counts,
        usual.steps.map(|step| step.lanes),
        layouts.concat(),
    )
}

/// The texts as a list of JavaScript, in lines that are not too long.
fn list(indent: &str, texts: impl IntoIterator<Item = String>) -> String {
    const LONGEST: usize = 118;
    let mut js = String::from("[");
    let mut line = String::new();
    for text in texts {
        let text = format!(" {text:?},");
        if line.is_empty() || line.len() + text.len() > LONGEST {
            js += &line;
            line = format!("\n{indent} ");
        }
        line += &text;
    }
    format!("{js}{line}\n{indent}]")
}

#[test]
fn the_picture_of_an_embed_has_these_tables() {
    const BEGIN: &str =
        "// Written by `LANES_WRITE=1 cargo test --lib poster` (src/report/link/v1/poster.rs).\n";
    const END: &str = "// The end of what is written.\n";
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("www/poster.js");
    let js = std::fs::read_to_string(&file).unwrap();
    let (before, rest) = js.split_once(BEGIN).unwrap();
    let (there, after) = rest.split_once(END).unwrap();
    if std::env::var_os("LANES_WRITE").is_some() {
        std::fs::write(file, [before, BEGIN, &tables(), END, after].concat()).unwrap();
    } else {
        assert_eq!(there, tables(), "write the tables into www/poster.js as it says there");
    }
}

#[test]
fn every_bit_is_in_the_tables() {
    let bits = |fields: &[Field]| fields.iter().fold(0, |bits, (_, _, bit)| bits | bit);
    assert_eq!(bits(&REPORT), report::bit::ALL);
    assert_eq!(bits(&EXPERIMENT), experiment::bit::ALL);
    assert_eq!(bits(&NETWORK), network::bit::ALL);
}

/// Reads past a record by its fields, as the file does; there are 0 numbers left of it.
fn skip(fields: &[Field], reader: &mut Reader) -> u64 {
    let bits: u32 = reader.number().unwrap();
    for (name, how, _) in fields.iter().filter(|(_, _, bit)| *bit == 0 || bits & bit != 0) {
        let number = |reader: &mut Reader| reader.number::<u64>().unwrap();
        let text = |reader: &mut Reader| reader.text().map(|_| 0).unwrap();
        // What is no number is read here, and how many of those there are.
        let numbers = match *how {
            "flag" => 0,
            "number" => 1,
            "estimate" => 3,
            "pipeline" => 6,
            "numbers" => number(reader),
            "points" => 2 * number(reader),
            "text" => text(reader),
            "texts" => (0..number(reader)).map(|_| text(reader)).sum(),
            "workload" if number(reader) == 0 => text(reader),
            "workload" => 0,
            "browser" if number(reader) == 0 => text(reader),
            "browser" => 1,
            "figure" if number(reader) > 0 || number(reader) > 0 => 2,
            "figure" => 1,
            "experiment" => skip(&EXPERIMENT, reader),
            "network" => skip(&NETWORK, reader),
            _ => panic!("www/poster.js does not read {name}: {how}"),
        };
        for _ in 0..numbers {
            number(reader);
        }
    }
    0
}

proptest! {
    /// What is left over would be taken for the points' figures.
    #[test]
    fn a_report_is_read_to_its_end_by_the_tables(known in reports()) {
        let mut head = Writer::default();
        put_head(&mut head, &known, &frozen_defaults());
        let mut reader = Reader(&head.0);
        skip(&REPORT, &mut reader);
        prop_assert_eq!(reader.0, []);

        let content = write_reports(&[Report { points: Vec::new(), ..known }]);
        let mut reader = Reader(&content);
        prop_assert_eq!(reader.number(), Ok(1_u32));
        skip(&REPORT, &mut reader);
        skip(&FIGURES, &mut reader);
        prop_assert_eq!(reader.0, []);
    }
}
