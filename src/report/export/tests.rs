use super::*;
use crate::domain::Fallback;
use crate::experiment::Experiment;
use crate::report::examples::report;
use crate::workload::WorkloadId;

/// A small report, with a name that means something everywhere.
fn small() -> Report {
    let mut known = report(1, 800_000.0, 1);
    known.name = "=A, \"B\" | <c>".to_owned();
    known.points.truncate(3);
    known
}

#[test]
fn csv_has_a_row_for_every_point() {
    let text = csv(&[small(), report(2, 400_000.0, 2)]);
    let rows: Vec<&str> = text.split("\r\n").collect();
    assert_eq!(rows.len(), 1 + 3 + 10 + 1, "{text}");
    let columns = rows[0].split(',').count();
    assert_eq!(rows[5].split(',').count(), columns);
    assert!(rows[1].starts_with("\"'=A, \"\"B\"\" | <c>\",2026-11-20,Chromium 156,1,isolated,3fa2,cosine-sum,M,strong,serial,1,14,800000,"), "{}", rows[1]);
    assert!(rows[5].starts_with(",2026-11-20,"), "{}", rows[5]);
}

#[test]
fn markdown_has_a_table_in_which_a_name_means_nothing() {
    let text = markdown(&[small()], "https://example.org/lanes/");
    let text = text.replace(['\u{a0}', '\u{2060}'], " ");
    assert!(text.starts_with("**cosine sum** on \\=A\\, \\\"B\\\" \\| &lt;c\\>, 2026-11-20 ([in Lanes](https://example.org/lanes/#r="), "{text}");
    assert!(text.contains("\n|---|---:|---:|---:|---:|---:|\n| serial | 1 | 800 ms ("), "{text}");
    assert_eq!(text.lines().filter(|line| line.starts_with('|')).count(), 2 + 3);
}

#[test]
fn what_waits_names_where_its_bytes_came_from() {
    let mut waits = small();
    waits.experiment = Experiment::of(WorkloadId::Mailbox, 1);
    waits.fallbacks = vec![Fallback::NoSimulation];
    let text = csv(std::slice::from_ref(&waits));
    assert!(text.lines().skip(1).all(|row| row.ends_with(",this site")), "{text}");
    let text = markdown(&[waits], "");
    assert!(text.contains(", 2026-11-20, from this site, as no network could be simulated ([in"), "{text}");
}
