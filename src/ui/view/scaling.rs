//! How each model scales, in a line of a table for each.

use std::rc::Rc;

use yew::prelude::*;

use crate::format::{self, NOTHING};
use crate::scaling::CurveSummary;
use crate::stats::Estimate;
use crate::summary::Summary;
use crate::ui::text;

use super::paint::swatch;

#[derive(PartialEq, Properties)]
pub struct Props {
    /// What is known of every point and curve.
    pub summary: Rc<Summary>,
}

/// Where more lanes stop helping, and the laws that say why.
#[component]
pub fn ScalingTable(props: &Props) -> Html {
    let curves = &props.summary.curves;
    html! {
        <details class="laws">
            <summary>{ "How each model scales" }</summary>
            if curves.is_empty() {
                <p>{ text::nothing_fitted() }</p>
            } else {
                <p>{ text::laws(props.summary.scaling()) }</p>
                <div class="scroll" tabindex="0" role="region" aria-label="Table of how each model scales">
                    <table id="scaling">
                        <thead>
                            <tr>
                                <th scope="col">{ "Model" }</th>
                                <th scope="col">{ "With more lanes" }</th>
                                <th scope="col" class="number">{ "Serial fraction" }</th>
                                <th scope="col" class="number">{ "Contention" }</th>
                                <th scope="col" class="number">{ "Coherency" }</th>
                            </tr>
                        </thead>
                        <tbody>{ for curves.iter().map(row) }</tbody>
                    </table>
                </div>
            }
        </details>
    }
}

fn row(curve: &CurveSummary) -> Html {
    html! {
        <tr data-model={curve.model.name()} data-knee={curve.knee.lanes.to_string()}>
            <th scope="row">{ swatch(curve.model) }{ curve.model.name() }</th>
            <td>{ curve.knee.to_string() }</td>
            { part("serial-fraction", curve.serial_fraction.map(|law| law.fraction)) }
            { part("contention", curve.usl.map(|law| law.contention)) }
            { part("coherency", curve.usl.map(|law| law.coherency)) }
        </tr>
    }
}

/// A part of the work, with its interval.
fn part(name: &'static str, part: Option<Estimate>) -> Html {
    let (value, interval) = match part {
        Some(Estimate { value, lo, hi }) => {
            (format::percent_exact(value), format::percent_exact_interval(lo, hi))
        }
        None => (NOTHING.to_owned(), String::new()),
    };
    html! {
        <td class="number" data-part={name} data-value={part.map(|part| part.value.to_string())}>
            { value }{ " " }<span class="interval">{ interval }</span>
        </td>
    }
}
