//! The curves of one model on several machines, over each other.

use yew::prelude::*;

use crate::domain::Model;
use crate::report::{
    Report,
    compare::{Reading, models_of},
};
use crate::stats::Estimate;
use crate::ui::{
    figure::Metric,
    reports::{Reports, ReportsAction},
    scale::{Axes, Scale, quarter_octaves},
    state::Action,
    view::controls::Dispatch,
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

/// What tells a report from the others: as many lines as can be told apart.
const LOOKS: [(&str, &str); 6] = [
    ("look-1", "M-5 0A5 5 0 1 1 5 0A5 5 0 1 1 -5 0Z"),
    ("look-2", "M-4.5 -4.5H4.5V4.5H-4.5Z"),
    ("look-3", "M0 -5.5L5.8 4.5H-5.8Z"),
    ("look-4", "M0 -6L6 0L0 6L-6 0Z"),
    ("look-5", "M0 5.5L5.8 -4.5H-5.8Z"),
    ("look-6", "M-6 -2H-2V-6H2V-2H6V2H2V6H-2V2H-6Z"),
];

/// The line and marker of the report at that place.
pub fn swatch(at: usize) -> Html {
    let (class, outline) = LOOKS[at % LOOKS.len()];
    html! {
        <svg class={classes!("swatch", class)} viewBox="-14 -8 28 16" aria-hidden="true">
            <path class="line" d="M-14 0H14" />
            <path class="marker" d={outline} />
        </svg>
    }
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
    let readings = Reading::ALL.map(|reading| html! {
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
            <li>{ swatch(at) }{ title }if curve.is_empty() { <span class="said">{ "(no figures)" }</span> }</li>
        }
    });
    let what = match props.reading {
        Reading::SpeedUp => "times as fast as its own single lane".to_owned(),
        Reading::Normalised => format!("times as fast as one lane of {}", props.titles[props.baseline]),
        Reading::Time => "time of a trial".to_owned(),
    };
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
                    { drawn(size, &what, &curves, props.reading) }
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

fn drawn((width, height): (f64, f64), what: &str, curves: &[Vec<(u32, Estimate)>], reading: Reading) -> Html {
    let metric = metric_of(reading);
    let (left, right, top, bottom) = (52.0, (width - 20.0).max(120.0), 30.0, (height - 44.0).max(90.0));
    let mut lane_counts: Vec<u32> = curves.iter().flatten().map(|(lanes, _)| *lanes).collect();
    lane_counts.sort_unstable();
    lane_counts.dedup();
    let fewest = f64::from(lane_counts.first().copied().unwrap_or(1));
    let most = f64::from(lane_counts.last().copied().unwrap_or(1));
    // A single lane count stands in the middle.
    let lanes = if fewest < most { (fewest, most) } else { (fewest / 2.0, fewest * 2.0) };
    let x = Scale::new(Axes::Log, lanes, (left + 28.0, right - 28.0));
    let ends = curves.iter().flatten().flat_map(|(_, estimate)| [estimate.lo, estimate.hi]);
    let ends = ends.filter(|end| *end > 0.0);
    let (lo, hi) = ends.fold((f64::INFINITY, 0.0), |(lo, hi), end| (end.min(lo), end.max(hi)));
    let domain = match reading {
        _ if hi == 0.0 => (0.5, 4.0),
        Reading::Time => quarter_octaves(lo, hi.max(lo * 2.0)),
        // One is in the picture: above it, lanes help.
        _ => quarter_octaves(lo.min(0.9), hi.max(2.0)),
    };
    let y = Scale::new(Axes::Log, domain, (bottom, top));
    let rows = metric.ticks(&y).into_iter().map(|tick| {
        let at = px(y.place(tick));
        html! {
            <g>
                <line class="grid" x1={px(left)} x2={px(right)} y1={at.clone()} y2={at.clone()} />
                <text x={px(left - 8.0)} y={at} dy="0.35em" text-anchor="end">{ metric.write_tick(tick) }</text>
            </g>
        }
    });
    let columns = lane_counts.iter().map(|&lanes| {
        let at = px(x.place(lanes.into()));
        html! {
            <g>
                <line class="grid" x1={at.clone()} x2={at.clone()} y1={px(top)} y2={px(bottom + 5.0)} />
                <text x={at} y={px(bottom + 19.0)} text-anchor="middle">{ lanes }</text>
            </g>
        }
    });
    // Reports stand a little beside each other, or those that do equally well would hide one another.
    let beside = |at: usize| 6.0 * (at as f64 - (curves.len() as f64 - 1.0) / 2.0).clamp(-4.0, 4.0);
    let lines = curves.iter().enumerate().map(|(at, curve)| {
        let (class, outline) = LOOKS[at % LOOKS.len()];
        let x_of = |lanes: u32| x.place(lanes.into()) + beside(at);
        let mut path = String::new();
        for (lanes, estimate) in curve {
            path.push_str(if path.is_empty() { "M" } else { "L" });
            path.push_str(&format!("{:.1} {:.1}", x_of(*lanes), y.place(estimate.value)));
        }
        let points = curve.iter().map(|(lanes, estimate)| {
            let middle = y.place(estimate.value);
            let (up, down) = (y.place(estimate.hi) - middle, y.place(estimate.lo) - middle);
            html! {
                <g class="point" transform={format!("translate({:.1} {middle:.1})", x_of(*lanes))}>
                    <path class="whisker" d={format!("M0 {up:.1}V{down:.1}M-4 {up:.1}H4M-4 {down:.1}H4")} />
                    <path class="marker" d={outline} />
                </g>
            }
        });
        html! { <g class={classes!("series", class)}><path class="line" d={path} />{ for points }</g> }
    });
    html! {
        <>
            <g class="axes">
                { for rows }
                { for columns }
                <text class="title" x={px(left)} y="13">{ what }</text>
                <text class="title" x={px((left + right) / 2.0)} y={px(bottom + 38.0)} text-anchor="middle">{ "lanes" }</text>
            </g>
            { for lines }
        </>
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

/// A coordinate, to the tenth of a pixel.
fn px(value: f64) -> String {
    format!("{value:.1}")
}
