//! How an experiment and its results leave the page: as a link, a code, files and a Python program.

use yew::prelude::*;

use crate::browser::page::{self, chart_picture, clipboard, download::download};
use crate::domain::Model;
use crate::experiment::Experiment;
use crate::python::{self, Library};
use crate::report::{
    LONGEST_NAME, Report, export,
    link::{self, LONGEST},
    qr::qr_code,
};
use crate::ui::{
    program::{Program, ProgramAction},
    reports::ReportsAction,
    route::Route,
    state::{Action, State},
    text,
};

use super::controls::Dispatch;

mod words {
    pub const SHARE: &str = "Share";
    pub const NOTHING_YET: &str = "After a run, you can share the results by link or save them as a file.";
    pub const LINK_CONTENT: &str = "What the link contains";
    pub const COPY_RESULTS: &str = "Copy the link to these results";
    pub const COPY_EXPERIMENT: &str = "Copy the link to this experiment";
    pub const COMPARE: &str = "Compare with other machines";
    pub const EMBED: &str = "Embed in your page";
    pub const KEPT_IN: &str = "This run is kept in the ";
    pub const HISTORY: &str = "history";
    pub const OF_BROWSER: &str = " of this browser.";
    pub const NAME: &str = "Name of this machine";
    pub const WHY_NAME: &str = "Others see it in the link. Leave it empty to show only cores and browser.";

    pub const COPIED: &str = "Copied.";
    pub const NOT_COPIED: &str = "The browser does not let the page copy: mark the link, and copy it.";
    pub const QR_CODE: &str = "QR code";
    pub const LINK_AS_QR_CODE: &str = "The link as a QR code";
    pub const TOO_LONG_FOR_QR: &str = "This link is too long for a QR code.";
    pub const TOO_LONG_FOR_LINK: &str =
        "This experiment has too many addresses for a link: save it as JSON instead.";

    pub const SAVE_AS: &str = "Save as";
    pub const WHAT_SAVE_DOES: &str = "Save as a file; Markdown is copied";

    pub const PYTHON: &str = "Python program";
    pub const SAME_IN_PYTHON: &str = "The same experiment in Python";
    pub const WHAT_IT_NEEDS: &str = "It needs CPython 3.8 or later and nothing else. It verifies its results the same way, and prints the same figures for your Python.";
    pub const LIBRARY: &str = "Library";
    pub const COPY: &str = "Copy";
    pub const PROGRAM_TEXT: &str = "The program’s text";

    pub fn link_of(label: &str) -> String {
        format!("{label}: the link")
    }
}

#[derive(PartialEq, Properties)]
pub struct ShareProps {
    /// All that the page knows.
    pub state: UseReducerHandle<State>,
}

/// What there is to share of one experiment and of what came of it.
#[component]
pub fn ShareCard(ShareProps { state }: &ShareProps) -> Html {
    let report = state.report().filter(|_| !state.is_running());
    let experiment = state.settings.experiment().ok();
    let dispatch = state.dispatcher();
    let address = page::address();
    let look = state.look.to_link();
    html! {
        <section class="card share" id="share" aria-labelledby="share-title">
            <h2 id="share-title">{ words::SHARE }</h2>
            if let Some(report) = report {
                <NameField name={state.reports.name.clone()} dispatch={dispatch.clone()} />
                <details class="told">
                    <summary>{ words::LINK_CONTENT }</summary>
                    <ul>{ for text::sentences(&report).into_iter().map(|line| html! { <li>{ line }</li> }) }</ul>
                </details>
                <CopyLink id="results-link" label={words::COPY_RESULTS}
                    link={within(format!("{address}{}{look}", link::of_reports(std::slice::from_ref(&report))))} />
                <Save reports={vec![report.clone()]} chart=".answer .plot > svg" dispatch={dispatch.clone()} />
                <p><button id="compare-own" class="quiet framed" type="button" onclick={compare(report, dispatch)}>
                    { words::COMPARE }
                </button></p>
            } else {
                <p class="hint-line">{ words::NOTHING_YET }</p>
            }
            if let Some(experiment) = experiment {
                <CopyLink id="experiment-link" label={words::COPY_EXPERIMENT}
                    link={within(format!("{address}{}{look}", link::of_experiment(&experiment)))} />
                <p><a id="embed-this" class="button" href={Route::Embed.href()}>{ words::EMBED }</a></p>
            }
            if state.is_kept() {
                <p id="kept" class="hint-line">{ words::KEPT_IN }<a href={Route::History.href()}>{ words::HISTORY }</a>{ words::OF_BROWSER }</p>
            }
            <p id="not-kept" class="refusal" role="alert">{ state.reports.not_kept.clone().unwrap_or_default() }</p>
            <p class="refusal" role="alert">{ state.reports.refusal.clone().unwrap_or_default() }</p>
        </section>
    }
}

