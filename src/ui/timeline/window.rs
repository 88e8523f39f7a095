//! The stretch of a trial's time that is shown, and the labels of its axis.

/// The shortest stretch that is shown, in µs: below the step of most browsers' clocks.
const SHORTEST_US: f64 = 20.0;

/// The stretch of a trial's time that is shown.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Window {
    /// The time at its left end, in µs since the trial's begin.
    pub from_us: f64,
    /// The time at its right end, in µs since the trial's begin.
    pub to_us: f64,
}

/// A command to see another stretch: what is at `from` comes to be at `to`, and everything gets
/// `factor` times as wide. Places are parts of the width, from 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shift {
    /// A place in the picture as it is.
    pub from: f64,
    /// Where that is to be.
    pub to: f64,
    /// How many times as wide everything is to be.
    pub factor: f64,
}

impl Shift {
    /// Moves the picture by a part of its width: rightwards, if `by` is positive.
    pub fn moved(by: f64) -> Self {
        Self { from: 0.0, to: by, factor: 1.0 }
    }

    /// Makes everything `factor` times as wide; what is `at` a place stays there.
    pub fn zoomed(at: f64, factor: f64) -> Self {
        Self { from: at, to: at, factor }
    }
}

impl Window {
    /// All of a trial that takes `total_us`.
    pub fn whole(total_us: f64) -> Self {
        Self { from_us: 0.0, to_us: total_us.max(SHORTEST_US) }
    }

    /// How much time it shows, in µs.
    pub fn span_us(&self) -> f64 {
        self.to_us - self.from_us
    }

    /// The time at `place`, a part of the width.
    pub fn time_at(&self, place: f64) -> f64 {
        self.from_us + place * self.span_us()
    }

    /// Where `us` is, as a part of the width; outside of 0 to 1 if it is not shown.
    pub fn place_of(&self, us: f64) -> f64 {
        (us - self.from_us) / self.span_us()
    }

    /// What is shown after `shift`, of a trial that takes `total_us`.
    pub fn after(&self, shift: Shift, total_us: f64) -> Self {
        let span_us = self.span_us() / shift.factor;
        Self::of(self.time_at(shift.from) - shift.to * span_us, span_us, total_us)
    }

    /// As much of it as a trial that takes `total_us` has.
    pub fn within(&self, total_us: f64) -> Self {
        Self::of(self.from_us, self.span_us(), total_us)
    }

    /// The least move after which `us` is shown, with a little around it.
    pub fn showing(&self, us: f64, total_us: f64) -> Self {
        let (span_us, place) = (self.span_us(), self.place_of(us));
        const AROUND: f64 = 0.05;
        let by = (place - (1.0 - AROUND)).max(0.0) + (place - AROUND).min(0.0);
        Self::of(self.from_us + by * span_us, span_us, total_us)
    }

    /// So much from there on, as far as a trial of `total_us` has it.
    fn of(from_us: f64, span_us: f64, total_us: f64) -> Self {
        let whole = Self::whole(total_us);
        let span_us = span_us.clamp(SHORTEST_US, whole.to_us);
        let from_us = from_us.clamp(0.0, whole.to_us - span_us);
        Self { from_us, to_us: from_us + span_us }
    }
}

/// The times to label in a `window` that has room for so many labels, each with its text. The texts
/// have as many decimals as tell neighbours apart.
pub fn ticks(window: Window, most: u32) -> Vec<(f64, String)> {
    let step_us = step_us(window.span_us() / f64::from(most.max(2)));
    let (unit_us, unit) = match window.to_us {
        us if us >= 1e6 => (1e6, "s"),
        us if us >= 1e3 => (1e3, "ms"),
        _ => (1.0, "µs"),
    };
    let decimals = (unit_us / step_us).log10().ceil().max(0.0) as usize;
    let first = (window.from_us / step_us).ceil() as u64;
    (first..)
        .map(|number| number as f64 * step_us)
        .take_while(|&us| us <= window.to_us)
        .map(|us| (us, format!("{:.decimals$}\u{a0}{unit}", us / unit_us)))
        .collect()
}

