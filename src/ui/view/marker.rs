//! The shapes that tell the models apart where colours do not.

use yew::prelude::*;

use crate::domain::Model;

/// A model's line and marker, as in a legend.
pub fn swatch(model: Model) -> Html {
    html! {
        <svg class={classes!("swatch", class_of(model))} viewBox="-14 -8 28 16" aria-hidden="true">
            <path class="line" d="M-14 0H14" />
            <path class="marker" d={outline_of(model)} />
        </svg>
    }
}

/// The model's name in classes.
pub fn class_of(model: Model) -> &'static str {
    match model {
        Model::Serial => "serial",
        Model::Threads => "threads",
        Model::ThreadsGil => "threads-gil",
        Model::Processes => "processes",
        Model::Async => "async",
        Model::ByBottleneck => "by-bottleneck",
    }
}

/// The outline of the model's marker around the origin, some 10 px wide.
pub fn outline_of(model: Model) -> &'static str {
    match model {
        Model::Serial => "M0 -6L6 0L0 6L-6 0Z",
        Model::Threads => "M-5 0A5 5 0 1 1 5 0A5 5 0 1 1 -5 0Z",
        Model::ThreadsGil => "M-4.5 -4.5H4.5V4.5H-4.5Z",
        Model::Processes => "M0 -5.5L5.8 4.5H-5.8Z",
        Model::Async => "M0 5.5L5.8 -4.5H-5.8Z",
        Model::ByBottleneck => "M-6 -2H-2V-6H2V-2H6V2H2V6H-2V2H-6Z",
    }
}
