//! Which model to choose for a task of one's own.

use yew::prelude::*;

use crate::advice::{Advice as Answer, Choice, Code, Does, MachineFigures, Task, needs};
use crate::browser::page;
use crate::ui::{claims::about, state::Action};

use super::claims::ProgressOfClaims;
use super::controls::{Dispatch, ViewProps};

mod words {
    use crate::format;
    use crate::stats::Estimate;

    pub const WHICH: &str = "Which one to choose";
    pub const WHAT_IT_IS: &str = "A few questions about a task of your own, and what this machine was found to do, give a model, a number of lanes, and the reason.";
    pub const ADVICE: &str = "Advice";
    pub const STOP: &str = "Stop";
    pub const MEASURE: &str = "Measure this machine";
    pub const MEASURE_AGAIN: &str = "Measure again";
    pub const MEASURED: &str = "How this machine computes and waits, and what processes cost, was measured.";
    pub const RULE: &str = "The gain is that of Amdahl's law. The computing is divided by what lanes were found to gain here, and the waiting by the lanes, but for the part of each wait that they were found not to share; beside it stands the time to start processes and to bring them their data. This assumes the server handles many requests as fast as one.";

    pub const DOES: &str = "What does a task do most of its time?";
    pub const CODE: &str = "What computes?";
    pub const LIBRARY: &str = "Is there an asynchronous library for it?";
    pub const TASKS: &str = "How many tasks are there?";
    pub const TASK_MS: &str = "How long does one take on one lane, in ms?";
    pub const WAIT_MS: &str = "How much of that does it wait, in ms?";
    pub const TASK_KB: &str = "Data per task (KB, both ways)";
    pub const KILLABLE: &str = "Do you need to kill a running task?";
    pub const MEMORY: &str = "Is memory scarce?";

    /// The choices of a question: name in attributes, and for people.
    pub type Choices = &'static [(&'static str, &'static str)];

    pub const DOES_CHOICES: Choices = &[
        ("computes", "It computes"),
        ("waits", "It waits for a network or a disk"),
        ("both", "It waits for data, then computes"),
    ];
    pub const CODE_CHOICES: Choices = &[
        ("python", "Python, under the GIL"),
        ("native", "Native code that releases the GIL, as NumPy"),
        ("free", "Python without a GIL (free-threaded)"),
    ];
    pub const YES_NO: Choices = &[("no", "No"), ("yes", "Yes")];

    pub fn would_measure(time: &str) -> String {
        format!("How it computes and waits, and what processes cost: {time}.")
    }

    pub fn enter(min: &str, is_whole: bool) -> String {
        format!("Enter a {} of {min} or more.", if is_whole { "whole number" } else { "number" })
    }

    pub fn gain(gain: &Estimate) -> String {
        let (ratio, interval) = (format::ratio(gain.value), format::ratio_interval(gain.lo, gain.hi));
        format!("Here that would be {ratio} as fast as the plain loop ({interval}).")
    }
}

/// A few questions, what this machine was found to do, and the answer.
#[component]
pub fn Advice(ViewProps { state, controls }: &ViewProps) -> Html {
    let cores = state.cores();
    let measured = MachineFigures::of(&state.claims.evidence, cores);
    let is_running = state.claims.measuring.is_some();
    let ready = is_running || (state.machine.is_some() && !state.is_busy());
    let onclick = {
        let controls = controls.clone();
        move |_: MouseEvent| {
            if is_running { controls.stop.emit(()) } else { controls.prove.emit(needs(cores)) }
        }
    };
    let otherwise = if measured.is_complete {
        words::MEASURED.to_owned()
    } else {
        words::would_measure(&about(&needs(cores)))
    };
    html! {
        <div class="claims advice" id="advice">
            <section class="card lead" aria-labelledby="advice-title">
                <h2 id="advice-title">{ words::WHICH }</h2>
                <p class="statement">{ words::WHAT_IT_IS }</p>
                <Questions task={state.task} dispatch={state.dispatcher()} />
            </section>
            <section class="card" aria-labelledby="answer-title">
                <h2 id="answer-title">{ words::ADVICE }</h2>
                <AnswerText answer={Answer::of(&state.task, &measured)} />
                <div class="run-claims">
                    <button id="measure" class="primary" type="button" disabled={!ready} {onclick}
                        data-state={if is_running { "running" } else { "idle" }}>
                        { if is_running { words::STOP } else if measured.is_complete { words::MEASURE_AGAIN } else { words::MEASURE } }
                    </button>
                    <ProgressOfClaims measuring={state.claims.measuring.clone()} {otherwise} />
                </div>
                <p class="rule">{ words::RULE }</p>
            </section>
        </div>
    }
}

