//! Reports and their chart as files.

use yew::prelude::*;

use crate::browser::{chart_picture, clipboard, download::download, page};
use crate::domain::Model;
use crate::report::{Report, export};
use crate::ui::{reports::ReportsAction, state::Action, text, view::Dispatch};

#[derive(PartialEq, Properties)]
pub struct Props {
    /// What is saved.
    pub reports: Vec<Report>,
    /// Selects the chart; `None` where there is none.
    #[prop_or_default]
    pub chart: Option<&'static str>,
    /// The model that the chart shows; `None` where it shows all.
    #[prop_or_default]
    pub model: Option<Model>,
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
        let (reports, dispatch) = (props.reports.clone(), props.dispatch.clone());
        let (chart, model) = (props.chart.unwrap_or_default(), props.model);
        let onclick = move |_: MouseEvent| {
            let (reports, dispatch) = (reports.clone(), dispatch.clone());
            yew::platform::spawn_local(async move {
                if let Err(why) = save(kind, &reports, chart, model).await {
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

async fn save(kind: Kind, reports: &[Report], chart: &str, model: Option<Model>) -> Result<(), String> {
    let caption = || text::caption(reports, model, &page::address());
    match kind {
        Kind::Png => chart_picture::save_png(chart, &caption(), "lanes.png").await,
        Kind::Svg => download("lanes.svg", "image/svg+xml", &chart_picture::svg(chart, &caption())?),
        Kind::Csv => download("lanes.csv", "text/csv", &export::csv(reports)),
        Kind::Json => download("lanes.json", "application/json", &export::json(reports)),
        Kind::Markdown => {
            let text = export::markdown(reports, &page::address());
            // Markdown is pasted rather than opened.
            if clipboard::copy(&text).await { Ok(()) } else { download("lanes.md", "text/markdown", &text) }
        }
    }
}
