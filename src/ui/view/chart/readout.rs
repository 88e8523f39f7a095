//! What is read out of the selected point.

use std::rc::Rc;

use yew::prelude::*;

use crate::domain::Point;
use crate::summary::Summary;
use crate::ui::{
    figure::{Figure, Metric},
    text,
    view::parts::{class_of, outline_of, swatch},
};

use super::frame::Frame;
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
    let rows = Metric::ALL.into_iter().filter_map(|metric| {
        let estimate = metric.counted(summary?)?;
        Some(html! {
            <div><dt>{ metric.name() }</dt><dd>{ metric.write(estimate.value) }</dd><dd>{ metric.write_interval(estimate) }</dd></div>
        })
    });
    let side = if props.place.0 > props.size.0 / 2.0 { "to-left" } else { "to-right" };
    let height = if props.place.1 > props.size.1 / 2.0 { "above" } else { "below" };
    html! {
        <div class={classes!("readout", side, height)} ref={node} aria-hidden="true">
            <p>{ swatch(point.model) }<strong>{ text::point(point) }</strong></p>
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

/// How much of a trial is done: a ring around its point that closes. A point that has no figure yet
/// stands on the axis until it has one.
pub fn growing(frame: &Frame, (point, done): (Point, f64), figures: &[Figure]) -> Html {
    let figure = figures.iter().find(|figure| figure.point == point);
    let (x, y) = figure.map_or((frame.x_of(point), frame.bottom), |figure| frame.place(figure));
    // The ring begins at the top, and moves no more often than it can be seen to.
    let done = format!("{:.2} 1", (done * 50.0).round() / 50.0);
    html! {
        <g class={classes!("growing", class_of(point.model))} transform={format!("translate({x:.1} {y:.1}) rotate(-90)")}>
            <circle class="all" r="11" />
            <circle class="done" r="11" pathLength="1" stroke-dasharray={done} />
            if figure.is_none() {
                <path class="marker" d={outline_of(point.model)} transform="rotate(90)" />
            }
        </g>
    }
}

/// A ring around the selected point and a line down to its lanes.
pub fn ring(frame: &Frame, figure: &Figure) -> Html {
    let (x, y) = frame.place(figure);
    let (x, y) = (format!("{x:.1}"), format!("{y:.1}"));
    html! {
        <g class={classes!("selected", class_of(figure.point.model))}>
            <line x1={x.clone()} x2={x.clone()} y1={y.clone()} y2={format!("{:.1}", frame.bottom)} />
            <circle cx={x} cy={y} r="10" />
        </g>
    }
}
