//! Python's engine: fetched when Python is wanted first, and one run at a time.
//!
//! `www/python.js` stands between, as the engine is a module that has to be imported, which Rust cannot say.

use std::cell::RefCell;

use futures_channel::oneshot;
use js_sys::{Array, Uint8Array};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};

use super::files::{call, get, global, invoke};
use super::{Listener, document};
use crate::browser::wire::error;
use crate::script::link;
use crate::script::program::Job;
use crate::script::record::Thread;
use crate::script::stuck::Stuck;

/// What a run tells.
#[derive(Clone, Debug, PartialEq)]
pub enum Told {
    /// A thread wrote, for errors or not.
    Output(Thread, bool, String),
    /// Lines of the engine's record, and how many of its events were lost.
    Record(String, u64),
    /// It waits for ever.
    Stuck(Stuck),
    /// A line is wanted ([`Run::answer`]).
    Input,
    /// It has ended, with this exit code; a negative one is the signal that ended it. Nothing follows.
    Done(i32),
}

/// A run of a script. It ends when this is dropped.
#[must_use = "what is dropped is ended"]
pub struct Run {
    handle: JsValue,
    _tell: Closure<dyn Fn(String, String, String)>,
}

/// Fetches and compiles the engine, if that was not done before. `progress` hears how many bytes have come, of how
/// many; 0 if that is not known.
///
/// # Errors
/// Why it cannot be had, in words for a visitor.
pub async fn load(progress: impl Fn(f64, f64) + 'static) -> Result<(), String> {
    let tell = Closure::<dyn Fn(f64, f64)>::new(progress);
    let arguments = [tell.as_ref().clone()];
    call(&script().await, "load", &arguments).await.map(drop).map_err(|thrown| {
        format!(
            "Python could not be loaded ({}). Check your connection and try again. If it happens again, this \
             copy of Lanes was built without Python.",
            error::message(&thrown)
        )
    })
}

/// Starts a run; the engine must have been loaded. `tell` hears of it.
///
/// # Errors
/// Why it cannot be started.
pub async fn start(job: &Job, tell: impl Fn(Told) + 'static) -> Result<Run, String> {
    let tell = Closure::<dyn Fn(String, String, String)>::new(move |what: String, about: String, text| {
        if let Some(told) = told(&what, &about, text) {
            tell(told);
        }
    });
    let files = job.files.iter().map(|(name, text)| Array::of2(&(*name).into(), &text.into()));
    let arguments = [
        job.source.into(),
        job.name.into(),
        job.gil.into(),
        job.arguments.iter().map(JsValue::from).collect::<Array>().into(),
        files.collect::<Array>().into(),
        tell.as_ref().clone(),
    ];
    let started = script().await.and_then(|script| invoke(&script, "start", &arguments));
    let handle = started.map_err(|thrown| format!("Python cannot start: {}.", error::message(&thrown)))?;
    Ok(Run { handle, _tell: tell })
}

impl Run {
    /// Asks the script to end, as Ctrl-C does; the second time, or where it does not listen, ends it.
    pub fn stop(&self) {
        let _ = invoke(&self.handle, "stop", &[]);
    }

    /// Gives the script the line that it asked for.
    pub fn answer(&self, line: &str) {
        let _ = invoke(&self.handle, "answer", &[line.into()]);
    }
}

impl Drop for Run {
    fn drop(&mut self) {
        let _ = invoke(&self.handle, "drop", &[]);
    }
}

/// Makes bytes smaller, for a link.
///
/// # Errors
/// Why this browser cannot.
pub async fn deflate(bytes: &[u8]) -> Result<Vec<u8>, String> {
    let deflated = call(&script().await, "deflate", &[Uint8Array::from(bytes).into()]).await;
    deflated.map(bytes_of).map_err(|thrown| error::message(&thrown))
}

/// What [`deflate`] made smaller.
///
/// # Errors
/// That it is none, or too long.
pub async fn inflate(bytes: &[u8]) -> Result<Vec<u8>, &'static str> {
    let inflated = call(&script().await, "inflate", &[Uint8Array::from(bytes).into()]).await;
    inflated.map(bytes_of).map_err(|_| link::damaged())
}

fn bytes_of(value: JsValue) -> Vec<u8> {
    value.dyn_into::<Uint8Array>().map(|bytes| bytes.to_vec()).unwrap_or_default()
}

/// What a run tells, from the words of `www/python.js`.
fn told(what: &str, about: &str, text: String) -> Option<Told> {
    Some(match what {
        "output" => {
            let mut numbers = about.split(' ').map_while(|number| number.parse().ok());
            let is_error = numbers.next()? == 2;
            Told::Output(Thread { process: numbers.next()?, number: numbers.next()? }, is_error, text)
        }
        "record" => Told::Record(text, about.parse().ok()?),
        "stuck" => Told::Stuck(Stuck::read(about == "circle", &text)),
        "input" => Told::Input,
        "done" => Told::Done(about.parse().ok()?),
        _ => return None,
    })
}

/// What `www/python.js` offers, which is fetched the first time.
async fn script() -> Result<JsValue, JsValue> {
    const OFFERED: &str = "lanesPython";
    if let Ok(script) = global(OFFERED) {
        return Ok(script);
    }
    let element = document().create_element("script")?;
    element.set_attribute("type", "module")?;
    element.set_attribute("src", "python.js")?;
    let (loaded, is_loaded) = oneshot::channel();
    let loaded = std::rc::Rc::new(RefCell::new(Some(loaded)));
    let listeners = ["load", "error"].map(|name| {
        let loaded = std::rc::Rc::clone(&loaded);
        Listener::new(element.clone().into(), name, move |_| {
            if let Some(loaded) = loaded.take() {
                let _ = loaded.send(());
            }
        })
    });
    document().body().ok_or(JsValue::NULL)?.append_child(&element)?;
    let _ = is_loaded.await;
    drop(listeners);
    element.remove();
    get(&js_sys::global(), OFFERED).map_err(|_| js_sys::Error::new("python.js is missing").into())
}
