//! The editor: a text field, so that the browser's own undo, keyboards and screen readers work, over the same text in
//! colours.

use yew::prelude::*;

use crate::browser::page::editor;
use crate::script::{edit, highlight};

mod words {
    pub const SCRIPT: &str = "Python script";
    pub const KEYS: &str = "Tab indents. Escape, then Tab leaves the editor. Ctrl+Enter runs.";

    pub fn wrong(line: u32) -> String {
        format!("The error is in line {line}.")
    }
}

/// The text field's id.
pub const ID: &str = "script";

#[derive(PartialEq, Properties)]
pub struct Props {
    /// The script.
    pub source: AttrValue,
    /// The line with an error, from 1.
    pub wrong: Option<u32>,
    /// Takes what is written.
    pub on_write: Callback<String>,
    /// Runs the script.
    pub on_run: Callback<()>,
}

/// A script to be written.
#[component]
pub fn Editor(props: &Props) -> Html {
    let field = use_node_ref();
    let leaves = use_mut_ref(|| false);
    let lines = use_memo(props.source.clone(), |source| highlight::lines(source));
    let oninput = {
        let (field, on_write) = (field.clone(), props.on_write.clone());
        move |_: InputEvent| {
            if let Some(node) = field.get() {
                on_write.emit(editor::text(&node));
            }
        }
    };
    let onkeydown = {
        let (field, leaves, on_run) = (field.clone(), leaves.clone(), props.on_run.clone());
        move |event: KeyboardEvent| {
            let may_leave = leaves.replace(event.key() == "Escape");
            let command = event.ctrl_key() || event.meta_key();
            let Some(node) = field.get() else { return };
            let Some(marked) = editor::marked(&node).filter(|_| !event.is_composing() && !event.alt_key())
            else {
                return;
            };
            let source = editor::text(&node);
            let edit = match (event.key().as_str(), command, event.shift_key()) {
                ("Enter", true, _) => {
                    event.prevent_default();
                    return on_run.emit(());
                }
                ("Tab", false, _) if may_leave => return,
                ("Tab", false, false) => edit::indent(&source, marked),
                ("Tab", false, true) => edit::outdent(&source, marked),
                ("Enter", false, false) => edit::new_line(&source, marked),
                ("/", true, _) => edit::comment(&source, marked),
                _ => return,
            };
            event.prevent_default();
            editor::apply(&node, &edit);
        }
    };
    let onblur = move |_: FocusEvent| *leaves.borrow_mut() = false;
    html! {
        <>
            <div class="editor">
                <div class="numbers" aria-hidden="true">
                    { for (1..=lines.len() as u32).map(|line| html! {
                        <span class={(props.wrong == Some(line)).then_some("wrong")}>{ line }</span>
                    }) }
                </div>
                <div class="text">
                    <pre aria-hidden="true">
                        { for lines.iter().zip(1..).map(|(line, number)| html! {
                            <Line pieces={line.clone()} wrong={props.wrong == Some(number)} />
                        }) }
                    </pre>
                    <textarea id={ID} ref={field} value={props.source.clone()} aria-label={words::SCRIPT}
                        aria-describedby="script-keys script-wrong" aria-invalid={props.wrong.map(|_| "true")}
                        spellcheck="false" autocapitalize="off" autocomplete="off" autocorrect="off" wrap="off"
                        {oninput} {onkeydown} {onblur} />
                </div>
            </div>
            <p class="keys" id="script-keys">{ words::KEYS }</p>
            <p class="unseen" id="script-wrong">{ props.wrong.map(words::wrong) }</p>
        </>
    }
}

#[derive(PartialEq, Properties)]
struct LineProps {
    pieces: Vec<(highlight::Kind, String)>,
    wrong: bool,
}

/// A line in colours. What does not change is not drawn again.
#[component]
fn Line(props: &LineProps) -> Html {
    let piece = |(kind, text): &(highlight::Kind, String)| match kind.class() {
        "" => html! { { text } },
        class => html! { <span {class}>{ text }</span> },
    };
    html! {
        <span class={classes!("line", props.wrong.then_some("wrong"))}>{ for props.pieces.iter().map(piece) }{ "\n" }</span>
    }
}
