//! Figures as people read them. Every number that Lanes shows is written here.
//!
//! Numbers and units are held together by no-break spaces, and three digits are as many as a
//! measurement of a few per cent can stand for.

/// Holds a number and its unit together.
const NBSP: char = '\u{a0}';

/// From one end of an interval to the other, without a line break between them.
const TO: &str = "\u{2060}–\u{2060}";

/// What stands where there is no figure.
pub const NOTHING: &str = "–";

/// A unit of time: how many µs it is, and its name.
#[derive(Clone, Copy)]
struct Unit {
    us: f64,
    name: &'static str,
}

const UNITS: [Unit; 3] =
    [Unit { us: 1e6, name: "s" }, Unit { us: 1e3, name: "ms" }, Unit { us: 1.0, name: "µs" }];

/// The largest unit of which `us` is at least one, once it is rounded to three digits.
fn unit_for(us: f64) -> Unit {
    UNITS.into_iter().find(|unit| us.abs() >= unit.us * 0.9995).unwrap_or(UNITS[2])
}

/// A measured time of `us` µs: "850 µs", "12.3 ms", "1.20 s".
pub fn duration(us: f64) -> String {
    let unit = unit_for(us);
    format!("{}{NBSP}{}", three_digits(us / unit.us), unit.name)
}

/// A time on an axis, of `us` µs, without digits that say nothing: "50 ms", "1.5 s".
pub fn duration_tick(us: f64) -> String {
    let unit = unit_for(us);
    format!("{}{NBSP}{}", plain(us / unit.us), unit.name)
}

/// An interval of times from `lo` to `hi` µs, in one unit: "12.1–12.9 ms".
pub fn duration_interval(lo: f64, hi: f64) -> String {
    let unit = unit_for(hi);
    format!("{}{TO}{}{NBSP}{}", three_digits(lo / unit.us), three_digits(hi / unit.us), unit.name)
}

/// A forecast of `us` µs, only as exact as a forecast is: "under a second", "12 s", "2 min".
pub fn forecast(us: f64) -> String {
    let seconds = us / 1e6;
    if seconds < 1.0 {
        return "under a second".to_owned();
    }
    if seconds < 90.0 {
        return format!("{seconds:.0}{NBSP}s");
    }
    format!("{:.0}{NBSP}min", seconds / 60.0)
}

/// A time that is known to one digit: "7 ms", "4 s", "2 min".
pub fn about(us: f64) -> String {
    let rounded = |value: f64| {
        let unit = 10_f64.powf(value.log10().floor());
        (value / unit).round() * unit
    };
    match us {
        ..1e6 => format!("{}{NBSP}ms", rounded(us / 1e3)),
        ..90e6 => format!("{}{NBSP}s", rounded(us / 1e6)),
        _ => format!("{}{NBSP}min", rounded(us / 60e6)),
    }
}

/// A speed-up by itself: "1.94×", "0.60×", and where it is far below one what that is: "303× slower".
pub fn speed_up(value: f64) -> String {
    if value > 0.0 && value < 0.095 {
        format!("{}× slower", three_digits(1.0 / value))
    } else {
        ratio(value)
    }
}

/// The least that a ratio is, rounded down: "1.31×".
pub fn ratio_at_least(value: f64) -> String {
    let unit = if value < 10.0 { 100.0 } else { 10.0 };
    ratio((value * unit).floor() / unit)
}

/// How many times as fast: "1.94×", "12.3×", "0.0033×".
pub fn ratio(value: f64) -> String {
    format!("{}×", ratio_digits(value))
}

/// An interval of ratios: "1.90–1.96×".
pub fn ratio_interval(lo: f64, hi: f64) -> String {
    format!("{}{TO}{}×", ratio_digits(lo), ratio_digits(hi))
}

/// A ratio on an axis: "1.5×", "8×", "0.005×".
pub fn ratio_tick(value: f64) -> String {
    if value > 0.0 && value < 0.095 {
        return format!("{}×", two_digits(value).trim_end_matches('0'));
    }
    format!("{}×", plain(value))
}

