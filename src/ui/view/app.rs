//! The page.

use yew::prelude::*;

use crate::browser::page::{self, embed};
use crate::ui::{
    route::Route,
    state::{Action, State},
    text,
};

use super::ViewProps;
use super::embed::EmbeddedLab;
use super::footer::Footer;
use super::header::Header;
use super::keep::use_keeping;
use super::lab::Lab;
use super::later::Later;
use super::session::use_session;

/// The whole page.
#[component]
pub fn App() -> Html {
    let state = use_reducer(State::default);
    let dispatch = state.dispatcher();
    let session = use_session(&state);
    use_keeping(&state);

    use_effect_with((), {
        let dispatch = dispatch.clone();
        move |()| {
            yew::platform::spawn_local(async move {
                dispatch.dispatch(Action::MachineRead(page::machine().await));
            });
        }
    });
    use_effect_with((), {
        let stop = session.stop.clone();
        move |()| {
            let listener = page::on_escape(move || stop.emit(()));
            move || drop(listener)
        }
    });
    use_effect_with((), {
        let dispatch = dispatch.clone();
        move |()| {
            // A frame of another page has one view, and reads its link itself.
            let go = move || {
                if !embed::is_frame() {
                    dispatch.dispatch(Action::Go(Route::of_hash(&page::hash())));
                }
            };
            go();
            let listener = page::on_hash_change(go);
            move || drop(listener)
        }
    });
    use_effect_with((), {
        let dispatch = dispatch.clone();
        move |()| {
            let listener =
                page::on_visibility_change(move || dispatch.dispatch(Action::Away(page::is_hidden())));
            move || drop(listener)
        }
    });
    use_effect_with(text::title(&state), |title| page::set_title(title));

    if embed::is_frame() {
        return html! { <EmbeddedLab {state} {session} /> };
    }
    let view = ViewProps { state: state.clone(), session };
    html! {
        <>
            <Header route={state.route.clone()} />
            <main data-state={state.phase_id()}>
                if state.route == Route::Experiment { <Lab ..view /> } else { <Later ..view /> }
            </main>
            <Footer />
            <p class="unseen" role="status">{ text::announcement(&state) }</p>
        </>
    }
}
