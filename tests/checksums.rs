//! What every machine must answer, on the host. `tests/worker.rs` compares the same in a browser.
#![cfg(not(target_arch = "wasm32"))]

mod known_checksums;

#[test]
fn answers_are_the_same_on_every_machine() {
    known_checksums::check();
}
