//! The components, named by what they show.

mod advice;
mod app;
mod chart;
mod claims;
mod compare;
mod costs;
mod embed;
mod experiment;
mod footer;
mod header;
mod history;
mod keep;
mod lab;
mod later;
mod link;
mod machine;
mod paint;
mod picture;
mod program;
mod progress;
mod run;
mod scaling;
mod session;
mod settings;
mod share;
mod size;
mod splits;
mod table;
mod timeline;
mod verdict;
mod waiting;

use std::rc::Rc;

use yew::prelude::*;

use super::state::{Action, State};

pub use app::App;

/// Sends actions to the state.
type Dispatch = UseReducerDispatcher<State>;

/// What every view gets.
#[derive(Clone, PartialEq, Properties)]
pub struct ViewProps {
    /// All that the page knows.
    pub state: UseReducerHandle<State>,
    /// Runs and stops experiments.
    pub session: session::Session,
}

impl Reducible for State {
    type Action = Action;

    fn reduce(self: Rc<Self>, action: Action) -> Rc<Self> {
        Rc::new(State::reduce(&self, action))
    }
}
