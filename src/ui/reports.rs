//! The reports that are looked at, compared, shared and kept.

use std::rc::Rc;

use crate::domain::Model;
use crate::experiment::Experiment;
use crate::report::{Day, Imported, LONGEST_NAME, Report, compare::Reading, gather};

/// What the page knows of reports.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reports {
    /// What the visitor calls this machine; nothing unless they say it.
    pub name: String,
    /// Today.
    pub today: Option<Day>,
    /// The reports that are compared.
    pub shown: Rc<Vec<Report>>,
    /// Whether the page's own results are compared with them.
    pub with_own: bool,
    /// Which of them the others are compared with.
    pub baseline: usize,
    /// The model whose curves are drawn; `None` leaves it to [`Reports::model`].
    pub chosen: Option<Model>,
    /// What is drawn.
    pub reading: Reading,
    /// Why something was not taken.
    pub refusal: Option<String>,
    /// Whether the settings came with a link.
    pub asked: bool,
    /// What this browser keeps, the latest first; `None` until it was read.
    pub kept: Option<Rc<Vec<KeptReport>>>,
    /// Why it keeps nothing.
    pub not_kept: Option<String>,
}

/// A report that this browser keeps.
#[derive(Clone, Debug, PartialEq)]
pub struct KeptReport {
    /// Its number in the storage; later ones are larger.
    pub id: u32,
    /// The link that is kept.
    pub link: String,
    /// Whether it was measured in this browser.
    pub is_own: bool,
    /// The report that it carries; `None` where it cannot be read.
    pub report: Option<Report>,
}

/// What can happen to reports.
#[derive(Clone, Debug)]
pub enum ReportsAction {
    /// The visitor calls this machine something.
    Name(String),
    /// It is this day.
    Today(Day),
    /// A text with reports came: pasted, dropped or chosen.
    Import(String),
    /// A report is compared, too.
    Add(Box<Report>),
    /// A report is compared no more.
    Remove(usize),
    /// The others are compared with this one.
    Baseline(usize),
    /// This model's curves are drawn.
    Model(Model),
    /// This is drawn.
    Reading(Reading),
    /// The page's own results are compared, or are no more.
    WithOwn(bool),
    /// Something did not work.
    Refused(String),
    /// The storage was read.
    Kept(Rc<Vec<KeptReport>>),
    /// The storage does not work.
    NotKept(String),
}

impl Reports {
    /// What becomes of them when `action` happens.
    pub fn reduce(&mut self, action: ReportsAction) {
        self.refusal = None;
        match action {
            ReportsAction::Name(name) => self.name = name.chars().take(LONGEST_NAME).collect(),
            ReportsAction::Today(today) => self.today = Some(today),
            ReportsAction::Import(text) => match gather(&text) {
                Ok(Imported { reports, refused }) => {
                    Rc::make_mut(&mut self.shown).extend(reports);
                    let told = refused.iter().map(|(link, why)| format!("Not added: {link}… {why}"));
                    self.refusal = (!refused.is_empty()).then(|| told.collect::<Vec<_>>().join(" "));
                }
                Err(error) => self.refusal = Some(error.to_string()),
            },
            ReportsAction::Add(report) => Rc::make_mut(&mut self.shown).push(*report),
            ReportsAction::Remove(at) => {
                if at < self.shown.len() {
                    Rc::make_mut(&mut self.shown).remove(at);
                } else {
                    self.with_own = false;
                }
                self.baseline = self.baseline.saturating_sub(usize::from(at <= self.baseline));
            }
            ReportsAction::Baseline(at) => self.baseline = at,
            ReportsAction::Model(model) => self.chosen = Some(model),
            ReportsAction::Reading(reading) => self.reading = reading,
            ReportsAction::WithOwn(with_own) => self.with_own = with_own,
            ReportsAction::Refused(why) => self.refusal = Some(why),
            ReportsAction::Kept(kept) => (self.kept, self.not_kept) = (Some(kept), None),
            ReportsAction::NotKept(why) => self.not_kept = Some(why),
        }
    }

    /// Shows the reports of a link, and no others.
    pub fn open(&mut self, reports: Vec<Report>) {
        self.shown = Rc::new(reports);
        (self.with_own, self.baseline, self.chosen, self.refusal) = (false, 0, None, None);
    }

    /// The experiment of the baseline, which this machine can run, too.
    pub fn experiment(&self) -> Option<&Experiment> {
        self.shown.get(self.baseline).or(self.shown.first()).map(|report| &report.experiment)
    }

    /// The model whose curves are drawn, of those that there are: the one that was chosen, or the first
    /// with several lanes.
    pub fn model(&self, models: &[Model]) -> Option<Model> {
        let chosen = self.chosen.filter(|model| models.contains(model));
        chosen
            .or_else(|| models.iter().copied().find(|&model| model != Model::Serial))
            .or(models.first().copied())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{examples::report, link::of_reports};

    fn three() -> Reports {
        let mut reports = Reports::default();
        let all: Vec<Report> = (1..=3).map(|cores| report(cores, 8e5, 1)).collect();
        reports.reduce(ReportsAction::Import(of_reports(&all)));
        reports
    }

    #[test]
    fn what_cannot_be_imported_changes_nothing_and_says_why() {
        let mut reports = three();
        reports.reduce(ReportsAction::Import("nothing of the kind".into()));
        assert_eq!(reports.shown.len(), 3);
        assert!(reports.refusal.as_deref().is_some_and(|why| why.contains("paste links")));
        reports.reduce(ReportsAction::Import(of_reports(&[report(4, 8e5, 1)])));
        assert_eq!((reports.shown.len(), reports.refusal), (4, None));
    }

    #[test]
    fn good_links_are_added_and_bad_ones_are_named() {
        let mut reports = Reports::default();
        let link = of_reports(&[report(4, 8e5, 1)]);
        reports.reduce(ReportsAction::Import(format!("{link} and {} and {link}", &link[..40])));
        assert_eq!(reports.shown.len(), 2);
        let refusal = reports.refusal.unwrap();
        assert!(refusal.contains(&link[..24]) && refusal.contains("cut off"), "{refusal}");
    }

    #[test]
    fn the_baseline_stays_the_same_report_when_another_goes() {
        let mut reports = three();
        reports.reduce(ReportsAction::Baseline(2));
        reports.reduce(ReportsAction::Remove(0));
        assert_eq!(reports.experiment(), Some(&reports.shown[1].experiment));
        assert_eq!(reports.baseline, 1);
        reports.reduce(ReportsAction::Remove(1));
        assert_eq!(reports.baseline, 0);
    }

    #[test]
    fn a_model_is_drawn_that_was_measured() {
        let mut reports = three();
        assert_eq!(reports.model(&[Model::Serial, Model::Processes]), Some(Model::Processes));
        reports.reduce(ReportsAction::Model(Model::Threads));
        assert_eq!(reports.model(&[Model::Serial, Model::Processes]), Some(Model::Processes));
        assert_eq!(reports.model(&[Model::Serial, Model::Threads]), Some(Model::Threads));
        assert_eq!(reports.model(&[]), None);
    }
}
