//! What every view gets: the state, and the hands with which it starts and ends what is measured.

use yew::prelude::*;

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use web_sys::File;

use crate::browser::page::measure::{self, claims, costs, session};
use crate::browser::{page::picture::OwnPicture, wire::clock};
use crate::claim::{ClaimEvent, Measurement};
use crate::experiment::Experiment;
use crate::session::Event;
use crate::ui::{
    claims::ClaimsAction,
    pictures::PictureAction,
    state::{Action, State},
};
use crate::workload::{WorkloadId, images};

/// Sends actions to the state.
pub type Dispatch = UseReducerDispatcher<State>;

/// What every view gets.
#[derive(Clone, PartialEq, Properties)]
pub struct ViewProps {
    /// All that the page knows.
    pub state: UseReducerHandle<State>,
    /// Starts and ends what is measured.
    pub controls: Controls,
}

impl Reducible for State {
    type Action = Action;

    fn reduce(self: Rc<Self>, action: Action) -> Rc<Self> {
        Rc::new(State::reduce(&self, action))
    }
}

pub use crate::ui::DRAW_EVERY_US;

/// Starts and ends what is measured: the only place where the page does.
#[derive(Clone, Debug, PartialEq)]
pub struct Controls {
    /// Runs the experiment that the settings stand for, or says why not.
    pub run: Callback<()>,
    /// Runs this experiment.
    pub run_this: Callback<Experiment>,
    /// Measures the costs.
    pub measure_costs: Callback<()>,
    /// Takes a picture of the visitor's own for the images; none takes it back.
    pub bring_picture: Callback<Option<File>>,
    /// Measures what claims need.
    pub prove: Callback<Vec<Measurement>>,
    /// Ends what runs, if anything; what was measured stays.
    pub stop: Callback<()>,
}

/// The hands of the page; what they have started ends when the page is left.
#[hook]
pub fn use_controls(state: &UseReducerHandle<State>) -> Controls {
    let running = use_mut_ref(|| None::<session::Running>);
    let own_picture = use_mut_ref(|| None::<OwnPicture>);

    let run_this = use_callback(state.clone(), {
        let (running, own_picture) = (running.clone(), own_picture.clone());
        move |experiment: Experiment, state| {
            let dispatch = state.dispatcher();
            let (Some(machine), false) = (&state.machine, state.is_busy()) else { return };
            dispatch.dispatch(Action::Run(experiment.clone()));
            let is_picture = experiment.workload == WorkloadId::Images;
            let own = own_picture.borrow().clone().filter(|_| is_picture);
            let picture = bring_to_size(own, images::dimensions(experiment.size), dispatch.clone());
            let drawing = Rc::new(Drawing::new(dispatch));
            let mut showing = measure::Showing::default();
            if is_picture {
                let drawing = Rc::clone(&drawing);
                showing.on_shown = Some(Rc::new(move |shown| drawing.show(shown)));
            }
            let tell = move |event| drawing.follow(event);
            let started = session::start(experiment, machine, showing, picture, tell);
            *running.borrow_mut() = Some(started);
        }
    });
    let run = use_callback((state.clone(), run_this.clone()), |(), (state, run_this)| {
        match state.settings.experiment() {
            Ok(experiment) => run_this.emit(experiment),
            Err(refusal) => state.dispatch(Action::Refused(refusal.to_string())),
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
    let bring_picture = use_callback(state.dispatcher(), move |file: Option<File>, dispatch| {
        let (own_picture, dispatch) = (own_picture.clone(), dispatch.clone());
        yew::platform::spawn_local(async move {
            let picture = match file {
                Some(file) => match OwnPicture::read(file).await {
                    Ok(picture) => Some(picture),
                    Err(why) => return dispatch.dispatch(Action::Pictures(PictureAction::Refused(why))),
                },
                None => None,
            };
            let name = picture.as_ref().map(|picture| picture.name.clone());
            *own_picture.borrow_mut() = picture;
            dispatch.dispatch(Action::Pictures(PictureAction::Own(name)));
        });
    });
    let prove = use_callback(state.clone(), {
        let running = running.clone();
        move |needs: Vec<Measurement>, state| {
            let (Some(machine), false) = (&state.machine, state.is_busy()) else { return };
            let dispatch = state.dispatcher();
            dispatch.dispatch(Action::Claims(ClaimsAction::Begin(needs.clone())));
            let drawn_us = Cell::new(f64::MIN);
            let tell = move |event| {
                let is_progress = matches!(event, ClaimEvent::Progress(_) | ClaimEvent::Seen(_));
                if is_progress && clock::now_us() - drawn_us.get() < DRAW_EVERY_US {
                    return;
                }
                drawn_us.set(clock::now_us());
                dispatch.dispatch(Action::Claims(ClaimsAction::Event(event)));
            };
            *running.borrow_mut() = Some(claims::start(needs, machine, tell));
        }
    });
    let stop = use_callback((), move |(), ()| {
        if let Some(running) = running.borrow().as_ref() {
            running.stop();
        }
    });
    Controls { run, run_this, measure_costs, bring_picture, prove, stop }
}

/// The visitor's own picture as the workload needs it; the one that is made if that fails.
async fn bring_to_size(
    picture: Option<OwnPicture>,
    size: (usize, usize),
    dispatch: Dispatch,
) -> Option<measure::GreyPicture> {
    match picture?.to_grey(size).await {
        Ok(picture) => Some(picture),
        Err(why) => {
            dispatch.dispatch(Action::Pictures(PictureAction::Own(None)));
            dispatch.dispatch(Action::Pictures(PictureAction::Refused(why)));
            None
        }
    }
}

/// Hands events on to be drawn, and no more often than [`DRAW_EVERY_US`] allows: of those that come
/// in between, every trial's end is kept, and the latest progress. Nothing is left behind, as the end is told at once.
struct Drawing {
    dispatch: Dispatch,
    drawn_us: Cell<f64>,
    updated: RefCell<Vec<Event>>,
    progress: RefCell<Option<Event>>,
    tasks: RefCell<Option<Vec<u8>>>,
}

impl Drawing {
    fn new(dispatch: Dispatch) -> Self {
        Self {
            dispatch,
            drawn_us: Cell::new(f64::MIN),
            updated: RefCell::default(),
            progress: RefCell::default(),
            tasks: RefCell::default(),
        }
    }

    fn follow(&self, event: Event) {
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

    fn show(&self, shown: measure::Shown) {
        match shown {
            measure::Shown::Preview(preview) => {
                self.dispatch.dispatch(Action::Pictures(PictureAction::Preview(preview)));
            }
            // They are drawn with the progress that comes with them.
            measure::Shown::Tasks(tasks) => *self.tasks.borrow_mut() = Some(tasks),
        }
    }

    fn draw(&self) {
        self.drawn_us.set(clock::now_us());
        if let Some(tasks) = self.tasks.take() {
            self.dispatch.dispatch(Action::Pictures(PictureAction::Tasks(tasks)));
        }
        for event in self.updated.take().into_iter().chain(self.progress.take()) {
            self.dispatch.dispatch(Action::Session(event));
        }
    }
}
