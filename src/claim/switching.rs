//! What it costs to hand the lock from lane to lane.

use super::judgement::{Holding, Judgement, ratio_text};
use super::{Chapter, Claim, Measurement};
use crate::domain::Model;
use crate::experiment::Experiment;
use crate::format;
use crate::stats::Estimate;

/// More than so many times as long is no longer a little.
const LITTLE: f64 = 1.25;

const INTERVALS_US: [u32; 3] = [500, 5_000, 50_000];

/// One lane, which never switches, beside two that take turns.
fn turns(switch_interval_us: u32) -> Experiment {
    Experiment {
        models: vec![Model::ThreadsGil],
        lane_counts: vec![1, 2],
        switch_interval_us,
        max_rounds: 9,
        budget_ms: 4_500,
        ..Experiment::default()
    }
}

/// The claim that switching costs a little.
pub static SWITCH_COST: Claim = Claim {
    id: "switch-cost",
    chapter: Chapter::Gil,
    statement: "Switching the GIL between threads costs a little extra.",
    because: "Each time the lock goes to another {thread}, one lane falls asleep and another wakes up, and finds the core's caches full of the other's data. The shorter the {switch interval}, the more often. CPython's is 5 ms.",
    drawing: &["50 ms | ccccccwwwwww", "| wwwwwwcccccc", "0.5 ms | cwcwcwcwcwcwcw", "| wcwcwcwcwcwcwc"],
    author: &["Several threads are sometimes slightly slower than one."],
    needs: |_| INTERVALS_US.map(|interval| Measurement::Experiment(turns(interval))).to_vec(),
    rule: "Two threads under a GIL against one. Holds if two clearly take longer than one at a switch interval of 0.5 ms, where there are most switches, and clearly less than a quarter longer at CPython's own of 5 ms. Refuted if either is clearly not the case.",
    judge: |evidence, _| {
        let [one, two] = [1, 2].map(|lanes| (Model::ThreadsGil, lanes));
        let slower = INTERVALS_US.iter().map(|&interval| evidence.gain(&turns(interval), one, two));
        let slower = slower.collect::<Result<Vec<_>, _>>()?;
        let (most, usual) = (slower[0], slower[1]);
        let figure = |(interval, ratio): (u32, Estimate)| {
            let what = format!("2 threads, {} interval", format::duration_tick(interval.into()));
            (what, format!("{} as long as 1", ratio_text(ratio)))
        };
        let figures = INTERVALS_US.into_iter().zip(slower).map(figure).collect();
        Ok(Judgement {
            holding: Holding::of(most.lo > 1.0 && usual.hi < LITTLE, most.hi <= 1.0 || usual.lo >= LITTLE),
            why: format!(
                "Two threads take {} as long as one with up to 2,000 switches a second, and {} with up to 200.",
                ratio_text(most),
                ratio_text(usual)
            ),
            figures,
        })
    },
    in_browser: "",
    python: include_str!("python/switch_cost.py"),
    #[cfg(test)]
    examples: || {
        let run = |often: f64, usual: f64, spread| {
            use Model::ThreadsGil;
            let run = |interval, two: f64| (turns(interval), [(ThreadsGil, 1, 339.0), (ThreadsGil, 2, two)]);
            let (shortest, figures) = run(500, often);
            let mut evidence = super::made::of(&shortest, spread, &figures);
            for (experiment, figures) in [run(5_000, usual), run(50_000, 340.0)] {
                evidence = evidence.and(&experiment, spread, &figures);
            }
            evidence.0
        };
        [run(362.0, 344.0, 0.01), run(590.0, 480.0, 0.01), run(347.0, 344.0, 0.05)]
    },
};
