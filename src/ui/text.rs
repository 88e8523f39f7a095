//! The page's sentences that depend on what it knows.

use crate::chart::{Figure, Metric};
use crate::domain::{Fallback, Model, Scaling, UseOfAddresses};
use crate::experiment::Experiment;
use crate::format;
use crate::python;
use crate::scaling::SMALL_US;
use crate::session::{Ending, Progress};
use crate::stats::FEWEST_SAMPLES;
use crate::summary::{PointSummary, Summary};

mod report;

use super::state::{Phase, State};
pub use report::{caption, experiment_name, kept, recorded, recorded_verdict, sentences, titles};

/// The experiment in one sentence.
pub fn experiment(experiment: &Experiment) -> String {
    ran(experiment, &[])
}

/// The experiment in one sentence, with the network that it had if trials did what `fallbacks` says.
pub fn ran(experiment: &Experiment, fallbacks: &[Fallback]) -> String {
    format!("Run the {}.", work(experiment, fallbacks))
}

/// What the experiment runs, as part of a sentence.
pub fn work(experiment: &Experiment, fallbacks: &[Fallback]) -> String {
    let name = experiment.work_name();
    let size = experiment.size_names()[experiment.size as usize];
    let models = format::list(&experiment.models.iter().map(|model| model.name()).collect::<Vec<_>>());
    let from = experiment.network_in_words(fallbacks);
    if experiment.models == [Model::Serial] {
        return format!("{name} ({size}) as {models}{from}");
    }
    let lanes = format::list(&experiment.lane_counts);
    let lane = if experiment.lane_counts == [1] { "lane" } else { "lanes" };
    let work = match experiment.scaling {
        Scaling::Strong => "",
        Scaling::Weak => ", with as much work for every lane",
    };
    format!("{name} ({size}) as {models}, at {lanes} {lane}{work}{from}")
}

/// The trial that runs, or what became of the run.
pub fn doing(state: &State) -> String {
    match (state.phase, state.progress) {
        (Phase::Idle, _) => "Nothing runs yet.".to_owned(),
        (Phase::Running, None) => "Starting the lanes …".to_owned(),
        (Phase::Running, Some(Progress { trial, .. })) if trial.round == 0 => {
            format!("Warm-up: {}", trial.point)
        }
        (Phase::Running, Some(Progress { trial, .. })) => {
            format!("Round {}: {}", trial.round, trial.point)
        }
        (Phase::Over(ending), _) => ended(ending).to_owned(),
    }
}

/// What is left of the run.
pub fn left(progress: &Progress) -> String {
    let trials = format::count(progress.left, "trial");
    match progress.left_us {
        Some(us) => format!("{trials} left, {}", format::forecast(us)),
        None => format!("{trials} left"),
    }
}

/// Why the run is over.
pub const fn ended(ending: Ending) -> &'static str {
    match ending {
        Ending::Certain => "Done: every median is within 5\u{a0}%.",
        Ending::BudgetSpent => "Done: the time budget is spent.",
        Ending::RoundsRun => "Done: all rounds were run.",
        Ending::Stopped => "Stopped. What was measured stays.",
        Ending::NothingRuns => "Nothing runs any more: the table says why.",
    }
}

/// How much of the run is done, from 0 to 1.
pub fn done_part(progress: &Progress) -> f64 {
    let all = f64::from(progress.done + progress.left);
    if all > 0.0 { ((f64::from(progress.done) + progress.fraction) / all).clamp(0.0, 1.0) } else { 0.0 }
}

/// How much of the run is done, from 0 to 1; nothing before it, all after it.
pub fn run_part(state: &State) -> f64 {
    match state.phase {
        Phase::Idle => 0.0,
        Phase::Running => state.progress.as_ref().map_or(0.0, done_part),
        Phase::Over(Ending::Stopped | Ending::NothingRuns) => 0.0,
        Phase::Over(_) => 1.0,
    }
}

/// How much work the experiment's size is, by what CPython takes for it; nothing of work that waits.
pub fn size_in_python(experiment: &Experiment) -> Option<String> {
    let us = cpython_us(experiment)?;
    Some(format!("CPython takes about {} for it on one lane.", format::about(us)))
}

/// How long CPython takes for compiled work in a plain loop, in µs. Work that is run as Python has sizes of its own.
fn cpython_us(experiment: &Experiment) -> Option<f64> {
    python::loop_us(experiment.workload, experiment.size).filter(|_| !experiment.is_python())
}

/// What is said beside the figures of a size that is too small for this machine; nothing of one that is not.
pub fn too_small(experiment: &Experiment, summary: &Summary) -> Option<String> {
    let serial = summary.points.iter().find(|point| point.point.model == Model::Serial)?;
    let ours_us = serial.time_us?.value;
    let cpython_us = cpython_us(experiment)?;
    (ours_us < SMALL_US).then(|| {
        format!(
            "Too small for this machine: one lane takes {}, so what lanes cost hides what they gain. CPython takes \
             about {} for the same work, and may gain by lanes where these figures show a loss.",
            format::duration(ours_us),
            format::about(cpython_us)
        )
    })
}

/// What leaves the machine: the requests for addresses of the visitor's own, while the form or the last run has some.
pub fn what_leaves(state: &State) -> &'static str {
    let fetches = |experiment: &Experiment| {
        experiment.network.has_own_addresses()
            && experiment.workload.use_of_addresses() == UseOfAddresses::Fetches
    };
    if fetches(&state.settings.draft) || state.experiment.as_ref().is_some_and(fetches) {
        "Only the requests to the addresses of your experiment leave this machine."
    } else {
        "Nothing leaves this machine."
    }
}

