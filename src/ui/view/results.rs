//! What stands around the form and the chart of an experiment. It is loaded once these can be used.

use yew::prelude::*;

use crate::browser::page::frame::Scheduled;
use crate::ui::{state::State, text};
use crate::workload::WorkloadId;

use super::controls::{Controls, ViewProps};
use super::machine::{CostsCard, MachineCard};
use super::parts::Warnings;
use super::picture::PictureCard;
use super::share::{ProgramCard, ShareCard};
use super::tables::{FiguresCard, ScalingTable};
use super::timeline::TimelineCard;
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

/// What stands in a place of the experiment's view, once it is loaded.
pub fn rest_of_lab(place: Place, ViewProps { state, controls }: &ViewProps) -> Html {
    match place {
        Place::Sidebar => html! {
            <>
                <MachineCard machine={state.machine.clone()} measured_cores={text::measured_cores(state)} />
                <ShareCard state={state.clone()} />
                <Warnings warnings={state.warnings()} />
            </>
        },
        Place::Answer => html! { <ScalingTable summary={state.summary.clone()} /> },
        Place::Results => results(state, controls),
    }
}

fn results(state: &UseReducerHandle<State>, controls: &Controls) -> Html {
    let shows_picture = match (&state.experiment, state.is_running()) {
        (Some(experiment), true) => experiment.workload == WorkloadId::Images,
        _ => state.settings.workload == WorkloadId::Images,
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
                    controls={controls.clone()}
                />
            }
            <InTurn>
                <FiguresCard
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
                        controls={controls.clone()}
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
            let scheduled = Scheduled::new(1, move || is_its_turn.set(true));
            move || drop(scheduled)
        }
    });
    html! { if *is_its_turn { { props.children.clone() } } }
}
