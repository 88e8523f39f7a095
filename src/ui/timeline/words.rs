//! The timeline's sentences.

use crate::experiment::Experiment;
use crate::format;
use crate::overlap::Overlap;
use crate::sample::Sample;

/// How far the lanes overlap, and what the system may have to do with it.
pub fn overlap(overlap: Option<Overlap>, cores: Option<u32>) -> String {
    let Some(overlap) = overlap else { return String::new() };
    match cores {
        Some(cores) if overlap.is_beyond(cores) => format!(
            "{overlap} There are only {} reported: the system lets the lanes take turns on them, which lanes cannot see.",
            format::count(cores, "core")
        ),
        _ => overlap.to_string(),
    }
}

/// Which trial is shown: the one that ended last, if it `follows` the run.
pub fn trial(sample: Option<&Sample>, follows: bool, running: bool) -> String {
    let Some(sample) = sample else {
        return "Run the experiment; then click a point of the chart, or press Enter on it.".to_owned();
    };
    let trial = format!("{}: {} in all.", name(sample), format::duration(sample.total_us));
    match (follows, running) {
        (true, true) => format!(
            "Live, trial by trial. {trial} A trial that still runs tells only how much it has done, as telling more would slow it down."
        ),
        _ => trial,
    }
}

/// A trial of `experiment` by its full name.
pub fn title(experiment: &Experiment, sample: &Sample) -> String {
    format!("{}, {}", experiment.work_name(), name(sample))
}

/// The name of a trial's file.
pub fn file_name(experiment: &Experiment, sample: &Sample) -> String {
    let point = sample.trial.point;
    let model = point.model.name().replace(" + ", "-");
    format!("lanes-{}-{model}-{}-trial-{}.json", experiment.workload.id(), point.lanes, sample.trial.id)
}

fn name(sample: &Sample) -> String {
    let point = sample.trial.point;
    match sample.trial.round {
        0 => format!("{point}, warm-up"),
        round => format!("{point}, round {round}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Activity, Model, Point, Segment, Trial};
    use crate::ui::timeline::tests::sample_of;

    fn sample(lanes: u32, round: u32) -> Sample {
        let segment = Segment { activity: Activity::Compute, start_us: 0.0, end_us: 412_000.0 };
        let trial = Trial { id: 7, round, point: Point { model: Model::ThreadsGil, lanes } };
        sample_of(trial, 412_000.0, vec![vec![segment]; lanes as usize])
    }

    fn plain(text: String) -> String {
        text.replace('\u{a0}', " ")
    }

    #[test]
    fn a_trial_is_named_in_full() {
        let experiment = Experiment::default();
        assert_eq!(plain(title(&experiment, &sample(2, 3))), "cosine sum, threads + GIL, 2 lanes, round 3");
        assert_eq!(file_name(&experiment, &sample(2, 3)), "lanes-cosine-sum-threads-GIL-2-trial-7.json");
        assert_eq!(
            plain(trial(Some(&sample(1, 0)), true, false)),
            "threads + GIL, 1 lane, warm-up: 412 ms in all."
        );
        assert!(trial(Some(&sample(1, 0)), true, true).starts_with("Live"));
    }

    #[test]
    fn more_lanes_than_cores_are_the_systems_to_divide() {
        let of = |lanes| Overlap::of(&sample(lanes, 1).lanes);
        assert!(overlap(Some(of(4)), Some(2)).contains("take turns"));
        assert!(!overlap(Some(of(2)), Some(2)).contains("take turns"));
        assert!(!overlap(Some(of(4)), None).contains("take turns"));
    }
}
