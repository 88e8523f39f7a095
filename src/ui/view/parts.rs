//! The parts that several views share.

use std::cell::Cell;

use yew::prelude::*;

use crate::browser::page;
use crate::format;
use crate::warning::Warning;

use super::controls::Controls;

mod words {
    pub const RUN: &str = "Run";
    pub const STOP: &str = "Stop";
    pub const ESCAPE_STOPS: &str = "Escape stops, too";
    pub const PROGRESS: &str = "Progress of the run";
    pub const CAVEATS: &str = "Caveats";
}

/// What a button that starts and stops does when it is clicked. A double click does it once: its second click would undo
/// the first, which nobody means by it.
pub fn once(act: impl Fn() + 'static) -> Callback<MouseEvent> {
    // It counts the clicks at one place, one soon after the other; of a press of a key it is 0.
    Callback::from(move |event: MouseEvent| {
        if event.detail() < 2 {
            act()
        }
    })
}

#[derive(PartialEq, Properties)]
pub struct RunButtonProps {
    /// Whether an experiment runs.
    pub running: bool,
    /// Whether one can be run.
    pub ready: bool,
    /// Starts and ends it.
    pub controls: Controls,
}

/// The button that runs and stops.
#[component]
pub fn RunButton(props: &RunButtonProps) -> Html {
    let running = props.running;
    let controls = props.controls.clone();
    let onclick = once(move || if running { controls.stop.emit(()) } else { controls.run.emit(()) });
    html! {
        <button id="run" class="primary" type="button" disabled={!props.ready}
            title={running.then_some(words::ESCAPE_STOPS)} aria-keyshortcuts={running.then_some("Escape")}
            data-state={if running { "running" } else { "idle" }} {onclick}>
            <svg viewBox="0 0 16 16" aria-hidden="true">
                <path d={if running { "M3 3H13V13H3Z" } else { "M4 2L14 8L4 14Z" }} />
            </svg>
            <span>{ if running { words::STOP } else { words::RUN } }</span>
        </button>
    }
}

#[derive(PartialEq, Properties)]
pub struct ProgressProps {
    /// The trial that runs.
    pub doing: AttrValue,
    /// What is left of the run.
    pub left: Option<AttrValue>,
    /// How much is done, from 0 to 1.
    pub part: f64,
}

/// The trial that runs, what is left, and a bar. Its height never changes.
#[component]
pub fn ProgressLine(props: &ProgressProps) -> Html {
    html! {
        <div class="progress" id="progress">
            <progress max="1" value={format!("{:.4}", props.part)} aria-label={words::PROGRESS}>
                { format::percent(props.part) }
            </progress>
            <p><span>{ &props.doing }</span><span>{ props.left.clone().unwrap_or_default() }</span></p>
        </div>
    }
}

#[derive(PartialEq, Properties)]
pub struct VerdictProps {
    /// The sentence.
    pub text: AttrValue,
    /// Whether it is an answer, and not a hint that there is none yet.
    pub certain: bool,
}

/// The one sentence that the figures allow.
#[component]
pub fn VerdictLine(props: &VerdictProps) -> Html {
    /// More characters than fit, at each size of the letters, into the fewest lines that are kept free for them.
    const LONG: [usize; 3] = [120, 170, 225];
    // Set smaller, it fits into the room that is kept for it, and moves nothing when it comes.
    let letters = props.text.chars().count();
    let long = LONG.iter().filter(|&&long| letters > long).count();
    html! {
        <p id="verdict" class="verdict" data-certain={props.certain.to_string()} data-long={(long > 0).then(|| long.to_string())}>
            { &props.text }
        </p>
    }
}

#[derive(PartialEq, Properties)]
pub struct WarningsProps {
    /// What is to be known.
    pub warnings: Vec<Warning>,
}

/// What a reader should know before trusting the figures.
#[component]
pub fn Warnings(props: &WarningsProps) -> Html {
    if props.warnings.is_empty() {
        return html! {};
    }
    html! {
        <section class="card warnings" id="warnings" aria-labelledby="warnings-title">
            <h2 id="warnings-title">{ words::CAVEATS }</h2>
            <ul>{ for props.warnings.iter().map(|warning| html! { <li>{ warning.to_string() }</li> }) }</ul>
        </section>
    }
}

/// The width and the height of the element `node`, in CSS pixels; `at_first` until it is known.
#[hook]
pub fn use_size(node: &NodeRef, at_first: (f64, f64)) -> (f64, f64) {
    let size = use_state_eq(|| at_first);
    use_effect_with(node.clone(), {
        let size = size.clone();
        move |node| {
            let observer = node.get().and_then(|node| {
                page::SizeObserver::new(&node, move |width, height| size.set((width, height)))
            });
            move || drop(observer)
        }
    });
    *size
}

/// How often the page got another theme: what is drawn on a canvas has to be drawn again then.
#[hook]
pub fn use_themes() -> u32 {
    let themes = use_state(|| 0_u32);
    use_effect_with((), {
        let setter = themes.setter();
        let count = Cell::new(0);
        move |()| {
            let observer = page::on_theme_change(move || {
                count.set(count.get() + 1);
                setter.set(count.get());
            });
            move || drop(observer)
        }
    });
    *themes
}
