//! What the browser tells of the machine and of itself.

use js_sys::{Array, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::MessageChannel;

use crate::browser::wire::clock;
use crate::machine::{Isolation, Machine};

/// Asks the browser. Takes a few ms, as the clock's step is measured.
pub async fn machine() -> Machine {
    Machine {
        reported_cores: reported_cores(),
        browser: browser(),
        isolation: isolation(),
        timer_step_us: clock::step_us(),
        memory_mib: memory_mib(),
    }
}

fn navigator() -> JsValue {
    get(&js_sys::global(), "navigator")
}

/// The cores that the browser reports; `None` where it does not tell.
pub fn reported_cores() -> Option<u32> {
    get(&navigator(), "hardwareConcurrency").as_f64().filter(|&cores| cores >= 1.0).map(|cores| cores as u32)
}

/// Only Chromium tells, and only pages that came by a safe way (W3C: Device Memory).
fn memory_mib() -> Option<u32> {
    let gibibytes = get(&navigator(), "deviceMemory").as_f64()?;
    (gibibytes > 0.0).then_some((gibibytes * 1024.0) as u32)
}

/// Decided by posting a shared memory, as one engine says that it is isolated and shares nothing.
fn isolation() -> Isolation {
    if !get(&js_sys::global(), "crossOriginIsolated").is_truthy() {
        return Isolation::NotIsolated;
    }
    let can_share = || -> Result<(), JsValue> {
        let limits = Object::new();
        for (name, value) in [("initial", JsValue::from(1)), ("maximum", 1.into()), ("shared", true.into())] {
            Reflect::set(&limits, &name.into(), &value)?;
        }
        let memory = js_sys::WebAssembly::Memory::new(&limits)?;
        let channel = MessageChannel::new()?;
        channel.port1().post_message(&memory.buffer())?;
        channel.port1().close();
        memory.buffer().dyn_into::<js_sys::SharedArrayBuffer>().map(drop)
    };
    match can_share() {
        Ok(()) => Isolation::Isolated,
        Err(_) => Isolation::NoSharedMemory,
    }
}

/// The browser's name and major version, from the list that Chromium gives, or from the user
/// agent's string, whose last known product is the browser's own.
fn browser() -> String {
    let brands = get(&get(&navigator(), "userAgentData"), "brands");
    let listed = brands.dyn_ref::<Array>().and_then(|brands| {
        brands
            .iter()
            .filter_map(|brand| {
                let name = get(&brand, "brand").as_string()?;
                let version = get(&brand, "version").as_string()?;
                // Chromium puts a made-up brand into its list, so that nobody relies on its order.
                (!name.contains("Not") && !name.contains("Brand")).then(|| format!("{name} {version}"))
            })
            // The browser's own name rather than that of its engine, where both are there.
            .min_by_key(|brand| brand.starts_with("Chromium"))
    });
    listed.unwrap_or_else(|| {
        crate::machine::browser_of(&get(&navigator(), "userAgent").as_string().unwrap_or_default())
    })
}

/// A property, or undefined where there is none.
fn get(of: &JsValue, name: &str) -> JsValue {
    if of.is_undefined() || of.is_null() {
        return JsValue::UNDEFINED;
    }
    Reflect::get(of, &name.into()).unwrap_or(JsValue::UNDEFINED)
}