/// A part of one: "96 %".
pub fn percent(part: f64) -> String {
    format!("{:.0}{NBSP}%", part * 100.0)
}

/// An interval of parts of one: "94–97 %".
pub fn percent_interval(lo: f64, hi: f64) -> String {
    format!("{:.0}{TO}{:.0}{NBSP}%", lo * 100.0, hi * 100.0)
}

/// A part of one to three digits: "3.85 %".
pub fn percent_exact(part: f64) -> String {
    format!("{}{NBSP}%", three_digits(part * 100.0))
}

/// An interval of parts of one to three digits: "2.91–4.40 %".
pub fn percent_exact_interval(lo: f64, hi: f64) -> String {
    format!("{}{TO}{}{NBSP}%", three_digits(lo * 100.0), three_digits(hi * 100.0))
}

/// How often a second: "8.13 /s".
pub fn rate(per_second: f64) -> String {
    format!("{}{NBSP}/s", three_digits(per_second))
}

/// An interval of rates: "8.01–8.20 /s".
pub fn rate_interval(lo: f64, hi: f64) -> String {
    format!("{}{TO}{}{NBSP}/s", three_digits(lo), three_digits(hi))
}

/// A rate on an axis: "10 /s".
pub fn rate_tick(per_second: f64) -> String {
    format!("{}{NBSP}/s", plain(per_second))
}

/// An amount of memory in bytes, in units of 2^20 and 2^30: "12.5 MiB".
pub fn memory(bytes: u64) -> String {
    let mebibytes = bytes as f64 / f64::from(1 << 20);
    if mebibytes < 1024.0 {
        return format!("{}{NBSP}MiB", three_digits(mebibytes));
    }
    format!("{}{NBSP}GiB", three_digits(mebibytes / 1024.0))
}

/// A memory of which only the order is known: "about 8 GiB".
pub fn about_memory(mebibytes: u32) -> String {
    match mebibytes {
        0..1024 => format!("about {mebibytes}{NBSP}MiB"),
        _ => format!("about {}{NBSP}GiB", mebibytes / 1024),
    }
}

/// A number of things: "1 lane", "4 lanes".
pub fn count(number: u32, one: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number}{NBSP}{one}{plural}")
}

/// The same of things whose plural is another word: "1 address", "2 addresses".
pub fn count_of(number: u32, one: &str, many: &str) -> String {
    format!("{number}{NBSP}{}", if number == 1 { one } else { many })
}

/// Things in a row: "1", "1 and 2", "1, 2 and 4".
pub fn list<T: ToString>(items: &[T]) -> String {
    let items: Vec<String> = items.iter().map(T::to_string).collect();
    match items.as_slice() {
        [] => String::new(),
        [one] => one.clone(),
        [rest @ .., last] => format!("{} and {last}", rest.join(", ")),
    }
}

/// `value` to three digits, and never fewer than those before the point.
fn three_digits(value: f64) -> String {
    let decimals = match value.abs() {
        v if v < 9.995 => 2,
        v if v < 99.95 => 1,
        _ => 0,
    };
    format!("{value:.decimals$}")
}

/// Two digits of a value far below one, however many zeros are before them.
fn two_digits(value: f64) -> String {
    let decimals = (1.0 - value.log10().floor()).clamp(0.0, 9.0) as usize;
    format!("{value:.decimals$}")
}

/// A ratio to the hundredth, or to the tenth from ten on; two digits where hundredths would hide it.
fn ratio_digits(value: f64) -> String {
    if value > 0.0 && value < 0.095 {
        return two_digits(value);
    }
    if value.abs() < 9.995 { format!("{value:.2}") } else { format!("{value:.1}") }
}

