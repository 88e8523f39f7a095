//! The figures of the chart as tables, for those who cannot see it or want the numbers.

use std::rc::Rc;

use yew::prelude::*;

use crate::chart::Metric;
use crate::experiment::Experiment;
use crate::format::{self, NOTHING};
use crate::scaling::CurveSummary;
use crate::stats::Estimate;
use crate::summary::{PointSummary, Summary};
use crate::ui::text;

use super::paint::swatch;
use super::waiting::FailedTasks;

mod words {
    pub const FIGURES: &str = "Figures";
    pub const FIGURES_TABLE: &str = "Table of the figures";
    pub const NO_RESULTS: &str = "No results yet.";
    pub const COLUMNS: [&str; 5] = ["Lanes", "Time", "Speed-up", "Efficiency", "Samples"];
    pub const MODEL: &str = "Model";
    pub const WARM_UP: &str = "warm-up";
    pub const FAILED: &str = "failed";
    pub const ANSWERS_AGREE: &str = "All results match the serial run.";
    pub const WRONG_ANSWERS: &str = "Some answers were wrong: their times are not counted.";

    pub const SPLITS: &str = "Where the time went";
    pub const SPLITS_TABLE: &str = "Table of where the time went";
    pub const WHAT_SPLITS_ARE: &str = "Medians. Spawn and join are the whole trial's, the others are added up over its lanes; first result: time since the trial started.";
    pub const PARTS: [&str; 12] = [
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
    pub const IN_ORDER: &str = "kept";
    pub const NOT_IN_ORDER: &str = "not kept";

    pub const SCALING: &str = "How each model scales";
    pub const SCALING_TABLE: &str = "Table of how each model scales";
    pub const LAWS: [&str; 5] = [MODEL, "With more lanes", "Serial fraction", "Contention", "Coherency"];

    pub fn results_of(experiment: &str) -> String {
        format!("Results: {experiment}.")
    }

    pub fn incomplete(median: &str) -> String {
        format!("{median} where tasks failed")
    }
}

#[derive(PartialEq, Properties)]
pub struct FiguresProps {
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
pub fn FiguresCard(props: &FiguresProps) -> Html {
    let caption = match &props.experiment {
        Some(experiment) => words::results_of(&text::work(experiment, &props.summary.fallbacks)),
        None => words::NO_RESULTS.to_owned(),
    };
    let points = &props.summary.points;
    let too_small =
        props.experiment.as_ref().and_then(|experiment| text::too_small(experiment, &props.summary));
    let agree = match props.answers_agree {
        None => "",
        Some(true) => words::ANSWERS_AGREE,
        Some(false) => words::WRONG_ANSWERS,
    };
    let failures = text::failures(&props.summary)
        .into_iter()
        .map(|(who, why)| html! { <li><strong>{ who }{ " failed. " }</strong>{ why }</li> });
    html! {
        <section class="card figures" aria-label={words::FIGURES}>
            <div class="scroll" tabindex="0" role="region" aria-label={words::FIGURES_TABLE}>
                <table id="results">
                    <caption>{ caption }</caption>
                    <thead>
                        <tr>
                            <th scope="col">{ words::MODEL }</th>
                            { for words::COLUMNS.map(number_head) }
                        </tr>
                    </thead>
                    <tbody>{ for points.iter().map(figures_row) }</tbody>
                </table>
            </div>
            { for too_small.map(|words| html! { <p id="too-small" class="notice">{ words }</p> }) }
            <p id="answers" class="answers" data-agree={props.answers_agree.map(|agree| agree.to_string())}>{ agree }</p>
            <ul id="failures" class="failures">{ for failures }</ul>
            <FailedTasks experiment={props.experiment.clone()} summary={props.summary.clone()} />
            if props.has_splits {
            <details class="splits">
                <summary>{ words::SPLITS }</summary>
                <div class="scroll" tabindex="0" role="region" aria-label={words::SPLITS_TABLE}>
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
        (0, _) if summary.warm_up_us.is_some() => words::WARM_UP.to_owned(),
        (0, _) if summary.failures > 0 => words::FAILED.to_owned(),
        (0, _) if summary.incomplete > 0 => {
            words::incomplete(&summary.incomplete_us.map_or_else(String::new, format::duration))
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

/// The head of a column of numbers.
fn number_head(name: &'static str) -> Html {
    html! { <th scope="col" class="number">{ name }</th> }
}

/// The head of a point's row.
fn head(summary: &PointSummary) -> Html {
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

#[derive(PartialEq, Properties)]
pub struct SummaryProps {
    /// What is known of every point and curve.
    pub summary: Rc<Summary>,
}

/// The median of every part of the time, of the first result's time, and of the memory.
#[component]
fn SplitsTable(props: &SummaryProps) -> Html {
    html! {
        <table id="splits">
            <caption>
                { words::WHAT_SPLITS_ARE }
            </caption>
            <thead>
                <tr>
                    <th scope="col">{ words::MODEL }</th>
                    { for words::PARTS.map(number_head) }
                </tr>
            </thead>
            <tbody>{ for props.summary.points.iter().map(splits_row) }</tbody>
        </table>
    }
}

fn splits_row(summary: &PointSummary) -> Html {
    let split = &summary.split;
    let measured = summary.samples > 0;
    let time = |part, us: f64| cell(part, measured.then(|| (us.to_string(), format::duration(us))));
    let order = if summary.in_order { words::IN_ORDER } else { words::NOT_IN_ORDER };
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

/// Where more lanes stop helping, and the laws that say why.
#[component]
pub fn ScalingTable(props: &SummaryProps) -> Html {
    let curves = &props.summary.curves;
    html! {
        <details class="laws">
            <summary>{ words::SCALING }</summary>
            if curves.is_empty() {
                <p>{ text::nothing_fitted() }</p>
            } else {
                <p>{ text::laws(props.summary.scaling()) }</p>
                <div class="scroll" tabindex="0" role="region" aria-label={words::SCALING_TABLE}>
                    <table id="scaling">
                        <thead>
                            <tr>
                                { for words::LAWS[..2].iter().map(|name| html! { <th scope="col">{ *name }</th> }) }
                                { for words::LAWS[2..].iter().copied().map(number_head) }
                            </tr>
                        </thead>
                        <tbody>{ for curves.iter().map(scaling_row) }</tbody>
                    </table>
                </div>
            }
        </details>
    }
}

fn scaling_row(curve: &CurveSummary) -> Html {
    html! {
        <tr data-model={curve.model.name()} data-knee={curve.knee.lanes.to_string()}>
            <th scope="row">{ swatch(curve.model) }{ curve.model.name() }</th>
            <td>{ curve.knee.to_string() }</td>
            { part("serial-fraction", curve.serial_fraction.map(|law| law.fraction)) }
            { part("contention", curve.usl.map(|law| law.contention)) }
            { part("coherency", curve.usl.map(|law| law.coherency)) }
        </tr>
    }
}

/// A part of the work, with its interval.
fn part(name: &'static str, part: Option<Estimate>) -> Html {
    let (value, interval) = match part {
        Some(Estimate { value, lo, hi }) => {
            (format::percent_exact(value), format::percent_exact_interval(lo, hi))
        }
        None => (NOTHING.to_owned(), String::new()),
    };
    html! {
        <td class="number" data-part={name} data-value={part.map(|part| part.value.to_string())}>
            { value }{ " " }<span class="interval">{ interval }</span>
        </td>
    }
}
