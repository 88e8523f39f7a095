//! The samples that are kept for their timelines.

use std::ops::Deref;
use std::rc::Rc;

use strum::{IntoStaticStr, VariantArray};

use crate::domain::{Model, Point};
use crate::sample::Sample;

/// The most segments that are kept, of all samples together: some 10 MB.
const MOST_SEGMENTS: usize = 400_000;

/// The samples of a run, in the order in which their trials ended. A long run's are too many: of
/// those, each point keeps its warm-up, its fastest, slowest, median and latest sample.
#[derive(Clone, Debug, Default)]
pub struct KeptSamples {
    samples: Vec<Rc<Sample>>,
    segments: usize,
}

/// The sample that is shown. Two are equal if they are the same one: comparing their segments would
/// take long, and is asked for each time the page looks whether something has changed.
#[derive(Clone, Debug)]
pub struct ShownSample(pub Rc<Sample>);

/// One of a point's samples.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "kebab-case")]
pub enum Which {
    /// The last one.
    #[default]
    Latest,
    /// The one in the middle of all kept ones by their times; of two, the faster.
    Median,
    /// The shortest of those that count.
    Fastest,
    /// The longest of those that count.
    Slowest,
    /// The one that does not count.
    WarmUp,
}

impl Which {
    /// Every choice, in the order in which they are offered.
    pub const ALL: &[Self] = Self::VARIANTS;

    /// The choice's name in attributes and for people.
    pub fn name(self) -> &'static str {
        self.into()
    }
}

impl KeptSamples {
    /// Keeps a sample; if there are too many then, lets go of others.
    pub fn add(&mut self, sample: Rc<Sample>) {
        self.segments += segments_of(&sample);
        self.samples.push(sample);
        while self.segments > MOST_SEGMENTS && self.let_go() {}
    }

    /// The trial that ended last.
    pub fn latest(&self) -> Option<&Rc<Sample>> {
        self.samples.last()
    }

    /// The points that have samples, in the order of models and lanes.
    pub fn points(&self) -> Vec<Point> {
        let mut points: Vec<Point> = self.samples.iter().map(|sample| sample.trial.point).collect();
        points.sort_unstable();
        points.dedup();
        points
    }

    /// The point whose timeline tells most: that of a GIL that goes round among a few lanes, or else of
    /// the fewest lanes that may overlap.
    pub fn telling_point(&self) -> Option<Point> {
        let mut several: Vec<Point> = self.points().into_iter().filter(|point| point.lanes > 1).collect();
        several.sort_by_key(|point| (point.model != Model::ThreadsGil, point.lanes));
        several.first().copied()
    }

    /// One of the kept samples of `point`, if it has such a one.
    pub fn sample(&self, point: Point, which: Which) -> Option<&Rc<Sample>> {
        let of_point = || self.samples.iter().filter(move |sample| sample.trial.point == point);
        let mut by_time: Vec<_> = of_point().filter(|sample| sample.trial.round > 0).collect();
        by_time.sort_by(|a, b| a.total_us.total_cmp(&b.total_us));
        match which {
            Which::Latest => of_point().next_back(),
            Which::WarmUp => of_point().find(|sample| sample.trial.round == 0),
            Which::Fastest => by_time.first().copied(),
            Which::Slowest => by_time.last().copied(),
            Which::Median => by_time.get(by_time.len().checked_sub(1)? / 2).copied(),
        }
    }

    /// Lets go of the oldest sample that no choice leads to; `false` if there is none.
    fn let_go(&mut self) -> bool {
        let is_chosen = |sample: &Rc<Sample>| {
            let chosen = |which| self.sample(sample.trial.point, which);
            Which::ALL.iter().copied().filter_map(chosen).any(|chosen| Rc::ptr_eq(chosen, sample))
        };
        let Some(at) = self.samples.iter().position(|sample| !is_chosen(sample)) else { return false };
        self.segments -= segments_of(&self.samples.remove(at));
        true
    }
}

impl PartialEq for ShownSample {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Deref for ShownSample {
    type Target = Sample;

    fn deref(&self) -> &Sample {
        &self.0
    }
}

/// As for [`ShownSample`]: the same samples.
impl PartialEq for KeptSamples {
    fn eq(&self, other: &Self) -> bool {
        self.samples.len() == other.samples.len()
            && self.samples.iter().zip(&other.samples).all(|(a, b)| Rc::ptr_eq(a, b))
    }
}

fn segments_of(sample: &Sample) -> usize {
    sample.lanes.iter().map(Vec::len).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Activity, Segment, Trial};
    use crate::ui::timeline::tests::sample_of;

    const POINT: Point = Point { model: Model::Threads, lanes: 1 };

    fn sample(id: u32, round: u32, point: Point, total_us: f64, segments: usize) -> Rc<Sample> {
        let segment = Segment { activity: Activity::Compute, start_us: 0.0, end_us: 1.0 };
        Rc::new(sample_of(Trial { id, round, point }, total_us, vec![vec![segment; segments]]))
    }

    fn ids(kept: &KeptSamples) -> Vec<Option<u32>> {
        Which::ALL.iter().copied().map(|which| Some(kept.sample(POINT, which)?.trial.id)).collect()
    }

    #[test]
    fn each_choice_leads_to_its_sample() {
        let mut kept = KeptSamples::default();
        assert_eq!(ids(&kept), [None; 5]);
        kept.add(sample(0, 0, POINT, 90.0, 1));
        assert_eq!(ids(&kept), [Some(0), None, None, None, Some(0)]);
        for (id, total_us) in [(1, 30.0), (2, 50.0), (3, 20.0), (4, 40.0)] {
            kept.add(sample(id, 1, POINT, total_us, 1));
        }
        assert_eq!(ids(&kept), [Some(4), Some(1), Some(3), Some(2), Some(0)]);
        let other = Point { model: Model::Serial, lanes: 1 };
        kept.add(sample(5, 1, other, 10.0, 1));
        assert_eq!(ids(&kept)[0], Some(4));
        assert_eq!(kept.latest().unwrap().trial.id, 5);
        assert_eq!(kept.points(), [other, POINT]);
    }

    #[test]
    fn a_long_run_keeps_what_can_be_chosen() {
        let mut kept = KeptSamples::default();
        kept.add(sample(0, 0, POINT, 90.0, 1));
        let large = MOST_SEGMENTS / 10;
        for id in 1..=30 {
            kept.add(sample(id, id, POINT, f64::from((id * 7) % 31), large));
            assert!(kept.segments <= MOST_SEGMENTS);
        }
        let kept_segments: usize = kept.samples.iter().map(|sample| segments_of(sample)).sum();
        assert_eq!(kept.segments, kept_segments);
        let [latest, _, fastest, slowest, warm_up] = ids(&kept).try_into().unwrap();
        // 9 · 7 is 1 more than twice 31, and 22 · 7 one less than five times.
        assert_eq!((latest, fastest, slowest, warm_up), (Some(30), Some(9), Some(22), Some(0)));
    }

    #[test]
    fn samples_that_can_be_chosen_are_kept_whatever_their_size() {
        let mut kept = KeptSamples::default();
        for id in 1..=2 {
            kept.add(sample(id, id, POINT, f64::from(id), MOST_SEGMENTS));
        }
        assert_eq!(kept.samples.len(), 2);
    }
}
