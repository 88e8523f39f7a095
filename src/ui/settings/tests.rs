use super::*;
use crate::domain::{Fault, Network, Point, PoolCall, Scaling, Source, Start};

fn with(id: &str, value: &str) -> Result<Experiment, ExperimentError> {
    let mut settings = Settings::of(&Experiment::default());
    assert!(settings.set(id, value.to_owned()), "{id}: {value}");
    settings.experiment()
}

fn waiting(network: Network) -> Settings {
    Settings::of(&Experiment { network, ..Experiment::of(WorkloadId::Addresses, 2) })
}

#[test]
fn the_form_of_an_experiment_reads_as_that_experiment() {
    for cores in [1, 2, 6, 16] {
        let experiment = Experiment {
            scaling: Scaling::Weak,
            start: Start::Cold,
            call: PoolCall::Imap,
            chunk_size: 16,
            native_releases_gil: false,
            seed: u64::MAX,
            ..Experiment::for_cores(cores)
        };
        assert_eq!(Settings::of(&experiment).experiment(), Ok(experiment));
    }
    let network = Network {
        latency_us: 12_500,
        jitter_us: 3_000,
        bandwidth: 250_001,
        failures: 25,
        fault: Fault::HalfBody,
        timeout_ms: 1_500,
        ..Network::default()
    };
    assert_eq!(waiting(network.clone()).experiment().unwrap().network, network);
}

#[test]
fn every_choice_can_be_chosen() {
    let mut settings = Settings::of(&Experiment::of(WorkloadId::Pipeline, 2));
    for setting in SETTINGS {
        for choice in setting.choices(&settings.draft.clone()) {
            assert!(settings.set(setting.id, choice.id.to_owned()));
            assert_eq!(settings.value(setting.id), choice.id);
            assert_eq!(setting.chosen(&settings.draft).map(|chosen| chosen.id), Some(choice.id));
        }
        let before = settings.clone();
        if !setting.choices(&settings.draft).is_empty() {
            assert!(!settings.set(setting.id, "no such choice".to_owned()));
            assert_eq!(settings, before);
        }
        // The network is what work that waits has.
        settings.set("workload", "pipeline".to_owned());
    }
}

#[test]
fn lane_counts_are_read_with_commas_and_spaces() {
    assert_eq!(with("lane-counts", " 1,3  8,").unwrap().lane_counts, [1, 3, 8]);
    assert!(with("lane-counts", "").unwrap_err().why.contains("Choose at least one"));
}

