//! Runs pitfalls, from the inside of a worker that is there for nothing else.

use super::coordinator::Coordinator;
use super::serve::{GAUGE, post};
use super::threads;
use crate::browser::clock::TrialClock;
use crate::job::Clock;
use crate::pitfall::{Pitfall, Scene};
use crate::protocol::FromWorker;

/// Runs `pitfall` once on so many lanes. It does not return if they do not end: then whoever
/// watches ends this worker.
pub async fn act(coordinator: &Coordinator, id: u32, pitfall: Pitfall, lanes: u32) -> FromWorker {
    if pitfall.needs_shared_memory()
        && let Err(error) = coordinator.start_threads(lanes).await
    {
        return FromWorker::Failed { trial: id, error };
    }
    GAUGE.reset();
    post(&FromWorker::Begun { trial: id, units: 0 });
    let scene = Scene::default();
    let clock = TrialClock::begin();
    if pitfall.needs_shared_memory() {
        threads::on_lanes(lanes, |lane| scene.run(pitfall, lane, lanes, &GAUGE, &clock));
    } else {
        scene.run(pitfall, 0, 1, &GAUGE, &clock);
    }
    FromWorker::Acted { id, us: clock.now_us(), sum: scene.sum() }
}
