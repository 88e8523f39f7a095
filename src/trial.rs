//! One trial: what is ordered, and what its sample is made of.

use serde::{Deserialize, Serialize};

use crate::domain::{
    AfterKill, FailedTask, Fallback, Model, Network, Point, PoolCall, Program, Scaling, Segment, Size, Start,
    Trial,
};
use crate::experiment::Experiment;
use crate::job::{Completion, Delivery, Inputs, LaneLog, Work};
use crate::sample::{Sample, Split};
use crate::workload::{Picture, Preview, Request, Workload, WorkloadId, fold, python};

/// What a trial needs to know of its experiment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Order {
    /// The trial.
    pub trial: Trial,
    /// What is run.
    pub workload: WorkloadId,
    /// By which program.
    pub program: Program,
    /// The program of [`WorkloadId::Script`].
    pub script: String,
    /// How much of it.
    pub size: Size,
    /// Makes the inputs.
    pub seed: u64,
    /// What grows with the lanes.
    pub scaling: Scaling,
    /// When processes are started.
    pub start: Start,
    /// When results are delivered, and in which order.
    pub call: PoolCall,
    /// How many tasks a lane takes at once; 0 if nobody chose.
    pub chosen_chunk_size: u32,
    /// Whether kernels that stand for native code let go of the GIL while they compute.
    pub native_releases_gil: bool,
    /// How long a lane waits for the GIL before it asks, in microseconds.
    pub switch_interval_us: u32,
    /// The most lanes of any trial of the experiment: the size of the thread pool.
    pub most_lanes: u32,
    /// Where the bytes of I/O-bound work come from.
    pub network: Network,
    /// How the steps of a pipeline are run by bottleneck.
    pub steps: [Point; 3],
    /// Whether processes fetch in some trial of the experiment: then the network is simulated for them
    /// too, or for nobody.
    pub has_fetching_processes: bool,
    /// The name that all that lanes write goes by; whoever has the trial run chooses it.
    pub files: String,
    /// Kill one process lane when another has answered first, and do this with its tasks.
    pub kill: Option<AfterKill>,
}

impl Order {
    /// The order to run `trial` of `experiment`.
    pub fn new(experiment: &Experiment, trial: Trial) -> Self {
        Self {
            trial,
            workload: experiment.workload,
            program: experiment.program,
            script: experiment.script.clone(),
            size: experiment.size,
            seed: experiment.seed,
            scaling: experiment.scaling,
            start: experiment.start,
            call: experiment.call,
            chosen_chunk_size: match experiment.call {
                PoolCall::ApplyAsync => 1,
                _ => experiment.chunk_size,
            },
            native_releases_gil: experiment.native_releases_gil,
            switch_interval_us: experiment.switch_interval_us,
            most_lanes: experiment.most_lanes(),
            network: experiment.network.clone(),
            steps: experiment.steps,
            has_fetching_processes: experiment.has_fetching_processes(),
            files: String::new(),
            kill: None,
        }
    }

    /// How many tasks a lane takes at once when `left` tasks are left.
    pub fn chunk_size(&self, left: usize) -> u32 {
        match self.chosen_chunk_size {
            0 => Experiment::chunk_size_for(self.trial.point, left),
            chosen => chosen,
        }
    }

    /// The Python module whose `work` does the `TASKS`, if an interpreter is to do them.
    pub fn module(&self) -> Option<String> {
        match (self.workload, self.program) {
            (WorkloadId::Script, _) => Some(self.script.clone()),
            (workload, Program::Python) => python::module(workload, &self.request(None)),
            (_, Program::Compiled) => None,
        }
    }

    /// Whether its lanes share a memory, which a browser allows on isolated pages only: interpreters always do.
    pub fn needs_shared_memory(&self) -> bool {
        self.is_python() || self.trial.point.model.needs_shared_memory()
    }

    /// Whether an interpreter does the tasks.
    pub fn is_python(&self) -> bool {
        self.workload == WorkloadId::Script || self.program == Program::Python
    }

    /// By which lanes the workload's steps are run, one after the other.
    pub fn points(&self) -> Vec<Point> {
        match self.trial.point.model {
            Model::ByBottleneck => self.steps.to_vec(),
            _ => vec![self.trial.point; self.workload.facts().steps],
        }
    }

    /// What the trial's inputs are made from.
    pub fn request<'a>(&self, picture: Option<&'a Picture>) -> Request<'a> {
        Request {
            size: self.size,
            seed: self.seed,
            round: self.trial.round,
            copies: self.copies(),
            network: self.network.clone(),
            fetching: self.workload.fetching(),
            picture,
        }
    }

    /// How long nothing may be heard of the trial because it waits for a network, in milliseconds.
    pub fn longest_wait_ms(&self) -> u32 {
        if self.workload.is_io() { self.network.timeout_ms } else { 0 }
    }

    /// How many times the workload's tasks are run: once, or once for each lane.
    pub fn copies(&self) -> u32 {
        self.scaling.copies(self.trial.point.lanes)
    }
}

