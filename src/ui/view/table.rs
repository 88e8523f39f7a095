//! The figures of the chart as tables, for those who cannot see it or want the numbers.

use std::rc::Rc;

use yew::prelude::*;

use crate::chart::Metric;
use crate::experiment::Experiment;
use crate::format::{self, NOTHING};
use crate::stats::Estimate;
use crate::summary::{PointSummary, Summary};
use crate::ui::text;

use super::paint::swatch;
use super::splits::SplitsTable;
use super::waiting::FailedTasks;

#[derive(PartialEq, Properties)]
pub struct Props {
    /// What is known of every point.
    pub summary: Rc<Summary>,
    /// The experiment that it belongs to; `None` before the first run.
    pub experiment: Option<Experiment>,
    /// Whether all answers were right; `None` before there are any.
    pub answers_agree: Option<bool>,
    /// Whether it is known where the time went, which a recorded report does not tell.
    #[prop_or(true)]
    pub has_splits: bool,
}

/// The figures, where the time went, whether the answers agree, and what failed.
#[component]
pub fn Results(props: &Props) -> Html {
    let caption = match &props.experiment {
        Some(experiment) => format!("Figures: {}", text::ran(experiment, &props.summary.fallbacks)),
        None => "Figures: none yet, these points would be measured.".to_owned(),
    };
    let points = &props.summary.points;
    let agree = match props.answers_agree {
        None => "",
        Some(true) => "All answers agree with the serial one.",
        Some(false) => "Some answers were wrong: their times are not counted.",
    };
    let failures = text::failures(&props.summary)
        .into_iter()
        .map(|(who, why)| html! { <li><strong>{ who }{ " failed. " }</strong>{ why }</li> });
    html! {
        <section class="card figures" aria-label="Figures">
            <div class="scroll" tabindex="0" role="region" aria-label="Table of the figures">
                <table id="results">
                    <caption>{ caption }</caption>
                    <thead>
                        <tr>
                            <th scope="col">{ "Model" }</th>
                            <th scope="col" class="number">{ "Lanes" }</th>
                            <th scope="col" class="number">{ "Time" }</th>
                            <th scope="col" class="number">{ "Speed-up" }</th>
                            <th scope="col" class="number">{ "Efficiency" }</th>
                            <th scope="col" class="number">{ "Samples" }</th>
                        </tr>
                    </thead>
                    <tbody>{ for points.iter().map(figures_row) }</tbody>
                </table>
            </div>
            <p id="answers" class="answers" data-agree={props.answers_agree.map(|agree| agree.to_string())}>{ agree }</p>
            <ul id="failures" class="failures">{ for failures }</ul>
            <FailedTasks experiment={props.experiment.clone()} summary={props.summary.clone()} />
            if props.has_splits {
            <details class="splits">
                <summary>{ "Where the time went" }</summary>
                <div class="scroll" tabindex="0" role="region" aria-label="Table of where the time went">
                    if props.experiment.is_some() {
                        <SplitsTable summary={props.summary.clone()} />
                    }
                </div>
            </details>
            }
        </section>
    }
}

fn figures_row(summary: &PointSummary) -> Html {
    let estimate = |metric: Metric| metric.counted(summary);
    let samples = match (summary.samples, summary.outliers) {
        (0, _) if summary.warm_up_us.is_some() => "warm-up".to_owned(),
        (0, _) if summary.failures > 0 => "failed".to_owned(),
        (0, _) if summary.incomplete > 0 => {
            let median = summary.incomplete_us.map_or_else(String::new, format::duration);
            format!("{median} where tasks failed")
        }
        (0, _) => NOTHING.to_owned(),
        (samples, 0) => samples.to_string(),
        (samples, outliers) => format!("{samples}, {}", format::count(outliers, "outlier")),
    };
    html! {
        <tr data-model={summary.point.model.name()} data-lanes={summary.point.lanes.to_string()}
            data-failures={summary.failures.to_string()} data-incomplete={summary.incomplete.to_string()}>
            { head(summary) }
            <td class="number">{ summary.point.lanes }</td>
            { figure_cell(Metric::Time, estimate(Metric::Time)) }
            { figure_cell(Metric::SpeedUp, estimate(Metric::SpeedUp)) }
            { figure_cell(Metric::Efficiency, estimate(Metric::Efficiency)) }
            <td class="number samples" data-figure="samples" data-value={summary.samples.to_string()}>{ samples }</td>
        </tr>
    }
}

/// The head of a point's row.
pub fn head(summary: &PointSummary) -> Html {
    let model = summary.point.model;
    html! { <th scope="row">{ swatch(model) }{ model.name() }</th> }
}

/// A figure and its interval; both have their room from the start.
fn figure_cell(metric: Metric, estimate: Option<Estimate>) -> Html {
    let raw = |end: fn(&Estimate) -> f64| estimate.as_ref().map(|e| end(e).to_string());
    let (value, interval) = match estimate {
        // A single sample has nothing around it, and neither has the baseline's ratio to itself.
        Some(estimate) if estimate.lo == estimate.hi => (metric.write(estimate.value), String::new()),
        Some(estimate) => (metric.write(estimate.value), metric.write_interval(estimate)),
        None => (NOTHING.to_owned(), String::new()),
    };
    html! {
        <td class="number" data-figure={metric.id()} data-value={raw(|e| e.value)} data-lo={raw(|e| e.lo)}
            data-hi={raw(|e| e.hi)}>
            { value }{ " " }<span class="interval">{ interval }</span>
        </td>
    }
}
