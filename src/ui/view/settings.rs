//! The settings, closed until one wants them.

use yew::prelude::*;

use crate::browser::page;
use crate::experiment::{Kind, Place, SETTINGS, Setting};
use crate::ui::{settings::Settings, state::Action, text};

use super::controls::Dispatch;
use super::paint::swatch;

#[derive(PartialEq, Properties)]
pub struct Props {
    /// What the form holds.
    pub settings: Settings,
    /// While an experiment runs, its settings stay.
    pub running: bool,
    /// Takes the changes.
    pub dispatch: Dispatch,
}

/// The form of the settings.
#[component]
pub fn SettingsForm(props: &Props) -> Html {
    // What is folded up costs a slow phone time to draw: it comes when it is opened.
    let was_opened = use_state_eq(|| false);
    let ontoggle = {
        let was_opened = was_opened.setter();
        move |_: Event| was_opened.set(true)
    };
    let rows = |place: Place| -> Html {
        let asked = SETTINGS.iter().filter(|setting| setting.place == place);
        let shown = asked.filter(|setting| setting.applies.to(&props.settings.draft));
        shown.map(|setting| field(setting, &props.settings, &props.dispatch)).collect()
    };
    html! {
        <details class="settings" {ontoggle}>
            <summary>{ "Settings" }</summary>
            if *was_opened {
                <fieldset disabled={props.running}>
                    <legend class="unseen">{ "Settings of the experiment" }</legend>
                    { rows(Place::Work) }
                    { rows(Place::Run) }
                    <details class="more">
                        <summary>{ "More" }</summary>
                        <div class="fields">{ rows(Place::More) }</div>
                    </details>
                </fieldset>
            }
        </details>
    }
}

/// One field: its label, what it holds, what is wrong with that, and why one would touch it.
fn field(setting: &'static Setting, settings: &Settings, dispatch: &Dispatch) -> Html {
    let id = setting.id;
    let (field_id, why_id, wrong_id) = (format!("set-{id}"), format!("why-{id}"), format!("wrong-{id}"));
    let refusal = settings.refusals.iter().find(|refusal| refusal.setting == id);
    let described_by = match refusal {
        Some(_) => format!("{wrong_id} {why_id}"),
        None => why_id.clone(),
    };
    let rest = html! {
        <>
            if let Some(refusal) = refusal {
                <p id={wrong_id} class="refusal">{ &refusal.why }</p>
            }
            <p id={why_id}>{ setting.help }</p>
        </>
    };
    if let Kind::Models = setting.kind {
        return html! {
            <div class="field" role="group" aria-labelledby="models-label" aria-describedby={described_by}>
                <span class="label" id="models-label">{ setting.label }</span>
                <div class="choices">{ models(settings, dispatch) }</div>
                { rest }
            </div>
        };
    }
    let value = settings.value(id).to_owned();
    let dispatch = dispatch.clone();
    let change = Callback::from(move |event: Event| {
        dispatch.dispatch(Action::Set(id, page::value_of(&event)));
    });
    let oninput = change.reform(|event: InputEvent| event.into());
    let invalid = refusal.map(|_| "true");
    let input = match setting.kind {
        Kind::Choice { .. } => {
            let options = setting.choices(&settings.draft).into_iter().map(|choice| {
                html! { <option value={choice.id} selected={choice.id == value}>{ choice.name }</option> }
            });
            html! {
                <select id={field_id.clone()} onchange={change} aria-describedby={described_by}
                    aria-invalid={invalid}>{ for options }</select>
            }
        }
        Kind::Addresses | Kind::Script => html! {
            <textarea id={field_id.clone()} rows={if let Kind::Script = setting.kind { "12" } else { "4" }} {value} {oninput} aria-describedby={described_by}
                aria-invalid={invalid} autocomplete="off" spellcheck="false" />
        },
        _ => {
            let inputmode = if let Kind::LaneCounts = setting.kind { "text" } else { "decimal" };
            html! {
                <input id={field_id.clone()} {inputmode} {value} {oninput} aria-describedby={described_by}
                    aria-invalid={invalid} autocomplete="off" spellcheck="false" />
            }
        }
    };
    html! {
        <div class="field" key={id}>
            <label for={field_id}>{ setting.label_with_unit() }</label>
            { input }
            { rest }
            if id == "workload" {
                { description(settings) }
            }
            if id == "size" {
                { for text::size_in_python(&settings.draft).map(|words| html! { <p id="size-in-python">{ words }</p> }) }
            }
        </div>
    }
}

/// What the workload computes, and what it stands for in Python.
fn description(settings: &Settings) -> Html {
    let description = settings.draft.workload.description();
    html! { <p class="description">{ description.what }<code>{ description.python }</code></p> }
}

/// The models to compare.
fn models(settings: &Settings, dispatch: &Dispatch) -> Html {
    let experiment = &settings.draft;
    let boxes = experiment.workload.models().iter().map(|&model| {
        let dispatch = dispatch.clone();
        let onchange = move |_: Event| dispatch.dispatch(Action::ToggleModel(model));
        html! {
            <label class="choice">
                <input type="checkbox" name="model" value={model.name()}
                    checked={experiment.models.contains(&model)} {onchange} />
                { swatch(model) }
                { model.name() }
            </label>
        }
    });
    boxes.collect()
}
