//! What the experiment runs on.

use yew::prelude::*;

use crate::format;
use crate::machine::Machine;

#[derive(PartialEq, Properties)]
pub struct Props {
    /// `None` while it is being read.
    pub machine: Option<Machine>,
    /// The cores that the last run made use of, or why they are not known.
    pub measured_cores: AttrValue,
}

/// The machine and the browser, as far as they tell.
#[component]
pub fn MachineCard(props: &Props) -> Html {
    const UNTOLD: &str = "not told";
    let machine = props.machine.as_ref();
    let read = |row: fn(&Machine) -> String| machine.map_or("…".to_owned(), row);
    let cores = read(|m| m.reported_cores.map_or(UNTOLD.to_owned(), |cores| cores.to_string()));
    let browser = read(|m| if m.browser.is_empty() { UNTOLD.to_owned() } else { m.browser.clone() });
    let isolation = read(|m| m.isolation.to_string());
    let step = read(|m| match m.timer_step_us {
        us if us.is_finite() && us > 0.0 => format::duration_tick(us),
        _ => UNTOLD.to_owned(),
    });
    let memory = read(|m| match m.memory_mib {
        Some(mebibytes) => format::about_memory(mebibytes),
        None => UNTOLD.to_owned(),
    });
    let why_no_threads = machine.and_then(|m| m.isolation.why_no_threads());
    html! {
        <section class="card machine" id="machine" aria-labelledby="machine-title"
            data-isolation={machine.map(|m| m.isolation.name())}
            data-cores={machine.and_then(|m| m.reported_cores).map(|cores| cores.to_string())}>
            <h2 id="machine-title">{ "This machine" }</h2>
            <dl>
                <div><dt>{ "Cores, as reported" }</dt><dd>{ cores }</dd></div>
                <div><dt>{ "Cores, as measured" }</dt><dd id="measured-cores">{ &props.measured_cores }</dd></div>
                <div><dt>{ "Memory, as reported" }</dt><dd>{ memory }</dd></div>
                <div><dt>{ "Browser" }</dt><dd>{ browser }</dd></div>
                <div><dt>{ "Page" }</dt><dd>{ isolation }</dd></div>
                <div><dt>{ "Step of the clock" }</dt><dd>{ step }</dd></div>
            </dl>
            if let Some(why) = why_no_threads {
                <p class="notice"><strong>{ "Threads cannot run here. " }</strong>{ why }</p>
            }
        </section>
    }
}
