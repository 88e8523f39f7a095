//! The one place where the page starts and ends sessions.

use yew::prelude::*;

use std::cell::{Cell, RefCell};

use crate::browser::{clock, costs, session};
use crate::session::Event;
use crate::ui::state::{Action, State};

use super::Dispatch;

/// The shortest time between two drawings while trials run, in µs. Drawing takes from the lanes' cores:
/// ten times a second it took 7 % of one, which is more than a speed-up is to be known within.
const DRAW_EVERY_US: f64 = 200_000.0;

/// What the page can do with sessions.
#[derive(Clone, Debug, PartialEq)]
pub struct Session {
    /// Runs the experiment that the settings stand for, or says why not.
    pub run: Callback<()>,
    /// Measures the costs.
    pub measure_costs: Callback<()>,
    /// Ends what runs, if anything; what was measured stays.
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
            let (Some(machine), false) = (&state.machine, state.is_busy()) else { return };
            dispatch.dispatch(Action::Run(experiment.clone()));
            let drawing = Drawing::new(dispatch);
            let started = session::start(experiment, machine, move |event| drawing.tell(event));
            *running.borrow_mut() = Some(started);
        }
    });
    let measure_costs = use_callback(state.clone(), {
        let running = running.clone();
        move |(), state| {
            let (Some(machine), false) = (&state.machine, state.is_busy()) else { return };
            let dispatch = state.dispatcher();
            let started = costs::start(machine, move |event| dispatch.dispatch(Action::Cost(event)));
            *running.borrow_mut() = Some(started);
        }
    });
    let stop = use_callback((), move |(), ()| {
        if let Some(running) = running.borrow().as_ref() {
            running.stop();
        }
    });
    Session { run, measure_costs, stop }
}

/// Hands events on to be drawn, and no more often than [`DRAW_EVERY_US`] allows: of those that come
/// in between, every trial's end is kept, and the latest progress. Nothing is left behind, as the end is told at once.
struct Drawing {
    dispatch: Dispatch,
    drawn_us: Cell<f64>,
    updated: RefCell<Vec<Event>>,
    progress: RefCell<Option<Event>>,
}

impl Drawing {
    fn new(dispatch: Dispatch) -> Self {
        Self {
            dispatch,
            drawn_us: Cell::new(f64::MIN),
            updated: RefCell::default(),
            progress: RefCell::default(),
        }
    }

    fn tell(&self, event: Event) {
        match event {
            Event::Updated { .. } => self.updated.borrow_mut().push(event),
            Event::Progress(_) => *self.progress.borrow_mut() = Some(event),
            Event::Started { .. } | Event::Finished(_) => {
                self.draw();
                return self.dispatch.dispatch(Action::Session(event));
            }
        }
        if clock::now_us() - self.drawn_us.get() >= DRAW_EVERY_US {
            self.draw();
        }
    }

    fn draw(&self) {
        self.drawn_us.set(clock::now_us());
        for event in self.updated.take().into_iter().chain(self.progress.take()) {
            self.dispatch.dispatch(Action::Session(event));
        }
    }
}
