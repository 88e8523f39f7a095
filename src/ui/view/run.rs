//! The button that runs and stops.

use yew::prelude::*;

use super::session::Session;

#[derive(PartialEq, Properties)]
pub struct Props {
    /// Whether an experiment runs.
    pub running: bool,
    /// Whether one can be run.
    pub ready: bool,
    /// Runs and stops it.
    pub session: Session,
}

/// The button that runs and stops.
#[component]
pub fn RunButton(props: &Props) -> Html {
    let running = props.running;
    let session = props.session.clone();
    let onclick = move |_: MouseEvent| if running { session.stop.emit(()) } else { session.run.emit(()) };
    html! {
        <button id="run" class="primary" type="button" disabled={!props.ready}
            title={running.then_some("Escape stops, too")} aria-keyshortcuts={running.then_some("Escape")}
            data-state={if running { "running" } else { "idle" }} {onclick}>
            <svg viewBox="0 0 16 16" aria-hidden="true">
                <path d={if running { "M3 3H13V13H3Z" } else { "M4 2L14 8L4 14Z" }} />
            </svg>
            <span>{ if running { "Stop" } else { "Run" } }</span>
        </button>
    }
}
