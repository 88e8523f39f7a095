//! Python: a script on one side, what its lanes do on the other.

mod draw;
mod editor;
mod output;
mod strips;

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use futures_channel::oneshot;
use web_sys::{Event, MouseEvent};
use yew::prelude::*;

use crate::browser::page::python::{self, Run, Told};
use crate::browser::page::{self, clipboard, download::download};
use crate::format;
use crate::script::example::{Example, MORE, OWN, TABS};
use crate::script::link::{self, Shared};
use crate::script::outcome;
use crate::script::program::{self, Choice, Program};
use crate::ui::route::Route;
use crate::ui::script::{INTERPRETER, MOST_LANES, Phase, Results, Script, ScriptAction};

use super::controls::ViewProps;
use editor::Editor;
use output::OutputCard;
use strips::Strips;

mod words {
    pub const PYTHON: &str = "Python";
    pub const SCRIPT: &str = "Script";
    pub const LANES: &str = "Lanes";
    pub const MORE: &str = "More scripts";
    pub const MORE_SCRIPTS: &str = "More scripts …";
    pub const RESET: &str = "Reset";
    pub const RUN: &str = "Run on this machine";
    pub const STOP: &str = "Stop";
    pub const END: &str = "End now";
    pub const ABOUT_FIVE_SECONDS: &str = "about 5 s";
    pub const RUN_WHAT: &str = "Run";
    pub const OPEN: &str = "Open file";
    pub const SAVE: &str = "Save file";
    pub const COPY_LINK: &str = "Copy link";
    pub const COPIED: &str = "Copied. Opening the link runs nothing.";
    pub const NOT_COPIED: &str = "Copy this link by hand.";
    pub const LINK: &str = "Link to this script";
    pub const NO_LINK: &str = "This browser cannot make a link. Save the script as a file.";
    pub const FOREIGN: &str = "This script came with a link. It has not been run. Read it before you run it.";
    pub const ANSWER: &str = "Answer";
    pub const ASK: &str = "Threads or processes? Press Run to see it on this machine.";
    pub const COMPARE: &str = "Press Run to compare threads with and without the GIL.";
    pub const FAILED: &str = "The script failed.";
    pub const DEADLOCK: &str = "Deadlock: each of these threads waits for what the next one has.";
    pub const STUCK: &str = "All threads wait, and nothing will wake them.";
    pub const STOPPED: &str = "Stopped. Nothing is compared.";

    pub fn choice(choice: super::Choice, program: super::Program) -> &'static str {
        use super::{Choice, Program};
        match (choice, program) {
            (Choice::All, Program::Tasks) => "all models",
            (Choice::All, Program::Whole) => "with and without GIL",
            (Choice::Gil, _) => "with the GIL",
            (Choice::NoGil, _) => "without the GIL",
        }
    }

    pub fn recorded(day: &str, machine: &str, interpreter: &str) -> String {
        format!(
            "Recorded on {day}: {machine}, {interpreter}, which is slower than CPython. Your machine differs."
        )
    }

    pub fn disturbed(cores: u32) -> String {
        format!(
            "That is more than {cores} cores can give: other programs slowed the plain loop. Close them and run it again."
        )
    }

    pub fn interpreter(name: &str) -> String {
        format!(
            "Times are of {name} in this browser, which is slower than CPython. Lanes were ready before the time began."
        )
    }

    pub fn whole(name: &str) -> String {
        format!(
            "Times are of {name} in this browser, which is slower than CPython. Its start is not counted."
        )
    }

    pub fn loading(megabytes: &str) -> String {
        format!("Loading Python: {megabytes}")
    }

    pub fn running(model: &str) -> String {
        format!("Running: {model}")
    }

    pub fn stopping(model: &str) -> String {
        format!("Stopping: {model}. Press again to end it at once.")
    }

    pub fn too_long(letters: usize) -> String {
        format!(
            "The link would have {letters} letters, which many programs cut off. Save the script as a file."
        )
    }
}

type Dispatch = UseReducerDispatcher<Script>;

impl Reducible for Script {
    type Action = ScriptAction;

    fn reduce(self: Rc<Self>, action: ScriptAction) -> Rc<Self> {
        Rc::new(Script::reduce(&self, action))
    }
}

thread_local! {
    /// The view as it was left, for when it is shown again.
    static LEFT: RefCell<Option<Script>> = const { RefCell::new(None) };
}

