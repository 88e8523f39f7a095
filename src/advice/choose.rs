//! The choice.

use super::gain::gain;
use super::{Choice, Code, Does, MachineFigures, Task};
use crate::format;
use crate::stats::MARGIN;

/// What the choice is, and why.
pub fn choose(task: &Task, measured: &MachineFigures) -> (Choice, Vec<String>) {
    let mut why = Vec::new();
    let choice = match task.does {
        Does::Waits => waiting(task, &mut why),
        Does::Computes => computing(task, measured, &mut why),
        Does::Both => both(task, measured, &mut why),
    };
    (choice, why)
}

fn both(task: &Task, measured: &MachineFigures, why: &mut Vec<String>) -> Choice {
    let computing = computing(task, measured, why);
    match computing {
        Choice::Processes if task.must_be_killable || task.is_memory_scarce => {
            why.push(
                "A process that waits lets the others have its core, so the same ones may fetch and compute."
                    .to_owned(),
            );
        }
        Choice::Processes => {
            why.push("Waiting needs no core: threads fetch for all of them, and hand what they have to the processes.".to_owned());
            return Choice::Both;
        }
        Choice::Loop => {
            why.push("It is the waiting that lanes can share.".to_owned());
            return waiting(task, why);
        }
        _ => {
            why.push("A thread that waits lets the others go on, so the same threads may fetch and compute: as many as keep every core busy while the others wait.".to_owned());
        }
    }
    computing
}

fn waiting(task: &Task, why: &mut Vec<String>) -> Choice {
    if task.must_be_killable {
        why.push("Only a process can be ended whatever it does. Most waiting can also be ended with a timeout: if that will do, lanes that cost less will do.".to_owned());
        return Choice::Processes;
    }
    if task.tasks < 2 {
        why.push("One task has no other that could wait at the same time.".to_owned());
        return Choice::Loop;
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

fn computing(task: &Task, measured: &MachineFigures, why: &mut Vec<String>) -> Choice {
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
    // Of work that waits, too, only the computing is looked at here.
    let alone = Task { does: Does::Computes, task_ms: task.compute_us() / 1e3, ..*task };
    if let Ok(gain) = gain(choice, &alone, measured)
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
        if task.compute_us() < 1e3 {
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
