//! What a script's runs wrote, and its errors.

use std::rc::Rc;

use yew::prelude::*;

use crate::browser::page;
use crate::format;
use crate::script::outcome;
use crate::script::output::Part;
use crate::script::record::{Lane, Thread};
use crate::ui::script::{Results, Strip};

mod words {
    pub const OUTPUT: &str = "Output";
    pub const PRINTED: &str = "Printed text";
    pub const NOTHING: &str = "What the script prints appears here.";
    pub const SILENT: &str = "The script has printed nothing.";
    pub const OUTPUTS_DIFFER: &str = "The runs printed different things.";
    pub const ASKS: &str = "The script asks for a line";
    pub const SEND: &str = "Send";
    pub const DIFFERENT: &str = "The answers of the runs differ.";

    pub fn left_out(kilobytes: &str) -> String {
        format!("The first {kilobytes} of the output are left out.")
    }

    pub fn line(line: u32) -> String {
        format!("Line {line}: ")
    }
}

#[derive(PartialEq, Properties)]
pub struct Props {
    /// What came of the script.
    pub results: Option<Results>,
    /// Whether it asks for a line.
    pub asks: bool,
    /// Takes the line.
    pub on_answer: Callback<String>,
}

/// The output of all runs, one below the other.
#[component]
pub fn OutputCard(props: &Props) -> Html {
    let run = props.results.as_ref().filter(|results| results.recorded.is_none());
    let failure = run.and_then(|results| results.failure.as_ref());
    html! {
        <section class="card output" aria-labelledby="output-title">
            <h2 id="output-title">{ words::OUTPUT }</h2>
            if let Some(failure) = failure {
                <div class="failure" id="failure" role="alert">
                    <p><strong>{ failure.line.map(words::line) }{ &failure.message }</strong></p>
                    if let Some(hint) = failure.hint {
                        <p id="hint">{ hint }</p>
                    }
                </div>
            }
            if let Some((stuck, strip)) = run.and_then(|results| results.stuck.as_ref().zip(results.strips.last())) {
                <ul class="notice" id="stuck" role="alert">
                    { for stuck.sentences(&strip.record).into_iter().map(|sentence| html! { <li>{ sentence }</li> }) }
                </ul>
            }
            if run.is_some_and(|results| results.answers_agree() == Some(false)) {
                <p class="notice">{ words::DIFFERENT }</p>
            }
            if run.is_some_and(|results| results.outputs_agree() == Some(false)) {
                <p class="notice" id="outputs-differ">{ words::OUTPUTS_DIFFER }</p>
            }
            <div class="written" id="written" tabindex="0" role="region" aria-label={words::PRINTED}>
                if run.is_some_and(|results| results.strips.iter().all(|s| s.output.parts.is_empty() && s.code.is_some())) {
                    <p class="hint-line">{ words::SILENT }</p>
                } else if let Some(results) = run {
                    { for results.strips.iter().map(|strip| html! { <Written key={strip.model.name()} strip={strip.clone()} /> }) }
                } else {
                    <p class="hint-line">{ words::NOTHING }</p>
                }
            </div>
            if props.asks {
                <Answer on_answer={props.on_answer.clone()} />
            }
        </section>
    }
}

#[derive(PartialEq, Properties)]
struct WrittenProps {
    strip: Rc<Strip>,
}

/// What one run wrote, in the order of writing. It is text, whatever is in it.
#[component]
fn Written(props: &WrittenProps) -> Html {
    let Strip { model, record, output, .. } = &*props.strip;
    if output.parts.is_empty() {
        return html! {};
    }
    let name = |thread: Thread| {
        let lane = record.lanes().iter().find(|lane| lane.thread == thread);
        lane.map_or_else(|| thread.lane().title(), Lane::title)
    };
    let part = |part: &Part| {
        let who = (part.thread != Thread::default()).then(|| name(part.thread));
        html! {
            <span class={part.is_error.then_some("error")} title={who.clone()}>
                if let Some(who) = who {
                    <span class="who">{ who }</span>
                }
                { &part.text }
            </span>
        }
    };
    html! {
        <section data-model={model.name()}>
            <h3>{ outcome::title(*model) }</h3>
            if output.left_out > 0 {
                <p class="hint-line">{ words::left_out(&format::memory(output.left_out as u64)) }</p>
            }
            <pre>{ for output.parts.iter().map(part) }</pre>
        </section>
    }
}

#[derive(PartialEq, Properties)]
struct AnswerProps {
    on_answer: Callback<String>,
}

/// The line that a script asks for.
#[component]
fn Answer(props: &AnswerProps) -> Html {
    let text = use_mut_ref(String::new);
    let oninput = {
        let text = text.clone();
        move |event: InputEvent| drop(text.replace(page::value_of(&event)))
    };
    let onsubmit = {
        let on_answer = props.on_answer.clone();
        move |event: SubmitEvent| {
            event.prevent_default();
            on_answer.emit(text.take());
        }
    };
    use_effect_with((), |()| page::focus("python-input"));
    html! {
        <form class="answer-line" {onsubmit}>
            <label for="python-input">{ words::ASKS }</label>
            <input id="python-input" type="text" autocomplete="off" spellcheck="false" {oninput} />
            <button class="quiet framed" type="submit">{ words::SEND }</button>
        </form>
    }
}
