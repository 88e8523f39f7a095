//! Has a coordinator run one trial, and watches it.

use super::coordinator::Coordinator;
use super::showing::Shown;
use crate::browser::page::frame;
use crate::browser::wire::clock::now_us;
use crate::domain::TrialError;
use crate::patience::{LOOK_MS, Patience, SILENCE_S};
use crate::protocol::{FromCoordinator, ToCoordinator, TrialNews};
use crate::sample::Sample;
use crate::trial::Order;

impl Coordinator {
    /// Runs a trial: tells the progress, and loses patience when nothing moves.
    ///
    /// # Errors
    /// Why the trial measured nothing.
    pub async fn run(&mut self, order: &Order, progress: &mut dyn FnMut(f64)) -> Result<Sample, TrialError> {
        self.worker.send(&ToCoordinator::Run(order.clone()));
        let silence_s = SILENCE_S + order.longest_wait_ms().div_ceil(1_000);
        let mut patience = Patience::begin(silence_s, now_us());
        let mut was_hidden = frame::is_hidden();
        let mut has_begun = false;
        let mut all_units = None;
        let mut done_units = 0;
        loop {
            let message = self.next_within(LOOK_MS).await?;
            patience.look(now_us());
            was_hidden |= frame::is_hidden();
            let units = match message {
                Some(FromCoordinator::Trial(id, news)) if id == order.trial.id => match news {
                    TrialNews::Begun { units } => {
                        (has_begun, all_units) = (true, units);
                        patience.hear();
                        continue;
                    }
                    TrialNews::Progress { units } => {
                        patience.hear();
                        units
                    }
                    TrialNews::Ended(result) => {
                        let sample = result?;
                        self.show_tasks();
                        return if was_hidden {
                            Err(TrialError::Hidden)
                        } else if patience.slept() {
                            Err(TrialError::Asleep)
                        } else {
                            Ok(*sample)
                        };
                    }
                },
                Some(FromCoordinator::Preview(preview)) => {
                    self.showing.show(Shown::Preview(preview));
                    continue;
                }
                // Late words of an earlier trial.
                Some(_) => continue,
                None => {
                    if patience.is_over() {
                        return Err(TrialError::Silent { seconds: silence_s });
                    }
                    match &self.gauge {
                        Some(gauge) if has_begun => gauge.units(),
                        _ => continue,
                    }
                }
            };
            if units != done_units {
                done_units = units;
                patience.hear();
                self.show_tasks();
                if let Some(all) = all_units.filter(|&all| all > 0) {
                    progress((units as f64 / all as f64).min(1.0));
                }
            }
        }
    }

    fn show_tasks(&self) {
        // Reading the marks takes time from the lanes, and mostly nobody looks at them.
        if let (true, Some(gauge)) = (self.showing.is_looked_at(), &self.gauge) {
            self.showing.show(Shown::Tasks(gauge.tasks()));
        }
    }
}
