//! Numbers that cross to another memory as they lie in this one.

use std::fmt;
use std::marker::PhantomData;
use std::ops::{Deref, DerefMut};

use bytemuck::Pod;
use serde::de::{Deserializer, Error, Visitor};
use serde::{Deserialize, Serialize, Serializer};

/// A list of numbers that is encoded as its bytes, in one piece, as pickle does with NumPy's arrays.
/// Number by number, encoding megabytes would take longer than many a kernel.
///
/// All workers of a page run on one machine, so the bytes' order needs no mention.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plain<T>(pub Vec<T>);

impl<T> Deref for Plain<T> {
    type Target = Vec<T>;

    fn deref(&self) -> &Vec<T> {
        &self.0
    }
}

impl<T> DerefMut for Plain<T> {
    fn deref_mut(&mut self) -> &mut Vec<T> {
        &mut self.0
    }
}

impl<T> From<Vec<T>> for Plain<T> {
    fn from(numbers: Vec<T>) -> Self {
        Self(numbers)
    }
}

impl<T> FromIterator<T> for Plain<T> {
    fn from_iter<I: IntoIterator<Item = T>>(numbers: I) -> Self {
        Self(numbers.into_iter().collect())
    }
}

impl<T: Pod> Serialize for Plain<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(bytemuck::cast_slice(&self.0))
    }
}

impl<'de, T: Pod> Deserialize<'de> for Plain<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Bytes<T>(PhantomData<T>);

        impl<T: Pod> Visitor<'_> for Bytes<T> {
            type Value = Plain<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "the bytes of whole numbers of {} bytes", size_of::<T>())
            }

            fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<Plain<T>, E> {
                if bytes.len().is_multiple_of(size_of::<T>()) {
                    Ok(Plain(bytemuck::pod_collect_to_vec(bytes)))
                } else {
                    Err(E::invalid_length(bytes.len(), &self))
                }
            }
        }

        deserializer.deserialize_bytes(Bytes(PhantomData))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_cross_whole() {
        let numbers = Plain(vec![[1.5_f64, -0.0], [f64::MAX, 1e-300]]);
        let bytes = postcard::to_allocvec(&numbers).unwrap();
        assert_eq!(bytes.len(), 1 + 32, "a length and the numbers");
        assert_eq!(postcard::from_bytes::<Plain<[f64; 2]>>(&bytes).unwrap(), numbers);
        // At an odd address, too.
        assert_eq!(postcard::take_from_bytes::<Plain<u16>>(&[4, 1, 0, 2, 0, 9]).unwrap().0.0, [1, 2]);
        assert!(postcard::from_bytes::<Plain<u32>>(&[3, 1, 2, 3]).is_err(), "a part of a number is none");
    }
}
