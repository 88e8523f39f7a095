use super::*;

fn with(field: Field, value: &str) -> Result<Experiment, Refusal> {
    let mut settings = Settings::of(&Experiment::default());
    settings.set(field, value.to_owned());
    settings.experiment()
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
}

#[test]
fn every_choice_can_be_chosen() {
    let mut settings = Settings::of(&Experiment::default());
    for field in [&Field::WORK[..], &Field::RUN, &Field::MORE].concat() {
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
        (Field::ChunkSize, "many"),
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

#[test]
fn the_gil_in_native_code_is_asked_for_where_there_is_some() {
    let mut settings = Settings::of(&Experiment::default());
    assert!(!Field::NativeCode.matters(&settings), "the cosine sum is Python's");
    settings.set(Field::Workload, "matrix-product".to_owned());
    assert!(Field::NativeCode.matters(&settings));
    settings.toggle(Model::ThreadsGil);
    assert!(!Field::NativeCode.matters(&settings), "no model has a GIL");
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
    let own = Settings { seed: "2".to_owned(), ..Settings::of(&Experiment::default()) };
    assert!(Preset::of(&own, 2).is_none());
}
