//! The only home of the browser's interfaces: `JsValue` and `unsafe` stop here.
//!
//! The page's side is [`machine`], [`session`] and [`FrameGaps`]; the workers' side is [`serve`].

pub mod clock;
mod error;
mod frame;
mod machine;
pub mod session;
mod worker;

mod coordinator;
mod process_lane;
mod process_pool;
mod serve;

pub use coordinator::ThreadPool;
pub use frame::FrameGaps;
pub use machine::machine;
pub use serve::serve;
