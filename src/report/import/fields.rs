//! The fields of a JSON object, each of which says where it is when it is not what it should be.

use std::collections::HashMap;

use tinyjson::{InnerAsRef, JsonValue};

use super::ImportError;
use crate::stats::Estimate;

/// A value of JSON.
pub type Value = JsonValue;

/// The deepest that an export nests is half of this; a parser that calls itself must not go deeper.
const DEEPEST: usize = 16;

/// Reads a text as JSON.
pub fn parse(text: &str) -> Result<Value, ImportError> {
    if is_too_deep(text) {
        return Err(ImportError::OtherFormat);
    }
    text.parse().map_err(|_| ImportError::NoJson)
}

/// Whether more than [`DEEPEST`] brackets are open at once, outside of strings.
fn is_too_deep(text: &str) -> bool {
    let (mut open, mut in_string, mut is_escaped) = (0_usize, false, false);
    for byte in text.bytes() {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' if in_string => is_escaped = true,
            b'"' => in_string = !in_string,
            b'{' | b'[' if !in_string => open += 1,
            b'}' | b']' if !in_string => open = open.saturating_sub(1),
            _ => {}
        }
        if open > DEEPEST {
            return true;
        }
    }
    false
}

/// A whole number that is none too large.
pub fn whole(value: &Value) -> Option<u32> {
    let number: f64 = *value.get()?;
    (number >= 0.0 && number <= f64::from(u32::MAX) && number.fract() == 0.0).then_some(number as u32)
}

/// An object, and where it is in the file.
pub struct Fields<'a> {
    fields: &'a HashMap<String, Value>,
    path: &'a str,
}

impl<'a> Fields<'a> {
    /// The fields of `value`, which has to be an object.
    pub fn of(value: &'a Value, path: &'a str) -> Result<Self, ImportError> {
        let fields = value.get().ok_or_else(|| ImportError::Field(path.to_owned()))?;
        Ok(Self { fields, path })
    }

    /// That a field is missing, or not what it should be.
    pub fn wrong(&self, name: &str) -> ImportError {
        ImportError::Field(format!("“{name}” of {}", self.path))
    }

    /// A field that may be null, or not there.
    pub fn optional(&self, name: &str) -> Option<&'a Value> {
        self.fields.get(name).filter(|value| !value.is_null())
    }

    /// A field of a type of JSON.
    pub fn get<T: InnerAsRef>(&self, name: &str) -> Result<&'a T, ImportError> {
        self.optional(name).and_then(Value::get).ok_or_else(|| self.wrong(name))
    }

    /// A text.
    pub fn text(&self, name: &str) -> Result<&'a str, ImportError> {
        self.get::<String>(name).map(String::as_str)
    }

    /// A number; JSON has no others than finite ones, but for those that are too large.
    pub fn number(&self, name: &str) -> Result<f64, ImportError> {
        let number: f64 = *self.get(name)?;
        if number.is_finite() { Ok(number) } else { Err(self.wrong(name)) }
    }

    /// A whole number.
    pub fn whole(&self, name: &str) -> Result<u32, ImportError> {
        self.optional(name).and_then(whole).ok_or_else(|| self.wrong(name))
    }

    /// A whole number or nothing.
    pub fn optional_whole(&self, name: &str) -> Result<Option<u32>, ImportError> {
        self.optional(name).map(|_| self.whole(name)).transpose()
    }

    /// A list.
    pub fn list(&self, name: &str) -> Result<&'a [Value], ImportError> {
        self.get::<Vec<Value>>(name).map(Vec::as_slice)
    }

    /// An object.
    pub fn object(&self, name: &str) -> Result<Fields<'a>, ImportError> {
        let fields = self.get(name)?;
        Ok(Fields { fields, path: self.path })
    }

    /// One of `all`, by its name.
    pub fn one_of<T: Copy>(
        &self,
        name: &str,
        all: &[T],
        name_of: fn(T) -> &'static str,
    ) -> Result<T, ImportError> {
        let text = self.text(name)?;
        all.iter().copied().find(|&one| name_of(one) == text).ok_or_else(|| self.wrong(name))
    }

    /// A figure with an interval around it, or nothing.
    pub fn optional_estimate(&self, name: &str) -> Result<Option<Estimate>, ImportError> {
        if self.optional(name).is_none() {
            return Ok(None);
        }
        let fields = self.object(name)?;
        let estimate =
            Estimate { value: fields.number("value")?, lo: fields.number("lo")?, hi: fields.number("hi")? };
        let is_one = 0.0 <= estimate.lo && estimate.lo <= estimate.value && estimate.value <= estimate.hi;
        if is_one { Ok(Some(estimate)) } else { Err(self.wrong(name)) }
    }
}
