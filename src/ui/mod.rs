//! The page: it draws state and sends actions; it measures nothing and computes no statistics.
//!
//! What is plain (what is shown, where on the chart, in which words) compiles and is tested on the
//! host. `view` holds the components, which need a browser.

pub mod claims;
pub mod embed;
pub mod pictures;
pub mod program;
pub mod reading;
pub mod reports;
pub mod route;
pub mod settings;
pub mod state;
pub mod text;
pub mod timeline;
pub mod waiting;

#[cfg(all(target_arch = "wasm32", feature = "app"))]
mod view;
#[cfg(all(target_arch = "wasm32", feature = "app"))]
pub use view::App;
