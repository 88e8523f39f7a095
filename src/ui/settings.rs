//! The settings as they stand in the form: text until it is read as an experiment.

use std::fmt;
use std::str::FromStr;

use crate::experiment::{Experiment, ExperimentError, Model, Start};
use crate::workload::{Size, WorkloadId};

/// The settings of the form.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// What is run.
    pub workload: WorkloadId,
    /// How much of it.
    pub size: Size,
    /// The models to compare.
    pub models: Vec<Model>,
    /// When processes are started.
    pub start: Start,
    /// The lane counts, with commas or spaces between them.
    pub lane_counts: String,
    /// The fewest rounds.
    pub min_rounds: String,
    /// The most rounds.
    pub max_rounds: String,
    /// The time budget in seconds.
    pub budget_s: String,
    /// The switch interval in milliseconds.
    pub switch_interval_ms: String,
    /// The seed.
    pub seed: String,
}

/// A setting that is chosen from a list or written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// What is run.
    Workload,
    /// How much of it.
    Size,
    /// The lane counts.
    LaneCounts,
    /// When processes are started.
    Start,
    /// The fewest rounds.
    MinRounds,
    /// The most rounds.
    MaxRounds,
    /// The time budget.
    Budget,
    /// The switch interval of the GIL.
    SwitchInterval,
    /// The seed.
    Seed,
}

impl Field {
    /// Every field but the models, in the order of the form.
    pub const ALL: [Field; 9] = [
        Field::Workload,
        Field::Size,
        Field::LaneCounts,
        Field::Start,
        Field::MinRounds,
        Field::MaxRounds,
        Field::Budget,
        Field::SwitchInterval,
        Field::Seed,
    ];

    /// The field's name in attributes.
    pub const fn id(self) -> &'static str {
        match self {
            Field::Workload => "workload",
            Field::Size => "size",
            Field::LaneCounts => "lane-counts",
            Field::Start => "start",
            Field::MinRounds => "min-rounds",
            Field::MaxRounds => "max-rounds",
            Field::Budget => "budget",
            Field::SwitchInterval => "switch-interval",
            Field::Seed => "seed",
        }
    }

    /// The field's name for people, with its unit.
    pub const fn label(self) -> &'static str {
        match self {
            Field::Workload => "Workload",
            Field::Size => "Size",
            Field::LaneCounts => "Lane counts",
            Field::Start => "Start of processes",
            Field::MinRounds => "Fewest rounds",
            Field::MaxRounds => "Most rounds",
            Field::Budget => "Time budget (s)",
            Field::SwitchInterval => "Switch interval (ms)",
            Field::Seed => "Seed",
        }
    }

    /// Why one would touch it, in one sentence.
    pub const fn why(self) -> &'static str {
        match self {
            Field::Workload => {
                "Plain arithmetic scales best; work that moves memory shows what sharing it costs."
            }
            Field::Size => "Small shows what starting and copying cost; large makes that disappear.",
            Field::LaneCounts => "Go beyond the core count to see that more lanes are no more cores.",
            Field::Start => "Cold counts the start of every process, warm keeps them as a pool does.",
            Field::MinRounds => "More rounds narrow the intervals on a machine that is not quiet.",
            Field::MaxRounds => "A run ends here even when its intervals are still wide.",
            Field::Budget => "Give it longer for narrower intervals, or less for a quick look.",
            Field::SwitchInterval => {
                "How long a thread waits before it asks for the GIL; CPython waits 5 ms."
            }
            Field::Seed => "The same seed gives the same inputs and the same order of trials.",
        }
    }

    /// What can be chosen, as values and what is said of them; empty where it is written.
    pub fn choices(self, settings: &Settings) -> Vec<(&'static str, String)> {
        match self {
            Field::Workload => WorkloadId::ALL
                .iter()
                .map(|workload| (workload.id(), workload.description().name.to_owned()))
                .collect(),
            Field::Size => {
                let sizes = settings.workload.description().sizes;
                Size::ALL.iter().zip(sizes).map(|(&size, what)| (size_id(size), what.to_owned())).collect()
            }
            Field::Start => [Start::Cold, Start::Warm]
                .into_iter()
                .map(|start| (start_id(start), start_name(start).to_owned()))
                .collect(),
            _ => Vec::new(),
        }
    }
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
            start: experiment.start,
            lane_counts: lane_counts.join(", "),
            min_rounds: experiment.min_rounds.to_string(),
            max_rounds: experiment.max_rounds.to_string(),
            budget_s: (f64::from(experiment.budget_ms) / 1e3).to_string(),
            switch_interval_ms: (f64::from(experiment.switch_interval_us) / 1e3).to_string(),
            seed: experiment.seed.to_string(),
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
            start: self.start,
            switch_interval_us: thousandths(Field::SwitchInterval, &self.switch_interval_ms)?,
            min_rounds: number(Field::MinRounds, &self.min_rounds)?,
            max_rounds: number(Field::MaxRounds, &self.max_rounds)?,
            budget_ms: thousandths(Field::Budget, &self.budget_s)?,
            seed: number(Field::Seed, &self.seed)?,
            ..Experiment::default()
        };
        experiment.validate().map_err(Refusal::Invalid)?;
        Ok(experiment)
    }

    /// What a field holds.
    pub fn value(&self, field: Field) -> &str {
        match field {
            Field::Workload => self.workload.id(),
            Field::Size => size_id(self.size),
            Field::Start => start_id(self.start),
            Field::LaneCounts => &self.lane_counts,
            Field::MinRounds => &self.min_rounds,
            Field::MaxRounds => &self.max_rounds,
            Field::Budget => &self.budget_s,
            Field::SwitchInterval => &self.switch_interval_ms,
            Field::Seed => &self.seed,
        }
    }

    /// Puts `value` into a field; a choice that does not exist changes nothing.
    pub fn set(&mut self, field: Field, value: String) {
        let slot = match field {
            Field::Workload => {
                self.workload = WorkloadId::from_id(&value).unwrap_or(self.workload);
                return;
            }
            Field::Size => {
                self.size = Size::ALL.into_iter().find(|&size| size_id(size) == value).unwrap_or(self.size);
                return;
            }
            Field::Start => {
                let starts = [Start::Cold, Start::Warm];
                self.start = starts.into_iter().find(|&start| start_id(start) == value).unwrap_or(self.start);
                return;
            }
            Field::LaneCounts => &mut self.lane_counts,
            Field::MinRounds => &mut self.min_rounds,
            Field::MaxRounds => &mut self.max_rounds,
            Field::Budget => &mut self.budget_s,
            Field::SwitchInterval => &mut self.switch_interval_ms,
            Field::Seed => &mut self.seed,
        };
        *slot = value;
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

const fn size_id(size: Size) -> &'static str {
    match size {
        Size::S => "s",
        Size::M => "m",
        Size::L => "l",
    }
}

