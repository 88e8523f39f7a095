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
use crate::ui::route::Route;

use super::ViewProps;

/// All claims, or one.
#[component]
pub fn Claims(ViewProps { state, session }: &ViewProps) -> Html {
    let claim = match &state.route {
        Route::Claim(id) => Some(id.clone()),
        _ => None,
    };
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
