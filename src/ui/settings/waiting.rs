//! The part of the form that is about waiting: where the bytes come from, and how the steps of a
//! pipeline are run.

use crate::domain::{Fault, Model, Network, Point, Source};
use crate::experiment::Experiment;

use super::field::{FAULTS, SOURCES, STEP_MODELS, SourceKind, choose, id_of};
use super::{Field, Refusal, number, thousandths};

/// What the form holds of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Waiting {
    /// Whom lanes ask.
    pub source: SourceKind,
    /// Addresses of the visitor's own, with spaces or ends of lines between them.
    pub addresses: String,
    /// The addresses that the visitor has written or agreed to: no others are fetched.
    pub agreed: String,
    latency_ms: String,
    jitter_ms: String,
    bandwidth_kb: String,
    failures_percent: String,
    fault: Fault,
    timeout_s: String,
    steps: [(Model, String); 3],
}

impl Waiting {
    /// The form that stands for `experiment`, which whoever reads it may not have written himself: its
    /// addresses are agreed to by nobody.
    pub fn of(experiment: &Experiment) -> Self {
        let network = &experiment.network;
        let thousandth = |value: u32| (f64::from(value) / 1e3).to_string();
        let (source, addresses) = match &network.source {
            Source::Simulated => (SourceKind::Simulated, String::new()),
            Source::ThisSite => (SourceKind::ThisSite, String::new()),
            Source::Addresses(addresses) => (SourceKind::Addresses, addresses.join("\n")),
        };
        Self {
            source,
            addresses,
            agreed: String::new(),
            latency_ms: thousandth(network.latency_us),
            jitter_ms: thousandth(network.jitter_us),
            bandwidth_kb: thousandth(network.bandwidth),
            failures_percent: (f64::from(network.failures) / 10.0).to_string(),
            fault: network.fault,
            timeout_s: thousandth(network.timeout_ms),
            steps: experiment.steps.map(|step| (step.model, step.lanes.to_string())),
        }
    }

    /// Whether there are addresses that nobody here has written or agreed to.
    pub fn needs_consent(&self) -> bool {
        self.source == SourceKind::Addresses && self.addresses != self.agreed
    }

    /// Reads the network.
    pub(super) fn network(&self) -> Result<Network, Refusal> {
        let source = match self.source {
            SourceKind::Simulated => Source::Simulated,
            SourceKind::ThisSite => Source::ThisSite,
            SourceKind::Addresses if self.needs_consent() => return Err(Refusal::NoConsent),
            SourceKind::Addresses => {
                Source::Addresses(self.addresses.split_whitespace().map(String::from).collect())
            }
        };
        Ok(Network {
            source,
            latency_us: thousandths(Field::Latency, &self.latency_ms)?,
            jitter_us: thousandths(Field::Jitter, &self.jitter_ms)?,
            bandwidth: thousandths(Field::Bandwidth, &self.bandwidth_kb)?,
            failures: thousandths(Field::Failures, &self.failures_percent)? / 100,
            fault: self.fault,
            timeout_ms: thousandths(Field::Timeout, &self.timeout_s)?,
        })
    }

    /// Reads the steps.
    pub(super) fn steps(&self) -> Result<[Point; 3], Refusal> {
        let step = |at: usize| {
            let (model, lanes) = &self.steps[at];
            Ok(Point { model: *model, lanes: number(Field::StepLanes(at), lanes)? })
        };
        Ok([step(0)?, step(1)?, step(2)?])
    }

    /// What a field holds; `None` of one that is not about waiting.
    pub(super) fn value(&self, field: Field) -> Option<&str> {
        Some(match field {
            Field::Source => id_of(&SOURCES, self.source),
            Field::Addresses => &self.addresses,
            Field::Latency => &self.latency_ms,
            Field::Jitter => &self.jitter_ms,
            Field::Bandwidth => &self.bandwidth_kb,
            Field::Failures => &self.failures_percent,
            Field::Fault => id_of(&FAULTS, self.fault),
            Field::Timeout => &self.timeout_s,
            Field::StepModel(at) => id_of(&STEP_MODELS, self.steps[at].0),
            Field::StepLanes(at) => &self.steps[at].1,
            _ => return None,
        })
    }

    /// Puts `value` into a field. Addresses that are written here are agreed to.
    pub(super) fn set(&mut self, field: Field, value: String) {
        match field {
            Field::Source => choose(&SOURCES, &value, &mut self.source),
            Field::Addresses => {
                self.agreed.clone_from(&value);
                self.addresses = value;
            }
            Field::Latency => self.latency_ms = value,
            Field::Jitter => self.jitter_ms = value,
            Field::Bandwidth => self.bandwidth_kb = value,
            Field::Failures => self.failures_percent = value,
            Field::Fault => choose(&FAULTS, &value, &mut self.fault),
            Field::Timeout => self.timeout_s = value,
            Field::StepModel(at) => {
                let (model, lanes) = &mut self.steps[at];
                choose(&STEP_MODELS, &value, model);
                if *model == Model::Serial {
                    *lanes = "1".to_owned();
                }
            }
            Field::StepLanes(at) => self.steps[at].1 = value,
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Settings;
    use super::*;
    use crate::workload::WorkloadId;

    fn form(network: Network) -> Settings {
        Settings::of(&Experiment { network, ..Experiment::of(WorkloadId::Addresses, 2) })
    }

    #[test]
    fn a_network_is_read_as_it_was_written() {
        let network = Network {
            latency_us: 12_500,
            jitter_us: 3_000,
            bandwidth: 250_000,
            failures: 25,
            fault: Fault::HalfBody,
            timeout_ms: 1_500,
            ..Network::default()
        };
        assert_eq!(form(network.clone()).experiment().unwrap().network, network);
        let mut settings = form(network);
        settings.set(Field::Latency, "a while".to_owned());
        assert!(matches!(settings.experiment(), Err(Refusal::NoNumber { field: Field::Latency, .. })));
    }

    #[test]
    fn addresses_are_fetched_only_when_someone_here_has_agreed() {
        let source = Source::Addresses(vec!["https://example.org/".to_owned()]);
        let mut settings = form(Network { source: source.clone(), ..Network::default() });
        assert_eq!(settings.experiment(), Err(Refusal::NoConsent));
        settings.consent();
        assert_eq!(settings.experiment().unwrap().network.source, source);

        let mut settings = form(Network::default());
        settings.set(Field::Source, "addresses".to_owned());
        settings.set(Field::Addresses, " https://example.org/a\nhttps://example.org/b ".to_owned());
        let written = ["https://example.org/a", "https://example.org/b"].map(String::from).to_vec();
        assert_eq!(settings.experiment().unwrap().network.source, Source::Addresses(written));
    }

    #[test]
    fn a_step_that_is_serial_has_one_lane() {
        let mut settings = Settings::of(&Experiment::of(WorkloadId::Pipeline, 4));
        settings.set(Field::StepModel(0), "async".to_owned());
        settings.set(Field::StepModel(2), "serial".to_owned());
        let steps = settings.experiment().unwrap().steps;
        assert_eq!(steps[0], Point { model: Model::Async, lanes: 16 });
        assert_eq!(steps[1], Point { model: Model::Processes, lanes: 4 });
        assert_eq!(steps[2], Point { model: Model::Serial, lanes: 1 });
    }
}
