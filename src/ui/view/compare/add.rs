//! Where reports come from: pasted links, and files that are chosen or dropped.

use yew::prelude::*;

use crate::browser::page;
use crate::ui::{reports::ReportsAction, state::Action, view::Dispatch};

#[derive(PartialEq, Properties)]
pub struct Props {
    /// Why the last one was not taken.
    pub refusal: Option<String>,
    /// Takes them.
    pub dispatch: Dispatch,
}

/// A field for links, and a place for files.
#[component]
pub fn AddReports(Props { refusal, dispatch }: &Props) -> Html {
    let pasted = use_state(String::new);
    let oninput = {
        let pasted = pasted.clone();
        move |event: InputEvent| pasted.set(page::value_of(&event))
    };
    let onclick = {
        let (pasted, dispatch) = (pasted.clone(), dispatch.clone());
        move |_: MouseEvent| {
            dispatch.dispatch(Action::Reports(ReportsAction::Import((*pasted).clone())));
            pasted.set(String::new());
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
            <h2 id="add-title">{ "Add reports" }</h2>
            <div class="field">
                <label for="add-links">{ "Links, one or many" }</label>
                <textarea id="add-links" rows="3" spellcheck="false" value={(*pasted).clone()} {oninput} />
            </div>
            <div class="row">
                <button id="add-button" class="quiet framed" type="button" {onclick}>{ "Add" }</button>
                <label class="button">
                    { "Choose a JSON file" }
                    <input id="add-file" class="unseen" type="file" accept=".json,application/json" {onchange} />
                </label>
                <span>{ "or drop one here. " }<a href="#history">{ "The history" }</a>{ " has this browser’s own." }</span>
            </div>
            <p id="add-refusal" class="refusal" role="alert">{ refusal.clone().unwrap_or_default() }</p>
        </section>
    }
}
