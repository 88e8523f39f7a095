//! What tells one machine from another, as a table.

use yew::prelude::*;

use crate::chart::Style;
use crate::format::NOTHING;
use crate::report::{Report, compare::Quantity};
use crate::ui::{reports::ReportsAction, state::Action, view::controls::Dispatch, view::paint::swatch};

mod words {
    pub const DIFFERENCES: &str = "Differences";
    pub const TABLE: &str = "Table of the machines";
    pub const WHAT_IS_SHOWN: &str = "Medians with intervals of 95\u{a0}%. Below each: how it differs from the baseline, as far as the intervals can tell.";
    pub const MACHINE: &str = "Machine";
    pub const CORES: &str = "Cores";
    pub const BASELINE: &str = "baseline";
    pub const REMOVE: &str = "Remove";

    pub fn remove(title: &str) -> String {
        format!("{REMOVE} {title}")
    }
}

#[derive(PartialEq, Properties)]
pub struct Props {
    /// What is compared.
    pub reports: Vec<Report>,
    /// What they are called.
    pub titles: Vec<String>,
    /// Which of them the others are compared with.
    pub baseline: usize,
    /// Takes what is chosen.
    pub dispatch: Dispatch,
}

/// A row for each report, with what is real of its differences from the baseline.
#[component]
pub fn Differences(props: &Props) -> Html {
    let rows = props.reports.iter().enumerate().map(|(at, report)| row(at, report, props));
    html! {
        <section class="card figures" aria-labelledby="differences-title">
            <h2 id="differences-title">{ words::DIFFERENCES }</h2>
            <div class="scroll" tabindex="0" role="region" aria-label={words::TABLE}>
                <table id="machines">
                    <caption>{ words::WHAT_IS_SHOWN }</caption>
                    <thead>
                        <tr>
                            <th scope="col">{ words::MACHINE }</th>
                            <th scope="col" class="number">{ words::CORES }</th>
                            { for Quantity::ALL.iter().copied().map(|quantity| html! { <th scope="col" class="number">{ quantity.name() }</th> }) }
                            <th scope="col"><span class="unseen">{ words::REMOVE }</span></th>
                        </tr>
                    </thead>
                    <tbody>{ for rows }</tbody>
                </table>
            </div>
        </section>
    }
}

fn row(at: usize, report: &Report, props: &Props) -> Html {
    let Some(baseline) = props.reports.get(props.baseline) else { return html! {} };
    let is_baseline = at == props.baseline;
    let title = &props.titles[at];
    let act = |action: ReportsAction| {
        let dispatch = props.dispatch.clone();
        move || dispatch.dispatch(Action::Reports(action.clone()))
    };
    let (choose, remove) = (act(ReportsAction::Baseline(at)), act(ReportsAction::Remove(at)));
    let cells = Quantity::ALL.iter().copied().map(|quantity| {
        let found = quantity.of(report);
        let difference = quantity.difference(report, baseline).filter(|_| !is_baseline);
        html! {
            <td class="number" data-quantity={quantity.id()} data-value={found.map(|found| found.estimate.value.to_string())}
                data-difference={difference.map(|difference| difference.direction.id())}>
                { found.map_or_else(|| NOTHING.to_owned(), |found| quantity.write(found.estimate.value)) }
                if let Some(found) = found {
                    <span class="interval">{ quantity.write_interval(found.estimate) }</span>
                    if let Some(point) = found.at { <span class="note">{ point.to_string() }</span> }
                }
                if let Some(difference) = difference { <span class="difference">{ difference.to_string() }</span> }
            </td>
        }
    });
    html! {
        <tr>
            <th scope="row">
                { swatch(Style::of_report(at)) }{ title }
                <label class="note choice">
                    <input type="radio" name="baseline" checked={is_baseline} onchange={move |_: Event| choose()} />
                    { words::BASELINE }
                </label>
            </th>
            <td class="number">{ report.machine.reported_cores.map_or_else(|| NOTHING.to_owned(), |cores| cores.to_string()) }</td>
            { for cells }
            <td><button class="quiet" type="button" aria-label={words::remove(title)} onclick={move |_: MouseEvent| remove()}>{ words::REMOVE }</button></td>
        </tr>
    }
}