#[derive(PartialEq, Properties)]
struct AnswerProps {
    /// What to do.
    answer: Answer,
}

/// The choice, why, what it gains, and the Python for it.
#[component]
fn AnswerText(AnswerProps { answer }: &AnswerProps) -> Html {
    let headline = answer.choice.headline(answer.lanes);
    let gain = match &answer.gain {
        Ok(_) if answer.choice == Choice::Loop => None,
        Ok(gain) => Some(words::gain(gain)),
        Err(what) => Some(what.clone()),
    };
    html! {
        <div role="status">
            <p class="verdict" id="advised" data-choice={answer.choice.id()}>{ headline }</p>
            <ul class="because">{ for answer.because.iter().map(|why| html! { <li>{ why }</li> }) }</ul>
            <p id="gain" data-known={answer.gain.is_ok().to_string()}>{ gain }</p>
            <pre tabindex="0"><code>{ answer.python.clone() }</code></pre>
        </div>
    }
}

#[derive(PartialEq, Properties)]
struct QuestionsProps {
    /// The task so far.
    task: Task,
    /// Takes what is answered.
    dispatch: Dispatch,
}

/// A few questions.
#[component]
fn Questions(QuestionsProps { task, dispatch }: &QuestionsProps) -> Html {
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
                { choice("does", words::DOES, words::DOES_CHOICES, does_id(task.does), say(|task, id| {
                    task.does = match id { "waits" => Does::Waits, "both" => Does::Both, _ => Does::Computes };
                })) }
                if computes {
                    { choice("code", words::CODE, words::CODE_CHOICES, code_id(task.code), say(|task, id| {
                        task.code = match id { "native" => Code::Native, "free" => Code::Free, _ => Code::Python };
                    })) }
                }
                if task.does != Does::Computes {
                    { choice("library", words::LIBRARY, words::YES_NO, yes_no(task.has_async_library), say(|task, id| task.has_async_library = id == "yes")) }
                }
                { number("tasks", words::TASKS, ("1", "1"), task.tasks.to_string(), say(|task, text| {
                    if let Ok(tasks) = text.parse::<u32>() { task.tasks = tasks.clamp(1, 1_000_000_000); }
                })) }
                { number("task-ms", words::TASK_MS, ("0", "any"), task.task_ms.to_string(), say(|task, text| {
                    if let Some(ms) = positive(text) { task.task_ms = ms; }
                })) }
                if task.does == Does::Both {
                    { number("wait-ms", words::WAIT_MS, ("0", "any"), task.wait_ms.to_string(), say(|task, text| {
                        if let Some(ms) = positive(text) { task.wait_ms = ms; }
                    })) }
                }
                { number("task-kb", words::TASK_KB, ("0", "any"), task.task_kb.to_string(), say(|task, text| {
                    if let Some(kb) = positive(text) { task.task_kb = kb; }
                })) }
                { choice("killable", words::KILLABLE, words::YES_NO, yes_no(task.must_be_killable), say(|task, id| task.must_be_killable = id == "yes")) }
                { choice("memory", words::MEMORY, words::YES_NO, yes_no(task.is_memory_scarce), say(|task, id| task.is_memory_scarce = id == "yes")) }
            </div>
        </form>
    }
}

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
    choices: words::Choices,
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
            <span class="refusal" id={why}>{ words::enter(min, step == "1") }</span>
        </div>
    }
}
