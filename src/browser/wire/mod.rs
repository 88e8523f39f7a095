//! What crosses between workers, and how: messages and data, clocks, errors, and a look into another worker's memory.

pub mod clock;
pub mod database;
pub mod error;
mod gauge;
mod parcel;
#[cfg(feature = "threads")]
mod spare;
mod worker;

pub use gauge::GaugeView;
pub use parcel::Attachment;
#[cfg(feature = "threads")]
pub use parcel::{encode, pack_answer, to_bytes, unpack};
pub use worker::{Incoming, Worker};
