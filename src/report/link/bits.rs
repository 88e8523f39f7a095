//! The letters of a link's content: postcard's varints and strings, and figures made of them.

use serde::{Deserialize, Serialize};

use super::LinkError;
use crate::stats::Estimate;

/// The largest number of µs or thousandths that a link has: more than eleven days, and exact in an `f64`.
const MOST: f64 = 1e12;

/// What is written.
#[derive(Default)]
pub struct Writer(pub Vec<u8>);

impl Writer {
    /// Writes a number; small ones are short.
    pub fn number(&mut self, number: impl Into<u64>) {
        self.put(&number.into());
    }

    /// Writes a text.
    pub fn text(&mut self, text: &str) {
        self.put(text);
    }

    /// Writes how many parts `value` has, rounded, of which so many make one.
    pub fn parts(&mut self, value: f64, make_one: f64) {
        self.number((value * make_one).round().clamp(0.0, MOST) as u64);
    }

    fn put<T: Serialize + ?Sized>(&mut self, value: &T) {
        // Only memory can be missing, which ends the program anyway.
        self.0 = postcard::to_extend(value, std::mem::take(&mut self.0)).unwrap_or_default();
    }
}

/// What is read; each reading takes away what it has read.
pub struct Reader<'a>(pub &'a [u8]);

impl<'a> Reader<'a> {
    /// Reads a number.
    pub fn number<T: TryFrom<u64>>(&mut self) -> Result<T, LinkError> {
        let number: u64 = self.take()?;
        number.try_into().map_err(|_| LinkError::Damaged)
    }

    /// Reads a text.
    pub fn text(&mut self) -> Result<&'a str, LinkError> {
        self.take()
    }

    /// Reads a number of parts of which so many make one.
    pub fn parts(&mut self, make_one: f64) -> Result<f64, LinkError> {
        let number: u64 = self.number()?;
        if number as f64 > MOST { Err(LinkError::Damaged) } else { Ok(number as f64 / make_one) }
    }

    /// Reads a figure with its interval.
    pub fn estimate(&mut self, make_one: f64) -> Result<Estimate, LinkError> {
        let value = self.parts(make_one)?;
        self.reach(value)
    }

    /// Reads the interval of a figure.
    pub fn reach(&mut self, value: f64) -> Result<Estimate, LinkError> {
        let (down, up) = (self.parts(1.0)?, self.parts(1.0)?);
        if down > 1_000.0 {
            return Err(LinkError::Damaged);
        }
        Ok(Estimate { value, lo: value * (1.0 - down / 1e3), hi: value * (1.0 + up / 1e3) })
    }

    /// Whether everything was read.
    pub fn end(self) -> Result<(), LinkError> {
        if self.0.is_empty() { Ok(()) } else { Err(LinkError::Damaged) }
    }

    fn take<T: Deserialize<'a>>(&mut self) -> Result<T, LinkError> {
        let (value, rest) = postcard::take_from_bytes(self.0).map_err(|error| match error {
            postcard::Error::DeserializeUnexpectedEnd => LinkError::CutOff,
            _ => LinkError::Damaged,
        })?;
        self.0 = rest;
        Ok(value)
    }
}
