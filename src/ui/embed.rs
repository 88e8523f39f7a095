//! An embedded experiment: what the frame's address asks for, and what is written to make one.

pub mod snippet;

use crate::chart::{Axes, Look, Metric};
use crate::experiment::{Experiment, SETTINGS};
use crate::report::link::{self, Link};
use crate::workload::WorkloadId;

use super::settings::Settings;
use snippet::Choices;

/// What the frame was asked to show.
#[derive(Clone, Debug, PartialEq)]
pub struct Setup {
    /// The experiment.
    pub settings: Settings,
    /// How the chart shows it.
    pub look: Look,
    /// What was asked for and cannot be had, in words for whoever wrote it.
    pub problems: Vec<String>,
}

/// What the page knows of embedding.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Embed {
    /// Whether the page is a frame in another one, and has settings from there.
    pub is_frame: bool,
    /// What was asked for and cannot be had.
    pub problems: Vec<String>,
    /// What the builder's snippet is to say.
    pub choices: Choices,
    /// Whether the snippet was copied; `None` if nobody tried.
    pub copied: Option<bool>,
}

/// What can happen to it.
#[derive(Clone, Debug)]
pub enum EmbedAction {
    /// The frame's address was read.
    Begin(Box<Setup>),
    /// The embedding page changes a setting.
    Set {
        /// The setting's name.
        name: String,
        /// What it is to be.
        value: String,
    },
    /// Something was chosen for the snippet.
    Choose(Choices),
    /// The snippet was copied, or could not be.
    Copied(bool),
}

impl Embed {
    /// What becomes of it when `action` happens, and of the settings and the look that it sets.
    pub fn reduce(&mut self, action: EmbedAction, settings: &mut Settings, look: &mut Look) {
        match action {
            EmbedAction::Begin(setup) => {
                (*settings, *look) = (setup.settings, setup.look);
                self.is_frame = true;
                self.problems = setup.problems;
            }
            EmbedAction::Set { name, value } => {
                self.problems = set(settings, look, &name, &value).err().into_iter().collect();
            }
            EmbedAction::Choose(choices) => {
                self.choices = choices;
                self.copied = None;
            }
            EmbedAction::Copied(copied) => self.copied = Some(copied),
        }
    }

    /// What came of copying.
    pub const fn copied_text(&self) -> &'static str {
        match self.copied {
            None => "",
            Some(true) => "Copied.",
            Some(false) => "This browser does not let the page copy: select the text and copy it yourself.",
        }
    }
}

/// Attributes that are no settings: www/embed-frame.js minds them.
const OF_THE_FRAME: [&str; 4] = ["theme", "run", "experiment", "report"];

impl Setup {
    /// Reads the `attributes` in the frame's address, and the link behind its `#`, on a machine with so
    /// many `cores`. What cannot be read is told among the problems, and as usual.
    pub fn read(attributes: &[(String, String)], hash: &str, cores: u32) -> Self {
        let mut problems = Vec::new();
        let linked = match link::decode(hash) {
            Ok(Link::Experiment(experiment)) => Some(experiment),
            // What was recorded is shown before there is a program, by www/poster.js.
            Ok(Link::Reports(reports)) => reports.into_iter().next().map(|report| report.experiment),
            Err(error) => {
                problems.extend((!hash.trim_start_matches('#').is_empty()).then(|| error.to_string()));
                None
            }
        };
        let named = attributes.iter().find(|(name, _)| name == "workload");
        let workload = named.and_then(|(_, id)| WorkloadId::from_id(id));
        let workload = workload.unwrap_or(Experiment::default().workload);
        let experiment = linked.unwrap_or_else(|| Experiment::of(workload, cores));
        let mut setup =
            Self { settings: Settings::of(&experiment), look: Look::of_link(&link::plain(hash)), problems };
        for (name, value) in attributes {
            if OF_THE_FRAME.contains(&name.as_str()) {
                continue;
            }
            if let Err(problem) = set(&mut setup.settings, &mut setup.look, name, value) {
                setup.problems.push(problem);
            }
        }
        setup.problems.extend(setup.settings.experiment().err().map(|refusal| refusal.to_string()));
        setup
    }
}

/// Changes the setting `name`, as the form would.
///
/// # Errors
/// Why it cannot be changed, in words for whoever asked.
fn set(settings: &mut Settings, look: &mut Look, name: &str, value: &str) -> Result<(), String> {
    let unknown = || format!("There is no {name} “{value}”.");
    match name {
        "language" => {
            let is_english = value.split('-').next().is_some_and(|name| name.eq_ignore_ascii_case("en"));
            return if is_english {
                Ok(())
            } else {
                Err(format!("Lanes speaks English only, not “{value}”."))
            };
        }
        "view" => look.metric = Metric::of_id(value).ok_or_else(unknown)?,
        "axes" => look.axes = Axes::of_id(value).ok_or_else(unknown)?,
        _ => {
            let id = if name == "lanes" { "lane-counts" } else { name };
            if !SETTINGS.iter().any(|setting| setting.id == id) {
                return Err(format!("There is no setting “{name}”."));
            }
            if !settings.set_for_others(id, value.to_owned()) {
                return Err(unknown());
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
