//! The chart: a figure of every point against its lanes.

mod knees;
mod legend;
mod readout;

use std::rc::Rc;

use yew::prelude::*;

use crate::browser::page;
use crate::chart::{Look, Run, models_of};
use crate::domain::{Model, Point};
use crate::summary::Summary;
use crate::ui::{
    reading::{NEAR, ON, nearest, step},
    state::{Action, State},
    text,
    timeline::TimelineAction,
};

use super::controls::Dispatch;
use super::paint::paint;
use super::parts::use_size;
use super::timeline::{CARD_ID, PLOT_ID};
use knees::knees;
use legend::{axes_switch, legend, metric_switch};
use readout::ReadOut;

#[derive(PartialEq, Properties)]
pub struct Props {
    /// What is known of every point.
    pub summary: Rc<Summary>,
    /// The cores that the browser reports.
    pub reported_cores: Option<u32>,
    /// The cores that the run made use of, once that is known.
    pub measured_cores: Option<u32>,
    /// What is drawn against the lanes, and on which axes.
    pub look: Look,
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
            reported_cores={state.machine.as_ref().and_then(|machine| machine.reported_cores)}
            measured_cores={state.measured_cores()}
            look={state.look}
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

    let Props { summary, look, hidden, selected, dispatch, .. } = props;
    let run = Run {
        summary,
        look: *look,
        hidden,
        reported_cores: props.reported_cores,
        measured_cores: props.measured_cores,
        selected: *selected,
        in_progress: props.in_progress,
    };
    let chart = Rc::new(run.chart(size));
    let models = models_of(summary);
    let read = selected.and_then(|point| chart.find(point));

    let onpointer = {
        let (plot, dispatch, chart) = (plot.clone(), dispatch.clone(), chart.clone());
        Callback::from(move |event: PointerEvent| {
            let at = plot.get().and_then(|node| page::place_in(&node, &event));
            let nearest = at.and_then(|at| nearest(&chart.places, at, NEAR));
            dispatch.dispatch(Action::Select(nearest));
        })
    };
    let onclick = {
        let (plot, dispatch, chart) = (plot.clone(), dispatch.clone(), chart.clone());
        move |event: MouseEvent| {
            let at = plot.get().and_then(|node| page::place_in(&node, &event));
            if let Some(point) = at.and_then(|at| nearest(&chart.places, at, ON)) {
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
        let (dispatch, chart, selected) = (dispatch.clone(), chart.clone(), *selected);
        move |event: KeyboardEvent| {
            if event.key() == "Enter" && selected.is_some() {
                event.prevent_default();
                dispatch.dispatch(Action::Timeline(TimelineAction::Open(selected)));
                page::focus(PLOT_ID);
            } else if let Some(to) = step(&event.key(), selected, &chart.figures) {
                event.prevent_default();
                dispatch.dispatch(Action::Select(to));
            }
        }
    };
    html! {
        <div class="chart">
            <div class="toolbar">
                <div class="views">
                    { metric_switch(look.metric, dispatch) }
                    { axes_switch(look.axes, dispatch) }
                </div>
                { legend(&models, hidden, dispatch) }
            </div>
            <div class="plot" ref={plot} tabindex="0" role="application" aria-roledescription="chart"
                aria-label={format!("{} against lanes. Arrow keys read out the points, Enter shows the timeline of one; the table below has the same figures.", look.metric.name())}
                onpointermove={onpointer.clone()} onpointerdown={onpointer} onpointerleave={onleave}
                {onkeydown} {onblur} {onclick}>
                <svg width={size.0.to_string()} height={size.1.to_string()} aria-hidden="true">{ paint(&chart.marks) }</svg>
                if chart.figures.is_empty() {
                    <p class="hint">{ "The points appear here as they are measured." }</p>
                }
                if let Some((figure, place)) = read {
                    <ReadOut {figure} {place} {size} summary={summary.clone()} />
                }
            </div>
            <p class="unseen" role="status">
                { read.map(|(figure, _)| text::read_out(look.metric, &figure)).unwrap_or_default() }
            </p>
            { knees(&models, summary) }
        </div>
    }
}
