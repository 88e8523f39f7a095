//! The experiment as it stands in a frame of another page: chart, button and verdict, and a way to the rest.

use std::cell::RefCell;
use std::rc::Rc;

use yew::prelude::*;

use crate::browser::page::{self, embed};
use crate::embed::{News, Order, Results};
use crate::ui::{
    embed::{EmbedAction, Setup},
    state::{Action, Phase, State},
    text,
};

use super::super::chart::chart_of;
use super::super::controls::Controls;
use super::super::controls::ViewProps;
use super::super::parts::{ProgressLine, RunButton, VerdictLine};

/// What orders of the embedding page are carried out on: the page as it was drawn last.
type Latest = Rc<RefCell<Option<(UseReducerHandle<State>, Controls)>>>;

/// The experiment in a frame.
#[component]
pub fn EmbeddedLab(ViewProps { state, controls }: &ViewProps) -> Html {
    // A run that was asked for before the machine was known.
    let wants_run = use_state(embed::runs_at_once);
    let host = use_mut_ref(|| None::<embed::Host>);
    let latest: Latest = use_mut_ref(|| None);
    *latest.borrow_mut() = Some((state.clone(), controls.clone()));

    use_effect_with((), {
        let (dispatch, host, wants_run) = (state.dispatcher(), host.clone(), wants_run.setter());
        move |()| {
            let cores = page::reported_cores().unwrap_or(2);
            let setup = Setup::read(&embed::attributes(), &page::hash(), cores);
            dispatch.dispatch(Action::Embed(EmbedAction::Begin(Box::new(setup))));
            let answer = Rc::clone(&host);
            let listening = embed::Host::listen(move |order| {
                let Some((state, controls)) = latest.borrow().clone() else { return };
                match order {
                    Order::Hello => {}
                    Order::Run => wants_run.set(true),
                    Order::Stop => controls.stop.emit(()),
                    Order::Set { name, value } => {
                        state.dispatch(Action::Embed(EmbedAction::Set { name, value }));
                    }
                    Order::Report => tell(&answer, &News::Report(results(&state))),
                    Order::Link => tell(&answer, &News::Link(address(&state))),
                }
            });
            *host.borrow_mut() = Some(listening);
            move || drop(host.take())
        }
    });
    let is_ready = state.machine.is_some() && state.embed.is_frame && !state.is_busy();
    use_effect_with((is_ready, *wants_run), {
        let (run, wants_run) = (controls.run.clone(), wants_run.setter());
        move |&(is_ready, wants)| {
            if is_ready && wants {
                wants_run.set(false);
                run.emit(());
            }
        }
    });
    use_effect_with((state.progress, state.phase), {
        let (state, host) = (state.clone(), host.clone());
        move |(progress, phase)| match (progress, phase) {
            (Some(progress), Phase::Running) => {
                let (part, doing) = (text::done_part(progress), text::doing(&state));
                tell(&host, &News::Progress { part, doing });
            }
            (_, Phase::Over(_)) => tell(&host, &News::Result(results(&state))),
            _ => {}
        }
    });
    let problems: Vec<String> = state.embed.problems.iter().chain(&state.refusal).cloned().collect();
    use_effect_with(problems.clone(), {
        let host = host.clone();
        move |problems| problems.iter().for_each(|problem| tell(&host, &News::Error(problem.clone())))
    });

    let why_no_threads = state.machine.as_ref().and_then(|machine| machine.isolation.why_no_threads());
    let needs_threads = state.settings.models.iter().any(|model| model.needs_shared_memory());
    html! {
        <main class="frame" data-state={state.phase_id()} data-isolation={state.machine.as_ref().map(|machine| machine.isolation.name())}>
            <p id="sentence">{ state.shown().map(|experiment| text::experiment(&experiment)).unwrap_or_default() }</p>
            <VerdictLine text={text::verdict(state)} certain={state.verdict().is_some()} />
            { chart_of(state) }
            <ProgressLine
                doing={text::doing(state)}
                left={state.progress.as_ref().map(text::left)}
                part={text::run_part(state)}
            />
            <div class="actions">
                <RunButton running={state.is_running()} ready={is_ready || state.is_running()} controls={controls.clone()} />
                <a id="open" href={address(state)} target="_blank" rel="noopener">{ "Open in Lanes" }</a>
            </div>
            { for state.warnings().iter().filter(|warning| warning.is_of_what_ran()).map(|warning| html! { <p class="notice warning">{ warning.to_string() }</p> }) }
            <div id="error" class="refusal" role="alert">{ for problems.iter().map(|problem| html! { <p>{ problem }</p> }) }</div>
            if let Some(_) = why_no_threads.filter(|_| needs_threads) {
                <p class="notice" id="no-threads">
                    { "Threads cannot run in this frame: they share a memory, which this browser allows only on pages that are isolated from other sites. All else runs. " }
                    <a href={address(state)} target="_blank" rel="noopener">{ "Open it in a tab of its own to run the threads, too." }</a>
                </p>
            }
            <p class="unseen" role="status">{ text::announcement(state) }</p>
        </main>
    }
}

fn tell(host: &RefCell<Option<embed::Host>>, news: &News) {
    if let Some(host) = host.borrow().as_ref() {
        host.tell(news);
    }
}

fn results(state: &State) -> Results {
    Results::of(&state.summary, text::verdict(state), address(state))
}

/// Where the whole page shows what the frame shows.
fn address(state: &State) -> String {
    embed::folder() + &state.link().unwrap_or_default()
}
