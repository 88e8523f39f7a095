//! What will be run, and the button that runs it.

use yew::prelude::*;

use crate::browser::page;
use crate::ui::{
    settings::{Preset, Settings},
    state::Action,
    text,
};

use super::Dispatch;
use super::run::RunButton;
use super::session::Session;
use super::settings::SettingsForm;

#[derive(PartialEq, Properties)]
pub struct Props {
    /// The form.
    pub settings: Settings,
    /// The preset that the form holds; `None` where its settings are the visitor's own.
    pub preset: Option<&'static str>,
    /// Whether an experiment runs.
    pub running: bool,
    /// Whether the machine is known, so that one can be run.
    pub ready: bool,
    /// Why the settings were refused.
    pub refusal: Option<AttrValue>,
    /// Runs and stops it.
    pub session: Session,
    /// Takes the form's changes.
    pub dispatch: Dispatch,
    /// The progress.
    pub children: Html,
}

/// The experiment in one sentence, the button, and the settings.
#[component]
pub fn ExperimentCard(props: &Props) -> Html {
    let sentence = match props.settings.described() {
        Ok(experiment) => text::experiment(&experiment),
        Err(_) => "These settings make no experiment.".to_owned(),
    };
    let running = props.running;
    html! {
        <section class="card experiment" aria-labelledby="experiment-title">
            <h2 id="experiment-title">{ "Experiment" }</h2>
            { presets(props) }
            <p class="sentence">{ sentence }</p>
            if props.settings.needs_consent() {
                { consent(props) }
            }
            <RunButton {running} ready={props.ready} session={props.session.clone()} />
            <p id="error" class="refusal" role="alert">{ props.refusal.clone().unwrap_or_default() }</p>
            { props.children.clone() }
            <SettingsForm settings={props.settings.clone()} {running} dispatch={props.dispatch.clone()} />
        </section>
    }
}

/// Shows addresses that somebody else has written, and asks for a yes to fetching them.
fn consent(props: &Props) -> Html {
    let dispatch = props.dispatch.clone();
    let onclick = move |_: MouseEvent| dispatch.dispatch(Action::Consent);
    let addresses = props.settings.value("addresses").split_whitespace();
    html! {
        <div class="notice" id="consent">
            <p>{ "These addresses came with a link or a report. Whoever made it may learn from them that you were here." }</p>
            <ul>{ for addresses.map(|address| html! { <li>{ address }</li> }) }</ul>
            <button type="button" class="quiet framed" {onclick}>{ "Yes, fetch them when I press Run" }</button>
        </div>
    }
}

/// The experiments to begin with, and what the chosen one shows.
fn presets(props: &Props) -> Html {
    let dispatch = props.dispatch.clone();
    let onchange = move |event: Event| {
        if let Some(preset) = Preset::from_id(&page::value_of(&event)) {
            dispatch.dispatch(Action::SetUp(preset));
        }
    };
    let option = |preset: &Preset| {
        html! { <option value={preset.id} selected={props.preset == Some(preset.id)}>{ preset.name }</option> }
    };
    let why = props.preset.and_then(Preset::from_id).map_or(OWN_SETTINGS, |preset| preset.why);
    html! {
        <div class="field">
            <label class="unseen" for="preset">{ "Begin with" }</label>
            <select id="preset" disabled={props.running} aria-describedby="why-preset" {onchange}>
                { for Preset::ALL.iter().map(option) }
                if props.preset.is_none() {
                    <option value="" selected=true>{ "Settings of your own" }</option>
                }
            </select>
            <p id="why-preset">{ why }</p>
        </div>
    }
}

const OWN_SETTINGS: &str = "Nobody but you has asked this yet.";
