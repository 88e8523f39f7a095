//! Lanes in other pages: the frame that stands there, and the view that makes a snippet for one.

mod builder;
mod frame;

pub use builder::EmbedBuilder;
pub use frame::EmbeddedLab;
