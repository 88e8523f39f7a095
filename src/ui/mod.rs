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
pub mod script;
pub mod settings;
pub mod state;
pub mod text;
pub mod timeline;
pub mod waiting;

/// The shortest time between two drawings while trials run, in µs. Drawing takes from the lanes' cores:
/// ten times a second it took 7 % of one, which is more than a speed-up is to be known within.
pub const DRAW_EVERY_US: f64 = 200_000.0;

#[cfg(all(target_arch = "wasm32", feature = "app"))]
mod view;
#[cfg(all(target_arch = "wasm32", feature = "app"))]
pub use view::App;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_methodology_says_how_often_the_page_draws() {
        let words = ["never", "once", "twice", "three times", "four times", "five times"];
        let often = words[(1e6 / DRAW_EVERY_US) as usize];
        let methodology = include_str!("../../METHODOLOGY.md");
        assert!(methodology.contains(&format!("it draws at most {often} a second")), "{often}");
    }
}
