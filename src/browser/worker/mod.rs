//! The program of every worker, from the inside: as a coordinator it runs trials, as a lane it does tasks.

mod coordinator;
mod costs;
mod io;
mod lane;
mod pitfalls;
mod process_pool;
mod python;
mod run;
mod scope;
pub mod thread_pool;

use std::rc::Rc;

use wasm_bindgen_futures::spawn_local;

use crate::protocol::{FromCoordinator, Role, ToCoordinator, TrialNews};
use crate::workload::Picture;
use coordinator::{Coordinator, RunTrial};
use scope::{listen, post};

/// Serves the protocol of the worker's role for as long as it lives.
pub fn serve() {
    match Role::of(&scope::name()) {
        Role::Coordinator => serve_page(),
        Role::Lane(_) => lane::serve(),
    }
    scope::post_ready();
}

/// Serves the page, as a coordinator.
fn serve_page() {
    let coordinator = Rc::new(Coordinator::default());
    listen(move |_, message: ToCoordinator, attachment| {
        let coordinator = Rc::clone(&coordinator);
        match message {
            ToCoordinator::Run(order) => spawn_local(async move {
                let id = order.trial.id;
                let result = match order.is_python() {
                    true => coordinator.run_python(order).await,
                    false => order.workload.visit(RunTrial { coordinator, order }).await,
                };
                post(&FromCoordinator::Trial(id, TrialNews::Ended(result.map(Box::new))));
            }),
            ToCoordinator::Measure(id, cost) => spawn_local(async move {
                post(&FromCoordinator::Cost(id, costs::measure(&coordinator, cost).await));
            }),
            ToCoordinator::RunPitfall(id, pitfall, lanes) => {
                spawn_local(async move { pitfalls::run(&coordinator, id, pitfall, lanes).await });
            }
            ToCoordinator::Picture { width, height } => coordinator.show(Picture {
                width: width as usize,
                height: height as usize,
                pixels: attachment.into_vec(),
            }),
            ToCoordinator::Stop => coordinator.stop(),
            ToCoordinator::End => post(&FromCoordinator::Ended { had_lanes: coordinator.end() }),
        }
    });
}
