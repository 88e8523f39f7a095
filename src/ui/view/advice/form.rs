//! The questions.

use yew::prelude::*;

use crate::advice::{Code, Does, Task};
use crate::browser::page;
use crate::ui::{state::Action, view::Dispatch};

#[derive(PartialEq, Properties)]
pub struct Props {
    /// The task so far.
    pub task: Task,
    /// Takes what is answered.
    pub dispatch: Dispatch,
}

/// A few questions.
#[component]
pub fn Form(Props { task, dispatch }: &Props) -> Html {
    let task = *task;
    let say = |change: fn(&mut Task, &str)| {
        let dispatch = dispatch.clone();
        Callback::from(move |event: Event| {
            let mut task = task;
            change(&mut task, &page::value_of(&event));
            dispatch.dispatch(Action::Advise(task));
        })
    };
    let computes = task.does != Does::Waits;
    html! {
        <form class="settings questions" onsubmit={|event: SubmitEvent| event.prevent_default()}>
            <div class="fields">
                { choice("does", "What does a task do most of its time?", DOES, does_id(task.does), say(|task, id| {
                    task.does = match id { "waits" => Does::Waits, "both" => Does::Both, _ => Does::Computes };
                })) }
                if computes {
                    { choice("code", "What computes?", CODES, code_id(task.code), say(|task, id| {
                        task.code = match id { "native" => Code::Native, "free" => Code::Free, _ => Code::Python };
                    })) }
                }
                if task.does != Does::Computes {
                    { choice("library", "Is there an asynchronous library for it?", YES_NO, yes_no(task.has_async_library), say(|task, id| task.has_async_library = id == "yes")) }
                }
                { number("tasks", "How many tasks are there?", ("1", "1"), task.tasks.to_string(), say(|task, text| {
                    if let Ok(tasks) = text.parse::<u32>() { task.tasks = tasks.clamp(1, 1_000_000_000); }
                })) }
                { number("task-ms", "How long does one take on one lane, in ms?", ("0", "any"), task.task_ms.to_string(), say(|task, text| {
                    if let Some(ms) = positive(text) { task.task_ms = ms; }
                })) }
                if task.does == Does::Both {
                    { number("wait-ms", "How much of that does it wait, in ms?", ("0", "any"), task.wait_ms.to_string(), say(|task, text| {
                        if let Some(ms) = positive(text) { task.wait_ms = ms; }
                    })) }
                }
                { number("task-kb", "How much data goes to one and back, in KB?", ("0", "any"), task.task_kb.to_string(), say(|task, text| {
                    if let Some(kb) = positive(text) { task.task_kb = kb; }
                })) }
                { choice("killable", "Must one be ended in mid-work, whatever it does?", YES_NO, yes_no(task.must_be_killable), say(|task, id| task.must_be_killable = id == "yes")) }
                { choice("memory", "Is memory scarce?", YES_NO, yes_no(task.is_memory_scarce), say(|task, id| task.is_memory_scarce = id == "yes")) }
            </div>
        </form>
    }
}

/// The choices of a question: name in attributes, and for people.
type Choices = &'static [(&'static str, &'static str)];

const DOES: Choices = &[
    ("computes", "It computes"),
    ("waits", "It waits for a network or a disk"),
    ("both", "It waits for data, then computes"),
];
const CODES: Choices = &[
    ("python", "Python, under the GIL"),
    ("native", "Native code that releases the GIL, as NumPy"),
    ("free", "Python without a GIL (free-threaded)"),
];
const YES_NO: Choices = &[("no", "No"), ("yes", "Yes")];

fn does_id(does: Does) -> &'static str {
    match does {
        Does::Computes => "computes",
        Does::Waits => "waits",
        Does::Both => "both",
    }
}

fn code_id(code: Code) -> &'static str {
    match code {
        Code::Python => "python",
        Code::Native => "native",
        Code::Free => "free",
    }
}

fn yes_no(yes: bool) -> &'static str {
    if yes { "yes" } else { "no" }
}

fn positive(text: &str) -> Option<f64> {
    text.parse().ok().filter(|number: &f64| number.is_finite() && *number >= 0.0)
}

fn choice(
    id: &str,
    question: &'static str,
    choices: Choices,
    chosen: &str,
    onchange: Callback<Event>,
) -> Html {
    let id = format!("ask-{id}");
    html! {
        <div class="field">
            <label for={id.clone()}>{ question }</label>
            <select {id} {onchange}>
                { for choices.iter().map(|&(value, text)| html! {
                    <option {value} selected={value == chosen}>{ text }</option>
                }) }
            </select>
        </div>
    }
}

fn number(
    id: &str,
    question: &'static str,
    (min, step): (&'static str, &'static str),
    value: String,
    onchange: Callback<Event>,
) -> Html {
    let id = format!("ask-{id}");
    let why = format!("{id}-why");
    // What is no such number is not taken. The style sheet shows the reason as long as the browser refuses it.
    html! {
        <div class="field">
            <label for={id.clone()}>{ question }</label>
            <input {id} type="number" {min} {step} {value} {onchange} inputmode="decimal" required=true aria-describedby={why.clone()} />
            <span class="refusal" id={why}>{ format!("Enter a {} of {min} or more.", if step == "1" { "whole number" } else { "number" }) }</span>
        </div>
    }
}
