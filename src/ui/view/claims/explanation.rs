//! Why a claim is made: in a text whose unusual words are explained, and in a drawing of what lanes do.

use yew::prelude::*;

use crate::claim::glossary::{self, Piece};
use crate::claim::{Moment, lane_of_drawing};

mod words {
    pub const TIME: &str = "time →";
}

#[derive(PartialEq, Properties)]
pub struct ProseProps {
    /// The text, with the glossary's words in braces.
    pub text: &'static str,
}

/// A paragraph whose unusual words are explained where they stand.
#[component]
pub fn Prose(props: &ProseProps) -> Html {
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

#[derive(PartialEq, Properties)]
pub struct DrawingProps {
    /// A line for each lane.
    pub lines: &'static [&'static str],
}

/// A bar for each lane, on one axis of time, and a legend.
#[component]
pub fn Drawing(props: &DrawingProps) -> Html {
    let lanes: Vec<_> = props.lines.iter().map(|line| lane_of_drawing(line)).collect();
    let length = lanes.iter().map(|(_, runs)| runs.iter().map(|run| run.1).sum::<usize>()).max().unwrap_or(1);
    let is_used = |moment: &Moment| {
        lanes.iter().any(|(_, runs)| runs.iter().any(|run| run.0 == *moment)) && *moment != Moment::Idle
    };
    html! {
        <figure class="drawing">
            <div class="bars" role="img" aria-label={in_words(&lanes)}>
                { for lanes.iter().map(|(name, runs)| html! {
                    <>
                        <span>{ *name }</span>
                        <svg viewBox={format!("0 0 {} 10", length * 10)} preserveAspectRatio="none">{ for bar(runs) }</svg>
                    </>
                }) }
            </div>
            <figcaption>
                { for Moment::ALL.into_iter().filter(is_used).map(|moment| html! {
                    <span class="moment"><svg viewBox="0 0 10 10"><rect class={class_of(moment)} width="10" height="10" /></svg>{ moment.name() }</span>
                }) }
                <span>{ words::TIME }</span>
            </figcaption>
        </figure>
    }
}

fn bar(runs: &[(Moment, usize)]) -> Vec<Html> {
    let mut at = 0;
    let mut parts = Vec::new();
    for &(moment, long) in runs {
        // Idle is what is not drawn.
        if moment != Moment::Idle {
            let (x, width) = ((at * 10).to_string(), (long * 10).to_string());
            parts.push(html! { <rect class={class_of(moment)} {x} {width} height="10" /> });
        }
        at += long;
    }
    parts
}

fn class_of(moment: Moment) -> &'static str {
    match moment {
        Moment::Computes => "computes",
        Moment::Waits => "waits",
        Moment::Starts => "starts",
        Moment::Copies => "copies",
        Moment::Holds => "holds",
        Moment::Ended => "ended",
        Moment::Idle => "idle",
    }
}

fn in_words(lanes: &[(&'static str, Vec<(Moment, usize)>)]) -> String {
    let mut text = String::new();
    let mut group = "";
    for (name, runs) in lanes {
        group = if name.is_empty() { group } else { name };
        text.push_str(group);
        text.push_str(": ");
        for (i, (moment, _)) in runs.iter().enumerate() {
            text.push_str(if i > 0 { ", " } else { "" });
            text.push_str(moment.name());
        }
        text.push_str(". ");
    }
    text
}
