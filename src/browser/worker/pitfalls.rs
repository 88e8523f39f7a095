//! Runs pitfalls, from the inside of a worker that is there for nothing else.

use super::coordinator::Coordinator;
use super::scope::{GAUGE, post};
use super::thread_pool;
use crate::browser::wire::clock::TrialClock;
use crate::job::Clock;
use crate::pitfall::{Pitfall, Scene};
use crate::protocol::{FromCoordinator, PitfallEnd, PitfallId, PitfallNews};

/// Runs `pitfall` once on so many lanes and tells how it goes. It does not return if they do not end: then the page, which
/// watches, ends this worker.
pub async fn run(coordinator: &Coordinator, id: PitfallId, pitfall: Pitfall, lanes: u32) {
    let tell = |news| post(&FromCoordinator::Pitfall(id, news));
    if pitfall.needs_shared_memory()
        && let Err(error) = coordinator.start_threads(lanes).await
    {
        return tell(PitfallNews::Ended(Err(error)));
    }
    GAUGE.reset();
    tell(PitfallNews::Begun);
    let scene = Scene::default();
    let clock = TrialClock::begin();
    if pitfall.needs_shared_memory() {
        thread_pool::on_lanes(lanes, |lane| scene.run(pitfall, lane, lanes, &GAUGE, &clock));
    } else {
        scene.run(pitfall, 0, 1, &GAUGE, &clock);
    }
    tell(PitfallNews::Ended(Ok(PitfallEnd { us: clock.now_us(), sum: scene.sum() })));
}
