//! What crosses from one worker to another: a message as bytes, and data beside it.

use js_sys::{Array, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};

#[cfg(feature = "threads")]
use super::spare;

/// Data from here on are transferred, which takes browsers longer to begin with and then nothing.
#[cfg(feature = "threads")]
const LARGE: usize = 1 << 16;

/// A message as bytes.
pub fn encode<T: serde::Serialize>(message: &T) -> Uint8Array {
    Uint8Array::from(to_bytes(message).as_slice())
}

/// A message or data as bytes.
pub fn to_bytes<T: serde::Serialize + ?Sized>(value: &T) -> Vec<u8> {
    postcard::to_allocvec(value).expect("every message, input and output can be encoded")
}

/// A message and a copy of data, and what of them is to be transferred: small data follow the
/// message's bytes, large ones stand beside them.
#[cfg(feature = "threads")]
pub fn pack<T: serde::Serialize>(message: &T, data: &[u8]) -> (JsValue, Array) {
    if data.len() < LARGE {
        let mut bytes = to_bytes(message);
        bytes.extend_from_slice(data);
        return (Uint8Array::from(bytes.as_slice()).into(), Array::new());
    }
    let bytes = data.len() as u32;
    let buffer = spare::take(bytes);
    let copy = Uint8Array::new_with_byte_offset_and_length(&buffer, 0, bytes);
    copy.copy_from(data);
    (Array::of2(&encode(message), &copy).into(), Array::of1(&buffer))
}

/// The same as an answer: the buffers of what came go back with it.
#[cfg(feature = "threads")]
pub fn pack_answer<T: serde::Serialize>(message: &T, data: &[u8]) -> (JsValue, Array) {
    let (parcel, transfer) = pack(message, data);
    let spare = spare::take_all();
    if spare.is_empty() {
        return (parcel, transfer);
    }
    let parcel = match parcel.dyn_into::<Array>() {
        Ok(parcel) => parcel,
        Err(bytes) => Array::of2(&bytes, &JsValue::UNDEFINED),
    };
    for buffer in spare {
        parcel.push(&buffer);
        transfer.push(&buffer);
    }
    (parcel.into(), transfer)
}

/// What came with a message.
#[derive(Debug)]
pub struct Attachment {
    /// Data that followed the message's bytes.
    #[cfg_attr(not(feature = "threads"), expect(dead_code, reason = "the page is sent none"))]
    inline: Vec<u8>,
    /// An object that stood beside them: a worker's memory, or large data.
    pub object: JsValue,
}

#[cfg(feature = "threads")]
impl Attachment {
    /// The data, in this worker's memory.
    pub fn into_vec(self) -> Vec<u8> {
        let Some(data) = self.object.dyn_ref::<Uint8Array>() else { return self.inline };
        let bytes = data.to_vec();
        spare::keep(&data.buffer());
        bytes
    }
}

/// A message and what came with it; `None` if it is no message of this build.
pub fn unpack<T: serde::de::DeserializeOwned>(parcel: &JsValue) -> Option<(T, Attachment)> {
    let (bytes, object) = match parcel.dyn_ref::<Array>() {
        Some(parcel) => {
            #[cfg(feature = "threads")]
            parcel.iter().skip(2).for_each(|buffer| spare::keep(&buffer));
            (parcel.get(0), parcel.get(1))
        }
        None => (parcel.clone(), JsValue::UNDEFINED),
    };
    let bytes = bytes.dyn_ref::<Uint8Array>()?.to_vec();
    let (message, inline) = postcard::take_from_bytes(&bytes).ok()?;
    Some((message, Attachment { inline: inline.to_vec(), object }))
}
