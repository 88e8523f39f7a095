//! What runs of a script show: the sentence above the lanes, and how sure it is.

use crate::domain::Model;
use crate::format;
use crate::stats::median;

/// From so many runs on, a sentence is more than a first look.
const ENOUGH: usize = 3;
/// A ratio of less is none that a few runs can show, and one that a single run can show.
const NOTICEABLE: f64 = 1.15;
const NOTICEABLE_ONCE: f64 = 1.4;

/// How long a script's work took, in µs, under one model, in each run.
#[derive(Clone, Debug, PartialEq)]
pub struct Times {
    /// The model.
    pub model: Model,
    /// The times, in the order of the runs.
    pub us: Vec<f64>,
}

impl Times {
    fn median_us(&self) -> Option<f64> {
        median(&self.us)
    }

    /// The largest over the smallest.
    fn spread(&self) -> f64 {
        let least = self.us.iter().copied().fold(f64::INFINITY, f64::min);
        let most = self.us.iter().copied().fold(0.0, f64::max);
        if self.us.is_empty() { 1.0 } else { most / least }
    }
}

/// What the page calls a strip of lanes.
pub const fn title(model: Model) -> &'static str {
    match model {
        Model::ThreadsGil => "threads (GIL)",
        Model::Threads => "threads (no GIL)",
        Model::Serial => "plain loop",
        other => other.name(),
    }
}

/// How many times as fast as the plain loop a model is, in the middle of all runs; `None` where either was not run.
pub fn speed_up(times: &[Times], model: Model) -> Option<f64> {
    let of = |model| times.iter().find(|times| times.model == model)?.median_us();
    Some(of(Model::Serial)? / of(model)?)
}

/// What the times of `work` over `TASKS` in so many lanes show; `None` before there is anything to compare.
pub fn of_tasks(times: &[Times], lanes: u32) -> Option<String> {
    let figure = |model| speed_up(times, model).map(|ratio| (ratio, format!("{ratio:.1}×")));
    let mut sentences = Vec::new();
    if let Some((ratio, figure)) = figure(Model::ThreadsGil) {
        let threads = format::count(lanes, "thread");
        sentences.push(match lanes {
            2.. if ratio < NOTICEABLE => format!("with the GIL, {threads} take turns: {figure}."),
            _ => format!("with the GIL, {threads}: {figure}."),
        });
    }
    if let Some((_, figure)) = figure(Model::Threads) {
        sentences.push(format!("Without it: {figure}."));
    }
    if let Some((_, figure)) = figure(Model::Processes) {
        let processes = format::count_of(lanes, "process", "processes");
        sentences.push(format!("{processes}: {figure}."));
    }
    let first = sentences.first_mut()?;
    *first = begin(times, first);
    Some(sentences.join(" "))
}

/// What the times of a whole program show; `None` before there is anything to compare.
pub fn of_whole(times: &[Times]) -> Option<String> {
    let of = |model| times.iter().find(|times| times.model == model)?.median_us();
    let (with, without) = (of(Model::ThreadsGil)?, of(Model::Threads)?);
    let (with_text, without_text) = (format::duration(with), format::duration(without));
    let noticeable = if is_enough(times) { NOTICEABLE } else { NOTICEABLE_ONCE };
    let sentence = match with / without {
        ratio if ratio >= noticeable => {
            format!(
                "this program is {ratio:.1}× as fast without the GIL: {without_text} instead of {with_text}."
            )
        }
        ratio if ratio <= 1.0 / noticeable => {
            format!("this program is slower without the GIL: {without_text} instead of {with_text}.")
        }
        _ => format!(
            "the GIL makes little difference to this program: {with_text} with it, {without_text} without."
        ),
    };
    Some(begin(times, &sentence))
}

/// How sure that is.
pub fn certainty(times: &[Times]) -> String {
    let runs = times.iter().map(|times| times.us.len()).min().unwrap_or(0);
    let spread = times.iter().map(Times::spread).fold(1.0, f64::max);
    match runs {
        0 => String::new(),
        1 => "Each was run once, so this is a first look. Run it again to see how much the times change."
            .to_owned(),
        _ if spread >= NOTICEABLE => format!(
            "Medians of {runs} runs. Their times differ by up to {}: other programs may be using this machine.",
            format::percent(spread - 1.0)
        ),
        _ => format!("Medians of {runs} runs, which differ by up to {}.", format::percent(spread - 1.0)),
    }
}

fn is_enough(times: &[Times]) -> bool {
    times.iter().all(|times| times.us.len() >= ENOUGH)
}

/// The begin of a sentence: what was run once only looks like something.
fn begin(times: &[Times], sentence: &str) -> String {
    if is_enough(times) {
        let mut letters = sentence.chars();
        let first = letters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
        return first + letters.as_str();
    }
    format!("It looks like this: {sentence}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn times(of: &[(Model, &[f64])]) -> Vec<Times> {
        of.iter().map(|&(model, us)| Times { model, us: us.to_vec() }).collect()
    }

    fn plain(text: String) -> String {
        text.replace('\u{a0}', " ")
    }

    #[test]
    fn one_run_looks_like_something_and_three_say_it() {
        use Model::{Processes, Serial, Threads, ThreadsGil};
        let once =
            times(&[(Serial, &[190.0]), (ThreadsGil, &[193.0]), (Threads, &[100.0]), (Processes, &[105.0])]);
        assert_eq!(
            plain(of_tasks(&once, 4).unwrap()),
            "It looks like this: with the GIL, 4 threads take turns: 1.0×. Without it: 1.9×. 4 processes: 1.8×."
        );
        assert!(certainty(&once).contains("a first look"));
        let often: Vec<Times> =
            once.iter().map(|t| Times { us: [1.0, 1.02, 1.1].map(|f| f * t.us[0]).to_vec(), ..*t }).collect();
        assert!(of_tasks(&often, 4).unwrap().starts_with("With the GIL, 4"));
        assert_eq!(plain(certainty(&often)), "Medians of 3 runs, which differ by up to 10 %.");
        let noisy = times(&[(Serial, &[100.0, 150.0])]);
        assert!(certainty(&noisy).contains("other programs"));
        assert_eq!(of_tasks(&noisy, 4), None);
    }

    #[test]
    fn threads_that_wait_do_not_take_turns() {
        let waits = times(&[(Model::Serial, &[1200.0]), (Model::ThreadsGil, &[300.0])]);
        let sentence = plain(of_tasks(&waits, 4).unwrap());
        assert_eq!(sentence, "It looks like this: with the GIL, 4 threads: 4.0×.");
    }

    #[test]
    fn a_program_is_compared_with_itself() {
        let of = |with, without| {
            plain(of_whole(&times(&[(Model::ThreadsGil, &[with]), (Model::Threads, &[without])])).unwrap())
        };
        assert_eq!(
            of(2e6, 1e6),
            "It looks like this: this program is 2.0× as fast without the GIL: 1.00 s instead of 2.00 s."
        );
        assert!(of(1e6, 1.05e6).contains("makes little difference"));
        assert!(of(1e6, 2e6).contains("slower without"));
    }
}
