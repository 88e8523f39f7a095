//! The program of every worker, from the inside: as the coordinator of a session it runs trials,
//! as a process lane it runs tasks.

mod coordinator;
mod costs;
mod io;
mod pitfalls;
mod process_lane;
mod process_trial;
mod processes;
mod serve;
pub mod threads;

pub use serve::serve;
