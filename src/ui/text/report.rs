//! What is said of reports: those that were recorded, kept or compared, and what their links tell.

use crate::domain::{Model, Source};
use crate::experiment::Experiment;
use crate::format;
use crate::report::Report;
use crate::verdict::Verdict;

use super::ran;

/// The experiment's name in lists: the workload and its size.
pub fn experiment_name(experiment: &Experiment) -> String {
    let description = experiment.workload.description();
    format!("{} ({})", description.name, description.sizes[experiment.size as usize])
}

/// What a report tells, line by line: nothing else goes into its link.
pub fn sentences(report: &Report) -> Vec<String> {
    let machine = &report.machine;
    let name = if report.name.is_empty() { "none".to_owned() } else { format!("“{}”", report.name) };
    let cores = |cores: Option<u32>| cores.map_or("not told".to_owned(), |cores| cores.to_string());
    let browser = if machine.browser.is_empty() { "a browser that is not told" } else { &machine.browser };
    let memory = machine.memory_mib.map(|mib| format!(", memory {}", format::memory(u64::from(mib) << 20)));
    let samples: u32 = report.points.iter().map(|known| known.samples).sum();
    let mut lines = vec![
        format!("The experiment: {}", ran(&report.experiment, &report.fallbacks)),
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

/// What stands below a picture of the chart of `reports`, of one `model` or of all: the work, the machines, the days, and
/// the page's `address`.
pub fn caption(reports: &[Report], model: Option<Model>, address: &str) -> String {
    let once = |mut all: Vec<String>| {
        all.dedup();
        all.join(", ")
    };
    let work = once(reports.iter().map(|report| experiment_name(&report.experiment)).collect());
    let work = model.map_or(work.clone(), |model| format!("{}: {work}", model.name()));
    let days = once(reports.iter().filter_map(|report| report.day).map(|day| day.to_string()).collect());
    let parts = [work, once(titles(reports, false)), days, address.to_owned()];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
}

/// What the figures of another machine say, or of another day.
pub fn recorded_verdict(verdict: Option<&Verdict>) -> String {
    match verdict {
        // The machine that was measured is not the one that shows it.
        Some(verdict) => format!("{verdict:#}"),
        None => "Too little was measured to say.".to_owned(),
    }
}

/// What a kept run is told by, after its experiment.
pub fn kept(report: &Report) -> String {
    let day = report.day.map(|day| format!(", {day}")).unwrap_or_default();
    format!(" on {}{day}. {}", report.title(), recorded_verdict(Verdict::of(&report.summary()).as_ref()))
}
