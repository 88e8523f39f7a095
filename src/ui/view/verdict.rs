//! What the figures say, in words.

use yew::prelude::*;

use crate::warning::Warning;

#[derive(PartialEq, Properties)]
pub struct VerdictProps {
    /// The sentence.
    pub text: AttrValue,
    /// Whether it is an answer, and not a hint that there is none yet.
    pub certain: bool,
}

/// More characters than fit, as large as they are, into the fewest lines that are kept free for them.
const LONG: usize = 120;

/// The one sentence that the figures allow.
#[component]
pub fn VerdictLine(props: &VerdictProps) -> Html {
    // Set smaller, it fits into the room that is kept for it, and moves nothing when it comes.
    let is_long = props.text.chars().count() > LONG;
    html! {
        <p id="verdict" class="verdict" data-certain={props.certain.to_string()} data-long={is_long.then_some("")}>
            { &props.text }
        </p>
    }
}

#[derive(PartialEq, Properties)]
pub struct WarningsProps {
    /// What is to be known.
    pub warnings: Vec<Warning>,
}

/// What a reader should know before trusting the figures.
#[component]
pub fn Warnings(props: &WarningsProps) -> Html {
    if props.warnings.is_empty() {
        return html! {};
    }
    html! {
        <section class="card warnings" id="warnings" aria-labelledby="warnings-title">
            <h2 id="warnings-title">{ "Before you trust the figures" }</h2>
            <ul>{ for props.warnings.iter().map(|warning| html! { <li>{ warning.to_string() }</li> }) }</ul>
        </section>
    }
}
