//! A link to copy, or to take along as a QR code.

use yew::prelude::*;

use crate::browser::page::clipboard;
use crate::report::qr::qr_code;

#[derive(PartialEq, Properties)]
pub struct Props {
    /// The field's id.
    pub id: &'static str,
    /// What the button says.
    pub label: &'static str,
    /// The whole link; `None` if it would be longer than one that is read.
    pub link: Option<AttrValue>,
}

/// The link, the button that copies it, and its code.
#[component]
pub fn CopyLink(props: &Props) -> Html {
    let said = use_state_eq(|| (AttrValue::default(), ""));
    let code_is_open = use_state_eq(|| false);
    let Some(link) = &props.link else {
        return html! { <p class="hint-line">{ "This experiment has too many addresses for a link: save it as JSON instead." }</p> };
    };
    let onclick = {
        let (said, link) = (said.clone(), link.clone());
        move |_: MouseEvent| {
            let (said, link) = (said.clone(), link.clone());
            yew::platform::spawn_local(async move {
                let is_copied = clipboard::copy(&link).await;
                let words = if is_copied {
                    "Copied."
                } else {
                    "The browser does not let the page copy: mark the link, and copy it."
                };
                said.set((link, words));
            });
        }
    };
    let ontoggle = {
        let code_is_open = code_is_open.clone();
        move |_: Event| code_is_open.set(!*code_is_open)
    };
    // What was said of another link is not said of this one.
    let said = if said.0 == *link { said.1 } else { "" };
    let code = if *code_is_open { qr_code(link) } else { None };
    html! {
        <div class="link">
            <div class="row">
                <button class="quiet framed" type="button" {onclick}>{ props.label }</button>
                <span class="said" role="status">{ said }</span>
            </div>
            <input id={props.id} class="link-text" type="text" readonly=true value={link.clone()} aria-label={format!("{}: the link", props.label)} />
            <details class="code" {ontoggle}>
                <summary>{ "QR code" }</summary>
                if let Some(code) = code {
                    <svg viewBox={format!("0 0 {0} {0}", code.size)} role="img" aria-label="The link as a QR code" shape-rendering="crispEdges">
                        <rect class="light" width="100%" height="100%" />
                        <path class="dark" d={code.path} />
                    </svg>
                } else if *code_is_open {
                    <p class="hint-line">{ "This link is too long for a QR code." }</p>
                }
            </details>
        </div>
    }
}
