//! The random forest of the articles.

use super::judgement::{Holding, Judgement, ratio_text};
use super::scaling::ensure_several;
use super::{Chapter, Claim, Measurement};
use crate::domain::Model;
use crate::experiment::Experiment;
use crate::format;
use crate::stats::MARGIN;
use crate::workload::WorkloadId;

/// The jobs of the article.
const JOBS: u32 = 4;

fn forest() -> Experiment {
    Experiment {
        workload: WorkloadId::Forest,
        models: vec![Model::Serial, Model::Threads, Model::Processes],
        lane_counts: vec![JOBS],
        max_rounds: 8,
        budget_ms: 6_000,
        ..Experiment::default()
    }
}

/// The claim that four jobs grow a forest sooner.
pub static FOREST: Claim = Claim {
    id: "forest",
    chapter: Chapter::Computing,
    statement: "A random forest trains faster with four jobs, but not 4× faster.",
    because: "The trees of a forest are independent, so each is a {task}. Every tree needs the whole {set of samples|inputs}, which has to reach every {process}.",
    drawing: &["1 job | cccccccccccc", "4 jobs | icccci", "| iccci", "| icccci", "| iccci"],
    author: &[
        "500 trees on 10,000 × 50 samples of 10 classes: 34.18 s with one job, 14.58 s with four on a quad core, 2.34×.",
    ],
    needs: |_| vec![Measurement::Experiment(forest())],
    rule: "32 trees on the same set of samples, four processes. Holds if they are clearly more than 5 % faster than the plain loop and clearly less than four times as fast. Refuted if either is clearly not the case.",
    judge: |evidence, cores| {
        ensure_several(cores)?;
        let speed_up = evidence.speed_up(&forest(), Model::Processes, JOBS)?;
        let one = evidence.time_us(&forest(), Model::Serial, 1)?;
        let four = evidence.time_us(&forest(), Model::Processes, JOBS)?;
        let mut figures = vec![
            ("One job".to_owned(), format::duration(one.value)),
            (
                "Four processes".to_owned(),
                format!("{}, {}", format::duration(four.value), ratio_text(speed_up)),
            ),
        ];
        if let Ok(threads) = evidence.speed_up(&forest(), Model::Threads, JOBS) {
            figures.push(("Four threads".to_owned(), ratio_text(threads)));
        }
        Ok(Judgement {
            holding: Holding::of(
                speed_up.lo > 1.0 + MARGIN && speed_up.hi < f64::from(JOBS),
                speed_up.hi <= 1.0 + MARGIN || speed_up.lo >= f64::from(JOBS),
            ),
            why: format!("Four processes train it {} as fast as one lane.", ratio_text(speed_up)),
            figures,
        })
    },
    in_browser: "",
    python: include_str!("python/forest.py"),
    #[cfg(test)]
    examples: || {
        use Model::{Processes, Serial, Threads};
        let run = |time, spread| {
            let figures = [(Serial, 1, 309.0), (Threads, 4, 170.0), (Processes, 4, time)];
            super::made::of(&forest(), spread, &figures).0
        };
        [run(184.0, 0.02), run(320.0, 0.02), run(297.0, 0.06)]
    },
};
