//! Which model to choose for a task of one's own.

mod answer;
mod form;

use yew::prelude::*;

use crate::advice::{Advice as Answer, Measured, needs};
use crate::ui::{claims::about, view::claims::ProgressOfClaims};

use super::ViewProps;

/// A few questions, what this machine was found to do, and the answer.
#[component]
pub fn Advice(ViewProps { state, session }: &ViewProps) -> Html {
    let cores = state.cores();
    let measured = Measured::of(&state.claims.evidence, cores);
    let is_running = state.claims.measuring.is_some();
    let ready = is_running || (state.machine.is_some() && !state.is_busy());
    let onclick = {
        let session = session.clone();
        move |_: MouseEvent| {
            if is_running { session.stop.emit(()) } else { session.prove.emit(needs(cores)) }
        }
    };
    let otherwise = if measured.is_complete {
        "How this machine computes and waits, and what processes cost, was measured.".to_owned()
    } else {
        format!("How it computes and waits, and what processes cost: {}.", about(&needs(cores)))
    };
    html! {
        <div class="claims advice" id="advice">
            <section class="card lead" aria-labelledby="advice-title">
                <h2 id="advice-title">{ "Which one to choose" }</h2>
                <p class="statement">{ "A few questions about a task of your own, and what this machine was found to do, give a model, a number of lanes, and the reason." }</p>
                <form::Form task={state.task} dispatch={state.dispatcher()} />
            </section>
            <section class="card" aria-labelledby="answer-title">
                <h2 id="answer-title">{ "Advice" }</h2>
                <answer::AnswerText answer={Answer::of(&state.task, &measured)} />
                <div class="run-claims">
                    <button id="measure" class="primary" type="button" disabled={!ready} {onclick}
                        data-state={if is_running { "running" } else { "idle" }}>
                        { if is_running { "Stop" } else if measured.is_complete { "Measure again" } else { "Measure this machine" } }
                    </button>
                    <ProgressOfClaims measuring={state.claims.measuring.clone()} {otherwise} />
                </div>
                <p class="rule">{ "The gain is that of Amdahl's law. The computing is divided by what lanes were found to gain here, and the waiting by the lanes, but for the part of each wait that they were found not to share; beside it stands the time to start processes and to bring them their data. Waiting gains that as long as whoever is waited for answers many as fast as one." }</p>
            </section>
        </div>
    }
}
