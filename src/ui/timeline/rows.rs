//! The lanes' rows: where they lie in the picture, and what each looks like: segments made into columns of pixels,
//! without a lie.

use crate::domain::{Activity, Segment};

use super::window::Window;

/// The rows, in CSS pixels from the picture's top.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rows {
    /// The lanes.
    pub lanes: u32,
    /// From one row's top to the next one's.
    pub pitch: f64,
    /// How high a row's bar is; the rest is left for hand-overs.
    pub bar: f64,
}

impl Rows {
    /// The rows of so many `lanes` in a picture of that `height`.
    pub fn new(lanes: u32, height: f64) -> Self {
        const HIGHEST: f64 = 72.0;
        let pitch = (height / f64::from(lanes.max(1))).min(HIGHEST);
        Self { lanes, pitch, bar: (pitch * 0.72).max(1.0).min(pitch) }
    }

    /// The top of a lane's bar.
    pub fn top(&self, lane: u32) -> f64 {
        self.pitch * f64::from(lane) + (self.pitch - self.bar) / 2.0
    }

    /// The lower end of the last row.
    pub fn bottom(&self) -> f64 {
        self.pitch * f64::from(self.lanes)
    }

    /// The lane whose row is at that height.
    pub fn lane_at(&self, y: f64) -> Option<u32> {
        (y >= 0.0 && y < self.bottom()).then(|| (y / self.pitch) as u32).filter(|&lane| lane < self.lanes)
    }

    /// Every how many rows there is room for a label of that height.
    pub fn labelled_every(&self, label: f64) -> u32 {
        let every = (label / self.pitch).ceil().max(1.0) as u32;
        every.next_power_of_two()
    }
}

/// How many pixels of a column each activity fills, by its number; the rest is idle.
pub type Parts = [u32; Activity::ALL.len()];

/// Columns that look alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run {
    /// The first column.
    pub first: u32,
    /// How many there are.
    pub columns: u32,
    /// What fills each.
    pub parts: Parts,
}

/// The columns of a row that shows `segments` in a `window`, in as many `columns` of `height` pixels.
///
/// A column that lies within one segment is filled by it. One that holds several, or a part of one,
/// is divided among them by their time: so many short segments show how much of the time each
/// activity takes, however far away they are. What takes a thousandth of a column is one pixel at least.
pub fn runs(segments: &[Segment], window: Window, columns: u32, height: u32) -> Vec<Run> {
    let mut row = Row { runs: Vec::new(), height, column: 0, shares: [0.0; Activity::ALL.len()] };
    let first = segments.partition_point(|segment| segment.end_us <= window.from_us);
    let shown = segments[first..].iter().take_while(|segment| segment.start_us < window.to_us);
    let width = f64::from(columns);
    for segment in shown {
        let place = |us: f64| (window.place_of(us) * width).clamp(0.0, width);
        row.add(segment.activity as usize, place(segment.start_us), place(segment.end_us));
    }
    row.end_column();
    row.runs
}

/// A row as far as it is made.
struct Row {
    runs: Vec<Run>,
    height: u32,
    /// The column that is being filled, and how much of it each activity has.
    column: u32,
    shares: [f64; Activity::ALL.len()],
}

impl Row {
    /// Adds an activity from one place to another, in columns.
    fn add(&mut self, activity: usize, start: f64, end: f64) {
        let (first, last) = (start as u32, end as u32);
        if first > self.column {
            self.end_column();
            self.column = first;
        }
        if first == last {
            self.shares[activity] += end - start;
            return;
        }
        self.shares[activity] += f64::from(first + 1) - start;
        self.end_column();
        let mut parts = Parts::default();
        parts[activity] = self.height;
        self.push(first + 1, last - first - 1, parts);
        self.column = last;
        self.shares[activity] += end - f64::from(last);
    }

    /// Divides the column's pixels among what it holds.
    fn end_column(&mut self) {
        const LEAST: f64 = 0.001;
        let mut parts = Parts::default();
        let (mut so_far, mut used) = (0.0, 0);
        for (part, share) in parts.iter_mut().zip(std::mem::take(&mut self.shares)) {
            if share < LEAST {
                continue;
            }
            // Rounding sums and not parts: rounded parts would not add up to the column.
            so_far += share * f64::from(self.height);
            let end = (so_far.round() as u32).max(used + 1).min(self.height);
            *part = end - used;
            used = end;
        }
        self.push(self.column, 1, parts);
    }

