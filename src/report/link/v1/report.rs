//! A report: the machine, how the run went, and its points.

use super::super::LinkError;
use super::super::bits::{Reader, Writer};
use super::experiment::{put_experiment, take_experiment};
use super::point::{put_point_name, take_point, take_points, usual_points};
use super::{by_number, index_of, set_bits, take_bits, take_count, take_known};
use crate::domain::{Fallback, Point};
use crate::experiment::Experiment;
use crate::machine::{Isolation, Machine};
use crate::report::{Day, Incomplete, LONGEST_NAME, Report, day::LAST_DAY, tidy_name};
use crate::session::Ending;

pub mod bit {
    pub const EXPERIMENT: u32 = 1;
    pub const NAME: u32 = 1 << 1;
    pub const CORES: u32 = 1 << 2;
    pub const ISOLATION: u32 = 1 << 3;
    pub const DAY: u32 = 1 << 4;
    pub const MEASURED_CORES: u32 = 1 << 5;
    pub const ENDING: u32 = 1 << 6;
    pub const HIDDEN: u32 = 1 << 7;
    pub const DRIFT: u32 = 1 << 8;
    pub const SPAWN: u32 = 1 << 9;
    pub const POINTS: u32 = 1 << 10;
    pub const MEMORY: u32 = 1 << 11;
    pub const FALLBACKS: u32 = 1 << 12;
    pub const INCOMPLETE: u32 = 1 << 13;
    /// Every bit that is in use.
    pub const ALL: u32 = (1 << 14) - 1;
}

by_number!(ISOLATIONS: Isolation [Isolated, NotIsolated, NoSharedMemory]);
by_number!(FALLBACKS: Fallback [NoSimulation, StreamedFiles, CachedFiles, NoSimulationInProcesses]);
by_number!(ENDINGS: Ending [Certain, BudgetSpent, RoundsRun, Stopped, NothingRuns]);

/// Browsers by their number; one that is not here is named, and may be appended.
pub const BROWSERS: [&str; 9] = [
    "Chromium",
    "Google Chrome",
    "Firefox",
    "Safari",
    "Microsoft Edge",
    "Edge",
    "Opera",
    "Brave",
    "GNOME Web",
];

/// Writes a report but for its figures; its experiment only if it is not the one `before`.
pub fn put_head(writer: &mut Writer, report: &Report, before: &Experiment) {
    let Report { machine, experiment, .. } = report;
    let points: Vec<Point> = report.points.iter().map(|known| known.point).collect();
    let name = tidy_name(&report.name);
    let told = [
        (bit::EXPERIMENT, experiment != before),
        (bit::NAME, !name.is_empty()),
        (bit::CORES, machine.reported_cores.is_some()),
        (bit::ISOLATION, machine.isolation != Isolation::Isolated),
        (bit::DAY, report.day.is_some()),
        (bit::MEASURED_CORES, report.measured_cores.is_some()),
        (bit::ENDING, report.ending != Ending::Certain),
        (bit::HIDDEN, report.hidden_trials != 0),
        (bit::POINTS, points != usual_points(experiment)),
        (bit::MEMORY, machine.memory_mib.is_some()),
        (bit::FALLBACKS, !report.fallbacks.is_empty()),
        (bit::INCOMPLETE, report.incomplete != Incomplete::default()),
    ];
    let bits = set_bits(&told);
    writer.number(bits);
    if bits & bit::EXPERIMENT != 0 {
        put_experiment(writer, experiment);
    }
    if bits & bit::NAME != 0 {
        writer.text(&name);
    }
    writer.number(report.build);
    put_browser(writer, &machine.browser);
    writer.parts(machine.timer_step_us, 10.0);
    if let Some(cores) = machine.reported_cores {
        writer.number(cores);
    }
    if bits & bit::ISOLATION != 0 {
        writer.number(index_of(ISOLATIONS, &machine.isolation));
    }
    if let Some(Day(day)) = report.day {
        writer.number(day);
    }
    if let Some(cores) = report.measured_cores {
        writer.number(cores);
    }
    if bits & bit::ENDING != 0 {
        writer.number(index_of(ENDINGS, &report.ending));
    }
    if bits & bit::HIDDEN != 0 {
        writer.number(report.hidden_trials);
    }
    if let Some(memory_mib) = machine.memory_mib {
        writer.number(memory_mib);
    }
    if bits & bit::FALLBACKS != 0 {
        writer.number(report.fallbacks.len() as u32);
        report.fallbacks.iter().for_each(|fallback| writer.number(index_of(FALLBACKS, fallback)));
    }
    if bits & bit::INCOMPLETE != 0 {
        writer.number(report.incomplete.trials);
        writer.number(report.incomplete.tasks);
    }
    if bits & bit::POINTS != 0 {
        writer.number(points.len() as u32);
        points.into_iter().for_each(|point| put_point_name(writer, point));
    }
}

