use proptest::prelude::*;

use super::*;
use crate::domain::{
    Fallback, Fault, Model, Network, Point, PoolCall, Program, Scaling, Size, Source, Start,
};
use crate::experiment::{Applies, Kind, Plan, SETTINGS, Setting};
use crate::machine::{Isolation, Machine};
use crate::report::{Day, Incomplete, ReportPoint, essential, examples::report, tidy_name};
use crate::session::Ending;
use crate::stats::Estimate;
use crate::workload::WorkloadId;

pub fn reports_of(link: &str) -> Vec<Report> {
    match decode(link) {
        Ok(Link::Reports(reports)) => reports,
        other => panic!("{link}: {other:?}"),
    }
}

#[test]
fn a_report_is_short() {
    for (cores, serial_us) in [(8, 412_345.0), (8, 9_123_456.0)] {
        let known = report(cores, serial_us, 7);
        let link = of_reports(std::slice::from_ref(&known));
        println!("{} points, serial {serial_us} µs: {} characters", known.points.len(), link.len());
        assert!(known.points.len() >= 15 && link.len() <= 250, "{link}");
    }
}

#[test]
fn four_machines_fit_into_one_link() {
    let names = ["Anna", "the lab's server", "Raspberry Pi", "my phone"];
    let reports: Vec<Report> = (0..4)
        .zip(names)
        .map(|(seed, name)| {
            let other = report(2 << seed, 412_345.0 * (1.0 + seed as f64), seed);
            let mut known = report(8, 412_345.0 * (1.0 + seed as f64), seed);
            known.machine = other.machine;
            Report { name: name.to_owned(), ..known }
        })
        .collect();
    let link = of_reports(&reports);
    println!("4 machines of {} points: {} characters", reports[0].points.len(), link.len());
    assert!(link.len() <= 900, "{link}");
    assert_eq!(reports_of(&link).len(), 4);
}

#[test]
fn a_whole_address_is_a_link_too() {
    let link = of_experiment(&Experiment::default());
    let expected = Ok(Link::Experiment(Experiment::default()));
    for text in [link.clone(), link[1..].to_owned(), format!(" https://example.org/lanes/{link}\n")] {
        assert!(is_link(&text));
        assert_eq!(decode(&text), expected, "{text}");
    }
    assert!(link.len() < 12, "{link}");
}

#[test]
fn what_is_wrong_with_a_link_is_said() {
    assert_eq!(decode("#history"), Err(LinkError::NoLink));
    assert_eq!(decode(""), Err(LinkError::NoLink));
    assert_eq!(decode("#r="), Err(LinkError::CutOff));
    assert_eq!(decode("#r=<script>"), Err(LinkError::CutOff));
    assert_eq!(decode(&format!("#r={}", "A".repeat(LONGEST + 1))), Err(LinkError::TooLong));
    let of_another_version = |version| format!("#x={}", sealed(version, vec![0, 1]));
    assert_eq!(decode(&of_another_version(0)), Err(LinkError::Damaged));
    assert_eq!(decode(&of_another_version(VERSION + 1)), Err(LinkError::Newer));
    let newer_bit = sealed(VERSION_OF_EXPERIMENTS, vec![0x80, 0x80, 0x40]);
    assert_eq!(decode(&format!("#x={newer_bit}")), Err(LinkError::Newer));
    let absurd = Experiment { lane_counts: vec![65], ..Experiment::default() };
    assert!(matches!(decode(&of_experiment(&absurd)), Err(LinkError::Experiment(_))));
}

/// One in 65,536 changes goes unseen, and these are none of those.
#[test]
fn a_link_that_was_cut_or_changed_shows_no_figures() {
    let link = of_reports(&[report(8, 412_345.0, 7)]);
    for end in 3..link.len() {
        assert_eq!(decode(&link[..end]), Err(LinkError::CutOff), "{end}");
    }
    for at in 5..link.len() {
        let other = if &link[at..=at] == "A" { "B" } else { "A" };
        let changed = format!("{}{other}{}", &link[..at], &link[at + 1..]);
        assert!(decode(&changed).is_err(), "{changed}");
    }
}

/// Every workload has a number of its own, or a link would carry another one.
#[test]
fn every_workload_can_be_carried() {
    for &workload in WorkloadId::ALL {
        let experiment = essential(&Experiment::of(workload, 2));
        assert_eq!(decode(&of_experiment(&experiment)), Ok(Link::Experiment(experiment)));
    }
}

/// The settings that links leave out by decision: whoever opens one has their default.
const LEFT_OUT: [&str; 0] = [];

