//! The timeline of one trial: what every lane did, and when.

mod draw;
mod plot;

use yew::prelude::*;

use crate::browser::page::{self, download::download};
use crate::domain::{Activity, Point};
use crate::experiment::Experiment;
use crate::format;
use crate::hand_over::hand_overs;
use crate::overlap::Overlap;
use crate::trace::trace;
use crate::ui::{
    state::Action,
    timeline::gesture::command_of,
    timeline::kept::{ShownSample, Which},
    timeline::reading::{activities, idle_us, spent},
    timeline::words as sentences,
    timeline::{Timeline, TimelineAction},
};

use super::controls::Dispatch;
use plot::{Plot, send};

pub use plot::PLOT_ID;

/// The timeline's card; the chart leads there.
pub const CARD_ID: &str = "timeline";

mod words {
    pub const TIMELINE: &str = "Timeline";
    pub const COLOURS: &str = "Colours";
    pub const IDLE: &str = "idle";
    pub const LANE: &str = "Lane";
    pub const NO_TRIAL: &str = "No trial has ended yet.";
    pub const LANE_TABLE: &str = "What each lane spent its time on";
    pub const ABOUT_TABLE: &str = "Table of the lanes";
    pub const SHOW: &str = "Show: ";
    pub const SHOWN_POINT: &str = "The point whose trial is shown";
    pub const MOST_RECENT: &str = "most recent trial";
    pub const TRIAL: &str = "Trial: ";
    pub const SHOWN_TRIAL: &str = "Which of the point’s trials is shown";
    pub const ZOOM: &str = "Zoom";
    pub const ZOOM_OUT: &str = "Zoom out";
    pub const ZOOM_IN: &str = "Zoom in";
    pub const FIT: &str = "Fit";
    pub const WHOLE_TRIAL: &str = "Fit the whole trial";
    pub const SAVE: &str = "Save as trace";
    pub const ABOUT_TRACE: &str = "A file that Perfetto and the Firefox Profiler open";
}

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
    // What only Python does is named where it was done.
    let is_named = |activity: &Activity| {
        let was_done = |sample: &ShownSample| sample.lanes.iter().flatten().any(|s| s.activity == *activity);
        !activity.is_of_python() || shown.as_ref().is_some_and(was_done)
    };
    let overlap = use_memo(shown.clone(), |shown| shown.as_ref().map(|sample| Overlap::of(&sample.lanes)));
    html! {
        <section class="card timeline" id={CARD_ID} aria-labelledby="timeline-title">
            <h2 id="timeline-title">{ words::TIMELINE }</h2>
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
            <ul class="activities" aria-label={words::COLOURS}>
                { for Activity::ALL.iter().copied().filter(is_named).map(|activity| html! {
                    <li><span class="colour" data-activity={activity.id()}></span>{ activity.name() }</li>
                }) }
                <li><span class="colour" data-activity="idle"></span>{ words::IDLE }</li>
            </ul>
            <p class="overlap" id="overlap"
                data-mean={overlap.map(|overlap| overlap.mean.to_string())}
                data-parallel={overlap.map(|overlap| overlap.parallel_part().to_string())}>
                { sentences::overlap(*overlap, *cores) }
            </p>
            <p class="basis">{ sentences::trial(shown.as_deref(), timeline.point.is_none(), *running) }</p>
            <details>
                <summary>{ words::LANE_TABLE }</summary>
                <div class="scroll" tabindex="0" role="region" aria-label={words::ABOUT_TABLE}>
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
                { point.to_string() }
            </option>
        }
    };
    html! {
        <label>
            { words::SHOW }
            <select id="timeline-point" aria-label={words::SHOWN_POINT} {onchange} disabled={points.is_empty()}>
                <option key="latest" value="" selected={chosen.is_none()}>{ words::MOST_RECENT }</option>
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
            if let Some(which) = Which::ALL.iter().copied().find(|which| which.name() == name) {
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
            { words::TRIAL }
            <select id="timeline-which" aria-label={words::SHOWN_TRIAL} {onchange} disabled={timeline.point.is_none()}>
                { for Which::ALL.iter().copied().map(option) }
            </select>
        </label>
    }
}

/// The keys that zoom, as buttons.
fn zoom_buttons(enabled: bool, dispatch: &Dispatch) -> Html {
    let button = |key: &'static str, sign: &'static str, name: &'static str| {
        let dispatch = dispatch.clone();
        let onclick = move |_: MouseEvent| send(&dispatch, command_of(key, false));
        html! {
            <button type="button" class="quiet" aria-label={name} title={name} disabled={!enabled} {onclick}>
                { sign }
            </button>
        }
    };
    html! {
        <div class="zoom" role="group" aria-label={words::ZOOM}>
            { button("-", "−", words::ZOOM_OUT) }
            { button("+", "+", words::ZOOM_IN) }
            { button("Home", words::FIT, words::WHOLE_TRIAL) }
        </div>
    }
}

#[derive(PartialEq, Properties)]
struct TableProps {
    /// The sample that is shown.
    shown: Option<ShownSample>,
}

/// The time that each lane spent on each activity.
#[component]
fn LaneTable(props: &TableProps) -> Html {
    let Some(sample) = &props.shown else {
        return html! { <p>{ words::NO_TRIAL }</p> };
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
                    <th scope="col">{ words::LANE }</th>
                    { for columns.iter().map(|activity| html! { <th scope="col" class="number">{ activity.name() }</th> }) }
                    <th scope="col" class="number">{ words::IDLE }</th>
                </tr>
            </thead>
            <tbody>{ for rows }</tbody>
        </table>
    }
}

#[derive(PartialEq, Properties)]
struct TraceProps {
    shown: Option<ShownSample>,
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
            let file = trace(sample, &sentences::title(experiment, sample), &hand_overs);
            let name = sentences::file_name(experiment, sample);
            refusal.set(download(&name, "application/json", &file).err());
        }
    };
    html! {
        <>
            <button type="button" class="quiet" id="timeline-trace" disabled={props.shown.is_none()} {onclick}
                title={words::ABOUT_TRACE}>
                { words::SAVE }
            </button>
            <p class="refusal" role="alert">{ refusal.as_ref().cloned() }</p>
        </>
    }
}
