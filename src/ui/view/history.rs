//! The reports that this browser keeps: finished runs are put there, and shown.

use std::rc::Rc;

use yew::prelude::*;

use crate::browser::{
    page::{self, storage},
    wire::clock,
};
use crate::report::{
    Report,
    link::{self, Link, of_reports},
    tidy_name,
};
use crate::ui::{
    reports::{KeptReport, ReportsAction},
    route::Route,
    state::{Action, State},
    text,
};

use super::controls::{Dispatch, ViewProps};
use super::share::Save;

mod words {
    pub const HISTORY: &str = "History";
    pub const WHERE_KEPT: &str = "Runs are kept in this browser, on this machine, and nowhere else. To import files or links, add them under ";
    pub const COMPARE: &str = "Compare";
    pub const AND_KEEP: &str = " and keep them there.";
    pub const READING: &str = "Reading what is kept …";
    pub const NOTHING_KEPT: &str = "Nothing is kept yet: run an experiment, and it appears here.";
    pub const UNREADABLE: &str = "This run was kept by another version of Lanes, and cannot be read here.";
    pub const NAME: &str = "Name";
    pub const OPEN: &str = "Open";
    pub const DELETE: &str = "Delete";
    pub const UNDO: &str = "Undo";

    pub fn deleted(name: &str) -> String {
        if name.is_empty() { "The run is deleted.".to_owned() } else { format!("“{name}” is deleted.") }
    }
}

/// The button that brings back what was deleted last.
const UNDO_ID: &str = "undo-delete";

/// Keeps each run once, when it is over, by itself or as it was stopped; what measured nothing is not kept, nor what
/// ran in a frame of another page, whose storage nobody looks at.
#[hook]
pub fn use_keeping(state: &UseReducerHandle<State>) {
    let state = state.clone();
    use_effect_with(state.is_over(), move |is_over| {
        let dispatch = state.dispatcher();
        let today = clock::today();
        dispatch.dispatch(Action::Reports(ReportsAction::Today(today)));
        let Some(mut report) = state.report().filter(|_| *is_over && !state.embed.is_frame) else {
            return;
        };
        report.day = Some(today);
        keep_all(vec![report], Whose::Own, dispatch);
    });
}

/// Whose machine a report was measured on.
#[derive(Clone, Copy)]
pub enum Whose {
    /// This one, in this browser.
    Own,
    /// One that is not known here.
    Others,
}

/// What a kept link ends in whose report was measured in this browser. The `&` ends what the link carries.
const OWN: &str = "&here";

/// The link by which a report is kept.
fn to_keep(report: Report, whose: Whose) -> String {
    let link = of_reports(&[report]);
    match whose {
        Whose::Own => link + OWN,
        Whose::Others => link,
    }
}

/// Keeps reports, each by itself, and then reads what is kept.
pub fn keep_all(reports: Vec<Report>, whose: Whose, dispatch: Dispatch) {
    yew::platform::spawn_local(async move {
        for report in reports {
            if let Err(why) = storage::keep(&to_keep(report, whose)).await {
                return dispatch.dispatch(Action::Reports(ReportsAction::NotKept(why)));
            }
        }
        read_kept(dispatch);
    });
}

/// Reads what is kept.
fn read_kept(dispatch: Dispatch) {
    yew::platform::spawn_local(async move {
        let action = match storage::all().await {
            Ok(links) => ReportsAction::Kept(Rc::new(links.into_iter().map(kept).collect())),
            Err(why) => ReportsAction::NotKept(why),
        };
        dispatch.dispatch(Action::Reports(action));
    });
}

/// The same, if anything was ever kept.
pub fn read_any_kept(dispatch: Dispatch) {
    yew::platform::spawn_local(async move {
        if storage::has_any().await {
            read_kept(dispatch);
        }
    });
}

fn kept((id, text): (u32, String)) -> KeptReport {
    let report = match link::decode(&text) {
        Ok(Link::Reports(reports)) => reports.into_iter().next(),
        Ok(Link::Experiment(_)) | Err(_) => None,
    };
    KeptReport { id, is_own: text.ends_with(OWN), link: text, report }
}

