//! The settings as they stand in the form: text until it is read as an experiment.

mod field;
mod preset;
mod waiting;

use std::fmt;
use std::str::FromStr;

use crate::domain::{Model, Network, PoolCall, Scaling, Size, Start};
use crate::experiment::{Experiment, ExperimentError};
use crate::workload::WorkloadId;

pub use field::Field;
use field::{CALLS, NATIVE_CODE, SCALINGS, SIZES, STARTS, choose, id_of};
pub use preset::Preset;
pub use waiting::Waiting;

/// The settings of the form.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// What is run.
    pub workload: WorkloadId,
    /// How much of it.
    pub size: Size,
    /// The models to compare.
    pub models: Vec<Model>,
    /// The lane counts, with commas or spaces between them.
    pub lane_counts: String,
    /// What grows with the lanes.
    pub scaling: Scaling,
    /// The time budget in seconds.
    pub budget_s: String,
    /// When processes are started.
    pub start: Start,
    /// When results are delivered, and in which order.
    pub call: PoolCall,
    /// How many tasks a lane takes at once.
    pub chunk_size: String,
    /// The switch interval in milliseconds.
    pub switch_interval_ms: String,
    /// Whether kernels that stand for native code let go of the GIL.
    pub native_releases_gil: bool,
    /// The fewest rounds.
    pub min_rounds: String,
    /// The most rounds.
    pub max_rounds: String,
    /// The seed.
    pub seed: String,
    /// What is about waiting.
    pub waiting: Waiting,
}

/// Why the settings are no experiment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// A field holds something that is no number.
    NoNumber {
        /// The field.
        field: Field,
        /// What it holds.
        text: String,
    },
    /// Nobody has agreed to fetching the addresses, which came with a link.
    NoConsent,
    /// The numbers are there and make no experiment.
    Invalid(ExperimentError),
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoNumber { field, text } if text.is_empty() => {
                write!(f, "{} is empty: write a number.", field.label())
            }
            Self::NoNumber { field, text } => {
                write!(f, "{}: “{text}” cannot be read as a number in range.", field.label())
            }
            Self::NoConsent => write!(
                f,
                "These addresses were not written here. Lanes fetches them when you have looked at them on its own page and agreed, or choose another source."
            ),
            Self::Invalid(error) => error.fmt(f),
        }
    }
}

impl Settings {
    /// The form that stands for `experiment`.
    pub fn of(experiment: &Experiment) -> Self {
        let lane_counts: Vec<String> = experiment.lane_counts.iter().map(u32::to_string).collect();
        Self {
            workload: experiment.workload,
            size: experiment.size,
            models: experiment.models.clone(),
            lane_counts: lane_counts.join(", "),
            scaling: experiment.scaling,
            budget_s: (f64::from(experiment.budget_ms) / 1e3).to_string(),
            start: experiment.start,
            call: experiment.call,
            chunk_size: experiment.chunk_size.to_string(),
            switch_interval_ms: (f64::from(experiment.switch_interval_us) / 1e3).to_string(),
            native_releases_gil: experiment.native_releases_gil,
            min_rounds: experiment.min_rounds.to_string(),
            max_rounds: experiment.max_rounds.to_string(),
            seed: experiment.seed.to_string(),
            waiting: Waiting::of(experiment),
        }
    }

    /// Reads the form.
    ///
    /// # Errors
    /// The first reason why it is no experiment that can be run.
    pub fn experiment(&self) -> Result<Experiment, Refusal> {
        let lane_counts = self
            .lane_counts
            .split([',', ' '])
            .filter(|text| !text.is_empty())
            .map(|text| number(Field::LaneCounts, text))
            .collect::<Result<_, _>>()?;
        let experiment = Experiment {
            workload: self.workload,
            size: self.size,
            models: Model::ALL.into_iter().filter(|model| self.models.contains(model)).collect(),
            lane_counts,
            scaling: self.scaling,
            start: self.start,
            call: self.call,
            chunk_size: number(Field::ChunkSize, &self.chunk_size)?,
            native_releases_gil: self.native_releases_gil,
            switch_interval_us: thousandths(Field::SwitchInterval, &self.switch_interval_ms)?,
            min_rounds: number(Field::MinRounds, &self.min_rounds)?,
            max_rounds: number(Field::MaxRounds, &self.max_rounds)?,
            budget_ms: thousandths(Field::Budget, &self.budget_s)?,
            seed: number(Field::Seed, &self.seed)?,
            network: if self.workload.is_io() { self.waiting.network()? } else { Network::default() },
            steps: self.waiting.steps()?,
        };
        experiment.validate().map_err(Refusal::Invalid)?;
        Ok(experiment)
    }

