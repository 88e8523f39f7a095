//! The database that a pipeline stores into: one transaction for each mail.

use js_sys::Uint8Array;
use wasm_bindgen::JsValue;

use crate::browser::{
    page::files::name_of,
    wire::database::{Database, is_full},
    wire::error,
};
use crate::domain::TaskError;

/// The database, open. Dropping it closes it.
pub struct Store(Result<Database, TaskError>);

impl Store {
    /// Opens that of `session`, and makes it where it is not there.
    pub async fn open(session: &str) -> Self {
        Self(Database::open(&name_of(session), "facts").await.map_err(failure))
    }

    /// Stores `bytes` under `key`, and waits until the transaction is complete.
    ///
    /// # Errors
    /// There is no room, or the browser's reason.
    pub async fn put(&self, key: u32, bytes: &[u8]) -> Result<(), TaskError> {
        let database = self.0.as_ref().map_err(Clone::clone)?;
        let bytes = Uint8Array::from(bytes);
        let stored = database.write(|facts| facts.put_with_key(&bytes, &key.into())).await;
        stored.map(drop).map_err(failure)
    }
}

fn failure(thrown: JsValue) -> TaskError {
    if is_full(&thrown) { TaskError::DiskFull } else { TaskError::NotWritten(error::message(&thrown)) }
}
