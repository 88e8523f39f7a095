//! The answer.

use yew::prelude::*;

use crate::advice::{Advice, Choice};
use crate::format;

#[derive(PartialEq, Properties)]
pub struct Props {
    /// What to do.
    pub answer: Advice,
}

/// The choice, why, what it gains, and the Python for it.
#[component]
pub fn AnswerText(Props { answer }: &Props) -> Html {
    let headline = answer.choice.headline(answer.lanes);
    let gain = match &answer.gain {
        Ok(_) if answer.choice == Choice::Loop => None,
        Ok(gain) => Some(format!(
            "Here that would be {} as fast as the plain loop ({}).",
            format::ratio(gain.value),
            format::ratio_interval(gain.lo, gain.hi)
        )),
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
