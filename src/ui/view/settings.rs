//! The settings, closed until one wants them.

use yew::prelude::*;

use crate::browser::page;
use crate::ui::{
    settings::{Field, Settings},
    state::Action,
};

use super::controls::Dispatch;
use super::parts::swatch;

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
    let rows = |fields: &[Field]| -> Html {
        let shown = fields.iter().filter(|field| field.matters(&props.settings));
        shown.map(|&field| field_row(field, &props.settings, &props.dispatch)).collect()
    };
    html! {
        <details class="settings" {ontoggle}>
            <summary>{ "Settings" }</summary>
            if *was_opened {
                <fieldset disabled={props.running}>
                    <legend class="unseen">{ "Settings of the experiment" }</legend>
                    { rows(&Field::WORK) }
                    { models(&props.settings, &props.dispatch) }
                    { rows(&Field::RUN) }
                    <details class="more">
                        <summary>{ "More" }</summary>
                        <div class="fields">{ rows(&Field::MORE) }</div>
                    </details>
                </fieldset>
            }
        </details>
    }
}

/// One field: its label, what it holds, and why one would touch it.
fn field_row(field: Field, settings: &Settings, dispatch: &Dispatch) -> Html {
    let id = format!("set-{}", field.id());
    let why_id = format!("why-{}", field.id());
    let value = settings.value(field).to_owned();
    let choices = field.choices(settings);
    let dispatch = dispatch.clone();
    let change = Callback::from(move |event: Event| {
        dispatch.dispatch(Action::Set(field, page::value_of(&event)));
    });
    let input = if field == Field::Addresses {
        let oninput = change.reform(|event: InputEvent| event.into());
        html! {
            <textarea id={id.clone()} rows="4" {value} {oninput} aria-describedby={why_id.clone()}
                autocomplete="off" spellcheck="false" />
        }
    } else if choices.is_empty() {
        let inputmode = if field == Field::LaneCounts { "text" } else { "decimal" };
        let oninput = change.reform(|event: InputEvent| event.into());
        html! {
            <input id={id.clone()} {inputmode} {value} {oninput} aria-describedby={why_id.clone()}
                autocomplete="off" spellcheck="false" />
        }
    } else {
        let options = choices.into_iter().map(|(choice, name)| {
            html! { <option value={choice} selected={choice == value}>{ name }</option> }
        });
        html! {
            <select id={id.clone()} onchange={change} aria-describedby={why_id.clone()}>{ for options }</select>
        }
    };
    html! {
        <div class="field" key={field.id()}>
            <label for={id}>{ field.label() }</label>
            { input }
            <p id={why_id}>{ field.why() }</p>
            if field == Field::Workload {
                { description(settings) }
            }
        </div>
    }
}

/// What the workload computes, and what it stands for in Python.
fn description(settings: &Settings) -> Html {
    let description = settings.workload.description();
    html! { <p class="description">{ description.what }<code>{ description.python }</code></p> }
}

/// The models to compare.
fn models(settings: &Settings, dispatch: &Dispatch) -> Html {
    let boxes = settings.workload.models().iter().map(|&model| {
        let dispatch = dispatch.clone();
        let onchange = move |_: Event| dispatch.dispatch(Action::ToggleModel(model));
        html! {
            <label class="choice">
                <input type="checkbox" name="model" value={model.name()}
                    checked={settings.models.contains(&model)} {onchange} />
                { swatch(model) }
                { model.name() }
            </label>
        }
    });
    html! {
        <div class="field" role="group" aria-labelledby="models-label" aria-describedby="why-models">
            <span class="label" id="models-label">{ "Models" }</span>
            <div class="choices">{ for boxes }</div>
            <p id="why-models">{ "Leave some out to give the others more of the time." }</p>
        </div>
    }
}
