//! `_lanes`: what the Python parts of the engine (lib/) ask of the host and of the lock.

use rustpython_vm as vm;

pub(crate) use _lanes::module_def;

#[vm::pymodule]
mod _lanes {
    use std::sync::Mutex;
    use std::time::Duration;

    use super::vm::builtins::{PyBaseExceptionRef, PyByteArray, PyBytesRef};
    use super::vm::function::{ArgBytesLike, OptionalArg};
    use super::vm::{AsObject, PyObjectRef, PyRef, PyResult, VirtualMachine, gil};
    use crate::host::Call;
    use crate::{immortal, shared, without_first_frame};

    /// call(op, a=0, b=0, data=b"", seconds=-1.0): asks the host. Gives a number and bytes; a negative number is an errno.
    #[pyfunction]
    fn call(
        op: u32,
        a: OptionalArg<i32>,
        b: OptionalArg<i32>,
        data: OptionalArg<ArgBytesLike>,
        seconds: OptionalArg<f64>,
        vm: &VirtualMachine,
    ) -> PyResult<(f64, PyBytesRef)> {
        let data = data.into_option().map(|data| data.borrow_buf().to_vec()).unwrap_or_default();
        let call =
            Call { op, a: a.unwrap_or(0), b: b.unwrap_or(0), seconds: seconds.unwrap_or(-1.0), data: &data };
        let (result, bytes) = call.wait(vm)?;
        Ok((result, vm.ctx.new_bytes(bytes)))
    }

    /// sleep(seconds): as time.sleep, and signals wake the main thread.
    #[pyfunction]
    fn sleep(seconds: PyObjectRef, vm: &VirtualMachine) -> PyResult<()> {
        let kind = seconds.class().name().to_string();
        let duration: Duration = seconds.try_into_value(vm).map_err(|error: PyBaseExceptionRef| {
            let exceptions = &vm.ctx.exceptions;
            if error.class().is(exceptions.value_error) {
                let text =
                    error.args().first().and_then(|text| text.str(vm).ok()).map(|text| text.to_string());
                match text.as_deref() {
                    Some("negative duration") => vm.new_value_error("sleep length must be non-negative"),
                    _ => error,
                }
            } else if error.class().is(exceptions.type_error) {
                vm.new_type_error(format!("'{kind}' object cannot be interpreted as an integer or float"))
            } else {
                error
            }
        })?;
        gil::sleep(vm, duration)
    }

    /// gil_enabled(): whether threads take turns.
    #[pyfunction]
    fn gil_enabled() -> bool {
        gil::enabled()
    }

    /// thread_number(): the number that the record has for this thread.
    #[pyfunction]
    fn thread_number() -> u32 {
        gil::thread_number()
    }

    /// raise_signal(number): as if the host had raised it.
    #[pyfunction]
    fn raise_signal(signal: u32) {
        gil::raise(signal);
    }

    static DISPATCH: Mutex<Option<PyObjectRef>> = Mutex::new(None);

    /// on_signal(function): calls function(number) in the main thread when a signal comes.
    #[pyfunction]
    fn on_signal(function: PyObjectRef) {
        *DISPATCH.lock().expect("nothing panics while it is held") = Some(function);
        gil::on_signal(|vm, signal| {
            let function = DISPATCH.lock().expect("nothing panics while it is held").clone();
            // Tracebacks show the handler of the reader's, and not what has called it.
            let result = function.map_or(Ok(()), |function| function.call((signal,), vm).map(drop));
            result.map_err(without_first_frame)
        });
    }

    /// check_signals(): does what signals ask for, now.
    #[pyfunction]
    fn check_signals(vm: &VirtualMachine) -> PyResult<()> {
        gil::handle(vm)
    }

    /// share(segment, bytes): lets a bytearray stand for a segment of bytes that processes share.
    #[pyfunction]
    fn share(segment: i32, bytes: PyRef<PyByteArray>) {
        shared::share(segment, bytes);
    }

    /// unshare(bytes): lets a bytearray stand for nothing but itself again.
    #[pyfunction]
    fn unshare(bytes: PyRef<PyByteArray>) {
        shared::unshare(&bytes);
    }

    /// immortalize(): no references are counted of what modules hold: for use before threads share it.
    #[pyfunction]
    fn immortalize(vm: &VirtualMachine) {
        immortal::immortalize(vm);
    }
}
