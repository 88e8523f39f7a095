//! The pitfalls on the host's threads.

use std::sync::Arc;
use std::time::Instant;

use super::*;
use crate::job::GaugeLayout;

struct HostClock(Instant);

impl Clock for HostClock {
    fn now_us(&self) -> f64 {
        self.0.elapsed().as_secs_f64() * 1e6
    }
}

/// Runs `pitfall` on threads until they are done or `is_enough` says so of what they have done.
fn run(pitfall: Pitfall, is_enough: impl Fn(&[LaneSeen]) -> bool) -> (u32, Vec<LaneSeen>) {
    let (gauge, scene, clock) = (Gauge::new(), Scene::default(), HostClock(Instant::now()));
    let lanes = pitfall.lanes(2);
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..lanes)
            .map(|lane| {
                let (gauge, scene, clock) = (&gauge, &scene, &clock);
                scope.spawn(move || scene.run(pitfall, lane, lanes, gauge, clock))
            })
            .collect();
        while !is_enough(&seen(&gauge, lanes)) && threads.iter().any(|thread| !thread.is_finished()) {
            std::thread::yield_now();
        }
        gauge.stop();
        // Whoever waits for a turn looks again.
        while threads.iter().any(|thread| !thread.is_finished()) {
            scene.turn_changed.notify_all();
            std::thread::yield_now();
        }
    });
    (scene.sum(), seen(&gauge, lanes))
}

fn seen(gauge: &Gauge, lanes: u32) -> Vec<LaneSeen> {
    let base = GaugeLayout::at(0);
    let place_of = |word: u32| (word / (base.lane_word(1) - base.lane_word(0))) - 1;
    (0..lanes).map(|lane| LaneSeen::read(base, lane, |word| gauge.lane(place_of(word)).get())).collect()
}

fn never(_: &[LaneSeen]) -> bool {
    false
}

#[test]
fn guards_lose_nothing() {
    for guard in [Guard::Atomic, Guard::Mutex] {
        assert_eq!(run(Pitfall::Race(guard), never).0, 2 * ADDITIONS, "{guard:?}");
    }
}

#[test]
fn without_a_guard_nothing_is_added_that_was_not_there() {
    // How much is lost is chance; that more than all were there would be no race.
    let (sum, lanes) = run(Pitfall::Race(Guard::Nothing), never);
    assert!((1..=2 * ADDITIONS).contains(&sum), "{sum}");
    assert!(lanes.iter().all(|lane| lane.done == ADDITIONS));
}

#[test]
fn locks_in_the_same_order_let_both_lanes_through() {
    let (_, lanes) = run(Pitfall::Deadlock(LockOrder::Same), never);
    assert!(lanes.iter().all(|lane| lane.done == deadlock::ROUNDS), "{lanes:?}");
    assert_eq!(wait_for_cycle(&lanes), None);
}

#[test]
fn locks_in_opposite_order_stop_both_lanes_in_a_circle() {
    // The threads never end, so they are left behind; they take no time.
    let shared = Arc::new((Gauge::new(), Scene::default()));
    for lane in 0..2 {
        let shared = Arc::clone(&shared);
        std::thread::spawn(move || {
            let clock = HostClock(Instant::now());
            shared.1.run(Pitfall::Deadlock(LockOrder::Opposite), lane, 2, &shared.0, &clock);
        });
    }
    // A circle that is there for a moment only has not been read at one moment.
    let mut circle_since: Option<(Vec<LaneSeen>, Instant)> = None;
    loop {
        let lanes = seen(&shared.0, 2);
        assert!(lanes.iter().any(|lane| lane.done < deadlock::ROUNDS), "they came through");
        match (wait_for_cycle(&lanes), &circle_since) {
            (Some(circle), Some((before, since))) if *before == lanes => {
                if since.elapsed().as_millis() > 200 {
                    assert_eq!(circle, [0, 1]);
                    return;
                }
            }
            (Some(_), _) => circle_since = Some((lanes, Instant::now())),
            (None, _) => circle_since = None,
        }
        std::thread::yield_now();
    }
}

#[test]
fn lanes_that_always_yield_do_nothing_and_lanes_that_decide_do_something() {
    let busy = |lanes: &[LaneSeen]| lanes.iter().all(|lane| lane.yielded > 1_000);
    let (_, yields) = run(Pitfall::Livelock(Manners::Yields), busy);
    assert!(yields.iter().all(|lane| lane.done == 0 && lane.yielded > 1_000), "{yields:?}");
    let (_, decides) = run(Pitfall::Livelock(Manners::Decides), busy);
    assert!(decides.iter().all(|lane| lane.done > 300), "{decides:?}");
}

#[test]
fn a_fair_lock_lets_nobody_wait_for_more_than_the_others_turns() {
    let enough = |lanes: &[LaneSeen]| lanes[0].done >= 100 && lanes[1].done >= 100;
    let (_, lanes) = run(Pitfall::Starvation(Fairness::Fair), enough);
    // The modest lane may miss a turn while it does something else.
    assert!(lanes[2].done > 25, "{lanes:?}");
}

#[test]
fn an_unfair_lock_starves_the_modest_lane() {
    let (_, lanes) =
        run(Pitfall::Starvation(Fairness::Unfair), |lanes| lanes[0].done + lanes[1].done > 1_000);
    let greedy = lanes[0].done.max(lanes[1].done);
    assert!(lanes[2].done < greedy / 2, "{lanes:?}");
}

#[test]
fn a_circle_is_found_and_a_chain_is_none() {
    let lane = |holds, wants| LaneSeen { holds, wants, ..LaneSeen::default() };
    assert_eq!(wait_for_cycle(&[lane(Some(0), Some(1)), lane(Some(1), Some(0))]), Some(vec![0, 1]));
    assert_eq!(wait_for_cycle(&[lane(Some(0), Some(1)), lane(Some(1), None)]), None);
    let three = [lane(None, Some(0)), lane(Some(0), Some(1)), lane(Some(1), Some(0))];
    assert_eq!(wait_for_cycle(&three), Some(vec![1, 2]), "whoever only waits is not in it");
}
