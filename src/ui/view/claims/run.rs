//! The button that tests claims, how far it is, and the samples behind the verdicts.

use std::cell::Cell;
use std::rc::Rc;

use yew::prelude::*;

use crate::browser::page::{download::download, measure::claims};
use crate::browser::wire::clock;
use crate::claim::{Claim, ClaimEvent, Evidence, Measurement, needs_of, record};
use crate::ui::{
    DRAW_EVERY_US,
    claims::{ClaimsAction, Measuring, about},
    state::{Action, State},
    view::controls::Controls,
    view::parts::{ProgressLine, once},
};

mod words {
    pub const STOP: &str = "Stop";
    pub const BUSY: &str = "Something else is being measured.";
    pub const SAVE_SAMPLES: &str = "Save all samples as CSV";

    pub fn takes(time: &str) -> String {
        format!("Takes {time}.")
    }
}

#[derive(PartialEq, Properties)]
pub struct RunProps {
    /// What is tested.
    pub claims: Vec<&'static Claim>,
    /// What the button says.
    pub label: &'static str,
    /// All that the page knows.
    pub state: UseReducerHandle<State>,
    /// Starts and ends what is measured.
    pub controls: Controls,
}

/// Measures what claims need.
pub fn prove(controls: &Controls, needs: Vec<Measurement>) {
    controls.measure.emit(Box::new(|machine, dispatch| {
        dispatch.dispatch(Action::Claims(ClaimsAction::Begin(needs.clone())));
        let drawn_us = Cell::new(f64::MIN);
        claims::start(needs, machine, move |event| {
            let is_progress = matches!(event, ClaimEvent::Progress(_) | ClaimEvent::Seen(_));
            if is_progress && clock::now_us() - drawn_us.get() < DRAW_EVERY_US {
                return;
            }
            drawn_us.set(clock::now_us());
            dispatch.dispatch(Action::Claims(ClaimsAction::Event(Box::new(event))));
        })
    }));
}

/// The button, and the progress while anything is tested.
#[component]
pub fn Run(RunProps { claims, label, state, controls }: &RunProps) -> Html {
    let cores = state.cores();
    let is_running = state.claims.measuring.is_some();
    let ready = is_running || (state.machine.is_some() && !state.is_busy());
    let onclick = {
        let (controls, claims) = (controls.clone(), claims.clone());
        once(
            move || {
                if is_running { controls.stop.emit(()) } else { prove(&controls, needs_of(&claims, cores)) }
            },
        )
    };
    let otherwise = if !ready && state.machine.is_some() {
        words::BUSY.to_owned()
    } else {
        words::takes(&about(&needs_of(claims, cores)))
    };
    html! {
        <div class="run-claims">
            <button id="test" class="primary" type="button" disabled={!ready} {onclick}
                data-state={if is_running { "running" } else { "idle" }}>
                { if is_running { words::STOP } else { *label } }
            </button>
            <ProgressOfClaims measuring={state.claims.measuring.clone()} {otherwise} />
        </div>
    }
}

#[derive(PartialEq, Properties)]
pub struct ProgressProps {
    /// What is being measured, if anything is.
    pub measuring: Option<Measuring>,
    /// What is said while nothing is.
    pub otherwise: AttrValue,
}

/// How far measuring for the claims is.
#[component]
pub fn ProgressOfClaims(ProgressProps { measuring, otherwise }: &ProgressProps) -> Html {
    match measuring {
        Some(measuring) => {
            let left = Some(AttrValue::from(measuring.left()));
            html! { <ProgressLine doing={measuring.doing()} {left} part={measuring.done()} /> }
        }
        None => html! { <p class="doing">{ otherwise }</p> },
    }
}

#[derive(PartialEq, Properties)]
pub struct SamplesProps {
    /// What was measured.
    pub evidence: Rc<Evidence>,
    /// The cores that the machine reports.
    pub cores: u32,
}

/// A button that hands over every sample behind the verdicts as a file, once there is one.
#[component]
pub fn SaveSamples(SamplesProps { evidence, cores }: &SamplesProps) -> Html {
    let refusal = use_state(|| None);
    if evidence.is_empty() {
        return Html::default();
    }
    let onclick = {
        let (evidence, cores, refusal) = (Rc::clone(evidence), *cores, refusal.clone());
        move |_: MouseEvent| {
            let text = record::csv(&evidence, cores);
            refusal.set(download("lanes-claims.csv", "text/csv", &text).err());
        }
    };
    html! {
        <p>
            <button id="save-samples" class="quiet framed" type="button" {onclick}>{ words::SAVE_SAMPLES }</button>
            <span role="status">{ (*refusal).clone() }</span>
        </p>
    }
}
