//! The way through all claims.

use std::rc::Rc;

use yew::prelude::*;

use crate::claim::{CLAIMS, Chapter, Claim, Holding};
use crate::ui::{claims::Claims, route::Route, view::ViewProps};

use super::prose::Prose;
use super::run::Run;
use super::save::SaveSamples;

/// All claims, chapter by chapter.
#[component]
pub fn List(ViewProps { state, session }: &ViewProps) -> Html {
    let cores = state.cores();
    html! {
        <div class="claims" id="claims">
            <section class="card lead" aria-labelledby="claims-title">
                <h2 id="claims-title">{ "What is said of threads and processes" }</h2>
                <p class="statement">
                    { "Articles on threads and processes in Python all make the same claims, and show a chart from their author's laptop. Here your own machine decides them." }
                </p>
                <Run claims={CLAIMS.to_vec()} label="Test all claims" state={state.clone()} session={session.clone()} />
                <p id="tally" role="status">{ state.claims.tally(cores) }</p>
                <SaveSamples evidence={Rc::clone(&state.claims.evidence)} {cores} />
            </section>
            { for Chapter::ALL.map(|chapter| chapter_of(chapter, &state.claims, cores)) }
            <p class="ends">
                <a href={Route::Advice.href()}>{ "Get advice on a task of your own" }</a>
                <a href={Route::Experiment.href()}>{ "Run an experiment of your own" }</a>
            </p>
        </div>
    }
}

fn chapter_of(chapter: Chapter, claims: &Claims, cores: u32) -> Html {
    let of_chapter = CLAIMS.iter().filter(|claim| claim.chapter == chapter);
    html! {
        <section class="card chapter" aria-label={chapter.title()}>
            <h2>{ chapter.title() }</h2>
            <Prose text={chapter.lead()} />
            <ol>{ for of_chapter.map(|claim| row(claim, claims, cores)) }</ol>
        </section>
    }
}

fn row(claim: &Claim, claims: &Claims, cores: u32) -> Html {
    let judgement = claims.judgement(claim, cores);
    let (holding, word) = match &judgement {
        Some(judgement) => (judgement.holding.id(), judgement.holding.name()),
        None if claims.is_measuring(claim, cores) => ("measuring", "being tested"),
        None => ("untested", "not tested yet"),
    };
    html! {
        <li data-claim={claim.id} data-holding={holding}>
            <a href={format!("#claims/{}", claim.id)}>{ claim.statement }</a>
            <span class="holding" data-holding={holding}>{ word }</span>
            if let Some(judgement) = judgement {
                <p class="note">{ judgement.why }</p>
                if judgement.holding == Holding::DoesNotHold && !claim.in_browser.is_empty() {
                    <p class="note">{ claim.in_browser }</p>
                }
            }
        </li>
    }
}
