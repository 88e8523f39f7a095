//! All samples that claims are judged by, as a file: whoever doubts a verdict can judge for himself.

use std::fmt::Write;

use super::{CLAIMS, Counted, Evidence, Measurement, Outcome};
use crate::cost::{CostSample, Unit};
use crate::domain::Point;
use crate::pitfall::PitfallSample;
use crate::sample::Sample;

/// The columns. A figure is a time in µs, or a memory in bytes; `more` says what else was seen.
const COLUMNS: &str = "for,model,lanes,round,figure,unit,more,measured";

/// What claims need on a machine with so many cores, each under the name of the first that needs it.
pub fn named_needs(cores: u32) -> Vec<(String, Measurement)> {
    let mut named: Vec<(String, Measurement)> = Vec::new();
    for claim in CLAIMS {
        for (at, need) in (claim.needs)(cores).into_iter().enumerate() {
            if named.iter().all(|(_, known)| *known != need) {
                named.push((format!("{}/{at}", claim.id), need));
            }
        }
    }
    named
}

/// A row for every sample (RFC 4180).
pub fn csv(evidence: &Evidence, cores: u32) -> String {
    let mut text = format!("{COLUMNS}\r\n");
    for (name, need) in named_needs(cores) {
        let Some(found) = evidence.found(&need) else { continue };
        let mut row = |model: &str, lanes: u32, round: usize, figure: f64, unit: &str, more: &str| {
            let doing = need.doing();
            let _ = write!(text, "{name},{model},{lanes},{round},{figure:.1},{unit},{more},\"{doing}\"\r\n");
        };
        match found {
            Outcome::Experiment { trials, .. } => {
                for Counted { sample, overlap } in trials {
                    let Point { model, lanes } = sample.trial.point;
                    let (round, more) = (sample.trial.round as usize, more_of_trial(sample, *overlap));
                    row(model.name(), lanes, round, sample.total_us, "us", &more);
                }
            }
            Outcome::Cost(summary) => {
                let unit = if summary.cost.unit() == Unit::Memory { "bytes" } else { "us" };
                for (round, sample) in (1..).zip(&summary.samples) {
                    let CostSample { value, lost_tasks, done_tasks } = sample;
                    row("", 0, round, *value, unit, &format!("lost={lost_tasks};done={done_tasks}"));
                }
            }
            Outcome::Pitfall(summary) => {
                for (round, sample) in (1..).zip(&summary.samples) {
                    row("", sample.lanes.len() as u32, round, sample.us, "us", &more_of_pitfall(sample));
                }
            }
        }
    }
    text
}

fn more_of_trial(sample: &Sample, overlap: f64) -> String {
    let split = &sample.split;
    let (copy_us, ordered) = (split.copy_in_us + split.copy_out_us, u8::from(sample.in_order));
    format!(
        "overlap={overlap:.4};first={:.1};ordered={ordered};spawn={:.1};copy={copy_us:.1};join={:.1};memory={}",
        sample.first_result_us, split.spawn_us, split.join_us, sample.memory_bytes
    )
}

fn more_of_pitfall(sample: &PitfallSample) -> String {
    let mut more = format!("sum={};still={};lanes=", sample.sum, u8::from(sample.stood_still));
    for (at, lane) in sample.lanes.iter().enumerate() {
        let lock = |lock: Option<u32>| lock.map_or("-".to_owned(), |lock| lock.to_string());
        let (holds, wants) = (lock(lane.holds), lock(lane.wants));
        let gap = if at > 0 { " " } else { "" };
        let _ = write!(more, "{gap}{}:{}:{holds}:{wants}", lane.done, lane.yielded);
    }
    more
}
