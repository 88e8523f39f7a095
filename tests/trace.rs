//! The Trace Event file, read back as its readers read it.
#![cfg(not(target_arch = "wasm32"))]

use lanes::domain::{Activity, Model, Point, Segment, Trial};
use lanes::hand_over::hand_overs;
use lanes::sample::Sample;
use lanes::trace::trace;
use proptest::prelude::*;
use serde_json::Value;

fn sample(lanes: Vec<Vec<Segment>>) -> Sample {
    let point = Point { model: Model::ThreadsGil, lanes: lanes.len() as u32 };
    Sample::new(Trial { id: 7, round: 1, point }, 1_000.0, lanes)
}

fn events(file: &str) -> Vec<Value> {
    let file: Value = serde_json::from_str(file).expect("the file is JSON");
    file["traceEvents"].as_array().expect("it has events").clone()
}

fn of_phase<'a>(events: &'a [Value], phase: &str) -> Vec<&'a Value> {
    events.iter().filter(|event| event["ph"] == phase).collect()
}

fn turns() -> Vec<Vec<Segment>> {
    let segment = |activity, start_us, end_us| Segment { activity, start_us, end_us };
    vec![
        vec![segment(Activity::Spawn, 0.0, 10.5), segment(Activity::Compute, 10.5, 500.125)],
        vec![segment(Activity::WaitGil, 12.0, 501.0), segment(Activity::Compute, 501.0, 990.0)],
    ]
}

#[test]
fn every_event_has_what_the_format_asks_for() {
    let lanes = turns();
    let file = trace(&sample(lanes.clone()), "threads + GIL", &hand_overs(&lanes));
    let events = events(&file);
    for event in &events {
        for field in ["name", "cat", "ph"] {
            assert!(event[field].is_string(), "{field} of {event}");
        }
        for field in ["pid", "tid", "ts"] {
            assert!(event[field].is_number(), "{field} of {event}");
        }
        assert!(event["args"].is_object());
    }
    assert_eq!(of_phase(&events, "X").len(), 1 + 4);
    let names: Vec<_> = of_phase(&events, "M")
        .into_iter()
        .filter(|event| event["name"] == "thread_name")
        .map(|event| event["args"]["name"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(names, ["trial", "lane 1", "lane 2"]);
    let computing = of_phase(&events, "X")[2];
    assert_eq!((computing["ts"].as_f64(), computing["dur"].as_f64()), (Some(10.5), Some(489.625)));
}

#[test]
fn an_arrow_begins_and_ends_inside_of_what_it_joins() {
    let lanes = turns();
    let events = events(&trace(&sample(lanes.clone()), "t", &hand_overs(&lanes)));
    let (starts, ends) = (of_phase(&events, "s"), of_phase(&events, "f"));
    assert_eq!((starts.len(), ends.len()), (1, 1));
    assert_eq!(starts[0]["id"], ends[0]["id"]);
    for arrow_end in [starts[0], ends[0]] {
        let at = arrow_end["ts"].as_f64().unwrap();
        let encloses = |event: &&&Value| {
            let start = event["ts"].as_f64().unwrap();
            let end = start + event["dur"].as_f64().unwrap();
            event["tid"] == arrow_end["tid"] && event["name"] == "computing" && start <= at && at < end
        };
        assert_eq!(of_phase(&events, "X").iter().filter(encloses).count(), 1, "{arrow_end}");
    }
}

#[test]
fn titles_may_hold_any_character() {
    let title = "a \"b\" \\ c\n\u{1}é…";
    let events = events(&trace(&sample(vec![]), title, &[]));
    assert_eq!(of_phase(&events, "X")[0]["name"], title);
}

proptest! {
    /// Readers take overlapping events of one row for nested ones, and want no negative time.
    #[test]
    fn no_event_of_a_lane_overlaps_another(times in prop::collection::vec((0.0..2e6_f64, -10.0..1e4_f64), 0..40)) {
        let mut lane: Vec<Segment> = times
            .into_iter()
            .map(|(start_us, us)| Segment { activity: Activity::Compute, start_us, end_us: start_us + us })
            .collect();
        lane.sort_by(|a, b| a.start_us.total_cmp(&b.start_us));
        let segments = lane.len();
        let events = events(&trace(&sample(vec![lane]), "t", &[]));
        let of_lane: Vec<_> = of_phase(&events, "X").into_iter().filter(|event| event["tid"] == 1).collect();
        prop_assert_eq!(of_lane.len(), segments);
        let mut ended = 0;
        for event in of_lane {
            // Exact: the file has whole nanoseconds.
            let ns = |field: &str| (event[field].as_f64().unwrap() * 1e3).round() as i64;
            prop_assert!(ns("dur") >= 0 && ns("ts") >= ended);
            ended = ns("ts") + ns("dur");
        }
    }
}
