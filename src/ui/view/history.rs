//! The reports that this browser keeps.

use yew::prelude::*;

use super::ViewProps;

/// The reports that this browser keeps.
#[component]
pub fn History(_: &ViewProps) -> Html {
    Html::default()
}
