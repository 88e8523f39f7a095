//! One claim.

use yew::prelude::*;

use crate::claim::{CLAIMS, Claim, Judgement, Measurement};
use crate::ui::{
    route::Route,
    state::{Action, State},
    view::controls::Controls,
};

use super::explanation::{Drawing, Prose};
use super::pitfall::{Interleaving, panels};
use super::run::Run;

mod words {
    pub const ALL_CLAIMS: &str = "All claims";
    pub const HERE: &str = "On this machine";
    pub const NOT_TESTED: &str = "Not tested on this machine yet.";
    pub const TEST: &str = "Test it here";
    pub const TEST_AGAIN: &str = "Test it again";
    pub const RULE: &str = "The rule. ";
    pub const IN_BROWSER: &str = "In a browser. ";
    pub const FIGURES: &str = "Figures";
    pub const NO_FIGURES: &str = "Your results will appear here.";
    pub const YOURS: &str = "Yours: medians with their intervals";
    pub const AUTHORS: &str = "The article's author found";
    pub const EXPERIMENTS: &str = "Related experiments";
    pub const COSTS: &str = "What lanes cost, beside the experiment";
    pub const IN_PYTHON: &str = "The same in Python";
    pub const NEIGHBOURS: &str = "Previous and next claim";
    pub const PREVIOUS: &str = "Previous";
    pub const NEXT: &str = "Next";
    pub const ADVICE: &str = "Which one to choose for a task of your own.";
}

#[derive(PartialEq, Properties)]
pub struct Props {
    /// The claim, which must be there.
    pub id: &'static str,
    /// All that the page knows.
    pub state: UseReducerHandle<State>,
    /// Starts and ends what is measured.
    pub controls: Controls,
}

/// One claim: what it says and why, the test, and what it said.
#[component]
pub fn One(Props { id, state, controls }: &Props) -> Html {
    let Some(at) = CLAIMS.iter().position(|claim| claim.id == *id) else { return Html::default() };
    let claim = CLAIMS[at];
    let judgement = state.claims.judgement(claim, state.cores());
    let neighbour = |at: Option<usize>, class: &'static str, what: &str| {
        let claim = CLAIMS.get(at?)?;
        let href = Route::Claim(claim.id.to_owned()).href();
        Some(html! { <a {href} {class}><span>{ what.to_owned() }</span>{ claim.statement }</a> })
    };
    html! {
        <article class="claims one" id="claim" data-claim={claim.id}>
            <section class="card">
                <p class="way"><a href={Route::Claims.href()}>{ words::ALL_CLAIMS }</a>{ " › " }{ claim.chapter.title() }</p>
                <h2 class="statement">{ claim.statement }</h2>
                <Prose text={claim.because} />
                <Drawing lines={claim.drawing} />
            </section>
            <section class="card test" aria-labelledby="test-title">
                <h2 id="test-title">{ words::HERE }</h2>
                <div role="status">{ verdict(&judgement) }</div>
                <Run claims={vec![claim]} label={if judgement.is_some() { words::TEST_AGAIN } else { words::TEST }}
                    state={state.clone()} controls={controls.clone()} />
                { panels(claim, &state.claims, state.cores()) }
                <p class="rule"><strong>{ words::RULE }</strong>{ claim.rule }</p>
                if !claim.in_browser.is_empty() {
                    <p class="notice"><strong>{ words::IN_BROWSER }</strong>{ claim.in_browser }</p>
                }
            </section>
            { beside(claim, &judgement) }
            { experiments(claim, state) }
            if claim.id == "race" { <Interleaving /> }
            <section class="card" aria-labelledby="python-title">
                <h2 id="python-title">{ words::IN_PYTHON }</h2>
                <pre tabindex="0"><code>{ claim.python.trim_end() }</code></pre>
            </section>
            <nav class="neighbours" aria-label={words::NEIGHBOURS}>
                { for neighbour(at.checked_sub(1), "before", words::PREVIOUS) }
                { for neighbour(Some(at + 1), "after", words::NEXT) }
                if at + 1 == CLAIMS.len() {
                    <a href={Route::Advice.href()} class="after"><span>{ words::NEXT }</span>{ words::ADVICE }</a>
                }
            </nav>
        </article>
    }
}

fn verdict(judgement: &Option<Judgement>) -> Html {
    match judgement {
        None => html! {
            <p id="judgement" class="verdict" data-certain="false" data-holding="untested">
                { words::NOT_TESTED }
            </p>
        },
        Some(judgement) => html! {
            <p id="judgement" class="verdict" data-holding={judgement.holding.id()}>
                <span class="holding" data-holding={judgement.holding.id()}>{ judgement.holding.name() }</span>
                { " " }{ &judgement.why }
            </p>
        },
    }
}

/// The claim's experiments, to be run one by one with charts and all, or changed.
fn experiments(claim: &Claim, state: &UseReducerHandle<State>) -> Html {
    let link = |need: Measurement| {
        let doing = need.doing();
        let Measurement::Experiment(experiment) = need else { return None };
        let dispatch = state.dispatcher();
        let onclick = move |_: MouseEvent| dispatch.dispatch(Action::Open(experiment.clone()));
        Some(html! { <li><a href={Route::Experiment.href()} {onclick}>{ doing }</a></li> })
    };
    let needs = (claim.needs)(state.cores());
    let costs = needs.iter().any(|need| matches!(need, Measurement::Cost(_)));
    let links: Vec<Html> = needs.into_iter().filter_map(link).collect();
    if links.is_empty() && !costs {
        return Html::default();
    }
    html! {
        <section class="card" aria-labelledby="experiments-title">
            <h2 id="experiments-title">{ words::EXPERIMENTS }</h2>
            <ul class="because" id="experiments">
                { links }
                if costs {
                    <li><a href={Route::Experiment.href()}>{ words::COSTS }</a></li>
                }
            </ul>
        </section>
    }
}

/// The reader's figures beside the author's.
fn beside(claim: &Claim, judgement: &Option<Judgement>) -> Html {
    let figures = judgement.as_ref().map(|judgement| judgement.figures.as_slice()).unwrap_or_default();
    let row = |(what, figure): &(String, String)| {
        html! { <tr><th scope="row">{ what }</th><td class="number">{ figure }</td></tr> }
    };
    html! {
        <section class="card figures" aria-labelledby="figures-title">
            <h2 id="figures-title">{ words::FIGURES }</h2>
            <div class="beside">
                <div>
                    if figures.is_empty() {
                        <p>{ words::NO_FIGURES }</p>
                    } else {
                        <table id="claim-figures">
                            <caption>{ words::YOURS }</caption>
                            <tbody>{ for figures.iter().map(row) }</tbody>
                        </table>
                    }
                </div>
                if !claim.author.is_empty() {
                    <div>
                        <h3>{ words::AUTHORS }</h3>
                        <ul>{ for claim.author.iter().map(|text| html! { <li>{ *text }</li> }) }</ul>
                    </div>
                }
            </div>
        </section>
    }
}
