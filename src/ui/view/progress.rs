//! Where the run is.

use yew::prelude::*;

use crate::format;

#[derive(PartialEq, Properties)]
pub struct Props {
    /// The trial that runs.
    pub doing: AttrValue,
    /// What is left of the run.
    pub left: Option<AttrValue>,
    /// How much is done, from 0 to 1.
    pub part: f64,
}

/// The trial that runs, what is left, and a bar. Its height never changes.
#[component]
pub fn ProgressLine(props: &Props) -> Html {
    html! {
        <div class="progress" id="progress">
            <progress max="1" value={format!("{:.4}", props.part)} aria-label="Progress of the run">
                { format::percent(props.part) }
            </progress>
            <p><span>{ &props.doing }</span><span>{ props.left.clone().unwrap_or_default() }</span></p>
        </div>
    }
}
