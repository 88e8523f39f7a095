//! A random forest: much data that all tasks share, and trees that take their time.

mod cut;
mod ranked;
mod tree;

use serde::{Deserialize, Serialize};

use super::classification::{CLASSES, FEATURES, Samples};
use super::{Description, Kernel, Request, Workload, fold};
use crate::domain::{Size, Stopped};
use crate::job::{Checkpoint, Inputs};

pub use ranked::Ranked;
pub use tree::{Node, Tree};

/// Decision trees, each grown on samples drawn from the set with replacement (Breiman, 2001).
#[derive(Clone, Copy, Debug)]
pub struct Forest;

/// The tree to grow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seed {
    /// Decides what is drawn.
    pub seed: u64,
    /// How many samples are drawn: as many as the set has.
    pub samples: u32,
}

impl Kernel for Forest {
    type Shared = Ranked;
    type Task = Seed;
    type Output = Tree;

    /// Samples that have come to a leaf.
    fn units(seed: &Seed) -> u32 {
        seed.samples
    }

    fn run<C: Checkpoint>(set: &Ranked, seed: &Seed, checkpoint: &mut C) -> Result<Tree, Stopped> {
        Tree::grow(set, seed, checkpoint)
    }
}

impl Workload for Forest {
    const DESCRIPTION: Description = Description {
        name: "random forest",
        what: "Grows decision trees on one set of samples; every task is a tree.",
        python: "RandomForestClassifier(n_estimators=500).fit(x, y)",
        sizes: ["32 trees on 500 × 50", "32 trees on 10,000 × 50", "500 trees on 10,000 × 50"],
    };

    fn inputs(request: &Request) -> Inputs<Self> {
        let (samples, trees) = match request.size {
            Size::S => (500, 32),
            Size::M => (10_000, 32),
            Size::L => (10_000, 500),
        };
        let shared = Ranked::new(&Samples::new(samples, request.seed));
        let tasks =
            (0..trees).map(|tree| Seed { seed: request.seed ^ (tree << 32), samples: samples as u32 });
        Inputs::new(shared, tasks.collect())
    }

    fn checksum(outputs: &[Tree]) -> u64 {
        fold(outputs.iter().flat_map(|tree| &tree.nodes).map(|node| match *node {
            Node::Leaf { class } => u64::from(class) << 8 | 0xff,
            Node::Split { feature, threshold, right } => {
                u64::from(feature) | u64::from(right) << 8 | u64::from(threshold.to_bits()) << 32
            }
        }))
    }
}

/// The class that most trees choose.
pub fn predict(trees: &[Tree], features: &[f32; FEATURES]) -> u8 {
    let mut votes = [0; CLASSES];
    for tree in trees {
        votes[usize::from(tree.predict(features))] += 1;
    }
    // The first one of several with as many votes, as NumPy's `argmax` does.
    (0..CLASSES).rev().max_by_key(|&class| votes[class]).expect("there are classes") as u8
}

/// The part of the samples whose class is predicted right.
pub fn accuracy(trees: &[Tree], samples: &Samples) -> f64 {
    let is_right = |(features, class): &(&[f32; FEATURES], &u8)| predict(trees, features) == **class;
    samples.rows().zip(&samples.classes).filter(is_right).count() as f64 / samples.len() as f64
}
