use proptest::prelude::*;

use super::*;
use crate::report::{
    examples::report,
    export::json,
    link::{of_experiment, of_reports},
};
use crate::workload::WorkloadId;

fn some() -> Vec<Report> {
    let mut named = Report { name: "Zoë’s \"lab\" \\ <b>".into(), ..report(4, 123_456.0, 3) };
    named.experiment = essential(&Experiment::of(WorkloadId::Pipeline, 4));
    named.experiment.seed = u64::MAX;
    named.experiment.network.source = Source::ThisSite;
    named.fallbacks = vec![Fallback::CachedFiles];
    named.points[2].time_us = None;
    named.points[2].samples = 0;
    vec![report(8, 412_345.678, 7), named]
}

#[test]
fn what_was_exported_is_imported_to_the_last_digit() {
    assert_eq!(import(&json(&some())), Ok(some()));
}

/// The first files that Lanes wrote. They are read for good: a setting that came later has to read as its
/// default where a file lacks it (a case in [`experiment`]), and is no `required` field of the schema.
#[test]
fn the_first_files_are_read_as_ever() {
    let reports = import(include_str!("fixture.json")).unwrap();
    let [_, piped, fetched] = reports.iter().map(|report| &report.experiment).collect::<Vec<_>>()[..] else {
        panic!("there are three");
    };
    assert_eq!((piped.switch_interval_us, piped.native_releases_gil, piped.seed), (500, false, u64::MAX));
    assert_eq!(piped.network.source, Source::ThisSite);
    assert_eq!(piped.steps[1], Point { model: Model::Processes, lanes: 3 });
    assert_eq!(piped.models, [Model::Serial, Model::ThreadsGil, Model::ByBottleneck]);
    assert!(matches!(&fetched.network.source, Source::Addresses(addresses) if addresses.len() == 2));
}

#[test]
fn links_are_found_among_other_words() {
    let link = of_reports(&some()[..1]);
    let text = format!("Anna: https://example.org/lanes/{link}\nand mine\thttps://example.org/{link} .");
    assert_eq!(import(&text).map(|reports| reports.len()), Ok(2));
    assert_eq!(import("no link at all"), Err(ImportError::Nothing));
    assert_eq!(import(&of_experiment(&Experiment::default())), Err(ImportError::Experiment));
    assert_eq!(import(&link[..link.len() - 1]), Err(ImportError::Link(LinkError::CutOff)));
}

/// Editors put it there; the browser takes it away from a file, and not from a text that is pasted.
#[test]
fn a_byte_order_mark_is_no_part_of_a_file() {
    let text = format!("\u{feff}{}", json(&some()));
    assert_eq!(import(&text), Ok(some()));
}

#[test]
fn what_is_wrong_with_a_file_is_said() {
    let file = json(&some());
    let refused = |from: &str, to: &str| {
        let changed = file.replacen(from, to, 1);
        assert_ne!(changed, file, "{from}");
        import(&changed).unwrap_err()
    };
    let field = |path: &str| ImportError::Field(path.to_owned());
    assert_eq!(refused("lanes-reports", "other"), ImportError::OtherFormat);
    assert_eq!(refused("\"version\":1", "\"version\":2"), ImportError::Newer);
    assert_eq!(refused("\"size\":\"M\"", "\"size\":\"XL\""), field("“size” of report 1"));
    assert_eq!(
        refused("\"lanes\":1,\"samples\":14", "\"lanes\":1.5,\"samples\":14"),
        field("“lanes” of report 1, point 1")
    );
    assert_eq!(refused("2026-11-20", "2026-11-31"), field("“day” of report 1"));
    assert_eq!(refused("\"chunk_size\":0,", ""), field("“chunk_size” of report 1"));
    assert!(matches!(refused("\"lane_counts\":[1,", "\"lane_counts\":[0,"), ImportError::Invalid(_)));
    assert_eq!(import(&file[..file.len() / 2]), Err(ImportError::NoJson));
    assert_eq!(import("{\"a\": 1}"), Err(ImportError::OtherFormat));
    assert_eq!(import(&format!("{{\"a\":{}", "[".repeat(100_000))), Err(ImportError::OtherFormat));
    assert_eq!(import(&" ".repeat(LONGEST + 1)), Err(ImportError::TooLong));
}

proptest! {
    #[test]
    fn any_text_is_imported_or_refused(text in "\\PC*", at in 0..4_000_usize, letter in any::<char>()) {
        let _ = import(&text);
        let _ = import(&format!("{{{text}"));
        let mut file: Vec<char> = json(&some()).chars().collect();
        let at = at % file.len();
        file[at] = letter;
        let _ = import(&file.into_iter().collect::<String>());
    }
}
