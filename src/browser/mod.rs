//! The only home of the browser's interfaces: `JsValue` and `unsafe` stop here.
//!
//! [`page`] is what the page asks of the browser, [`session`], [`costs`] and [`claims`] what it has measured;
//! [`program`] is what runs inside a worker.

pub mod claims;
pub mod clock;
mod coordinator;
pub mod costs;
mod database;
mod error;
pub mod page;
mod parcel;
mod pitfalls;
pub mod session;
#[cfg(feature = "threads")]
mod spare;
mod stop;
mod worker;

#[cfg(feature = "threads")]
pub mod program;
