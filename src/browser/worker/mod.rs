//! The program of every worker, from the inside: as a coordinator it runs trials, as a lane it does tasks.

mod coordinator;
mod costs;
mod io;
mod lane;
mod pitfalls;
mod process_pool;
mod run;
mod scope;
pub mod thread_pool;

use crate::protocol::Role;

/// Serves the protocol of the worker's role for as long as it lives.
pub fn serve() {
    match Role::of(&scope::name()) {
        Role::Coordinator => coordinator::serve(),
        Role::Lane(_) => lane::serve(),
    }
    scope::post_ready();
}
