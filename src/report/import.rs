//! Reports from whatever a visitor pastes or drops: links, one or many, or the JSON of an export.

mod fields;

use std::fmt;

use super::link::{self, Link, LinkError, Outcome};
use super::{Day, Incomplete, Report, ReportPoint, essential, tidy_name};
use crate::domain::{Fallback, Model, Point, Source};
use crate::experiment::{Experiment, ExperimentError, Kind, Part, SETTINGS, Setting};
use crate::machine::{Isolation, Machine};
use crate::report::{
    day::LAST_DAY,
    export::{self, FORMAT},
};
use crate::session::Ending;
use crate::stats::Estimate;
use fields::{Fields, Value};

/// The longest text that is read, in bytes: more than the JSON of hundreds of reports.
pub const LONGEST: usize = 4 << 20;

/// The most reports that are taken at once.
pub const MOST_REPORTS: usize = 1_000;

/// Why nothing can be imported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ImportError {
    /// There is neither a link nor JSON.
    Nothing,
    /// It is longer than [`LONGEST`], or has more than [`MOST_REPORTS`].
    TooLong,
    /// A link cannot be read.
    Link(LinkError),
    /// A link carries an experiment, and no report.
    Experiment,
    /// It is no JSON.
    NoJson,
    /// It is JSON, and not of Lanes.
    OtherFormat,
    /// It was made by a newer Lanes.
    Newer,
    /// A field is missing, or is not what it should be.
    Field(String),
    /// The experiment of a report cannot be run.
    Invalid(ExperimentError),
}

impl fmt::Display for ImportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nothing => {
                write!(
                    f,
                    "There is no report here: paste links that have #r= in them, or drop an exported JSON file."
                )
            }
            Self::TooLong => write!(f, "This is too much at once: import at most {MOST_REPORTS} reports."),
            Self::Link(error) => error.fmt(f),
            Self::Experiment => write!(
                f,
                "This link carries an experiment and no results. Open it, run it, and compare what comes of it."
            ),
            Self::NoJson => {
                write!(f, "This file cannot be read: it is cut short, or it is no JSON. Export it again.")
            }
            Self::OtherFormat => {
                write!(f, "This JSON is not an export of Lanes: it does not say \"format\": \"{FORMAT}\".")
            }
            Self::Newer => {
                write!(
                    f,
                    "This file was made by a newer Lanes than this one. Reload the page to have the newest."
                )
            }
            Self::Field(path) => {
                write!(f, "This file cannot be imported: {path} is missing, or is not what it should be.")
            }
            Self::Invalid(error) => write!(f, "An experiment in this file cannot be run. {error}"),
        }
    }
}

impl std::error::Error for ImportError {}

/// What was found in a text.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Imported {
    /// The reports, in their order.
    pub reports: Vec<Report>,
    /// The links that were not taken: how each begins, and why.
    pub refused: Vec<(String, ImportError)>,
}

/// The reports in `text`; see [`gather`].
///
/// # Errors
/// What is wrong with a file, or with the first link if no link can be taken.
pub fn import(text: &str) -> Result<Vec<Report>, ImportError> {
    gather(text).map(|imported| imported.reports)
}

/// The reports in `text`, and what was not taken: links with anything around them, or the JSON of an export.
///
/// # Errors
/// What is wrong with a file, or with the first link if no link can be taken.
pub fn gather(text: &str) -> Result<Imported, ImportError> {
    if text.len() > LONGEST {
        return Err(ImportError::TooLong);
    }
    let text = text.trim_start_matches(|letter: char| letter.is_whitespace() || letter == '\u{feff}');
    let imported = if text.starts_with('{') {
        Imported { reports: from_json(text)?, refused: Vec::new() }
    } else {
        from_links(text)
    };
    match (imported.reports.len(), imported.refused.first()) {
        (0, Some((_, why))) => Err(why.clone()),
        (0, None) => Err(ImportError::Nothing),
        (count, _) if count > MOST_REPORTS => Err(ImportError::TooLong),
        _ => Ok(imported),
    }
}

fn from_links(text: &str) -> Imported {
    let mut imported = Imported::default();
    for Outcome { start, link } in link::find(text) {
        match link {
            Ok(Link::Reports(reports)) => imported.reports.extend(reports),
            Ok(Link::Experiment(_)) => imported.refused.push((start, ImportError::Experiment)),
            Err(why) => imported.refused.push((start, ImportError::Link(why))),
        }
    }
    imported
}

fn from_json(text: &str) -> Result<Vec<Report>, ImportError> {
    let value = fields::parse(text)?;
    let file = Fields::of(&value, "the file")?;
    if file.text("format").ok() != Some(FORMAT) {
        return Err(ImportError::OtherFormat);
    }
    if file.number("version")? > 1.0 {
        return Err(ImportError::Newer);
    }
    file.list("reports")?
        .iter()
        .enumerate()
        .map(|(at, value)| report(value, &format!("report {}", at + 1)))
        .collect()
}

