//! The curves of one model on several machines, over each other.

use yew::prelude::*;

use crate::chart::{Curves, Metric, Style};
use crate::domain::Model;
use crate::report::{
    Report,
    compare::{Reading, models_of},
};
use crate::stats::Estimate;
use crate::ui::{
    reports::{Reports, ReportsAction},
    state::Action,
    view::controls::Dispatch,
    view::paint::{paint, swatch},
    view::parts::use_size,
};

#[derive(PartialEq, Properties)]
pub struct Props {
    /// What is compared.
    pub reports: Vec<Report>,
    /// What they are called.
    pub titles: Vec<String>,
    /// Which of them the others are compared with.
    pub baseline: usize,
    /// The model that was chosen.
    pub model: Option<Model>,
    /// What is drawn.
    pub reading: Reading,
    /// Takes what is chosen.
    pub dispatch: Dispatch,
}

/// The chart with its switches.
#[component]
pub fn Overlay(props: &Props) -> Html {
    let plot = use_node_ref();
    let size = use_size(&plot, (720.0, 400.0));
    let models = models_of(&props.reports);
    let chosen = Reports { chosen: props.model, ..Reports::default() };
    let Some((model, baseline)) = chosen.model(&models).zip(props.reports.get(props.baseline)) else {
        return html! {};
    };
    let curves: Vec<Vec<(u32, Estimate)>> =
        props.reports.iter().map(|report| props.reading.curve(report, model, baseline)).collect();
    let act = |action: ReportsAction| {
        let dispatch = props.dispatch.clone();
        move |_: Event| dispatch.dispatch(Action::Reports(action.clone()))
    };
    let readings = Reading::ALL.iter().copied().map(|reading| html! {
        <label>
            <input type="radio" name="reading" value={reading.id()} checked={reading == props.reading} onchange={act(ReportsAction::Reading(reading))} />
            <span>{ reading.name() }</span>
        </label>
    });
    let choices = models.iter().map(|&other| html! {
        <label>
            <input type="radio" name="curves" value={other.name()} checked={other == model} onchange={act(ReportsAction::Model(other))} />
            <span>{ other.name() }</span>
        </label>
    });
    let legend = props.titles.iter().zip(&curves).enumerate().map(|(at, (title, curve))| {
        html! {
            <li>{ swatch(Style::of_report(at)) }{ title }if curve.is_empty() { <span class="said">{ "(no figures)" }</span> }</li>
        }
    });
    let what = match props.reading {
        Reading::SpeedUp => "times as fast as its own single lane".to_owned(),
        Reading::Normalised => format!("times as fast as one lane of {}", props.titles[props.baseline]),
        Reading::Time => "time of a trial".to_owned(),
    };
    let chart = Curves { model, metric: metric_of(props.reading), title: &what, curves: &curves }.chart(size);
    html! {
        <section class="card overlay" aria-label="Curves over each other">
            <div class="toolbar">
                <fieldset class="switch"><legend class="unseen">{ "What the chart shows" }</legend>{ for readings }</fieldset>
                <fieldset class="switch"><legend class="unseen">{ "Whose curves" }</legend>{ for choices }</fieldset>
            </div>
            <ul class="overlay-legend">{ for legend }</ul>
            <div class="plot" ref={plot}>
                <svg width={size.0.to_string()} height={size.1.to_string()} role="img"
                    aria-label={format!("{}: {what}, against lanes. The table below has the figures.", model.name())}>
                    { paint(&chart.marks) }
                </svg>
            </div>
            { table(&props.titles, &curves, model, props.reading) }
        </section>
    }
}

const fn metric_of(reading: Reading) -> Metric {
    match reading {
        Reading::SpeedUp | Reading::Normalised => Metric::SpeedUp,
        Reading::Time => Metric::Time,
    }
}

/// The figures of the curves, for those who cannot see them.
fn table(titles: &[String], curves: &[Vec<(u32, Estimate)>], model: Model, reading: Reading) -> Html {
    let metric = metric_of(reading);
    let rows = titles.iter().zip(curves).map(|(title, curve)| {
        let cells = curve.iter().map(|(lanes, estimate)| html! {
            <td class="number">{ format!("{lanes}: {} ", metric.write(estimate.value)) }<span class="interval">{ metric.write_interval(*estimate) }</span></td>
        });
        html! { <tr><th scope="row">{ title }</th>{ for cells }</tr> }
    });
    html! {
        <details class="curves">
            <summary>{ "The curves as a table" }</summary>
            <div class="scroll" tabindex="0" role="region" aria-label="Table of the curves">
                <table id="curves">
                    <caption>{ format!("{}, {}: lanes, figure, interval", reading.name(), model.name()) }</caption>
                    <tbody>{ for rows }</tbody>
                </table>
            </div>
        </details>
    }
}