/// What runs, and whether it was asked to stop.
#[derive(Clone, Default)]
struct Running {
    run: Rc<RefCell<Option<Run>>>,
    is_stopped: Rc<Cell<bool>>,
}

/// The view of Python.
#[component]
pub fn Python(view: &ViewProps) -> Html {
    let script = use_reducer(|| LEFT.with(|left| left.borrow_mut().take()).unwrap_or_default());
    let dispatch = script.dispatcher();
    let running = (*use_memo((), |()| Running::default())).clone();
    let obstacle = view.state.machine.as_ref().and_then(|machine| machine.isolation.why_no_threads());

    // What the view knows stays; what runs ends with it.
    use_effect_with(script.clone(), |script| {
        let left = Script::clone(script);
        LEFT.with(|last| *last.borrow_mut() = Some(left));
    });
    use_effect_with((), {
        let running = running.clone();
        move |()| {
            move || {
                running.is_stopped.set(true);
                drop(running.run.take());
                LEFT.with(|left| {
                    if let Some(script) = left.borrow_mut().as_mut() {
                        *script = Script::reduce(script, ScriptAction::Finished);
                    }
                });
            }
        }
    });
    use_effect_with(view.state.route.clone(), {
        let dispatch = dispatch.clone();
        move |route| {
            if let Route::Script(Some(carried)) = route {
                let carried = carried.clone();
                yew::platform::spawn_local(async move { dispatch.dispatch(open_link(&carried).await) });
            }
        }
    });

    let run = {
        let (script, running) = (script.clone(), running.clone());
        Callback::from(move |()| {
            if obstacle.is_none() && !script.is_busy() {
                let (script, dispatch, running) =
                    (Script::clone(&script), script.dispatcher(), running.clone());
                running.is_stopped.set(false);
                yew::platform::spawn_local(run_all(script, dispatch, running));
            }
        })
    };
    let stop = {
        let (dispatch, running) = (dispatch.clone(), running.clone());
        Callback::from(move |()| {
            running.is_stopped.set(true);
            if let Some(run) = running.run.borrow().as_ref() {
                run.stop();
            }
            dispatch.dispatch(ScriptAction::Stop);
        })
    };
    let on_answer = {
        let (dispatch, running) = (dispatch.clone(), running.clone());
        Callback::from(move |line: String| {
            dispatch.dispatch(ScriptAction::Asks(false));
            if let Some(run) = running.run.borrow().as_ref() {
                run.answer(&line);
            }
        })
    };
    let on_write = {
        let dispatch = dispatch.clone();
        Callback::from(move |source| dispatch.dispatch(ScriptAction::Write(source)))
    };
    let results = script.results().cloned();
    // Its style sheet is not in the page's, which everybody loads. Before it is there, nothing is shown.
    let styled = use_state_eq(|| false);
    let onload = {
        let styled = styled.setter();
        move |_: Event| styled.set(true)
    };
    let style = html! {
        <link rel="stylesheet" href={format!("script.css?{}", crate::BUILD)} onload={onload.clone()} onerror={onload} />
    };
    if !*styled {
        return html! { <div class="python">{ style }</div> };
    }
    html! {
        <div class="python" data-phase={phase_id(script.phase)}>
            { style }
            <section class="card found" aria-label={words::ANSWER}>
                { found(&script) }
            </section>
            <div class="sides">
                <section class="card writing" aria-label={words::SCRIPT}>
                    { choices(&script, &dispatch) }
                    if script.is_foreign {
                        <p class="notice" id="foreign">{ words::FOREIGN }</p>
                    }
                    <Editor key={script.shown.id} source={AttrValue::from(script.source().to_owned())}
                        wrong={script.wrong_line()} {on_write} on_run={run.clone()} />
                    { settings(&script, &dispatch) }
                    { run_button(&script, obstacle.is_none(), run, stop) }
                    <p class="refusal" role="alert" id="python-trouble">
                        { script.trouble.clone().or_else(|| obstacle.map(str::to_owned)) }
                    </p>
                    <Keeping script={Script::clone(&script)} dispatch={dispatch.clone()} />
                </section>
                <section class="card runs" aria-labelledby="lanes-title">
                    <h2 id="lanes-title" class="unseen">{ words::LANES }</h2>
                    <Strips results={results.clone()} running={script.is_busy()} />
                </section>
            </div>
            <OutputCard {results} asks={script.asks} {on_answer} />
        </div>
    }
}