/// `value` to two decimals at most, without zeros at their end.
fn plain(value: f64) -> String {
    let text = format!("{value:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// A whole number, such as "12,345".
pub fn thousands(count: f64) -> String {
    let digits = format!("{count:.0}");
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Without what only holds text together, to be read here.
    fn read(text: String) -> String {
        text.replace(NBSP, " ").replace('\u{2060}', "")
    }

    #[test]
    fn ratios_far_below_one_are_written_as_what_they_are() {
        let slow = [(0.0033, "303× slower"), (0.05, "20.0× slower"), (0.6, "0.60×"), (1.94, "1.94×")];
        for (value, text) in slow {
            assert_eq!(speed_up(value), text);
        }
        assert_eq!(read(ratio_interval(0.0031, 0.0102)), "0.0031–0.010×");
        let ticks = [0.001, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 1.5, 8.0].map(ratio_tick);
        assert_eq!(ticks, ["0.001×", "0.005×", "0.01×", "0.02×", "0.05×", "0.1×", "0.5×", "1.5×", "8×"]);
        let least = [(1.319, "1.31×"), (2.5, "2.50×"), (12.39, "12.3×")];
        for (value, text) in least {
            assert_eq!(ratio_at_least(value), text);
        }
    }

    #[test]
    fn large_numbers_are_grouped() {
        let cases = [(0.0, "0"), (999.0, "999"), (1_000.0, "1,000"), (1_234_567.4, "1,234,567")];
        for (count, text) in cases {
            assert_eq!(thousands(count), text);
        }
    }

    #[test]
    fn durations_have_three_digits_in_the_largest_unit() {
        let cases = [
            (0.0, "0.00 µs"),
            (5.0, "5.00 µs"),
            (850.4, "850 µs"),
            (999.4, "999 µs"),
            (999.6, "1.00 ms"),
            (12_345.0, "12.3 ms"),
            (99_960.0, "100 ms"),
            (999_600.0, "1.00 s"),
            (1_204_000.0, "1.20 s"),
            (75_000_000.0, "75.0 s"),
        ];
        for (us, text) in cases {
            assert_eq!(read(duration(us)), text);
        }
    }

    #[test]
    fn an_interval_is_written_in_the_unit_of_its_upper_end() {
        assert_eq!(read(duration_interval(980.0, 1_020.0)), "0.98–1.02 ms");
        assert_eq!(read(ratio_interval(1.9, 1.957)), "1.90–1.96×");
        assert_eq!(read(percent_interval(0.94, 0.97)), "94–97 %");
    }

    #[test]
    fn ticks_have_no_needless_zeros() {
        assert_eq!(read(duration_tick(50_000.0)), "50 ms");
        assert_eq!(read(duration_tick(1_500_000.0)), "1.5 s");
        assert_eq!(read(ratio_tick(1.25)), "1.25×");
        assert_eq!(read(ratio_tick(8.0)), "8×");
        assert_eq!(read(rate_tick(10.0)), "10 /s");
    }

    #[test]
    fn forecasts_are_coarse() {
        assert_eq!(read(forecast(400_000.0)), "under a second");
        assert_eq!(read(forecast(11_700_000.0)), "12 s");
        assert_eq!(read(forecast(121_000_000.0)), "2 min");
    }

    #[test]
    fn ratios_percents_memory_and_counts() {
        assert_eq!(ratio(1.936), "1.94×");
        assert_eq!(ratio(12.34), "12.3×");
        assert_eq!(read(percent(0.964)), "96 %");
        assert_eq!(read(percent_exact(0.0385)), "3.85 %");
        assert_eq!(read(percent_exact_interval(0.0, 0.121)), "0.00–12.1 %");
        assert_eq!(read(memory(13_107_200)), "12.5 MiB");
        assert_eq!(read(memory(3 << 30)), "3.00 GiB");
        assert_eq!(read(about_memory(8_192)), "about 8 GiB");
        assert_eq!(read(about_memory(512)), "about 512 MiB");
        assert_eq!(read(count(1, "lane")), "1 lane");
        assert_eq!(read(count(4, "lane")), "4 lanes");
    }

    #[test]
    fn lists_end_with_and() {
        assert_eq!(list::<u32>(&[]), "");
        assert_eq!(list(&[1]), "1");
        assert_eq!(list(&[1, 2]), "1 and 2");
        assert_eq!(list(&[1, 2, 4]), "1, 2 and 4");
    }
}
