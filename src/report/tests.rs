use super::examples::report;
use super::link::Link;
use super::*;
use crate::chart::Metric;
use crate::domain::{FailedTask, TaskError, Trial};
use crate::experiment::Plan;
use crate::machine::Isolation;
use crate::sample::Sample;
use crate::summary::Record;
use crate::verdict::Verdict;
use crate::workload::WorkloadId;

#[test]
fn a_report_tells_what_its_summary_told() {
    let known = report(8, 612_345.0, 1);
    let again = Report::of(&known.experiment, &known.machine, &known.summary(), known.ending, &[]);
    assert_eq!(again.points, known.points);
    assert_eq!(again.drift, known.drift);
    assert_eq!(Metric::Time.figures(&known.summary()).len(), known.points.len());
}

#[test]
fn threads_that_could_not_run_say_why_again() {
    let mut known = report(2, 612_345.0, 1);
    known.machine.isolation = Isolation::NotIsolated;
    for point in known.points.iter_mut().filter(|known| known.point.model.needs_shared_memory()) {
        *point = ReportPoint { samples: 0, time_us: None, speed_up: None, failures: 3, ..*point };
    }
    let summary = known.summary();
    let threads = summary.points.iter().find(|point| point.point.model == Model::Threads).unwrap();
    assert_eq!(threads.last_error, Some(TrialError::NotIsolated));
    assert!(known.warnings().iter().any(|warning| matches!(warning, Warning::NotIsolated { .. })));
}

#[test]
fn a_machine_is_called_by_its_name_or_by_what_it_is() {
    let mut known = report(8, 612_345.0, 1);
    assert_eq!(known.title(), "8 cores, Chromium 156");
    known.name = tidy_name("  Anna's\nlaptop ");
    assert_eq!(known.title(), "Anna's laptop");
    known = Report { name: String::new(), ..known };
    known.machine.reported_cores = None;
    known.machine.browser.clear();
    assert_eq!(known.title(), "a machine");
    assert_eq!(tidy_name(&"ä".repeat(50)).chars().count(), LONGEST_NAME);
}

/// What a run of `experiment` comes to where models gain and lose by chance, some points fail, and some tasks do.
fn run_by_chance(experiment: &Experiment, seed: u64) -> Summary {
    let mut rng = fastrand::Rng::with_seed(seed);
    let plan = Plan::new(experiment);
    let mut record = Record::new(plan.points(), experiment.scaling).bound_by(experiment.workload.bound());
    let spread = 10_f64.powf(-3.0 * rng.f64());
    for &point in plan.points() {
        let gain = if point.model == Model::Serial { 1.0 } else { 10_f64.powf(3.0 * rng.f64() - 2.0) };
        let fate = rng.u32(..12);
        for round in 1..=rng.u32(if fate == 2 { 5..6 } else { 6..12 }) {
            let trial = Trial { id: 0, round, point };
            let noise = 1.0 + spread * (2.0 * rng.f64() - 1.0);
            let mut sample = Sample::new(trial, 4e5 / gain * noise, Vec::new());
            match fate {
                0 => record.fail(trial, TrialError::OutOfMemory),
                1 => {
                    sample.failed_tasks = vec![FailedTask { task: 1, reason: TaskError::HalfBody }];
                    record.add(trial, &sample);
                }
                _ => record.add(trial, &sample),
            }
        }
    }
    record.fit(Some(2));
    record.summary().clone()
}

#[test]
fn one_run_has_one_verdict_wherever_it_is_told() {
    let mut verdicts = std::collections::BTreeSet::new();
    for (&workload, seed) in
        WorkloadId::ALL.iter().zip(0..).flat_map(|(id, at)| (0..20).map(move |n| (id, 20 * at + n)))
    {
        let experiment = Experiment::of(workload, 2);
        let summary = run_by_chance(&experiment, seed);
        let machine = report(2, 1e5, 1).machine;
        let known = Report::of(&experiment, &machine, &summary, Ending::RoundsRun, &[]);
        // The history keeps links.
        let Ok(Link::Reports(by_link)) = link::decode(&link::of_reports(std::slice::from_ref(&known))) else {
            panic!("{known:?}")
        };
        let by_file = import(&export::json(std::slice::from_ref(&known))).unwrap();
        let words = |summary: &Summary| Verdict::of(summary).map(|verdict| verdict.to_string());
        let verdict = words(&summary);
        for (how, told) in [("report", &known), ("link", &by_link[0]), ("file", &by_file[0])] {
            assert_eq!(words(&told.summary()), verdict, "{how} of {}, seed {seed}", workload.id());
            assert_eq!(told.points, known.points, "{how} of {}, seed {seed}", workload.id());
            assert_eq!(told.measured_cores, known.measured_cores, "{how}");
            for &quantity in compare::Quantity::ALL {
                assert_eq!(quantity.of(told), quantity.of(&known), "{how} beside the run itself");
            }
        }
        let shown = summary.points.iter().filter_map(|point| point.speed_up);
        let saved = export::csv(&by_link);
        for Estimate { value, lo, hi } in shown {
            assert!(saved.contains(&format!(",{value},{lo},{hi},")), "{value} is not in the file");
        }
        verdicts.insert(verdict);
    }
    assert!(verdicts.len() > 100, "they differ");
}
