//! Reports and their chart as files.

use yew::prelude::*;

use crate::browser::page::{self, chart_picture, clipboard, download::download};
use crate::report::{Report, export};
use crate::ui::{reports::ReportsAction, state::Action, view::Dispatch};

#[derive(PartialEq, Properties)]
pub struct Props {
    /// What is saved.
    pub reports: Vec<Report>,
    /// Selects the chart; `None` where there is none.
    #[prop_or_default]
    pub chart: Option<&'static str>,
    /// Is told what did not work.
    pub dispatch: Dispatch,
}

/// A kind of file.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Png,
    Svg,
    Csv,
    Json,
    Markdown,
}

const KINDS: [(Kind, &str); 5] = [
    (Kind::Png, "PNG"),
    (Kind::Svg, "SVG"),
    (Kind::Csv, "CSV"),
    (Kind::Json, "JSON"),
    (Kind::Markdown, "Markdown"),
];

/// A button for each kind of file.
#[component]
pub fn Save(props: &Props) -> Html {
    let shown =
        KINDS.into_iter().filter(|(kind, _)| props.chart.is_some() || !matches!(kind, Kind::Png | Kind::Svg));
    let buttons = shown.map(|(kind, name)| {
        let (reports, chart, dispatch) = (props.reports.clone(), props.chart, props.dispatch.clone());
        let onclick = move |_: MouseEvent| {
            let (reports, dispatch) = (reports.clone(), dispatch.clone());
            yew::platform::spawn_local(async move {
                if let Err(why) = save(kind, &reports, chart).await {
                    dispatch.dispatch(Action::Reports(ReportsAction::Refused(why)));
                }
            });
        };
        html! { <button class="quiet framed" type="button" data-save={name} {onclick}>{ name }</button> }
    });
    html! {
        <div class="save" role="group" aria-label="Save as a file; Markdown is copied">
            <span>{ "Save as" }</span>{ for buttons }
        </div>
    }
}

async fn save(kind: Kind, reports: &[Report], chart: Option<&str>) -> Result<(), String> {
    let chart = chart.unwrap_or_default();
    match kind {
        Kind::Png => chart_picture::save_png(chart, "lanes.png").await,
        Kind::Svg => download("lanes.svg", "image/svg+xml", &chart_picture::svg(chart)?),
        Kind::Csv => download("lanes.csv", "text/csv", &export::csv(reports)),
        Kind::Json => download("lanes.json", "application/json", &export::json(reports)),
        Kind::Markdown => {
            let text = export::markdown(reports, &page::address());
            // Markdown is pasted rather than opened.
            if clipboard::copy(&text).await { Ok(()) } else { download("lanes.md", "text/markdown", &text) }
        }
    }
}
