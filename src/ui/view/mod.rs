//! The components, named by what they show.

mod app;
mod chart;
mod costs;
mod experiment;
mod footer;
mod header;
mod machine;
mod marker;
mod progress;
mod scaling;
mod session;
mod settings;
mod splits;
mod table;
mod verdict;

use std::rc::Rc;

use yew::prelude::*;

use super::state::{Action, State};

pub use app::App;

/// Sends actions to the state.
type Dispatch = UseReducerDispatcher<State>;

impl Reducible for State {
    type Action = Action;

    fn reduce(self: Rc<Self>, action: Action) -> Rc<Self> {
        Rc::new(State::reduce(&self, action))
    }
}
