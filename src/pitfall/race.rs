//! Lanes that add to one number.

use std::hint::black_box;
use std::sync::PoisonError;
use std::sync::atomic::Ordering::Relaxed;

use super::{Board, Guard, Scene};

/// How often each lane adds one: for so long that lanes meet even on a busy machine, where each has
/// a core for some ms at a time.
pub const ADDITIONS: u32 = 2_000_000;

/// How often a lane says how far it is: seldom, so that saying it takes no time.
const SAY_EVERY: u32 = 1 << 14;

/// Adds one as an interpreter does: in several steps, which take some ns.
fn add_one(number: u32) -> u32 {
    for step in 0..10_u32 {
        black_box(step);
    }
    black_box(number + 1)
}

impl Scene {
    pub(super) fn race(&self, guard: Guard, board: &Board) {
        for done in 0..ADDITIONS {
            match guard {
                // Each of the two is indivisible, and so is no pair of them: another lane's store
                // may come in between, and is then lost.
                Guard::Nothing | Guard::Processes => {
                    let number = self.number.load(Relaxed);
                    self.number.store(add_one(number), Relaxed);
                }
                Guard::Atomic => {
                    self.number.fetch_add(1, Relaxed);
                }
                Guard::Mutex => {
                    let mut number = self.locked_number.lock().unwrap_or_else(PoisonError::into_inner);
                    *number = add_one(*number);
                }
            }
            if done % SAY_EVERY == 0 {
                board.done(done);
                if board.is_stopped() {
                    return;
                }
            }
        }
        board.done(ADDITIONS);
    }
}
