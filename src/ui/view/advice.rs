//! Which model to choose for a task of one's own.

use yew::prelude::*;

use super::ViewProps;

/// Which model to choose for a task of one's own.
#[component]
pub fn Advice(_: &ViewProps) -> Html {
    Html::default()
}
