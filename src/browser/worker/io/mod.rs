//! What lanes wait for: requests, files and the database.
//!
//! Only an event loop can fetch in a browser, and only asynchronously can a worker open a file. So a
//! thread asks as a thread of an operating system asks its kernel: it hands over what it wants and
//! sleeps until it is there. The kernel's part is played by the coordinator's event loop, which has
//! nothing else to do meanwhile. METHODOLOGY.md says what that means for the figures.

mod file;
mod request;
mod service;
mod store;

pub use request::{abort_all, is_simulated};
pub use service::{IoService, LoopWaiter};
