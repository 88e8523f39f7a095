//! Places on the chart: values to pixels, ticks, and labels that do not overlap.

use strum::IntoStaticStr;

/// How values lie along an axis.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
pub enum Axes {
    /// Equal differences are equal distances.
    Linear,
    /// Equal ratios are equal distances: what scaling is about.
    #[default]
    Log,
}

impl Axes {
    /// The other one.
    pub const fn other(self) -> Self {
        match self {
            Axes::Linear => Axes::Log,
            Axes::Log => Axes::Linear,
        }
    }

    /// The kind that goes by this name.
    pub fn of_id(id: &str) -> Option<Self> {
        [Axes::Linear, Axes::Log].into_iter().find(|axes| axes.id() == id)
    }

    /// The kind's name in attributes and links.
    pub fn id(self) -> &'static str {
        self.into()
    }
}

/// Maps values to pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scale {
    kind: Axes,
    lo: f64,
    hi: f64,
    start: f64,
    end: f64,
}

impl Scale {
    /// A scale whose `domain` of values fills the `range` of pixels.
    pub fn new(kind: Axes, domain: (f64, f64), range: (f64, f64)) -> Self {
        Self { kind, lo: domain.0, hi: domain.1, start: range.0, end: range.1 }
    }

    /// The pixel of `value`; what lies outside of the domain is drawn at its edge.
    pub fn place(&self, value: f64) -> f64 {
        let at = |value: f64| match self.kind {
            Axes::Linear => value,
            Axes::Log => value.log2(),
        };
        let value = value.clamp(self.lo, self.hi);
        let part = (at(value) - at(self.lo)) / (at(self.hi) - at(self.lo));
        self.start + part * (self.end - self.start)
    }

    /// How values lie along it.
    pub fn kind(&self) -> Axes {
        self.kind
    }

    /// Round values to label the axis with: four or more where they can be found.
    pub fn ticks(&self) -> Vec<f64> {
        match self.kind {
            Axes::Linear => self.linear_ticks(),
            Axes::Log => self.log_ticks(),
        }
    }

    /// Multiples of the largest round step that makes four or more.
    fn linear_ticks(&self) -> Vec<f64> {
        const FEWEST: f64 = 4.0;
        let most = (self.hi - self.lo) / FEWEST;
        let decade = 10f64.powf(most.log10().floor());
        let step = [5.0, 2.0, 1.0].into_iter().map(|m| m * decade).find(|&step| step <= most);
        let step = step.unwrap_or(decade);
        let first = (self.lo / step).ceil() as i64;
        (first..).map(|number| number as f64 * step).take_while(|&tick| tick <= self.hi).collect()
    }

    fn log_ticks(&self) -> Vec<f64> {
        /// Round mantissas, coarse to fine. The finest that leaves the axis calm is taken.
        const ROUND: [&[f64]; 5] = [
            &[1.0],
            &[1.0, 2.0, 5.0],
            &[1.0, 1.5, 2.0, 3.0, 5.0, 7.0],
            &[1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0],
            &[1.0, 1.2, 1.4, 1.6, 1.8, 2.0, 2.5, 3.0, 3.5, 4.0, 4.5, 5.0, 6.0, 7.0, 8.0, 9.0],
        ];
        let ticks = |mantissas: &[f64]| -> Vec<f64> {
            let decades = self.lo.log10().floor() as i32..=self.hi.log10().ceil() as i32;
            decades
                .flat_map(|decade| mantissas.iter().map(move |m| m * 10f64.powi(decade)))
                .filter(|&tick| self.holds(tick))
                .collect()
        };
        let mut all = ROUND.iter().map(|mantissas| ticks(mantissas));
        all.find(|ticks| ticks.len() >= 4).unwrap_or_else(|| ticks(ROUND[4]))
    }

    /// Ticks at powers of two, with halves between them where there is room: for ratios.
    pub fn ticks_of_two(&self) -> Vec<f64> {
        let mantissas: &[f64] = match self.octaves() {
            o if o < 2.5 => &[1.0, 1.25, 1.5, 1.75],
            o if o < 4.5 => &[1.0, 1.5],
            _ => &[1.0],
        };
        let powers = self.lo.log2().floor() as i32..=self.hi.log2().ceil() as i32;
        powers
            .flat_map(|power| mantissas.iter().map(move |m| m * 2f64.powi(power)))
            // Quarters of what is below one would have three decimals.
            .filter(|&tick| self.holds(tick) && (tick * 4.0).fract() == 0.0)
            .collect()
    }

    /// How often the lower end doubles up to the upper one.
    pub fn octaves(&self) -> f64 {
        (self.hi / self.lo).log2()
    }

    /// Whether `value` lies within the domain.
    pub fn holds(&self, value: f64) -> bool {
        (self.lo..=self.hi).contains(&value)
    }
}

/// The quarter octaves that hold `lo` and `hi` with a little room: a domain that does not jump with
/// every sample.
pub fn quarter_octaves(lo: f64, hi: f64) -> (f64, f64) {
    const ROOM: f64 = 1.04;
    let lo = ((lo / ROOM).log2() * 4.0).floor() / 4.0;
    let hi = ((hi * ROOM).log2() * 4.0).ceil() / 4.0;
    (lo.exp2(), hi.exp2())
}

