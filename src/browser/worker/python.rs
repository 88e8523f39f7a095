//! Interpreters that do the tasks of Python programs, from the side of their owner. The engine (`python/www/engine.js`) is
//! loaded when the first trial needs it.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use futures_channel::oneshot;
use futures_util::{FutureExt, select_biased};
use gloo_timers::future::TimeoutFuture;
use js_sys::{Array, Function, Object, Promise, Reflect, Uint8Array};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};

use super::scope::{GAUGE, Progress, is_isolated};
use crate::browser::wire::clock::now_us;
use crate::browser::wire::error;
use crate::domain::{Model, PythonError, Start, TrialError};
use crate::protocol::{FromPython, ToPython};
use crate::script::job::{Place, step_log};
use crate::script::record::{Record, Thread, note};
use crate::trial::{Order, StepLog};

/// The script of every run, which children import as well. The visitor's program is a file beside it.
const MAIN: &str = "if __name__ == \"__main__\":\n    import _lanes_job\n    _lanes_job.serve()\n";

/// How often the record is read while a trial runs, in milliseconds: its ring holds what threads do in some seconds.
const READ_MS: u32 = 250;

/// How long a task may take, or Python to be loaded, until the page is told no more that the trial goes on, in µs.
const LONGEST_US: f64 = 60e6;

/// How much of what an interpreter writes is kept for when it ends too early, in letters.
const LAST_WORDS: usize = 1_000;

#[wasm_bindgen]
extern "C" {
    /// In the loader of every worker (`www/lane.js`).
    #[wasm_bindgen(catch, js_name = loadPython)]
    async fn load_python() -> Result<JsValue, JsValue>;

    /// The engine, loaded.
    type Python;
    #[wasm_bindgen(method)]
    fn run(this: &Python, source: &str, options: &Object) -> Run;

    /// A script that runs, with all its threads and processes.
    type Run;
    #[wasm_bindgen(method, getter)]
    fn done(this: &Run) -> Promise;
    #[wasm_bindgen(method)]
    fn end(this: &Run, code: i32);
    #[wasm_bindgen(method)]
    fn memory(this: &Run, process: u32) -> f64;
    #[wasm_bindgen(method)]
    fn record(this: &Run) -> Drained;

    /// What the record has had since it was read last.
    type Drained;
    #[wasm_bindgen(method, getter)]
    fn events(this: &Drained) -> Array;

    /// What a thread began to do.
    type Event;
    #[wasm_bindgen(method, getter)]
    fn process(this: &Event) -> u32;
    #[wasm_bindgen(method, getter)]
    fn thread(this: &Event) -> u32;
    #[wasm_bindgen(method, getter)]
    fn kind(this: &Event) -> String;
    #[wasm_bindgen(method, getter)]
    fn reason(this: &Event) -> Option<String>;
    #[wasm_bindgen(method, getter)]
    fn detail(this: &Event) -> u32;
    #[wasm_bindgen(method, getter)]
    fn time(this: &Event) -> f64;
}

/// The interpreters of a session: one with a GIL and one without, each started when a trial needs it first, and kept.
#[derive(Default)]
pub struct Interpreters {
    engine: RefCell<Option<Python>>,
    with_gil: RefCell<Option<Rc<Interpreter>>>,
    without_gil: RefCell<Option<Rc<Interpreter>>>,
}

impl Interpreters {
    /// Has lanes ready for the trial that `order` asks for.
    ///
    /// # Errors
    /// Python cannot be loaded here, or the program cannot be run.
    pub async fn prepare(&self, order: &Order) -> Result<Ready, TrialError> {
        let begin_us = now_us();
        telling(order, self.ready(order), || now_us() - begin_us < LONGEST_US).await
    }

    async fn ready(&self, order: &Order) -> Result<Ready, TrialError> {
        let interpreter = self.interpreter(order).await?;
        let trial = order.trial.point;
        let command = ToPython::Prepare {
            model: trial.model,
            lanes: trial.lanes,
            is_cold: order.start == Start::Cold && trial.model == Model::Processes,
            switch_interval_us: order.switch_interval_us,
        };
        match interpreter.ask(command).await? {
            FromPython::Prepared { tasks } => Ok(Ready { interpreter, tasks }),
            _ => Err(unexpected()),
        }
    }

    /// Ends all interpreters, and the trial that runs on them. Says whether there was one.
    pub fn end(&self) -> bool {
        let all = [self.with_gil.take(), self.without_gil.take()];
        let ended = all.into_iter().flatten().map(|interpreter| interpreter.end()).count();
        ended > 0
    }

