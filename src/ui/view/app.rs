//! The page.

use yew::prelude::*;

use crate::browser::{self, page};
use crate::ui::state::{Action, State};
use crate::ui::text;

use super::chart::Chart;
use super::costs::CostsCard;
use super::experiment::ExperimentCard;
use super::footer::Footer;
use super::header::Header;
use super::machine::MachineCard;
use super::progress::ProgressLine;
use super::scaling::ScalingTable;
use super::session::use_session;
use super::table::Results;
use super::verdict::{VerdictLine, Warnings};

/// The whole page.
#[component]
pub fn App() -> Html {
    let state = use_reducer(State::default);
    let dispatch = state.dispatcher();
    let session = use_session(&state);

    use_effect_with((), {
        let dispatch = dispatch.clone();
        move |()| {
            yew::platform::spawn_local(async move {
                dispatch.dispatch(Action::MachineRead(browser::machine().await));
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
    use_effect_with(text::title(&state), |title| page::set_title(title));

    html! {
        <>
            <Header />
            <main data-state={state.phase_id()}>
                <div class="sidebar">
                    <ExperimentCard
                        settings={state.settings.clone()}
                        running={state.is_running()}
                        ready={state.machine.is_some() && state.costs.measuring.is_none()}
                        refusal={state.refusal.clone().map(AttrValue::from)}
                        session={session.clone()}
                        dispatch={dispatch.clone()}
                    >
                        <ProgressLine
                            doing={text::doing(&state)}
                            left={state.progress.as_ref().map(text::left)}
                            part={text::run_part(&state)}
                        />
                    </ExperimentCard>
                    <MachineCard machine={state.machine.clone()} measured_cores={text::measured_cores(&state)} />
                    <Warnings warnings={state.warnings()} />
                </div>
                <div class="results">
                    <section class="card answer" aria-label="Answer and chart">
                        <VerdictLine text={text::verdict(&state)} certain={state.verdict().is_some()} />
                        <Chart
                            summary={state.summary.clone()}
                            cores={state.cores()}
                            metric={state.metric}
                            hidden={state.hidden.clone()}
                            selected={state.selected}
                            dispatch={dispatch}
                        />
                        <ScalingTable summary={state.summary.clone()} />
                    </section>
                    <Results
                        summary={state.summary.clone()}
                        experiment={state.experiment.clone()}
                        answers_agree={state.answers_agree()}
                    />
                    <CostsCard costs={state.costs.clone()} ready={state.machine.is_some() && !state.is_running()} {session} />
                </div>
            </main>
            <Footer />
            <p class="unseen" role="status">{ text::announcement(&state) }</p>
        </>
    }
}