/// Moves labels at `wanted` apart until they are `gap` from each other, within `lo..=hi` where they
/// fit; each stays as near to its place as their order allows.
pub fn spread(wanted: &[f64], gap: f64, lo: f64, hi: f64) -> Vec<f64> {
    let mut order: Vec<usize> = (0..wanted.len()).collect();
    order.sort_by(|&a, &b| wanted[a].total_cmp(&wanted[b]));

    // Labels that would touch form a group around one centre, the mean of their wishes.
    let inside = |centre: f64, size: usize| {
        let half = gap * (size - 1) as f64 / 2.0;
        centre.min(hi - half).max(lo + half)
    };
    let mut groups: Vec<(f64, usize)> = Vec::new();
    for &label in &order {
        let mut centre = inside(wanted[label], 1);
        let mut size = 1;
        while let Some(&(before, sized)) = groups.last() {
            if centre - before >= gap * (size + sized) as f64 / 2.0 {
                break;
            }
            let all = size + sized;
            centre = inside((centre * size as f64 + before * sized as f64) / all as f64, all);
            size = all;
            groups.pop();
        }
        groups.push((centre, size));
    }

    let mut places = vec![0.0; wanted.len()];
    let mut labels = order.into_iter();
    for (centre, size) in groups {
        let first = centre - gap * (size - 1) as f64 / 2.0;
        for (i, label) in labels.by_ref().take(size).enumerate() {
            places[label] = first + gap * i as f64;
        }
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_ratios_are_equal_distances_on_a_log_scale() {
        let scale = Scale::new(Axes::Log, (1.0, 16.0), (0.0, 400.0));
        for (value, pixel) in [(1.0, 0.0), (2.0, 100.0), (4.0, 200.0), (16.0, 400.0)] {
            assert!((scale.place(value) - pixel).abs() < 1e-9);
        }
        assert_eq!(scale.place(0.0), 0.0);
        assert_eq!(scale.place(99.0), 400.0);
    }

    #[test]
    fn a_linear_scale_may_run_upwards() {
        let scale = Scale::new(Axes::Linear, (0.0, 1.0), (300.0, 0.0));
        assert_eq!(scale.place(0.25), 225.0);
    }

    #[test]
    fn an_axis_has_four_to_ten_round_ticks_inside_its_domain() {
        for (lo, hi) in [(0.7, 2.9), (30.0, 300.0), (1e4, 1e6), (90.0, 128.0), (1.0, 1e5), (3e4, 2e5)] {
            let ticks = Scale::new(Axes::Log, (lo, hi), (0.0, 1.0)).ticks();
            assert!((3..=10).contains(&ticks.len()), "{lo} to {hi}: {ticks:?}");
            assert!(ticks.iter().all(|tick| (lo..=hi).contains(tick)));
            assert!(ticks.is_sorted());
        }
        for (lo, hi) in [(0.7, 2.9), (0.84, 2.4), (0.7, 5.7), (0.5, 16.0), (0.5, 64.0)] {
            let ticks = Scale::new(Axes::Log, (lo, hi), (0.0, 1.0)).ticks_of_two();
            assert!((4..=9).contains(&ticks.len()), "{lo} to {hi}: {ticks:?}");
            assert!(ticks.contains(&1.0) && ticks.contains(&2.0));
        }
    }

    #[test]
    fn a_linear_axis_has_four_to_eleven_ticks_from_zero() {
        for hi in [1.0, 2.38, 4.76, 9.99, 16.8, 1.3e6] {
            let ticks = Scale::new(Axes::Linear, (0.0, hi), (0.0, 1.0)).ticks();
            assert!((4..=11).contains(&ticks.len()), "{hi}: {ticks:?}");
            assert_eq!(ticks[0], 0.0);
        }
    }

    #[test]
    fn a_domain_holds_its_values_and_does_not_jump() {
        let (lo, hi) = quarter_octaves(0.95, 2.0);
        assert!(lo < 0.95 && hi > 2.0);
        assert_eq!(quarter_octaves(0.93, 2.1), (lo, hi));
    }

    #[test]
    fn labels_keep_their_order_and_distance_and_stay_inside() {
        assert_eq!(spread(&[10.0, 50.0], 16.0, 0.0, 100.0), [10.0, 50.0]);
        assert_eq!(spread(&[52.0, 50.0], 16.0, 0.0, 100.0), [59.0, 43.0]);
        for wanted in [vec![3.0, 3.0, 3.0], vec![99.0, 98.0, 60.0, 97.0], vec![40.0, 50.0, 44.0, 60.0, 80.0]]
        {
            let mut places = spread(&wanted, 16.0, 0.0, 100.0);
            places.sort_by(f64::total_cmp);
            assert!(places.windows(2).all(|pair| pair[1] - pair[0] >= 16.0 - 1e-9), "{places:?}");
            assert!(places[0] >= 0.0 && *places.last().unwrap() <= 100.0, "{places:?}");
        }
    }
}