/// What the lanes of one step have done.
#[derive(Debug)]
pub struct StepLog<O> {
    /// What each lane did.
    pub lanes: Vec<LaneLog<O>>,
    /// When the last of them had ended, in µs since the trial's begin.
    pub end_us: f64,
    /// What lanes did otherwise than asked.
    pub fallbacks: Vec<Fallback>,
    /// The tasks that were lost with a lane that was killed.
    pub lost_tasks: u32,
    /// The time that their owner took to copy inputs out of its memory, in µs.
    pub copy_in_us: f64,
    /// The time that their owner took to copy outputs into its memory, in µs.
    pub copy_out_us: f64,
}

impl<O> StepLog<O> {
    /// What lanes did that shared the memory of their owner.
    pub fn of(lanes: Vec<LaneLog<O>>, end_us: f64) -> Self {
        Self { lanes, end_us, fallbacks: Vec::new(), lost_tasks: 0, copy_in_us: 0.0, copy_out_us: 0.0 }
    }
}

/// What all steps of a trial have done, before anything is made of it.
#[derive(Debug)]
pub struct TrialLog<W: Workload> {
    /// How many tasks one copy of the workload has.
    tasks: usize,
    /// The step whose outputs are the answer.
    answer_step: usize,
    /// The outputs of the answer's step with their places, in the order of those.
    answers: Vec<(usize, W::Output)>,
    failed_tasks: Vec<FailedTask>,
    /// How many tasks the trial has had, in all copies.
    all_tasks: usize,
    lost_tasks: u32,
    /// When the outputs of the last step were there, in µs since the trial's begin, with their places.
    arrivals: Vec<(usize, f64)>,
    /// What each lane did and when, over all steps.
    lanes: Vec<Vec<Segment>>,
    /// The memory of each lane that has one of its own, in bytes.
    memories: Vec<u64>,
    fallbacks: Vec<Fallback>,
    copy_in_us: f64,
    copy_out_us: f64,
    /// When the last step had ended, in µs since the trial's begin.
    end_us: f64,
}

impl<W: Workload> TrialLog<W> {
    /// The log of a trial whose workload has so many `tasks` in one copy, and which does otherwise than asked as
    /// `fallbacks` say.
    pub const fn new(workload: WorkloadId, tasks: usize, fallbacks: Vec<Fallback>) -> Self {
        Self {
            tasks,
            answer_step: workload.facts().answer_step,
            answers: Vec::new(),
            failed_tasks: Vec::new(),
            all_tasks: 0,
            lost_tasks: 0,
            arrivals: Vec::new(),
            lanes: Vec::new(),
            memories: Vec::new(),
            fallbacks,
            copy_in_us: 0.0,
            copy_out_us: 0.0,
            end_us: 0.0,
        }
    }

    /// All lanes have ended now, later than those of the last step.
    pub const fn ends_at(&mut self, end_us: f64) {
        self.end_us = end_us;
    }

    /// Adds what the lanes of step number `step` did with `work`; gives back the work of the next one. A task that failed
    /// has no part in that, so each fails once.
    pub fn add(&mut self, step: usize, work: &Work<W>, log: StepLog<W::Output>) -> Work<W> {
        if step == 0 {
            self.all_tasks = work.len();
        }
        self.lost_tasks += log.lost_tasks;
        self.fallbacks.extend(log.fallbacks);
        self.copy_in_us += log.copy_in_us;
        self.copy_out_us += log.copy_out_us;
        let most = self.lanes.len().max(log.lanes.len());
        self.lanes.resize_with(most, Vec::new);
        self.memories.resize(most, 0);
        let mut completions = Vec::new();
        for (number, lane) in log.lanes.into_iter().enumerate() {
            self.lanes[number].extend(lane.segments);
            // The same lane has the same memory in every step.
            self.memories[number] = self.memories[number].max(lane.memory_bytes);
            completions.extend(lane.completions);
        }
        self.arrivals = completions.iter().map(|completion| (completion.place, completion.at_us)).collect();
        completions.sort_by_key(|completion| completion.place);
        let mut outputs = Vec::with_capacity(completions.len());
        for Completion { place, outcome, .. } in completions {
            match outcome {
                Ok(output) => outputs.push((place, output)),
                // A place beyond the workload's tasks is one of a further copy.
                Err(reason) => {
                    let task = (place % self.tasks.max(1)) as u32;
                    self.failed_tasks.push(FailedTask { task, reason });
                }
            }
        }
        let next = work.followed_by(W::follow(&named(&outputs)));
        self.end_us = log.end_us;
        if step == self.answer_step {
            self.answers = outputs;
        }
        next
    }

