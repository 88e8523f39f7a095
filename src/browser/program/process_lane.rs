//! One process lane, from the inside: its inputs, tasks and outputs are copies of its own.

use super::serve::{GAUGE, memory_bytes};
use crate::browser::{clock::now_us, parcel::to_bytes};
use crate::domain::{Span, Stopped};
use crate::job::Counter;
use crate::protocol::FromWorker;
use crate::workload::{Visitor, Workload, WorkloadId};

/// The answers to some tasks as bytes, if they were not stopped, and when the tasks were there and
/// computed.
struct Answer {
    outputs: Option<Vec<u8>>,
    copied_in_us: f64,
    computed_us: f64,
}

/// Runs tasks from their bytes.
type RunTasks = Box<dyn Fn(&[u8]) -> Answer>;

/// What the lane has been given.
#[derive(Default)]
pub struct ProcessLane {
    run_tasks: Option<RunTasks>,
}

impl ProcessLane {
    /// Takes what all tasks of a trial share. What an earlier trial left is dropped first.
    pub fn load(&mut self, arrived_us: f64, trial: u32, workload: WorkloadId, shared: &[u8]) -> FromWorker {
        GAUGE.reset();
        self.run_tasks = None;
        self.run_tasks = workload.visit(Load { shared });
        FromWorker::Loaded { trial, copy_in: Span { start_us: arrived_us, end_us: now_us() } }
    }

    /// Runs tasks of the trial that was loaded.
    /// The outputs go beside the message.
    pub fn tasks(&self, arrived_us: f64, trial: u32, first: u32, tasks: &[u8]) -> (FromWorker, Vec<u8>) {
        let run_tasks = self.run_tasks.as_ref().expect("the owner loads before it sends tasks");
        let Answer { outputs, copied_in_us, computed_us } = run_tasks(tasks);
        let span = |start_us, end_us| Span { start_us, end_us };
        let done = FromWorker::Done {
            trial,
            first,
            is_stopped: outputs.is_none(),
            copy_in: span(arrived_us, copied_in_us),
            compute: span(copied_in_us, computed_us),
            copy_out: span(computed_us, now_us()),
            memory_bytes: memory_bytes(),
        };
        (done, outputs.unwrap_or_default())
    }
}

struct Load<'a> {
    shared: &'a [u8],
}

impl Visitor for Load<'_> {
    type Answer = RunTasks;

    fn visit<W: Workload>(self) -> RunTasks {
        let shared: W::Shared = postcard::from_bytes(self.shared).expect("the owner is of the same build");
        Box::new(move |tasks| {
            let tasks: Vec<W::Task> = postcard::from_bytes(tasks).expect("the owner is of the same build");
            let copied_in_us = now_us();
            let mut counter = Counter::new(&GAUGE, 0);
            let outputs: Result<Vec<_>, Stopped> =
                tasks.iter().map(|task| W::run(&shared, task, &mut counter)).collect();
            let computed_us = now_us();
            let outputs = outputs.ok().map(|outputs| to_bytes(&outputs));
            Answer { outputs, copied_in_us, computed_us }
        })
    }
}