#[test]
fn every_row_of_the_table_of_settings_is_carried_or_left_out_by_decision() {
    for setting in SETTINGS.iter().filter(|setting| !LEFT_OUT.contains(&setting.id)) {
        let (changed, lost) = changes_of(setting)
            .into_iter()
            .filter(|experiment| experiment.validate().is_ok())
            .fold((0, 0), |(changed, lost), experiment| {
                let again = decode(&of_experiment(&experiment));
                let is_lost =
                    !matches!(again, Ok(Link::Experiment(again)) if !setting.differs(&again, &experiment));
                (changed + 1, lost + u32::from(is_lost))
            });
        assert!(
            changed > 0,
            "“{}”: no experiment with another value is valid, so nothing was tried",
            setting.id
        );
        assert_eq!(
            lost, 0,
            "A link does not carry every value of the setting “{}”. Links of version 1 mean the same for good, so \
             only append to it: a bit in report/link/v1/experiment.rs or network.rs whose absence means the \
             default, the same in www/poster.js, and a line in report/link/fixtures.txt. If links shall not carry \
             it, name it in LEFT_OUT above.",
            setting.id
        );
    }
}

/// Experiments in which `setting` makes a difference and has other values: all choices, or both ends.
fn changes_of(setting: &Setting) -> Vec<Experiment> {
    let bases = [WorkloadId::MatrixProduct, WorkloadId::Pipeline, WorkloadId::Addresses, WorkloadId::Script]
        .map(|workload| {
            let mut base = Experiment { min_rounds: 1, max_rounds: 1_000, ..Experiment::of(workload, 2) };
            base.network.failures = 1;
            if workload == WorkloadId::Addresses && setting.applies == Applies::OwnAddresses {
                base.network.source = Source::Addresses(Vec::new());
            }
            essential(&base)
        });
    let base = bases.into_iter().find(|base| setting.applies.to(base)).expect("it applies somewhere");
    let with = |change: &dyn Fn(&mut Experiment)| {
        let mut experiment = base.clone();
        change(&mut experiment);
        experiment
    };
    let written = |text| vec![with(&|e| setting.read(text, e).expect("it can be read"))];
    match setting.kind {
        Kind::Choice { choices, set, .. } => {
            (0..choices(&base).len()).map(|at| with(&|e| set(e, at))).collect()
        }
        Kind::Number { range, set, .. } => range.map(|end| with(&|e| set(e, end))).to_vec(),
        Kind::Seed => written("18446744073709551615"),
        Kind::Models => written("serial, threads"),
        Kind::LaneCounts => written("1, 3, 64"),
        Kind::Script => written("def work(task):\n    return task\n\n\nTASKS = [\"é\"]\n"),
        Kind::Addresses => written("https://example.org/a http://127.0.0.1:8080/b?c=d"),
    }
}

/// Links that have landed: they are read for good, and never written anew here.
#[test]
fn links_of_every_version_are_read() {
    let fixtures = include_str!("fixtures.txt");
    for fixture in fixtures.lines().filter(|line| !line.is_empty() && !line.starts_with("//")) {
        let (link, expected) = fixture.split_once(" => ").unwrap();
        let found = match decode(link).unwrap() {
            Link::Experiment(experiment) => written(&experiment),
            Link::Reports(reports) => {
                let tell = |report: &Report| {
                    let measured = report.points.iter().filter(|known| known.time_us.is_some());
                    let sum_us: f64 = measured.filter_map(|known| known.time_us).map(|time| time.value).sum();
                    format!("{}; {} points, {sum_us:.0} µs", report.title(), report.points.len())
                };
                reports.iter().map(tell).collect::<Vec<_>>().join(" | ")
            }
        };
        assert_eq!(found, expected, "{link}");
    }
}

/// What version 1 tells of an experiment; what came later has its usual value.
fn written(experiment: &Experiment) -> String {
    let Experiment { workload, size, models, lane_counts, scaling, start, call, .. } = experiment;
    let Experiment { chunk_size, native_releases_gil, switch_interval_us, .. } = experiment;
    let Experiment { min_rounds, max_rounds, budget_ms, seed, .. } = experiment;
    let python =
        if experiment.is_python() { format!(" Python {:?}", experiment.script) } else { String::new() };
    format!(
        "{} {size:?} {models:?} {lane_counts:?} {scaling:?} {start:?} {call:?} {chunk_size} \
         {native_releases_gil} {switch_interval_us} {min_rounds} {max_rounds} {budget_ms} {seed}{python}",
        workload.id()
    )
}

