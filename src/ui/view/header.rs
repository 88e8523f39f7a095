//! What Lanes is, and the switch between light and dark.

use yew::prelude::*;

use crate::browser::page;
use crate::ui::route::Route;

#[derive(PartialEq, Properties)]
pub struct Props {
    /// The view that is shown.
    pub route: Route,
}

/// The page's head.
#[component]
pub fn Header(props: &Props) -> Html {
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
                <h1>{ "Lanes" }</h1>
                <p>{ "Threads or processes? Your own machine answers." }</p>
            </div>
            if Route::MAIN.len() > 1 {
                <nav aria-label="Views">{ for Route::MAIN.iter().map(link) }</nav>
            }
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
    let label = format!("Switch to the {} theme", other.name());
    html! {
        <button class="quiet icon" type="button" data-theme-now={theme.name()} title={label.clone()} aria-label={label} {onclick}>
            <svg viewBox="0 0 20 20" aria-hidden="true">
                <circle class="outline" cx="10" cy="10" r="7" />
                <path d="M10 3a7 7 0 0 1 0 14z" />
            </svg>
        </button>
    }
}
