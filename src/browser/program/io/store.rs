//! The database that a pipeline stores into: one transaction for each mail.

use js_sys::{Promise, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{IdbDatabase, IdbFactory, IdbOpenDbRequest, IdbTransaction, IdbTransactionMode};

use crate::browser::{error, page::files::name_of};
use crate::domain::TaskError;

/// The database's only store.
const FACTS: &str = "facts";

/// The database, open. Dropping it closes it.
pub struct Store(Result<IdbDatabase, TaskError>);

impl Store {
    /// Opens that of `session`, and makes it where it is not there.
    pub async fn open(session: &str) -> Self {
        Self(open(session).await.map_err(|thrown| failure(&thrown)))
    }

    /// Stores `bytes` under `key`, and waits until the transaction is complete.
    ///
    /// # Errors
    /// There is no room, or the browser's reason.
    pub async fn put(&self, key: u32, bytes: &[u8]) -> Result<(), TaskError> {
        let database = self.0.as_ref().map_err(Clone::clone)?;
        put(database, key, bytes).await.map_err(|thrown| failure(&thrown))
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        if let Ok(database) = &self.0 {
            database.close();
        }
    }
}

async fn open(session: &str) -> Result<IdbDatabase, JsValue> {
    let factory = Reflect::get(&js_sys::global(), &"indexedDB".into())?;
    let factory: IdbFactory =
        factory.dyn_into().map_err(|_| JsValue::from("this browser has no database"))?;
    let request: IdbOpenDbRequest = factory.open_with_u32(&name_of(session), 1)?;
    let opening = request.clone();
    let make = wasm_bindgen::closure::Closure::once(move || -> Result<(), JsValue> {
        let database: IdbDatabase = opening.result()?.unchecked_into();
        database.create_object_store(FACTS).map(drop)
    });
    request.set_onupgradeneeded(Some(make.as_ref().unchecked_ref()));
    JsFuture::from(Promise::new(&mut |resolve, reject| {
        request.set_onsuccess(Some(&resolve));
        request.set_onerror(Some(&reject));
    }))
    .await
    .map_err(|_| request.error().ok().flatten().map_or(JsValue::UNDEFINED, Into::into))?;
    Ok(request.result()?.unchecked_into())
}

async fn put(database: &IdbDatabase, key: u32, bytes: &[u8]) -> Result<(), JsValue> {
    let transaction: IdbTransaction =
        database.transaction_with_str_and_mode(FACTS, IdbTransactionMode::Readwrite)?;
    let bytes = Uint8Array::from(bytes);
    transaction.object_store(FACTS)?.put_with_key(&bytes, &key.into())?;
    let complete = Promise::new(&mut |resolve, reject| {
        transaction.set_oncomplete(Some(&resolve));
        transaction.set_onabort(Some(&reject));
    });
    JsFuture::from(complete)
        .await
        .map(drop)
        .map_err(|_| transaction.error().map_or(JsValue::UNDEFINED, Into::into))
}

fn failure(thrown: &JsValue) -> TaskError {
    let name = Reflect::get(thrown, &"name".into()).ok().and_then(|name| name.as_string());
    match name.as_deref() {
        Some("QuotaExceededError") => TaskError::DiskFull,
        _ => TaskError::NotWritten(error::message(thrown)),
    }
}
