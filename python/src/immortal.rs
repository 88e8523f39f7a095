//! Without a GIL, threads would wait for each other at the reference counts of what they all use: functions, classes,
//! modules. CPython defers those counts; here nobody counts them any more once threads start.

use rustpython_vm::builtins::{PyCode, PyDict, PyDictRef, PyFunction, PyModule, PyType};
use rustpython_vm::{AsObject, PyObjectRef, VirtualMachine};
use std::collections::HashSet;
use std::sync::Mutex;

/// Modules that need not be looked at again. Those of the reader may get new functions; the library's do not.
static DONE: Mutex<Option<HashSet<usize>>> = Mutex::new(None);

/// Makes what modules hold at their top level immortal: functions with their code and constants, classes with their
/// methods, and modules.
pub fn immortalize(vm: &VirtualMachine) {
    let Some(modules) = dict_of(vm.sys_module.get_attr("modules", vm)) else { return };
    let mut done = DONE.lock().expect("nothing panics while it is held");
    let done = done.get_or_insert_default();
    for (name, module) in &modules {
        let name = name.str(vm).map(|name| name.to_string()).unwrap_or_default();
        let is_main = name == "__main__" || name == "__mp_main__";
        if !is_main && !done.insert(module.get_id()) {
            continue;
        }
        let Some(dict) = dict_of(module.get_attr("__dict__", vm)) else { continue };
        module.make_immortal();
        dict.as_object().make_immortal();
        for (name, value) in &dict {
            name.make_immortal();
            if value.downcast_ref::<PyType>().is_some() {
                value.make_immortal();
                if is_main {
                    class_members(&value, vm).iter().for_each(|member| settle(member, vm));
                }
            } else {
                settle(&value, vm);
            }
        }
    }
}

/// Makes a function with its code and its constants, a built-in function or a module immortal, and nothing else: data
/// may come and go.
fn settle(value: &PyObjectRef, vm: &VirtualMachine) {
    let is_builtin = || &*value.class().name() == "builtin_function_or_method";
    if value.downcast_ref::<PyFunction>().is_some() {
        value.make_immortal();
        if let Ok(code) = value.get_attr("__code__", vm) {
            settle_code(&code, vm);
        }
    } else if value.downcast_ref::<PyModule>().is_some() || is_builtin() {
        value.make_immortal();
    }
}

fn settle_code(code: &PyObjectRef, vm: &VirtualMachine) {
    code.make_immortal();
    let constants = code.get_attr("co_consts", vm).and_then(|all| all.try_into_value::<Vec<PyObjectRef>>(vm));
    for constant in constants.unwrap_or_default() {
        if constant.downcast_ref::<PyCode>().is_some() {
            settle_code(&constant, vm);
        } else {
            constant.make_immortal();
        }
    }
}

fn class_members(class: &PyObjectRef, vm: &VirtualMachine) -> Vec<PyObjectRef> {
    let values = class.get_attr("__dict__", vm).and_then(|dict| vm.call_method(&dict, "values", ()));
    let values = values.and_then(|values| values.try_to_value::<Vec<PyObjectRef>>(vm));
    values.unwrap_or_default()
}

fn dict_of(object: rustpython_vm::PyResult) -> Option<PyDictRef> {
    object.ok()?.downcast::<PyDict>().ok()
}
