//! A link that cannot be read.

use yew::prelude::*;

use crate::report::link;

#[derive(PartialEq, Properties)]
pub struct Props {
    /// The link, from behind its `#`.
    pub text: String,
}

/// What is wrong with it, and where to go.
#[component]
pub fn BrokenLink(props: &Props) -> Html {
    let why = link::decode(&props.text).err().map(|error| error.to_string()).unwrap_or_default();
    html! {
        <section class="card broken" id="broken-link" role="alert" aria-labelledby="broken-title">
            <h2 id="broken-title">{ "This link cannot be shown" }</h2>
            <p>{ why }</p>
            <p><a class="button" href="#">{ "Go to the start page" }</a></p>
        </section>
    }
}
