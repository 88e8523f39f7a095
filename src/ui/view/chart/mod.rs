//! The chart: a figure of every point against its lanes.

mod axes;
mod frame;
mod legend;
mod readout;
mod series;

use std::rc::Rc;

use yew::prelude::*;

use crate::browser::page;
use crate::experiment::Model;
use crate::plan::Point;
use crate::summary::Summary;
use crate::ui::figure::{Figure, Metric};
use crate::ui::reading::{nearest, step};
use crate::ui::state::Action;
use crate::ui::text;

use super::Dispatch;
use axes::axes;
use frame::Frame;
use legend::{legend, metric_switch};
use readout::ReadOut;
use series::{end_labels, fit, series};

#[derive(PartialEq, Properties)]
pub struct Props {
    /// What is known of every point.
    pub summary: Rc<Summary>,
    /// The cores that a rule is drawn at.
    pub cores: u32,
    /// What is drawn against the lanes.
    pub metric: Metric,
    /// The models that are left out.
    pub hidden: Vec<Model>,
    /// The point that is read out.
    pub selected: Option<Point>,
    /// Takes what is chosen.
    pub dispatch: Dispatch,
}

/// The chart with its switch and legend.
#[component]
pub fn Chart(props: &Props) -> Html {
    let plot = use_node_ref();
    let size = use_state_eq(|| (720.0, 400.0));
    use_effect_with(plot.clone(), {
        let size = size.clone();
        move |plot| {
            let observer = plot.get().and_then(|node| {
                page::SizeObserver::new(&node, move |width, height| size.set((width, height)))
            });
            move || drop(observer)
        }
    });

    let models = models_of(&props.summary);
    let mut figures = props.metric.figures(&props.summary);
    figures.retain(|figure| !props.hidden.contains(&figure.point.model));
    let frame = Frame::new(*size, props, &models, &figures);
    let dispatch = &props.dispatch;
    let selected =
        props.selected.and_then(|point| figures.iter().find(|figure| figure.point == point)).copied();

    let onpointer = {
        let (plot, dispatch) = (plot.clone(), dispatch.clone());
        let places: Vec<_> = figures.iter().map(|figure| (figure.point, frame.place(figure))).collect();
        Callback::from(move |event: PointerEvent| {
            let at = plot.get().and_then(|node| page::place_in(&node, &event));
            let nearest = at.and_then(|at| nearest(&places, at));
            dispatch.dispatch(Action::Select(nearest));
        })
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
            if let Some(to) = step(&event.key(), selected, &figures) {
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
                { metric_switch(props.metric, dispatch) }
                { legend(&models, &props.hidden, dispatch) }
            </div>
            <div class="plot" ref={plot} tabindex="0" role="application" aria-roledescription="chart"
                aria-label={format!("{} against lanes. Arrow keys read out the points; the table below has the same figures.", props.metric.name())}
                onpointermove={onpointer.clone()} onpointerdown={onpointer} onpointerleave={onleave}
                {onkeydown} {onblur}>
                <svg width={frame.width.to_string()} height={frame.height.to_string()} aria-hidden="true">
                    { axes(&frame) }
                    { fit(&frame) }
                    { for lines }
                    { end_labels(&figures, &frame) }
                    if let Some(figure) = &selected {
                        { readout::ring(&frame, figure) }
                    }
                </svg>
                if figures.is_empty() {
                    <p class="hint">{ "The points appear here as they are measured." }</p>
                }
                if let Some(figure) = selected {
                    <ReadOut {figure} place={frame.place(&figure)} size={*size}
                        summary={props.summary.clone()} />
                }
            </div>
            <p class="unseen" role="status">
                { selected.map(|figure| text::read_out(props.metric, &figure)).unwrap_or_default() }
            </p>
        </div>
    }
}

/// The models of the points, each once, in their order.
fn models_of(summary: &Summary) -> Vec<Model> {
    let mut models: Vec<Model> = summary.points.iter().map(|p| p.point.model).collect();
    models.dedup();
    models
}
