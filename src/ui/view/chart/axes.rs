//! What is there before anything is measured: axes, the ideal, and the cores.

use yew::prelude::*;

use crate::format;

use super::frame::{Frame, path};

/// The grid, the axes with their labels, the ideal line, and the rule at the cores.
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
    let columns = frame.lane_counts.iter().map(|&lanes| {
        let x = px(frame.x.place(lanes.into()));
        html! {
            <g key={lanes}>
                <line class="grid" x1={x.clone()} x2={x.clone()} y1={px(top)} y2={px(bottom + 5.0)} />
                <text class="tick" {x} y={px(bottom + 19.0)} text-anchor="middle">{ lanes }</text>
            </g>
        }
    });
    let ideal = frame.ideal.iter().map(|&(lanes, value)| (frame.x.place(lanes), frame.y.place(value)));
    html! {
        <g class="axes">
            { for rows }
            { for columns }
            <text class="title" x={px(left)} y="13">{ frame.metric.axis(frame.scaling) }</text>
            <text class="title" x={px((left + right) / 2.0)} y={px(bottom + 38.0)} text-anchor="middle">{ "lanes" }</text>
            if let Some(x) = frame.cores_x() {
                <g class="cores">
                    <line x1={px(x)} x2={px(x)} y1={px(top - 10.0)} y2={px(bottom)} />
                    <text x={px(x)} y={px(top - 15.0)} text-anchor="middle">
                        { format::count(frame.cores, "core") }
                    </text>
                </g>
            }
            <path class="ideal-line" d={path(ideal)} />
        </g>
    }
}

/// A coordinate, to the tenth of a pixel.
fn px(value: f64) -> String {
    format!("{value:.1}")
}
