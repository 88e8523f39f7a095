//! What goes wrong with threads, and what mends it.

use super::evidence::time_text;
use super::judgement::{Holding, Judgement, over, ratio_text};
use super::{Chapter, Claim, Evidence, Measurement};
use crate::format;
use crate::pitfall::{ADDITIONS, Fairness, Guard, LockOrder, Manners, Pitfall, PitfallSummary};
use crate::stats::Estimate;

const GUARDS: [Guard; 4] = [Guard::Nothing, Guard::Atomic, Guard::Mutex, Guard::Processes];

/// The claim that threads without a lock lose updates.
pub static RACE: Claim = Claim {
    id: "race",
    chapter: Chapter::Pitfalls,
    statement: "Threads that change one thing without a lock lose updates; a lock mends it and costs time; processes cannot race.",
    because: "number += 1 is three steps: read, add, write. If another {thread} writes between the first and the third, its update is lost. A {lock} around the three keeps others out, at the price of taking turns; an {atomic} addition makes one step of the three. A {process} has no number but its own.",
    drawing: &["thread A | ccc...ccc", "thread B | .ccc.ccc.", "under a lock | cccwwwccc", "| wwwcccwww"],
    author: &[],
    needs: |_| GUARDS.map(|guard| Measurement::Pitfall(Pitfall::Race(guard))).to_vec(),
    rule: "As many lanes as cores add one to a number two million times each, nine times over. Holds if without a lock updates are clearly lost and never with an atomic addition, a lock or processes, and the lock clearly takes longer than none. Refuted if something is lost in spite of a guard, or the lock clearly takes less time. That nothing was lost would prove nothing.",
    judge: |evidence, _| {
        let mut figures = Vec::new();
        let mut lost = Vec::new();
        let mut times = Vec::new();
        for guard in GUARDS {
            let summary = pitfall(evidence, Pitfall::Race(guard))?;
            let of_guard = summary.median(|sample| sample.lost())?;
            let us = summary.median(|sample| sample.us)?;
            let all = f64::from(ADDITIONS) * summary.samples.first().map_or(1.0, |s| s.lanes.len() as f64);
            let what = match guard {
                Guard::Nothing => "Without a lock",
                Guard::Atomic => "Atomic addition",
                Guard::Mutex => "Under a lock",
                Guard::Processes => "In processes",
            };
            let share = if of_guard.hi > 0.0 {
                format!("{} lost", format::percent_exact(of_guard.value / all))
            } else {
                "none lost".to_owned()
            };
            figures.push((what.to_owned(), format!("{share}; {}", time_text(us))));
            lost.push((of_guard, all));
            times.push(us);
        }
        let (unguarded, all) = lost[0];
        let is_guarded = lost[1..].iter().all(|(lost, _)| lost.lo == 0.0 && lost.hi == 0.0);
        let price = over(times[2], times[0]);
        Ok(Judgement {
            holding: Holding::of(
                unguarded.lo > 0.0 && is_guarded && price.lo > 1.0,
                !is_guarded || price.hi < 1.0,
            ),
            why: format!(
                "Without a lock {} of all updates are lost; the lock takes {} as long.",
                format::percent_exact(unguarded.value / all),
                ratio_text(price)
            ),
            figures,
        })
    },
    in_browser: "The lanes are real wasm threads, and each step is an indivisible load or store: what is lost is lost because steps of two lanes interleave, and for no other reason.",
    python: include_str!("python/race.py"),
    #[cfg(test)]
    examples: || {
        let run = |lost: [f64; 2], guarded: f64| {
            use super::made::{Recording, race};
            Recording::default()
                .pitfall(Pitfall::Race(Guard::Nothing), race(lost, 12.0))
                .pitfall(Pitfall::Race(Guard::Atomic), race([0.0, guarded], 31.0))
                .pitfall(Pitfall::Race(Guard::Mutex), race([0.0; 2], 140.0))
                .pitfall(Pitfall::Race(Guard::Processes), race([0.0; 2], 9.0))
                .0
        };
        [run([0.2, 0.5], 0.0), run([0.2, 0.5], 0.1), run([0.0, 0.0], 0.0)]
    },
};

