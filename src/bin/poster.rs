//! What a frame shows before the reader asks for a run: as little as can read a link and draw a report.
#![allow(unsafe_code, reason = "wasm-bindgen writes some for every function that JavaScript calls")]

/// What the frame shows on a machine with so many `cores`, `width` pixels wide, if its address has these
/// `attributes` (a name and a value by turns) and this `hash`: see [`lanes::ui::embed::poster`].
#[cfg(target_arch = "wasm32")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn poster(attributes: Vec<String>, hash: &str, cores: u32, width: f64) -> Vec<String> {
    use lanes::ui::embed::{Setup, poster::Poster};
    let pairs: Vec<_> = attributes.chunks_exact(2).map(|pair| (pair[0].clone(), pair[1].clone())).collect();
    Poster::of(&Setup::read(&pairs, hash, cores), width).into_lines()
}

fn main() {}
