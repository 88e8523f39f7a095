//! The tasks of one step, ready to be handed out.

use std::sync::Arc;

use super::Job;

/// The inputs of a job.
pub struct Inputs<J: Job> {
    /// What every lane needs whole.
    pub shared: Arc<J::Shared>,
    /// What each task needs for itself.
    pub tasks: Arc<Vec<J::Task>>,
}

impl<J: Job> Inputs<J> {
    /// Inputs that lanes can share.
    pub fn new(shared: J::Shared, tasks: Vec<J::Task>) -> Self {
        Self { shared: Arc::new(shared), tasks: Arc::new(tasks) }
    }
}

impl<J: Job> Clone for Inputs<J> {
    fn clone(&self) -> Self {
        Self { shared: Arc::clone(&self.shared), tasks: Arc::clone(&self.tasks) }
    }
}

/// The tasks of one step: those of the inputs, again and again if there are several copies, or those that followed
/// from the step before.
pub struct Work<J: Job> {
    inputs: Inputs<J>,
    /// The tasks' places among the trial's, where they are not 0, 1, 2 …
    places: Option<Vec<usize>>,
    len: usize,
}

impl<J: Job> Work<J> {
    /// The first step: the tasks of `inputs`, `copies` times over.
    pub fn new(inputs: Inputs<J>, copies: usize) -> Self {
        Self { places: None, len: inputs.tasks.len() * copies, inputs }
    }

    /// The step after this one, of `tasks` with their places.
    pub fn followed_by(&self, tasks: Vec<(usize, J::Task)>) -> Self {
        let (places, tasks): (Vec<_>, Vec<_>) = tasks.into_iter().unzip();
        let inputs = Inputs { shared: Arc::clone(&self.inputs.shared), tasks: Arc::new(tasks) };
        Self { inputs, len: places.len(), places: Some(places) }
    }

    /// How many tasks there are.
    pub const fn len(&self) -> usize {
        self.len
    }

    /// Whether there are none.
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// What every lane needs whole.
    pub fn shared(&self) -> &J::Shared {
        &self.inputs.shared
    }

    /// Task number `index` of this step.
    pub fn task(&self, index: usize) -> &J::Task {
        &self.inputs.tasks[index % self.inputs.tasks.len()]
    }

    /// Where task number `index` of this step stands among the trial's tasks.
    pub fn place(&self, index: usize) -> usize {
        self.places.as_ref().map_or(index, |places| places[index])
    }

    /// The units of all tasks; `None` if those of one are not known.
    pub fn units(&self) -> Option<u64> {
        (0..self.len).map(|index| J::units(self.task(index)).map(u64::from)).sum()
    }
}
