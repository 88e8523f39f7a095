//! The chart: a figure of every point against its lanes.

mod axes;
mod frame;
mod knees;
mod legend;
mod readout;
mod series;

use std::rc::Rc;

use yew::prelude::*;

use crate::browser::page;
use crate::domain::{Model, Point};
use crate::summary::Summary;
use crate::ui::{
    figure::{Figure, Metric},
    reading::{NEAR, ON, nearest, step},
    scale::Axes,
    state::{Action, State},
    text,
    timeline::TimelineAction,
};

use super::controls::Dispatch;
use super::parts::use_size;
use super::timeline::{CARD_ID, PLOT_ID};
use axes::axes;
use frame::Frame;
use knees::knees;
use legend::{axes_switch, legend, metric_switch};
use readout::ReadOut;
use series::{end_labels, fit, series};

#[derive(PartialEq, Properties)]
pub struct Props {
    /// What is known of every point.
    pub summary: Rc<Summary>,
    /// The cores up to which the ideal rises.
    pub cores: u32,
    /// The cores that the browser reports.
    pub reported_cores: Option<u32>,
    /// The cores that the run made use of, once that is known.
    pub measured_cores: Option<u32>,
    /// What is drawn against the lanes.
    pub metric: Metric,
    /// How that lies along the axes.
    pub axes: Axes,
    /// The trial that runs, and how much of it is done.
    pub in_progress: Option<(Point, f64)>,
    /// The models that are left out.
    pub hidden: Vec<Model>,
    /// The point that is read out.
    pub selected: Option<Point>,
    /// Takes what is chosen.
    pub dispatch: Dispatch,
}

/// The chart of the page's results.
pub fn chart_of(state: &UseReducerHandle<State>) -> Html {
    html! {
        <Chart
            summary={state.summary.clone()}
            cores={state.cores()}
            reported_cores={state.machine.as_ref().and_then(|machine| machine.reported_cores)}
            measured_cores={state.measured_cores()}
            metric={state.look.metric}
            axes={state.look.axes}
            in_progress={state.trial_in_progress()}
            hidden={state.hidden.clone()}
            selected={state.selected}
            dispatch={state.dispatcher()}
        />
    }
}

/// The chart with its switch and legend.
#[component]
pub fn Chart(props: &Props) -> Html {
    let plot = use_node_ref();
    let size = use_size(&plot, (720.0, 400.0));

    let models = models_of(&props.summary);
    let mut figures = props.metric.figures(&props.summary);
    figures.retain(|figure| !props.hidden.contains(&figure.point.model));
    let frame = Frame::new(size, props, &models, &figures);
    let dispatch = &props.dispatch;
    let selected =
        props.selected.and_then(|point| figures.iter().find(|figure| figure.point == point)).copied();

    let places: Rc<Vec<_>> =
        Rc::new(figures.iter().map(|figure| (figure.point, frame.place(figure))).collect());
    let onpointer = {
        let (plot, dispatch, places) = (plot.clone(), dispatch.clone(), places.clone());
        Callback::from(move |event: PointerEvent| {
            let at = plot.get().and_then(|node| page::place_in(&node, &event));
            let nearest = at.and_then(|at| nearest(&places, at, NEAR));
            dispatch.dispatch(Action::Select(nearest));
        })
    };
    let onclick = {
        let (plot, dispatch) = (plot.clone(), dispatch.clone());
        move |event: MouseEvent| {
            let at = plot.get().and_then(|node| page::place_in(&node, &event));
            if let Some(point) = at.and_then(|at| nearest(&places, at, ON)) {
                dispatch.dispatch(Action::Timeline(TimelineAction::Open(Some(point))));
                // A finger may only want to read the point out: the page does not move away below it.
                if !page::is_touch(&event) {
                    page::show(CARD_ID);
                }
            }
        }
    };
    let onleave = {
        let dispatch = dispatch.clone();
        move |event: PointerEvent| {
            // A finger that is lifted leaves its reading; a mouse that moves away takes it along.
            if event.pointer_type() == "mouse" {
                dispatch.dispatch(Action::Select(None));
            }
        }
    };
    let onblur = {
        let dispatch = dispatch.clone();
        move |_: FocusEvent| dispatch.dispatch(Action::Select(None))
    };
    let onkeydown = {
        let dispatch = dispatch.clone();
        let (figures, selected) = (figures.clone(), props.selected);
        move |event: KeyboardEvent| {
            if event.key() == "Enter" && selected.is_some() {
                event.prevent_default();
                dispatch.dispatch(Action::Timeline(TimelineAction::Open(selected)));
                page::focus(PLOT_ID);
            } else if let Some(to) = step(&event.key(), selected, &figures) {
                event.prevent_default();
                dispatch.dispatch(Action::Select(to));
            }
        }
    };
    let lines = models.iter().filter(|model| !props.hidden.contains(model)).map(|&model| {
        let figures: Vec<Figure> = figures.iter().filter(|f| f.point.model == model).copied().collect();
        series(model, &figures, &frame)
    });
    html! {
        <div class="chart">
            <div class="toolbar">
                <div class="views">
                    { metric_switch(props.metric, dispatch) }
                    { axes_switch(props.axes, dispatch) }
                </div>
                { legend(&models, &props.hidden, dispatch) }
            </div>
            <div class="plot" ref={plot} tabindex="0" role="application" aria-roledescription="chart"
                aria-label={format!("{} against lanes. Arrow keys read out the points, Enter shows the timeline of one; the table below has the same figures.", props.metric.name())}
                onpointermove={onpointer.clone()} onpointerdown={onpointer} onpointerleave={onleave}
                {onkeydown} {onblur} {onclick}>
                <svg width={frame.width.to_string()} height={frame.height.to_string()} aria-hidden="true">
                    { axes(&frame) }
                    { fit(&frame) }
                    { for lines }
                    { end_labels(&figures, &frame) }
                    if let Some(trial) = props.in_progress.filter(|(point, _)| !props.hidden.contains(&point.model)) {
                        { readout::growing(&frame, trial, &figures) }
                    }
                    if let Some(figure) = &selected {
                        { readout::ring(&frame, figure) }
                    }
                </svg>
                if figures.is_empty() {
                    <p class="hint">{ "The points appear here as they are measured." }</p>
                }
                if let Some(figure) = selected {
                    <ReadOut {figure} place={frame.place(&figure)} size={size}
                        summary={props.summary.clone()} />
                }
            </div>
            <p class="unseen" role="status">
                { selected.map(|figure| text::read_out(props.metric, &figure)).unwrap_or_default() }
            </p>
            { knees(&models, &props.summary) }
        </div>
    }
}

/// The models of the points, each once, in their order.
fn models_of(summary: &Summary) -> Vec<Model> {
    let mut models: Vec<Model> = summary.points.iter().map(|p| p.point.model).collect();
    models.dedup();
    models
}
