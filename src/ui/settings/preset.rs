//! The experiments that the classic articles made, to begin with.

use crate::domain::{Model, Size, Start};
use crate::experiment::Experiment;
use crate::workload::WorkloadId;

use super::Settings;

/// An experiment to begin with.
#[derive(Debug)]
pub struct Preset {
    /// The preset's name in attributes.
    pub id: &'static str,
    /// The preset's name for people.
    pub name: &'static str,
    /// What it shows, in one sentence.
    pub why: &'static str,
    workload: WorkloadId,
    /// Changes what the workload's own experiment does otherwise.
    change: fn(&mut Experiment),
}

impl Preset {
    /// Every preset, in the order in which they are offered; the first is the default experiment.
    pub const ALL: &[Preset] = &[
        Preset {
            id: "cosine-sum",
            name: "Arithmetic: a sum of cosines",
            why: "The classic chart: with a GIL, threads stay flat; processes scale.",
            workload: WorkloadId::CosineSum,
            change: |_| {},
        },
        Preset {
            id: "addresses",
            name: "Waiting: sixteen addresses",
            why: "Lanes that wait for a network help under a GIL, too, until there is one for each address.",
            workload: WorkloadId::Addresses,
            change: |_| {},
        },
        Preset {
            id: "mailbox",
            name: "Waiting: a hundred mails by ten threads",
            why: "Ten threads take ten mails each, as a mail program would.",
            workload: WorkloadId::Mailbox,
            change: |e| {
                e.lane_counts = vec![1, 10];
                e.chunk_size = 10;
            },
        },
        Preset {
            id: "big-product",
            name: "Arithmetic: a product of large integers",
            why: "The same question for numbers of many thousand digits.",
            workload: WorkloadId::BigProduct,
            change: |_| {},
        },
        Preset {
            id: "forest",
            name: "Learning: a random forest on four lanes",
            why: "What n_jobs=4 gains on your cores when all trees read one set of samples.",
            workload: WorkloadId::Forest,
            change: |e| {
                e.lane_counts = vec![1, 4];
            },
        },
        Preset {
            id: "tiny-tasks",
            name: "Tiny tasks: squares, one by one",
            why: "A pool that hands out next to no work is slower than a plain loop.",
            workload: WorkloadId::Squares,
            change: |e| {
                e.chunk_size = 1;
            },
        },
        Preset {
            id: "native-code",
            name: "Native code: a matrix product",
            why: "As NumPy lets go of the GIL while it computes, threads help even under it.",
            workload: WorkloadId::MatrixProduct,
            change: |e| {
                e.models = vec![Model::Serial, Model::Threads, Model::ThreadsGil];
            },
        },
        Preset {
            id: "start",
            name: "Start-up: new processes every time",
            why: "With little work, starting a process costs more than it gains.",
            workload: WorkloadId::CosineSum,
            change: |e| {
                e.size = Size::S;
                e.models = vec![Model::Serial, Model::Threads, Model::Processes];
                e.start = Start::Cold;
            },
        },
    ];

    /// The preset with that name in attributes.
    pub fn from_id(id: &str) -> Option<&'static Self> {
        Self::ALL.iter().find(|preset| preset.id == id)
    }

    /// Its experiment on a machine of so many `cores`.
    pub fn experiment(&self, cores: u32) -> Experiment {
        let mut experiment = Experiment::of(self.workload, cores);
        (self.change)(&mut experiment);
        experiment
    }

    /// The preset that `settings` are those of; `None` where they are the visitor's own.
    pub fn of(settings: &Settings, cores: u32) -> Option<&'static Self> {
        Self::ALL.iter().find(|preset| settings.described() == Ok(preset.experiment(cores)))
    }
}
