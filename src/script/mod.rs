//! A reader's Python program: how it is run and shared, what it did, and what that shows.
//!
//! The engine is in `python/`; `browser/page/python.rs` runs it.

pub mod edit;
pub mod example;
pub mod highlight;
pub mod job;
pub mod link;
pub mod outcome;
pub mod output;
pub mod program;
pub mod record;
pub mod recorded;
pub mod stuck;
pub mod traceback;
