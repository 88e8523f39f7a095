//! The machine that the experiment runs on, and what lanes cost on it beside the computing.

use yew::prelude::*;

use crate::cost::{Cost, CostGroup, CostSummary, Unit};
use crate::format::{self, NOTHING};
use crate::machine::Machine;
use crate::ui::state::Costs;

use super::controls::Controls;

mod words {
    pub const MACHINE: &str = "This machine";
    pub const UNKNOWN: &str = "not reported";
    pub const NOT_READ_YET: &str = "…";
    pub const REPORTED_CORES: &str = "Cores (reported)";
    pub const MEASURED_CORES: &str = "Cores (measured)";
    pub const MEMORY: &str = "Memory (reported)";
    pub const BROWSER: &str = "Browser";
    pub const PAGE: &str = "Page";
    pub const TIMER: &str = "Timer resolution";
    pub const NO_THREADS: &str = "Threads cannot run here. ";

    pub const COSTS: &str = "What lanes cost";
    pub const WHICH_COSTS: &str = "Starting them, handing them data, ending them, and keeping the page responsive: each measured by itself.";
    pub const MEASURE: &str = "Measure the costs";
    pub const STOP: &str = "Stop";
    pub const COST_TABLE: &str = "Table of the costs";
    pub const MEDIANS: &str = "Medians, with their intervals";
    /// A time that is shorter than the clock can tell.
    pub const AT_ONCE: &str = "at once";
    pub const NONE: &str = "none";
}

#[derive(PartialEq, Properties)]
pub struct MachineProps {
    /// `None` while it is being read.
    pub machine: Option<Machine>,
    /// The cores that the last run made use of, or why they are not known.
    pub measured_cores: AttrValue,
}

/// The machine and the browser, as far as they tell.
#[component]
pub fn MachineCard(props: &MachineProps) -> Html {
    let machine = props.machine.as_ref();
    let read = |row: fn(&Machine) -> String| machine.map_or(words::NOT_READ_YET.to_owned(), row);
    let cores = read(|m| m.reported_cores.map_or(words::UNKNOWN.to_owned(), |cores| cores.to_string()));
    let browser = read(|m| if m.browser.is_empty() { words::UNKNOWN.to_owned() } else { m.browser.clone() });
    let isolation = read(|m| m.isolation.to_string());
    let step = read(|m| match m.timer_step_us {
        us if us.is_finite() && us > 0.0 => format::duration_tick(us),
        _ => words::UNKNOWN.to_owned(),
    });
    let memory = read(|m| match m.memory_mib {
        Some(mebibytes) => format::about_memory(mebibytes),
        None => words::UNKNOWN.to_owned(),
    });
    let why_no_threads = machine.and_then(|m| m.isolation.why_no_threads());
    html! {
        <section class="card machine" id="machine" aria-labelledby="machine-title"
            data-isolation={machine.map(|m| m.isolation.name())}
            data-cores={machine.and_then(|m| m.reported_cores).map(|cores| cores.to_string())}>
            <h2 id="machine-title">{ words::MACHINE }</h2>
            <dl>
                <div><dt>{ words::REPORTED_CORES }</dt><dd>{ cores }</dd></div>
                <div><dt>{ words::MEASURED_CORES }</dt><dd id="measured-cores">{ &props.measured_cores }</dd></div>
                <div><dt>{ words::MEMORY }</dt><dd>{ memory }</dd></div>
                <div><dt>{ words::BROWSER }</dt><dd>{ browser }</dd></div>
                <div><dt>{ words::PAGE }</dt><dd>{ isolation }</dd></div>
                <div><dt>{ words::TIMER }</dt><dd>{ step }</dd></div>
            </dl>
            if let Some(why) = why_no_threads {
                <p class="notice"><strong>{ words::NO_THREADS }</strong>{ why }</p>
            }
        </section>
    }
}

#[derive(PartialEq, Properties)]
pub struct CostsProps {
    /// What is known of them.
    pub costs: Costs,
    /// Whether they can be measured now.
    pub ready: bool,
    /// Measures them.
    pub controls: Controls,
}

/// The costs, and the button that measures them.
#[component]
pub fn CostsCard(props: &CostsProps) -> Html {
    let measuring = props.costs.measuring;
    let controls = props.controls.clone();
    let onclick = move |_: MouseEvent| match measuring {
        Some(_) => controls.stop.emit(()),
        None => controls.measure_costs.emit(()),
    };
    let progress =
        measuring.map(|(cost, done, all)| format!("{}: {cost}, {} of {all}", cost.group().title(), done + 1));
    html! {
        <section class="card costs" id="costs" aria-labelledby="costs-title"
            data-state={if measuring.is_some() { "running" } else { "idle" }}>
            <h2 id="costs-title">{ words::COSTS }</h2>
            <p>{ words::WHICH_COSTS }</p>
            <div class="measure">
                <button id="measure-costs" class="quiet" type="button" disabled={!props.ready} {onclick}>
                    { if measuring.is_some() { words::STOP } else { words::MEASURE } }
                </button>
                <span class="doing">{ progress }</span>
            </div>
            if !props.costs.measured.is_empty() {
                <div class="scroll" tabindex="0" role="region" aria-label={words::COST_TABLE}>
                    <table id="cost-figures">
                        <caption>{ words::MEDIANS }</caption>
                        { for CostGroup::ALL.iter().copied().map(|group| rows(group, &props.costs.measured)) }
                    </table>
                </div>
            }
        </section>
    }
}

fn rows(group: CostGroup, measured: &[CostSummary]) -> Html {
    let mut rows = measured.iter().filter(|summary| summary.cost.group() == group).peekable();
    if rows.peek().is_none() {
        return html! {};
    }
    html! {
        <tbody>
            <tr><th scope="rowgroup" colspan="2">{ group.title() }</th></tr>
            { for rows.map(row) }
        </tbody>
    }
}

fn row(summary: &CostSummary) -> Html {
    let (figure, interval) = match (&summary.figure, summary.cost.unit()) {
        (Some(us), Unit::Time) if us.value == 0.0 => (words::AT_ONCE.to_owned(), String::new()),
        (Some(us), Unit::Time) => (format::duration(us.value), format::duration_interval(us.lo, us.hi)),
        (Some(bytes), Unit::Memory) => (format::memory(bytes.value as u64), String::new()),
        (None, _) => (NOTHING.to_owned(), String::new()),
    };
    let value = summary.figure.map(|figure| figure.value.to_string());
    let tasks = summary.tasks.map(|(lost, done)| {
        format!(
            "{} done, {} lost",
            format::count(done, "task"),
            if lost == 0 { words::NONE.to_owned() } else { lost.to_string() }
        )
    });
    html! {
        <tr data-cost={id(summary.cost)} data-value={value}>
            <th scope="row">
                { summary.cost.to_string() }
                if let Some(tasks) = tasks { <span class="note">{ tasks }</span> }
                if let Some(error) = &summary.error { <span class="note">{ error }</span> }
            </th>
            <td class="number">{ figure }{ " " }<span class="interval">{ interval }</span></td>
        </tr>
    }
}

/// The cost's name in attributes.
fn id(cost: Cost) -> String {
    cost.to_string().replace([',', ';', '\''], "").replace(' ', "-")
}
