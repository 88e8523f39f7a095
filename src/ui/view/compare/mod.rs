//! Reports side by side: those of a link, of files, of the history, and the page's own.

mod differences;
mod overlay;

use std::rc::Rc;

use yew::prelude::*;

use crate::browser::page;
use crate::report::{
    Report,
    compare::{cautions, models_of},
    gather,
    link::{self, MOST_REPORTS},
};
use crate::ui::{
    reports::ReportsAction,
    route::Route,
    settings::Settings,
    state::{Action, State},
    text,
};
use crate::verdict::Verdict;

use super::chart::Chart;
use super::controls::{Dispatch, ViewProps};
use super::history::{Whose, keep_all, read_any_kept};
use super::parts::{ProgressLine, VerdictLine, Warnings, once};
use super::share::{CopyLink, Save};
use super::tables::FiguresCard;
use differences::Differences;
use overlay::Overlay;

mod words {
    pub const ONE: &str = "A recorded report";
    pub const SEVERAL: &str = "Compare reports";
    pub const RUN: &str = "Run this on my machine";
    pub const STOP: &str = "Stop";
    pub const ADD_OWN: &str = "Add my last run";
    pub const SHARE: &str = "Share";
    pub const COPY_ONE: &str = "Copy the link to this report";
    pub const COPY_SEVERAL: &str = "Copy the link to this comparison";
    pub const KEEP: &str = "Keep in the history";
    pub const ANSWER: &str = "Answer and chart";
    pub const CONTENT: &str = "What the report contains";
    pub const CAVEATS: &str = "Caveats";

    pub const ADD_REPORTS: &str = "Add reports";
    pub const LINKS: &str = "Links, one or many";
    pub const ADD: &str = "Add";
    pub const CHOOSE_FILE: &str = "Choose a JSON file";
    pub const OR_DROP: &str = "or drop one here. ";
    pub const THE_HISTORY: &str = "The history";
    pub const HAS_OWN: &str = " has this browser’s own.";

    pub fn too_many(most: usize) -> String {
        format!("A link carries {most} reports at most: save them as JSON, or remove some.")
    }
}

/// Reports side by side.
#[component]
pub fn Compare(ViewProps { state, controls }: &ViewProps) -> Html {
    let reports = state.compared();
    let dispatch = state.dispatcher();
    // Which of them are this browser's own, what it keeps tells.
    use_effect_with((), {
        let dispatch = dispatch.clone();
        move |()| read_any_kept(dispatch)
    });
    let baseline = state.reports.baseline.min(reports.len().saturating_sub(1));
    let is_busy = state.is_busy();
    let run = state.reports.experiment().filter(|_| !reports.is_empty()).map(|experiment| {
        let (experiment, dispatch, controls) = (experiment.clone(), dispatch.clone(), controls.clone());
        let running = state.is_running();
        let onclick = once(move || {
            if running {
                return controls.stop.emit(());
            }
            dispatch.dispatch(Action::Adopt(experiment.clone()));
            match Settings::of(&experiment).experiment() {
                Ok(experiment) => {
                    dispatch.dispatch(Action::Reports(ReportsAction::WithOwn(true)));
                    controls.run_this.emit(experiment);
                }
                // Addresses that somebody else chose are asked only when the visitor agrees, in the form.
                Err(refusal) => {
                    dispatch.dispatch(Action::Refused(refusal.to_string()));
                    page::go(&Route::Experiment.href());
                }
            }
        });
        let ready = running || state.machine.is_some() && !is_busy;
        html! {
            <button id="run" class="primary" type="button" disabled={!ready} data-state={if running { "running" } else { "idle" }} {onclick}>
                <span>{ if running { words::STOP } else { words::RUN } }</span>
            </button>
        }
    });
    let with_own = state.reports.with_own && reports.len() > state.reports.shown.len();
    let own: Vec<bool> = reports.iter().map(|report| state.is_own(report)).collect();
    let titles = text::titles(&reports, &own);
    let model = state.reports.model(&models_of(&reports)).filter(|_| reports.len() > 1);
    html! {
        <div class="compare" id="compare" data-reports={reports.len().to_string()}>
            <AddReports refusal={state.reports.refusal.clone()} dispatch={dispatch.clone()} />
            <section class="card recorded" aria-labelledby="compare-title">
                <h2 id="compare-title">{ if reports.len() == 1 { words::ONE } else { words::SEVERAL } }</h2>
                <p class="recorded-line">{ text::recorded(&state.reports.shown, &own, with_own) }</p>
                { run.unwrap_or_default() }
                if with_own || state.is_running() {
                    <ProgressLine doing={text::doing(state)} left={state.progress.as_ref().map(text::left)} part={text::run_part(state)} />
                }
                if reports.is_empty() && state.report().is_some() {
                    <button id="with-own" class="quiet framed" type="button" onclick={add_own(&dispatch)}>{ words::ADD_OWN }</button>
                }
            </section>
            { match reports.as_slice() {
                [] => html! {},
                [report] => one(report, state),
                _ => html! {
                    <>
                        <Overlay reports={reports.clone()} titles={titles.clone()} {baseline} model={state.reports.chosen} reading={state.reports.reading}
                            dispatch={dispatch.clone()} />
                        <Differences reports={reports.clone()} {titles} {baseline} dispatch={dispatch.clone()} />
                        { cautions_of(&reports) }
                    </>
                },
            } }
            if !reports.is_empty() {
                <section class="card share" aria-labelledby="share-title">
                    <h2 id="share-title">{ words::SHARE }</h2>
                    if reports.len() > MOST_REPORTS {
                        <p class="hint-line">{ words::too_many(MOST_REPORTS) }</p>
                    } else {
                        <CopyLink id="comparison-link" label={if reports.len() == 1 { words::COPY_ONE } else { words::COPY_SEVERAL }}
                            link={Some(AttrValue::from(format!("{}{}{}", page::address(), link::of_reports(&reports), state.look.to_link())))} />
                    }
                    <Save reports={reports.clone()} chart=".compare .plot > svg" {model} dispatch={dispatch.clone()} />
                    if !state.reports.shown.is_empty() {
                        <p><button id="keep" class="quiet framed" type="button" onclick={keep(state)}>{ words::KEEP }</button></p>
                    }
                </section>
            }
        </div>
    }
}

