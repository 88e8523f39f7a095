//! What this browser keeps of finished runs: links in an IndexedDB, each by a number.

use js_sys::{Array, Promise};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    DomException, IdbDatabase, IdbObjectStore, IdbObjectStoreParameters, IdbRequest, IdbTransaction,
    IdbTransactionMode,
};

use crate::browser::error;

const DATABASE: &str = "lanes";
const STORE: &str = "reports";

/// Keeps a link, and answers its number.
///
/// # Errors
/// What is lost, and what to do instead.
pub async fn keep(link: &str) -> Result<u32, String> {
    let number = write(|store| store.add(&link.into())).await?;
    Ok(number.as_f64().unwrap_or_default() as u32)
}

/// Keeps another link under a number that there is.
///
/// # Errors
/// What is lost, and what to do instead.
pub async fn replace(id: u32, link: &str) -> Result<(), String> {
    write(|store| store.put_with_key(&link.into(), &id.into())).await.map(drop)
}

/// Keeps a link no more.
///
/// # Errors
/// Why it is still there.
pub async fn forget(id: u32) -> Result<(), String> {
    write(|store| store.delete(&id.into())).await.map(drop)
}

/// All links with their numbers, the latest first.
///
/// # Errors
/// Why they cannot be read.
pub async fn all() -> Result<Vec<(u32, String)>, String> {
    let read = async {
        let store = begin(IdbTransactionMode::Readonly).await?.object_store(STORE)?;
        let (numbers, links) = (answer(&store.get_all_keys()?), answer(&store.get_all()?));
        let (numbers, links): (Array, Array) =
            (numbers.await?.unchecked_into(), links.await?.unchecked_into());
        let number = |number: JsValue| number.as_f64().unwrap_or_default() as u32;
        let links = links.iter().map(|link| link.as_string().unwrap_or_default());
        Ok(numbers.iter().map(number).zip(links).collect::<Vec<_>>().into_iter().rev().collect())
    };
    read.await.map_err(|thrown: JsValue| {
        format!(
            "This browser does not let the page read what it keeps ({}). In a private window it keeps nothing.",
            error::message(&thrown)
        )
    })
}

fn not_kept(thrown: &JsValue) -> String {
    let is_full =
        thrown.dyn_ref::<DomException>().is_some_and(|thrown| thrown.name() == "QuotaExceededError");
    if is_full {
        return "The browser's storage is full, so this was not kept. Nothing else is lost: delete older runs from the history, or copy the link of this one.".to_owned();
    }
    format!(
        "This browser keeps nothing for this page ({}), so runs are not kept. What is on the screen stays there: copy its link, or save it as a file.",
        error::message(thrown)
    )
}

/// Changes what is kept, and answers what the change does once nothing can undo it: before that, a
/// browser forgets it when the page is left.
async fn write(
    change: impl FnOnce(&IdbObjectStore) -> Result<IdbRequest, JsValue>,
) -> Result<JsValue, String> {
    let written = async {
        let transaction = begin(IdbTransactionMode::Readwrite).await?;
        let is_written = end(&transaction);
        let answered = answer(&change(&transaction.object_store(STORE)?)?).await?;
        is_written.await?;
        Ok(answered)
    };
    written.await.map_err(|thrown| not_kept(&thrown))
}

/// A transaction over the links.
async fn begin(mode: IdbTransactionMode) -> Result<IdbTransaction, JsValue> {
    let factory = web_sys::window().and_then(|window| window.indexed_db().transpose());
    let request = factory.ok_or("it has no storage")??.open_with_u32(DATABASE, 1)?;
    let upgrade = {
        let request = request.clone();
        Closure::<dyn FnMut()>::new(move || {
            let made = request.result().map(|result| {
                let options = IdbObjectStoreParameters::new();
                options.set_auto_increment(true);
                let database: IdbDatabase = result.unchecked_into();
                database.create_object_store_with_optional_parameters(STORE, &options).map(drop)
            });
            debug_assert!(matches!(made, Ok(Ok(()))), "a new database has no stores");
        })
    };
    request.set_onupgradeneeded(Some(upgrade.as_ref().unchecked_ref()));
    let database: IdbDatabase = answer(&request).await?.unchecked_into();
    database.transaction_with_str_and_mode(STORE, mode)
}

/// What a request answers. It is listened to from now on, not only once this is awaited.
fn answer(request: &IdbRequest) -> JsFuture {
    let promise = Promise::new(&mut |resolve, reject| {
        let answered = request.clone();
        let on_success = Closure::once_into_js(move || {
            let result = answered.result().unwrap_or(JsValue::UNDEFINED);
            let _ = resolve.call1(&JsValue::UNDEFINED, &result);
        });
        let failed = request.clone();
        let on_error = Closure::once_into_js(move || {
            let _ = reject.call1(&JsValue::UNDEFINED, &thrown(failed.error().ok().flatten()));
        });
        request.set_onsuccess(Some(on_success.unchecked_ref()));
        request.set_onerror(Some(on_error.unchecked_ref()));
    });
    JsFuture::from(promise)
}

/// The end of a transaction, from now on listened to.
fn end(transaction: &IdbTransaction) -> JsFuture {
    let promise = Promise::new(&mut |resolve, reject| {
        transaction.set_oncomplete(Some(&resolve));
        let aborted = transaction.clone();
        let on_abort = Closure::once_into_js(move || {
            let _ = reject.call1(&JsValue::UNDEFINED, &thrown(aborted.error()));
        });
        transaction.set_onabort(Some(on_abort.unchecked_ref()));
    });
    JsFuture::from(promise)
}

fn thrown(error: Option<DomException>) -> JsValue {
    error.map_or(JsValue::UNDEFINED, JsValue::from)
}