    fn push(&mut self, first: u32, columns: u32, parts: Parts) {
        if columns == 0 || parts == Parts::default() {
            return;
        }
        match self.runs.last_mut() {
            Some(last) if last.parts == parts && last.first + last.columns == first => {
                last.columns += columns
            }
            _ => self.runs.push(Run { first, columns, parts }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const COMPUTE: usize = Activity::Compute as usize;
    const WAIT: usize = Activity::WaitGil as usize;

    fn segment(activity: Activity, start_us: f64, end_us: f64) -> Segment {
        Segment { activity, start_us, end_us }
    }

    fn parts(of: &[(usize, u32)]) -> Parts {
        let mut parts = Parts::default();
        of.iter().for_each(|&(activity, pixels)| parts[activity] = pixels);
        parts
    }

    fn run(first: u32, columns: u32, of: &[(usize, u32)]) -> Run {
        Run { first, columns, parts: parts(of) }
    }

    #[test]
    fn a_long_segment_fills_its_columns_and_its_ends_in_part() {
        let lane = [segment(Activity::Compute, 25.0, 75.0)];
        let seen = runs(&lane, Window { from_us: 0.0, to_us: 100.0 }, 10, 8);
        assert_eq!(
            seen,
            [run(2, 1, &[(COMPUTE, 4)]), run(3, 4, &[(COMPUTE, 8)]), run(7, 1, &[(COMPUTE, 4)])]
        );
        let near = runs(&lane, Window { from_us: 30.0, to_us: 70.0 }, 10, 8);
        assert_eq!(near, [run(0, 10, &[(COMPUTE, 8)])]);
        assert!(runs(&lane, Window { from_us: 80.0, to_us: 90.0 }, 10, 8).is_empty());
    }

    #[test]
    fn many_short_segments_show_how_much_of_the_time_each_activity_takes() {
        // A quarter of the time computing, three quarters waiting, two hundred turns in 4 columns.
        let lane: Vec<Segment> = (0..200)
            .flat_map(|turn| {
                let start = f64::from(turn) * 4.0;
                [
                    segment(Activity::Compute, start, start + 1.0),
                    segment(Activity::WaitGil, start + 1.0, start + 4.0),
                ]
            })
            .collect();
        let seen = runs(&lane, Window { from_us: 0.0, to_us: 800.0 }, 4, 20);
        assert_eq!(seen, [run(0, 4, &[(COMPUTE, 5), (WAIT, 15)])]);
    }

    #[test]
    fn what_is_short_is_still_seen() {
        let lane = [segment(Activity::Compute, 500.0, 504.0)];
        let seen = runs(&lane, Window { from_us: 0.0, to_us: 1_000.0 }, 10, 20);
        assert_eq!(seen, [run(5, 1, &[(COMPUTE, 1)])]);
    }

    proptest! {
        #[test]
        fn the_picture_has_as_much_of_each_activity_as_the_time(
            turns in prop::collection::vec((0.0..300.0_f64, 0.0..300.0_f64), 1..60),
            columns in 1..400_u32,
        ) {
            const HEIGHT: u32 = 1_000;
            let (mut lane, mut at) = (Vec::new(), 0.0);
            for (number, (idle, busy)) in (0..).zip(turns) {
                let activity = if number % 2 == 0 { Activity::Compute } else { Activity::WaitGil };
                lane.push(segment(activity, at + idle, at + idle + busy));
                at += idle + busy;
            }
            prop_assume!(at > 1.0);
            let seen = runs(&lane, Window { from_us: 0.0, to_us: at }, columns, HEIGHT);
            for activity in [COMPUTE, WAIT] {
                let time: f64 = lane.iter().filter(|s| s.activity as usize == activity).map(Segment::duration_us).sum();
                let pixels: u32 = seen.iter().map(|run| run.columns * run.parts[activity]).sum();
                let (drawn, meant) = (f64::from(pixels) / f64::from(columns * HEIGHT), time / at);
                prop_assert!((drawn - meant).abs() < 0.003, "{drawn} for {meant}");
            }
            let mut end = 0;
            for run in seen {
                prop_assert!(run.first >= end && run.parts.iter().sum::<u32>() <= HEIGHT);
                end = run.first + run.columns;
            }
            prop_assert!(end <= columns);
        }
    }

    #[test]
    fn every_lane_has_a_row_within_the_picture() {
        for lanes in [1, 2, 7, 64] {
            let rows = Rows::new(lanes, 200.0);
            assert!(rows.bottom() <= 200.0 + 1e-9);
            for lane in 0..lanes {
                assert_eq!(rows.lane_at(rows.top(lane) + rows.bar / 2.0), Some(lane));
            }
            assert_eq!((rows.lane_at(-0.1), rows.lane_at(rows.bottom() + 0.1)), (None, None));
        }
        assert_eq!(Rows::new(0, 200.0).lane_at(0.0), None);
    }

    #[test]
    fn labels_do_not_overlap() {
        assert_eq!(Rows::new(2, 200.0).labelled_every(14.0), 1);
        assert_eq!(Rows::new(64, 200.0).labelled_every(14.0), 8);
    }
}
