//! The page's sentences that depend on what it knows.

use crate::experiment::{Experiment, Model, Scaling};
use crate::format;
use crate::network::Source;
use crate::plan::Point;
use crate::report::Report;
use crate::session::{Ending, Progress};
use crate::stats::FEWEST_SAMPLES;
use crate::summary::{PointSummary, Summary};
use crate::verdict::Verdict;
use crate::workload::Size;

use super::figure::{Figure, Metric};
use super::state::{Phase, State};

/// The experiment in one sentence.
pub fn experiment(experiment: &Experiment) -> String {
    let description = experiment.workload.description();
    let size = match experiment.size {
        Size::S => description.sizes[0],
        Size::M => description.sizes[1],
        Size::L => description.sizes[2],
    };
    let models = format::list(&experiment.models.iter().map(|model| model.name()).collect::<Vec<_>>());
    let from = network(experiment);
    if experiment.models == [Model::Serial] {
        return format!("Run the {} ({size}) as {models}{from}.", description.name);
    }
    let lanes = format::list(&experiment.lane_counts);
    let lane = if experiment.lane_counts == [1] { "lane" } else { "lanes" };
    let work = match experiment.scaling {
        Scaling::Strong => "",
        Scaling::Weak => ", with as much work for every lane",
    };
    format!("Run the {} ({size}) as {models}, at {lanes} {lane}{work}{from}.", description.name)
}

/// Where the bytes come from, as the end of a sentence; nothing of work that waits for none.
fn network(experiment: &Experiment) -> String {
    let network = &experiment.network;
    match &network.source {
        _ if !experiment.workload.is_io() => String::new(),
        Source::Simulated => {
            format!(", over a simulated network of {}", format::duration(network.latency_us.into()))
        }
        Source::ThisSite => ", from this site".to_owned(),
        Source::Addresses(addresses) => {
            format!(", from {}", format::count_of(addresses.len() as u32, "address", "addresses"))
        }
    }
}

/// The experiment's name in lists: the workload and its size.
pub fn experiment_name(experiment: &Experiment) -> String {
    let description = experiment.workload.description();
    format!("{} ({})", description.name, description.sizes[experiment.size as usize])
}

/// What a report tells, line by line: nothing else goes into its link.
pub fn told(report: &Report) -> Vec<String> {
    let machine = &report.machine;
    let name = if report.name.is_empty() { "none".to_owned() } else { format!("“{}”", report.name) };
    let cores = |cores: Option<u32>| cores.map_or("not told".to_owned(), |cores| cores.to_string());
    let browser = if machine.browser.is_empty() { "a browser that is not told" } else { &machine.browser };
    let memory = machine.memory_mib.map(|mib| format!(", memory {}", format::memory(u64::from(mib) << 20)));
    let samples: u32 = report.points.iter().map(|known| known.samples).sum();
    let mut lines = vec![
        format!("The experiment: {}", experiment(&report.experiment)),
        format!("The name of the machine: {name}"),
        format!(
            "The machine: cores {} (reported) and {} (measured), {browser}, {}, clock in steps of {}{}",
            cores(machine.reported_cores),
            cores(report.measured_cores),
            machine.isolation,
            format::duration_tick(machine.timer_step_us),
            memory.unwrap_or_default(),
        ),
        format!(
            "The figures: {} with their intervals, from {}",
            format::count(report.points.len() as u32, "point"),
            format::count(samples, "sample")
        ),
        match report.day {
            Some(day) => format!("The day {day}, and the build {:04x} of Lanes", report.build),
            None => format!("The build {:04x} of Lanes", report.build),
        },
    ];
    if let Source::Addresses(addresses) = &report.experiment.network.source {
        lines.push(format!("Your own addresses: {}", addresses.join(" ")));
    }
    if report.spawn_us.is_some() {
        lines.push("How long a process takes to start".to_owned());
    }
    lines
}