/// Keeps the reports that came from elsewhere; the page's own was kept when it was finished.
fn keep(state: &UseReducerHandle<State>) -> Callback<MouseEvent> {
    let (dispatch, shown) = (state.dispatcher(), state.reports.shown.clone());
    Callback::from(move |_| {
        keep_all(shown.to_vec(), Whose::Others, dispatch.clone());
        page::go(&Route::History.href());
    })
}

fn add_own(dispatch: &Dispatch) -> Callback<MouseEvent> {
    let dispatch = dispatch.clone();
    Callback::from(move |_| dispatch.dispatch(Action::Reports(ReportsAction::WithOwn(true))))
}

/// One report, as its experiment's view showed it.
fn one(report: &Report, state: &UseReducerHandle<State>) -> Html {
    let summary = Rc::new(report.summary());
    let verdict = Verdict::of(&summary);
    let words = text::recorded_verdict(verdict.as_ref(), state.is_own(report));
    let answers_agree = report.points.iter().all(|known| known.wrong_answers == 0);
    html! {
        <>
            <section class="card answer" aria-label={words::ANSWER}>
                <VerdictLine text={words} certain={verdict.is_some()} />
                <Chart summary={summary.clone()} reported_cores={report.machine.reported_cores}
                    measured_cores={report.measured_cores} look={state.look} in_progress={None} hidden={state.hidden.clone()}
                    selected={state.selected} dispatch={state.dispatcher()} />
            </section>
            <section class="card" aria-labelledby="told-title">
                <h2 id="told-title">{ words::CONTENT }</h2>
                <ul class="told-list">{ for text::sentences(report).into_iter().map(|line| html! { <li>{ line }</li> }) }</ul>
            </section>
            <FiguresCard {summary} experiment={Some(report.experiment.clone())} answers_agree={Some(answers_agree)} has_splits=false />
            <Warnings warnings={report.warnings()} />
        </>
    }
}

fn cautions_of(reports: &[Report]) -> Html {
    let cautions = cautions(reports);
    if cautions.is_empty() {
        return html! {};
    }
    html! {
        <section class="card warnings" id="cautions" aria-labelledby="cautions-title">
            <h2 id="cautions-title">{ words::CAVEATS }</h2>
            <ul>{ for cautions.iter().map(|caution| html! { <li>{ caution.to_string() }</li> }) }</ul>
        </section>
    }
}

#[derive(PartialEq, Properties)]
struct AddProps {
    /// Why the last one was not taken.
    refusal: Option<String>,
    /// Takes them.
    dispatch: Dispatch,
}

/// Where reports come from: a field for links, and a place for files that are chosen or dropped.
#[component]
fn AddReports(AddProps { refusal, dispatch }: &AddProps) -> Html {
    let pasted = use_state(String::new);
    let oninput = {
        let pasted = pasted.clone();
        move |event: InputEvent| pasted.set(page::value_of(&event))
    };
    let onclick = {
        let (pasted, dispatch) = (pasted.clone(), dispatch.clone());
        move |_: MouseEvent| {
            // What was not taken stays, for the visitor to mend.
            let is_taken = gather(&pasted).is_ok_and(|imported| imported.refused.is_empty());
            dispatch.dispatch(Action::Reports(ReportsAction::Import((*pasted).clone())));
            if is_taken {
                pasted.set(String::new());
            }
        }
    };
    let take = {
        let dispatch = dispatch.clone();
        move |event: &Event| {
            let Some(file) = page::file_of(event) else { return };
            let dispatch = dispatch.clone();
            yew::platform::spawn_local(async move {
                dispatch.dispatch(Action::Reports(match page::text_of(&file).await {
                    Ok(text) => ReportsAction::Import(text),
                    Err(why) => ReportsAction::Refused(why),
                }));
            });
        }
    };
    let onchange = {
        let take = take.clone();
        move |event: Event| take(&event)
    };
    let ondrop = move |event: DragEvent| {
        event.prevent_default();
        take(&event);
    };
    // A browser drops nothing where this is not prevented.
    let ondragover = |event: DragEvent| event.prevent_default();
    html! {
        <section class="card add" id="add" aria-labelledby="add-title" {ondrop} {ondragover}>
            <h2 id="add-title">{ words::ADD_REPORTS }</h2>
            <div class="field">
                <label for="add-links">{ words::LINKS }</label>
                <textarea id="add-links" rows="1" spellcheck="false" value={(*pasted).clone()} {oninput} />
            </div>
            <div class="row">
                <button id="add-button" class="quiet framed" type="button" {onclick}>{ words::ADD }</button>
                <label class="button">
                    { words::CHOOSE_FILE }
                    <input id="add-file" class="unseen" type="file" accept=".json,application/json" {onchange} />
                </label>
                <span>{ words::OR_DROP }<a href={Route::History.href()}>{ words::THE_HISTORY }</a>{ words::HAS_OWN }</span>
            </div>
            <p id="add-refusal" class="refusal" role="alert">{ refusal.clone().unwrap_or_default() }</p>
        </section>
    }
}
