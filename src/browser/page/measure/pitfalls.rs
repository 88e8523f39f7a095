//! Watches pitfalls, and ends the lanes that do not end by themselves.

use std::rc::Rc;

use super::stop::Stop;
use super::workers::Workers;
use crate::domain::TrialError;
use crate::machine::Machine;
use crate::pitfall::{LaneSeen, Pitfall, PitfallSample, PitfallSummary};

/// Runs `pitfall` as often as it is to be run, and tells `on_seen` what its lanes have done;
/// `None` if the visitor wants an end.
pub async fn run(
    pitfall: Pitfall,
    machine: &Machine,
    stop: &Rc<Stop>,
    on_seen: &impl Fn(u32, &[LaneSeen]),
) -> Option<PitfallSummary> {
    if pitfall.needs_shared_memory() && !machine.has_threads() {
        let error = Some(TrialError::NotIsolated.to_string());
        return Some(PitfallSummary { pitfall, samples: Vec::new(), error });
    }
    let lanes = pitfall.lanes(machine.cores());
    let mut workers = Watched::default();
    let mut samples = Vec::new();
    for repetition in 0..pitfall.repetitions() {
        let seen = |lanes: &[LaneSeen]| on_seen(repetition, lanes);
        let once = async {
            if pitfall.needs_shared_memory() {
                workers.threads(pitfall, lanes, &seen).await
            } else {
                workers.processes(pitfall, lanes).await
            }
        };
        match stop.unless_asked(once).await? {
            Ok(sample) => samples.push(sample),
            Err(error) => {
                return Some(PitfallSummary { pitfall, samples, error: Some(error.to_string()) });
            }
        }
    }
    Some(PitfallSummary { pitfall, samples, error: None })
}

/// The workers that lanes are in: one for all threads, one for each process.
#[derive(Default)]
struct Watched {
    workers: Vec<Workers>,
}

impl Watched {
    async fn threads(
        &mut self,
        pitfall: Pitfall,
        lanes: u32,
        on_seen: &impl Fn(&[LaneSeen]),
    ) -> Result<PitfallSample, TrialError> {
        self.workers.resize_with(1, Workers::default);
        let workers = &mut self.workers[0];
        // Those that stood still before may not have given back their memory yet.
        let sample = workers
            .with_room(async |workers| {
                let coordinator = workers.coordinator().await?;
                coordinator.begin_pitfall(pitfall, lanes);
                coordinator.watch(pitfall, lanes, on_seen).await
            })
            .await?;
        if sample.stood_still {
            workers.end();
        }
        Ok(sample)
    }

    /// Each lane in a worker and a memory of its own; what they come to is added up.
    async fn processes(&mut self, pitfall: Pitfall, lanes: u32) -> Result<PitfallSample, TrialError> {
        self.workers.resize_with(lanes as usize, Workers::default);
        // All are there before the first begins.
        for workers in &mut self.workers {
            workers.with_room(async |workers| workers.coordinator().await.map(drop)).await?;
        }
        for workers in &mut self.workers {
            workers.coordinator().await?.begin_pitfall(pitfall, 1);
        }
        let mut all = PitfallSample { us: 0.0, sum: 0, lanes: Vec::new(), stood_still: false };
        for workers in &mut self.workers {
            let sample = workers.coordinator().await?.watch(pitfall, 1, &|_| ()).await?;
            all.us = all.us.max(sample.us);
            all.sum += sample.sum;
            all.lanes.extend(sample.lanes);
        }
        Ok(all)
    }
}
