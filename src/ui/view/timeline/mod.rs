//! The timeline of one trial: what every lane did, and when.

mod draw;
mod lane_table;
mod plot;

use yew::prelude::*;

use crate::browser::page::{self, download::download};
use crate::domain::{Activity, Point};
use crate::experiment::Experiment;
use crate::hand_over::hand_overs;
use crate::overlap::Overlap;
use crate::trace::trace;
use crate::ui::{
    state::Action,
    text,
    timeline::gesture::{Wish, wish},
    timeline::kept::{Shown, Which},
    timeline::{Timeline, TimelineAction, words},
};

use super::Dispatch;
use lane_table::LaneTable;
use plot::Plot;

/// The timeline's card; the chart leads there.
pub const CARD_ID: &str = "timeline";
/// The element in it that takes the keys.
pub const PLOT_ID: &str = "timeline-plot";

#[derive(PartialEq, Properties)]
pub struct Props {
    /// The samples, and which one is shown.
    pub timeline: Timeline,
    /// The experiment that they belong to.
    pub experiment: Option<Experiment>,
    /// The cores that the machine reports.
    pub cores: Option<u32>,
    /// Whether an experiment runs.
    pub running: bool,
    /// Takes what is chosen.
    pub dispatch: Dispatch,
}

/// The timeline with its choices, its overlap, its table and its file.
#[component]
pub fn TimelineCard(props: &Props) -> Html {
    let Props { timeline, experiment, cores, running, dispatch } = props;
    let shown = timeline.shown();
    let holds_gil = match (experiment, &shown) {
        (Some(experiment), Some(sample)) => experiment.computes_under_gil(sample.trial.point.model),
        _ => false,
    };
    let overlap = use_memo(shown.clone(), |shown| shown.as_ref().map(|sample| Overlap::of(&sample.lanes)));
    html! {
        <section class="card timeline" id={CARD_ID} aria-labelledby="timeline-title">
            <h2 id="timeline-title">{ "Timeline" }</h2>
            <div class="toolbar">
                <div class="choices">
                    { point_choice(timeline, dispatch) }
                    { which_choice(timeline, dispatch) }
                </div>
                { zoom_buttons(shown.is_some(), dispatch) }
                <TraceButton shown={shown.clone()} experiment={experiment.clone()} {holds_gil} />
            </div>
            <Plot
                shown={shown.clone()}
                {holds_gil}
                window={shown.as_ref().map(|sample| timeline.window(sample.total_us))}
                read={timeline.read}
                by_key={timeline.by_key}
                running={*running}
                dispatch={dispatch.clone()}
            />
            <ul class="activities" aria-label="Colours">
                { for Activity::ALL.map(|activity| html! {
                    <li><span class="colour" data-activity={activity.id()}></span>{ activity.name() }</li>
                }) }
                <li><span class="colour" data-activity="idle"></span>{ "idle" }</li>
            </ul>
            <p class="overlap" id="overlap"
                data-mean={overlap.map(|overlap| overlap.mean.to_string())}
                data-parallel={overlap.map(|overlap| overlap.parallel_part().to_string())}>
                { words::overlap(*overlap, *cores) }
            </p>
            <p class="basis">{ words::trial(shown.as_deref(), timeline.point.is_none(), *running) }</p>
            <details>
                <summary>{ "What each lane spent its time on" }</summary>
                <div class="scroll" tabindex="0" role="region" aria-label="Table of the lanes">
                    <LaneTable {shown} />
                </div>
            </details>
        </section>
    }
}

