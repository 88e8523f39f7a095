//! The page's side of measuring: it owns the workers, watches them, and ends them.

pub mod claims;
mod coordinator;
pub mod costs;
mod pitfall_watch;
mod pitfalls;
pub mod session;
mod showing;
mod stop;
mod trial;
mod workers;

pub use showing::{GreyPicture, Showing, Shown};
