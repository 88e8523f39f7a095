//! A reader's Python program: what it did, as the engine of `python/` records it.

pub mod job;
pub mod record;
