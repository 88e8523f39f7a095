//! Lanes that add to one number.

use std::sync::PoisonError;
use std::sync::atomic::Ordering::Relaxed;

use super::{Board, Guard, Scene};

/// How often each lane adds one: for so long that lanes meet even on a busy machine, where each has
/// a core for some ms at a time.
pub const ADDITIONS: u32 = 4_000_000;

/// How often a lane says how far it is: seldom, so that saying it takes no time.
const SAY_EVERY: u32 = 1 << 14;

impl Scene {
    pub(super) fn race(&self, guard: Guard, board: &Board) {
        for done in 0..ADDITIONS {
            match guard {
                // Each of the two is indivisible, and so is no pair of them: another lane's store
                // may come in between, and is then lost.
                Guard::Nothing | Guard::Processes => {
                    let number = self.number.load(Relaxed);
                    self.number.store(number + 1, Relaxed);
                }
                Guard::Atomic => {
                    self.number.fetch_add(1, Relaxed);
                }
                Guard::Mutex => {
                    *self.locked_number.lock().unwrap_or_else(PoisonError::into_inner) += 1;
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
