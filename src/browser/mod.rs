//! The only home of the browser's interfaces: `JsValue` and `unsafe` stop here.
//!
//! The page's side is [`machine`], [`session`], [`costs`], [`claims`] and [`page`]; the workers' side is
//! [`program`].

#[cfg(feature = "app")]
pub mod canvas;
pub mod claims;
#[cfg(feature = "app")]
pub mod clipboard;
pub mod clock;
mod coordinator;
pub mod costs;
#[cfg(feature = "app")]
pub mod download;
#[cfg(feature = "app")]
pub mod embed;
mod error;
mod files;
pub mod frame;
mod machine;
mod network;
mod parcel;
mod pitfalls;
#[cfg(feature = "app")]
pub mod page;
#[cfg(feature = "app")]
pub mod chart_picture;
#[cfg(feature = "app")]
pub mod storage;
#[cfg(feature = "app")]
pub mod picture;
pub mod session;
#[cfg(feature = "threads")]
mod spare;
mod stop;
#[cfg(feature = "app")]
pub mod wheel;
mod worker;

#[cfg(feature = "threads")]
pub mod program;

pub use machine::{machine, reported_cores};