    /// What the form describes, whether or not its addresses may be fetched: for all but running it.
    ///
    /// # Errors
    /// The first reason why it is no experiment.
    pub fn described(&self) -> Result<Experiment, Refusal> {
        let mut agreed = self.clone();
        agreed.consent();
        agreed.experiment()
    }

    /// What a field holds.
    pub fn value(&self, field: Field) -> &str {
        match field {
            Field::Workload => self.workload.id(),
            Field::Size => id_of(&SIZES, self.size),
            Field::LaneCounts => &self.lane_counts,
            Field::Scaling => id_of(&SCALINGS, self.scaling),
            Field::Budget => &self.budget_s,
            Field::Start => id_of(&STARTS, self.start),
            Field::Call => id_of(&CALLS, self.call),
            Field::ChunkSize => &self.chunk_size,
            Field::SwitchInterval => &self.switch_interval_ms,
            Field::NativeCode => id_of(&NATIVE_CODE, self.native_releases_gil),
            Field::MinRounds => &self.min_rounds,
            Field::MaxRounds => &self.max_rounds,
            Field::Seed => &self.seed,
            field => self.waiting.value(field).unwrap_or_default(),
        }
    }

    /// Puts `value` into a field; a choice that does not exist changes nothing.
    pub fn set(&mut self, field: Field, value: String) {
        match field {
            Field::Workload => self.workload = WorkloadId::from_id(&value).unwrap_or(self.workload),
            Field::Size => choose(&SIZES, &value, &mut self.size),
            Field::LaneCounts => self.lane_counts = value,
            Field::Scaling => choose(&SCALINGS, &value, &mut self.scaling),
            Field::Budget => self.budget_s = value,
            Field::Start => choose(&STARTS, &value, &mut self.start),
            Field::Call => choose(&CALLS, &value, &mut self.call),
            Field::ChunkSize => self.chunk_size = value,
            Field::SwitchInterval => self.switch_interval_ms = value,
            Field::NativeCode => choose(&NATIVE_CODE, &value, &mut self.native_releases_gil),
            Field::MinRounds => self.min_rounds = value,
            Field::MaxRounds => self.max_rounds = value,
            Field::Seed => self.seed = value,
            field => self.waiting.set(field, value),
        }
    }

    /// Whether it would fetch addresses that nobody here has written or agreed to.
    pub fn needs_consent(&self) -> bool {
        self.workload.is_io() && self.waiting.needs_consent()
    }

    /// The visitor agrees to fetching the addresses that are shown.
    pub fn consent(&mut self) {
        self.waiting.agreed.clone_from(&self.waiting.addresses);
    }

    /// Puts `value` into a field for somebody who is not the visitor: addresses are agreed to by nobody.
    pub fn set_for_others(&mut self, field: Field, value: String) {
        let agreed = self.waiting.agreed.clone();
        self.set(field, value);
        self.waiting.agreed = agreed;
    }

    /// Fits the points to the workload that was chosen instead of `before`: one that spends its time
    /// as that did is run at the same points, another one begins with its own on so many `cores`.
    pub fn fit_workload(&mut self, before: WorkloadId, cores: u32) {
        let begin = Experiment::of(self.workload, cores);
        if self.workload.models() != before.models() {
            self.models = begin.models.clone();
        }
        if self.workload.is_io() != before.is_io() {
            self.lane_counts = Self::of(&begin).lane_counts;
        }
        if begin.scaling != Experiment::of(before, cores).scaling {
            self.scaling = begin.scaling;
        }
    }

    /// Adds a model or takes it out.
    pub fn toggle(&mut self, model: Model) {
        match self.models.iter().position(|&m| m == model) {
            Some(at) => drop(self.models.remove(at)),
            None => self.models.push(model),
        }
    }
}

fn number<T: FromStr>(field: Field, text: &str) -> Result<T, Refusal> {
    let text = text.trim();
    text.parse().map_err(|_| Refusal::NoNumber { field, text: text.to_owned() })
}

/// A decimal number as whole thousandths: what is above their range is as absurd as the largest.
fn thousandths(field: Field, text: &str) -> Result<u32, Refusal> {
    let value: f64 = number(field, text)?;
    if value.is_nan() {
        return Err(Refusal::NoNumber { field, text: text.to_owned() });
    }
    Ok((value * 1e3).round() as u32)
}

#[cfg(test)]
mod tests;