/// The claim that locks in opposite order stop threads.
pub static DEADLOCK: Claim = Claim {
    id: "deadlock",
    chapter: Chapter::Pitfalls,
    statement: "Two locks taken in opposite order deadlock both threads.",
    because: "One {thread} has the first {lock} and waits for the second; the other has the second and waits for the first. Neither lets go of what it has, so neither gets what it wants: a {deadlock}. If both take the locks in the same order, the second one waits before it has anything.",
    drawing: &[
        "opposite | .hhwwwwwwww",
        "| .hhwwwwwwww",
        "same order | .hhhh.wwww.hhhh",
        "| .wwww.hhhh.wwww",
    ],
    author: &[],
    needs: |_| {
        [LockOrder::Opposite, LockOrder::Same]
            .map(|order| Measurement::Pitfall(Pitfall::Deadlock(order)))
            .to_vec()
    },
    rule: "Two threads take two locks 50,000 times, six times over. A watchdog ends them when nothing has moved for 0.4 s and each waits for what the other holds. Holds if every run in opposite order stood still and none in the same order did. Refuted if one in the same order did. That one came through would prove nothing: it had luck.",
    judge: |evidence, _| {
        let opposite = pitfall(evidence, Pitfall::Deadlock(LockOrder::Opposite))?;
        let same = pitfall(evidence, Pitfall::Deadlock(LockOrder::Same))?;
        let rounds = opposite.median(|sample| sample.done())?;
        let time = same.median(|sample| sample.us)?;
        let of = |summary: &PitfallSummary| {
            format!("{} of {} runs stood still", summary.stood_still(), summary.samples.len())
        };
        let (still, runs) = (opposite.stood_still(), opposite.samples.len());
        Ok(Judgement {
            holding: Holding::of(still == runs && same.stood_still() == 0, same.stood_still() > 0),
            why: format!(
                "In opposite order {still} of {runs} runs stood still, as a rule after the locks had been taken {} times.",
                format::thousands(rounds.value)
            ),
            figures: vec![
                ("In opposite order".to_owned(), of(opposite)),
                ("In the same order".to_owned(), format!("{}; {}", of(same), time_text(time))),
            ],
        })
    },
    in_browser: "Wasm threads cannot be killed one by one. These are in a worker of their own, which is ended as a whole, and nothing of the page is lost.",
    python: include_str!("python/deadlock.py"),
    #[cfg(test)]
    examples: || {
        let run = |still: usize, same: usize| {
            use super::made::{Recording, deadlock};
            Recording::default()
                .pitfall(Pitfall::Deadlock(LockOrder::Opposite), deadlock(still))
                .pitfall(Pitfall::Deadlock(LockOrder::Same), deadlock(same))
                .0
        };
        [run(6, 0), run(6, 1), run(4, 0)]
    },
};

/// The claim that threads that keep yielding do no work.
pub static LIVELOCK: Claim = Claim {
    id: "livelock",
    chapter: Chapter::Pitfalls,
    statement: "Threads that keep yielding to each other are busy and do no work.",
    because: "Both need what only one can have, and each lets the other go first. Nobody waits, as in a {deadlock}; both compute all the time, and nothing gets done: a {livelock}. The fix: one of them stops yielding after a while.",
    drawing: &["polite | cwcwcwcwcw", "| wcwcwcwcwc", "one insists | cwcwchhhwc", "| wcwcwwwwcw"],
    author: &[],
    needs: |_| {
        [Manners::Yields, Manners::Decides]
            .map(|manners| Measurement::Pitfall(Pitfall::Livelock(manners)))
            .to_vec()
    },
    rule: "Two threads, 0.2 s, six times over. Holds if those that always yield have clearly yielded and clearly done nothing, and those that yield three times at most have clearly done something. Refuted if those that always yield did something, or the others nothing.",
    judge: |evidence, _| {
        let yields = pitfall(evidence, Pitfall::Livelock(Manners::Yields))?;
        let decides = pitfall(evidence, Pitfall::Livelock(Manners::Decides))?;
        let (idle, busy) = (yields.median(|s| s.done())?, yields.median(|s| s.yielded())?);
        let work = decides.median(|s| s.done())?;
        Ok(Judgement {
            holding: Holding::of(
                idle.hi == 0.0 && busy.lo > 0.0 && work.lo > 0.0,
                idle.lo > 0.0 || work.hi == 0.0,
            ),
            why: format!(
                "Two polite lanes let each other go first {} times and did {} pieces of work.",
                format::thousands(busy.value),
                format::thousands(idle.value)
            ),
            figures: vec![
                ("Always yield".to_owned(), count_text(idle, "done")),
                ("Meanwhile".to_owned(), count_text(busy, "times yielded")),
                ("Yield three times".to_owned(), count_text(work, "done")),
            ],
        })
    },
    in_browser: "",
    python: include_str!("python/livelock.py"),
    #[cfg(test)]
    examples: || {
        use super::made::{Recording, work};
        let run = |done: [u32; 2], yielded, decided: [u32; 2]| {
            Recording::default()
                .pitfall(Pitfall::Livelock(Manners::Yields), work(done, yielded))
                .pitfall(Pitfall::Livelock(Manners::Decides), work(decided, 60_000))
                .0
        };
        [
            run([0, 0], 90_000, [20_000, 24_000]),
            run([30, 40], 90_000, [20_000, 24_000]),
            // As of lanes that had no core meanwhile.
            run([0, 0], 0, [20_000, 24_000]),
        ]
    },
};

