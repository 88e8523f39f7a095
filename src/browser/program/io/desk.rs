//! What a worker has at hand for lanes that wait: their files, the database, the network's timeout.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use super::file::LaneFile;
use super::request;
use super::store::Store;
use crate::domain::{Activity, Fallback, TaskError};
use crate::protocol::IoSetup;

/// Something that only an event loop can do.
#[derive(Debug)]
pub enum Operation {
    /// Fetch what is at this address.
    Fetch(String),
    /// Write these bytes so many times.
    Write(Vec<u8>, u32),
    /// Store these bytes under this number.
    Store(u32, Vec<u8>),
}

impl Operation {
    /// What a lane does that waits for it.
    pub const fn activity(&self) -> Activity {
        match self {
            Operation::Fetch(_) => Activity::Fetch,
            Operation::Write(..) | Operation::Store(..) => Activity::Write,
        }
    }
}

/// Files by their lanes, open for as long as the session lasts, and the rest.
#[derive(Default)]
pub struct Desk {
    files: RefCell<Vec<Option<Rc<LaneFile>>>>,
    store: RefCell<Option<Rc<Store>>>,
    timeout_ms: Cell<u32>,
    /// The lane that was prepared last: a process has one.
    lane: Cell<u32>,
}

impl Desk {
    /// Opens what the lane of `setup` needs and has not yet. Says what is done otherwise than asked.
    pub async fn prepare(&self, setup: &IoSetup) -> Option<Fallback> {
        self.timeout_ms.set(setup.timeout_ms);
        self.lane.set(setup.lane);
        if setup.has_store && self.store.borrow().is_none() {
            let store = Rc::new(Store::open(&setup.folder).await);
            *self.store.borrow_mut() = Some(store);
        }
        if !setup.has_files {
            return None;
        }
        let file = match self.file(setup.lane) {
            Some(file) => file,
            None => {
                let file = Rc::new(LaneFile::open(&setup.folder, &setup.file_name()).await);
                let mut files = self.files.borrow_mut();
                if files.len() <= setup.lane as usize {
                    files.resize_with(setup.lane as usize + 1, || None);
                }
                files[setup.lane as usize] = Some(Rc::clone(&file));
                file
            }
        };
        file.fallback()
    }

    /// Does what lane number `lane` asks for; only a fetch has bytes to answer.
    ///
    /// # Errors
    /// Why it could not be done.
    pub async fn operate(&self, lane: u32, operation: Operation) -> Result<Vec<u8>, TaskError> {
        let is_missing = || TaskError::NotWritten("it was not opened".to_owned());
        match operation {
            Operation::Fetch(address) => request::get(&address, self.timeout_ms.get()).await,
            Operation::Write(bytes, times) => {
                let file = self.file(lane).ok_or_else(is_missing)?;
                file.write(&bytes, times).await.map(|()| Vec::new())
            }
            Operation::Store(key, bytes) => {
                let store = self.store.borrow().clone().ok_or_else(is_missing)?;
                store.put(key, &bytes).await.map(|()| Vec::new())
            }
        }
    }

    /// The number of a process's lane.
    pub fn only_lane(&self) -> u32 {
        self.lane.get()
    }

    fn file(&self, lane: u32) -> Option<Rc<LaneFile>> {
        self.files.borrow().get(lane as usize).cloned().flatten()
    }
}
