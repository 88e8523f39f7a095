//! Text whose unusual words are explained where they stand.

use yew::prelude::*;

use crate::claim::glossary::{self, Piece};

#[derive(PartialEq, Properties)]
pub struct Props {
    /// The text, with the glossary's words in braces.
    pub text: &'static str,
}

/// A paragraph.
#[component]
pub fn Prose(props: &Props) -> Html {
    let piece = |piece| match piece {
        Piece::Text(text) => html! { { text } },
        Piece::Word(word, explanation) => html! { <Word {word} {explanation} /> },
    };
    html! { <p class="prose">{ for glossary::pieces(props.text).map(piece) }</p> }
}

#[derive(PartialEq, Properties)]
struct WordProps {
    /// The word as it is written here.
    word: &'static str,
    /// What it means.
    explanation: &'static str,
}

/// A word that explains itself when it is pressed, until it is left.
#[component]
fn Word(props: &WordProps) -> Html {
    let open = use_state(|| false);
    let onclick = {
        let open = open.clone();
        move |_: MouseEvent| open.set(!*open)
    };
    let onblur = {
        let open = open.clone();
        move |_: FocusEvent| open.set(false)
    };
    let onkeydown = {
        let open = open.clone();
        move |event: KeyboardEvent| {
            if *open && event.key() == "Escape" {
                // It closes the explanation, and does not stop what runs.
                event.stop_propagation();
                open.set(false);
            }
        }
    };
    html! {
        <span class="word">
            <button type="button" aria-expanded={open.to_string()} {onclick} {onblur} {onkeydown}>{ props.word }</button>
            <span role="status">if *open { <span class="explanation">{ props.explanation }</span> }</span>
        </span>
    }
}
