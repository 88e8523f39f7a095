//! The buffers in which large data came to this worker. They are used again, as the system's buffers of a
//! pipe are: memory that was never touched before comes page by page, which takes ten times as long as to
//! copy into memory that is there.

use std::cell::RefCell;

use js_sys::ArrayBuffer;
use wasm_bindgen::{JsCast, JsValue};

/// What is kept at most, in bytes.
const MOST_BYTES: u32 = 128 << 20;

thread_local! {
    static SPARE: RefCell<Vec<ArrayBuffer>> = RefCell::default();
}

/// Keeps a buffer, if there is room for it; what is no buffer of this worker alone is left.
pub fn keep(buffer: &JsValue) {
    let Some(buffer) = buffer.dyn_ref::<ArrayBuffer>() else { return };
    SPARE.with_borrow_mut(|spare| {
        let bytes: u32 = spare.iter().map(ArrayBuffer::byte_length).sum();
        if bytes + buffer.byte_length() <= MOST_BYTES {
            spare.push(buffer.clone());
        }
    });
}

/// The smallest one that has so many bytes, or a new one.
pub fn take(bytes: u32) -> ArrayBuffer {
    SPARE.with_borrow_mut(|spare| {
        let fitting = (0..spare.len()).filter(|&place| spare[place].byte_length() >= bytes);
        let smallest = fitting.min_by_key(|&place| spare[place].byte_length());
        smallest.map_or_else(|| ArrayBuffer::new(bytes), |place| spare.swap_remove(place))
    })
}

/// All of them.
pub fn take_all() -> Vec<ArrayBuffer> {
    SPARE.take()
}
