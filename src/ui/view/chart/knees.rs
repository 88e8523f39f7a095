//! Where more lanes stop helping, in words beside the chart.

use yew::prelude::*;

use crate::domain::Model;
use crate::format::NOTHING;
use crate::summary::Summary;
use crate::ui::view::parts::swatch;

/// A line for each of `models` that has more than one lane count; each has its room from the start.
pub fn knees(models: &[Model], summary: &Summary) -> Html {
    let lines = models.iter().filter(|&&model| model != Model::Serial).map(|&model| {
        let curve = summary.curves.iter().find(|curve| curve.model == model);
        html! {
            <li key={model.name()} data-model={model.name()} data-knee={curve.map(|curve| curve.knee.lanes.to_string())}>
                { swatch(model) }
                <span><strong>{ model.name() }</strong>{ " " }{ curve.map_or(NOTHING.to_owned(), |curve| curve.knee.to_string()) }</span>
            </li>
        }
    });
    html! { <ul class="knees" id="knees" aria-label="Where more lanes stop helping">{ for lines }</ul> }
}