/// The state in attributes.
fn phase_id(phase: Phase) -> &'static str {
    match phase {
        Phase::Ready => "ready",
        Phase::Loading(..) => "loading",
        Phase::Running(_) => "running",
        Phase::Stopping(_) => "stopping",
    }
}

/// Shows what a link carries.
async fn open_link(carried: &str) -> ScriptAction {
    let read = async {
        let bytes = python::inflate(&link::deflated(carried)?).await?;
        Shared::of_bytes(bytes)
    };
    match read.await {
        Ok(shared) => ScriptAction::Opened(shared),
        Err(why) => ScriptAction::Trouble(why.to_owned()),
    }
}

/// Loads the engine, and says how far that has come.
async fn load(dispatch: &Dispatch) -> Result<(), String> {
    let progress = {
        let dispatch = dispatch.clone();
        move |got, all| dispatch.dispatch(ScriptAction::Loading(got, all))
    };
    python::load(progress).await
}

/// Runs the script that is shown under all models that were chosen, one after the other, until one fails or is stopped.
async fn run_all(script: Script, dispatch: Dispatch, running: Running) {
    dispatch.dispatch(ScriptAction::Loading(0.0, 0.0));
    if let Err(why) = load(&dispatch).await {
        return dispatch.dispatch(ScriptAction::Trouble(why));
    }
    dispatch.dispatch(ScriptAction::Begin);
    let program = script.program();
    for &model in program.models(script.choice) {
        if running.is_stopped.get() {
            break;
        }
        dispatch.dispatch(ScriptAction::Start(model));
        let (done, is_done) = oneshot::channel();
        let done = RefCell::new(Some(done));
        let tell = {
            let dispatch = dispatch.clone();
            move |told| match told {
                Told::Output(thread, is_error, text) => {
                    dispatch.dispatch(ScriptAction::Wrote(thread, is_error, text))
                }
                Told::Record(lines, lost) => dispatch.dispatch(ScriptAction::Record(lines, lost)),
                Told::Stuck(stuck) => dispatch.dispatch(ScriptAction::Stuck(stuck)),
                Told::Input => dispatch.dispatch(ScriptAction::Asks(true)),
                Told::Done(code) => {
                    if let Some(done) = done.take() {
                        let _ = done.send(code);
                    }
                }
            }
        };
        match python::start(&program.job(script.source(), model, script.lanes), tell).await {
            Ok(run) => *running.run.borrow_mut() = Some(run),
            Err(why) => return dispatch.dispatch(ScriptAction::Trouble(why)),
        }
        // Where the view is left, the run is dropped, and with it who would tell.
        let Ok(code) = is_done.await else { return };
        drop(running.run.take());
        dispatch.dispatch(ScriptAction::Ended(code));
        if code != 0 {
            break;
        }
    }
    dispatch.dispatch(ScriptAction::Finished);
}

/// The sentence that was found, and how sure it is.
fn found(script: &Script) -> Html {
    let results = script.results();
    let sentence = results.and_then(Results::sentence);
    let is_over = results.is_some_and(|results| !results.strips.is_empty()) && !script.is_busy();
    let has_failed = results.is_some_and(Results::has_failed);
    let stuck = results.and_then(|results| results.stuck.as_ref());
    let otherwise = match (is_over, has_failed, script.program()) {
        _ if stuck.is_some_and(|stuck| stuck.is_circle) => words::DEADLOCK,
        _ if stuck.is_some() => words::STUCK,
        (true, true, _) => words::FAILED,
        (true, false, _) if results.is_some_and(|r| r.strips.iter().any(|s| s.took_us.is_none())) => {
            words::STOPPED
        }
        (_, _, Program::Tasks) => words::ASK,
        (_, _, Program::Whole) => words::COMPARE,
    };
    let is_found = sentence.is_some();
    let basis = results.filter(|_| is_found).map(|results| {
        let mut certainty = outcome::certainty(&results.times);
        if let Some(cores) = page::reported_cores().filter(|cores| results.is_disturbed(*cores)) {
            certainty = format!("{} {certainty}", words::disturbed(cores));
        }
        match (&results.recorded, results.program) {
            (Some(recorded), _) => words::recorded(&recorded.day, &recorded.machine, &recorded.interpreter),
            (None, Program::Tasks) => format!("{certainty} {}", words::interpreter(INTERPRETER)),
            (None, Program::Whole) => format!("{certainty} {}", words::whole(INTERPRETER)),
        }
    });
    html! {
        <>
            <p class="verdict" id="python-verdict" data-certain={is_found.to_string()} role="status">
                { sentence.unwrap_or_else(|| otherwise.to_owned()) }
            </p>
            <p class="basis" id="python-basis" data-recorded={results.is_some_and(|r| r.recorded.is_some()).to_string()}>
                { basis.unwrap_or_else(|| match script.program() {
                    Program::Tasks => words::interpreter(INTERPRETER),
                    Program::Whole => words::whole(INTERPRETER),
                }) }
            </p>
        </>
    }
}

