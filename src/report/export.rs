//! Reports as files: CSV and Markdown for people and other programs, JSON to be imported again.
//!
//! The form of the JSON is published as `www/report.schema.json`.

mod json;

use super::Report;
use crate::domain::Source;
use crate::experiment::SETTINGS;
use crate::format;
use crate::report::link;
use crate::stats::Estimate;

pub use json::{FORMAT, ending_name, fallback_name, json};

/// The columns of the CSV; times are in µs.
const COLUMNS: &str = "machine,day,browser,reported_cores,isolation,build,workload,size,scaling,model,lanes,samples,\
time_us,time_us_lo,time_us_hi,speed_up,speed_up_lo,speed_up_hi,efficiency,failures,wrong_answers,source";

/// A row for every point of every report (RFC 4180).
pub fn csv(reports: &[Report]) -> String {
    let mut text = format!("{COLUMNS}\r\n");
    for report in reports {
        let day = report.day.map(|day| day.to_string()).unwrap_or_default();
        let cores = report.machine.reported_cores.map(|cores| cores.to_string()).unwrap_or_default();
        let chosen = |id: &str| {
            let setting = SETTINGS.iter().find(|setting| setting.id == id);
            setting
                .and_then(|setting| setting.chosen(&report.experiment))
                .map_or("", |choice| choice.key)
                .to_owned()
        };
        for known in &report.points {
            let ends = |estimate: Option<Estimate>| match estimate {
                Some(Estimate { value, lo, hi }) => [value.to_string(), lo.to_string(), hi.to_string()],
                None => Default::default(),
            };
            let lanes = f64::from(known.point.lanes);
            let efficiency = known.speed_up.map(|speed_up| (speed_up.value / lanes).to_string());
            let mut cells = vec![
                cell(&report.name),
                day.clone(),
                cell(&report.machine.browser),
                cores.clone(),
                cell(report.machine.isolation.name()),
                format!("{:04x}", report.build),
                chosen("workload"),
                chosen("size"),
                chosen("scaling"),
                known.point.model.name().to_owned(),
                known.point.lanes.to_string(),
                known.samples.to_string(),
            ];
            cells.extend(ends(known.time_us));
            cells.extend(ends(known.speed_up));
            cells.push(efficiency.unwrap_or_default());
            cells.extend([known.failures.to_string(), known.wrong_answers.to_string()]);
            cells.push(source(report).to_owned());
            text.push_str(&cells.join(","));
            text.push_str("\r\n");
        }
    }
    text
}

/// Where the bytes came from; nothing of work that waits for none.
fn source(report: &Report) -> &'static str {
    let has_fallback = || report.fallbacks.iter().any(|fallback| fallback.is_of_network());
    match &report.experiment.network.source {
        _ if !report.experiment.workload.is_io() => "",
        Source::Simulated if !has_fallback() => "simulated",
        Source::Simulated | Source::ThisSite => "this site",
        Source::Addresses(_) => "addresses",
    }
}

/// A cell that no spreadsheet takes for a formula.
fn cell(text: &str) -> String {
    let guard = if text.starts_with(['=', '+', '-', '@']) { "'" } else { "" };
    if text.contains([',', '"', '\n', '\r']) {
        return format!("\"{guard}{}\"", text.replace('"', "\"\""));
    }
    format!("{guard}{text}")
}

/// A table for every report; `page` is the address that the link to it begins with.
pub fn markdown(reports: &[Report], page: &str) -> String {
    let mut text = String::new();
    for report in reports {
        let day = report.day.map(|day| format!(", {day}")).unwrap_or_default();
        let from = report.experiment.network_in_words(&report.fallbacks);
        text.push_str(&format!(
            "**{}** on {}{day}{from} ([in Lanes]({page}{}))\n\n",
            report.experiment.work_name(),
            escaped(&report.title()),
            link::of_reports(std::slice::from_ref(report)),
        ));
        text.push_str("| Model | Lanes | Time | Speed-up | Efficiency | Samples |\n");
        text.push_str("|---|---:|---:|---:|---:|---:|\n");
        for known in &report.points {
            let lanes = f64::from(known.point.lanes);
            let time = known.time_us.map(|time| {
                format!("{} ({})", format::duration(time.value), format::duration_interval(time.lo, time.hi))
            });
            let speed_up = known.speed_up.map(|ratio| {
                format!("{} ({})", format::ratio(ratio.value), format::ratio_interval(ratio.lo, ratio.hi))
            });
            let efficiency = known.speed_up.map(|speed_up| format::percent(speed_up.value / lanes));
            let nothing = || format::NOTHING.to_owned();
            text.push_str(&format!(
                "| {} | {} | {} | {} | {} | {} |\n",
                known.point.model.name(),
                known.point.lanes,
                time.unwrap_or_else(nothing),
                speed_up.unwrap_or_else(nothing),
                efficiency.unwrap_or_else(nothing),
                known.samples,
            ));
        }
        text.push('\n');
    }
    text
}

/// A text in which nothing means anything to Markdown or HTML.
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for letter in text.chars() {
        match letter {
            '<' => escaped.push_str("&lt;"),
            '&' => escaped.push_str("&amp;"),
            _ => {
                if letter.is_ascii_punctuation() {
                    escaped.push('\\');
                }
                escaped.push(letter);
            }
        }
    }
    escaped
}

#[cfg(test)]
mod tests;
