//! The claims: a guided way through them, and a page for each.

mod drawing;
mod interleaving;
mod list;
mod one;
mod pitfall;
mod prose;
mod run;
mod save;

use yew::prelude::*;

pub use run::ProgressOfClaims;

use crate::browser::page;
use crate::claim::Claim;
use crate::ui::state::State;

use super::session::Session;

#[derive(PartialEq, Properties)]
pub struct Props {
    /// All that the page knows.
    pub state: UseReducerHandle<State>,
    /// Runs and stops experiments.
    pub session: Session,
    /// The claim that is shown; all of them if none is named.
    #[prop_or_default]
    pub claim: Option<String>,
}

/// All claims, or one.
#[component]
pub fn Claims(Props { state, session, claim }: &Props) -> Html {
    // A page begins at its top, wherever the one before was left.
    use_effect_with(claim.clone(), |_| page::scroll_to_top());
    match claim.as_deref() {
        None => html! { <list::List state={state.clone()} session={session.clone()} /> },
        Some(id) => match Claim::of_id(id) {
            Some(claim) => {
                html! { <one::One key={claim.id} id={claim.id} state={state.clone()} session={session.clone()} /> }
            }
            None => html! {
                <section class="card">
                    <h2>{ "There is no such claim" }</h2>
                    <p>{ format!("The address names a claim “{id}”, which Lanes does not know. ") }
                        <a href="#claims">{ "See all claims." }</a></p>
                </section>
            },
        },
    }
}
