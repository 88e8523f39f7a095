//! The button that tests claims, and how far it is.

use yew::prelude::*;

use crate::claim::{Claim, needs_of};
use crate::ui::{
    claims::{Measuring, about},
    state::State,
    view::progress::ProgressLine,
    view::session::Session,
};

#[derive(PartialEq, Properties)]
pub struct Props {
    /// What is tested.
    pub claims: Vec<&'static Claim>,
    /// What the button says.
    pub label: &'static str,
    /// All that the page knows.
    pub state: UseReducerHandle<State>,
    /// Runs and stops experiments.
    pub session: Session,
}

/// The button, and the progress while anything is tested.
#[component]
pub fn Run(Props { claims, label, state, session }: &Props) -> Html {
    let cores = state.cores();
    let is_running = state.claims.measuring.is_some();
    let ready = is_running || (state.machine.is_some() && !state.is_busy());
    let onclick = {
        let (session, claims) = (session.clone(), claims.clone());
        move |_: MouseEvent| {
            if is_running { session.stop.emit(()) } else { session.prove.emit(needs_of(&claims, cores)) }
        }
    };
    let otherwise = if !ready && state.machine.is_some() {
        "Something else is being measured.".to_owned()
    } else {
        format!("Takes {}.", about(&needs_of(claims, cores)))
    };
    html! {
        <div class="run-claims">
            <button id="test" class="primary" type="button" disabled={!ready} {onclick}
                data-state={if is_running { "running" } else { "idle" }}>
                { if is_running { "Stop" } else { *label } }
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