/// A link that is read again: too many addresses of one's own make it longer than that.
fn within(link: String) -> Option<AttrValue> {
    (link.len() <= LONGEST).then(|| AttrValue::from(link))
}

fn compare(report: Report, dispatch: Dispatch) -> Callback<MouseEvent> {
    Callback::from(move |_| {
        dispatch.dispatch(Action::Reports(ReportsAction::Add(Box::new(report.clone()))));
        page::go(&Route::Compare.href());
    })
}

#[derive(PartialEq, Properties)]
struct NameProps {
    name: String,
    dispatch: Dispatch,
}

/// What the visitor calls this machine.
#[component]
fn NameField(NameProps { name, dispatch }: &NameProps) -> Html {
    let dispatch = dispatch.clone();
    let oninput = move |event: InputEvent| {
        dispatch.dispatch(Action::Reports(ReportsAction::Name(page::value_of(&event))));
    };
    html! {
        <div class="field">
            <label for="machine-name">{ words::NAME }</label>
            <input id="machine-name" type="text" maxlength={LONGEST_NAME.to_string()} value={name.clone()}
                autocomplete="off" aria-describedby="why-machine-name" {oninput} />
            <p id="why-machine-name">{ words::WHY_NAME }</p>
        </div>
    }
}

#[derive(PartialEq, Properties)]
pub struct LinkProps {
    /// The field's id.
    pub id: &'static str,
    /// What the button says.
    pub label: &'static str,
    /// The whole link; `None` if it would be longer than one that is read.
    pub link: Option<AttrValue>,
}

/// The link, the button that copies it, and its code.
#[component]
pub fn CopyLink(props: &LinkProps) -> Html {
    let said = use_state_eq(|| (AttrValue::default(), ""));
    let code_is_open = use_state_eq(|| false);
    let Some(link) = &props.link else {
        return html! { <p class="hint-line">{ words::TOO_LONG_FOR_LINK }</p> };
    };
    let onclick = {
        let (said, link) = (said.clone(), link.clone());
        move |_: MouseEvent| {
            let (said, link) = (said.clone(), link.clone());
            yew::platform::spawn_local(async move {
                let is_copied = clipboard::copy(&link).await;
                said.set((link, if is_copied { words::COPIED } else { words::NOT_COPIED }));
            });
        }
    };
    let ontoggle = {
        let code_is_open = code_is_open.clone();
        move |_: Event| code_is_open.set(!*code_is_open)
    };
    // What was said of another link is not said of this one.
    let said = if said.0 == *link { said.1 } else { "" };
    let code = if *code_is_open { qr_code(link) } else { None };
    html! {
        <div class="link">
            <div class="row">
                <button class="quiet framed" type="button" {onclick}>{ props.label }</button>
                <span class="said" role="status">{ said }</span>
            </div>
            <input id={props.id} class="link-text" type="text" readonly=true value={link.clone()} aria-label={words::link_of(props.label)} />
            <details class="code" {ontoggle}>
                <summary>{ words::QR_CODE }</summary>
                if let Some(code) = code {
                    <svg viewBox={format!("0 0 {0} {0}", code.size)} role="img" aria-label={words::LINK_AS_QR_CODE} shape-rendering="crispEdges">
                        <rect class="light" width="100%" height="100%" />
                        <path class="dark" d={code.path} />
                    </svg>
                } else if *code_is_open {
                    <p class="hint-line">{ words::TOO_LONG_FOR_QR }</p>
                }
            </details>
        </div>
    }
}

/// What reports and their chart are saved as.
#[derive(Clone, Copy, PartialEq)]
enum Format {
    Png,
    Svg,
    Csv,
    Json,
    Markdown,
}

const FORMATS: [(Format, &str); 5] = [
    (Format::Png, "PNG"),
    (Format::Svg, "SVG"),
    (Format::Csv, "CSV"),
    (Format::Json, "JSON"),
    (Format::Markdown, "Markdown"),
];

