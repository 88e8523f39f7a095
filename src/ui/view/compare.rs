//! Reports side by side.

use yew::prelude::*;

use super::ViewProps;

/// Reports side by side.
#[component]
pub fn Compare(_: &ViewProps) -> Html {
    Html::default()
}
