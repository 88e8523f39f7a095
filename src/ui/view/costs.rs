//! What lanes cost beside the computing.

use yew::prelude::*;

use crate::cost::{Cost, CostGroup, CostSummary, Unit};
use crate::format::{self, NOTHING};
use crate::ui::state::Costs;

use super::session::Session;

#[derive(PartialEq, Properties)]
pub struct Props {
    /// What is known of them.
    pub costs: Costs,
    /// Whether they can be measured now.
    pub ready: bool,
    /// Measures them.
    pub session: Session,
}

/// The costs, and the button that measures them.
#[component]
pub fn CostsCard(props: &Props) -> Html {
    let measuring = props.costs.measuring;
    let session = props.session.clone();
    let onclick = move |_: MouseEvent| match measuring {
        Some(_) => session.stop.emit(()),
        None => session.measure_costs.emit(()),
    };
    let progress =
        measuring.map(|(cost, done, all)| format!("{}: {cost}, {} of {all}", cost.group().title(), done + 1));
    html! {
        <section class="card costs" id="costs" aria-labelledby="costs-title"
            data-state={if measuring.is_some() { "running" } else { "idle" }}>
            <h2 id="costs-title">{ "What lanes cost" }</h2>
            <p>{ "Starting them, handing them data, ending them, and keeping the page alive meanwhile: each measured by itself." }</p>
            <div class="measure">
                <button id="measure-costs" class="quiet" type="button" disabled={!props.ready} {onclick}>
                    { if measuring.is_some() { "Stop" } else { "Measure the costs" } }
                </button>
                <span class="doing">{ progress }</span>
            </div>
            if !props.costs.measured.is_empty() {
                <div class="scroll" tabindex="0" role="region" aria-label="Table of the costs">
                    <table id="cost-figures">
                        <caption>{ "Medians, with their intervals" }</caption>
                        { for CostGroup::ALL.map(|group| rows(group, &props.costs.measured)) }
                    </table>
                </div>
            }
        </section>
    }
}

fn rows(group: CostGroup, measured: &[CostSummary]) -> Html {
    let mut rows = measured.iter().filter(|summary| summary.cost.group() == group).peekable();
    if rows.peek().is_none() {
        return html! {};
    }
    html! {
        <tbody>
            <tr><th scope="rowgroup" colspan="2">{ group.title() }</th></tr>
            { for rows.map(row) }
        </tbody>
    }
}

fn row(summary: &CostSummary) -> Html {
    let (figure, interval) = match (&summary.figure, summary.cost.unit()) {
        // Sooner than the clock can tell.
        (Some(us), Unit::Time) if us.value == 0.0 => ("at once".to_owned(), String::new()),
        (Some(us), Unit::Time) => (format::duration(us.value), format::duration_interval(us.lo, us.hi)),
        (Some(bytes), Unit::Memory) => (format::memory(bytes.value as u64), String::new()),
        (None, _) => (NOTHING.to_owned(), String::new()),
    };
    let value = summary.figure.map(|figure| figure.value.to_string());
    let tasks = summary.tasks.map(|(lost, done)| {
        format!(
            "{} done, {} lost",
            format::count(done, "task"),
            if lost == 0 { "none".to_owned() } else { lost.to_string() }
        )
    });
    html! {
        <tr data-cost={id(summary.cost)} data-value={value}>
            <th scope="row">
                { summary.cost.to_string() }
                if let Some(tasks) = tasks { <span class="note">{ tasks }</span> }
                if let Some(error) = &summary.error { <span class="note">{ error }</span> }
            </th>
            <td class="number">{ figure }{ " " }<span class="interval">{ interval }</span></td>
        </tr>
    }
}

/// The cost's name in attributes.
fn id(cost: Cost) -> String {
    cost.to_string().replace([',', ';', '\''], "").replace(' ', "-")
}