    /// What a person is shown of the answers.
    pub fn preview(&self, inputs: &Inputs<W>) -> Option<Preview> {
        W::preview(inputs, &named(&self.answers))
    }

    /// The sample of the trial that `order` asked for, where the owner of all lanes has a memory of `own_memory_bytes`.
    pub fn into_sample(mut self, order: &Order, own_memory_bytes: u64) -> Sample {
        let total_us = self.end_us;
        let delivery = Delivery::of(order.call, self.arrivals, total_us);
        let mut split = Split::of_trial(&self.lanes, total_us);
        split.copy_in_us += self.copy_in_us;
        split.copy_out_us += self.copy_out_us;
        self.fallbacks.sort_unstable();
        self.fallbacks.dedup();
        let answers: Vec<_> = self.answers.into_iter().map(|(_, output)| output).collect();
        // What comes from addresses of the visitor's own may be something else each time.
        let has_checksum = self.lost_tasks == 0 && !(W::FRESH_INPUTS && order.network.has_own_addresses());
        Sample {
            trial: order.trial,
            total_us,
            split,
            first_result_us: delivery.first_us,
            in_order: delivery.is_in_order(),
            tasks: self.all_tasks as u32,
            lost_tasks: self.lost_tasks,
            failed_tasks: self.failed_tasks,
            fallbacks: self.fallbacks,
            counts: W::counts(&answers),
            checksum: if has_checksum { checksum::<W>(&answers, self.tasks) } else { 0 },
            lanes: self.lanes,
            memory_bytes: own_memory_bytes + self.memories.iter().sum::<u64>(),
        }
    }
}

fn named<O>(outputs: &[(usize, O)]) -> Vec<(usize, &O)> {
    outputs.iter().map(|(place, output)| (*place, output)).collect()
}

