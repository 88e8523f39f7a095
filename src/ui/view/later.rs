//! What is loaded when it is shown: the page can be used before, and sooner.
//!
//! `cargo xtask build` moves the functions that are marked `wasm_split`, with all that only they need, out of the
//! page's program into files of their own; each returns the function that draws what is in its file.
#![allow(unsafe_code, reason = "wasm_split imports a function from the file that it is moved to")]

use std::pin::Pin;

use wasm_split_helpers::{SplitLoaderError, wasm_split};
use yew::prelude::*;

use crate::browser::page::embed;
use crate::report::link;
use crate::ui::route::Route;

use super::advice::Advice;
use super::claims::Claims;
use super::compare::Compare;
use super::controls::ViewProps;
use super::embed::{EmbedBuilder, EmbeddedLab};
use super::history::History;
use super::results::{Place, rest_of_lab};
use super::script::Python;

mod words {
    pub const LOADING: &str = "Loading …";
    pub const NOT_LOADED: &str = "This part of Lanes could not be loaded";
    pub const WHAT_TO_DO: &str = "Check your connection. If Lanes has been updated, reload the page.";
    pub const TRY_AGAIN: &str = "Try again";
    pub const BROKEN_LINK: &str = "This link cannot be shown";
    pub const TO_START: &str = "Go to the start page";
}

/// Draws the view that the route leads to, if it is not the experiment's.
type DrawView = fn(&ViewProps) -> Html;

/// Draws what stands in a place of the experiment's view.
pub type DrawRest = fn(Place, &ViewProps) -> Html;

#[wasm_split(views, fallible)]
fn views() -> Result<DrawView, SplitLoaderError> {
    Ok(draw_view)
}

#[wasm_split(embedded, fallible)]
fn embedded() -> Result<DrawView, SplitLoaderError> {
    Ok(|view| html! { <EmbeddedLab ..view.clone() /> })
}

#[wasm_split(results, fallible)]
fn results() -> Result<DrawRest, SplitLoaderError> {
    Ok(rest_of_lab)
}

fn draw_view(view: &ViewProps) -> Html {
    match &view.state.route {
        Route::Experiment => html! {},
        Route::Script(_) => html! { <Python ..view.clone() /> },
        Route::Claims | Route::Claim(_) => html! { <Claims ..view.clone() /> },
        Route::Advice => html! { <Advice ..view.clone() /> },
        Route::Compare => html! { <Compare ..view.clone() /> },
        Route::History => html! { <History ..view.clone() /> },
        Route::Embed => html! { <EmbedBuilder ..view.clone() /> },
        Route::Link(text) => html! { <BrokenLink text={text.clone()} /> },
    }
}

/// What comes of loading something.
type Loading<T> = Pin<Box<dyn Future<Output = Result<T, SplitLoaderError>>>>;

/// A view other than the experiment's, or the experiment in a frame, as soon as it is loaded.
#[component]
pub fn Later(view: &ViewProps) -> Html {
    let (loaded, again) = use_loaded(|| -> Loading<DrawView> {
        if embed::is_frame() { Box::pin(embedded()) } else { Box::pin(views()) }
    });
    match loaded {
        Loaded::Yes(draw) => draw(view),
        Loaded::NotYet => html! {
            <section class="card"><p class="hint-line" role="status">{ words::LOADING }</p></section>
        },
        Loaded::Failed => failure(again),
    }
}

/// Whether something is loaded.
#[derive(Clone, Copy)]
pub enum Loaded<T> {
    /// It is on its way.
    NotYet,
    /// Here it is.
    Yes(T),
    /// It did not come.
    Failed,
}

/// Loads what draws the rest of the experiment's view.
#[hook]
pub fn use_rest_of_lab() -> (Loaded<DrawRest>, Callback<MouseEvent>) {
    use_loaded(|| -> Loading<DrawRest> { Box::pin(results()) })
}

/// Loads something, and again when the callback is called.
#[hook]
fn use_loaded<T: Copy + 'static>(
    load: impl FnOnce() -> Loading<T> + 'static,
) -> (Loaded<T>, Callback<MouseEvent>) {
    let loaded = use_state(|| Loaded::NotYet);
    let attempt = use_state_eq(|| 0);
    use_effect_with(*attempt, {
        let loaded = loaded.setter();
        move |_| {
            yew::platform::spawn_local(async move {
                loaded.set(load().await.map_or(Loaded::Failed, Loaded::Yes));
            });
        }
    });
    let again = {
        let (loaded, next) = (loaded.setter(), *attempt + 1);
        Callback::from(move |_| {
            loaded.set(Loaded::NotYet);
            attempt.set(next);
        })
    };
    (*loaded, again)
}

/// Says that something was not loaded, and loads it again.
pub fn failure(again: Callback<MouseEvent>) -> Html {
    html! {
        <section class="card" role="alert" aria-labelledby="not-loaded-title">
            <h2 id="not-loaded-title">{ words::NOT_LOADED }</h2>
            <p>{ words::WHAT_TO_DO }</p>
            <p><button id="load-again" class="primary" type="button" onclick={again}>{ words::TRY_AGAIN }</button></p>
        </section>
    }
}

#[derive(PartialEq, Properties)]
struct BrokenLinkProps {
    /// The link, from behind its `#`.
    text: String,
}

/// A link that cannot be read: what is wrong with it, and where to go.
#[component]
fn BrokenLink(props: &BrokenLinkProps) -> Html {
    let why = link::decode(&props.text).err().map(|error| error.to_string()).unwrap_or_default();
    html! {
        <section class="card broken" id="broken-link" role="alert" aria-labelledby="broken-title">
            <h2 id="broken-title">{ words::BROKEN_LINK }</h2>
            <p>{ why }</p>
            <p><a class="button" href="#">{ words::TO_START }</a></p>
        </section>
    }
}
