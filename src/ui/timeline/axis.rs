//! The labels of the time axis.

use super::window::Window;

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
