//! What goes wrong with threads, and what mends it.

use super::evidence::time_text;
use super::judgement::{Holding, Judgement, over, ratio_text};
use super::{Chapter, Claim, Evidence, Measurement};
use crate::format;
use crate::pitfall::{ADDITIONS, Fairness, Guard, LockOrder, Manners, Pitfall, PitfallSummary};
use crate::stats::Estimate;

const GUARDS: [Guard; 4] = [Guard::Nothing, Guard::Atomic, Guard::Mutex, Guard::Processes];

/// What a guard is called beside its figures.
const fn guard_name(guard: Guard) -> &'static str {
    match guard {
        Guard::Nothing => "Without a lock",
        Guard::Atomic => "Atomic addition",
        Guard::Mutex => "Under a lock",
        Guard::Processes => "In processes",
    }
}

/// The claim that threads without a lock lose updates.
pub static RACE: Claim = Claim {
    id: "race",
    chapter: Chapter::Pitfalls,
    statement: "Threads that change one thing without a lock lose updates. A lock loses none, and processes cannot race.",
    because: "number += 1 is three steps: read, add, write. If another {thread} writes between the first and the third, its update is lost. A {lock} around the three keeps others out; an {atomic} addition makes one step of the three. A {process} has no number but its own.",
    drawing: &["thread A | ccc...ccc", "thread B | .ccc.ccc.", "under a lock | cccwwwccc", "| wwwcccwww"],
    author: &[],
    needs: |_| GUARDS.map(|guard| Measurement::Pitfall(Pitfall::Race(guard))).to_vec(),
    rule: "As many lanes as cores add one to a number two million times each, nine times over. Holds if updates are lost without a lock in some run, and in none with an atomic addition, with a lock or in processes. Refuted if something is lost in spite of a guard. One loss is proof that updates can be lost; if there is none, lanes may not have met.",
    judge: |evidence, _| {
        let mut figures = Vec::new();
        let mut lossy_runs = Vec::new();
        for guard in GUARDS {
            let summary = pitfall(evidence, Pitfall::Race(guard))?;
            let lanes = summary.samples.first().map_or(1.0, |sample| sample.lanes.len() as f64);
            let part = summary.median(|sample| sample.lost() / (f64::from(ADDITIONS) * lanes))?;
            let lossy = summary.samples.iter().filter(|sample| sample.lost() > 0.0).count();
            let share = if lossy > 0 { lost_text(part) } else { "none lost".to_owned() };
            figures.push((guard_name(guard).to_owned(), share));
            lossy_runs.push((lossy, summary.samples.len()));
        }
        let ((lossy, runs), is_guarded) =
            (lossy_runs[0], lossy_runs[1..].iter().all(|&(lossy, _)| lossy == 0));
        Ok(Judgement {
            holding: Holding::of(lossy > 0 && is_guarded, !is_guarded),
            why: format!(
                "Without a lock updates were lost in {lossy} of {runs} runs, {}.",
                if is_guarded { "and with a guard in none" } else { "and in some in spite of a guard" }
            ),
            figures,
        })
    },
    in_browser: "The lanes are real wasm threads, and each step is an indivisible load or store: what is lost is lost because steps of two lanes interleave, and for no other reason.",
    python: include_str!("python/race.py"),
    #[cfg(test)]
    examples: || {
        let run = |lost: [f64; 2], guarded: f64| races(lost, guarded, 140.0);
        [run([0.2, 0.5], 0.0), run([0.2, 0.5], 0.1), run([0.0, 0.0], 0.0)]
    },
};

/// The claim that a lock costs time.
pub static LOCK_COST: Claim = Claim {
    id: "lock-cost",
    chapter: Chapter::Pitfalls,
    statement: "A lock costs time: adding under one takes longer than adding without.",
    because: "To take a {lock} and to let go of it are steps of their own, and {threads|thread} that want it at the same time wait for each other. The less is done under it, the more that weighs. An {atomic} addition needs no lock, but the threads still pass one number from core to core.",
    drawing: &["no lock | cccccc", "| cccccc", "under a lock | hwhwhwhwhwhw", "| whwhwhwhwhwh"],
    author: &[],
    needs: |_| TIMED.map(|guard| Measurement::Pitfall(Pitfall::Race(guard))).to_vec(),
    rule: "As many lanes as cores add one to a number two million times each, nine times over. Holds if they clearly take longer under a lock than without one. Refuted if they clearly take less.",
    judge: |evidence, _| {
        let mut times = Vec::new();
        for guard in TIMED {
            times.push(pitfall(evidence, Pitfall::Race(guard))?.median(|sample| sample.us)?);
        }
        let price = over(times[2], times[0]);
        let figure = |(guard, us): (Guard, Estimate)| (guard_name(guard).to_owned(), time_text(us));
        Ok(Judgement {
            holding: Holding::of(price.lo > 1.0, price.hi < 1.0),
            why: format!("Under a lock the additions take {} as long as without.", ratio_text(price)),
            figures: TIMED.into_iter().zip(times).map(figure).collect(),
        })
    },
    in_browser: "The lock is one that a waiting thread sleeps for; a browser wakes threads as its operating system does.",
    python: include_str!("python/lock_cost.py"),
    #[cfg(test)]
    examples: || [140.0, 6.0, 12.4].map(|locked| races([0.2, 0.5], 0.0, locked)),
};

