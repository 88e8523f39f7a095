//! The view that makes a snippet: choose, see it as others will, copy it.

use yew::prelude::*;

use crate::browser::page::{self, clipboard, embed};
use crate::chart::Metric;
use crate::ui::{
    embed::EmbedAction,
    embed::snippet::{Choices, Snippet, Target},
    state::{Action, Phase, State},
    text,
};

use super::super::controls::{Dispatch, ViewProps};

/// What a list offers: ids and names.
type Offer = (&'static str, &'static str);

const THEMES: [Offer; 3] = [("", "As the page around it"), ("light", "Light"), ("dark", "Dark")];
const RUNS: [Offer; 2] = [("click", "When the reader asks"), ("visible", "As soon as it is seen")];
const SHOWS: [Offer; 2] = [("nothing", "Nothing"), ("report", "My last result, marked as recorded")];

/// The view that makes a snippet.
#[component]
pub fn EmbedBuilder(ViewProps { state, .. }: &ViewProps) -> Html {
    let Some(experiment) = state.shown() else {
        return html! {
            <section class="card embed">
                <h2>{ "Embed" }</h2>
                <p>{ "The settings make no experiment, so there is nothing to embed. " }<a href="#">{ "Set one up first." }</a></p>
            </section>
        };
    };
    let choices = &state.embed.choices;
    let report = state.link().filter(|_| choices.shows_report && has_report(state));
    let sentence = text::experiment(&experiment);
    let page = embed::folder();
    let snippet = Snippet {
        page: &page,
        experiment: &experiment,
        report: report.as_deref(),
        sentence: &sentence,
        choices,
    };
    let (text, address) = (snippet.text(), snippet.address());
    html! {
        <div class="embed">
            <section class="card" aria-labelledby="embed-title">
                <h2 id="embed-title">{ "Put this experiment into a page of yours" }</h2>
                <p>{ &sentence }{ " " }<a href="#">{ "Change it" }</a></p>
                <div class="fields">{ fields(state) }</div>
                { snippet_card(state, text) }
            </section>
            <section class="card" aria-labelledby="preview-title">
                <h2 id="preview-title">{ "As your readers see it" }</h2>
                <iframe id="preview" key={address.clone()} src={address} title={sentence.clone()}
                    loading="lazy" allow="cross-origin-isolated"></iframe>
                <p class="note">{ "Less than 30 KB are loaded until a reader asks: a sentence, a button, and the recorded result if there is one. Threads run in frames of Chromium from version 137 on; other browsers run all else in the frame, and the threads in a tab of their own." }</p>
            </section>
        </div>
    }
}

/// What can be chosen.
fn fields(state: &UseReducerHandle<State>) -> Html {
    let choices = &state.embed.choices;
    let dispatch = state.dispatcher();
    let metrics = Metric::ALL.iter().copied().map(|metric| (metric.id(), metric.name()));
    let targets = Target::ALL.iter().copied().map(|target| (target.id(), target.name()));
    html! {
        <>
            { list("target", "Where it goes", &targets, choices.target.id(), &dispatch, choices, |choices, id| {
                choices.target = Target::ALL.iter().copied().find(|target| target.id() == id).unwrap_or_default();
            }) }
            { list("theme", "Theme", &THEMES, choices.theme, &dispatch, choices, |choices, id| {
                choices.theme = THEMES.iter().find(|(theme, _)| *theme == id).map_or("", |(theme, _)| theme);
            }) }
            { list("view", "Chart", &metrics, choices.metric.id(), &dispatch, choices, |choices, id| {
                choices.metric = Metric::of_id(id).unwrap_or_default();
            }) }
            { list("when", "It runs", &RUNS, RUNS[usize::from(choices.runs_when_seen)].0, &dispatch, choices, |choices, id| {
                choices.runs_when_seen = id == RUNS[1].0;
            }) }
            if has_report(state) {
                { list("until", "Until then it shows", &SHOWS, SHOWS[usize::from(choices.shows_report)].0, &dispatch, choices, |choices, id| {
                    choices.shows_report = id == SHOWS[1].0;
                }) }
            }
        </>
    }
}

fn list(
    name: &'static str,
    label: &'static str,
    offers: &[Offer],
    chosen: &str,
    dispatch: &Dispatch,
    choices: &Choices,
    change: impl Fn(&mut Choices, &str) + 'static,
) -> Html {
    let (dispatch, choices) = (dispatch.clone(), choices.clone());
    let onchange = move |event: Event| {
        let mut choices = choices.clone();
        change(&mut choices, &page::value_of(&event));
        dispatch.dispatch(Action::Embed(EmbedAction::Choose(choices)));
    };
    let option = |&(id, name): &Offer| html! { <option value={id} selected={id == chosen}>{ name }</option> };
    let id = format!("embed-{name}");
    html! {
        <div class="field">
            <label for={id.clone()}>{ label }</label>
            <select {id} {onchange}>{ for offers.iter().map(option) }</select>
        </div>
    }
}

/// What is pasted, and a button that copies it.
fn snippet_card(state: &UseReducerHandle<State>, text: String) -> Html {
    let onclick = {
        let (text, dispatch) = (text.clone(), state.dispatcher());
        move |_: MouseEvent| {
            let (text, dispatch) = (text.clone(), dispatch.clone());
            yew::platform::spawn_local(async move {
                let copied = clipboard::copy(&text).await;
                dispatch.dispatch(Action::Embed(EmbedAction::Copied(copied)));
            });
        }
    };
    html! {
        <>
            <div class="toolbar">
                <p class="note">{ state.embed.choices.target.hint() }</p>
                <span class="copied" role="status">{ state.embed.copied_text() }</span>
                <button class="quiet" id="copy-snippet" type="button" {onclick}>{ "Copy" }</button>
            </div>
            <pre id="snippet" tabindex="0" role="region" aria-label="Snippet"><code>{ text }</code></pre>
        </>
    }
}

/// Whether there is a report that can be shown.
fn has_report(state: &State) -> bool {
    matches!(state.phase, Phase::Over(_)) && state.verdict().is_some()
}
