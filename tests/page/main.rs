//! The whole page in a real browser. One program, so that what all tests need is built once, and a long test leaves
//! no core idle at the end of its file.
#![cfg(not(target_arch = "wasm32"))]

mod access;
mod claims;
mod deploy;
mod embed;
mod faults;
mod interruptions;
mod io;
mod io_trouble;
mod lab;
mod lighthouse;
mod python;
mod script;
mod security;
mod share;
mod timeline;
#[path = "../support/mod.rs"]
mod support;
