//! Reports as JSON, and the names that things have there.

use super::size_name;
use crate::domain::{Fallback, Network, Point, Scaling, Source, Start};
use crate::experiment::Experiment;
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
    object(&[
        ("workload", quoted(experiment.workload.id())),
        ("size", quoted(size_name(experiment.size))),
        ("models", list(experiment.models.iter().map(|model| quoted(model.name())))),
        ("lane_counts", list(experiment.lane_counts.iter().map(u32::to_string))),
        ("scaling", quoted(scaling_name(experiment.scaling))),
        ("start", quoted(start_name(experiment.start))),
        ("call", quoted(experiment.call.name())),
        ("chunk_size", experiment.chunk_size.to_string()),
        ("native_releases_gil", experiment.native_releases_gil.to_string()),
        ("switch_interval_us", experiment.switch_interval_us.to_string()),
        ("min_rounds", experiment.min_rounds.to_string()),
        ("max_rounds", experiment.max_rounds.to_string()),
        ("budget_ms", experiment.budget_ms.to_string()),
        // As text: other programs read numbers as floating point, which has no room for it.
        ("seed", quoted(&experiment.seed.to_string())),
        ("network", network(&experiment.network)),
        ("steps", list(experiment.steps.iter().map(|step| object(&point(*step))))),
    ])
}

fn network(network: &Network) -> String {
    let (source, addresses) = match &network.source {
        Source::Simulated => ("simulated", &[][..]),
        Source::ThisSite => ("this site", &[][..]),
        Source::Addresses(addresses) => ("addresses", &addresses[..]),
    };
    object(&[
        ("source", quoted(source)),
        ("addresses", list(addresses.iter().map(|address| quoted(address)))),
        ("latency_us", network.latency_us.to_string()),
        ("jitter_us", network.jitter_us.to_string()),
        ("bandwidth", network.bandwidth.to_string()),
        ("failures", network.failures.to_string()),
        ("fault", quoted(network.fault.id())),
        ("timeout_ms", network.timeout_ms.to_string()),
    ])
}

fn point(point: Point) -> [(&'static str, String); 2] {
    [("model", quoted(point.model.name())), ("lanes", point.lanes.to_string())]
}

fn report_point(known: &ReportPoint) -> String {
    let [model, lanes] = point(known.point);
    object(&[
        model,
        lanes,
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

/// The name of what grows with the lanes.
pub const fn scaling_name(scaling: Scaling) -> &'static str {
    match scaling {
        Scaling::Strong => "strong",
        Scaling::Weak => "weak",
    }
}

/// The name of when processes start.
pub const fn start_name(start: Start) -> &'static str {
    match start {
        Start::Cold => "cold",
        Start::Warm => "warm",
    }
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