/// What is to be known of reports that were not measured here and now.
pub fn recorded(shown: &[Report], with_own: bool) -> String {
    let own = if with_own { " Your own machine’s results are beside them." } else { "" };
    match shown {
        [] if with_own => "The results of the last run on this machine.".to_owned(),
        [] => "Put results of several machines side by side: paste links, drop files, or take what this browser has kept.".to_owned(),
        [one] => {
            let day = one.day.map(|day| format!(" on {day}")).unwrap_or_default();
            let (title, work) = (one.title(), experiment_name(&one.experiment));
            format!("Recorded{day} on {title}: {work}. These figures were not measured here.{own}")
        }
        many => format!("{} recorded reports. Their figures were not measured here.{own}", many.len()),
    }
}

/// What compared machines are called: the page's own, which is the last, says that it is, and those that
/// are called the same are numbered.
pub fn titles(reports: &[Report], with_own: bool) -> Vec<String> {
    let own = reports.len().checked_sub(1).filter(|_| with_own);
    let mut titles: Vec<String> = Vec::new();
    for (at, report) in reports.iter().enumerate() {
        let title = report.title();
        let same = reports[..at].iter().filter(|other| other.title() == title).count();
        titles.push(match (own == Some(at), same) {
            (true, _) => format!("{title} (here)"),
            (false, 0) => title,
            (false, same) => format!("{title} ({})", same + 1),
        });
    }
    titles
}

/// What the figures of another machine say, or of another day.
pub fn recorded_verdict(verdict: Option<&Verdict>) -> String {
    match verdict {
        // The machine that a verdict speaks of is not the one that shows it.
        Some(verdict) => verdict.to_string().replacen("his machine", "hat machine", 1),
        None => "Too little was measured to say.".to_owned(),
    }
}

/// What a kept run is told by, after its experiment.
pub fn kept(report: &Report) -> String {
    let day = report.day.map(|day| format!(", {day}")).unwrap_or_default();
    format!(" on {}{day}. {}", report.title(), recorded_verdict(Verdict::of(&report.summary()).as_ref()))
}

/// A point by its name: "processes, 2 lanes".
pub fn point(point: Point) -> String {
    format!("{}, {}", point.model.name(), format::count(point.lanes, "lane"))
}

