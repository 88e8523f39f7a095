//! What is there before anything is measured: axes, the ideal, and the cores.

use yew::prelude::*;

use super::frame::{Frame, path};

/// The grid, the axes with their labels, the ideal line, and the rules at the cores.
pub fn axes(frame: &Frame) -> Html {
    let Frame { left, right, top, bottom, .. } = *frame;
    let rows = frame.metric.ticks(&frame.y).into_iter().map(|tick| {
        let y = px(frame.y.place(tick));
        html! {
            <g key={tick.to_string()}>
                <line class="grid" x1={px(left)} x2={px(right)} y1={y.clone()} y2={y.clone()} />
                <text class="tick" x={px(left - 8.0)} {y} dy="0.35em" text-anchor="end">
                    { frame.metric.write_tick(tick) }
                </text>
            </g>
        }
    });
    // On a linear axis small lane counts may stand too near to each other to be written.
    let mut written = f64::MIN;
    let columns = frame.lane_counts.iter().map(|&lanes| {
        let place = frame.x.place(lanes.into());
        let has_room = place - written > 18.0;
        if has_room {
            written = place;
        }
        let x = px(place);
        html! {
            <g key={lanes}>
                <line class="grid" x1={x.clone()} x2={x.clone()} y1={px(top)} y2={px(bottom + 5.0)} />
                if has_room {
                    <text class="tick" {x} y={px(bottom + 19.0)} text-anchor="middle">{ lanes }</text>
                }
            </g>
        }
    });
    // Each in a line of its own: two rules may stand near to each other.
    let rules = frame.rules.iter().zip([top - 20.0, top - 5.0]).filter_map(|((lanes, text), y)| {
        let x = frame.x_of_lanes(*lanes)?;
        let (anchor, beside) = if x > (left + right) / 2.0 { ("end", -5.0) } else { ("start", 5.0) };
        Some(html! {
            <g key={text.clone()} class="cores">
                <line x1={px(x)} x2={px(x)} y1={px(y - 10.0)} y2={px(bottom)} />
                <text x={px(x + beside)} y={px(y)} text-anchor={anchor}>{ text }</text>
            </g>
        })
    });
    let ideal = frame.ideal.iter().map(|&(lanes, value)| (frame.x.place(lanes), frame.y.place(value)));
    html! {
        <g class="axes">
            { for rows }
            { for columns }
            <text class="title" x={px(left)} y="13">{ frame.metric.axis(frame.scaling) }</text>
            <text class="title" x={px((left + right) / 2.0)} y={px(bottom + 38.0)} text-anchor="middle">{ "lanes" }</text>
            { for rules }
            <path class="ideal-line" d={path(ideal)} />
        </g>
    }
}

/// A coordinate, to the tenth of a pixel.
fn px(value: f64) -> String {
    format!("{value:.1}")
}