/// Reads a report whose experiment may be the one `before`.
pub fn take_report(reader: &mut Reader, before: Experiment) -> Result<Report, LinkError> {
    let (mut report, points) = take_head(reader, before)?;
    for point in points {
        let known = take_point(reader, point, &report)?;
        report.points.push(known);
    }
    Ok(report)
}

/// Reads a report but for what is known of its points, and which these are.
pub fn take_head(reader: &mut Reader, before: Experiment) -> Result<(Report, Vec<Point>), LinkError> {
    let bits = take_bits(reader, bit::ALL)?;
    let has = |bit| bits & bit != 0;
    let experiment = if has(bit::EXPERIMENT) { take_experiment(reader)? } else { before };
    let name = if has(bit::NAME) { reader.text()? } else { "" };
    if name.chars().count() > LONGEST_NAME {
        return Err(LinkError::Damaged);
    }
    let build = reader.number()?;
    let mut machine = Machine {
        memory_mib: None,
        browser: take_browser(reader)?,
        timer_step_us: reader.parts(10.0)?,
        reported_cores: if has(bit::CORES) { Some(reader.number()?) } else { None },
        isolation: if has(bit::ISOLATION) { take_known(reader, ISOLATIONS)? } else { Isolation::Isolated },
    };
    let day = if has(bit::DAY) { Some(Day(reader.number()?)) } else { None };
    if day > Some(LAST_DAY) {
        return Err(LinkError::Damaged);
    }
    let measured_cores = if has(bit::MEASURED_CORES) { Some(reader.number()?) } else { None };
    let ending = if has(bit::ENDING) { take_known(reader, ENDINGS)? } else { Ending::Certain };
    let hidden_trials = if has(bit::HIDDEN) { reader.number()? } else { 0 };
    if has(bit::MEMORY) {
        machine.memory_mib = Some(reader.number()?);
    }
    let fallbacks = if has(bit::FALLBACKS) { take_fallbacks(reader)? } else { Vec::new() };
    let mut incomplete = Incomplete::default();
    if has(bit::INCOMPLETE) {
        incomplete = Incomplete { trials: reader.number()?, tasks: reader.number()? };
    }
    let report = Report {
        name: tidy_name(name),
        day,
        build,
        machine,
        measured_cores,
        ending,
        hidden_trials,
        fallbacks,
        incomplete,
        drift: if has(bit::DRIFT) { Some(reader.estimate(1e3)?) } else { None },
        spawn_us: if has(bit::SPAWN) { Some(reader.estimate(1.0)?) } else { None },
        points: Vec::new(),
        experiment,
    };
    let points = if has(bit::POINTS) { take_points(reader)? } else { usual_points(&report.experiment) };
    Ok((report, points))
}

fn take_fallbacks(reader: &mut Reader) -> Result<Vec<Fallback>, LinkError> {
    let count = take_count(reader)?;
    if count > FALLBACKS.len() {
        return Err(LinkError::Newer);
    }
    (0..count).map(|_| take_known(reader, FALLBACKS)).collect()
}

/// The browser's number and version, or its name as it is.
fn put_browser(writer: &mut Writer, browser: &str) {
    let known = browser.rsplit_once(' ').and_then(|(name, version)| {
        let number = BROWSERS.iter().position(|&known| known == name)?;
        let version: u32 = version.parse().ok()?;
        (version.to_string().len() + name.len() + 1 == browser.len()).then_some((number, version))
    });
    match known {
        Some((number, version)) => {
            writer.number(number as u32 + 1);
            writer.number(version);
        }
        None => {
            writer.number(0_u32);
            writer.text(&tidy_name(browser));
        }
    }
}

fn take_browser(reader: &mut Reader) -> Result<String, LinkError> {
    match reader.number::<usize>()? {
        0 => Ok(tidy_name(reader.text()?)),
        number => {
            let name = BROWSERS.get(number - 1).ok_or(LinkError::Newer)?;
            Ok(format!("{name} {}", reader.number::<u32>()?))
        }
    }
}