/// The trial that runs, or what became of the run.
pub fn doing(state: &State) -> String {
    match (state.phase, state.progress) {
        (Phase::Idle, _) => "Nothing runs yet.".to_owned(),
        (Phase::Running, None) => "Starting the lanes …".to_owned(),
        (Phase::Running, Some(Progress { trial, .. })) if trial.round == 0 => {
            format!("Warm-up: {}", point(trial.point))
        }
        (Phase::Running, Some(Progress { trial, .. })) => {
            format!("Round {}: {}", trial.round, point(trial.point))
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
        Ending::NothingRuns => "Nothing could be run: the table says why.",
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
    let models = Model::ALL.into_iter().filter_map(|model| {
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
    match state.verdict() {
        // More rounds may still show something.
        Some(Verdict::TooNoisy { .. }) if state.is_running() => {}
        Some(verdict) => return verdict.to_string(),
        None => {}
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

/// What is written on the chart's rules at the reported and the measured cores, with their lanes.
pub fn core_rules(reported: Option<u32>, measured: Option<u32>) -> Vec<(u32, String)> {
    let cores = |cores, how: &str| (cores, format!("{} {how}", format::count(cores, "core")));
    match (reported, measured) {
        (Some(both), Some(measured)) if both == measured => vec![cores(both, "reported and measured")],
        (reported, measured) => {
            let reported = reported.map(|reported| cores(reported, "reported"));
            reported.into_iter().chain(measured.map(|measured| cores(measured, "measured"))).collect()
        }
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
    let name = metric.name().to_lowercase();
    if !figure.counts {
        return format!("{}: {name} {value}, warm-up only", point(figure.point));
    }
    format!("{}: {name} {value}, {}", point(figure.point), certainty(metric, figure))
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
mod tests {
    use std::rc::Rc;

    use super::*;
    use crate::plan::Trial;
    use crate::sample::TrialError;
    use crate::scaling::{CurveSummary, Knee};
    use crate::stats::Estimate;
    use crate::ui::state::Action;

    fn progress(round: u32) -> Progress {
        let trial = Trial { id: 7, round, point: Point { model: Model::Processes, lanes: 4 } };
        Progress { trial, fraction: 0.5, done: 12, left: 28, left_us: Some(11.7e6) }
    }

    fn running(round: u32) -> State {
        State { phase: Phase::Running, progress: Some(progress(round)), ..State::default() }
    }

    fn plain(text: String) -> String {
        text.replace('\u{a0}', " ").replace('\u{2060}', "")
    }

    #[test]
    fn the_experiment_is_one_sentence() {
        assert_eq!(
            experiment(&Experiment::default()),
            "Run the cosine sum (5·10⁷ cosines) as serial, threads, threads + GIL and processes, at 1, 2 and 4 lanes."
        );
        let alone = Experiment { models: vec![Model::Serial], ..Experiment::default() };
        assert_eq!(experiment(&alone), "Run the cosine sum (5·10⁷ cosines) as serial.");
        let weak = Experiment { scaling: Scaling::Weak, ..Experiment::default() };
        assert!(experiment(&weak).ends_with("at 1, 2 and 4 lanes, with as much work for every lane."));
    }

    #[test]
    fn progress_names_the_warm_up_and_the_rounds() {
        assert_eq!(plain(doing(&running(0))), "Warm-up: processes, 4 lanes");
        assert_eq!(plain(doing(&running(3))), "Round 3: processes, 4 lanes");
        assert_eq!(plain(left(&progress(3))), "28 trials left, 12 s");
        assert_eq!(plain(title(&running(3))), "31 % · Lanes");
        assert_eq!(title(&running(0)), "Warm-up · Lanes");
    }

    #[test]
    fn measured_cores_that_are_not_known_say_why() {
        let knee = Knee { lanes: 2, fewest: 1, next: Some(4), doubt: None, of: 2, of_cores: true };
        let with = |knee| {
            let curve = CurveSummary { model: Model::Threads, serial_fraction: None, usl: None, knee };
            State {
                phase: Phase::Over(Ending::Certain),
                summary: Rc::new(Summary { curves: vec![curve], ..Summary::default() }),
                ..State::default()
            }
        };
        assert_eq!(measured_cores(&State::default()), "not measured yet");
        assert_eq!(measured_cores(&running(1)), "…");
        assert_eq!(measured_cores(&with(knee)), "2");
        assert_eq!(measured_cores(&with(Knee { next: None, ..knee })), "cannot be told");
    }

    #[test]
    fn one_rule_is_enough_where_both_agree() {
        let rules = |reported, measured| -> Vec<String> {
            core_rules(reported, measured).into_iter().map(|(_, text)| plain(text)).collect()
        };
        assert_eq!(rules(Some(2), Some(2)), ["2 cores reported and measured"]);
        assert_eq!(rules(Some(8), Some(4)), ["8 cores reported", "4 cores measured"]);
        assert_eq!(rules(Some(8), None), ["8 cores reported"]);
        assert_eq!(rules(None, Some(1)), ["1 core measured"]);
    }

    #[test]
    fn a_screen_reader_is_not_told_every_round() {
        assert_eq!(announcement(&running(0)), "Warm-up.");
        assert_eq!(announcement(&running(1)), announcement(&running(30)));
    }

    #[test]
    fn the_end_is_told_with_the_verdict() {
        let state = running(3).reduce(Action::Session(crate::session::Event::Finished(Ending::Stopped)));
        assert_eq!(
            announcement(&state),
            "Stopped. What was measured stays. Too little was measured to say: every point needs 6 samples."
        );
    }

    #[test]
    fn the_title_tells_of_a_run_that_ended_unseen_until_it_is_seen() {
        let over = Action::Session(crate::session::Event::Finished(Ending::Certain));
        let seen = running(3).reduce(over.clone());
        assert_eq!(title(&seen), title(&State::default()));
        let unseen = running(3).reduce(Action::Away(true)).reduce(over);
        assert_eq!(title(&unseen), "✓ Done · Lanes");
        assert_eq!(title(&unseen.reduce(Action::Away(false))), title(&State::default()));
    }

    #[test]
    fn points_that_failed_for_one_reason_share_a_line() {
        let failed = |model, lanes, error| PointSummary {
            failures: 3,
            last_error: Some(error),
            ..PointSummary::unknown(Point { model, lanes })
        };
        let points = vec![
            failed(Model::Threads, 1, TrialError::NotIsolated),
            failed(Model::Threads, 2, TrialError::NotIsolated),
            failed(Model::ThreadsGil, 1, TrialError::NotIsolated),
            PointSummary::unknown(Point { model: Model::Processes, lanes: 1 }),
            failed(Model::Processes, 4, TrialError::OutOfMemory),
        ];
        let who: Vec<String> = failures(&Summary { points, ..Summary::default() })
            .into_iter()
            .map(|(who, _)| plain(who))
            .collect();
        assert_eq!(
            who,
            [
                "threads at 1 and 2 lanes (6 trials) and threads + GIL at 1 lane (3 trials)",
                "processes at 4 lanes (3 trials)"
            ]
        );
    }

    #[test]
    fn a_point_is_read_out_with_its_certainty() {
        let figure = Figure {
            point: Point { model: Model::Threads, lanes: 2 },
            estimate: Estimate { value: 1.936, lo: 1.9, hi: 1.96 },
            counts: true,
            samples: 6,
        };
        assert_eq!(
            plain(read_out(Metric::SpeedUp, &figure)),
            "threads, 2 lanes: speed-up 1.94×, 1.90–1.96× (95 %, 6 samples)"
        );
        let few = Figure { samples: 3, ..figure };
        assert_eq!(
            plain(read_out(Metric::SpeedUp, &few)),
            "threads, 2 lanes: speed-up 1.94×, 1.90–1.96× in 3 samples"
        );
        let warm_up = Figure { counts: false, ..figure };
        assert_eq!(
            plain(read_out(Metric::SpeedUp, &warm_up)),
            "threads, 2 lanes: speed-up 1.94×, warm-up only"
        );
    }

    #[test]
    fn machines_that_are_called_the_same_are_told_apart() {
        let known = |cores| crate::report::examples::report(cores, 8e5, 1);
        let reports = [known(2), known(4), known(2), known(2)];
        let names = |with_own| titles(&reports, with_own).join("; ").replace(", Chromium 156", "");
        assert_eq!(names(false), "2 cores; 4 cores; 2 cores (2); 2 cores (3)");
        assert_eq!(names(true), "2 cores; 4 cores; 2 cores (2); 2 cores (here)");
        assert!(titles(&[], true).is_empty());
    }

    #[test]
    fn a_recorded_verdict_speaks_of_another_machine() {
        let known = crate::report::examples::report(8, 8e5, 1);
        let verdict = Verdict::of(&known.summary());
        assert!(verdict.as_ref().is_some_and(|verdict| verdict.to_string().contains("his machine")));
        let words = recorded_verdict(verdict.as_ref());
        assert!(words.starts_with("On that machine") && !words.contains("this machine"), "{words}");
    }

    #[test]
    fn all_that_a_link_tells_is_listed() {
        let mut known = crate::report::examples::report(8, 8e5, 1);
        known.experiment = Experiment::of(crate::workload::WorkloadId::Addresses, 8);
        known.experiment.network.source = Source::Addresses(vec!["https://example.org/a".into()]);
        known.name = "Anna’s <b>laptop</b>".into();
        let lines = plain(told(&known).join("; "));
        for told in
            ["<b>laptop</b>", "Chromium 156", "cores 8", "isolated", "5 µs", "8.00 GiB", "3fa2", "2026-11-20"]
        {
            assert!(lines.contains(told), "{told}: {lines}");
        }
        assert!(lines.contains("https://example.org/a") && lines.contains("16 points"), "{lines}");
    }
}