pub fn experiments() -> impl Strategy<Value = Experiment> {
    let models = prop::sample::select(WorkloadId::ALL).prop_flat_map(|workload| {
        let all = workload.models().to_vec();
        let most = all.len();
        (Just(workload), prop::sample::subsequence(all, 1..=most).prop_shuffle())
    });
    let lanes = prop::sample::subsequence((1..=64).collect::<Vec<u32>>(), 1..8).prop_shuffle();
    let ways = (any::<bool>(), any::<bool>(), any::<bool>(), prop::sample::select(PoolCall::ALL));
    let numbers = (0..=10_000_u32, 100..=1_000_000_u32, 1..=500_u32, 500..=1_000_u32, 100..=600_000_u32);
    let size = prop::sample::select(Size::ALL);
    let rest = (any::<u64>(), networks(), prop::array::uniform3(1..=64_u32));
    (size, models, lanes, ways, numbers, rest).prop_map(
        |(size, (workload, models), lane_counts, (weak, cold, native, call), numbers, rest)| {
            let (seed, network, steps) = rest;
            let program = if native && workload.has_python() { Program::Python } else { Program::Compiled };
            let is_own = matches!(network.source, Source::Addresses(_));
            let allows_own = matches!(workload, WorkloadId::Addresses | WorkloadId::Page);
            let experiment = Experiment {
                workload,
                program,
                script: "TASKS = [1]\n".to_owned(),
                size,
                models,
                lane_counts,
                scaling: if weak { Scaling::Weak } else { Scaling::Strong },
                start: if cold { Start::Cold } else { Start::Warm },
                call,
                chunk_size: numbers.0,
                native_releases_gil: native,
                switch_interval_us: numbers.1,
                min_rounds: numbers.2,
                max_rounds: numbers.3,
                budget_ms: numbers.4,
                seed,
                network: if is_own && !allows_own { Network::default() } else { network },
                steps: steps.map(|lanes| Point { model: Model::Async, lanes }),
            };
            essential(&experiment)
        },
    )
}

fn networks() -> impl Strategy<Value = Network> {
    let addresses = prop::collection::vec("https://[a-z]{1,9}\\.org/[a-z?=&#%]{0,9}", 1..5);
    let source =
        prop_oneof![Just(Source::Simulated), Just(Source::ThisSite), addresses.prop_map(Source::Addresses)];
    let numbers = (0..=10_000_000_u32, 0..=10_000_000_u32, any::<u32>(), 0..=1_000_u32, 100..=60_000_u32);
    (source, numbers, prop::sample::select(Fault::ALL)).prop_map(|(source, numbers, fault)| {
        let (latency_us, jitter_us, bandwidth, failures, timeout_ms) = numbers;
        Network { source, latency_us, jitter_us, bandwidth, failures, fault, timeout_ms }
    })
}

fn estimates(most: f64) -> impl Strategy<Value = Estimate> {
    (1.0..most, 0.0..=1.0, 0.0..20.0).prop_map(|(value, down, up)| Estimate {
        value,
        lo: value * (1.0 - down),
        hi: value * (1.0 + up),
    })
}

fn points(experiment: &Experiment) -> impl Strategy<Value = Vec<ReportPoint>> + use<> {
    let plan = Plan::new(experiment).points().to_vec();
    let copies: Vec<f64> = plan.iter().map(|point| experiment.scaling.copies(point.lanes).into()).collect();
    let known = (0..40_u32, estimates(1e8), prop::option::of(estimates(2.0)), 0..3_u32, 0..9_u32, 0..9_u32);
    prop::collection::vec(known, plan.len()).prop_map(move |known| {
        let has_serial = plan[0].model == Model::Serial && known[0].0 > 0;
        let serial_us = known[0].1.value;
        let points = plan.iter().zip(&copies).zip(known);
        points
            .map(|((&point, copies), (samples, time_us, reach, wrong, failures, idle_lanes))| {
                // It is near to the ratio of the medians, and another figure.
                let value = copies * serial_us / time_us.value * reach.map_or(1.0, |reach| reach.value);
                let speed_up = reach.filter(|_| has_serial && samples > 0).map(|reach| {
                    let scale = value / reach.value;
                    Estimate { value, lo: scale * reach.lo, hi: scale * reach.hi }.in_steps()
                });
                let one = Estimate { value: 1.0, lo: 1.0, hi: 1.0 };
                ReportPoint {
                    point,
                    samples,
                    time_us: (samples > 0).then(|| time_us.in_steps()),
                    speed_up: if point.model == Model::Serial && samples > 0 { Some(one) } else { speed_up },
                    idle_lanes,
                    failures,
                    wrong_answers: wrong.min(failures),
                    incomplete: wrong * failures,
                }
            })
            .collect()
    })
}