/// The least of 1, 2, 5, 10, 20 … that is no less than `us`.
fn step_us(us: f64) -> f64 {
    let decade = 10f64.powf(us.log10().floor());
    let round = [1.0, 2.0, 5.0].map(|mantissa| mantissa * decade);
    round.into_iter().find(|&step| step >= us * (1.0 - 1e-9)).unwrap_or(10.0 * decade)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const TOTAL_US: f64 = 1e6;

    #[test]
    fn zooming_keeps_what_is_under_the_pointer() {
        let near = Window::whole(TOTAL_US).after(Shift::zoomed(0.25, 2.0), TOTAL_US);
        assert_eq!((near.from_us, near.to_us), (125_000.0, 625_000.0));
        assert_eq!(near.time_at(0.25), 250_000.0);
        assert_eq!(near.after(Shift::zoomed(0.25, 0.5), TOTAL_US), Window::whole(TOTAL_US));
    }

    #[test]
    fn moving_stops_at_the_trials_ends() {
        let near = Window::whole(TOTAL_US).after(Shift::zoomed(0.0, 4.0), TOTAL_US);
        assert_eq!(near.after(Shift::moved(0.5), TOTAL_US), near);
        let moved = near.after(Shift::moved(-0.5), TOTAL_US);
        assert_eq!((moved.from_us, moved.to_us), (125_000.0, 375_000.0));
        let end = near.after(Shift::moved(-99.0), TOTAL_US);
        assert_eq!((end.from_us, end.to_us), (750_000.0, 1e6));
    }

    #[test]
    fn fingers_take_along_what_is_under_them() {
        let window = Window { from_us: 4e5, to_us: 6e5 };
        let after = window.after(Shift { from: 0.5, to: 0.25, factor: 2.0 }, TOTAL_US);
        assert_eq!(after.time_at(0.25), window.time_at(0.5));
        assert_eq!(after.span_us(), 1e5);
    }

    #[test]
    fn what_is_shown_already_moves_nothing() {
        let window = Window { from_us: 4e5, to_us: 6e5 };
        assert_eq!(window.showing(5e5, TOTAL_US), window);
        let after = window.showing(7e5, TOTAL_US);
        assert!((after.place_of(7e5) - 0.95).abs() < 1e-9);
        assert_eq!(window.showing(0.0, TOTAL_US).from_us, 0.0);
    }

    proptest! {
        #[test]
        fn a_window_stays_within_its_trial(shifts in prop::collection::vec((-1.0..2.0, -1.0..2.0, 0.01..100.0), 1..20)) {
            let mut window = Window::whole(TOTAL_US);
            for (from, to, factor) in shifts {
                window = window.after(Shift { from, to, factor }, TOTAL_US);
                prop_assert!(window.from_us >= 0.0 && window.to_us <= TOTAL_US * (1.0 + 1e-12));
                prop_assert!(window.span_us() > 0.99 * SHORTEST_US);
            }
        }
    }

    fn texts(from_us: f64, to_us: f64, most: u32) -> Vec<String> {
        let ticks = ticks(Window { from_us, to_us }, most);
        ticks.into_iter().map(|(_, text)| text.replace('\u{a0}', " ")).collect()
    }

    #[test]
    fn ticks_are_round_and_fit() {
        assert_eq!(texts(0.0, 400_000.0, 4), ["0 ms", "100 ms", "200 ms", "300 ms", "400 ms"]);
        assert_eq!(texts(0.0, 2.4e6, 5), ["0.0 s", "0.5 s", "1.0 s", "1.5 s", "2.0 s"]);
        assert_eq!(texts(0.0, 90.0, 4), ["0 µs", "50 µs"]);
    }

    #[test]
    fn neighbours_differ_however_near_one_looks() {
        for span_us in [20.0, 33.0, 470.0, 9_999.0] {
            let texts = texts(812_345.6, 812_345.6 + span_us, 8);
            assert!((2..=9).contains(&texts.len()), "{texts:?}");
            assert!(texts.windows(2).all(|pair| pair[0] != pair[1]), "{texts:?}");
        }
    }
}
