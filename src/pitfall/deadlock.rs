//! Two lanes that need two locks at once, again and again.

use std::hint::black_box;
use std::sync::PoisonError;

use super::{Board, LockOrder, Scene};

/// How often each lane takes both locks, if it ever comes so far: for so long that lanes meet even on
/// a busy machine.
pub const ROUNDS: u32 = 50_000;

impl Scene {
    pub(super) fn deadlock(&self, order: LockOrder, board: &Board) {
        let (first, second) = match (order, board.lane) {
            (LockOrder::Opposite, 1) => (1, 0),
            _ => (0, 1),
        };
        let lock = |number: u32| {
            board.wants(Some(number));
            let held = self.locks[number as usize].lock().unwrap_or_else(PoisonError::into_inner);
            board.wants(None);
            held
        };
        for round in 1..=ROUNDS {
            if board.is_stopped() {
                return;
            }
            let one = lock(first);
            board.holds(Some(first));
            // Something that takes some µs is done under the first lock, as it would be.
            for number in 0..2_000_u32 {
                black_box(number);
            }
            let other = lock(second);
            board.done(round);
            drop(other);
            board.holds(None);
            drop(one);
        }
    }
}
