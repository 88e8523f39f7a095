//! Which model to choose for a task of one's own.

mod answer;
mod form;

use yew::prelude::*;

use crate::advice::{Advice as Answer, Measured, needs};
use crate::ui::view::claims::ProgressOfClaims;

use super::ViewProps;

/// A few questions, what this machine was found to do, and the answer.
#[component]
pub fn Advice(ViewProps { state, session }: &ViewProps) -> Html {
    let cores = state.cores();
    let measured = Measured::of(&state.claims.evidence, cores);
    let is_running = state.claims.measuring.is_some();
    let ready = is_running || (state.machine.is_some() && !state.is_busy());
    let is_measured = measured.processes.is_some() && measured.start_us.is_some();
    let onclick = {
        let session = session.clone();
        move |_: MouseEvent| {
            if is_running { session.stop.emit(()) } else { session.prove.emit(needs(cores)) }
        }
    };
    html! {
        <div class="claims advice" id="advice">
            <section class="card" aria-labelledby="advice-title">
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
                        { if is_running { "Stop" } else if is_measured { "Measure again" } else { "Measure this machine" } }
                    </button>
                    <ProgressOfClaims measuring={state.claims.measuring.clone()}
                        otherwise={if is_measured { "How this machine computes and what processes cost was measured." } else { "How it computes and what processes cost: about 20 s." }} />
                </div>
                <p class="rule">{ "The gain is that of Amdahl's law: all the computing divided by what lanes were found to gain here, and beside it the time to start processes and to bring them their data." }</p>
            </section>
        </div>
    }
}