/// The tabs, and the list of further scripts.
fn choices(script: &Script, dispatch: &Dispatch) -> Html {
    let busy = script.is_busy();
    let tab = |of: &'static Example| {
        let dispatch = dispatch.clone();
        let onchange = move |_: Event| dispatch.dispatch(ScriptAction::Show(of));
        html! {
            <label>
                <input type="radio" name="example" value={of.id} checked={script.shown == of} disabled={busy} {onchange} />
                <span>{ of.name }</span>
            </label>
        }
    };
    let onchange = {
        let dispatch = dispatch.clone();
        move |event: Event| {
            if let Some(example) = Example::of(&page::value_of(&event)) {
                dispatch.dispatch(ScriptAction::Show(example));
            }
        }
    };
    let is_more = MORE.iter().any(|more| more == script.shown);
    html! {
        <div class="choices">
            <div class="switch" role="radiogroup" aria-label={words::SCRIPT}>
                { for TABS.iter().chain([&OWN]).map(tab) }
            </div>
            <select id="more-scripts" aria-label={words::MORE} disabled={busy} {onchange}>
                <option value="" selected={!is_more} disabled=true>{ words::MORE_SCRIPTS }</option>
                { for MORE.iter().map(|more| html! {
                    <option value={more.id} selected={more == script.shown}>{ more.name }</option>
                }) }
            </select>
        </div>
    }
}

/// The number of lanes, and which models are run.
fn settings(script: &Script, dispatch: &Dispatch) -> Html {
    let program = script.program();
    let busy = script.is_busy();
    let oninput = {
        let dispatch = dispatch.clone();
        move |event: InputEvent| {
            if let Ok(lanes) = page::value_of(&event).parse() {
                dispatch.dispatch(ScriptAction::Lanes(lanes));
            }
        }
    };
    let onchange = {
        let dispatch = dispatch.clone();
        move |event: Event| {
            if let Some(choice) = Choice::of(&page::value_of(&event)) {
                dispatch.dispatch(ScriptAction::Choose(choice));
            }
        }
    };
    html! {
        <div class="run-settings">
            if program == Program::Tasks {
                <label class="lanes-slider">
                    { words::LANES }
                    <input id="python-lanes" type="range" min="1" max={MOST_LANES.to_string()} value={script.lanes.to_string()}
                        disabled={busy} {oninput} />
                    <output>{ script.lanes }</output>
                </label>
            }
            <label>
                { words::RUN_WHAT }
                <select id="python-choice" disabled={busy} {onchange}>
                    { for Choice::ALL.iter().copied().map(|choice| html! {
                        <option value={choice.id()} selected={script.choice == choice}>{ words::choice(choice, program) }</option>
                    }) }
                </select>
            </label>
            if script.is_edited() && script.shown.id != OWN.id {
                <button id="reset-script" class="quiet" type="button" disabled={busy} onclick={{
                    let dispatch = dispatch.clone();
                    move |_: MouseEvent| dispatch.dispatch(ScriptAction::Reset)
                }}>{ words::RESET }</button>
            }
        </div>
    }
}

