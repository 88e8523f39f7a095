//! One process lane, from the inside: its inputs, tasks and outputs are copies of its own.

use super::serve::{GAUGE, memory_bytes};
use crate::browser::clock::now_us;
use crate::model::Counter;
use crate::protocol::{FromWorker, Span};
use crate::workload::{Visitor, Workload, WorkloadId};

/// A task's answer as bytes, if it was not stopped, and when the task was there and computed.
struct Answer {
    output: Option<Vec<u8>>,
    copied_in_us: f64,
    computed_us: f64,
}

/// Runs one task from its bytes.
type RunTask = Box<dyn Fn(&[u8]) -> Answer>;

/// What the lane has been given.
#[derive(Default)]
pub struct ProcessLane {
    run_task: Option<RunTask>,
}

impl ProcessLane {
    /// Takes what all tasks of a trial share. What an earlier trial left is dropped first.
    pub fn load(&mut self, arrived_us: f64, trial: u32, workload: WorkloadId, shared: &[u8]) -> FromWorker {
        GAUGE.reset();
        self.run_task = None;
        self.run_task = Some(workload.visit(Load { shared }));
        FromWorker::Loaded { trial, copy_in: Span { start_us: arrived_us, end_us: now_us() } }
    }

    /// Runs a task of the trial that was loaded.
    pub fn task(&mut self, arrived_us: f64, trial: u32, index: u32, task: &[u8]) -> FromWorker {
        let run_task = self.run_task.as_ref().expect("the owner loads before it sends tasks");
        let Answer { output, copied_in_us, computed_us } = run_task(task);
        let span = |start_us, end_us| Span { start_us, end_us };
        FromWorker::Done {
            trial,
            index,
            output,
            copy_in: span(arrived_us, copied_in_us),
            compute: span(copied_in_us, computed_us),
            copy_out: span(computed_us, now_us()),
            memory_bytes: memory_bytes(),
        }
    }
}

struct Load<'a> {
    shared: &'a [u8],
}

impl Visitor for Load<'_> {
    type Answer = RunTask;

    fn visit<W: Workload>(self) -> RunTask {
        let shared: W::Shared = postcard::from_bytes(self.shared).expect("the owner is of the same build");
        Box::new(move |task| {
            let task: W::Task = postcard::from_bytes(task).expect("the owner is of the same build");
            let copied_in_us = now_us();
            let output = W::run(&shared, &task, &mut Counter::new(&GAUGE, 0));
            let computed_us = now_us();
            let output = output
                .ok()
                .map(|output| postcard::to_allocvec(&output).expect("every output can be encoded"));
            Answer { output, copied_in_us, computed_us }
        })
    }
}
