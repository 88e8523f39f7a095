//! The choice, and what it gains.

use super::{Choice, Code, Does, Measured, Task};
use crate::format;
use crate::stats::{Estimate, MARGIN};

/// What the choice is, and why.
pub fn choose(task: &Task, measured: &Measured) -> (Choice, Vec<String>) {
    let mut why = Vec::new();
    let choice = match task.does {
        Does::Waits => waiting(task, &mut why),
        Does::Computes => computing(task, measured, &mut why),
        Does::Both => {
            let computing = computing(task, measured, &mut why);
            if matches!(computing, Choice::Processes) && !task.is_memory_scarce {
                why.push(
                    "Waiting needs no core: threads fetch for all of them, and hand what they have to the processes."
                        .to_owned(),
                );
                Choice::Both
            } else if computing == Choice::Loop {
                why.push("It is the waiting that lanes can share.".to_owned());
                waiting(task, &mut why)
            } else {
                why.push(
                    "A thread that waits lets the others go on, so the same threads may fetch and compute."
                        .to_owned(),
                );
                computing
            }
        }
    };
    (choice, why)
}

fn waiting(task: &Task, why: &mut Vec<String>) -> Choice {
    if task.must_be_killable {
        why.push("Only a process can be ended whatever it does. Most waiting can also be ended with a timeout: if that will do, lanes that cost less will do.".to_owned());
        return Choice::Processes;
    }
    if task.has_async_library && task.tasks > 32 {
        why.push(format!(
            "{} waits are more than one would have threads for; one event loop has them all under way in one lane.",
            task.tasks
        ));
        return Choice::Async;
    }
    why.push(
        "Lanes that wait need neither a core nor the GIL, so threads are enough, and cost least to start."
            .to_owned(),
    );
    if task.tasks > 32 {
        why.push("More than a few dozen threads gain little: have each do several tasks.".to_owned());
    }
    Choice::Threads
}

fn computing(task: &Task, measured: &Measured, why: &mut Vec<String>) -> Choice {
    if measured.cores < 2 {
        why.push("This machine reports one core, so no two lanes can compute at once.".to_owned());
        return if task.must_be_killable { Choice::Processes } else { Choice::Loop };
    }
    if task.must_be_killable {
        why.push("Only a process can be ended in mid-work; a thread can only be asked.".to_owned());
        return Choice::Processes;
    }
    let choice = match task.code {
        Code::Free => {
            why.push("Without a GIL threads compute at once, and they share their data for free.".to_owned());
            Choice::Threads
        }
        Code::Native => {
            why.push("The native code lets go of the GIL while it computes, so threads compute at once and share their data for free.".to_owned());
            Choice::Threads
        }
        Code::Python => {
            why.push("Python code computes under the GIL, so threads would take turns: it takes processes to compute at once.".to_owned());
            Choice::Processes
        }
    };
    if let Ok(gain) = gain(choice, task, measured)
        && gain.hi <= 1.0 + MARGIN
    {
        why.push(format!(
            "But here {} would not be faster: what they cost outweighs what they gain ({} as fast). Make tasks larger, or send less.",
            choice.name(),
            format::ratio_interval(gain.lo, gain.hi)
        ));
        return Choice::Loop;
    }
    if choice == Choice::Processes {
        if task.task_ms < 1.0 {
            why.push("Tasks are shorter than a message between processes is worth: hand them out in chunks of 10 ms or more.".to_owned());
        }
        if task.task_kb > 10_000.0 {
            why.push("Much data goes to each task: put it into shared memory, or have the process read it by itself.".to_owned());
        }
        if task.is_memory_scarce {
            why.push("Each process holds a copy of the program and its data: take fewer processes if memory runs out, or keep shared data in shared memory.".to_owned());
        }
    }
    choice
}

/// How many times as fast as the plain loop a choice is.
///
/// # Errors
/// What is to be measured before that can be told.
pub fn gain(choice: Choice, task: &Task, measured: &Measured) -> Result<Estimate, String> {
    const HERE: &str = "Measure how this machine computes and what processes cost, with the button below: then the gain is told.";
    match choice {
        Choice::Loop => Ok(Estimate { value: 1.0, lo: 1.0, hi: 1.0 }),
        _ if task.does != Does::Computes => Err(
            "What waiting gains depends on what is waited for, and cannot be told from here: time your own with 1, 4 and 16 lanes, and stop where it no longer falls."
                .to_owned(),
        ),
        Choice::Threads => measured.threads.map(|speed_up| limited(speed_up, task)).ok_or(HERE.to_owned()),
        _ => {
            let (Some(speed_up), Some(start), Some(copy)) =
                (measured.processes, measured.start_us, measured.copy_us_per_mb)
            else {
                return Err(HERE.to_owned());
            };
            let speed_up = limited(speed_up, task);
            let all_us = f64::from(task.tasks) * task.task_ms * 1e3;
            let all_mb = f64::from(task.tasks) * task.task_kb / 1024.0;
            let at = |speed_up: f64, start: f64, copy: f64| all_us / (all_us / speed_up + start + copy * all_mb);
            Ok(Estimate {
                value: at(speed_up.value, start.value, copy.value),
                lo: at(speed_up.lo, start.hi, copy.hi),
                hi: at(speed_up.hi, start.lo, copy.lo),
            })
        }
    }
}

/// No more lanes compute at once than there are tasks.
fn limited(speed_up: Estimate, task: &Task) -> Estimate {
    let most = f64::from(task.tasks.max(1));
    let Estimate { value, lo, hi } = speed_up;
    Estimate { value: value.min(most), lo: lo.min(most), hi: hi.min(most) }
}