    /// The interpreter that runs the order's program, started if it is not there.
    async fn interpreter(&self, order: &Order) -> Result<Rc<Interpreter>, TrialError> {
        if !is_isolated() {
            return Err(PythonError::NotIsolated.into());
        }
        let has_gil = order.trial.point.model != Model::Threads;
        let kept = if has_gil { &self.with_gil } else { &self.without_gil };
        let there = kept.borrow().clone();
        if let Some(interpreter) = there {
            return Ok(interpreter);
        }
        let module = order.module().unwrap_or_default();
        if self.engine.borrow().is_none() {
            let loaded = load_python().await;
            let loaded = loaded.map_err(|thrown| PythonError::NotLoaded(error::message(&thrown)))?;
            *self.engine.borrow_mut() = Some(loaded.unchecked_into());
        }
        let interpreter = match &*self.engine.borrow() {
            Some(engine) => Rc::new(Interpreter::start(engine, has_gil, &module)),
            None => return Err(TrialError::Stopped),
        };
        *kept.borrow_mut() = Some(Rc::clone(&interpreter));
        match interpreter.told().await? {
            FromPython::Started => Ok(interpreter),
            _ => Err(unexpected()),
        }
    }
}

/// Lanes of Python that wait for the begin of a trial.
pub struct Ready {
    interpreter: Rc<Interpreter>,
    /// How many tasks the program has.
    pub tasks: u32,
}

impl Ready {
    /// Has them do the tasks; the trial's time begins here.
    ///
    /// # Errors
    /// They were stopped, or have died.
    pub async fn run(&self, order: &Order) -> Result<StepLog<u64>, TrialError> {
        let interpreter = &self.interpreter;
        // What was noted before is not of this trial.
        interpreter.run.record();
        interpreter.driver.heard_us.set(now_us());
        let command = ToPython::Run { copies: order.copies(), chunk_size: order.chosen_chunk_size };
        let begin_us = now_us();
        let mut record = Record::from(begin_us / 1e3);
        let look = || {
            interpreter.read(&mut record);
            now_us() - interpreter.driver.heard_us.get() < LONGEST_US
        };
        let end = match telling(order, interpreter.ask(command), look).await? {
            FromPython::Done(end) => end,
            _ => return Err(unexpected()),
        };
        interpreter.read(&mut record);
        record.close(end.end_us / 1e3);
        Ok(step_log(end, begin_us, &interpreter.driver.places.borrow(), &record))
    }

    /// The memory of the program's own process, in bytes.
    pub fn memory_bytes(&self) -> u64 {
        self.interpreter.run.memory(0) as u64
    }
}

/// Waits for something, and tells the page from time to time that the trial goes on, as long as `look` agrees.
async fn telling<T>(order: &Order, what: impl Future<Output = T>, mut look: impl FnMut() -> bool) -> T {
    let progress = Progress::of(order.trial.id);
    let mut what = Box::pin(what.fuse());
    loop {
        select_biased! {
            come = what => return come,
            () = TimeoutFuture::new(READ_MS).fuse() => {
                if look() {
                    progress.tell_anyway();
                }
            }
        }
    }
}

/// A driver said what nobody asked for. (To say what it was would make the program larger: it writes floats.)
fn unexpected() -> TrialError {
    TrialError::LaneDied("Python said what it was not asked".to_owned())
}

/// An interpreter whose driver (`python/lib/_lanes_job.py`) waits for what it is to do.
struct Interpreter {
    run: Run,
    driver: Rc<Driver>,
    _on_job: Closure<dyn FnMut(Uint8Array) -> Promise>,
    _on_lane: Closure<dyn FnMut(u32, u32, u32, u32, f64)>,
    _on_output: Closure<dyn FnMut(JsValue)>,
}

/// What is known of a driver.
#[derive(Default)]
struct Driver {
    /// Hands it the next command.
    next: RefCell<Option<Function>>,
    /// Takes what it says next.
    listener: RefCell<Option<oneshot::Sender<Result<FromPython, TrialError>>>>,
    /// What it said while nobody listened.
    said: RefCell<Option<Result<FromPython, TrialError>>>,
    /// Where its lanes run.
    places: RefCell<Vec<Place>>,
    /// When a lane was heard of last, on the shared clock, in µs.
    heard_us: Cell<f64>,
    last_words: RefCell<String>,
}

impl Driver {
    /// Hands what it says, or why it says nothing more, to who listens or will.
    fn say(&self, told: Result<FromPython, TrialError>) {
        match self.listener.take() {
            Some(listener) => drop(listener.send(told)),
            None => *self.said.borrow_mut() = Some(told),
        }
    }

