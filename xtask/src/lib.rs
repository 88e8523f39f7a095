//! Sets up, builds, serves, tests and measures Lanes: what `cargo xtask` is made of.
//!
//! It is a library too, because tests and benches need the [`server`].

pub mod build;
pub mod check;
pub mod engine;
pub mod floors;
pub mod headers;
pub mod offline;
pub mod project;
pub mod python;
pub mod server;
pub mod setup;
pub mod split;
pub mod styles;
pub mod supply;
pub mod trust;
