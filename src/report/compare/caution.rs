//! What is to be known before reports are compared.

use std::fmt;

use crate::experiment::{Compared, SETTINGS, Setting};
use crate::format;
use crate::report::{Report, essential};
use crate::session::Ending;

/// Steps of clocks that differ by more than this factor are worth telling.
const OTHER_TIMER: f64 = 2.0;

/// What stands in the way of a comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Caution {
    /// They ran different workloads.
    Workloads,
    /// They ran different sizes, or divided the work in one and multiplied it in the other.
    Sizes,
    /// They ran the same work in another way: the settings that differ.
    Settings(Vec<&'static str>),
    /// A network was simulated for some and could not be for others.
    Networks,
    /// Some pages were isolated and others were not.
    Rungs,
    /// Their clocks have steps of different size.
    Timers,
    /// They were measured by different builds of Lanes.
    Builds,
    /// A run was stopped before it was certain.
    Stopped,
}

/// What stands in the way of comparing `reports`, weightiest first.
pub fn cautions(reports: &[Report]) -> Vec<Caution> {
    let Some((first, others)) = reports.split_first() else { return Vec::new() };
    let differs = |is_other: &dyn Fn(&Report) -> bool| others.iter().any(is_other);
    let (one, machine) = (&essential(&first.experiment), &first.machine);
    let differing: Vec<&Setting> = SETTINGS
        .iter()
        .filter(|setting| differs(&|other| setting.differs(one, &essential(&other.experiment))))
        .collect();
    let of = |compared| differing.iter().filter(move |setting| setting.compared == compared);
    let has = |compared| of(compared).next().is_some();
    let (workloads, amounts) = (has(Compared::Workload), has(Compared::Amount));
    let ways: Vec<&str> = of(Compared::Way).map(|setting| setting.label).collect();
    let steps = || reports.iter().map(|report| report.machine.timer_step_us).filter(|step| *step > 0.0);
    let (least, most) = (steps().fold(f64::INFINITY, f64::min), steps().fold(0.0, f64::max));
    let found = [
        (Caution::Workloads, workloads),
        (Caution::Sizes, amounts && !workloads),
        (Caution::Settings(ways.clone()), !workloads && !amounts && !ways.is_empty()),
        (Caution::Networks, !workloads && differs(&|other| was_simulated(other) != was_simulated(first))),
        (Caution::Rungs, differs(&|other| other.machine.isolation != machine.isolation)),
        (Caution::Timers, most > OTHER_TIMER * least),
        (Caution::Builds, differs(&|other| other.build != first.build)),
        (Caution::Stopped, reports.iter().any(|report| report.ending == Ending::Stopped)),
    ];
    found.into_iter().filter(|(_, is_found)| *is_found).map(|(caution, _)| caution).collect()
}

/// Whether the report's lanes had the simulated network, if they were to have it.
fn was_simulated(report: &Report) -> bool {
    !report.fallbacks.iter().any(|fallback| fallback.is_of_network())
}

impl fmt::Display for Caution {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Settings(labels) => {
                let labels = format::list(labels);
                return write!(f, "The experiments differ in these settings: {labels}. That may explain the whole difference.");
            }
            Self::Workloads => {
                "The workloads differ: times and speed-ups of different work say nothing of the machines, and no difference is told. Run the same experiment on each."
            }
            Self::Sizes => {
                "The sizes differ, or what grows with the lanes: times are of different work, and no difference is told. Run the same experiment on each."
            }
            Self::Networks => {
                "The network was simulated in some runs and could not be in others, whose files came from the site that Lanes was loaded from: the latencies differ, and all that depends on them."
            }
            Self::Rungs => {
                "Some pages were isolated and others were not: threads cannot run there, and browsers keep the clock coarser."
            }
            Self::Timers => {
                "The clocks have steps of different size: short times are less exact where the step is larger."
            }
            Self::Builds => {
                "The reports come from different builds of Lanes, whose kernels may differ. Run again with one build to be sure."
            }
            Self::Stopped => "A run was stopped or still goes on: its figures are not final.",
        })
    }
}
