//! Where the time went, and when the results came.

use std::rc::Rc;

use yew::prelude::*;

use crate::format::{self, NOTHING};
use crate::summary::{PointSummary, Summary};

use super::table::head;

#[derive(PartialEq, Properties)]
pub struct Props {
    /// What is known of every point.
    pub summary: Rc<Summary>,
}

const COLUMNS: [&str; 12] = [
    "Lanes",
    "Spawn",
    "Copy in",
    "Fetch",
    "Compute",
    "Write",
    "Wait for GIL",
    "Copy out",
    "Join",
    "First result",
    "Order",
    "Memory",
];

/// The median of every part of the time, of the first result's time, and of the memory.
#[component]
pub fn SplitsTable(props: &Props) -> Html {
    html! {
        <table id="splits">
            <caption>
                { "Medians. Spawn and join are the whole trial's, the others are added up over its lanes; the first result counts from the trial's begin." }
            </caption>
            <thead>
                <tr>
                    <th scope="col">{ "Model" }</th>
                    { for COLUMNS.map(|name| html! { <th scope="col" class="number">{ name }</th> }) }
                </tr>
            </thead>
            <tbody>{ for props.summary.points.iter().map(row) }</tbody>
        </table>
    }
}

fn row(summary: &PointSummary) -> Html {
    let split = &summary.split;
    let measured = summary.samples > 0;
    let time = |part, us: f64| cell(part, measured.then(|| (us.to_string(), format::duration(us))));
    let order = if summary.in_order { "kept" } else { "not kept" };
    let memory = summary.memory_bytes;
    html! {
        <tr data-model={summary.point.model.name()} data-lanes={summary.point.lanes.to_string()}>
            { head(summary) }
            <td class="number">{ summary.point.lanes }</td>
            { time("spawn", split.spawn_us) }
            { time("copy-in", split.copy_in_us) }
            { time("fetch", split.fetch_us) }
            { time("compute", split.compute_us) }
            { time("write", split.write_us) }
            { time("wait", split.wait_us) }
            { time("copy-out", split.copy_out_us) }
            { time("join", split.join_us) }
            { cell("first-result", summary.first_result_us.map(|us| (us.to_string(), format::duration(us)))) }
            { cell("order", measured.then(|| (summary.in_order.to_string(), order.to_owned()))) }
            { cell("memory", measured.then(|| (memory.to_string(), format::memory(memory)))) }
        </tr>
    }
}

/// What is known of a part: as a number, and for people.
fn cell(part: &'static str, known: Option<(String, String)>) -> Html {
    let (value, text) = known.unzip();
    let text = text.unwrap_or_else(|| NOTHING.to_owned());
    html! { <td class="number" data-part={part} data-value={value}>{ text }</td> }
}
