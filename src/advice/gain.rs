//! What a choice gains.

use super::{Choice, Code, Does, MachineFigures, Task, lanes_of};
use crate::stats::Estimate;

/// What a choice needs to have measured, and that was not.
const HERE: &str = "Measure how this machine computes and waits, and what processes cost, with the button below: then the gain is told.";

/// How many times as fast as the plain loop a choice is, as Amdahl's law has it.
///
/// # Errors
/// What is to be measured before that can be told.
pub fn gain(choice: Choice, task: &Task, measured: &MachineFigures) -> Result<Estimate, String> {
    if choice == Choice::Loop {
        return Ok(Estimate { value: 1.0, lo: 1.0, hi: 1.0 });
    }
    let costs = costs_of(choice, task, measured).map_err(|why| match measured.is_complete {
        false => HERE.to_owned(),
        true => format!("{why} Or time your own with 1, 4 and 16 lanes, and stop where it no longer falls."),
    })?;
    let loop_us = f64::from(task.tasks) * task.task_ms * 1e3;
    let at = |costs: &Costs| loop_us / costs.us(choice, task, measured.cores);
    Ok(Estimate { value: at(&costs[0]), lo: at(&costs[1]), hi: at(&costs[2]) })
}

/// What lanes do to the time of a task's two parts, in µs.
#[derive(Clone, Copy)]
struct Costs {
    /// How many times as fast as one lane they compute.
    speed_up: f64,
    /// What they take to start.
    start_us: f64,
    /// What it takes to bring them their data.
    copy_us: f64,
    /// What of each task's waiting cannot be shared: sending the request, and taking the answer in.
    each_wait_us: f64,
}

impl Costs {
    fn us(&self, choice: Choice, task: &Task, cores: u32) -> f64 {
        let tasks = f64::from(task.tasks);
        let (wait_us, compute_us) = (task.wait_us(), task.compute_us());
        let computing_us = tasks * compute_us / self.speed_up + self.start_us + self.copy_us;
        let lanes = lanes_that_wait(choice, task, cores);
        let in_turn = f64::from(task.tasks.div_ceil(lanes));
        let waiting_us = waiting_us(task.tasks, lanes, wait_us, self.each_wait_us);
        match (task.does, choice) {
            (Does::Computes, _) => computing_us,
            (Does::Waits, _) => waiting_us + self.start_us + self.copy_us,
            // One step hands its tasks to the next: the longer one decides, and at its end, or its
            // begin, there is one task with nothing beside it.
            (Does::Both, Choice::Both) => (computing_us + wait_us).max(waiting_us + compute_us),
            // Lanes that wait let the others compute; each has its share of both.
            (Does::Both, Choice::Threads) if self.speed_up > 1.0 => {
                computing_us.max(waiting_us + in_turn * compute_us)
            }
            // Each does both in turn, or only one computes.
            (Does::Both, _) => computing_us + waiting_us,
        }
    }
}

/// How long so many lanes wait for tasks of `wait_us` each, of which they cannot share `own_us`.
///
/// What nobody shares is done one after the other, and while it is, the others wait at the same time. So either that
/// takes longest, or the turns do, of which the last lane's begin once the others have had what is theirs.
pub(super) fn waiting_us(tasks: u32, lanes: u32, wait_us: f64, own_us: f64) -> f64 {
    // What cannot be shared is no more than all of it.
    let own_us = own_us.min(wait_us);
    let others = |number: u32| f64::from(number.saturating_sub(1)) * own_us;
    let in_turn = f64::from(tasks.div_ceil(lanes));
    (others(tasks) + wait_us).max(in_turn * wait_us + others(lanes))
}

/// How many lanes wait at once.
fn lanes_that_wait(choice: Choice, task: &Task, cores: u32) -> u32 {
    match choice {
        Choice::Both => task.tasks.clamp(1, super::FETCHERS),
        _ => lanes_of(choice, task, cores),
    }
}

/// The costs of a choice: as they are, at their worst, and at their best.
///
/// # Errors
/// Why one that matters is not known.
fn costs_of(choice: Choice, task: &Task, measured: &MachineFigures) -> Result<[Costs; 3], String> {
    const NONE: Estimate = Estimate { value: 0.0, lo: 0.0, hi: 0.0 };
    const ONE: Estimate = Estimate { value: 1.0, lo: 1.0, hi: 1.0 };
    let (computes, waits) = (task.does != Does::Waits, task.does != Does::Computes);
    let speed_up = match choice {
        _ if !computes => ONE,
        Choice::Processes | Choice::Both => measured.processes.clone()?,
        Choice::Threads if measured.cores > 1 && task.code != Code::Python => measured.threads.clone()?,
        Choice::Threads | Choice::Async | Choice::Loop => ONE,
    };
    let each_wait = match choice {
        _ if !waits => NONE,
        Choice::Processes => measured.process_wait_us.clone()?,
        Choice::Async => measured.async_wait_us.clone()?,
        Choice::Threads | Choice::Both | Choice::Loop => measured.thread_wait_us.clone()?,
    };
    let (start, copy) = match choice {
        Choice::Processes | Choice::Both => {
            let all_mb = f64::from(task.tasks) * task.task_kb / 1024.0;
            // What was measured is the start of as many processes as cores.
            let lanes = f64::from(lanes_of(choice, task, measured.cores));
            let times = (lanes / f64::from(super::lanes_for(measured.cores).min(8))).max(1.0);
            (measured.start_us.clone()?.times(times), measured.copy_us_per_mb.clone()?.times(all_mb))
        }
        Choice::Threads | Choice::Async | Choice::Loop => (NONE, NONE),
    };
    // No more lanes compute at once than there are tasks.
    let most = f64::from(task.tasks.max(1));
    let costs = |pick: fn(Estimate) -> [f64; 2]| {
        let [speed_up, _] = pick(speed_up);
        let [[_, start_us], [_, copy_us], [_, each_wait_us]] = [start, copy, each_wait].map(pick);
        Costs { speed_up: speed_up.min(most), start_us, copy_us, each_wait_us }
    };
    // Of each figure the end that is meant of gains, and the one that is meant of costs.
    Ok([costs(|e| [e.value, e.value]), costs(|e| [e.lo, e.hi]), costs(|e| [e.hi, e.lo])])
}
