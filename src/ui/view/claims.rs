//! The claims: a guided way through them, and a page for each.

use yew::prelude::*;

use crate::ui::state::State;

use super::session::Session;

#[derive(PartialEq, Properties)]
pub struct Props {
    /// All that the page knows.
    pub state: UseReducerHandle<State>,
    /// Runs and stops experiments.
    pub session: Session,
    /// The claim that is shown; all of them if none is named.
    #[prop_or_default]
    pub claim: Option<String>,
}

/// All claims, or one.
#[component]
pub fn Claims(_: &Props) -> Html {
    Html::default()
}
