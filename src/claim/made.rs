//! Evidence as it would have been measured, for the tests of the rules.

use std::rc::Rc;

use super::{Counted, Evidence, Measurement, Outcome};
use crate::cost::{Cost, CostSample, CostSummary};
use crate::domain::{Model, Point, Trial};
use crate::experiment::{Experiment, Plan};
use crate::pitfall::{ADDITIONS, LaneSeen, Pitfall, PitfallSample, PitfallSummary};
use crate::sample::{Sample, Split};
use crate::stats::Estimate;
use crate::summary::Record;

/// Evidence to which more is added.
#[derive(Default)]
pub struct Recording(pub Evidence);

/// Seven trials lie around their median like this, as parts of the spread.
const AROUND: [f64; 7] = [0.0, -1.0, 0.6, -0.4, 1.0, 0.2, -0.7];
/// The rounds of each further point begin so many places on: what disturbs one does not disturb the others.
const APART: usize = 3;

/// The times of trials in ms, by model and lanes, with so much spread to either side.
pub fn of(experiment: &Experiment, spread: f64, times_ms: &[(Model, u32, f64)]) -> Recording {
    Recording::default().and(experiment, spread, times_ms)
}

impl Recording {
    pub fn and(mut self, experiment: &Experiment, spread: f64, times_ms: &[(Model, u32, f64)]) -> Self {
        assert_eq!(experiment.validate(), Ok(()));
        let mut record = Record::new(Plan::new(experiment).points(), experiment.scaling);
        let mut trials = Vec::new();
        for (at, &(model, lanes, ms)) in times_ms.iter().enumerate() {
            let around = AROUND.iter().cycle().skip(APART * at).take(AROUND.len());
            for (round, around) in (1..).zip(around) {
                let trial = Trial { id: 0, round, point: Point { model, lanes } };
                let total_us = ms * 1e3 * (1.0 + spread * around);
                let sample = sample(trial, total_us);
                record.add(trial, &sample);
                trials.push(Counted { sample, overlap: 1.0 });
            }
        }
        let summary = Rc::new(record.summary().clone());
        let found = Outcome::Experiment { summary, overlaps: vec![], trials };
        self.0.put(Measurement::Experiment(experiment.clone()), found);
        self
    }

    /// Two lanes of `model` computed at once between `lo` and `hi` times, in the only experiment.
    pub fn overlapping(mut self, model: Model, [lo, hi]: [f64; 2]) -> Self {
        for (_, found) in &mut self.0.found {
            if let Outcome::Experiment { overlaps, .. } = found {
                overlaps.push((Point { model, lanes: 2 }, Estimate { value: (lo + hi) / 2.0, lo, hi }));
            }
        }
        self
    }

    /// Some results of `experiment` did not come in order.
    pub fn out_of_order(mut self, experiment: &Experiment) -> Self {
        for (need, found) in &mut self.0.found {
            if let Outcome::Experiment { summary, .. } = found
                && *need == Measurement::Experiment(experiment.clone())
            {
                Rc::make_mut(summary).points.iter_mut().for_each(|point| point.in_order = false);
            }
        }
        self
    }

    pub fn cost(self, cost: Cost, value: f64) -> Self {
        self.costs(cost, value, 0)
    }

    /// A kill after which so many tasks were done.
    pub fn kill(self, cost: Cost, value: f64, done_tasks: u32) -> Self {
        self.costs(cost, value, done_tasks)
    }

    pub fn pitfall(mut self, pitfall: Pitfall, samples: Vec<PitfallSample>) -> Self {
        let summary = PitfallSummary { pitfall, samples, error: None };
        self.0.put(Measurement::Pitfall(pitfall), Outcome::Pitfall(summary));
        self
    }

    fn costs(mut self, cost: Cost, value: f64, done_tasks: u32) -> Self {
        let samples = AROUND.map(|around| CostSample {
            value: value * (1.0 + 0.05 * around),
            lost_tasks: 1,
            done_tasks,
        });
        self.0.put(Measurement::Cost(cost), Outcome::Cost(CostSummary::of(cost, &samples, None)));
        self
    }
}

fn sample(trial: Trial, total_us: f64) -> Sample {
    Sample {
        split: Split { spawn_us: 12_000.0, ..Split::default() },
        first_result_us: total_us / 10.0,
        memory_bytes: 1 << 20,
        ..Sample::new(trial, total_us, vec![])
    }
}

/// Six values from `from` to `to`.
fn between([from, to]: [f64; 2]) -> impl Iterator<Item = f64> {
    (0..6).map(move |i| from + (to - from) * f64::from(i) / 5.0)
}

/// Races of two lanes that lost such parts of their updates.
pub fn race(lost: [f64; 2], ms: f64) -> Vec<PitfallSample> {
    let lanes = vec![LaneSeen { done: ADDITIONS, ..LaneSeen::default() }; 2];
    let sample = |lost: f64| PitfallSample {
        us: ms * 1e3 * (1.0 + lost / 10.0),
        sum: (f64::from(2 * ADDITIONS) * (1.0 - lost)) as u32,
        lanes: lanes.clone(),
        stood_still: false,
    };
    between(lost).map(sample).collect()
}

/// Six runs of two lanes with two locks, of which so many stood still.
pub fn deadlock(still: usize) -> Vec<PitfallSample> {
    let lane = |holds, wants| LaneSeen { done: 3, yielded: 0, holds, wants };
    let sample = |run| PitfallSample {
        us: 20_000.0,
        sum: 0,
        lanes: vec![lane(Some(0), Some(1)), lane(Some(1), Some(0))],
        stood_still: run < still,
    };
    (0..6).map(sample).collect()
}

/// Two lanes that together did between so much work and so much.
pub fn work(done: [u32; 2], yielded: u32) -> Vec<PitfallSample> {
    let sample = |done: f64| {
        let lane = LaneSeen { done: done as u32 / 2, yielded, ..LaneSeen::default() };
        PitfallSample { us: 200_000.0, sum: 0, lanes: vec![lane; 2], stood_still: false }
    };
    between(done.map(f64::from)).map(sample).collect()
}

/// Two greedy lanes with 1,000 turns and fewer, and a modest one with between so many and so many.
pub fn turns(modest: [u32; 2]) -> Vec<PitfallSample> {
    let lane = |done| LaneSeen { done, ..LaneSeen::default() };
    let sample = |modest: f64| PitfallSample {
        us: 300_000.0,
        sum: 0,
        lanes: vec![lane(1_000), lane(990), lane(modest as u32)],
        stood_still: false,
    };
    between(modest.map(f64::from)).map(sample).collect()
}
