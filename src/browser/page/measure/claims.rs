//! Measures what claims need, one after the other.

use std::rc::Rc;

use super::costs::Measuring;
use super::pitfalls;
use super::session::{BrowserExecutor, Running};
use super::stop::Stop;
use super::workers::Workers;
use crate::claim::{ClaimEvent, Counted, Measurement, Outcome, overlaps};
use crate::experiment::Experiment;
use crate::machine::Machine;
use crate::overlap::Overlap;
use crate::pitfall::LaneSeen;
use crate::sample::Sample;
use crate::session::{self, Ending, Event};

/// Measures `needs` on `machine` and tells `on_event` how it goes.
pub fn start(needs: Vec<Measurement>, machine: &Machine, on_event: impl Fn(ClaimEvent) + 'static) -> Running {
    let machine = machine.clone();
    Running::spawn(move |stop| async move {
        let all_ms = needs.iter().map(Measurement::expected_ms).sum();
        let mut done_ms = 0;
        for need in needs {
            on_event(ClaimEvent::Measuring { need: need.clone(), done_ms, all_ms });
            done_ms += need.expected_ms();
            let found = match &need {
                Measurement::Experiment(experiment) => run(experiment, &machine, &stop, &on_event).await,
                Measurement::Pitfall(pitfall) => {
                    let seen = |repetition: u32, lanes: &[LaneSeen]| {
                        on_event(ClaimEvent::Progress(
                            f64::from(repetition) / f64::from(pitfall.repetitions()),
                        ));
                        on_event(ClaimEvent::Seen(lanes.to_vec()));
                    };
                    pitfalls::run(*pitfall, &machine, &stop, &seen).await.map(Outcome::Pitfall)
                }
                Measurement::Cost(cost) => {
                    Measuring::new(&machine, Rc::clone(&stop)).cost(*cost).await.map(Outcome::Cost)
                }
            };
            match found {
                Some(found) => on_event(ClaimEvent::Measured(need, found)),
                None => break,
            }
        }
        on_event(ClaimEvent::Finished);
    })
}

/// Runs one experiment; `None` if the visitor wants an end.
async fn run(
    experiment: &Experiment,
    machine: &Machine,
    stop: &Rc<Stop>,
    on_event: &impl Fn(ClaimEvent),
) -> Option<Outcome> {
    let mut executor = BrowserExecutor::new(machine, Workers::default(), Rc::clone(stop));
    let mut summary = None;
    let mut trials = Vec::new();
    let mut is_stopped = false;
    session::run(experiment, &mut executor, &mut |event| match event {
        Event::Progress(progress) => {
            let all = f64::from(progress.done + progress.left);
            on_event(ClaimEvent::Progress((f64::from(progress.done) + progress.fraction) / all.max(1.0)));
        }
        Event::Updated { trial, outcome, summary: known } => {
            if let (Ok(sample), true) = (outcome, trial.round > 0) {
                let overlap = Overlap::of(&sample.lanes).mean;
                trials.push(Counted { sample: Sample { lanes: vec![], ..Sample::clone(&sample) }, overlap });
            }
            summary = Some(known);
        }
        Event::Finished(ending) => is_stopped = ending == Ending::Stopped,
        Event::Started { .. } => {}
    })
    .await;
    let summary = Rc::new(summary.filter(|_| !is_stopped)?);
    Some(Outcome::Experiment { summary, overlaps: overlaps(&trials), trials })
}
