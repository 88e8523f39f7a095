//! **Lanes** answers one question on the visitor's own machine: *threads or processes?*
//!
//! The crate is a pipeline, and its modules stand in the pipeline's order:
//!
//! ```text
//! settings ─→ experiment ─→ plan ─→ session ─→ executor ─→ samples ─→ summary ─→ chart
//! ```
//!
//! Everything but `browser` and `ui` is plain Rust that compiles and is tested on the host.
//! `browser` is the only home of JavaScript; `ui` draws state and sends actions.
//! `src/README.md` is the map of the folders and of what holds between them.

pub mod format;
pub mod stats;
pub mod domain;
pub mod job;
pub mod workload;
pub mod experiment;
pub mod machine;
pub mod sample;
pub mod trial;
pub mod cost;
pub mod pitfall;
pub mod protocol;
pub mod scaling;
pub mod summary;
pub mod session;
pub mod patience;
pub mod warning;
pub mod verdict;
pub mod chart;
pub mod overlap;
pub mod hand_over;
pub mod trace;
pub mod script;
pub mod claim;
pub mod advice;
pub mod report;
pub mod python;
pub mod embed;

#[cfg(target_arch = "wasm32")]
#[allow(unsafe_code, reason = "the one room where the browser's interfaces may ask for it")]
pub mod browser;
#[cfg(any(feature = "app", not(target_arch = "wasm32")))]
pub mod ui;

/// Names the sources this binary was built from: the page refuses a worker of another build.
///
/// `cargo xtask build` sets it to a hash of the sources; a build by hand has the version only.
pub const BUILD: &str = match option_env!("LANES_BUILD") {
    Some(build) => build,
    None => env!("CARGO_PKG_VERSION"),
};