#[test]
fn everything_that_is_wrong_with_a_field_is_named_there() {
    for (id, text, why) in [
        (
            "lane-counts",
            "1, 2, 500",
            "Lane counts: “500” cannot be used. Write whole numbers from 1 to 64, with commas between them.",
        ),
        (
            "lane-counts",
            "0, abc",
            "Lane counts: “0” and “abc” cannot be used. Write whole numbers from 1 to 64, with commas between them.",
        ),
        ("min-rounds", "-1", "Minimum rounds: “-1” cannot be used. Write a whole number from 1 to 1000."),
        ("max-rounds", "1e9", "Maximum rounds: “1e9” cannot be used. Write a whole number from 1 to 1000."),
        ("budget", "soon", "Time budget: “soon” cannot be used. Write a number from 0.1 to 600 s."),
        ("budget", "NaN", "Time budget: “NaN” cannot be used. Write a number from 0.1 to 600 s."),
        ("budget", "1e300", "Time budget: “1e300” cannot be used. Write a number from 0.1 to 600 s."),
        ("budget", "-5", "Time budget: “-5” cannot be used. Write a number from 0.1 to 600 s."),
        ("switch-interval", "", "Switch interval is empty. Write a number from 0.1 to 1000 ms."),
        (
            "switch-interval",
            "0.05",
            "Switch interval: “0.05” cannot be used. Write a number from 0.1 to 1000 ms.",
        ),
        (
            "chunk-size",
            "many",
            "Chunk size: “many” cannot be used. Write a whole number from 0 to 10000 tasks.",
        ),
        (
            "seed",
            "18446744073709551616",
            "Seed: “18446744073709551616” cannot be used. Write a whole number from 0 to 18446744073709551615.",
        ),
    ] {
        assert_eq!(with(id, text), Err(ExperimentError::new(id, why)));
    }
    assert_eq!(with("switch-interval", "0.5").unwrap().switch_interval_us, 500);

    let mut settings = waiting(Network::default());
    settings.set("latency", "10500.5".to_owned());
    settings.set("failures", "100.5".to_owned());
    settings.set("source", "this-site".to_owned());
    assert_eq!(settings.refusals, [], "this site has neither");
    settings.set("source", "simulated".to_owned());
    let whys: Vec<&str> = settings.refusals.iter().map(|refusal| refusal.why.as_str()).collect();
    assert_eq!(
        whys,
        [
            "Latency: “10500.5” cannot be used. Write a number from 0 to 10000 ms.",
            "Failing requests: “100.5” cannot be used. Write a number from 0 to 100 %."
        ]
    );
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

#[test]
fn a_setting_is_asked_for_where_it_makes_a_difference() {
    let asks = |settings: &Settings, id: &str| {
        SETTINGS.iter().any(|setting| setting.id == id && setting.applies.to(&settings.draft))
    };
    let mut settings = Settings::of(&Experiment::default());
    assert!(!asks(&settings, "native-code"), "the cosine sum is Python's");
    settings.set("workload", "matrix-product".to_owned());
    assert!(asks(&settings, "native-code"));
    settings.toggle(Model::ThreadsGil);
    assert!(!asks(&settings, "native-code"), "no model has a GIL");

    let mut settings = waiting(Network::default());
    assert!(asks(&settings, "failures") && !asks(&settings, "fault"));
    settings.set("failures", "2.5".to_owned());
    assert!(asks(&settings, "fault") && !asks(&settings, "addresses"));
    settings.set("source", "addresses".to_owned());
    assert!(asks(&settings, "addresses") && asks(&settings, "timeout") && !asks(&settings, "latency"));
}

#[test]
fn addresses_are_fetched_only_when_someone_here_has_agreed() {
    let source = Source::Addresses(vec!["https://example.org/".to_owned()]);
    let mut settings = waiting(Network { source: source.clone(), ..Network::default() });
    assert_eq!(settings.experiment(), Err(ExperimentError::new(ADDRESSES, NO_CONSENT)));
    settings.consent();
    assert_eq!(settings.experiment().unwrap().network.source, source);

    let mut settings = waiting(Network::default());
    settings.set("source", "addresses".to_owned());
    settings.set("addresses", " https://example.org/a\nhttps://example.org/b ".to_owned());
    let written = ["https://example.org/a", "https://example.org/b"].map(String::from).to_vec();
    assert_eq!(settings.experiment().unwrap().network.source, Source::Addresses(written));
    settings.set("addresses", "https://example.org/a ftp://b c".to_owned());
    assert!(settings.experiment().unwrap_err().why.contains("“ftp://b” and “c” cannot be used"));
}

#[test]
fn a_step_that_is_serial_has_one_lane() {
    let mut settings = Settings::of(&Experiment::of(WorkloadId::Pipeline, 4));
    settings.set("step-1-model", "async".to_owned());
    settings.set("step-3-model", "serial".to_owned());
    let steps = settings.experiment().unwrap().steps;
    assert_eq!(steps[0], Point { model: Model::Async, lanes: 16 });
    assert_eq!(steps[1], Point { model: Model::Processes, lanes: 4 });
    assert_eq!(steps[2], Point { model: Model::Serial, lanes: 1 });
    settings.set("step-3-lanes", "2".to_owned());
    assert_eq!(settings.experiment().unwrap_err().setting, "step-3-lanes");
}

#[test]
fn every_preset_can_be_run_and_is_known_by_its_settings() {
    for cores in [1, 2, 6, 16, 64] {
        for preset in Preset::ALL {
            let settings = Settings::of(&preset.experiment(cores));
            assert_eq!(settings.experiment(), Ok(preset.experiment(cores)), "{}", preset.id);
            assert_eq!(Preset::of(&settings, cores).map(|found| found.id), Some(preset.id), "{cores} cores");
            assert_eq!(Preset::from_id(preset.id).map(|found| found.name), Some(preset.name));
        }
    }
    assert_eq!(Preset::ALL[0].experiment(4), Experiment::for_cores(4), "the first is the default");
    let mut own = Settings::of(&Experiment::default());
    own.set("seed", "2".to_owned());
    assert!(Preset::of(&own, 2).is_none());
}
