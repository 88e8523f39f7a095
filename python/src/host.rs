//! The calls that the host (www/worker.js) carries out.

use rustpython_vm::{PyResult, VirtualMachine, gil};

#[link(wasm_import_module = "lanes")]
unsafe extern "C" {
    fn call(op: u32, a: i32, b: i32, seconds: f64, data: *const u8, length: usize) -> f64;
    fn answer_length() -> usize;
    fn answer(into: *mut u8);
}

/// `errno` of WASI: a signal has come.
const INTERRUPTED: f64 = -27.0;

/// What a call needs beside its number (www/worker.js lists them): two integers, seconds, and bytes.
#[derive(Clone, Copy, Default)]
pub struct Call<'a> {
    /// Which call it is.
    pub op: u32,
    /// Its first integer.
    pub a: i32,
    /// Its second integer.
    pub b: i32,
    /// How long it may wait; for ever if negative.
    pub seconds: f64,
    /// Its bytes.
    pub data: &'a [u8],
}

impl Call<'_> {
    /// Carries it out, and waits for it if need be. A negative answer is an errno.
    pub fn now(self) -> f64 {
        // SAFETY: the host reads `data` before it returns, and keeps nothing.
        unsafe { call(self.op, self.a, self.b, self.seconds, self.data.as_ptr(), self.data.len()) }
    }

    /// As [`Call::now`], while other threads run Python. The main thread is interrupted by signals.
    ///
    /// # Errors
    /// What a signal's handler raises.
    pub fn wait(self, vm: &VirtualMachine) -> PyResult<(f64, Vec<u8>)> {
        loop {
            // The answer's bytes belong to this thread's worker, so nobody comes between.
            let (result, bytes) = vm.allow_threads(|| (self.now(), answered()));
            if result != INTERRUPTED {
                return Ok((result, bytes));
            }
            gil::handle(vm)?;
        }
    }
}

/// The bytes of the last call's answer.
pub fn answered() -> Vec<u8> {
    // SAFETY: the host writes as many bytes as it has just said.
    unsafe {
        let mut bytes = vec![0; answer_length()];
        answer(bytes.as_mut_ptr());
        bytes
    }
}