/// The button that runs and stops, and what happens meanwhile.
fn run_button(script: &Script, ready: bool, run: Callback<()>, stop: Callback<()>) -> Html {
    let (busy, phase) = (script.is_busy(), script.phase);
    let name = match phase {
        Phase::Ready => words::RUN,
        Phase::Stopping(_) => words::END,
        _ => words::STOP,
    };
    let status = match phase {
        Phase::Ready if script.program() == Program::Tasks => words::ABOUT_FIVE_SECONDS.to_owned(),
        Phase::Ready => String::new(),
        Phase::Loading(got, _) => words::loading(&format::memory(got as u64)),
        Phase::Running(model) => words::running(outcome::title(model)),
        Phase::Stopping(model) => words::stopping(outcome::title(model)),
    };
    let onclick = move |_: MouseEvent| if busy { stop.emit(()) } else { run.emit(()) };
    // Whoever is about to press it need not wait for the engine then.
    let onpointerenter = move |_: PointerEvent| {
        if ready && !busy {
            yew::platform::spawn_local(async {
                // What fails here is told when the button is pressed.
                let _ = python::load(|_, _| {}).await;
            });
        }
    };
    html! {
        <div class="start">
            <button id="run-python" class="primary" type="button" disabled={!ready} aria-keyshortcuts="Control+Enter"
                data-state={if busy { "running" } else { "idle" }} {onclick} {onpointerenter}>
                <svg viewBox="0 0 16 16" aria-hidden="true">
                    <path d={if busy { "M3 3H13V13H3Z" } else { "M4 2L14 8L4 14Z" }} />
                </svg>
                <span>{ name }</span>
            </button>
            <p class="basis" role="status" id="python-status">{ status }</p>
            if let Phase::Loading(got, all) = phase {
                <progress max={(all > 0.0).then(|| all.to_string())} value={(all > 0.0).then(|| got.to_string())}
                    aria-label={words::PYTHON}></progress>
            }
        </div>
    }
}

#[derive(PartialEq, Properties)]
struct KeepingProps {
    script: Script,
    dispatch: Dispatch,
}

/// The script as a file and as a link.
#[component]
fn Keeping(props: &KeepingProps) -> Html {
    let KeepingProps { script, dispatch } = props;
    let copied = use_state_eq(|| false);
    let save = {
        let (source, dispatch) = (script.source().to_owned(), dispatch.clone());
        move |_: MouseEvent| {
            if let Err(why) = download(program::NAME, "text/x-python", &source) {
                dispatch.dispatch(ScriptAction::Trouble(why));
            }
        }
    };
    let onchange = {
        let dispatch = dispatch.clone();
        move |event: Event| {
            let Some(file) = page::file_of(&event) else { return };
            let dispatch = dispatch.clone();
            yew::platform::spawn_local(async move {
                dispatch.dispatch(match page::text_of(&file).await {
                    Ok(source) => ScriptAction::OpenedFile(source),
                    Err(why) => ScriptAction::Trouble(why),
                });
            });
        }
    };
    let link = {
        let (dispatch, copied) = (dispatch.clone(), copied.setter());
        let shared =
            Shared { lanes: script.lanes, choice: script.choice, source: script.source().to_owned() };
        move |_: MouseEvent| {
            let (dispatch, copied, shared) = (dispatch.clone(), copied.clone(), shared.clone());
            yew::platform::spawn_local(async move {
                let link = match python::deflate(&shared.to_bytes()).await {
                    Ok(deflated) => Ok(link::link(&deflated)),
                    Err(_) => Err(words::NO_LINK.to_owned()),
                };
                let link = link.and_then(|link| match link.len() {
                    letters if letters > link::LONGEST => Err(words::too_long(letters)),
                    _ => Ok(format!("{}{link}", page::address())),
                });
                copied.set(match &link {
                    Ok(link) => clipboard::copy(link).await,
                    Err(_) => false,
                });
                dispatch.dispatch(ScriptAction::Linked(link));
            });
        }
    };
    let busy = script.is_busy();
    html! {
        <div class="keeping">
            <button id="copy-script-link" class="quiet framed" type="button" onclick={link}>{ words::COPY_LINK }</button>
            <button id="save-script" class="quiet framed" type="button" onclick={save}>{ words::SAVE }</button>
            <label class="quiet framed file">
                { words::OPEN }
                <input id="open-script" type="file" accept=".py,text/x-python,text/plain" disabled={busy} {onchange} />
            </label>
            if let Some(link) = &script.link {
                <p role="status">{ match link {
                    Ok(_) if *copied => words::COPIED,
                    Ok(_) => words::NOT_COPIED,
                    Err(why) => why.as_str(),
                } }</p>
                if let Ok(link) = link {
                    <input id="script-link" class="link-text" readonly=true value={link.clone()} aria-label={words::LINK} />
                }
            }
        </div>
    }
}