#[derive(PartialEq, Properties)]
pub struct SaveProps {
    /// What is saved.
    pub reports: Vec<Report>,
    /// Selects the chart; `None` where there is none.
    #[prop_or_default]
    pub chart: Option<&'static str>,
    /// The model that the chart shows; `None` where it shows all.
    #[prop_or_default]
    pub model: Option<Model>,
    /// Takes what did not work.
    pub dispatch: Dispatch,
}

/// A button for each format.
#[component]
pub fn Save(props: &SaveProps) -> Html {
    let needs_chart = |format| matches!(format, Format::Png | Format::Svg);
    let offered = FORMATS.into_iter().filter(|&(format, _)| props.chart.is_some() || !needs_chart(format));
    let buttons = offered.map(|(format, name)| {
        let (reports, dispatch) = (props.reports.clone(), props.dispatch.clone());
        let (chart, model) = (props.chart.unwrap_or_default(), props.model);
        let onclick = move |_: MouseEvent| {
            let (reports, dispatch) = (reports.clone(), dispatch.clone());
            yew::platform::spawn_local(async move {
                if let Err(why) = save(format, &reports, chart, model).await {
                    dispatch.dispatch(Action::Reports(ReportsAction::Refused(why)));
                }
            });
        };
        html! { <button class="quiet framed" type="button" data-save={name} {onclick}>{ name }</button> }
    });
    html! {
        <div class="save" role="group" aria-label={words::WHAT_SAVE_DOES}>
            <span>{ words::SAVE_AS }</span>{ for buttons }
        </div>
    }
}

async fn save(format: Format, reports: &[Report], chart: &str, model: Option<Model>) -> Result<(), String> {
    let caption = || text::caption(reports, model, &page::address());
    match format {
        Format::Png => chart_picture::save_png(chart, &caption(), "lanes.png").await,
        Format::Svg => download("lanes.svg", "image/svg+xml", &chart_picture::svg(chart, &caption())?),
        Format::Csv => download("lanes.csv", "text/csv", &export::csv(reports)),
        Format::Json => download("lanes.json", "application/json", &export::json(reports)),
        Format::Markdown => {
            let text = export::markdown(reports, &page::address());
            // Markdown is pasted rather than opened.
            if clipboard::copy(&text).await { Ok(()) } else { download("lanes.md", "text/markdown", &text) }
        }
    }
}

#[derive(PartialEq, Properties)]
pub struct ProgramProps {
    /// The experiment; `None` while the settings make none.
    pub experiment: Option<Experiment>,
    /// What is shown of it.
    pub program: Program,
    /// Takes what is chosen.
    pub dispatch: Dispatch,
}

/// The experiment as a Python program, the switch between libraries, and the button that copies it.
#[component]
pub fn ProgramCard(props: &ProgramProps) -> Html {
    let Some(experiment) = &props.experiment else { return Html::default() };
    let libraries = Library::of(experiment.workload);
    let library = props.program.library;
    let library = if libraries.contains(&library) { library } else { Library::default() };
    let Some(text) = python::program(experiment, library) else { return Html::default() };
    let onclick = {
        let (text, dispatch) = (text.clone(), props.dispatch.clone());
        move |_: MouseEvent| {
            let (text, dispatch) = (text.clone(), dispatch.clone());
            yew::platform::spawn_local(async move {
                let copied = clipboard::copy(&text).await;
                dispatch.dispatch(Action::Program(ProgramAction::Copied(copied)));
            });
        }
    };
    let choices = libraries.iter().map(|&choice| {
        let dispatch = props.dispatch.clone();
        let onchange = move |_: Event| dispatch.dispatch(Action::Program(ProgramAction::Choose(choice)));
        html! {
            <label>
                <input type="radio" name="library" value={choice.name()} checked={choice == library} {onchange} />
                <span>{ choice.name() }</span>
            </label>
        }
    });
    html! {
        <section class="card program" aria-label={words::PYTHON}>
            <details>
                <summary>{ words::SAME_IN_PYTHON }</summary>
                <p>{ words::WHAT_IT_NEEDS }</p>
                <div class="toolbar">
                    <div class="switch" role="radiogroup" aria-label={words::LIBRARY}>{ for choices }</div>
                    <button class="quiet" id="copy-program" type="button" {onclick}>{ words::COPY }</button>
                    <span class="copied" role="status">{ props.program.copied_text() }</span>
                </div>
                <pre id="program" tabindex="0" role="region" aria-label={words::PROGRAM_TEXT}><code>{ text }</code></pre>
            </details>
        </section>
    }
}
