//! Ending lanes, and what they leave to the page.

use super::evidence::time_text;
use super::judgement::{Holding, Judgement};
use super::{Chapter, Claim, Measurement};
use crate::cost::{Cost, WorkPlace};
use crate::domain::AfterKill;
use crate::format;

const KILLS: [AfterKill; 2] = [AfterKill::Lost, AfterKill::Rerun];

/// The claim that a process can be killed.
pub static KILL: Claim = Claim {
    id: "kill",
    chapter: Chapter::Costs,
    statement: "A process can be killed while it works, and the others go on; a thread cannot.",
    because: "A {process} owns everything it has changed, so it can be ended at any moment. A {thread} may hold a {lock}, or be halfway through changing memory that others use, so no language can kill threads safely. A thread can be asked to stop, and ends when it checks.",
    drawing: &["killed | cccx", "goes on | cccccccc", "asked | ccccwx", "asked | ccccwx"],
    author: &[],
    needs: |_| {
        let kills = KILLS.into_iter().map(|after| Cost::KillProcess { after });
        kills.chain([Cost::AskThread]).map(Measurement::Cost).collect()
    },
    rule: "One of two processes is killed while both compute. Holds if every time its counter clearly stood still within a second, and the other went on to do tasks. Refuted if it clearly counted on, or the other did nothing more.",
    judge: |evidence, _| {
        let mut figures = Vec::new();
        let (mut all_ended, mut any_not) = (true, false);
        for cost in KILLS.map(|after| Cost::KillProcess { after }) {
            let until = evidence.cost(cost)?;
            let (lost, done) = evidence.tasks(cost).unwrap_or_default();
            all_ended &= until.hi < 1e6 && done > 0;
            any_not |= until.lo >= 1e6 || done == 0;
            let tasks = format!("{}; {done} tasks done, {lost} lost", time_text(until));
            figures.push((cost.to_string(), tasks));
        }
        if let Ok(asked) = evidence.cost(Cost::AskThread) {
            figures.push((Cost::AskThread.to_string(), time_text(asked)));
        }
        Ok(Judgement {
            holding: Holding::of(all_ended, any_not),
            why: if all_ended {
                "The killed process stood still at once, and the other one did the rest.".to_owned()
            } else {
                "A killed process counted on, or nobody did its work.".to_owned()
            },
            figures,
        })
    },
    in_browser: "A worker is ended with terminate(). A wasm thread is a worker too, but to end it would leave the others' memory as it happened to be, locks held: Lanes never does that, it asks.",
    python: include_str!("python/kill.py"),
    #[cfg(test)]
    examples: || {
        let run = |until_us: f64, done| {
            let recording = KILLS.into_iter().fold(super::made::Recording::default(), |recording, after| {
                recording.kill(Cost::KillProcess { after }, until_us, done)
            });
            recording.cost(Cost::AskThread, 90.0).0
        };
        [run(400.0, 63), run(400.0, 0), run(1_000_000.0, 63)]
    },
};

/// The claim that work on the interface's thread freezes it.
pub static RESPONSIVE: Claim = Claim {
    id: "responsive",
    chapter: Chapter::Lanes,
    statement: "Long work on the interface's thread freezes it; on a worker it does not.",
    because: "One {lane} does one thing at a time. While the lane that draws and reacts to input computes, nothing is drawn and no key press is handled. Another lane can compute meanwhile, if there is a {core} for it.",
    drawing: &[
        "on its own | .ccccccccc.",
        "interface | .wwwwwwwww.",
        "on a worker | .ccccccccc.",
        "interface | c.c.c.c.c.c",
    ],
    author: &[],
    needs: |_| {
        [WorkPlace::Page, WorkPlace::Worker].map(|place| Measurement::Cost(Cost::FrameGap { place })).to_vec()
    },
    rule: "The longest time between two frames of this page while work goes on for 300 ms or more, three times each way; the intervals reach from the least to the greatest. Holds if it clearly is more than twice as long with the work on the page's own thread. Refuted if it clearly is no longer.",
    judge: |evidence, _| {
        let own = evidence.cost(Cost::FrameGap { place: WorkPlace::Page })?;
        let worker = evidence.cost(Cost::FrameGap { place: WorkPlace::Worker })?;
        Ok(Judgement {
            holding: Holding::of(own.lo > 2.0 * worker.hi, own.hi <= worker.lo),
            why: format!(
                "The page stood still for {} when it did the work itself, and for {} when a worker did.",
                format::duration(own.value),
                format::duration(worker.value)
            ),
            figures: vec![
                ("On the page's own thread".to_owned(), time_text(own)),
                ("On a worker".to_owned(), time_text(worker)),
            ],
        })
    },
    in_browser: "This is the one time that Lanes computes on the page's own thread: the page will stand still for three times a third of a second.",
    python: include_str!("python/responsive.py"),
    #[cfg(test)]
    examples: || {
        let run = |own: f64, worker: f64| {
            super::made::Recording::default()
                .cost(Cost::FrameGap { place: WorkPlace::Page }, own * 1e3)
                .cost(Cost::FrameGap { place: WorkPlace::Worker }, worker * 1e3)
                .0
        };
        [run(310.0, 17.0), run(17.0, 19.0), run(310.0, 190.0)]
    },
};
