use super::examples::report;
use super::*;
use crate::chart::Metric;
use crate::machine::Isolation;

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
