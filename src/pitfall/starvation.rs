//! Greedy lanes that hold a lock nearly all the time, and a modest one that needs it now and then.

use std::sync::PoisonError;
use std::sync::atomic::Ordering::{Acquire, Relaxed, Release};
use std::thread;
use std::time::Duration;

use super::{Board, Fairness, Scene};
use crate::job::Clock;

/// The modest lane's number; the others are greedy.
const MODEST: u32 = 2;

/// How long a greedy lane keeps the lock, in µs.
const HOLD_US: f64 = 100.0;

/// How long the modest lane does without it, in µs.
const AWAY_US: f64 = 20.0;

/// After how long a lane that found the unfair lock taken looks again.
const LOOK_AGAIN: Duration = Duration::from_micros(20);

impl Scene {
    pub(super) fn starvation(&self, fairness: Fairness, board: &Board, clock: &impl Clock) {
        let is_modest = board.lane == MODEST;
        let mut turns = 0;
        while !board.is_stopped() {
            let mut under_the_lock = || {
                turns += 1;
                board.done(turns);
                if !is_modest {
                    busy(clock, HOLD_US);
                }
            };
            match fairness {
                Fairness::Unfair => {
                    while self.is_taken.swap(true, Acquire) {
                        if board.is_stopped() {
                            return;
                        }
                        thread::sleep(LOOK_AGAIN);
                    }
                    under_the_lock();
                    self.is_taken.store(false, Release);
                }
                Fairness::Fair => {
                    if !self.wait_for_turn(board) {
                        return;
                    }
                    under_the_lock();
                    self.end_turn();
                }
            }
            if is_modest {
                busy(clock, AWAY_US);
            }
        }
    }

    /// Queues up, and waits; `false` if the lanes were asked to stop meanwhile.
    fn wait_for_turn(&self, board: &Board) -> bool {
        let mut turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        // Under the mutex, so that turns are handed out in the order in which lanes come.
        let mine = self.next_turn.fetch_add(1, Relaxed);
        while *turn != mine {
            if board.is_stopped() {
                return false;
            }
            turn = self.turn_changed.wait(turn).unwrap_or_else(PoisonError::into_inner);
        }
        true
    }

    /// Wakes whoever waits; the one whose turn it is goes on.
    fn end_turn(&self) {
        *self.turn.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        self.turn_changed.notify_all();
    }
}

fn busy(clock: &impl Clock, long_us: f64) {
    let begin_us = clock.now_us();
    while clock.now_us() - begin_us < long_us {
        std::hint::spin_loop();
    }
}
