//! Pictures of the page after a run, for eyes: `cargo xtask screenshots` takes them.

#[cfg(not(target_arch = "wasm32"))]
#[path = "../tests/support/mod.rs"]
mod support;

fn main() {}
