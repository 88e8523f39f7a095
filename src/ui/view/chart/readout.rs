//! What is read out of the selected point.

use std::rc::Rc;

use yew::prelude::*;

use crate::chart::{Figure, Metric};
use crate::summary::Summary;
use crate::ui::{text, view::paint::swatch};

use crate::browser::page;

#[derive(PartialEq, Properties)]
pub struct Props {
    /// The selected figure.
    pub figure: Figure,
    /// Where it is drawn.
    pub place: (f64, f64),
    /// The picture's width and height.
    pub size: (f64, f64),
    /// What is known of every point.
    pub summary: Rc<Summary>,
}

/// Every metric of one point, beside it.
#[component]
pub fn ReadOut(props: &Props) -> Html {
    let node = use_node_ref();
    use_effect_with((node.clone(), props.place), |(node, (x, y))| {
        if let Some(node) = node.get() {
            page::set_place(&node, *x, *y);
        }
    });
    let point = props.figure.point;
    let summary = props.summary.points.iter().find(|summary| summary.point == point);
    let rows = Metric::ALL.iter().copied().filter_map(|metric| {
        let estimate = metric.counted(summary?)?;
        Some(html! {
            <div><dt>{ metric.name() }</dt><dd>{ metric.write(estimate.value) }</dd><dd>{ metric.write_interval(estimate) }</dd></div>
        })
    });
    let side = if props.place.0 > props.size.0 / 2.0 { "to-left" } else { "to-right" };
    let height = if props.place.1 > props.size.1 / 2.0 { "above" } else { "below" };
    html! {
        <div class={classes!("readout", side, height)} ref={node} aria-hidden="true">
            <p>{ swatch(point.model) }<strong>{ point.to_string() }</strong></p>
            if props.figure.counts {
                <dl>{ for rows }</dl>
                <p class="basis">{ text::basis(&props.figure) }</p>
            } else {
                <p class="basis">{ "Warm-up only: no sample counts yet." }</p>
            }
            <p class="basis">{ "Click or Enter: its timeline" }</p>
        </div>
    }
}
