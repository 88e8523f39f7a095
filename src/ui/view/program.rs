//! The same experiment as a Python program, to copy.

use yew::prelude::*;

use crate::browser::page::clipboard;
use crate::experiment::Experiment;
use crate::python::{self, Library};
use crate::ui::{
    program::{Program, ProgramAction},
    state::Action,
};

use super::Dispatch;

#[derive(PartialEq, Properties)]
pub struct Props {
    /// The experiment; `None` while the settings make none.
    pub experiment: Option<Experiment>,
    /// What is shown of it.
    pub program: Program,
    /// Takes what is chosen.
    pub dispatch: Dispatch,
}

/// The program, the switch between libraries, and the button that copies it.
#[component]
pub fn ProgramCard(props: &Props) -> Html {
    let Some(experiment) = &props.experiment else { return Html::default() };
    let libraries = Library::of(experiment.workload);
    let library = props.program.library;
    let library = if libraries.contains(&library) { library } else { Library::default() };
    let Some(text) = python::program(experiment, library) else { return Html::default() };
    let onclick = {
        let (text, dispatch) = (text.clone(), props.dispatch.clone());
        move |_: MouseEvent| {
            let (text, dispatch) = (text.clone(), dispatch.clone());
            yew::platform::spawn_local(async move {
                let copied = clipboard::copy(&text).await;
                dispatch.dispatch(Action::Program(ProgramAction::Copied(copied)));
            });
        }
    };
    let choices = libraries.iter().map(|&choice| {
        let dispatch = props.dispatch.clone();
        let onchange = move |_: Event| dispatch.dispatch(Action::Program(ProgramAction::Choose(choice)));
        html! {
            <label>
                <input type="radio" name="library" value={choice.name()} checked={choice == library} {onchange} />
                <span>{ choice.name() }</span>
            </label>
        }
    });
    html! {
        <section class="card program" aria-label="Python program">
            <details>
                <summary>{ "The same experiment in Python" }</summary>
                <p>{ "It needs CPython 3.8 or later and nothing else. It checks its answers as Lanes does, and prints the same figures for your Python." }</p>
                <div class="toolbar">
                    <div class="switch" role="radiogroup" aria-label="Library">{ for choices }</div>
                    <button class="quiet" id="copy-program" type="button" {onclick}>{ "Copy" }</button>
                    <span class="copied" role="status">{ props.program.copied_text() }</span>
                </div>
                <pre id="program" tabindex="0" role="region" aria-label="The program’s text"><code>{ text }</code></pre>
            </details>
        </section>
    }
}
