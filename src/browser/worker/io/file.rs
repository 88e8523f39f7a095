//! A lane's file: in the origin's private file system where there is one, else in the browser's cache.

use js_sys::{Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Cache, FileSystemDirectoryHandle, FileSystemFileHandle, FileSystemGetDirectoryOptions,
    FileSystemGetFileOptions, FileSystemReadWriteOptions, FileSystemSyncAccessHandle,
    FileSystemWritableFileStream, Response, WorkerGlobalScope,
};

use crate::browser::{
    page::files::{FOLDER, name_of},
    wire::error,
};
use crate::domain::{Fallback, TaskError};

/// A file that is open. Dropping it closes it; whoever ends the session removes it.
pub enum LaneFile {
    /// A real file that this worker alone may write, at once.
    Sync(FileSystemSyncAccessHandle),
    /// A real file that is written as a stream.
    Stream(FileSystemFileHandle),
    /// An entry of the browser's cache, which is on the disk as well.
    Cached(Cache, String),
    /// Nowhere, for this reason.
    Nowhere(TaskError),
}

impl LaneFile {
    /// Opens the file of that name in the session's `folder`.
    pub async fn open(folder: &str, name: &str) -> Self {
        match open_file(folder, name).await {
            Ok(file) => file,
            Err(thrown) if failure(&thrown) == TaskError::DiskFull => Self::Nowhere(TaskError::DiskFull),
            Err(_) => open_cache(folder, name).await.unwrap_or_else(|thrown| Self::Nowhere(failure(&thrown))),
        }
    }

    /// What is done otherwise than with a real file that is written at once.
    pub fn fallback(&self) -> Option<Fallback> {
        match self {
            Self::Sync(_) | Self::Nowhere(_) => None,
            Self::Stream(_) => Some(Fallback::StreamedFiles),
            Self::Cached(..) => Some(Fallback::CachedFiles),
        }
    }

    /// Writes `bytes` into the file, in place of what is there.
    ///
    /// # Errors
    /// There is no room, or the browser's reason.
    pub async fn write(&self, bytes: &[u8]) -> Result<(), TaskError> {
        let bytes = Uint8Array::from(bytes);
        match self {
            Self::Sync(file) => write_at_once(file, &bytes),
            Self::Stream(file) => write_stream(file, &bytes).await.map_err(|thrown| failure(&thrown)),
            Self::Cached(cache, name) => {
                write_cache(cache, name, &bytes).await.map_err(|thrown| failure(&thrown))
            }
            Self::Nowhere(reason) => Err(reason.clone()),
        }
    }
}

impl Drop for LaneFile {
    fn drop(&mut self) {
        if let Self::Sync(file) = self {
            file.close();
        }
    }
}

async fn open_file(folder: &str, name: &str) -> Result<LaneFile, JsValue> {
    let scope: WorkerGlobalScope = js_sys::global().unchecked_into();
    let storage = scope.navigator().storage();
    // Older browsers have the one without the other, and pages that came unprotected have neither.
    if JsValue::from(storage.clone()).is_undefined() || !has(&storage, "getDirectory") {
        return Err(JsValue::UNDEFINED);
    }
    let create = FileSystemGetDirectoryOptions::new();
    create.set_create(true);
    let root: FileSystemDirectoryHandle = of(JsFuture::from(storage.get_directory()).await?);
    let all = JsFuture::from(root.get_directory_handle_with_options(FOLDER, &create)).await?;
    let all: FileSystemDirectoryHandle = of(all);
    let ours = JsFuture::from(all.get_directory_handle_with_options(folder, &create)).await?;
    let ours: FileSystemDirectoryHandle = of(ours);
    let create = FileSystemGetFileOptions::new();
    create.set_create(true);
    let file = JsFuture::from(ours.get_file_handle_with_options(name, &create)).await?;
    let file: FileSystemFileHandle = of(file);
    if has(&file, "createSyncAccessHandle") {
        let handle = JsFuture::from(file.create_sync_access_handle()).await?;
        return Ok(LaneFile::Sync(of(handle)));
    }
    if has(&file, "createWritable") { Ok(LaneFile::Stream(file)) } else { Err(JsValue::UNDEFINED) }
}

async fn open_cache(folder: &str, name: &str) -> Result<LaneFile, JsValue> {
    let scope: WorkerGlobalScope = js_sys::global().unchecked_into();
    if !has(&scope, "caches") {
        return Err("this browser has neither files nor a cache for pages".into());
    }
    let cache: JsValue = JsFuture::from(scope.caches()?.open(&name_of(folder))).await?;
    Ok(LaneFile::Cached(of(cache), format!("./{folder}/{name}")))
}

fn write_at_once(file: &FileSystemSyncAccessHandle, bytes: &Uint8Array) -> Result<(), TaskError> {
    let length = f64::from(bytes.length());
    let at_begin = FileSystemReadWriteOptions::new();
    at_begin.set_at(0.0);
    let write = || -> Result<bool, JsValue> {
        let written = file.write_with_js_u8_array_and_options(bytes, &at_begin)?;
        // A file that keeps its length costs the browser less than one that is emptied first.
        file.truncate_with_f64(length)?;
        // What has no room is not written, which some browsers tell by the number of bytes only.
        Ok(written >= length)
    };
    match write() {
        Ok(true) => Ok(()),
        Ok(false) => Err(TaskError::DiskFull),
        Err(thrown) => Err(failure(&thrown)),
    }
}

async fn write_stream(file: &FileSystemFileHandle, bytes: &Uint8Array) -> Result<(), JsValue> {
    let stream: JsValue = JsFuture::from(file.create_writable()).await?;
    let stream: FileSystemWritableFileStream = of(stream);
    JsFuture::from(stream.write_with_js_u8_array(bytes)?).await?;
    JsFuture::from(stream.close()).await.map(drop)
}

async fn write_cache(cache: &Cache, name: &str, bytes: &Uint8Array) -> Result<(), JsValue> {
    let file = Response::new_with_opt_js_u8_array(Some(bytes))?;
    JsFuture::from(cache.put_with_str(name, &file)).await.map(drop)
}

fn failure(thrown: &JsValue) -> TaskError {
    let name = Reflect::get(thrown, &"name".into()).ok().and_then(|name| name.as_string());
    match name.as_deref() {
        Some("QuotaExceededError") => TaskError::DiskFull,
        _ => TaskError::NotWritten(error::message(thrown)),
    }
}

fn has(object: &JsValue, name: &str) -> bool {
    Reflect::get(object, &name.into()).is_ok_and(|it| !it.is_undefined())
}

/// What a promise of the browser's was of.
fn of<T: JsCast>(value: JsValue) -> T {
    value.unchecked_into()
}
