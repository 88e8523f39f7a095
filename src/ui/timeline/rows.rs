//! Where the lanes' rows lie in the picture.

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

#[cfg(test)]
mod tests {
    use super::*;

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
