//! One lock that a lane must hold to compute, handed over as CPython hands over its own.
//!
//! The algorithm is CPython's since 3.2 (Antoine Pitrou's "new GIL", `Python/ceval_gil.c`): a
//! waiter waits for the switch interval; if nobody let go meanwhile, it asks. The holder sees that
//! at its next checkpoint, lets go, and waits until another lane has had the lock before it queues
//! again: without that, the lane that runs would win nearly every race.

use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// The lock. One per trial.
#[derive(Debug)]
pub struct Gil {
    state: Mutex<State>,
    /// Signalled when the lock is let go.
    released: Condvar,
    /// Signalled when the lock has a holder other than the one before.
    switched: Condvar,
    /// A waiter asks for the lock. Outside the mutex, as every checkpoint of the holder looks at it.
    wanted: AtomicBool,
    interval: Duration,
}

#[derive(Debug)]
struct State {
    is_held: bool,
    /// The lane that holds the lock or was the last to hold it.
    last_holder: Option<u32>,
    /// How often the lock went from one lane to another.
    switches: u64,
}

impl Gil {
    /// A lock that nobody holds. `interval` is how long a waiter waits before it asks.
    pub fn new(interval: Duration) -> Self {
        Self {
            state: Mutex::new(State { is_held: false, last_holder: None, switches: 0 }),
            released: Condvar::new(),
            switched: Condvar::new(),
            wanted: AtomicBool::new(false),
            interval,
        }
    }

    /// Waits until `lane` holds the lock.
    pub fn hold(&self, lane: u32) -> Held<'_> {
        self.acquire(lane);
        Held { gil: self, lane, is_released: false }
    }

    /// How often the lock went from one lane to another.
    pub fn switches(&self) -> u64 {
        self.state().switches
    }

    fn acquire(&self, lane: u32) {
        let mut state = self.state();
        while state.is_held {
            let seen = state.switches;
            let (guard, timeout) =
                self.released.wait_timeout(state, self.interval).unwrap_or_else(PoisonError::into_inner);
            state = guard;
            // A switch meanwhile means that the lock is shared out already: start counting anew.
            if timeout.timed_out() && state.is_held && state.switches == seen {
                self.wanted.store(true, Relaxed);
            }
        }
        state.is_held = true;
        self.wanted.store(false, Relaxed);
        if state.last_holder != Some(lane) {
            state.last_holder = Some(lane);
            state.switches += 1;
            self.switched.notify_all();
        }
    }

    fn release(&self, lane: u32) {
        let mut state = self.state();
        state.is_held = false;
        let was_asked = self.wanted.load(Relaxed);
        self.released.notify_one();
        // Whoever asked is still waiting, so the lock will have another holder soon.
        while was_asked && state.last_holder == Some(lane) {
            state = self.switched.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // The state is consistent whenever the mutex is free, even after a lane's panic.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The right to compute. Dropping it lets go of the lock.
#[must_use]
#[derive(Debug)]
pub struct Held<'a> {
    gil: &'a Gil,
    lane: u32,
    is_released: bool,
}

impl Held<'_> {
    /// Whether another lane asks for the lock: what a checkpoint looks at.
    #[inline(always)]
    pub fn is_wanted(&self) -> bool {
        self.gil.wanted.load(Relaxed)
    }

    /// Lets go of the lock, lets another lane have it, and waits for it again.
    pub fn hand_over(&mut self) {
        self.gil.release(self.lane);
        self.gil.acquire(self.lane);
    }

    /// Lets go of the lock until [`Held::take_back`], as CPython does around a call that blocks.
    pub fn release(&mut self) {
        self.is_released = true;
        self.gil.release(self.lane);
    }

    /// Waits until the lane holds the lock again.
    pub fn take_back(&mut self) {
        self.gil.acquire(self.lane);
        self.is_released = false;
    }
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        if !self.is_released {
            self.gil.release(self.lane);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering::SeqCst};

    use super::*;

    #[test]
    fn one_lane_holds_it_at_a_time_and_all_get_their_turns() {
        const LANES: u32 = 4;
        const TURNS: u32 = 20;
        let gil = Gil::new(Duration::from_micros(200));
        let inside = AtomicUsize::new(0);
        let turns: Vec<AtomicU32> = (0..LANES).map(|_| AtomicU32::new(0)).collect();
        std::thread::scope(|scope| {
            for lane in 0..LANES {
                let (gil, inside, turns) = (&gil, &inside, &turns);
                scope.spawn(move || {
                    let mut held = gil.hold(lane);
                    // Until every lane had its turns, whoever holds the lock keeps it until asked.
                    while turns.iter().any(|t| t.load(SeqCst) < TURNS) {
                        assert_eq!(inside.fetch_add(1, SeqCst), 0, "two lanes hold the lock");
                        inside.fetch_sub(1, SeqCst);
                        if held.is_wanted() {
                            turns[lane as usize].fetch_add(1, SeqCst);
                            held.hand_over();
                        }
                    }
                });
            }
        });
        assert!(gil.switches() >= u64::from(LANES * TURNS));
    }

    #[test]
    fn a_lone_holder_is_never_asked() {
        let gil = Gil::new(Duration::from_micros(100));
        for _ in 0..1_000 {
            let held = gil.hold(0);
            assert!(!held.is_wanted());
        }
        assert_eq!(gil.switches(), 1, "only the first hold is a switch");
    }

    #[test]
    fn the_holder_is_asked_only_by_a_waiter_and_hands_over() {
        let gil = Gil::new(Duration::from_millis(1));
        let mut held = gil.hold(0);
        std::thread::scope(|scope| {
            let waiter = scope.spawn(|| drop(gil.hold(1)));
            while !held.is_wanted() {
                std::hint::spin_loop();
            }
            // Returns only after the waiter had the lock.
            held.hand_over();
            waiter.join().unwrap();
        });
        assert_eq!(gil.switches(), 3, "0, then 1, then 0 again");
        assert!(!held.is_wanted());
    }
}
