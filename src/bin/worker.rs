//! The program of every worker: the coordinator, its threads, and the process lanes.

#[cfg(target_arch = "wasm32")]
fn main() {
    lanes::browser::worker::serve();
}

#[cfg(not(target_arch = "wasm32"))]
fn main() {
    eprintln!("This program runs in a browser's workers: `cargo xtask build` makes it.");
}
