//! The only home of the browser's interfaces: `JsValue` and `unsafe` stop here.
//!
//! The page's side is [`machine`], [`session`], [`costs`] and [`page`]; the workers' side is
//! [`program`].

pub mod clock;
mod coordinator;
pub mod costs;
mod error;
mod frame;
mod machine;
#[cfg(feature = "app")]
pub mod page;
#[cfg(feature = "app")]
pub mod picture;
pub mod session;
mod stop;
mod worker;

#[cfg(feature = "threads")]
pub mod program;

pub use machine::machine;
