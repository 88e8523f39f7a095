//! One experiment: the form that sets it up, the button that runs it, and the chart.

use yew::prelude::*;

use crate::browser::page;
use crate::ui::{
    settings::{Preset, Settings},
    state::Action,
    text,
};

use super::chart::chart_of;
use super::controls::{Controls, Dispatch, ViewProps};
use super::later::{Loaded, failure, use_rest_of_lab};
use super::parts::{ProgressLine, RunButton, VerdictLine};
use super::results::Place;
use super::settings::SettingsForm;

mod words {
    pub const EXPERIMENT: &str = "Experiment";
    pub const ANSWER: &str = "Answer and chart";
    pub const BEGIN_WITH: &str = "Begin with";
    pub const OWN_SETTINGS: &str = "Settings of your own";
    pub const WHY_OWN_SETTINGS: &str = "Your own settings, not a preset.";
    pub const CANNOT_RUN: &str = "These settings cannot run.";
    pub const FOREIGN_ADDRESSES: &str =
        "These addresses came with a link or a report. Their owner could see your visit.";
    pub const CONSENT: &str = "Yes, fetch them when I press Run";
}

/// The experiment's view.
#[component]
pub fn Lab(view: &ViewProps) -> Html {
    let ViewProps { state, controls } = view;
    let (rest, again) = use_rest_of_lab();
    let draw = |place| match rest {
        Loaded::Yes(draw) => draw(place, view),
        Loaded::Failed if place == Place::Results => failure(again.clone()),
        Loaded::Failed | Loaded::NotYet => html! {},
    };
    html! {
        <div class="lab">
            <div class="sidebar">
                <ExperimentCard
                    settings={state.settings.clone()}
                    running={state.is_running()}
                    ready={state.machine.is_some() && (state.is_running() || !state.is_busy())}
                    preset={Preset::of(&state.settings, state.cores()).map(|preset| preset.id)}
                    refusal={state.refusal.clone().map(AttrValue::from)}
                    controls={controls.clone()}
                    dispatch={state.dispatcher()}
                >
                    <ProgressLine
                        doing={text::doing(state)}
                        left={state.progress.as_ref().map(text::left)}
                        part={text::run_part(state)}
                    />
                </ExperimentCard>
                { draw(Place::Sidebar) }
            </div>
            <div class="results">
                <section class="card answer" aria-label={words::ANSWER}>
                    <VerdictLine text={text::verdict(state)} certain={state.verdict().is_some()} />
                    { chart_of(state) }
                    { draw(Place::Answer) }
                </section>
                { draw(Place::Results) }
            </div>
        </div>
    }
}

#[derive(PartialEq, Properties)]
struct CardProps {
    /// The form.
    settings: Settings,
    /// The preset that the form holds; `None` where its settings are the visitor's own.
    preset: Option<&'static str>,
    /// Whether an experiment runs.
    running: bool,
    /// Whether the machine is known, so that one can be run.
    ready: bool,
    /// Why the settings were refused.
    refusal: Option<AttrValue>,
    /// Starts and ends it.
    controls: Controls,
    /// Takes the form's changes.
    dispatch: Dispatch,
    /// The progress.
    children: Html,
}

/// The experiment in one sentence, the button, and the settings.
#[component]
fn ExperimentCard(props: &CardProps) -> Html {
    let sentence = match props.settings.described() {
        Ok(experiment) => text::experiment(&experiment),
        Err(_) => words::CANNOT_RUN.to_owned(),
    };
    let running = props.running;
    html! {
        <section class="card experiment" aria-labelledby="experiment-title">
            <h2 id="experiment-title">{ words::EXPERIMENT }</h2>
            { presets(props) }
            <p class="sentence">{ sentence }</p>
            if props.settings.needs_consent() {
                { consent(props) }
            }
            <RunButton {running} ready={props.ready} controls={props.controls.clone()} />
            <p id="error" class="refusal" role="alert">{ props.refusal.clone().unwrap_or_default() }</p>
            { props.children.clone() }
            <SettingsForm settings={props.settings.clone()} {running} dispatch={props.dispatch.clone()} />
        </section>
    }
}

/// Shows addresses that somebody else has written, and asks for a yes to fetching them.
fn consent(props: &CardProps) -> Html {
    let dispatch = props.dispatch.clone();
    let onclick = move |_: MouseEvent| dispatch.dispatch(Action::Consent);
    let addresses = props.settings.waiting.addresses.split_whitespace();
    html! {
        <div class="notice" id="consent">
            <p>{ words::FOREIGN_ADDRESSES }</p>
            <ul>{ for addresses.map(|address| html! { <li>{ address }</li> }) }</ul>
            <button type="button" class="quiet framed" {onclick}>{ words::CONSENT }</button>
        </div>
    }
}

/// The experiments to begin with, and what the chosen one shows.
fn presets(props: &CardProps) -> Html {
    let dispatch = props.dispatch.clone();
    let onchange = move |event: Event| {
        if let Some(preset) = Preset::from_id(&page::value_of(&event)) {
            dispatch.dispatch(Action::SetUp(preset));
        }
    };
    let option = |preset: &Preset| {
        html! { <option value={preset.id} selected={props.preset == Some(preset.id)}>{ preset.name }</option> }
    };
    let why = props.preset.and_then(Preset::from_id).map_or(words::WHY_OWN_SETTINGS, |preset| preset.why);
    html! {
        <div class="field">
            <label class="unseen" for="preset">{ words::BEGIN_WITH }</label>
            <select id="preset" disabled={props.running} aria-describedby="why-preset" {onchange}>
                { for Preset::ALL.iter().map(option) }
                if props.preset.is_none() {
                    <option value="" selected=true>{ words::OWN_SETTINGS }</option>
                }
            </select>
            <p id="why-preset">{ why }</p>
        </div>
    }
}
