//! A database of the browser's (IndexedDB) with one store: what the page and its workers need of it, and no more.
//!
//! It is written by hand as three calls are all that is needed: the crate for it (`idb` 0.6, which brings `tokio`) wraps
//! every one that there is.

use js_sys::{Array, Function, Promise, Reflect};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    DomException, IdbDatabase, IdbFactory, IdbObjectStore, IdbObjectStoreParameters, IdbRequest,
    IdbTransaction, IdbTransactionMode,
};

/// A database that is open. Dropping it closes it, once its transactions have ended.
pub struct Database {
    database: IdbDatabase,
    store: &'static str,
}

impl Database {
    /// Whether there is a database `name`; no where the browser does not tell. To open one would make it.
    pub async fn exists(name: &str) -> bool {
        let all = async {
            let factory = Reflect::get(&js_sys::global(), &"indexedDB".into())?;
            let databases: Function = Reflect::get(&factory, &"databases".into())?.dyn_into()?;
            let all = JsFuture::from(Promise::resolve(&databases.call0(&factory)?)).await?;
            all.dyn_into::<Array>()
        };
        let is_named = |found: JsValue| Reflect::get(&found, &"name".into()).is_ok_and(|found| found == name);
        all.await.is_ok_and(|all| all.iter().any(is_named))
    }

    /// Opens the database `name`. Where it does not exist yet it is made, with a `store` that numbers its entries if they
    /// come without a key.
    ///
    /// # Errors
    /// What the browser throws: it has no databases, or lets this page have none.
    pub async fn open(name: &str, store: &'static str) -> Result<Self, JsValue> {
        let factory = Reflect::get(&js_sys::global(), &"indexedDB".into())?;
        let factory: IdbFactory = factory.dyn_into().map_err(|_| "it has no databases")?;
        let request = factory.open_with_u32(name, 1)?;
        let made = request.clone();
        let make = Closure::once(move || -> Result<(), JsValue> {
            let options = IdbObjectStoreParameters::new();
            options.set_auto_increment(true);
            let database: IdbDatabase = made.result()?.unchecked_into();
            database.create_object_store_with_optional_parameters(store, &options).map(drop)
        });
        request.set_onupgradeneeded(Some(make.as_ref().unchecked_ref()));
        let opened = Promise::new(&mut |resolve, reject| {
            request.set_onsuccess(Some(&resolve));
            request.set_onerror(Some(&reject));
        });
        JsFuture::from(opened).await.map_err(|_| thrown(request.error().ok().flatten()))?;
        Ok(Self { database: request.result()?.unchecked_into(), store })
    }

    /// Changes the store, and answers what the request `change` does. Waits until the transaction is complete: before that,
    /// a browser forgets the change when the page is left.
    ///
    /// # Errors
    /// What the browser throws: the store has no room ([`is_full`]), or cannot be written.
    pub async fn write(
        &self,
        change: impl FnOnce(&IdbObjectStore) -> Result<IdbRequest, JsValue>,
    ) -> Result<JsValue, JsValue> {
        let transaction = self.begin(IdbTransactionMode::Readwrite)?;
        let request = change(&transaction.object_store(self.store)?)?;
        complete(&transaction).await?;
        request.result()
    }

    /// All entries with their keys, in the order of these.
    ///
    /// # Errors
    /// What the browser throws: the store cannot be read.
    pub async fn entries(&self) -> Result<Vec<(JsValue, JsValue)>, JsValue> {
        let transaction = self.begin(IdbTransactionMode::Readonly)?;
        let store = transaction.object_store(self.store)?;
        let (keys, entries) = (store.get_all_keys()?, store.get_all()?);
        complete(&transaction).await?;
        let list = |request: IdbRequest| request.result().map(|list| Array::from(&list));
        Ok(list(keys)?.iter().zip(list(entries)?.iter()).collect())
    }

    fn begin(&self, mode: IdbTransactionMode) -> Result<IdbTransaction, JsValue> {
        self.database.transaction_with_str_and_mode(self.store, mode)
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        self.database.close();
    }
}

/// Whether a change was refused because the browser has no room left for it.
pub fn is_full(error: &JsValue) -> bool {
    error.dyn_ref::<DomException>().is_some_and(|error| error.name() == "QuotaExceededError")
}

/// Waits until a transaction is complete; throws what has aborted it.
async fn complete(transaction: &IdbTransaction) -> Result<(), JsValue> {
    let completed = Promise::new(&mut |resolve, reject| {
        transaction.set_oncomplete(Some(&resolve));
        transaction.set_onabort(Some(&reject));
    });
    JsFuture::from(completed).await.map(drop).map_err(|_| thrown(transaction.error()))
}

fn thrown(error: Option<DomException>) -> JsValue {
    error.map_or(JsValue::UNDEFINED, JsValue::from)
}
