//! How results leave the page: as a link, a code and files.

mod copy;
mod save;

use yew::prelude::*;

use crate::browser::page;
use crate::report::{
    LONGEST_NAME, Report,
    link::{self, LONGEST},
};
use crate::ui::{
    reports::ReportsAction,
    route::Route,
    state::{Action, State},
    text,
};

use super::Dispatch;
pub use copy::CopyLink;
pub use save::Save;

#[derive(PartialEq, Properties)]
pub struct Props {
    /// All that the page knows.
    pub state: UseReducerHandle<State>,
}

/// What there is to share of one experiment and of what came of it.
#[component]
pub fn ShareCard(Props { state }: &Props) -> Html {
    let report = state.report().filter(|_| !state.is_running());
    let experiment = state.settings.experiment().ok();
    let dispatch = state.dispatcher();
    let address = page::address();
    let look = state.look.to_link();
    html! {
        <section class="card share" id="share" aria-labelledby="share-title">
            <h2 id="share-title">{ "Share" }</h2>
            if let Some(report) = report {
                <NameField name={state.reports.name.clone()} dispatch={dispatch.clone()} />
                <details class="told">
                    <summary>{ "What the link tells" }</summary>
                    <ul>{ for text::told(&report).into_iter().map(|line| html! { <li>{ line }</li> }) }</ul>
                </details>
                <CopyLink id="results-link" label="Copy the link to these results"
                    link={within(format!("{address}{}{look}", link::of_reports(std::slice::from_ref(&report))))} />
                <Save reports={vec![report.clone()]} chart=".answer .plot > svg" dispatch={dispatch.clone()} />
                <p><button id="compare-own" class="quiet framed" type="button" onclick={compare(report, dispatch)}>
                    { "Compare with other machines" }
                </button></p>
            } else {
                <p class="hint-line">{ "After a run, a link carries its results to anybody, and a file keeps them." }</p>
            }
            if let Some(experiment) = experiment {
                <CopyLink id="experiment-link" label="Copy the link to this experiment"
                    link={within(format!("{address}{}{look}", link::of_experiment(&experiment)))} />
                <p><a id="embed-this" class="button" href={Route::Embed.href()}>{ "Put it into a page of yours" }</a></p>
            }
            if state.is_kept() {
                <p id="kept" class="hint-line">{ "This run is kept in the " }<a href={Route::History.href()}>{ "history" }</a>{ " of this browser." }</p>
            }
            <p id="not-kept" class="refusal" role="alert">{ state.reports.not_kept.clone().unwrap_or_default() }</p>
            <p class="refusal" role="alert">{ state.reports.refusal.clone().unwrap_or_default() }</p>
        </section>
    }
}

/// A link that is read again: too many addresses of one's own make it longer than that.
fn within(link: String) -> Option<AttrValue> {
    (link.len() <= LONGEST).then(|| AttrValue::from(link))
}

fn compare(report: Report, dispatch: Dispatch) -> Callback<MouseEvent> {
    Callback::from(move |_| {
        dispatch.dispatch(Action::Reports(ReportsAction::Add(Box::new(report.clone()))));
        page::go("#compare");
    })
}

#[derive(PartialEq, Properties)]
struct NameProps {
    name: String,
    dispatch: Dispatch,
}

/// What the visitor calls this machine.
#[component]
fn NameField(NameProps { name, dispatch }: &NameProps) -> Html {
    let dispatch = dispatch.clone();
    let oninput = move |event: InputEvent| {
        dispatch.dispatch(Action::Reports(ReportsAction::Name(page::value_of(&event))));
    };
    html! {
        <div class="field">
            <label for="machine-name">{ "Name of this machine" }</label>
            <input id="machine-name" type="text" maxlength={LONGEST_NAME.to_string()} value={name.clone()}
                autocomplete="off" aria-describedby="why-machine-name" {oninput} />
            <p id="why-machine-name">{ "Others see it in the link. Leave it empty to tell only cores and browser." }</p>
        </div>
    }
}