const fn start_id(start: Start) -> &'static str {
    match start {
        Start::Cold => "cold",
        Start::Warm => "warm",
    }
}

const fn start_name(start: Start) -> &'static str {
    match start {
        Start::Cold => "cold: anew in every trial",
        Start::Warm => "warm: once, then kept",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(field: Field, value: &str) -> Result<Experiment, Refusal> {
        let mut settings = Settings::of(&Experiment::default());
        settings.set(field, value.to_owned());
        settings.experiment()
    }

    #[test]
    fn the_form_of_an_experiment_reads_as_that_experiment() {
        for cores in [1, 2, 6, 16] {
            let experiment =
                Experiment { start: Start::Cold, seed: u64::MAX, ..Experiment::for_cores(cores) };
            assert_eq!(Settings::of(&experiment).experiment(), Ok(experiment));
        }
    }

    #[test]
    fn every_choice_can_be_chosen() {
        let mut settings = Settings::of(&Experiment::default());
        for field in Field::ALL {
            for (value, _) in field.choices(&settings) {
                settings.set(field, value.to_owned());
                assert_eq!(settings.value(field), value);
            }
            settings.set(field, "no such choice".to_owned());
        }
        assert!(Size::ALL.contains(&settings.size));
    }

    #[test]
    fn lane_counts_are_read_with_commas_and_spaces() {
        assert_eq!(with(Field::LaneCounts, " 1,3  8,").unwrap().lane_counts, [1, 3, 8]);
        assert_eq!(with(Field::LaneCounts, ""), Err(Refusal::Invalid(ExperimentError::NoLaneCount)));
        assert_eq!(with(Field::LaneCounts, "1, 99"), Err(Refusal::Invalid(ExperimentError::LaneCount(99))));
    }

    #[test]
    fn what_is_no_number_is_refused_by_name() {
        for (field, text) in [
            (Field::LaneCounts, "two"),
            (Field::MinRounds, "-1"),
            (Field::MaxRounds, "1e9"),
            (Field::Budget, "soon"),
            (Field::SwitchInterval, ""),
            (Field::Seed, "18446744073709551616"),
        ] {
            let refusal = with(field, text).unwrap_err();
            assert_eq!(refusal, Refusal::NoNumber { field, text: text.to_owned() });
            assert!(refusal.to_string().starts_with(field.label()), "{refusal}");
        }
        assert!(matches!(with(Field::Budget, "NaN"), Err(Refusal::NoNumber { .. })));
    }

    #[test]
    fn numbers_out_of_range_are_refused_and_not_wrapped() {
        assert_eq!(with(Field::Budget, "1e300"), Err(Refusal::Invalid(ExperimentError::Budget(u32::MAX))));
        assert_eq!(with(Field::Budget, "-5"), Err(Refusal::Invalid(ExperimentError::Budget(0))));
        assert_eq!(
            with(Field::SwitchInterval, "0.05"),
            Err(Refusal::Invalid(ExperimentError::SwitchInterval(50)))
        );
        assert_eq!(with(Field::SwitchInterval, "0.5").unwrap().switch_interval_us, 500);
    }

    #[test]
    fn models_keep_their_order_however_they_are_toggled() {
        let mut settings = Settings::of(&Experiment::default());
        settings.toggle(Model::Serial);
        settings.toggle(Model::Threads);
        settings.toggle(Model::Serial);
        let models = settings.experiment().unwrap().models;
        assert_eq!(models, [Model::Serial, Model::ThreadsGil, Model::Processes]);
    }
}
