//! Marks of a chart as elements of SVG.

use yew::prelude::*;

use crate::chart::{Mark, Shape, Style};

/// The elements of `marks`.
pub fn paint(marks: &[Mark]) -> Html {
    marks.iter().zip(0..).map(|(mark, at)| element(mark, mark.key.unwrap_or(at))).collect()
}

/// A line and marker, as in a legend.
pub fn swatch(style: impl Into<Style>) -> Html {
    let style = style.into();
    html! {
        <svg class={classes!("swatch", style.class)} viewBox="-14 -8 28 16" aria-hidden="true">
            { paint(&style.swatch()) }
        </svg>
    }
}

fn element(mark: &Mark, key: u32) -> Html {
    let class = classes!(mark.role, mark.of);
    match &mark.shape {
        Shape::Group(at, marks) => {
            let transform = at.map(|(x, y)| format!("translate({x:.1} {y:.1})"));
            html! { <g {key} {class} {transform}>{ paint(marks) }</g> }
        }
        Shape::Path(d) => html! { <path {key} {class} d={d.clone()} /> },
        Shape::Text { at: (x, y), anchor, text } => html! {
            <text {key} {class} x={format!("{x:.1}")} y={format!("{y:.1}")} text-anchor={*anchor}>{ text }</text>
        },
    }
}
