//! Reports side by side: those of a link, of files, of the history, and the page's own.

mod add;
mod differences;
mod overlay;

use std::rc::Rc;

use yew::prelude::*;

use crate::browser::page;
use crate::report::{
    Report,
    compare::{cautions, models_of},
    link::{self, MOST_REPORTS},
};
use crate::ui::{reports::ReportsAction, settings::Settings, state::Action, text};
use crate::verdict::Verdict;

use super::ViewProps;
use super::chart::Chart;
use super::keep::keep_all;
use super::progress::ProgressLine;
use super::share::{CopyLink, Save};
use super::table::Results;
use super::verdict::{VerdictLine, Warnings};
use add::AddReports;
use differences::Differences;
use overlay::Overlay;

/// Reports side by side.
#[component]
pub fn Compare(ViewProps { state, session }: &ViewProps) -> Html {
    let reports = state.compared();
    let dispatch = state.dispatcher();
    let baseline = state.reports.baseline.min(reports.len().saturating_sub(1));
    let is_busy = state.is_busy();
    let run = state.reports.experiment().filter(|_| !reports.is_empty()).map(|experiment| {
        let (experiment, dispatch, session) = (experiment.clone(), dispatch.clone(), session.clone());
        let running = state.is_running();
        let onclick = move |_: MouseEvent| {
            if running {
                return session.stop.emit(());
            }
            dispatch.dispatch(Action::Adopt(experiment.clone()));
            match Settings::of(&experiment).experiment() {
                Ok(experiment) => {
                    dispatch.dispatch(Action::Reports(ReportsAction::WithOwn(true)));
                    session.run_this.emit(experiment);
                }
                // Addresses that somebody else chose are asked only when the visitor agrees, in the form.
                Err(refusal) => {
                    dispatch.dispatch(Action::Refused(refusal.to_string()));
                    page::go("#");
                }
            }
        };
        let ready = running || state.machine.is_some() && !is_busy;
        html! {
            <button id="run" class="primary" type="button" disabled={!ready} data-state={if running { "running" } else { "idle" }} {onclick}>
                <span>{ if running { "Stop" } else { "Run this on my machine" } }</span>
            </button>
        }
    });
    let with_own = state.reports.with_own && reports.len() > state.reports.shown.len();
    let titles = text::titles(&reports, with_own);
    let model = state.reports.model(&models_of(&reports)).filter(|_| reports.len() > 1);
    html! {
        <div class="compare" id="compare" data-reports={reports.len().to_string()}>
            <section class="card recorded" aria-labelledby="compare-title">
                <h2 id="compare-title">{ if reports.len() == 1 { "A recorded report" } else { "Compare reports" } }</h2>
                <p class="recorded-line">{ text::recorded(&state.reports.shown, with_own) }</p>
                { run.unwrap_or_default() }
                if with_own || state.is_running() {
                    <ProgressLine doing={text::doing(state)} left={state.progress.as_ref().map(text::left)} part={text::run_part(state)} />
                }
                if reports.is_empty() && state.report().is_some() {
                    <button id="with-own" class="quiet framed" type="button" onclick={add_own(&dispatch)}>{ "Take the results of the last run" }</button>
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
                    <h2 id="share-title">{ "Share" }</h2>
                    if reports.len() > MOST_REPORTS {
                        <p class="hint-line">{ format!("A link carries {MOST_REPORTS} reports at most: save them as JSON, or take some out.") }</p>
                    } else {
                        <CopyLink id="comparison-link" label={if reports.len() == 1 { "Copy the link to this report" } else { "Copy the link to this comparison" }}
                            link={Some(AttrValue::from(format!("{}{}{}", page::address(), link::of_reports(&reports), state.look.to_link())))} />
                    }
                    <Save reports={reports.clone()} chart=".compare .plot > svg" {model} dispatch={dispatch.clone()} />
                    if !state.reports.shown.is_empty() {
                        <p><button id="keep" class="quiet framed" type="button" onclick={keep(state)}>{ "Keep in the history" }</button></p>
                    }
                </section>
            }
            <AddReports refusal={state.reports.refusal.clone()} {dispatch} />
        </div>
    }
}

/// Keeps the reports that came from elsewhere; the page's own was kept when it was finished.
fn keep(state: &UseReducerHandle<crate::ui::state::State>) -> Callback<MouseEvent> {
    let (dispatch, shown) = (state.dispatcher(), state.reports.shown.clone());
    Callback::from(move |_| {
        keep_all(shown.to_vec(), dispatch.clone());
        page::go("#history");
    })
}

fn add_own(dispatch: &super::Dispatch) -> Callback<MouseEvent> {
    let dispatch = dispatch.clone();
    Callback::from(move |_| dispatch.dispatch(Action::Reports(ReportsAction::WithOwn(true))))
}

/// One report, as its experiment's view showed it.
fn one(report: &Report, state: &UseReducerHandle<crate::ui::state::State>) -> Html {
    let summary = Rc::new(report.summary());
    let verdict = Verdict::of(&summary);
    let words = text::recorded_verdict(verdict.as_ref());
    let answers_agree = report.points.iter().all(|known| known.wrong_answers == 0);
    html! {
        <>
            <section class="card answer" aria-label="Answer and chart">
                <VerdictLine text={words} certain={verdict.is_some()} />
                <Chart summary={summary.clone()} reported_cores={report.machine.reported_cores}
                    measured_cores={report.measured_cores} look={state.look} in_progress={None} hidden={state.hidden.clone()}
                    selected={state.selected} dispatch={state.dispatcher()} />
            </section>
            <section class="card" aria-labelledby="told-title">
                <h2 id="told-title">{ "What the report tells" }</h2>
                <ul class="told-list">{ for text::told(report).into_iter().map(|line| html! { <li>{ line }</li> }) }</ul>
            </section>
            <Results {summary} experiment={Some(report.experiment.clone())} answers_agree={Some(answers_agree)} has_splits=false />
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
            <h2 id="cautions-title">{ "Before you trust the comparison" }</h2>
            <ul>{ for cautions.iter().map(|caution| html! { <li>{ caution.to_string() }</li> }) }</ul>
        </section>
    }
}
