//! Two lanes that need one thing and are polite about it.

use std::sync::atomic::Ordering::{Acquire, Release};
use std::thread;
use std::time::Duration;

use super::{Board, Manners, Scene};

/// How often a lane that decides lets the other go first before it works.
const PATIENCE: u32 = 3;

/// How often a lane looks whether it may go on until it lets go of its core for a moment.
const SPINS: u32 = 1_000;

impl Scene {
    pub(super) fn livelock(&self, manners: Manners, board: &Board) {
        let other = 1 - board.lane;
        let (mut done, mut yielded, mut in_a_row, mut spins) = (0, 0, 0, 0);
        while !board.is_stopped() {
            if self.owner.load(Acquire) != board.lane {
                // On a busy machine the other lane may wait for this one's core.
                spins += 1;
                if spins > SPINS {
                    thread::sleep(Duration::from_micros(10));
                }
                std::hint::spin_loop();
                continue;
            }
            spins = 0;
            // The other one needs it, too: it always does.
            let works = match manners {
                Manners::Yields => false,
                Manners::Decides => in_a_row >= PATIENCE,
            };
            if works {
                done += 1;
                in_a_row = 0;
                board.done(done);
            } else {
                yielded += 1;
                in_a_row += 1;
                board.yielded(yielded);
            }
            self.owner.store(other, Release);
        }
    }
}