pub(super) fn reports() -> impl Strategy<Value = Report> {
    let text = prop_oneof![
        Just(String::new()),
        "\\PC{0,60}",
        Just("Firefox 153".to_owned()),
        Just("A 07".to_owned())
    ];
    let isolation =
        prop::sample::select(vec![Isolation::Isolated, Isolation::NotIsolated, Isolation::NoSharedMemory]);
    let machine = (prop::option::of(any::<u32>()), text, isolation, 0.0..1e6, prop::option::of(any::<u32>()));
    let all = Fallback::ALL.to_vec();
    let trouble = (prop::sample::subsequence(all, 0..=4), any::<u32>(), any::<u32>());
    let endings = prop::sample::select(vec![
        Ending::Certain,
        Ending::BudgetSpent,
        Ending::RoundsRun,
        Ending::Stopped,
        Ending::NothingRuns,
    ]);
    let rest =
        (prop::option::of(estimates(9.0)), prop::option::of(estimates(1e6)), any::<u16>(), any::<u32>());
    let day = prop::option::of(0..=crate::report::day::LAST_DAY.0);
    let cores = prop::option::of(1..=64_u32);
    let with_points = experiments().prop_flat_map(|experiment| (points(&experiment), Just(experiment)));
    ("\\PC{0,60}", day, machine, cores, (endings, trouble), rest, with_points).prop_map(
        |(name, day, machine, measured_cores, (ending, trouble), rest, points)| {
            let (drift, spawn_us, build, hidden_trials) = rest;
            Report {
                name,
                day: day.map(Day),
                build,
                machine: Machine {
                    reported_cores: machine.0,
                    browser: tidy_name(&machine.1),
                    isolation: machine.2,
                    timer_step_us: machine.3,
                    memory_mib: machine.4,
                },
                fallbacks: trouble.0,
                incomplete: Incomplete { trials: trouble.1, tasks: trouble.2 },
                measured_cores,
                ending,
                hidden_trials,
                drift: drift.map(Estimate::in_steps),
                spawn_us: spawn_us.map(Estimate::in_steps),
                points: points.0,
                experiment: points.1,
            }
        },
    )
}

proptest! {
    #[test]
    fn every_experiment_comes_back(experiment in experiments()) {
        prop_assert_eq!(decode(&of_experiment(&experiment)), Ok(Link::Experiment(experiment)));
    }

    #[test]
    fn every_report_comes_back_with_its_figures(known in prop::collection::vec(reports(), 1..4)) {
        let link = of_reports(&known);
        prop_assume!(link.len() < LONGEST);
        let read = reports_of(&link);
        prop_assert_eq!(&of_reports(&read), &link);
        prop_assert_eq!(&reports_of(&link), &read);
        prop_assert_eq!(&rounded(known[0].clone()), &read[0]);
        for (known, read) in known.iter().zip(&read) {
            prop_assert_eq!(&read.experiment, &known.experiment);
            prop_assert_eq!(&read.name, &tidy_name(&known.name));
            prop_assert_eq!(&read.machine.browser, &known.machine.browser);
            prop_assert!((read.machine.timer_step_us - known.machine.timer_step_us).abs() <= 0.05);
            prop_assert_eq!(read.machine.reported_cores, known.machine.reported_cores);
            prop_assert_eq!(read.machine.memory_mib, known.machine.memory_mib);
            prop_assert_eq!((&read.fallbacks, read.incomplete), (&known.fallbacks, known.incomplete));
            prop_assert_eq!(
                (read.day, read.build, read.measured_cores, read.ending, read.hidden_trials),
                (known.day, known.build, known.measured_cores, known.ending, known.hidden_trials)
            );
            prop_assert_eq!((known.drift, known.spawn_us), (read.drift, read.spawn_us));
            prop_assert_eq!(read.points.len(), known.points.len());
            prop_assert_eq!(&read.points, &known.points);
        }
    }

    #[test]
    fn any_text_is_read_or_refused(text in "\\PC*", letters in "[A-Za-z0-9_-]{0,600}") {
        let _ = decode(&text);
        let _ = decode(&format!("#r={letters}"));
        let _ = decode(&format!("#x={letters}"));
    }

    #[test]
    fn any_content_is_read_or_refused(content in prop::collection::vec(any::<u8>(), 0..400)) {
        for version in 1..=VERSION {
            let text = sealed(version, content.clone());
            for kind in ["x", "r"] {
                if let Ok(Link::Reports(reports)) = decode(&format!("#{kind}={text}")) {
                    prop_assert!(reports.len() <= MOST_REPORTS);
                }
            }
        }
    }
}
