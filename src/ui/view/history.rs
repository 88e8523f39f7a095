//! The reports that this browser keeps.

use yew::prelude::*;

use crate::browser::page::{self, storage};
use crate::report::{Report, link::of_reports, tidy_name};
use crate::ui::{
    reports::{Kept, ReportsAction},
    state::Action,
    text,
};

use super::keep::read_kept;
use super::share::Save;
use super::{Dispatch, ViewProps};

/// The reports that this browser keeps.
#[component]
pub fn History(ViewProps { state, .. }: &ViewProps) -> Html {
    let dispatch = state.dispatcher();
    use_effect_with((), {
        let dispatch = dispatch.clone();
        move |()| read_kept(dispatch)
    });
    let reports = &state.reports;
    let kept = reports.kept.as_ref().map(|kept| kept.as_slice());
    let all: Vec<Report> = kept.into_iter().flatten().filter_map(|kept| kept.report.clone()).collect();
    html! {
        <div class="history" id="history" data-kept={kept.map(|kept| kept.len().to_string())}>
            <section class="card" aria-labelledby="history-title">
                <h2 id="history-title">{ "History" }</h2>
                <p>{ "Finished runs are kept in this browser, on this machine, and nowhere else. To import files or links, add them under " }<a href="#compare">{ "Compare" }</a>{ " and keep them there." }</p>
                <p id="not-kept" class="refusal" role="alert">{ reports.not_kept.clone().or(reports.refusal.clone()).unwrap_or_default() }</p>
                { match kept {
                    None => html! { <p class="hint-line">{ "Reading what is kept …" }</p> },
                    Some([]) => html! { <p class="hint-line">{ "Nothing is kept yet: run an experiment, and it appears here." }</p> },
                    Some(kept) => html! { <ul class="kept">{ for kept.iter().map(|kept| row(kept, &dispatch)) }</ul> },
                } }
                if !all.is_empty() {
                    <Save reports={all} dispatch={dispatch.clone()} />
                }
            </section>
        </div>
    }
}

fn row(kept: &Kept, dispatch: &Dispatch) -> Html {
    let id = kept.id;
    let delete = {
        let dispatch = dispatch.clone();
        move |_: MouseEvent| {
            let dispatch = dispatch.clone();
            yew::platform::spawn_local(async move { again(storage::forget(id).await, dispatch) });
        }
    };
    let delete =
        html! { <button class="quiet" type="button" data-do="delete" onclick={delete}>{ "Delete" }</button> };
    let Some(report) = &kept.report else {
        return html! { <li key={id} data-kept={id.to_string()}><p>{ "This run was kept by another version of Lanes, and cannot be read here." }</p><p class="row">{ delete }</p></li> };
    };
    let rename = {
        let (report, dispatch) = (report.clone(), dispatch.clone());
        move |event: Event| {
            let name = tidy_name(&page::value_of(&event));
            let link = of_reports(&[Report { name, ..report.clone() }]);
            let dispatch = dispatch.clone();
            yew::platform::spawn_local(async move { again(storage::replace(id, &link).await, dispatch) });
        }
    };
    let compare = {
        let (report, dispatch) = (report.clone(), dispatch.clone());
        move |_: MouseEvent| {
            dispatch.dispatch(Action::Reports(ReportsAction::Add(Box::new(report.clone()))));
            page::go("#compare");
        }
    };
    html! {
        <li key={id} data-kept={id.to_string()} data-name={report.name.clone()}>
            <p><strong>{ text::experiment_name(&report.experiment) }</strong>{ text::kept(report) }</p>
            <p class="row">
                <label class="unseen" for={format!("name-{id}")}>{ "Name" }</label>
                <input id={format!("name-{id}")} type="text" placeholder="Name" value={report.name.clone()} onchange={rename} />
                <a class="button" href={of_reports(std::slice::from_ref(report))} data-do="open">{ "Open" }</a>
                <button class="quiet framed" type="button" data-do="compare" onclick={compare}>{ "Compare" }</button>
                { delete }
            </p>
        </li>
    }
}

/// Shows what is kept now, or why nothing has changed.
fn again(outcome: Result<(), String>, dispatch: Dispatch) {
    match outcome {
        Ok(()) => read_kept(dispatch),
        Err(why) => dispatch.dispatch(Action::Reports(ReportsAction::NotKept(why))),
    }
}
