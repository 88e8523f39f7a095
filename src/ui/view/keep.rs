//! Keeps finished runs in the browser's storage.

use std::rc::Rc;

use yew::prelude::*;

use crate::browser::{clock, page::storage};
use crate::report::{
    Report,
    link::{self, Link, of_reports},
};
use crate::ui::{
    reports::{Kept, ReportsAction},
    state::{Action, State},
};

use super::Dispatch;

/// Keeps each run once, when it is finished; what was stopped or measured nothing is not kept, nor what
/// ran in a frame of another page, whose storage nobody looks at.
#[hook]
pub fn use_keeping(state: &UseReducerHandle<State>) {
    let state = state.clone();
    use_effect_with(state.is_finished(), move |is_finished| {
        let dispatch = state.dispatcher();
        let today = clock::today();
        dispatch.dispatch(Action::Reports(ReportsAction::Today(today)));
        let Some(mut report) = state.report().filter(|_| *is_finished && !state.embed.is_frame) else {
            return;
        };
        report.day = Some(today);
        keep_all(vec![report], dispatch);
    });
}

/// Keeps reports, each by itself, and tells what is kept then.
pub fn keep_all(reports: Vec<Report>, dispatch: Dispatch) {
    yew::platform::spawn_local(async move {
        for report in reports {
            if let Err(why) = storage::keep(&of_reports(&[report])).await {
                return dispatch.dispatch(Action::Reports(ReportsAction::NotKept(why)));
            }
        }
        read_kept(dispatch);
    });
}

/// Reads what is kept.
pub fn read_kept(dispatch: Dispatch) {
    yew::platform::spawn_local(async move {
        let action = match storage::all().await {
            Ok(links) => ReportsAction::Kept(Rc::new(links.into_iter().map(kept).collect())),
            Err(why) => ReportsAction::NotKept(why),
        };
        dispatch.dispatch(Action::Reports(action));
    });
}

fn kept((id, text): (u32, String)) -> Kept {
    let report = match link::decode(&text) {
        Ok(Link::Reports(reports)) => reports.into_iter().next(),
        Ok(Link::Experiment(_)) | Err(_) => None,
    };
    Kept { id, report }
}