    /// It has told what came of the last command and waits for the next one.
    fn job(&self, told: &[u8]) -> Promise {
        let unreadable = |_| TrialError::LaneDied("what Python said cannot be read".to_owned());
        let promise = Promise::new(&mut |resolve, _| *self.next.borrow_mut() = Some(resolve));
        self.say(postcard::from_bytes(told).map_err(unreadable));
        promise
    }

    /// A lane is at `place` and has done so many tasks more.
    fn lane(&self, number: u32, place: Place, done: u32) {
        let mut places = self.places.borrow_mut();
        let least = places.len().max(number as usize + 1);
        places.resize(least, Place::default());
        places[number as usize] = place;
        self.heard_us.set(now_us());
        let counter = GAUGE.lane(number);
        counter.set(counter.get().wrapping_add(done));
    }
}

impl Interpreter {
    fn start(engine: &Python, has_gil: bool, module: &str) -> Self {
        let driver = Rc::new(Driver::default());
        let on_job = Closure::<dyn FnMut(Uint8Array) -> Promise>::new({
            let driver = Rc::clone(&driver);
            move |told: Uint8Array| driver.job(&told.to_vec())
        });
        let on_lane = Closure::<dyn FnMut(u32, u32, u32, u32, f64)>::new({
            let driver = Rc::clone(&driver);
            move |lane, process, number, done, memory: f64| {
                let place = Place { thread: Thread { process, number }, memory_bytes: memory as u64 };
                driver.lane(lane, place, done);
            }
        });
        let on_output = Closure::<dyn FnMut(JsValue)>::new({
            let driver = Rc::clone(&driver);
            move |output: JsValue| {
                let text = Reflect::get(&output, &"text".into()).ok().and_then(|text| text.as_string());
                let words = driver.last_words.take() + &text.unwrap_or_default();
                let from = words.char_indices().rev().nth(LAST_WORDS).map_or(0, |(at, _)| at);
                *driver.last_words.borrow_mut() = words[from..].to_owned();
            }
        });
        let files = object(&[("script.py", Uint8Array::from(module.as_bytes()).into())]);
        let options = object(&[
            ("gil", has_gil.into()),
            ("files", files.into()),
            ("onJob", on_job.as_ref().clone()),
            ("onLane", on_lane.as_ref().clone()),
            ("onOutput", on_output.as_ref().clone()),
        ]);
        let run = engine.run(MAIN, &options);
        spawn_local({
            let (driver, done) = (Rc::clone(&driver), run.done());
            async move {
                let _ = JsFuture::from(done).await;
                let last =
                    driver.last_words.borrow().trim().lines().next_back().unwrap_or_default().to_owned();
                driver.say(Err(PythonError::Ended(last).into()));
            }
        });
        Self { run, driver, _on_job: on_job, _on_lane: on_lane, _on_output: on_output }
    }

    /// Has the driver do something, and answers what it says of it.
    async fn ask(&self, command: ToPython) -> Result<FromPython, TrialError> {
        if let Some(next) = self.driver.next.take() {
            let _ = next.call1(&JsValue::UNDEFINED, &command.to_string().into());
        }
        self.told().await
    }

    /// What the driver says next.
    async fn told(&self) -> Result<FromPython, TrialError> {
        let said = self.driver.said.take();
        let told = match said {
            Some(told) => told,
            None => {
                let (listener, told) = oneshot::channel();
                *self.driver.listener.borrow_mut() = Some(listener);
                // The listener is dropped when the trial is stopped.
                told.await.unwrap_or(Err(TrialError::Stopped))
            }
        }?;
        match told {
            FromPython::Refused(error) => Err(error.into()),
            told => Ok(told),
        }
    }

    /// Adds what the threads have done since the last time.
    fn read(&self, record: &mut Record) {
        for event in self.run.record().events().iter() {
            let event: Event = event.unchecked_into();
            let reason = event.reason().unwrap_or_default();
            if let Some(note) = note(&event.kind(), &reason, event.detail(), event.time()) {
                record.add(Thread { process: event.process(), number: event.thread() }, note);
            }
        }
    }

    /// Ends it at once, and the trial that waits for it.
    fn end(&self) {
        const SIGKILL: i32 = 9;
        self.driver.listener.take();
        self.run.end(-SIGKILL);
    }
}

fn object(fields: &[(&str, JsValue)]) -> Object {
    let object = Object::new();
    for (name, value) in fields {
        let _ = Reflect::set(&object, &(*name).into(), value);
    }
    object
}
