//! The reader's own Python: RustPython as a program for a browser's workers, one of which runs each of its threads.
//!
//! A process is started empty, with an interpreter that waits; the host then tells it what to run (`START`).

mod alloc;
mod host;
mod immortal;
mod module;
mod native;
mod shared;

use host::Call;
use rustpython_vm::builtins::PyBaseExceptionRef;
use rustpython_vm::{Interpreter, PyResult, Settings, VirtualMachine, gil};

/// Tells where the host finds what threads do, and waits for the arguments, which zeros part; the answer is 1 if there is
/// to be a GIL (www/worker.js).
const START: u32 = 1;

/// Ends the process.
const EXIT: u32 = 9;

/// Where the host shows the standard library.
const LIBRARY: &str = "/lib/python3.14";

/// Modules of the standard library that ours in `lib/` replace, or that cannot work here.
const REPLACED: [&str; 1] = ["_socket"];

fn main() {
    let mut settings = Settings::default();
    settings.path_list = vec![LIBRARY.to_owned()];
    settings.install_signal_handlers = false;
    settings.write_bytecode = false;
    let builder = Interpreter::builder(settings);
    let mut library = rustpython_stdlib::stdlib_module_defs(&builder.ctx);
    library.retain(|module| !REPLACED.contains(&module.name.as_str()));
    let ours = module::module_def(&builder.ctx);
    let native = native::module_def(&builder.ctx);
    let builder = builder.add_native_modules(&library).add_native_module(ours).add_native_module(native);
    let interpreter = builder.build();
    interpreter.enter(|vm| {
        if let Err(error) = vm.import("_lanes_start", 0) {
            vm.print_exception(&error);
            exit(70);
        }
    });

    let places = [
        &raw const gil::SIGNALS as u32,
        &raw const gil::RECORD as u32,
        &raw const gil::STATES as u32,
        &raw const gil::OWNERS as u32,
        gil::blocked as *const () as u32,
    ];
    let places: Vec<u8> = places.iter().flat_map(|place| place.to_le_bytes()).collect();
    gil::enable(Call { op: START, seconds: -1.0, data: &places, ..Call::default() }.now() != 0.0);
    let arguments = String::from_utf8_lossy(&host::answered()).into_owned();
    let code = interpreter.run(|vm| run(vm, &arguments.split('\0').collect::<Vec<_>>()));
    exit(code as i32)
}

/// Ends the process at once. (std's `exit` would first end what threads have, and Python's objects need it to the last.)
fn exit(code: i32) -> ! {
    Call { op: EXIT, a: code, ..Call::default() }.now();
    unreachable!("the host has ended this worker's program")
}

/// Runs what the arguments name, as `python` does: `["-c", code, …]` or `[file, …]`.
fn run(vm: &VirtualMachine, arguments: &[&str]) -> PyResult<()> {
    let start = vm.import("_lanes_start", 0)?;
    let arguments: Vec<_> = arguments.iter().map(|argument| vm.ctx.new_str(*argument).into()).collect();
    vm.call_method(&start, "run", (vm.ctx.new_list(arguments),)).map(drop).map_err(without_first_frame)
}

/// A traceback begins in the reader's own code, and not in ours that has called it.
fn without_first_frame(error: PyBaseExceptionRef) -> PyBaseExceptionRef {
    let readers = error.traceback().and_then(|first| first.next.lock().clone());
    error.set_traceback(readers);
    error
}
