//! Where the time of processes goes.

use super::judgement::{Holding, Judgement, ratio_text};
use super::scaling::{all_cores, ensure_several};
use super::{Chapter, Claim, Measurement};
use crate::domain::{Model, Start};
use crate::experiment::Experiment;
use crate::format;

/// Processes that are started within the trial, and end with it.
fn cold(cores: u32) -> Experiment {
    Experiment {
        models: vec![Model::Serial, Model::Processes],
        lane_counts: vec![all_cores(cores)],
        start: Start::Cold,
        max_rounds: 9,
        budget_ms: 5_000,
        ..Experiment::default()
    }
}

/// The claim that N processes give less than N times.
pub static NOT_FULL: Claim = Claim {
    id: "not-full",
    chapter: Chapter::Processes,
    statement: "N processes give less than N times the speed, because starting and feeding them costs time.",
    because: "Before a {process} computes, it must be started and its inputs {copied|pickling} into its memory; after that its outputs are copied out, and the slowest one is waited for. None of this is divided by N: it is the part that {Amdahl's law} speaks of.",
    drawing: &["1 lane | cccccccccccc", "2 processes | ssicccccci", "| sssicccccci"],
    author: &["Two processes are less than twice as fast as one; starting and feeding them takes the rest."],
    needs: |cores| vec![Measurement::Experiment(cold(cores))],
    rule: "As many processes as cores, started within the time. Holds if their speed-up over the plain loop is clearly below their number. Refuted if it clearly reaches it.",
    judge: |evidence, cores| {
        ensure_several(cores)?;
        let (experiment, n) = (cold(cores), all_cores(cores));
        let speed_up = evidence.speed_up(&experiment, Model::Processes, n)?;
        let point = evidence.point(&experiment, Model::Processes, n)?;
        let split = &point.split;
        let total = point.time_us.map_or(0.0, |time| time.value);
        let part = |us: f64| format!("{} ({})", format::duration(us), format::percent(us / total));
        Ok(Judgement {
            holding: Holding::of(speed_up.hi < f64::from(n), speed_up.lo >= f64::from(n)),
            why: format!(
                "{n} processes compute {} as fast as the plain loop; until the last one was started {} had passed.",
                ratio_text(speed_up),
                part(split.spawn_us)
            ),
            figures: vec![
                (format!("{n} processes"), ratio_text(speed_up)),
                ("Starting them".to_owned(), part(split.spawn_us)),
                ("Copying, all lanes".to_owned(), format::duration(split.copy_in_us + split.copy_out_us)),
                ("Ending them".to_owned(), format::duration(split.join_us)),
            ],
        })
    },
    in_browser: "A worker gets the program as it was compiled before and starts in some 15 ms. A CPython process must import everything anew, so there the gap is wider.",
    python: include_str!("python/not_full.py"),
    #[cfg(test)]
    examples: || {
        use Model::{Processes, Serial};
        let run =
            |time, spread| super::made::of(&cold(2), spread, &[(Serial, 1, 339.0), (Processes, 2, time)]).0;
        [run(196.0, 0.02), run(160.0, 0.02), run(170.0, 0.04)]
    },
};
