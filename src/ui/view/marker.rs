//! The shapes that tell the models apart where colours do not.

use yew::prelude::*;

use crate::experiment::Model;
pub use crate::ui::marker::{class_of, outline_of};

/// A model's line and marker, as in a legend.
pub fn swatch(model: Model) -> Html {
    html! {
        <svg class={classes!("swatch", class_of(model))} viewBox="-14 -8 28 16" aria-hidden="true">
            <path class="line" d="M-14 0H14" />
            <path class="marker" d={outline_of(model)} />
        </svg>
    }
}
