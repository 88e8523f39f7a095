//! A snippet that puts an experiment into another page.

use yew::prelude::*;

use super::ViewProps;

/// A snippet that puts an experiment into another page.
#[component]
pub fn EmbedBuilder(_: &ViewProps) -> Html {
    Html::default()
}
