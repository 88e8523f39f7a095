//! One model's line, intervals and points, and the labels at the lines' ends.

use yew::prelude::*;

use crate::domain::Model;
use crate::ui::{
    figure::Figure,
    scale::spread,
    view::parts::{class_of, outline_of},
};

use super::frame::{Frame, path};

/// The figures of one model, which are in the order of their lanes.
pub fn series(model: Model, figures: &[Figure], frame: &Frame) -> Html {
    let upper = figures.iter().map(|f| (frame.x_of(f.point), frame.y.place(f.estimate.hi)));
    let lower = figures.iter().map(|f| (frame.x_of(f.point), frame.y.place(f.estimate.lo)));
    let band = path(upper.chain(lower.rev()));
    // The baseline is one point, and reaches across as what all others are compared with.
    let line = match figures {
        [only] if model == Model::Serial => {
            let y = frame.place(only).1;
            path([(frame.left, y), (frame.right, y)])
        }
        figures => path(figures.iter().map(|figure| frame.place(figure))),
    };
    let points = figures.iter().map(|figure| {
        let (x, y) = frame.place(figure);
        let up = frame.y.place(figure.estimate.hi) - y;
        let down = frame.y.place(figure.estimate.lo) - y;
        let class = if figure.counts { "point" } else { "point hollow" };
        html! {
            <g key={figure.point.lanes} {class} transform={format!("translate({x:.1} {y:.1})")}>
                <path class="whisker" d={format!("M0 {up:.1}V{down:.1}M-4 {up:.1}H4M-4 {down:.1}H4")} />
                <path class="marker" d={outline_of(model)} />
            </g>
        }
    });
    html! {
        <g key={model.name()} class={classes!("series", class_of(model))}>
            <path class="band" d={band} />
            <path class="line" d={line} />
            { for points }
        </g>
    }
}

/// The law of scaling that fits the points of the model that is read out.
pub fn fit(frame: &Frame) -> Html {
    let Some((model, law)) = &frame.fit else { return html! {} };
    let places =
        law.iter().map(|&(lanes, value)| (frame.x.place(lanes) + frame.beside(*model), frame.y.place(value)));
    html! { <path class={classes!("fit", class_of(*model))} d={path(places)} /> }
}

/// A label at the end of every line, where there is room.
pub fn end_labels(figures: &[Figure], frame: &Frame) -> Html {
    const LINE: f64 = 18.0;
    if !frame.is_wide() {
        return html! {};
    }
    let lasts = figures
        .iter()
        .enumerate()
        .filter(|(i, figure)| figures.get(i + 1).is_none_or(|next| next.point.model != figure.point.model));
    let mut labels: Vec<(&str, String, f64, f64)> = lasts
        .map(|(_, figure)| {
            let model = figure.point.model;
            let name = format!("{} {}", model.name(), frame.metric.write(figure.estimate.value));
            let (x, y) = frame.place(figure);
            (class_of(model), name, if model == Model::Serial { frame.right } else { x + 8.0 }, y)
        })
        .collect();
    if let Some(&(lanes, value)) = frame.ideal.last() {
        labels.push(("ideal", "ideal".to_owned(), frame.x.place(lanes), frame.y.place(value)));
    }
    let wanted: Vec<f64> = labels.iter().map(|label| label.3).collect();
    let places = spread(&wanted, LINE, frame.top, frame.bottom);
    let labels = labels.into_iter().zip(places).map(|((class, name, x, y), place)| {
        let leader = path([(x, y), (frame.right + 2.0, y), (frame.right + 12.0, place)]);
        html! {
            <g key={class} class={classes!("end-label", class)}>
                <path class="leader" d={leader} />
                <text x={format!("{:.1}", frame.right + 16.0)} y={format!("{place:.1}")} dy="0.35em">{ name }</text>
            </g>
        }
    });
    html! { <g>{ for labels }</g> }
}
