//! The part of an operating system's kernel: it does what lanes of this worker wait for.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use super::file::LaneFile;
use super::request;
use super::store::Store;
use crate::domain::{Fallback, TaskError};
use crate::job::{Wait, Waiter};
use crate::protocol::LaneSetup;
use crate::workload::Storage;

/// Files by their lanes, open for as long as the session lasts, the database, and the network's timeout.
#[derive(Default)]
pub struct IoService {
    files: RefCell<Vec<Option<Rc<LaneFile>>>>,
    store: RefCell<Option<Rc<Store>>>,
    timeout_ms: Cell<u32>,
}

impl IoService {
    /// Opens what the lane of `setup` needs and has not yet. Says what is done otherwise than asked.
    pub async fn prepare(&self, setup: &LaneSetup) -> Option<Fallback> {
        self.timeout_ms.set(setup.timeout_ms);
        match setup.storage {
            Storage::None => None,
            Storage::Database => {
                if self.store.borrow().is_none() {
                    let store = Rc::new(Store::open(&setup.folder).await);
                    *self.store.borrow_mut() = Some(store);
                }
                None
            }
            Storage::File => self.open(setup).await.fallback(),
        }
    }

    /// The file of the lane of `setup`.
    async fn open(&self, setup: &LaneSetup) -> Rc<LaneFile> {
        if let Some(file) = self.file(setup.lane) {
            return file;
        }
        let file = Rc::new(LaneFile::open(&setup.folder, &setup.file_name()).await);
        let mut files = self.files.borrow_mut();
        if files.len() <= setup.lane as usize {
            files.resize_with(setup.lane as usize + 1, || None);
        }
        files[setup.lane as usize] = Some(Rc::clone(&file));
        file
    }

    /// Does what lane number `lane` waits for; only a fetch has bytes to answer.
    ///
    /// # Errors
    /// Why it could not be done.
    pub async fn serve(&self, lane: u32, wait: Wait) -> Result<Vec<u8>, TaskError> {
        let is_missing = || TaskError::NotWritten("it was not opened".to_owned());
        match wait {
            Wait::Fetch(address) => request::get(&address, self.timeout_ms.get()).await,
            Wait::Write(bytes) => {
                let file = self.file(lane).ok_or_else(is_missing)?;
                file.write(&bytes).await.map(|()| Vec::new())
            }
            Wait::Store(key, bytes) => {
                let store = self.store.borrow().clone().ok_or_else(is_missing)?;
                store.put(key, &bytes).await.map(|()| Vec::new())
            }
        }
    }

    fn file(&self, lane: u32) -> Option<Rc<LaneFile>> {
        self.files.borrow().get(lane as usize).cloned().flatten()
    }
}

/// Waits on this worker's own event loop.
pub struct LoopWaiter<'a> {
    /// The lane's number.
    pub lane: u32,
    /// Does what it waits for.
    pub io: &'a IoService,
}

impl Waiter for LoopWaiter<'_> {
    async fn wait(&mut self, wait: Wait) -> Result<Vec<u8>, TaskError> {
        self.io.serve(self.lane, wait).await
    }
}
