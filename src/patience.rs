//! How long to wait for a worker that says nothing, where the machine may fall asleep meanwhile.

/// A gap of so many µs between two looks, which are at most a second apart even in a hidden page,
/// means that nothing ran: the machine slept, or the browser had stopped the page.
const ASLEEP_US: f64 = 3e6;

/// How often the page looks at a worker, in milliseconds.
pub const LOOK_MS: u32 = 100;

/// How long nothing may be heard of a worker before its trial is ended, in seconds.
pub const SILENCE_S: u32 = 10;

/// Counts the time in which nothing is heard, but not the time in which nothing could be: a clock
/// that goes on while the machine sleeps would otherwise make every trial look hung.
#[derive(Clone, Debug)]
pub struct Patience {
    limit_us: f64,
    looked_us: f64,
    silent_us: f64,
    slept: bool,
}

impl Patience {
    /// Begins at `now_us` to wait for at most `seconds` of silence.
    pub fn begin(seconds: u32, now_us: f64) -> Self {
        Self { limit_us: f64::from(seconds) * 1e6, looked_us: now_us, silent_us: 0.0, slept: false }
    }

    /// Looks at the clock. It must do so at least once a second.
    pub fn look(&mut self, now_us: f64) {
        let gap_us = now_us - self.looked_us;
        self.looked_us = now_us;
        if gap_us > ASLEEP_US {
            self.slept = true;
        } else {
            self.silent_us += gap_us.max(0.0);
        }
    }

    /// Something was heard.
    pub fn hear(&mut self) {
        self.silent_us = 0.0;
    }

    /// Whether the silence has lasted too long.
    pub fn is_over(&self) -> bool {
        self.silent_us > self.limit_us
    }

    /// Whether the machine was asleep since the begin: what was measured then means nothing.
    pub fn slept(&self) -> bool {
        self.slept
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: f64 = 1e6;

    #[test]
    fn silence_ends_it_and_a_word_begins_it_anew() {
        let mut patience = Patience::begin(10, 0.0);
        (1..=10).for_each(|second| patience.look(f64::from(second) * SECOND));
        assert!(!patience.is_over());
        patience.hear();
        (11..=20).for_each(|second| patience.look(f64::from(second) * SECOND));
        assert!(!patience.is_over());
        patience.look(20.1 * SECOND);
        assert!(patience.is_over() && !patience.slept());
    }

    #[test]
    fn a_night_asleep_is_no_silence() {
        let mut patience = Patience::begin(10, 0.0);
        patience.look(SECOND);
        patience.look(8.0 * 3_600.0 * SECOND);
        assert!(patience.slept() && !patience.is_over());
    }

    #[test]
    fn a_clock_that_goes_back_counts_for_nothing() {
        let mut patience = Patience::begin(10, 5.0 * SECOND);
        patience.look(0.0);
        patience.look(SECOND);
        assert!(!patience.is_over() && !patience.slept());
    }
}