/// The claim that an unfair lock starves a thread.
pub static STARVATION: Claim = Claim {
    id: "starvation",
    chapter: Chapter::Pitfalls,
    statement: "An unfair lock keeps one thread waiting; a fair one gives every thread its turn.",
    because: "A thread that releases a {lock} and takes it again at once is faster than a thread that must wake up first. So greedy {threads|thread} hold it nearly always, and a modest one starves. A {fair lock} goes to the thread that has waited longest; CPython's {GIL} makes its holder wait until another has had it.",
    drawing: &[
        "greedy | hhhhhhhhhhhh",
        "modest | wwwwwwwwwwww",
        "fair: greedy | hhwwhhwwhhww",
        "modest | wwh.wwh.wwh.",
    ],
    author: &[],
    needs: |_| {
        [Fairness::Unfair, Fairness::Fair]
            .map(|fairness| Measurement::Pitfall(Pitfall::Starvation(fairness)))
            .to_vec()
    },
    rule: "Two greedy threads and a modest one, 0.3 s, six times over. Holds if the modest one's turns are clearly less than a quarter of the greediest one's with an unfair lock, and clearly more than half of them with a fair one. Refuted if the unfair lock clearly gives it more than half, or the fair one clearly less than a quarter.",
    judge: |evidence, _| {
        let part = |fairness| pitfall(evidence, Pitfall::Starvation(fairness))?.median(|s| s.modest_part());
        let (unfair, fair) = (part(Fairness::Unfair)?, part(Fairness::Fair)?);
        let figure = |part: Estimate| {
            format!("{} ({})", format::percent(part.value), format::percent_interval(part.lo, part.hi))
        };
        Ok(Judgement {
            holding: Holding::of(unfair.hi < 0.25 && fair.lo > 0.5, unfair.lo > 0.5 || fair.hi < 0.25),
            why: format!(
                "For every 100 turns of the greediest lane the modest one had {:.0} with an unfair lock and {:.0} with a fair one.",
                100.0 * unfair.value,
                100.0 * fair.value
            ),
            figures: vec![
                ("Modest lane's turns, unfair".to_owned(), figure(unfair)),
                ("Modest lane's turns, fair".to_owned(), figure(fair)),
            ],
        })
    },
    in_browser: "The unfair lock is a flag: who finds it set looks again 20 µs later. The fair lock hands out numbers, and calls them.",
    python: include_str!("python/starvation.py"),
    #[cfg(test)]
    examples: || {
        use super::made::{Recording, turns};
        let run = |unfair: [u32; 2], fair: [u32; 2]| {
            Recording::default()
                .pitfall(Pitfall::Starvation(Fairness::Unfair), turns(unfair))
                .pitfall(Pitfall::Starvation(Fairness::Fair), turns(fair))
                .0
        };
        [run([1, 40], [880, 960]), run([700, 960], [880, 960]), run([40, 400], [880, 960])]
    },
};

fn pitfall(evidence: &Evidence, pitfall: Pitfall) -> Result<&PitfallSummary, String> {
    let summary = evidence.pitfall(pitfall).ok_or_else(|| "It was not run yet.".to_owned())?;
    match &summary.error {
        Some(error) => Err(error.clone()),
        None => Ok(summary),
    }
}

fn count_text(count: Estimate, what: &str) -> String {
    if count.lo == count.hi {
        return format!("{} {what}", format::thousands(count.value));
    }
    format!(
        "{} ({}\u{2060}–\u{2060}{}) {what}",
        format::thousands(count.value),
        format::thousands(count.lo),
        format::thousands(count.hi)
    )
}
