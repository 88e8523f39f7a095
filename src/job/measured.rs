//! From what lanes did to a sample.

use super::{Completion, Delivery, LaneRun};
use crate::domain::Segment;
use crate::protocol::Order;
use crate::sample::{Sample, Split};
use crate::workload::{Inputs, Workload};

/// What a trial's lanes did, before it is looked at.
pub struct Measured<W: Workload> {
    /// The outputs, as they came.
    pub completions: Vec<Completion<W::Output>>,
    /// From the trial's begin to its last answer, in µs.
    pub total_us: f64,
    /// Where the time went.
    pub split: Split,
    /// What each lane did and when.
    pub lanes: Vec<Vec<Segment>>,
    /// The tasks that were lost with a lane that was killed.
    pub lost_tasks: u32,
    /// The memories of the lanes, in bytes, added up.
    pub memory_bytes: u64,
}

impl<W: Workload> Measured<W> {
    /// What lanes of threads did in a trial that took `total_us`.
    pub fn of_runs(
        runs: impl IntoIterator<Item = LaneRun<W::Output>>,
        total_us: f64,
        memory_bytes: u64,
    ) -> Self {
        let (completions, lanes): (Vec<_>, Vec<_>) =
            runs.into_iter().map(|run| (run.completions, run.segments)).unzip();
        let mut completions: Vec<_> = completions.into_iter().flatten().collect();
        completions.sort_by(|a, b| a.at_us.total_cmp(&b.at_us));
        let split = Split::of_trial(&lanes, total_us);
        Self { completions, total_us, split, lanes, lost_tasks: 0, memory_bytes }
    }

    /// The sample of the trial that `order` asked for.
    pub fn into_sample(self, order: &Order, inputs: &Inputs<W>) -> Sample {
        let delivery = Delivery::of(order.call, &self.completions, self.total_us);
        Sample {
            trial: order.trial,
            total_us: self.total_us,
            split: self.split,
            first_result_us: delivery.first_us,
            in_order: delivery.is_in_order(),
            lost_tasks: self.lost_tasks,
            failed_tasks: Vec::new(),
            fallbacks: Vec::new(),
            counts: None,
            checksum: checksum::<W>(self.completions, inputs.tasks.len(), self.lost_tasks),
            lanes: self.lanes,
            memory_bytes: self.memory_bytes,
        }
    }
}

/// The checksum of the outputs in the order of the tasks; 0 if some were lost. A run that repeats
/// the tasks has the checksum of each repetition: of one that differs, if one does.
fn checksum<W: Workload>(mut completions: Vec<Completion<W::Output>>, tasks: usize, lost: u32) -> u64 {
    if lost > 0 {
        return 0;
    }
    completions.sort_unstable_by_key(|completion| completion.index);
    let outputs: Vec<_> = completions.into_iter().map(|completion| completion.output).collect();
    let checksums: Vec<_> = outputs.chunks(tasks).map(W::checksum).collect();
    let first = checksums.first().copied().unwrap_or(0);
    checksums.into_iter().find(|&checksum| checksum != first).unwrap_or(first)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Size;
    use crate::job::Unchecked;
    use crate::workload::CosineSum;

    fn completions(copies: usize) -> (Inputs<CosineSum>, Vec<Completion<f64>>) {
        let inputs = CosineSum::inputs(Size::S, 1);
        let completions = (0..inputs.tasks.len() * copies)
            .map(|index| Completion {
                index,
                at_us: 0.0,
                output: CosineSum::run(&inputs.shared, inputs.task(index), &mut Unchecked).unwrap(),
            })
            .rev()
            .collect();
        (inputs, completions)
    }

    #[test]
    fn a_repeated_run_has_the_checksum_of_a_single_one() {
        let (inputs, once) = completions(1);
        let (_, thrice) = completions(3);
        let tasks = inputs.tasks.len();
        let expected = checksum::<CosineSum>(once.clone(), tasks, 0);
        assert_ne!(expected, 0);
        assert_eq!(checksum::<CosineSum>(thrice.clone(), tasks, 0), expected);
        assert_eq!(checksum::<CosineSum>(once, tasks, 1), 0, "what was lost has no checksum");

        let mut wrong = thrice;
        wrong[5].output += 1.0;
        assert_ne!(checksum::<CosineSum>(wrong, tasks, 0), expected, "one wrong repetition is seen");
    }
}
