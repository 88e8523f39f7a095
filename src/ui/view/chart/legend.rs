//! What the chart shows: one metric, and the models that are not hidden.

use yew::prelude::*;

use crate::chart::{Axes, Metric};
use crate::domain::Model;
use crate::ui::{state::Action, view::controls::Dispatch, view::paint::swatch};

/// Chooses what is drawn against the lanes.
pub fn metric_switch(shown: Metric, dispatch: &Dispatch) -> Html {
    let choices = Metric::ALL.iter().copied().map(|metric| {
        let dispatch = dispatch.clone();
        let onchange = move |_: Event| dispatch.dispatch(Action::Show(metric));
        html! {
            <label>
                <input type="radio" name="metric" value={metric.id()} checked={metric == shown} {onchange} />
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

/// Chooses between log axes and linear ones.
pub fn axes_switch(axes: Axes, dispatch: &Dispatch) -> Html {
    let onclick = {
        let dispatch = dispatch.clone();
        move |_: MouseEvent| dispatch.dispatch(Action::Axes(axes.other()))
    };
    html! {
        <button type="button" class="quiet axes" id="axes" data-axes={axes.id()}
            aria-pressed={(axes == Axes::Log).to_string()} {onclick}
            title="On log axes equal ratios are equal distances: twice the lanes, twice as fast">
            { "Log axes" }
        </button>
    }
}

/// Names the lines of `models`, and hides and shows them.
pub fn legend(models: &[Model], hidden: &[Model], dispatch: &Dispatch) -> Html {
    let models = models.iter().map(|&model| {
        let dispatch = dispatch.clone();
        let onclick = move |_: MouseEvent| dispatch.dispatch(Action::ToggleLine(model));
        let shown = !hidden.contains(&model);
        html! {
            <button type="button" class="quiet" aria-pressed={shown.to_string()} {onclick}
                title={format!("{} {}", if shown { "Hide" } else { "Show" }, model.name())}>
                { swatch(model) }{ model.name() }
            </button>
        }
    });
    html! { <div class="legend" role="group" aria-label="Lines of the chart">{ for models }</div> }
}
