//! What the page knows of the claims.

use std::rc::Rc;

use crate::claim::{CLAIMS, Claim, ClaimEvent, Evidence, Holding, Judgement, Measurement};
use crate::format;
use crate::pitfall::LaneSeen;

/// What the page knows of the claims.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Claims {
    /// What was measured for them.
    pub evidence: Rc<Evidence>,
    /// What is being measured.
    pub measuring: Option<Measuring>,
}

/// What is being measured.
#[derive(Clone, Debug, PartialEq)]
pub struct Measuring {
    /// All that this run is to measure.
    pub needs: Vec<Measurement>,
    /// What is measured now; `None` before the first.
    pub need: Option<Measurement>,
    /// The work that was done before it and the work in all, in ms.
    pub work_ms: (u32, u32),
    /// How much of what is measured now is done, from 0 to 1.
    pub part: f64,
    /// What the lanes of a pitfall have done so far.
    pub seen: Vec<LaneSeen>,
}

/// All that can happen to the claims.
#[derive(Clone, Debug)]
#[cfg_attr(
    not(target_arch = "wasm32"),
    expect(clippy::large_enum_variant, reason = "there is one at a time, and it is moved once")
)]
pub enum ClaimsAction {
    /// This is to be measured, anew where it was measured before.
    Begin(Vec<Measurement>),
    /// Measuring tells.
    Event(ClaimEvent),
}

impl Claims {
    /// What becomes of it when `action` happens.
    pub fn reduce(&mut self, action: ClaimsAction) {
        match action {
            ClaimsAction::Begin(needs) => {
                Rc::make_mut(&mut self.evidence).forget(&needs);
                self.measuring =
                    Some(Measuring { needs, need: None, work_ms: (0, 0), part: 0.0, seen: vec![] });
            }
            ClaimsAction::Event(event) => self.follow(event),
        }
    }

    fn follow(&mut self, event: ClaimEvent) {
        match event {
            ClaimEvent::Measuring { need, done_ms, all_ms } => {
                if let Some(measuring) = &mut self.measuring {
                    measuring.need = Some(need);
                    measuring.work_ms = (done_ms, all_ms);
                    measuring.part = 0.0;
                    measuring.seen.clear();
                }
            }
            ClaimEvent::Progress(part) => {
                if let Some(measuring) = &mut self.measuring {
                    measuring.part = part;
                }
            }
            ClaimEvent::Seen(seen) => {
                if let Some(measuring) = &mut self.measuring {
                    measuring.seen = seen;
                }
            }
            ClaimEvent::Measured(need, found) => Rc::make_mut(&mut self.evidence).put(need, found),
            ClaimEvent::Finished => self.measuring = None,
        }
    }

    /// Whether `claim` is being measured.
    pub fn is_measuring(&self, claim: &Claim, cores: u32) -> bool {
        self.measuring
            .as_ref()
            .is_some_and(|measuring| (claim.needs)(cores).iter().any(|need| measuring.needs.contains(need)))
    }

    /// What is said of `claim`; `None` while it is not all measured.
    pub fn judgement(&self, claim: &Claim, cores: u32) -> Option<Judgement> {
        claim.judgement(&self.evidence, cores)
    }

    /// How many claims hold, how many do not, and of how many it cannot be told, in words.
    pub fn tally(&self, cores: u32) -> String {
        let judged: Vec<Holding> =
            CLAIMS.iter().filter_map(|claim| Some(self.judgement(claim, cores)?.holding)).collect();
        let count = |holding| judged.iter().filter(|&&judged| judged == holding).count();
        if judged.is_empty() {
            return format!("{} claims. None is tested on this machine yet.", CLAIMS.len());
        }
        format!(
            "Of {} claims tested here, {} hold and {} do not; of {} it cannot be told. {}",
            judged.len(),
            count(Holding::Holds),
            count(Holding::DoesNotHold),
            count(Holding::CantTell),
            match CLAIMS.len() - judged.len() {
                0 => "That is all of them.".to_owned(),
                1 => "One is not tested yet.".to_owned(),
                left => format!("{left} are not tested yet."),
            }
        )
    }
}

impl Measuring {
    /// How much of all is done, from 0 to 1.
    pub fn done(&self) -> f64 {
        let (before, all) = self.work_ms;
        let now = self.need.as_ref().map_or(0.0, |need| f64::from(need.expected_ms()) * self.part);
        if all == 0 { 0.0 } else { ((f64::from(before) + now) / f64::from(all)).min(1.0) }
    }

    /// What is measured now.
    pub fn doing(&self) -> String {
        self.need.as_ref().map_or_else(|| "Starting the lanes …".to_owned(), Measurement::doing)
    }

    /// How long it will still take.
    pub fn left(&self) -> String {
        format!("{} left", format::forecast((1.0 - self.done()) * f64::from(self.work_ms.1) * 1e3))
    }
}

/// About how long measuring `needs` takes, in words.
pub fn about(needs: &[Measurement]) -> String {
    let ms: u32 = needs.iter().map(Measurement::expected_ms).sum();
    format!("about {}", format::forecast((f64::from(ms) * 1e3).max(1e6)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::claim::Outcome;
    use crate::cost::{Cost, CostSample, CostSummary};

    fn found(cost: Cost) -> ClaimsAction {
        let summary = CostSummary::of(cost, &[CostSample::of(5.0)], None);
        ClaimsAction::Event(ClaimEvent::Measured(Measurement::Cost(cost), Outcome::Cost(summary)))
    }

    #[test]
    fn what_is_measured_anew_is_forgotten_first_and_the_rest_stays() {
        let (ask, start) = (Cost::AskThread, Cost::StartThreads { lanes: 1 });
        let mut claims = Claims::default();
        claims.reduce(found(ask));
        claims.reduce(found(start));
        claims.reduce(ClaimsAction::Begin(vec![Measurement::Cost(ask)]));
        assert!(claims.evidence.found(&Measurement::Cost(ask)).is_none());
        assert!(claims.evidence.found(&Measurement::Cost(start)).is_some());
        claims.reduce(ClaimsAction::Event(ClaimEvent::Finished));
        assert_eq!(claims.measuring, None);
    }

    #[test]
    fn progress_grows_over_all_that_is_measured() {
        let need = Measurement::Cost(Cost::AskThread);
        let mut claims = Claims::default();
        claims.reduce(ClaimsAction::Begin(vec![need.clone()]));
        assert_eq!(claims.measuring.as_ref().unwrap().done(), 0.0);
        let all_ms = 2 * need.expected_ms();
        let measuring = ClaimEvent::Measuring { done_ms: need.expected_ms(), need, all_ms };
        claims.reduce(ClaimsAction::Event(measuring));
        assert_eq!(claims.measuring.as_ref().unwrap().done(), 0.5);
        claims.reduce(ClaimsAction::Event(ClaimEvent::Progress(0.5)));
        assert_eq!(claims.measuring.as_ref().unwrap().done(), 0.75);
    }
}
