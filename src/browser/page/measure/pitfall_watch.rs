//! Has a coordinator run one pitfall, and watches its lanes.

use super::coordinator::Coordinator;
use crate::browser::wire::GaugeView;
use crate::browser::wire::clock::now_us;
use crate::domain::TrialError;
use crate::patience::{Patience, SILENCE_S};
use crate::pitfall::{LaneSeen, Pitfall, PitfallSample, wait_for_cycle};
use crate::protocol::{FromCoordinator, PitfallEnd, PitfallNews, ToCoordinator};

/// How often the page looks at the lanes of a pitfall.
const WATCH_MS: u32 = 40;

/// Lanes that wait for each other in a circle and have not moved for so long never will.
const STILL_MS: u32 = 400;

impl Coordinator {
    /// Has the worker run a pitfall once; [`Coordinator::watch`] says what comes of it.
    pub fn begin_pitfall(&mut self, pitfall: Pitfall, lanes: u32) {
        self.last_pitfall.0 += 1;
        self.worker.send(&ToCoordinator::RunPitfall(self.last_pitfall, pitfall, lanes));
    }

    /// Watches the pitfall that was begun last, and tells `on_seen` what its lanes have done. Lanes
    /// that are to be stopped are asked to; when they stand still, waiting for each other in a
    /// circle, the watch is over, and this worker is of no more use.
    ///
    /// # Errors
    /// Why nothing can be said of it.
    pub async fn watch(
        &mut self,
        pitfall: Pitfall,
        lanes: u32,
        on_seen: &impl Fn(&[LaneSeen]),
    ) -> Result<PitfallSample, TrialError> {
        let mut begun_us = None;
        let mut moved_us = now_us();
        let mut patience = Patience::begin(SILENCE_S, now_us());
        let mut seen = Vec::new();
        loop {
            let message = self.next_within(WATCH_MS).await?;
            patience.look(now_us());
            match message {
                Some(FromCoordinator::Pitfall(id, news)) if id == self.last_pitfall => match news {
                    PitfallNews::Begun => {
                        moved_us = now_us();
                        begun_us = Some(moved_us);
                    }
                    PitfallNews::Ended(result) => {
                        let PitfallEnd { us, sum } = result?;
                        let seen = self.gauge.as_ref().map(|gauge| look(gauge, lanes));
                        let lanes = seen.unwrap_or_else(|| vec![LaneSeen::default(); lanes as usize]);
                        on_seen(&lanes);
                        return Ok(PitfallSample { us, sum, lanes, stood_still: false });
                    }
                },
                // Late words of an earlier one.
                Some(_) => {}
                None => {
                    if let (Some(gauge), Some(begun_us)) = (&self.gauge, begun_us) {
                        let now = look(gauge, lanes);
                        if now != seen {
                            seen = now;
                            moved_us = now_us();
                            patience.hear();
                            on_seen(&seen);
                        }
                        let took_us = now_us() - begun_us;
                        if pitfall.stopped_after_ms().is_some_and(|ms| took_us >= 1e3 * f64::from(ms)) {
                            gauge.stop();
                        }
                        let is_still = now_us() - moved_us > f64::from(STILL_MS) * 1e3;
                        if is_still && wait_for_cycle(&seen).is_some() {
                            let us = moved_us - begun_us;
                            return Ok(PitfallSample { us, sum: 0, lanes: seen, stood_still: true });
                        }
                    }
                }
            }
            if patience.is_over() {
                return Err(TrialError::Silent { seconds: SILENCE_S });
            }
        }
    }
}

fn look(gauge: &GaugeView, lanes: u32) -> Vec<LaneSeen> {
    (0..lanes).map(|lane| LaneSeen::read(gauge.layout(), lane, |word| gauge.load(word))).collect()
}
