//! Every sample behind the verdicts, as a file.

use std::rc::Rc;

use yew::prelude::*;

use crate::browser::page::download::download;
use crate::claim::{Evidence, record};

#[derive(PartialEq, Properties)]
pub struct Props {
    /// What was measured.
    pub evidence: Rc<Evidence>,
    /// The cores that the machine reports.
    pub cores: u32,
}

/// A button that hands it over, once there is something.
#[component]
pub fn SaveSamples(Props { evidence, cores }: &Props) -> Html {
    let refusal = use_state(|| None);
    if evidence.is_empty() {
        return Html::default();
    }
    let onclick = {
        let (evidence, cores, refusal) = (Rc::clone(evidence), *cores, refusal.clone());
        move |_: MouseEvent| {
            let text = record::csv(&evidence, cores);
            refusal.set(download("lanes-claims.csv", "text/csv", &text).err());
        }
    };
    html! {
        <p>
            <button id="save-samples" class="quiet framed" type="button" {onclick}>{ "Save all samples as CSV" }</button>
            <span role="status">{ (*refusal).clone() }</span>
        </p>
    }
}
