//! What the page knows of the claims.

use std::rc::Rc;

use crate::claim::{CLAIMS, Claim, ClaimEvent, Evidence, Holding, Judgement, Measurement};
use crate::format;
use crate::pitfall::LaneSeen;
use crate::report::{
    Day,
    verdicts::{self, KeptVerdict},
};

/// What the page knows of the claims.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Claims {
    /// What was measured for them.
    pub evidence: Rc<Evidence>,
    /// What is being measured.
    pub measuring: Option<Measuring>,
    /// What this browser keeps of earlier tests.
    pub kept: Rc<Vec<KeptVerdict>>,
}

/// What is said of a claim, or done for it.
#[derive(Clone, Debug, PartialEq)]
pub enum Said {
    /// The verdict; with the day and the machine if it is one that was kept.
    Verdict(Judgement, Option<String>),
    /// It is measured now.
    BeingTested,
    /// Something else is measured before it.
    Queued,
    /// Nothing yet.
    NotTested,
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
pub enum ClaimsAction {
    /// This is to be measured, anew where it was measured before.
    Begin(Vec<Measurement>),
    /// Measuring tells.
    Event(Box<ClaimEvent>),
    /// This browser keeps these verdicts.
    Kept(Vec<KeptVerdict>),
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
            ClaimsAction::Event(event) => self.follow(*event),
            ClaimsAction::Kept(kept) => self.kept = Rc::new(kept),
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

    /// What is said of `claim` on a machine with so many cores.
    pub fn said(&self, claim: &Claim, cores: u32) -> Said {
        if let Some(judgement) = claim.judgement(&self.evidence, cores) {
            return Said::Verdict(judgement, None);
        }
        if let Some(measuring) = &self.measuring {
            let needs = (claim.needs)(cores);
            if measuring.need.as_ref().is_some_and(|need| needs.contains(need)) {
                return Said::BeingTested;
            }
            if needs.iter().any(|need| measuring.needs.contains(need) && self.evidence.found(need).is_none())
            {
                return Said::Queued;
            }
        }
        match self.kept.iter().find(|kept| kept.claim == claim.id) {
            Some(kept) => Said::Verdict(kept.judgement.clone(), Some(when(kept))),
            None => Said::NotTested,
        }
    }

    /// The verdict on `claim`, of now or one that was kept.
    pub fn judgement(&self, claim: &Claim, cores: u32) -> Option<Judgement> {
        if let Said::Verdict(judgement, _) = self.said(claim, cores) { Some(judgement) } else { None }
    }

    /// All that is to be kept of the verdicts: those of now, said on that day of that machine, and the older ones.
    pub fn to_keep(&self, cores: u32, day: Day, machine: &str) -> Vec<KeptVerdict> {
        let of_now = CLAIMS.iter().filter_map(|claim| {
            let judgement = claim.judgement(&self.evidence, cores)?;
            Some(KeptVerdict { claim: claim.id.to_owned(), judgement, day, machine: machine.to_owned() })
        });
        verdicts::renewed(&self.kept, of_now.collect())
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

/// When and of which machine a verdict was said.
fn when(kept: &KeptVerdict) -> String {
    format!("Tested on {} on {}.", kept.day, kept.machine)
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
        ClaimsAction::Event(Box::new(ClaimEvent::Measured(Measurement::Cost(cost), Outcome::Cost(summary))))
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
        claims.reduce(ClaimsAction::Event(Box::new(ClaimEvent::Finished)));
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
        claims.reduce(ClaimsAction::Event(Box::new(measuring)));
        assert_eq!(claims.measuring.as_ref().unwrap().done(), 0.5);
        claims.reduce(ClaimsAction::Event(Box::new(ClaimEvent::Progress(0.5))));
        assert_eq!(claims.measuring.as_ref().unwrap().done(), 0.75);
    }

    #[test]
    fn only_the_claim_that_is_measured_is_being_tested_and_the_others_queue() {
        let mut claims = Claims::default();
        let of = |id| Claim::of_id(id).unwrap();
        let needs = crate::claim::needs_of(&[of("spawn"), of("race"), of("lock-cost")], 2);
        let race = (of("race").needs)(2)[0].clone();
        claims.reduce(ClaimsAction::Begin(needs));
        for id in ["spawn", "race", "lock-cost"] {
            assert_eq!(claims.said(of(id), 2), Said::Queued, "{id}");
        }
        let measuring = ClaimEvent::Measuring { need: race, done_ms: 0, all_ms: 1 };
        claims.reduce(ClaimsAction::Event(Box::new(measuring)));
        let said = ["spawn", "race", "lock-cost", "kill"].map(|id| claims.said(of(id), 2));
        assert_eq!(said, [Said::Queued, Said::BeingTested, Said::BeingTested, Said::NotTested]);
    }

    #[test]
    fn a_verdict_that_was_kept_is_said_with_its_day_and_machine_until_there_is_a_newer_one() {
        let of = |id| Claim::of_id(id).unwrap();
        let mut claims = Claims::default();
        let judgement = Judgement { holding: Holding::Holds, why: "It does.".to_owned(), figures: vec![] };
        let kept = |claim: &str| KeptVerdict {
            claim: claim.to_owned(),
            judgement: judgement.clone(),
            day: Day(20_000),
            machine: "2 cores, Chromium 156".to_owned(),
        };
        claims.reduce(ClaimsAction::Kept(vec![kept("spawn"), kept("kill")]));
        let when = Some("Tested on 2024-10-04 on 2 cores, Chromium 156.".to_owned());
        assert_eq!(claims.said(of("spawn"), 2), Said::Verdict(judgement.clone(), when));
        assert!(claims.tally(2).starts_with("Of 2 claims tested here"), "{}", claims.tally(2));
        for need in (of("spawn").needs)(2) {
            let Measurement::Cost(cost) = need else { panic!("a cost") };
            claims.reduce(found(cost));
        }
        assert!(matches!(claims.said(of("spawn"), 2), Said::Verdict(_, None)));
        let to_keep = claims.to_keep(2, Day(20_001), "4 cores");
        let of_claim = |id| to_keep.iter().find(|kept| kept.claim == id).unwrap();
        assert_eq!(of_claim("kill"), &kept("kill"));
        assert_eq!((of_claim("spawn").day, of_claim("spawn").machine.as_str()), (Day(20_001), "4 cores"));
    }
}
