//! The page: its head, the view that the address names, and its foot.

use yew::prelude::*;

use crate::browser::page::{self, embed};
use crate::ui::{
    route::Route,
    state::{Action, State},
    text,
};

use super::controls::{ViewProps, use_controls};
use super::history::use_keeping;
use super::lab::Lab;
use super::later::Later;

mod words {
    pub const NAME: &str = "Lanes";
    pub const QUESTION: &str = "Threads or processes? Your own machine answers.";
    pub const VIEWS: &str = "Views";
    pub const METHOD: &str = "What is measured, and how";
    pub const METHODS: [&str; 4] = [
        "Every model runs the same code, compiled once, on the same inputs. Only the memory and the lock differ: threads share one memory, processes have one each and copy what goes in and out, and under a GIL only the thread that holds the lock computes.",
        "A warm-up comes first and is not counted. Then every round runs each model at each lane count once, in an order of its own, so drift affects all models equally.",
        "Figures are medians. Their intervals are bootstrap intervals of 95 %, from six samples on; with fewer, they reach from the least sample to the greatest. A speed-up is the median of the rounds' own: in each round, the serial time over the model's.",
        "Rounds go on until every median is known within 5 %, or the time budget is spent. No sample is dropped; a trial with a wrong answer or in a hidden tab is not counted and is reported.",
    ];
    pub const OTHER_TAB: &str = "Another tab of Lanes measures at the same time, so the figures of both are wrong. Run one at a time.";
    pub const BUILD: &str = "Build ";

    pub fn switch_to(theme: &str) -> String {
        format!("Switch to the {theme} theme")
    }
}

/// The whole page.
#[component]
pub fn App() -> Html {
    let state = use_reducer(State::default);
    let dispatch = state.dispatcher();
    let controls = use_controls(&state);
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
        let stop = controls.stop.clone();
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
    let tabs = use_memo((), |()| page::Tabs::listen(move || dispatch.dispatch(Action::OtherTab)));
    use_effect_with(state.is_measuring(), move |&measures| tabs.measures(measures));
    use_effect_with(text::title(&state), |title| page::set_title(title));

    let view = ViewProps { state: state.clone(), controls };
    if embed::is_frame() {
        return html! { <Later ..view /> };
    }
    html! {
        <>
            <Header route={state.route.clone()} />
            <main data-state={state.phase_id()}>
                if state.other_tab { <p id="other-tab" class="notice" role="alert">{ words::OTHER_TAB }</p> }
                if state.route == Route::Experiment { <Lab ..view /> } else { <Later ..view /> }
            </main>
            <Footer what_leaves={text::what_leaves(&state)} />
            <p class="unseen" role="status">{ text::announcement(&state) }</p>
        </>
    }
}

#[derive(PartialEq, Properties)]
struct HeaderProps {
    /// The view that is shown.
    route: Route,
}

/// What Lanes is, the ways to its views, and the switch between light and dark.
#[component]
fn Header(props: &HeaderProps) -> Html {
    let link = |route: &Route| {
        let current = (route.name() == props.route.name()).then_some("page");
        html! { <a href={route.href()} aria-current={current}>{ route.name() }</a> }
    };
    html! {
        <header>
            <div class="name">
                <svg class="logo" viewBox="0 0 24 24" aria-hidden="true">
                    <rect class="lane-1" x="2" y="4" width="20" height="4" rx="1" />
                    <rect class="lane-2" x="2" y="10" width="13" height="4" rx="1" />
                    <rect class="lane-3" x="8" y="16" width="14" height="4" rx="1" />
                </svg>
                <h1>{ words::NAME }</h1>
                <p>{ words::QUESTION }</p>
            </div>
            <nav aria-label={words::VIEWS}>{ for Route::MAIN.iter().map(link) }</nav>
            <ThemeSwitch />
        </header>
    }
}

#[component]
fn ThemeSwitch() -> Html {
    let theme = use_state(page::theme);
    let other = theme.other();
    let onclick = {
        let theme = theme.clone();
        move |_: MouseEvent| {
            page::set_theme(other);
            theme.set(other);
        }
    };
    let label = words::switch_to(other.name());
    html! {
        <button class="quiet icon" type="button" data-theme-now={theme.name()} title={label.clone()} aria-label={label} {onclick}>
            <svg viewBox="0 0 20 20" aria-hidden="true">
                <circle class="outline" cx="10" cy="10" r="7" />
                <path d="M10 3a7 7 0 0 1 0 14z" />
            </svg>
        </button>
    }
}

#[derive(PartialEq, Properties)]
struct FooterProps {
    /// What leaves the machine.
    what_leaves: &'static str,
}

/// What is measured and how, what leaves the machine, and which build this is.
#[component]
fn Footer(props: &FooterProps) -> Html {
    html! {
        <footer>
            <details class="method">
                <summary>{ words::METHOD }</summary>
                <ul>{ for words::METHODS.map(|method| html! { <li>{ method }</li> }) }</ul>
            </details>
            <p><span id="what-leaves">{ props.what_leaves }</span>{ " " }<span class="build">{ words::BUILD }<code>{ crate::BUILD }</code></span></p>
        </footer>
    }
}
