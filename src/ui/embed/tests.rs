use super::*;
use crate::domain::{Size, Source};
use crate::ui::{
    settings::Refusal,
    state::{Action, State},
};

fn read(attributes: &[(&str, &str)], hash: &str) -> Setup {
    let owned: Vec<_> = attributes.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
    Setup::read(&owned, hash, 8)
}

#[test]
fn without_attributes_it_is_the_experiment_for_the_machine() {
    let setup = read(&[], "");
    assert_eq!(setup.settings, Settings::of(&Experiment::for_cores(8)));
    assert_eq!(setup.problems, [""; 0]);
}

#[test]
fn attributes_are_settings_by_their_names() {
    let attributes = [
        ("workload", "big-product"),
        ("models", "serial, threads-gil,processes"),
        ("lanes", "1, 3"),
        ("size", "s"),
        ("view", "time"),
        ("axes", "linear"),
        ("theme", "dark"),
    ];
    let setup = read(&attributes, "");
    assert_eq!(setup.problems, [""; 0]);
    let experiment = setup.settings.experiment().unwrap();
    let look = Look { metric: Metric::Time, axes: Axes::Linear };
    assert_eq!(experiment.models, [Model::Serial, Model::ThreadsGil, Model::Processes]);
    assert_eq!((experiment.lane_counts, experiment.size), (vec![1, 3], Size::S));
    assert_eq!((experiment.workload.id(), setup.look), ("big-product", look));
}

#[test]
fn what_cannot_be_had_is_told_and_the_rest_stays() {
    let problems = |name, value| read(&[(name, value), ("size", "l")], "");
    for (name, value, told) in [
        ("workload", "mining", "no workload “mining”"),
        ("models", "serial,fibres", "no models “serial,fibres”"),
        ("view", "pie", "no view “pie”"),
        ("axes", "round", "no axes “round”"),
        ("colour", "red", "no setting “colour”"),
        ("lanes", "1000", "lanes"),
    ] {
        let setup = problems(name, value);
        assert!(setup.problems[0].contains(told), "{:?}", setup.problems);
        assert_eq!(setup.settings.size, Size::L);
    }
    assert!(read(&[], "#x=broken").problems[0].contains("damaged"));
}

#[test]
fn a_link_is_the_experiment_and_attributes_change_it() {
    let linked = Experiment { size: Size::L, seed: 7, ..Experiment::default() };
    let look = Look { metric: Metric::Throughput, axes: Axes::Linear };
    let setup = read(&[("seed", "8")], &format!("{}{}", link::of_experiment(&linked), look.to_link()));
    assert_eq!(setup.settings.experiment(), Ok(Experiment { seed: 8, ..linked }));
    assert_eq!(setup.look, look);
}

#[test]
fn the_embedding_page_changes_what_the_form_would() {
    let set =
        |name: &str, value: &str| Action::Embed(EmbedAction::Set { name: name.into(), value: value.into() });
    let state = State::default().reduce(set("lanes", "1, 3")).reduce(set("view", "time"));
    assert_eq!((state.settings.lane_counts.as_str(), state.look.metric), ("1, 3", Metric::Time));
    let refused = state.reduce(set("size", "gigantic"));
    assert_eq!((refused.settings, refused.embed.problems.len()), (state.settings, 1));
}

#[test]
fn addresses_of_the_embedding_page_are_fetched_only_where_the_visitor_can_agree() {
    let attributes =
        [("workload", "addresses"), ("source", "addresses"), ("addresses", "https://example.org/")];
    let setup = read(&attributes, "");
    assert_eq!(setup.settings.experiment(), Err(Refusal::NoConsent));
    assert!(setup.problems[0].contains("not written here"), "{:?}", setup.problems);

    let state = State::default().reduce(Action::Embed(EmbedAction::Begin(Box::new(setup))));
    let set = EmbedAction::Set { name: "addresses".into(), value: "https://example.org/other".into() };
    let state = state.reduce(Action::Embed(set));
    assert_eq!(state.settings.experiment(), Err(Refusal::NoConsent));
    let Ok(Link::Experiment(linked)) = link::decode(&state.link().unwrap()) else { panic!("no link") };
    assert_eq!(linked.network.source, Source::Addresses(vec!["https://example.org/other".into()]));
}

#[test]
fn the_link_carries_the_experiment_until_there_is_a_report() {
    let state = State::default();
    assert_eq!(state.link(), Some(link::of_experiment(&Experiment::default())));
    let refused = state.reduce(Action::Set(Field::LaneCounts, "none".into()));
    assert_eq!(refused.link(), None);
}

#[test]
fn it_speaks_english_and_says_so_of_other_languages() {
    assert_eq!(read(&[("language", "en-GB")], "").problems, [""; 0]);
    assert_eq!(read(&[("language", "fr")], "").problems, ["Lanes speaks English only, not “fr”."]);
}
