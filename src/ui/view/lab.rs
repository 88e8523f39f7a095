//! One experiment: set up, run, look at.

use yew::prelude::*;

use crate::browser::frame::Soon;
use crate::ui::{settings::Preset, state::State, text};
use crate::workload::WorkloadId;

use super::ViewProps;
use super::chart::chart_of;
use super::costs::CostsCard;
use super::experiment::ExperimentCard;
use super::later::{Loaded, failure, use_rest_of_lab};
use super::machine::MachineCard;
use super::picture::PictureCard;
use super::program::ProgramCard;
use super::progress::ProgressLine;
use super::scaling::ScalingTable;
use super::session::Session;
use super::share::ShareCard;
use super::table::Results;
use super::timeline::TimelineCard;
use super::verdict::{VerdictLine, Warnings};
use super::waiting::CountsCard;

/// A place in the experiment's view for something that is loaded after the page can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// At the end of the column with the form.
    Sidebar,
    /// Under the chart, in its card.
    Answer,
    /// Under that card.
    Results,
}

/// The experiment's view.
#[component]
pub fn Lab(view: &ViewProps) -> Html {
    let ViewProps { state, session } = view;
    let (rest, again) = use_rest_of_lab();
    let draw = |place| match rest {
        Loaded::Yes(draw) => draw(place, view),
        Loaded::Failed if place == Place::Results => failure(again.clone()),
        Loaded::Failed | Loaded::NotYet => html! {},
    };
    html! {
        <div class="lab">
            <div class="sidebar">
                <ExperimentCard
                    settings={state.settings.clone()}
                    running={state.is_running()}
                    ready={state.machine.is_some() && (state.is_running() || !state.is_busy())}
                    preset={Preset::of(&state.settings, state.cores()).map(|preset| preset.id)}
                    refusal={state.refusal.clone().map(AttrValue::from)}
                    session={session.clone()}
                    dispatch={state.dispatcher()}
                >
                    <ProgressLine
                        doing={text::doing(state)}
                        left={state.progress.as_ref().map(text::left)}
                        part={text::run_part(state)}
                    />
                </ExperimentCard>
                { draw(Place::Sidebar) }
            </div>
            <div class="results">
                <section class="card answer" aria-label="Answer and chart">
                    <VerdictLine text={text::verdict(state)} certain={state.verdict().is_some()} />
                    { chart_of(state) }
                    { draw(Place::Answer) }
                </section>
                { draw(Place::Results) }
            </div>
        </div>
    }
}

/// What stands in a place of the experiment's view, once it is loaded.
pub fn rest_of_lab(place: Place, ViewProps { state, session }: &ViewProps) -> Html {
    match place {
        Place::Sidebar => html! {
            <>
                <MachineCard machine={state.machine.clone()} measured_cores={text::measured_cores(state)} />
                <ShareCard state={state.clone()} />
                <Warnings warnings={state.warnings()} />
            </>
        },
        Place::Answer => html! { <ScalingTable summary={state.summary.clone()} /> },
        Place::Results => results(state, session),
    }
}

fn results(state: &UseReducerHandle<State>, session: &Session) -> Html {
    let shows_picture = match (&state.experiment, state.is_running()) {
        (Some(experiment), true) => experiment.workload == WorkloadId::Images,
        _ => state.settings.draft.workload == WorkloadId::Images,
    };
    html! {
        <>
            <TimelineCard
                timeline={state.timeline.clone()}
                experiment={state.experiment.clone()}
                cores={state.machine.as_ref().and_then(|machine| machine.reported_cores)}
                running={state.is_running()}
                dispatch={state.dispatcher()}
            />
            if shows_picture {
                <PictureCard
                    pictures={state.pictures.clone()}
                    running={state.is_running()}
                    session={session.clone()}
                />
            }
            <InTurn>
                <Results
                    summary={state.summary.clone()}
                    experiment={state.experiment.clone()}
                    answers_agree={state.answers_agree()}
                />
                <InTurn>
                    <CountsCard counts={state.counts.clone()} />
                    <ProgramCard experiment={state.shown()} program={state.program} dispatch={state.dispatcher()} />
                    <CostsCard
                        costs={state.costs.clone()}
                        ready={state.machine.is_some() && (state.costs.measuring.is_some() || !state.is_busy())}
                        session={session.clone()}
                    />
                </InTurn>
            </InTurn>
        </>
    }
}

#[derive(PartialEq, Properties)]
struct TurnProps {
    children: Html,
}

/// Draws what is inside once the browser has had its turn: all cards at once would keep a slow phone from
/// answering its user.
#[component]
fn InTurn(props: &TurnProps) -> Html {
    let is_its_turn = use_state_eq(|| false);
    use_effect_with((), {
        let is_its_turn = is_its_turn.setter();
        move |()| {
            let soon = Soon::new(1, move || is_its_turn.set(true));
            move || drop(soon)
        }
    });
    html! { if *is_its_turn { { props.children.clone() } } }
}