fn report(value: &Value, path: &str) -> Result<Report, ImportError> {
    let fields = Fields::of(value, path)?;
    let machine = fields.object("machine")?;
    let day = match fields.optional("day") {
        None => None,
        Some(_) => {
            let day: Day = fields.text("day")?.parse().map_err(|_| fields.wrong("day"))?;
            Some(day).filter(|day| *day <= LAST_DAY)
        }
    };
    let points = fields.list("points")?.iter().enumerate();
    let points = points.map(|(at, value)| point(value, &format!("{path}, point {}", at + 1)));
    let build = u16::from_str_radix(fields.text("build")?, 16).map_err(|_| fields.wrong("build"))?;
    let named =
        |name: &str| Fallback::ALL.iter().copied().find(|&known| export::fallback_name(known) == name);
    let found =
        fields.list("fallbacks")?.iter().map(|value| value.get::<String>().and_then(|name| named(name)));
    let isolations = [Isolation::Isolated, Isolation::NotIsolated, Isolation::NoSharedMemory];
    let endings =
        [Ending::Certain, Ending::BudgetSpent, Ending::RoundsRun, Ending::Stopped, Ending::NothingRuns];
    Ok(Report {
        name: tidy_name(fields.text("name")?),
        day,
        build,
        machine: Machine {
            reported_cores: machine.optional_whole("reported_cores")?,
            browser: tidy_name(machine.text("browser")?),
            isolation: machine.one_of("isolation", &isolations, Isolation::name)?,
            timer_step_us: machine.number("timer_step_us")?,
            memory_mib: machine.optional_whole("memory_mib")?,
        },
        measured_cores: fields.optional_whole("measured_cores")?,
        experiment: experiment(&fields.object("experiment")?)?,
        ending: fields.one_of("ending", &endings, export::ending_name)?,
        hidden_trials: fields.whole("hidden_trials")?,
        fallbacks: found.collect::<Option<_>>().ok_or_else(|| fields.wrong("fallbacks"))?,
        incomplete: Incomplete {
            trials: fields.whole("incomplete_trials")?,
            tasks: fields.whole("failed_tasks")?,
        },
        drift: fields.optional_estimate("drift")?,
        spawn_us: fields.optional_estimate("spawn_us")?,
        points: points.collect::<Result<_, _>>()?,
    })
}

fn experiment(fields: &Fields) -> Result<Experiment, ImportError> {
    let mut experiment = Experiment::default();
    let network = fields.object("network")?;
    let steps = fields.list("steps")?.iter().map(|step| Fields::of(step, "a step"));
    let steps: Vec<Fields> = steps.collect::<Result<_, _>>()?;
    if steps.len() != experiment.steps.len() {
        return Err(fields.wrong("steps"));
    }
    for setting in SETTINGS {
        let fields = match setting.part {
            Part::Experiment => fields,
            Part::Network => &network,
            Part::Step(at) => &steps[at],
        };
        let value = fields.optional(setting.key);
        if value.is_none() && setting.is_optional {
            continue;
        }
        value
            .and_then(|value| take(setting, value, &mut experiment))
            .ok_or_else(|| fields.wrong(setting.key))?;
    }
    experiment.validate().map_err(ImportError::Invalid)?;
    Ok(essential(&experiment))
}

/// Has a setting of `experiment` as a file has it; `None` if it is nothing of its kind.
fn take(setting: &Setting, value: &Value, experiment: &mut Experiment) -> Option<()> {
    let texts = || value.get::<Vec<Value>>()?.iter().map(|text| text.get::<String>().cloned()).collect();
    match setting.kind {
        Kind::Choice { choices, set, .. } => {
            let name = value.get::<bool>().map(bool::to_string).or_else(|| value.get().cloned())?;
            set(experiment, choices(experiment).iter().position(|choice| choice.key == name)?);
        }
        Kind::Number { set, .. } => set(experiment, fields::whole(value)?),
        Kind::Seed => experiment.seed = value.get::<String>()?.parse().ok()?,
        Kind::Models => {
            let names: Option<Vec<String>> = texts();
            let named = |name: &String| Model::ALL.iter().copied().find(|model| model.name() == name);
            experiment.models = names?.iter().map(named).collect::<Option<_>>()?;
        }
        Kind::LaneCounts => {
            experiment.lane_counts =
                value.get::<Vec<Value>>()?.iter().map(fields::whole).collect::<Option<_>>()?;
        }
        Kind::Addresses => {
            if let Source::Addresses(addresses) = &mut experiment.network.source {
                *addresses = texts()?;
            }
        }
        Kind::Script => experiment.script.clone_from(value.get::<String>()?),
    }
    Some(())
}

fn point(value: &Value, path: &str) -> Result<ReportPoint, ImportError> {
    let fields = Fields::of(value, path)?;
    let time_us: Option<Estimate> = fields.optional_estimate("time_us")?;
    let samples = fields.whole("samples")?;
    if (samples == 0) != time_us.is_none() {
        return Err(fields.wrong("samples"));
    }
    Ok(ReportPoint {
        point: Point {
            model: fields.one_of("model", Model::ALL, Model::name)?,
            lanes: fields.whole("lanes")?,
        },
        samples,
        time_us,
        speed_up: fields.optional_estimate("speed_up")?,
        idle_lanes: fields.whole("idle_lanes")?,
        failures: fields.whole("failures")?,
        wrong_answers: fields.whole("wrong_answers")?,
        // Files that were saved before it was told lack it.
        incomplete: fields.optional_whole("incomplete")?.unwrap_or(0),
    })
}

#[cfg(test)]
mod tests;
