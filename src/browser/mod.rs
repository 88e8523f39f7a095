//! The only home of the browser's interfaces: `JsValue` and `unsafe` stop here.
//!
//! The page's side of measuring is [`measure`], the rest of the page's is beside it; the workers' side is
//! [`worker`], and [`wire`] is what crosses.

#[cfg(feature = "app")]
pub mod canvas;
#[cfg(feature = "app")]
pub mod clipboard;
#[cfg(feature = "app")]
pub mod download;
#[cfg(feature = "app")]
pub mod embed;
mod files;
pub mod frame;
mod machine;
pub mod measure;
mod network;
#[cfg(feature = "app")]
pub mod page;
#[cfg(feature = "app")]
pub mod chart_picture;
#[cfg(feature = "app")]
pub mod storage;
#[cfg(feature = "app")]
pub mod picture;
#[cfg(feature = "app")]
pub mod wheel;

pub mod wire;
#[cfg(feature = "threads")]
pub mod worker;

pub use machine::{machine, reported_cores};
