//! What holds of every claim.

use super::*;
use crate::domain::Bound;

#[test]
fn every_rule_can_say_all_that_it_may_have_to_say() {
    for claim in CLAIMS {
        let expected = [Holding::Holds, Holding::DoesNotHold, Holding::CantTell];
        for (evidence, holding) in (claim.examples)().iter().zip(expected) {
            let judgement = claim.judgement(evidence, 2).unwrap_or_else(|| {
                let needs = (claim.needs)(2);
                let missing: Vec<_> = needs.iter().filter(|need| evidence.found(need).is_none()).collect();
                panic!("{}: no record of {missing:?}", claim.id)
            });
            assert_eq!(judgement.holding, holding, "{}: {}", claim.id, judgement.why);
            assert!(!judgement.figures.is_empty(), "{}: no figures", claim.id);
        }
    }
}

#[test]
fn no_run_says_anything_wrong_of_what_one_is_free_to_choose() {
    // Parsing a mail is too little work for a compiled program to be worth handing on; and where cores are scarce, the
    // one event loop that fetches for all threads gets less of them than sixteen processes do. Their pages say so.
    let runs: [(&str, &[&str]); 2] = [(recorded::BUSY, &["io-process"]), (recorded::IDLE, &["pipeline"])];
    let [busy, idle] = runs.map(|(run, explained)| {
        let evidence = recorded::read(&recorded::saved(run), 2);
        let (mut held, mut untold, mut judged) = (0, 0, 0);
        for claim in CLAIMS {
            // A claim may be newer than the recordings.
            let Some(judgement) = claim.judgement(&evidence, 2) else { continue };
            judged += 1;
            match judgement.holding {
                Holding::Holds => held += 1,
                Holding::CantTell => untold += 1,
                Holding::DoesNotHold if explained.contains(&claim.id) => {}
                Holding::DoesNotHold => {
                    assert_eq!(claim.chapter, Chapter::Costs, "{}: {}", claim.id, judgement.why)
                }
            }
        }
        assert!(judged >= 25, "{run}: only {judged} claims were measured");
        (held, untold)
    });
    // The less a machine is disturbed, the more can be told.
    assert!(busy.0 > 0 && busy.1 > 0 && idle.0 > busy.0 && idle.1 < busy.1, "{busy:?}, {idle:?}");
}

#[test]
fn what_is_saved_is_read_again_as_it_was() {
    for text in [recorded::BUSY, recorded::IDLE].map(recorded::saved) {
        assert_eq!(record::csv(&recorded::read(&text, 2), 2), text);
    }
}

#[test]
fn what_is_measured_is_told_apart() {
    let needs = needs_of(CLAIMS, 2);
    let names: Vec<String> = needs.iter().map(Measurement::doing).collect();
    for (i, name) in names.iter().enumerate() {
        assert!(!names[..i].contains(name), "{name}: {:?}", needs[i]);
    }
}

#[test]
fn nothing_is_said_before_all_is_measured() {
    for claim in CLAIMS {
        assert_eq!(claim.judgement(&Evidence::default(), 2), None, "{}", claim.id);
        for need in (claim.needs)(2) {
            let mut evidence = (claim.examples)()[0].clone();
            evidence.forget(&[need]);
            assert_eq!(claim.judgement(&evidence, 2), None, "{}", claim.id);
        }
    }
}

#[test]
fn what_claims_need_can_be_run_on_any_machine() {
    for cores in [1, 2, 3, 4, 6, 8, 16, 64, 256] {
        for claim in CLAIMS {
            let needs = (claim.needs)(cores);
            assert!(!needs.is_empty(), "{}", claim.id);
            for need in needs {
                if let Measurement::Experiment(experiment) = need {
                    assert_eq!(experiment.validate(), Ok(()), "{}, {cores} cores", claim.id);
                }
            }
        }
    }
}

#[test]
fn all_claims_together_take_less_than_three_minutes() {
    let all_ms: u32 = needs_of(CLAIMS, 2).iter().map(Measurement::expected_ms).sum();
    assert!(all_ms < 170_000, "{all_ms} ms");
}

