//! Reports as JSON, and the names that things have there.

use crate::domain::{Fallback, Source};
use crate::experiment::{Experiment, Kind, Part, SETTINGS, Setting};
use crate::report::{Report, ReportPoint};
use crate::session::Ending;
use crate::stats::Estimate;

/// What the file says that it is.
pub const FORMAT: &str = "lanes-reports";

/// Everything that the reports tell.
pub fn json(reports: &[Report]) -> String {
    let text = object(&[
        ("format", quoted(FORMAT)),
        ("version", "1".to_owned()),
        ("reports", list(reports.iter().map(report))),
    ]);
    format!("{text}\n")
}

fn report(report: &Report) -> String {
    let machine = &report.machine;
    object(&[
        ("name", quoted(&report.name)),
        ("day", report.day.map_or_else(null, |day| quoted(&day.to_string()))),
        ("build", quoted(&format!("{:04x}", report.build))),
        (
            "machine",
            object(&[
                ("reported_cores", optional(machine.reported_cores)),
                ("browser", quoted(&machine.browser)),
                ("isolation", quoted(machine.isolation.name())),
                ("timer_step_us", number(machine.timer_step_us)),
                ("memory_mib", optional(machine.memory_mib)),
            ]),
        ),
        ("measured_cores", optional(report.measured_cores)),
        ("experiment", experiment(&report.experiment)),
        ("ending", quoted(ending_name(report.ending))),
        ("hidden_trials", report.hidden_trials.to_string()),
        ("fallbacks", list(report.fallbacks.iter().map(|&fallback| quoted(fallback_name(fallback))))),
        ("incomplete_trials", report.incomplete.trials.to_string()),
        ("failed_tasks", report.incomplete.tasks.to_string()),
        ("drift", report.drift.map_or_else(null, estimate)),
        ("spawn_us", report.spawn_us.map_or_else(null, estimate)),
        ("points", list(report.points.iter().map(report_point))),
    ])
}

fn experiment(experiment: &Experiment) -> String {
    let part = |part| {
        let settings = SETTINGS.iter().filter(move |setting| setting.part == part);
        settings.map(|setting| (setting.key, value(setting, experiment))).collect::<Vec<_>>()
    };
    let mut fields = part(Part::Experiment);
    fields.push(("network", object(&part(Part::Network))));
    fields.push(("steps", list((0..experiment.steps.len()).map(|at| object(&part(Part::Step(at)))))));
    object(&fields)
}

/// What `experiment` has of a setting.
fn value(setting: &Setting, experiment: &Experiment) -> String {
    match setting.kind {
        Kind::Choice { .. } => match setting.chosen(experiment).map_or("", |choice| choice.key) {
            bool @ ("true" | "false") => bool.to_owned(),
            name => quoted(name),
        },
        Kind::Number { get, .. } => get(experiment).to_string(),
        Kind::Seed => quoted(&experiment.seed.to_string()),
        Kind::Models => list(experiment.models.iter().map(|model| quoted(model.name()))),
        Kind::LaneCounts => list(experiment.lane_counts.iter().map(u32::to_string)),
        Kind::Addresses => match &experiment.network.source {
            Source::Addresses(addresses) => list(addresses.iter().map(|address| quoted(address))),
            Source::Simulated | Source::ThisSite => list([].into_iter()),
        },
        Kind::Script => quoted(&experiment.script),
    }
}

fn report_point(known: &ReportPoint) -> String {
    object(&[
        ("model", quoted(known.point.model.name())),
        ("lanes", known.point.lanes.to_string()),
        ("samples", known.samples.to_string()),
        ("time_us", known.time_us.map_or_else(null, estimate)),
        ("speed_up", known.speed_up.map_or_else(null, estimate)),
        ("idle_lanes", known.idle_lanes.to_string()),
        ("failures", known.failures.to_string()),
        ("wrong_answers", known.wrong_answers.to_string()),
        ("incomplete", known.incomplete.to_string()),
    ])
}

fn estimate(Estimate { value, lo, hi }: Estimate) -> String {
    object(&[("value", number(value)), ("lo", number(lo)), ("hi", number(hi))])
}

/// The name of why a run ended.
pub const fn ending_name(ending: Ending) -> &'static str {
    match ending {
        Ending::Certain => "certain",
        Ending::BudgetSpent => "budget spent",
        Ending::RoundsRun => "rounds run",
        Ending::Stopped => "stopped",
        Ending::NothingRuns => "nothing runs",
    }
}

/// The name of what was done otherwise.
pub const fn fallback_name(fallback: Fallback) -> &'static str {
    match fallback {
        Fallback::NoSimulation => "no simulation",
        Fallback::StreamedFiles => "streamed files",
        Fallback::CachedFiles => "cached files",
        Fallback::NoSimulationInProcesses => "no simulation in processes",
    }
}

fn object(fields: &[(&str, String)]) -> String {
    let fields: Vec<String> = fields.iter().map(|(name, value)| format!("\"{name}\":{value}")).collect();
    format!("{{{}}}", fields.join(","))
}

fn list(items: impl Iterator<Item = String>) -> String {
    format!("[{}]", items.collect::<Vec<_>>().join(","))
}

fn optional(value: Option<u32>) -> String {
    value.map_or_else(null, |value| value.to_string())
}

/// JSON knows no infinity.
fn number(value: f64) -> String {
    if value.is_finite() { value.to_string() } else { null() }
}

fn null() -> String {
    "null".to_owned()
}

fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' | '\\' => quoted.extend(['\\', letter]),
            letter if letter.is_control() => quoted.push_str(&format!("\\u{:04x}", letter as u32)),
            letter => quoted.push(letter),
        }
    }
    quoted.push('"');
    quoted
}
