//! Bytes that processes share. Each process has a memory of its own, so a bytearray of Python's stands for the bytes, and is
//! made equal to the kernel's copy whenever a thread stops running Python or begins to: at every lock, queue, pipe, sleep
//! or hand-over. What a process has changed goes out byte by byte, so that neighbours' changes are not lost.

use std::sync::Mutex;

use rustpython_vm::builtins::PyByteArray;
use rustpython_vm::{AsObject, PyRef, gil};

use crate::host::{Call, answered};

const READ: u32 = 17;
const WRITE: u32 = 18;
const VERSION: u32 = 29;

struct Shared {
    segment: i32,
    ours: PyRef<PyByteArray>,
    /// As the kernel has it, as far as we know.
    theirs: Vec<u8>,
    version: f64,
}

static ALL: Mutex<Vec<Shared>> = Mutex::new(Vec::new());

/// Lets `ours` stand for the segment's bytes from now on.
pub fn share(segment: i32, ours: PyRef<PyByteArray>) {
    let length = ours.borrow_buf().len();
    let mut all = ALL.lock().expect("nothing panics while it is held");
    all.push(Shared { segment, ours, theirs: vec![0; length], version: -1.0 });
    drop(all);
    gil::at_borders(equalise);
    equalise();
}

/// Lets `ours` stand for nothing but itself again.
pub fn unshare(ours: &PyRef<PyByteArray>) {
    equalise();
    ALL.lock().expect("nothing panics while it is held").retain(|shared| !shared.ours.is(ours.as_object()));
}

fn equalise() {
    let mut all = ALL.lock().expect("nothing panics while it is held");
    for shared in all.iter_mut() {
        shared.send();
        shared.receive();
    }
}

impl Shared {
    fn call(&self, op: u32, from: usize, data: &[u8]) -> f64 {
        let length = self.theirs.len() as f64;
        Call { op, a: self.segment, b: from as i32, seconds: length, data }.now()
    }

    /// Tells the kernel every run of bytes that is different here.
    fn send(&mut self) {
        let ours = self.ours.borrow_buf().to_vec();
        if ours == self.theirs || ours.len() != self.theirs.len() {
            return;
        }
        let mut at = 0;
        while at < ours.len() {
            if ours[at] == self.theirs[at] {
                at += 1;
                continue;
            }
            let from = at;
            while at < ours.len() && ours[at] != self.theirs[at] {
                at += 1;
            }
            self.call(WRITE, from, &ours[from..at]);
        }
        self.theirs = ours;
    }

    fn receive(&mut self) {
        let version = self.call(VERSION, 0, &[]);
        if version == self.version {
            return;
        }
        self.version = version;
        self.call(READ, 0, &[]);
        let theirs = answered();
        let mut ours = self.ours.borrow_buf_mut();
        if ours.len() == theirs.len() {
            ours.copy_from_slice(&theirs);
            drop(ours);
            self.theirs = theirs;
        }
    }
}