#[test]
fn ids_are_unique_and_chapters_stand_together() {
    for (i, claim) in CLAIMS.iter().enumerate() {
        assert!(CLAIMS[..i].iter().all(|other| other.id != claim.id), "{}", claim.id);
        assert_eq!(Claim::of_id(claim.id).map(|claim| claim.id), Some(claim.id));
    }
    assert!(CLAIMS.is_sorted_by_key(|claim| claim.chapter));
    for &chapter in Chapter::ALL {
        assert!(CLAIMS.iter().any(|claim| claim.chapter == chapter), "{chapter:?} is empty");
    }
    assert!(Claim::of_id("no-such-claim").is_none());
}

#[test]
fn one_core_is_no_place_to_judge_what_is_computed_at_once() {
    let claim = Claim::of_id("free-threads").unwrap();
    let evidence = &(claim.examples)()[0];
    assert_eq!(claim.judgement(evidence, 1).unwrap().holding, Holding::CantTell);
}

#[test]
fn a_busy_machine_decides_nothing_about_speed() {
    use crate::domain::Model::{Processes, Serial};
    let experiment = scaling::cpu(2);
    let times = [(Serial, 1, 339.0), (Processes, 2, 178.0), (Processes, 4, 181.0)];
    let evidence = made::of(&experiment, 0.4, &times).0;
    let judgement = Claim::of_id("process-cpu").unwrap().judgement(&evidence, 2).unwrap();
    assert_eq!(judgement.holding, Holding::CantTell);
    assert!(judgement.why.contains("too busy"), "{}", judgement.why);
}

#[test]
fn every_claim_has_its_texts() {
    for claim in CLAIMS {
        for (what, text) in [
            ("statement", claim.statement),
            ("reason", claim.because),
            ("rule", claim.rule),
            ("program", claim.python),
        ] {
            assert!(!text.trim().is_empty(), "{}: no {what}", claim.id);
        }
        assert!(claim.rule.contains("Holds if") && claim.rule.contains("Does not hold if"), "{}", claim.id);
        // It is shown without being folded or wrapped.
        for line in claim.python.lines() {
            assert!(line.len() <= 100, "{}: {line}", claim.id);
        }
    }
}

#[test]
fn programs_wait_as_long_as_the_experiments() {
    let mut waiting = Vec::new();
    for claim in CLAIMS {
        let needs = (claim.needs)(2);
        let experiments = needs.iter().filter_map(|need| match need {
            Measurement::Experiment(experiment) => Some(experiment),
            Measurement::Cost(_) | Measurement::Pitfall(_) => None,
        });
        for experiment in experiments.filter(|experiment| experiment.workload.bound() != Bound::Cpu) {
            // A program first says how it fetches.
            let waits = claim.python.split_once("sleep(").and_then(|(_, rest)| rest.split(')').next());
            let seconds: f64 = waits.and_then(|waits| waits.parse().ok()).expect(claim.id);
            assert_eq!(seconds * 1e6, f64::from(experiment.network.latency_us), "{}", claim.id);
            waiting.push(claim.id);
        }
    }
    assert_eq!(waiting, ["io-threads", "io-process", "io-async", "mail", "pipeline"]);
}

#[test]
fn every_drawing_has_lanes_that_do_something() {
    for claim in CLAIMS {
        assert!(!claim.drawing.is_empty(), "{}", claim.id);
        for line in claim.drawing {
            let (_, runs) = lane_of_drawing(line);
            assert!(!runs.is_empty(), "{}: {line}", claim.id);
        }
    }
    assert_eq!(
        lane_of_drawing("2 threads | ccw"),
        ("2 threads", vec![(Moment::Computes, 2), (Moment::Waits, 1)])
    );
}

#[test]
fn every_claim_of_the_articles_is_here() {
    let mut ids: Vec<&str> = CLAIMS.iter().map(|claim| claim.id).collect();
    ids.sort_unstable();
    assert_eq!(
        ids,
        [
            "concurrency",
            "deadlock",
            "forest",
            "free-threads",
            "gil-cpu",
            "io-async",
            "io-process",
            "io-threads",
            "kill",
            "livelock",
            "mail",
            "memory",
            "native-ext",
            "not-full",
            "one-lane",
            "order",
            "pipeline",
            "process-cpu",
            "race",
            "responsive",
            "sharing",
            "spawn",
            "starvation",
            "switch-cost",
            "tiny-tasks",
        ]
    );
}