/// Chooses the point whose trials are shown.
fn point_choice(timeline: &Timeline, dispatch: &Dispatch) -> Html {
    let points = timeline.kept.points();
    let chosen = timeline.point;
    let onchange = {
        let (points, dispatch) = (points.clone(), dispatch.clone());
        move |event: Event| {
            let point = page::value_of(&event).parse::<usize>().ok().and_then(|at| points.get(at).copied());
            dispatch.dispatch(Action::Timeline(TimelineAction::Open(point)));
        }
    };
    let option = |(at, point): (usize, &Point)| {
        html! {
            <option key={at} value={at.to_string()} selected={chosen == Some(*point)}
                data-model={point.model.name()} data-lanes={point.lanes.to_string()}>
                { text::point(*point) }
            </option>
        }
    };
    html! {
        <label>
            { "Trial of " }
            <select id="timeline-point" aria-label="Trial of which point" {onchange} disabled={points.is_empty()}>
                <option key="latest" value="" selected={chosen.is_none()}>{ "whatever ended last" }</option>
                { for points.iter().enumerate().map(option) }
            </select>
        </label>
    }
}

/// Chooses one of the point's trials.
fn which_choice(timeline: &Timeline, dispatch: &Dispatch) -> Html {
    let onchange = {
        let dispatch = dispatch.clone();
        move |event: Event| {
            let name = page::value_of(&event);
            if let Some(which) = Which::ALL.into_iter().find(|which| which.name() == name) {
                dispatch.dispatch(Action::Timeline(TimelineAction::Pick(which)));
            }
        }
    };
    let option = |which: Which| {
        let is_there = timeline.point.is_some_and(|point| timeline.kept.sample(point, which).is_some());
        html! {
            <option key={which.name()} value={which.name()} selected={timeline.which == which} disabled={!is_there}>
                { which.name() }
            </option>
        }
    };
    html! {
        <label>
            { "the " }
            <select id="timeline-which" aria-label="Which of the point’s trials" {onchange} disabled={timeline.point.is_none()}>
                { for Which::ALL.map(option) }
            </select>
        </label>
    }
}

/// The keys that zoom, as buttons.
fn zoom_buttons(enabled: bool, dispatch: &Dispatch) -> Html {
    let button = |key: &'static str, sign: &'static str, name: &'static str| {
        let dispatch = dispatch.clone();
        let onclick = move |_: MouseEvent| tell(&dispatch, wish(key, false));
        html! {
            <button type="button" class="quiet" aria-label={name} title={name} disabled={!enabled} {onclick}>
                { sign }
            </button>
        }
    };
    html! {
        <div class="zoom" role="group" aria-label="Zoom">
            { button("-", "−", "Zoom out") }
            { button("+", "+", "Zoom in") }
            { button("Home", "Whole", "Show the whole trial") }
        </div>
    }
}

fn tell(dispatch: &Dispatch, wish: Option<Wish>) {
    if let Some(wish) = wish {
        dispatch.dispatch(Action::Timeline(TimelineAction::Wish(wish)));
    }
}

#[derive(PartialEq, Properties)]
struct TraceProps {
    shown: Option<Shown>,
    experiment: Option<Experiment>,
    holds_gil: bool,
}

/// Hands the trial to the visitor as a Trace Event file.
#[component]
fn TraceButton(props: &TraceProps) -> Html {
    let refusal = use_state(|| None::<String>);
    let onclick = {
        let TraceProps { shown, experiment, holds_gil } = props;
        let (shown, experiment, holds_gil) = (shown.clone(), experiment.clone(), *holds_gil);
        let refusal = refusal.clone();
        move |_: MouseEvent| {
            let (Some(sample), Some(experiment)) = (&shown, &experiment) else { return };
            let hand_overs = if holds_gil { hand_overs(&sample.lanes) } else { Vec::new() };
            let file = trace(sample, &words::title(experiment, sample), &hand_overs);
            let name = words::file_name(experiment, sample);
            refusal.set(download(&name, "application/json", &file).err());
        }
    };
    html! {
        <>
            <button type="button" class="quiet" id="timeline-trace" disabled={props.shown.is_none()} {onclick}
                title="A file that Perfetto and the Firefox Profiler open">
                { "Save as trace" }
            </button>
            <p class="refusal" role="alert">{ refusal.as_ref().cloned() }</p>
        </>
    }
}
