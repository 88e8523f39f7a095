//! How much time each lane spent on what: the timeline as a table.

use crate::domain::{Activity, Segment};
use crate::sample::Sample;

/// The time that one lane spent on each activity, by its number, in µs.
pub type Spent = [f64; Activity::ALL.len()];

/// What each lane of `sample` spent its time on. The rest of the trial it was idle.
pub fn spent(sample: &Sample) -> Vec<Spent> {
    let of_lane = |segments: &Vec<Segment>| {
        let mut spent = Spent::default();
        for segment in segments {
            spent[segment.activity as usize] += segment.duration_us();
        }
        spent
    };
    sample.lanes.iter().map(of_lane).collect()
}

/// The activities that any lane spent time on, in their order.
pub fn activities(spent: &[Spent]) -> Vec<Activity> {
    let any = |activity: &Activity| spent.iter().any(|lane| lane[*activity as usize] > 0.0);
    Activity::ALL.into_iter().filter(any).collect()
}

/// The time of a trial of `total_us` that a lane was idle, in µs.
pub fn idle_us(spent: &Spent, total_us: f64) -> f64 {
    (total_us - spent.iter().sum::<f64>()).max(0.0)
}
