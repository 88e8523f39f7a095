//! Which tasks failed, and what a pipeline counted.

use std::rc::Rc;

use yew::prelude::*;

use crate::experiment::Experiment;
use crate::summary::Summary;
use crate::ui::waiting::{Bars, charts, failed_tasks, trials_with_failures};
use crate::workload::io::Counts;

#[derive(PartialEq, Properties)]
pub struct FailedProps {
    /// What was run.
    pub experiment: Option<Experiment>,
    /// What is known of it.
    pub summary: Rc<Summary>,
}

/// The tasks that failed, each with its reason.
#[component]
pub fn FailedTasks(props: &FailedProps) -> Html {
    let lines = props.experiment.as_ref().map(|experiment| failed_tasks(experiment, &props.summary));
    let lines = lines.unwrap_or_default();
    if lines.is_empty() {
        return html! {};
    }
    let trials: u32 = props.summary.points.iter().map(|point| point.incomplete).sum();
    html! {
        <section class="failed-tasks" aria-label="Failed tasks">
            <p>{ trials_with_failures(trials) }</p>
            <ul id="failed-tasks" class="failures">
                { for lines.into_iter().map(|(who, why)| html! { <li><strong>{ who }</strong>{ ": " }{ why }</li> }) }
            </ul>
        </section>
    }
}

#[derive(PartialEq, Properties)]
pub struct CountsProps {
    /// What the last trial of a pipeline counted.
    pub counts: Option<Rc<Counts>>,
}

/// Small charts of what a pipeline counted.
#[component]
pub fn CountsCard(props: &CountsProps) -> Html {
    let Some(counts) = &props.counts else { return html! {} };
    html! {
        <section class="card counts" id="counts" data-mails={counts.mails.to_string()} aria-labelledby="counts-title">
            <h2 id="counts-title">{ format!("What stands in the {} mails", counts.mails) }</h2>
            <div class="small-charts">{ for charts(counts).into_iter().map(chart) }</div>
        </section>
    }
}

/// A table with a bar to each number.
fn chart((title, bars): Bars) -> Html {
    let most = bars.iter().map(|&(_, number)| number).max().unwrap_or(0).max(1);
    let rows = bars.into_iter().map(|(name, number)| {
        let width = (100 * number / most).to_string();
        html! {
            <tr>
                <th scope="row">{ name }</th>
                <td class="number">{ number }</td>
                <td class="bar" aria-hidden="true">
                    <svg viewBox="0 0 100 10" preserveAspectRatio="none"><rect {width} height="10" /></svg>
                </td>
            </tr>
        }
    });
    html! { <table><caption>{ title }</caption><tbody>{ for rows }</tbody></table> }
}
