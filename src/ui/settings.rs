//! The settings as they stand in the form: text until it is read as an experiment.

mod preset;

use crate::domain::{Model, Network};
use crate::experiment::{Experiment, ExperimentError, Kind, Part, SETTINGS, Setting};
use crate::workload::WorkloadId;

pub use preset::Preset;

/// The settings of the form.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// What each setting's field holds, in the order of [`SETTINGS`].
    texts: Vec<String>,
    /// The addresses that the visitor has written or agreed to: no others are fetched.
    agreed: String,
    /// The experiment, as far as it can be read; what cannot is as usual.
    pub draft: Experiment,
    /// Why it is none: what is wrong with each field.
    pub refusals: Vec<ExperimentError>,
}

impl Settings {
    /// The form that stands for `experiment`. Its addresses are agreed to by nobody, as somebody else may
    /// have written them.
    pub fn of(experiment: &Experiment) -> Self {
        let texts = SETTINGS.iter().map(|setting| setting.text(experiment)).collect();
        let draft = Experiment::default();
        let mut settings = Self { texts, agreed: String::new(), draft, refusals: Vec::new() };
        settings.read();
        settings
    }

    /// The experiment to run.
    ///
    /// # Errors
    /// The first reason why there is none.
    pub fn experiment(&self) -> Result<Experiment, ExperimentError> {
        if self.needs_consent() {
            return Err(ExperimentError::new(ADDRESSES, NO_CONSENT));
        }
        self.described()
    }

    /// What the form describes, whether or not its addresses may be fetched: for all but running it.
    ///
    /// # Errors
    /// The first reason why it is no experiment.
    pub fn described(&self) -> Result<Experiment, ExperimentError> {
        self.refusals.first().map_or_else(|| Ok(self.draft.clone()), |refusal| Err(refusal.clone()))
    }

    /// What the field of the setting with that `id` holds.
    pub fn value(&self, id: &str) -> &str {
        place_of(id).map_or("", |at| &self.texts[at])
    }

    /// Puts `value` into the field of the setting with that `id`, and answers whether it did: a choice
    /// that does not exist changes nothing. Addresses that are written here are agreed to.
    pub fn set(&mut self, id: &str, value: String) -> bool {
        let is_set = self.set_for_others(id, value);
        if id == ADDRESSES {
            self.consent();
        }
        is_set
    }

    /// The same for somebody who is not the visitor: addresses are agreed to by nobody.
    pub fn set_for_others(&mut self, id: &str, value: String) -> bool {
        let Some(at) = place_of(id) else { return false };
        let setting = &SETTINGS[at];
        let is_chosen = matches!(setting.kind, Kind::Choice { .. } | Kind::Models);
        if is_chosen && setting.read(&value, &mut self.draft).is_err() {
            return false;
        }
        self.texts[at] = value;
        if let (Part::Step(step), true) = (setting.part, is_chosen)
            && self.draft.steps[step].model == Model::Serial
        {
            // Its lanes are the next field.
            self.texts[at + 1] = "1".to_owned();
        }
        self.read();
        true
    }

    /// Whether it would fetch addresses that nobody here has written or agreed to.
    pub fn needs_consent(&self) -> bool {
        self.draft.workload.is_io()
            && self.draft.network.has_own_addresses()
            && self.value(ADDRESSES) != self.agreed
    }

    /// The visitor agrees to fetching the addresses that are shown.
    pub fn consent(&mut self) {
        self.agreed = self.value(ADDRESSES).to_owned();
    }

    /// Fits the points to the workload that was chosen instead of `before`: one that spends its time
    /// as that did is run at the same points, another one begins with its own on so many `cores`.
    pub fn fit_workload(&mut self, before: WorkloadId, cores: u32) {
        let workload = self.draft.workload;
        let begin = Experiment::of(workload, cores);
        for (id, is_other) in [
            ("models", workload.models() != before.models()),
            ("script", workload == WorkloadId::Script && self.value("script").is_empty()),
            ("lane-counts", workload.is_io() != before.is_io()),
            ("scaling", begin.scaling != Experiment::of(before, cores).scaling),
        ] {
            if is_other {
                self.take(id, &begin);
            }
        }
    }

    /// Adds a model or takes it out.
    pub fn toggle(&mut self, model: Model) {
        let mut models = self.draft.models.clone();
        match models.iter().position(|&m| m == model) {
            Some(at) => drop(models.remove(at)),
            None => models.push(model),
        }
        self.take("models", &Experiment { models, ..Experiment::default() });
    }

    /// Has a setting as `experiment` has it.
    fn take(&mut self, id: &str, experiment: &Experiment) {
        if let Some(at) = place_of(id) {
            self.texts[at] = SETTINGS[at].text(experiment);
            self.read();
        }
    }

    /// Reads all fields anew.
    fn read(&mut self) {
        let mut draft = Experiment::default();
        let fields = SETTINGS.iter().zip(&self.texts);
        let wrong =
            fields.filter_map(|(setting, text)| Some((setting, setting.read(text, &mut draft).err()?)));
        let wrong: Vec<(&Setting, ExperimentError)> = wrong.collect();
        // What makes no difference is in nobody's way.
        let wrong = wrong.into_iter().filter(|(setting, _)| setting.applies.to(&draft));
        self.refusals = wrong.map(|(_, refusal)| refusal).collect();
        if !draft.workload.is_io() {
            draft.network = Network::default();
        }
        if self.refusals.is_empty() {
            self.refusals.extend(draft.validate().err());
        }
        self.draft = draft;
    }
}

/// The setting whose addresses are fetched only with the visitor's consent.
const ADDRESSES: &str = "addresses";

const NO_CONSENT: &str = "These addresses were not written here. Lanes fetches them only after you have seen them on its own page and agreed. You can also choose another network.";

fn place_of(id: &str) -> Option<usize> {
    SETTINGS.iter().position(|setting| setting.id == id)
}

#[cfg(test)]
mod tests;
