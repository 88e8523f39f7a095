//! What the chart shows: one metric, and the models that are not hidden.

use yew::prelude::*;

use crate::experiment::Model;
use crate::ui::figure::Metric;
use crate::ui::state::Action;
use crate::ui::view::Dispatch;
use crate::ui::view::marker::Swatch;

#[derive(PartialEq, Properties)]
pub struct MetricProps {
    /// What is shown.
    pub metric: Metric,
    /// Takes the choice.
    pub dispatch: Dispatch,
}

/// Chooses what is drawn against the lanes.
#[component]
pub fn MetricSwitch(props: &MetricProps) -> Html {
    let choices = Metric::ALL.into_iter().map(|metric| {
        let dispatch = props.dispatch.clone();
        let onchange = move |_: Event| dispatch.dispatch(Action::Show(metric));
        html! {
            <label>
                <input type="radio" name="metric" value={metric.id()} checked={metric == props.metric} {onchange} />
                <span>{ metric.name() }</span>
            </label>
        }
    });
    html! {
        <fieldset class="switch">
            <legend class="unseen">{ "What the chart shows" }</legend>
            { for choices }
        </fieldset>
    }
}

#[derive(PartialEq, Properties)]
pub struct LegendProps {
    /// The models of the experiment.
    pub models: Vec<Model>,
    /// Those that are left out.
    pub hidden: Vec<Model>,
    /// Takes the choice.
    pub dispatch: Dispatch,
}

/// Names the lines, and hides and shows them.
#[component]
pub fn Legend(props: &LegendProps) -> Html {
    let models = props.models.iter().map(|&model| {
        let dispatch = props.dispatch.clone();
        let onclick = move |_: MouseEvent| dispatch.dispatch(Action::ToggleLine(model));
        let shown = !props.hidden.contains(&model);
        html! {
            <button type="button" class="quiet" aria-pressed={shown.to_string()} {onclick}
                title={format!("{} {}", if shown { "Hide" } else { "Show" }, model.name())}>
                <Swatch {model} />{ model.name() }
            </button>
        }
    });
    html! { <div class="legend" role="group" aria-label="Lines of the chart">{ for models }</div> }
}
