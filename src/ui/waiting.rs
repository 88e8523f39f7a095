//! What is said of tasks that failed, and of what a pipeline counted.

use crate::domain::{Source, TaskError};
use crate::experiment::Experiment;
use crate::format;
use crate::summary::Summary;
use crate::workload::io::Counts;

/// Which tasks failed, and why: by their addresses where these are the visitor's own, else by the reason.
pub fn failed_tasks(experiment: &Experiment, summary: &Summary) -> Vec<(String, String)> {
    let mut lines: Vec<(Option<u32>, &TaskError, u32)> = Vec::new();
    let is_own = experiment.network.has_own_addresses();
    for (failed, times) in summary.points.iter().flat_map(|point| &point.failed_tasks) {
        let task = is_own.then_some(failed.task);
        match lines.iter_mut().find(|line| (line.0, line.1) == (task, &failed.reason)) {
            Some(line) => line.2 += times,
            None => lines.push((task, &failed.reason, *times)),
        }
    }
    lines.sort_by(|a, b| a.0.cmp(&b.0).then(b.2.cmp(&a.2)));
    let who = |task: Option<u32>, times| match (&experiment.network.source, task) {
        (Source::Addresses(addresses), Some(task)) => {
            let address = addresses.get(task as usize).map_or("an address", String::as_str);
            format!("{address} ({})", format::count(times, "time"))
        }
        _ => format::count(times, "task"),
    };
    lines.into_iter().map(|(task, reason, times)| (who(task, times), reason.to_string())).collect()
}

/// What stands above the tasks that failed, in so many trials.
pub fn trials_with_failures(trials: u32) -> String {
    let are = if trials == 1 { "which is" } else { "which are" };
    format!("Some tasks failed in {}, {are} not counted:", format::count(trials, "trial"))
}

/// A small chart of what was counted: its title, and the bars by their names.
pub type Bars = (&'static str, Vec<(String, u32)>);

/// The small charts of what a pipeline counted.
pub fn charts(counts: &Counts) -> [Bars; 4] {
    const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    let days = DAYS.into_iter().map(String::from).zip(counts.weekdays).collect();
    // By the hour one could not read them on a telephone.
    let hours = counts.hours.chunks(3).zip((0..).step_by(3));
    let hours = hours.map(|(three, from)| (format!("{from}–{} h", from + 3), three.iter().sum())).collect();
    [
        ("Mails by sender", counts.senders.clone()),
        ("Frequent words", counts.words.clone()),
        ("Mails by weekday", days),
        ("Mails by hour", hours),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{FailedTask, Model, Network, Point};
    use crate::summary::PointSummary;
    use crate::workload::WorkloadId;

    fn summary() -> Summary {
        let failed = |task, reason| FailedTask { task, reason };
        let point = |lanes, failed_tasks| PointSummary {
            failed_tasks,
            ..PointSummary::unknown(Point { model: Model::Async, lanes })
        };
        let points = vec![
            point(1, vec![(failed(1, TaskError::Status(404)), 2), (failed(0, TaskError::HalfBody), 1)]),
            point(2, vec![(failed(0, TaskError::Status(404)), 3), (failed(1, TaskError::Status(404)), 1)]),
        ];
        Summary { points, ..Summary::default() }
    }

    fn said(source: Source) -> Vec<String> {
        let network = Network { source, ..Network::default() };
        let experiment = Experiment { network, ..Experiment::of(WorkloadId::Addresses, 2) };
        let lines = failed_tasks(&experiment, &summary());
        lines.into_iter().map(|(who, why)| format!("{who}: {why}").replace('\u{a0}', " ")).collect()
    }

    #[test]
    fn failures_are_told_by_their_reasons() {
        assert_eq!(
            said(Source::Simulated),
            ["6 tasks: not found (404)", "1 task: the answer stopped half-way"]
        );
    }

    #[test]
    fn ones_own_addresses_are_told_each_by_itself() {
        let own = ["https://a/", "https://b/"].map(String::from).to_vec();
        assert_eq!(
            said(Source::Addresses(own)),
            [
                "https://a/ (3 times): not found (404)",
                "https://a/ (1 time): the answer stopped half-way",
                "https://b/ (3 times): not found (404)",
            ]
        );
    }

    #[test]
    fn one_trial_is_no_trials() {
        let plain = |trials| trials_with_failures(trials).replace('\u{a0}', " ");
        assert_eq!(plain(1), "Some tasks failed in 1 trial, which is not counted:");
        assert_eq!(plain(2), "Some tasks failed in 2 trials, which are not counted:");
    }

    #[test]
    fn every_mail_stands_in_the_charts_of_days_and_hours() {
        let mut counts = Counts { mails: 3, ..Counts::default() };
        (counts.weekdays[6], counts.weekdays[0], counts.hours[23], counts.hours[9]) = (1, 2, 1, 2);
        let [_, _, (_, days), (_, hours)] = charts(&counts);
        assert_eq!((days.len(), hours.len()), (7, 8));
        assert_eq!(days.iter().map(|(_, mails)| mails).sum::<u32>(), counts.mails);
        assert_eq!((hours[3].clone(), hours[7].clone()), (("9–12 h".into(), 2), ("21–24 h".into(), 1)));
    }
}