/// The checksum of `answers`, in as many copies as there are answers to each of the `tasks`: that of one copy if all
/// agree, and one that no copy has if they do not.
fn checksum<W: Workload>(answers: &[W::Output], tasks: usize) -> u64 {
    let checksums: Vec<u64> = answers.chunks(tasks.max(1)).map(W::checksum).collect();
    match checksums.split_first() {
        None => 0,
        Some((first, others)) if others.iter().all(|other| other == first) => *first,
        Some(_) => fold(checksums),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Activity, TaskError};
    use crate::job::{Inputs, alone};
    use crate::workload::io::{Answer, MailFacts, Task};
    use crate::workload::{CosineSum, Fetches};

    fn order(workload: WorkloadId) -> Order {
        let point = Point { model: Model::Async, lanes: 2 };
        Order::new(&Experiment::of(workload, 2), Trial { id: 1, round: 1, point })
    }

    /// A lane that has fetched for 10 µs until each of these was there.
    fn lane<O>(outcomes: Vec<(usize, f64, Result<O, TaskError>)>) -> LaneLog<O> {
        let segment = |at_us| Segment { activity: Activity::Fetch, start_us: at_us - 10.0, end_us: at_us };
        LaneLog {
            segments: outcomes.iter().map(|&(_, at_us, _)| segment(at_us)).collect(),
            completions: outcomes
                .into_iter()
                .map(|(place, at_us, outcome)| Completion { place, at_us, outcome })
                .collect(),
            memory_bytes: 0,
        }
    }

    fn written(digest: usize) -> Result<Answer, TaskError> {
        Ok(Answer::Written(digest as u64))
    }

    fn no_work() -> Work<Fetches> {
        Work::new(Inputs::new((), Vec::<Task>::new()), 1)
    }

    fn sample(lanes: Vec<LaneLog<Answer>>, tasks: usize) -> Sample {
        let mut log = TrialLog::<Fetches>::new(WorkloadId::Mailbox, tasks, Vec::new());
        log.add(0, &no_work(), StepLog::of(lanes, 50.0));
        log.into_sample(&order(WorkloadId::Mailbox), 1)
    }

    #[test]
    fn the_checksum_does_not_depend_on_which_lane_did_what_and_when() {
        let one = sample(vec![lane((0..4).map(|i| (i, 10.0 * i as f64, written(i))).collect())], 4);
        let two = sample(
            vec![
                lane(vec![(3, 10.0, written(3)), (0, 20.0, written(0))]),
                lane(vec![(2, 10.0, written(2)), (1, 20.0, written(1))]),
            ],
            4,
        );
        assert_eq!(one.checksum, two.checksum);
        assert_eq!((two.lanes.len(), two.split.fetch_us), (2, 40.0));
        let wrong = sample(vec![lane((0..4).map(|i| (i, 1.0, written(i / 2))).collect())], 4);
        assert_ne!(wrong.checksum, one.checksum);
        let twice = sample(vec![lane((0..8).map(|i| (i, 1.0, written(i % 4))).collect())], 4);
        assert_eq!(twice.checksum, one.checksum, "a copy answers the same");
    }

    #[test]
    fn a_repeated_run_has_the_checksum_of_a_single_one() {
        let inputs = CosineSum::inputs(&Request::new(Size::S, 1));
        let tasks = inputs.tasks.len();
        let run = |copies, wrong: Option<usize>, lost| {
            let work = Work::new(inputs.clone(), copies);
            let outcomes = (0..work.len()).rev().map(|index| {
                let output = alone::<CosineSum>(&(), work.task(index));
                (index, 0.0, Ok(if wrong == Some(index) { output + 1.0 } else { output }))
            });
            let mut log = TrialLog::<CosineSum>::new(WorkloadId::CosineSum, tasks, Vec::new());
            log.add(
                0,
                &work,
                StepLog { lost_tasks: lost, ..StepLog::of(vec![lane(outcomes.collect())], 50.0) },
            );
            log.into_sample(&order(WorkloadId::CosineSum), 1).checksum
        };
        let expected = run(1, None, 0);
        assert_ne!(expected, 0);
        assert_eq!(run(3, None, 0), expected);
        assert_eq!(run(1, None, 1), 0, "what was lost has no checksum");
        for wrong in [0, tasks, 3 * tasks - 1] {
            assert_ne!(run(3, Some(wrong), 0), expected, "a wrong copy is seen, whichever it is");
        }
    }

    #[test]
    fn tasks_that_fail_are_named_with_their_reasons() {
        let outcomes = vec![(0, 1.0, written(1)), (5, 2.0, Err(TaskError::HalfBody)), (1, 3.0, written(1))];
        let outcomes = outcomes.into_iter().chain((2..5).map(|i| (i, 4.0, written(0)))).collect();
        let sample = sample(vec![lane(outcomes)], 4);
        assert_eq!(sample.failed_tasks, [FailedTask { task: 1, reason: TaskError::HalfBody }]);
    }

    fn facts(hour: u8) -> MailFacts {
        MailFacts { sender: "a@example.org".into(), hour, ..MailFacts::default() }
    }

    #[test]
    fn a_pipeline_counts_what_its_second_step_found() {
        let mut log = TrialLog::<Fetches>::new(WorkloadId::Pipeline, 3, Vec::new());
        let fetched = vec![
            (0, 1.0, Ok(Answer::Fetched(vec![1]))),
            (1, 1.0, Ok(Answer::Fetched(vec![]))),
            (2, 1.0, Err(TaskError::NoAnswer)),
        ];
        let second = log.add(0, &no_work(), StepLog::of(vec![lane(fetched)], 1.0));
        assert_eq!(
            (second.len(), second.task(1)),
            (2, &Task::Parse(vec![])),
            "of what failed, nothing follows"
        );
        let parsed = [
            lane(vec![(1, 2.0, Ok(Answer::Parsed(facts(9))))]),
            lane(vec![(0, 2.5, Ok(Answer::Parsed(facts(8))))]),
        ];
        let third = log.add(1, &second, StepLog::of(parsed.into(), 2.5));
        assert_eq!(third.task(0), &Task::Store(0, facts(8)));
        let stored = vec![(0, 3.0, Ok(Answer::Stored)), (1, 3.5, Ok(Answer::Stored))];
        log.add(2, &third, StepLog::of(vec![lane(stored)], 4.0));
        let sample = log.into_sample(&order(WorkloadId::Pipeline), 1);
        let counts = sample.counts.unwrap();
        assert_eq!((counts.mails, counts.hours[8], counts.hours[9]), (2, 1, 1));
        assert_eq!((sample.lanes.len(), sample.failed_tasks.len()), (2, 1));
        assert_eq!(sample.checksum, counts.checksum());
    }

    #[test]
    fn the_memory_of_a_lane_counts_once_for_all_steps() {
        let process = |bytes| LaneLog::<Answer> { memory_bytes: bytes, ..LaneLog::default() };
        let mut log = TrialLog::<Fetches>::new(WorkloadId::Pipeline, 1, Vec::new());
        log.add(0, &no_work(), StepLog::of(vec![process(100), process(100)], 1.0));
        log.add(1, &no_work(), StepLog::of(vec![process(120), process(90), process(70)], 2.0));
        log.add(2, &no_work(), StepLog::of(vec![LaneLog::default()], 3.0));
        assert_eq!(log.into_sample(&order(WorkloadId::Pipeline), 1_000).memory_bytes, 1_290);
    }
}