/// What a lock is compared with, and the lock, which is the last.
const TIMED: [Guard; 3] = [Guard::Nothing, Guard::Atomic, Guard::Mutex];

/// Races that lost such parts without a lock, and with an atomic addition; under a lock they took `locked` ms.
#[cfg(test)]
fn races(lost: [f64; 2], guarded: f64, locked: f64) -> Evidence {
    use super::made::{Recording, race};
    Recording::default()
        .pitfall(Pitfall::Race(Guard::Nothing), race(lost, 12.0))
        .pitfall(Pitfall::Race(Guard::Atomic), race([0.0, guarded], 31.0))
        .pitfall(Pitfall::Race(Guard::Mutex), race([0.0; 2], locked))
        .pitfall(Pitfall::Race(Guard::Processes), race([0.0; 2], 9.0))
        .0
}

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
        let time = same.median(|sample| sample.us)?;
        let of = |summary: &PitfallSummary| {
            format!("{} of {} runs stood still", summary.stood_still(), summary.samples.len())
        };
        let (still, runs) = (opposite.stood_still(), opposite.samples.len());
        Ok(Judgement {
            holding: Holding::of(still == runs && same.stood_still() == 0, same.stood_still() > 0),
            why: format!("In opposite order {still} of {runs} runs stood still{}.", when_still(opposite)),
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

/// When the runs of a deadlock stood still that did, by the median of how often both locks had been taken before.
fn when_still(summary: &PitfallSummary) -> String {
    let mut taken: Vec<f64> =
        summary.samples.iter().filter(|sample| sample.stood_still).map(|sample| sample.done()).collect();
    taken.sort_by(f64::total_cmp);
    match taken.get(taken.len() / 2) {
        None => String::new(),
        Some(..1.0) => ", most of them at the first attempt to take both locks".to_owned(),
        Some(..2.0) => ", most of them after the locks had been taken once".to_owned(),
        Some(&times) => {
            format!(", most of them after the locks had been taken {} times", format::thousands(times))
        }
    }
}

/// A part of updates that were lost, with its interval, for people.
fn lost_text(part: Estimate) -> String {
    format!(
        "{} lost ({})",
        format::percent_exact(part.value),
        format::percent_exact_interval(part.lo, part.hi)
    )
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_said_to_have_been_done_zero_times() {
        let said = |still: usize, done: u32| {
            let mut samples = super::super::made::deadlock(still);
            samples.iter_mut().for_each(|sample| sample.lanes[0].done = done);
            samples.iter_mut().for_each(|sample| sample.lanes[1].done = 0);
            let pitfall = Pitfall::Deadlock(LockOrder::Opposite);
            when_still(&PitfallSummary { pitfall, samples, error: None })
        };
        assert_eq!(said(6, 0), ", most of them at the first attempt to take both locks");
        assert_eq!(said(6, 1), ", most of them after the locks had been taken once");
        assert_eq!(said(4, 12), ", most of them after the locks had been taken 12 times");
        assert_eq!(said(0, 100_000), "", "none stood still");
    }

    /// Two cores lose about a quarter, busy ones something now and then; how long a lock takes is of no account for that.
    #[test]
    fn a_race_that_loses_something_is_told_whatever_a_lock_costs() {
        for (lost, locked) in [([0.2, 0.25], 6.0), ([0.2, 0.25], 12.4), ([0.0, 0.25], 140.0)] {
            let evidence = races(lost, 0.0, locked);
            let judgement = RACE.judgement(&evidence, 2).unwrap();
            assert_eq!(judgement.holding, Holding::Holds, "{}", judgement.why);
        }
    }
}
