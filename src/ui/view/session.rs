//! The one place where the page starts and ends sessions.

use yew::prelude::*;

use crate::browser::{FrameGaps, session};
use crate::session::Event;
use crate::ui::state::{Action, State};

/// What the page can do with sessions.
#[derive(Clone, Debug, PartialEq)]
pub struct Session {
    /// Runs the experiment that the settings stand for, or says why not.
    pub run: Callback<()>,
    /// Ends the session that runs, if any; what was measured stays.
    pub stop: Callback<()>,
}

/// Sessions of the experiment in `state`; they end when the page is left.
#[hook]
pub fn use_session(state: &UseReducerHandle<State>) -> Session {
    let running = use_mut_ref(|| None::<session::Running>);

    let run = use_callback(state.clone(), {
        let running = running.clone();
        move |(), state| {
            let dispatch = state.dispatcher();
            let experiment = match state.settings.experiment() {
                Ok(experiment) => experiment,
                Err(refusal) => return dispatch.dispatch(Action::Refused(refusal.to_string())),
            };
            let (Some(machine), false) = (&state.machine, state.is_running()) else { return };
            dispatch.dispatch(Action::Run(experiment.clone()));
            let frame_gaps = FrameGaps::start();
            let started = session::start(experiment, machine, move |event| {
                let over = matches!(event, Event::Finished(_));
                dispatch.dispatch(Action::Session(event));
                if over {
                    let longest_frame_gap_ms = frame_gaps.longest_ms();
                    dispatch.dispatch(Action::Measured { longest_frame_gap_ms });
                }
            });
            *running.borrow_mut() = Some(started);
        }
    });
    let stop = use_callback((), move |(), ()| {
        if let Some(running) = running.borrow().as_ref() {
            running.stop();
        }
    });
    Session { run, stop }
}
