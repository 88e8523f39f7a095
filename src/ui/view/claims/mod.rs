//! The claims: a guided way through them, and a page for each.

mod explanation;
mod one;
mod pitfall;
mod run;

use std::rc::Rc;

use yew::prelude::*;

pub use run::ProgressOfClaims;

use crate::browser::page;
use crate::claim::{CLAIMS, Chapter, Claim, Holding};
use crate::ui::{claims::Claims as ClaimsState, route::Route};

use super::controls::ViewProps;
use explanation::Prose;
use one::One;
use run::{Run, SaveSamples};

mod words {
    pub const TITLE: &str = "Claims about threads and processes";
    pub const WHAT_THEY_ARE: &str = "Articles on threads and processes in Python all make the same claims, and show a chart from their author's laptop. Here your own machine decides them.";
    pub const TEST_ALL: &str = "Test all claims";
    pub const BEING_TESTED: &str = "being tested";
    pub const NOT_TESTED: &str = "not tested yet";
    pub const ADVICE: &str = "Get advice on a task of your own";
    pub const EXPERIMENT: &str = "Run an experiment of your own";
    pub const NO_SUCH_CLAIM: &str = "There is no such claim";
    pub const SEE_ALL: &str = "See all claims.";

    pub fn unknown(id: &str) -> String {
        format!("The address names a claim “{id}”, which Lanes does not know. ")
    }
}

/// All claims, or one.
#[component]
pub fn Claims(ViewProps { state, controls }: &ViewProps) -> Html {
    let claim = match &state.route {
        Route::Claim(id) => Some(id.clone()),
        _ => None,
    };
    // A page begins at its top, wherever the one before was left.
    use_effect_with(claim.clone(), |_| page::scroll_to_top());
    match claim.as_deref() {
        None => html! { <List state={state.clone()} controls={controls.clone()} /> },
        Some(id) => match Claim::of_id(id) {
            Some(claim) => {
                html! { <One key={claim.id} id={claim.id} state={state.clone()} controls={controls.clone()} /> }
            }
            None => html! {
                <section class="card">
                    <h2>{ words::NO_SUCH_CLAIM }</h2>
                    <p>{ words::unknown(id) }
                        <a href={Route::Claims.href()}>{ words::SEE_ALL }</a></p>
                </section>
            },
        },
    }
}

/// All claims, chapter by chapter.
#[component]
fn List(ViewProps { state, controls }: &ViewProps) -> Html {
    let cores = state.cores();
    html! {
        <div class="claims" id="claims">
            <section class="card lead" aria-labelledby="claims-title">
                <h2 id="claims-title">{ words::TITLE }</h2>
                <p class="statement">
                    { words::WHAT_THEY_ARE }
                </p>
                <Run claims={CLAIMS.to_vec()} label={words::TEST_ALL} state={state.clone()} controls={controls.clone()} />
                <p id="tally" role="status">{ state.claims.tally(cores) }</p>
                <SaveSamples evidence={Rc::clone(&state.claims.evidence)} {cores} />
            </section>
            { for Chapter::ALL.iter().copied().map(|chapter| chapter_of(chapter, &state.claims, cores)) }
            <p class="ends">
                <a href={Route::Advice.href()}>{ words::ADVICE }</a>
                <a href={Route::Experiment.href()}>{ words::EXPERIMENT }</a>
            </p>
        </div>
    }
}

fn chapter_of(chapter: Chapter, claims: &ClaimsState, cores: u32) -> Html {
    let of_chapter = CLAIMS.iter().filter(|claim| claim.chapter == chapter);
    html! {
        <section class="card chapter" aria-label={chapter.title()}>
            <h2>{ chapter.title() }</h2>
            <Prose text={chapter.lead()} />
            <ol>{ for of_chapter.map(|claim| row(claim, claims, cores)) }</ol>
        </section>
    }
}

fn row(claim: &Claim, claims: &ClaimsState, cores: u32) -> Html {
    let judgement = claims.judgement(claim, cores);
    let (holding, word) = match &judgement {
        Some(judgement) => (judgement.holding.id(), judgement.holding.name()),
        None if claims.is_measuring(claim, cores) => ("measuring", words::BEING_TESTED),
        None => ("untested", words::NOT_TESTED),
    };
    html! {
        <li data-claim={claim.id} data-holding={holding}>
            <a href={Route::Claim(claim.id.to_owned()).href()}>{ claim.statement }</a>
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