/// The reports that this browser keeps.
#[component]
pub fn History(ViewProps { state, .. }: &ViewProps) -> Html {
    let dispatch = state.dispatcher();
    use_effect_with((), {
        let dispatch = dispatch.clone();
        move |()| read_kept(dispatch)
    });
    // It is gone for good with the visitor's next action, and when the view is left.
    let deleted = use_state(|| None::<KeptReport>);
    // The button that was pressed has gone with its row: the focus goes on to the one that takes it back.
    use_effect_with(deleted.as_ref().map(|deleted| deleted.id), |deleted| {
        if deleted.is_some() {
            page::focus(UNDO_ID);
        }
    });
    let list = List { dispatch: dispatch.clone(), deleted: deleted.setter() };
    let reports = &state.reports;
    let kept = reports.kept.as_ref().map(|kept| kept.as_slice());
    let all: Vec<Report> = kept.into_iter().flatten().filter_map(|kept| kept.report.clone()).collect();
    html! {
        <div class="history" id="history" data-kept={kept.map(|kept| kept.len().to_string())}>
            <section class="card" aria-labelledby="history-title">
                <h2 id="history-title">{ words::HISTORY }</h2>
                <p>{ words::WHERE_KEPT }<a href={Route::Compare.href()}>{ words::COMPARE }</a>{ words::AND_KEEP }</p>
                <p id="not-kept" class="refusal" role="alert">{ reports.not_kept.clone().or(reports.refusal.clone()).unwrap_or_default() }</p>
                <p class="row" role="status">{ for deleted.iter().map(|deleted| list.undo(deleted)) }</p>
                { match kept {
                    None => html! { <p class="hint-line">{ words::READING }</p> },
                    Some([]) => html! { <p class="hint-line">{ words::NOTHING_KEPT }</p> },
                    Some(kept) => html! { <ul class="kept">{ for kept.iter().map(|kept| list.row(kept)) }</ul> },
                } }
                if !all.is_empty() {
                    <Save reports={all} dispatch={dispatch.clone()} />
                }
            </section>
        </div>
    }
}

/// What the list's buttons act on.
#[derive(Clone)]
struct List {
    dispatch: Dispatch,
    /// Remembers what was deleted last.
    deleted: UseStateSetter<Option<KeptReport>>,
}

impl List {
    fn row(&self, kept: &KeptReport) -> Html {
        let id = kept.id;
        let delete = {
            let (list, kept) = (self.clone(), kept.clone());
            move |_: MouseEvent| list.change(storage::forget(kept.id), Some(kept.clone()))
        };
        let delete = html! { <button class="quiet" type="button" data-do="delete" onclick={delete}>{ words::DELETE }</button> };
        let Some(report) = &kept.report else {
            return html! { <li key={id} data-kept={id.to_string()}><p>{ words::UNREADABLE }</p><p class="row">{ delete }</p></li> };
        };
        let rename = {
            let (list, report) = (self.clone(), report.clone());
            let whose = if kept.is_own { Whose::Own } else { Whose::Others };
            move |event: Event| {
                let name = tidy_name(&page::value_of(&event));
                let link = to_keep(Report { name, ..report.clone() }, whose);
                list.change(storage::replace(id, link), None);
            }
        };
        let compare = {
            let (report, dispatch) = (report.clone(), self.dispatch.clone());
            move |_: MouseEvent| {
                dispatch.dispatch(Action::Reports(ReportsAction::Add(Box::new(report.clone()))));
                page::go(&Route::Compare.href());
            }
        };
        html! {
            <li key={id} data-kept={id.to_string()} data-name={report.name.clone()}>
                <p><strong>{ text::experiment_name(&report.experiment) }</strong>{ text::kept(report, kept.is_own) }</p>
                <p class="row">
                    <label class="unseen" for={format!("name-{id}")}>{ words::NAME }</label>
                    <input id={format!("name-{id}")} type="text" placeholder={words::NAME} value={report.name.clone()} onchange={rename} />
                    <a class="button" href={of_reports(std::slice::from_ref(report))} data-do="open">{ words::OPEN }</a>
                    <button class="quiet framed" type="button" data-do="compare" onclick={compare}>{ words::COMPARE }</button>
                    { delete }
                </p>
            </li>
        }
    }

    /// Says what was deleted, with a button that brings it back under its number.
    fn undo(&self, deleted: &KeptReport) -> Html {
        let name = deleted.report.as_ref().map_or("", |report| &report.name);
        let onclick = {
            let (list, deleted) = (self.clone(), deleted.clone());
            move |_: MouseEvent| list.change(storage::replace(deleted.id, deleted.link.clone()), None)
        };
        html! {
            <>
                <span>{ words::deleted(name) }</span>
                <button id={UNDO_ID} class="quiet framed" type="button" {onclick}>{ words::UNDO }</button>
            </>
        }
    }

    /// Makes a change, and shows what is kept then, or why nothing has changed.
    fn change(
        &self,
        change: impl Future<Output = Result<(), String>> + 'static,
        deletes: Option<KeptReport>,
    ) {
        let List { dispatch, deleted } = self.clone();
        yew::platform::spawn_local(async move {
            match change.await {
                Ok(()) => {
                    deleted.set(deletes);
                    read_kept(dispatch);
                }
                Err(why) => dispatch.dispatch(Action::Reports(ReportsAction::NotKept(why))),
            }
        });
    }
}
