//! The timeline as a table, for those who cannot see it or want the numbers.

use yew::prelude::*;

use crate::format;
use crate::ui::{
    timeline::kept::Shown,
    timeline::spent::{activities, idle_us, spent},
};

#[derive(PartialEq, Properties)]
pub struct Props {
    /// The sample that is shown.
    pub shown: Option<Shown>,
}

/// The time that each lane spent on each activity.
#[component]
pub fn LaneTable(props: &Props) -> Html {
    let Some(sample) = &props.shown else {
        return html! { <p>{ "No trial has ended yet." }</p> };
    };
    let spent = spent(sample);
    let columns = activities(&spent);
    let cell = |id: &'static str, us: f64| {
        html! { <td class="number" data-activity={id} data-value={us.to_string()}>{ format::duration(us) }</td> }
    };
    let rows = spent.iter().zip(1..).map(|(lane, number)| {
        html! {
            <tr key={number}>
                <th scope="row">{ format!("lane {number}") }</th>
                { for columns.iter().map(|&activity| cell(activity.id(), lane[activity as usize])) }
                { cell("idle", idle_us(lane, sample.total_us)) }
            </tr>
        }
    });
    html! {
        <table id="lane-times">
            <thead>
                <tr>
                    <th scope="col">{ "Lane" }</th>
                    { for columns.iter().map(|activity| html! { <th scope="col" class="number">{ activity.name() }</th> }) }
                    <th scope="col" class="number">{ "idle" }</th>
                </tr>
            </thead>
            <tbody>{ for rows }</tbody>
        </table>
    }
}