/// What failed and why: points that failed for the same reason share a line.
pub fn failures(summary: &Summary) -> Vec<(String, String)> {
    let mut lines: Vec<(Vec<&PointSummary>, String)> = Vec::new();
    for point in &summary.points {
        let Some(why) = point.last_error.as_ref().map(ToString::to_string) else { continue };
        match lines.iter_mut().find(|(_, same)| *same == why) {
            Some((points, _)) => points.push(point),
            None => lines.push((vec![point], why)),
        }
    }
    lines.into_iter().map(|(points, why)| (who_failed(&points), why)).collect()
}

/// "threads at 1 and 2 lanes (6 trials)", for each model in a row.
fn who_failed(points: &[&PointSummary]) -> String {
    let models = Model::ALL.iter().copied().filter_map(|model| {
        let of_model = || points.iter().filter(|p| p.point.model == model);
        let lanes: Vec<u32> = of_model().map(|p| p.point.lanes).collect();
        let trials: u32 = of_model().map(|p| p.failures).sum();
        let lane = if lanes == [1] { "lane" } else { "lanes" };
        let trials = format::count(trials, "trial");
        let (name, lanes_list) = (model.name(), format::list(&lanes));
        (!lanes.is_empty()).then(|| format!("{name} at {lanes_list} {lane} ({trials})"))
    });
    format::list(&models.collect::<Vec<_>>())
}

/// The tab's title: a run that ended while nobody looked says so until somebody does.
pub fn title(state: &State) -> String {
    const NAME: &str = "Lanes: threads or processes?";
    match (state.phase, &state.progress) {
        (Phase::Idle, _) => NAME.to_owned(),
        (Phase::Running, Some(progress)) if progress.trial.round > 0 => {
            format!("{} · Lanes", format::percent(done_part(progress)))
        }
        (Phase::Running, _) => "Warm-up · Lanes".to_owned(),
        (Phase::Over(_), _) if state.unseen => "✓ Done · Lanes".to_owned(),
        (Phase::Over(_), _) => NAME.to_owned(),
    }
}

/// The line above the chart.
pub fn verdict(state: &State) -> String {
    if let Some(verdict) = state.verdict() {
        return verdict.to_string();
    }
    match state.phase {
        Phase::Idle => "Threads or processes? Run the experiment, and this machine answers.".to_owned(),
        Phase::Running => "Measuring …".to_owned(),
        Phase::Over(_) if state.summary.points.iter().all(|p| p.point.lanes == 1) => {
            "One lane alone has nothing to be compared with.".to_owned()
        }
        Phase::Over(_) if state.summary.points.iter().all(|p| p.point.model != Model::Serial) => {
            "Without the serial model there is nothing to compare with: choose it, too.".to_owned()
        }
        Phase::Over(_) => {
            format!("Too little was measured to say: every point needs {FEWEST_SAMPLES} samples.")
        }
    }
}

/// The cores that the last run made use of.
pub fn measured_cores(state: &State) -> String {
    match (state.measured_cores(), state.phase) {
        (Some(cores), _) => cores.to_string(),
        (None, Phase::Idle) => "not measured yet".to_owned(),
        (None, Phase::Running) => "…".to_owned(),
        (None, Phase::Over(_)) => "cannot be told".to_owned(),
    }
}

/// What stands where no model's curve is known.
pub fn nothing_fitted() -> String {
    format!("Told of every model with {FEWEST_SAMPLES} samples at two lane counts or more.")
}

/// What the laws of scaling say, for those who do not know them.
pub fn laws(scaling: Scaling) -> String {
    let law = match scaling {
        Scaling::Strong => "Amdahl’s law",
        Scaling::Weak => "Gustafson’s law",
    };
    format!(
        "Serial fraction: the part of the work that is not divided, by {law}. Contention and coherency: \
         what lanes lose to waiting for each other, and what each pair of them costs, by the Universal \
         Scalability Law. With intervals of 95\u{a0}%."
    )
}

/// What a screen reader hears of a run: its phases, and not every round. The bar tells the rest.
pub fn announcement(state: &State) -> String {
    match (state.phase, &state.progress) {
        (Phase::Idle, _) => String::new(),
        (Phase::Running, None) => "The run has started.".to_owned(),
        (Phase::Running, Some(progress)) if progress.trial.round == 0 => "Warm-up.".to_owned(),
        (Phase::Running, Some(_)) => "Measuring.".to_owned(),
        (Phase::Over(ending), _) => format!("{} {}", ended(ending), verdict(state)),
    }
}

/// What is read out of one point of the chart.
pub fn read_out(metric: Metric, figure: &Figure) -> String {
    let value = metric.write(figure.estimate.value);
    let name = metric.name().to_ascii_lowercase();
    if !figure.counts {
        return format!("{}: {name} {value}, warm-up only", figure.point);
    }
    format!("{}: {name} {value}, {}", figure.point, certainty(metric, figure))
}

/// What a figure and its interval rest on.
pub fn basis(figure: &Figure) -> String {
    let samples = format::count(figure.samples, "sample");
    if (figure.samples as usize) < FEWEST_SAMPLES {
        return format!("{samples}, from least to greatest");
    }
    format!("{samples}, intervals of 95\u{a0}%")
}

/// How certain a figure is: its interval and its samples. Few samples have no interval of 95 %, only
/// a least and a greatest.
pub fn certainty(metric: Metric, figure: &Figure) -> String {
    let interval = metric.write_interval(figure.estimate);
    let samples = format::count(figure.samples, "sample");
    if (figure.samples as usize) < FEWEST_SAMPLES {
        return format!("{interval} in {samples}");
    }
    format!("{interval} (95\u{a0}%, {samples})")
}

#[cfg(test)]
mod tests;
