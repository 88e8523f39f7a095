//! The settings, closed until one wants them.

use yew::prelude::*;

use crate::browser::page;
use crate::experiment::Model;
use crate::ui::settings::{Field, Settings};
use crate::ui::state::Action;

use super::Dispatch;
use super::marker::Swatch;

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
    let row = |field| {
        html! { <FieldRow {field} settings={props.settings.clone()} dispatch={props.dispatch.clone()} /> }
    };
    html! {
        <details class="settings">
            <summary>{ "Settings" }</summary>
            <fieldset disabled={props.running}>
                <legend class="unseen">{ "Settings of the experiment" }</legend>
                { row(Field::Workload) }
                { row(Field::Size) }
                <Models models={props.settings.models.clone()} dispatch={props.dispatch.clone()} />
                { for Field::ALL[2..].iter().map(|&field| row(field)) }
            </fieldset>
        </details>
    }
}

#[derive(PartialEq, Properties)]
struct FieldProps {
    field: Field,
    settings: Settings,
    dispatch: Dispatch,
}

/// One field: its label, what it holds, and why one would touch it.
#[component]
fn FieldRow(props: &FieldProps) -> Html {
    let field = props.field;
    let id = format!("set-{}", field.id());
    let why_id = format!("why-{}", field.id());
    let value = props.settings.value(field).to_owned();
    let choices = field.choices(&props.settings);
    let dispatch = props.dispatch.clone();
    let change = Callback::from(move |event: Event| {
        dispatch.dispatch(Action::Set(field, page::value_of(&event)));
    });
    let input = if choices.is_empty() {
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
        <div class="field">
            <label for={id}>{ field.label() }</label>
            { input }
            <p id={why_id}>{ field.why() }</p>
        </div>
    }
}

#[derive(PartialEq, Properties)]
struct ModelsProps {
    models: Vec<Model>,
    dispatch: Dispatch,
}

/// The models to compare.
#[component]
fn Models(props: &ModelsProps) -> Html {
    let boxes = Model::ALL.into_iter().map(|model| {
        let dispatch = props.dispatch.clone();
        let onchange = move |_: Event| dispatch.dispatch(Action::ToggleModel(model));
        html! {
            <label class="choice">
                <input type="checkbox" name="model" value={model.name()}
                    checked={props.models.contains(&model)} {onchange} />
                <Swatch {model} />
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
