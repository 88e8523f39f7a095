//! The only home of the browser's interfaces: `JsValue` and `unsafe` stop here.
//!
//! [`page`] is what the page asks of the browser, and what it has measured; [`worker`] is what runs inside a worker, and
//! [`wire`] is what both stand on: what crosses between them, clocks, errors, the database.

pub mod page;
pub mod wire;
#[cfg(feature = "threads")]
pub mod worker;
