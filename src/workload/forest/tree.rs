//! A decision tree, and how it is grown.

use std::ops::Range;

use fastrand::Rng;
use serde::{Deserialize, Serialize};

use super::cut::{Counts, Drawn, best_cut, sort};
use super::{Ranked, Seed};
use crate::domain::Stopped;
use crate::job::Checkpoint;
use crate::workload::classification::FEATURES;

/// Features that are looked at for a split: the root of their number, as scikit-learn has it.
const TRIED: usize = FEATURES.isqrt();

/// Samples that are looked at between two checkpoints, each once for every feature: some 30 µs.
const STRIDE: usize = 4_096;

/// A decision tree.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Tree {
    /// Its nodes, every one before those below it, and what is left of it before what is right.
    pub nodes: Vec<Node>,
}

/// A node of a tree.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum Node {
    /// Samples that come here are of this class.
    Leaf {
        /// The class.
        class: u8,
    },
    /// Samples go left, to the next node, when their feature is not above the threshold.
    Split {
        /// The feature.
        feature: u8,
        /// The threshold.
        threshold: f32,
        /// The node that the others go to.
        right: u32,
    },
}

impl Tree {
    /// The class that the tree chooses.
    pub fn predict(&self, features: &[f32; FEATURES]) -> u8 {
        let mut node = 0;
        loop {
            node =
                match self.nodes[node] {
                    Node::Leaf { class } => return class,
                    Node::Split { feature, threshold, right } => {
                        if features[usize::from(feature)] <= threshold { node + 1 } else { right as usize }
                    }
                }
        }
    }

    /// Grows a tree until every leaf has samples of one class only.
    pub(super) fn grow<C: Checkpoint>(
        set: &Ranked,
        seed: &Seed,
        checkpoint: &mut C,
    ) -> Result<Self, Stopped> {
        let mut rng = Rng::with_seed(seed.seed);
        let mut grower = Grower {
            set,
            drawn: draw(set, seed.samples, &mut rng),
            keys: Vec::new(),
            sorted: Vec::new(),
            aside: Vec::new(),
            features: std::array::from_fn(|feature| feature as u8),
            rng,
        };
        grower.keys = vec![0; grower.drawn.len()];
        grower.sorted = vec![0; grower.drawn.len()];
        grower.aside = vec![Drawn(0); grower.drawn.len()];

        // A tree of n leaves has 2n − 1 nodes, so that nothing grows while the tree does.
        let mut nodes = Vec::with_capacity(2 * grower.drawn.len());
        let mut branches = Vec::with_capacity(grower.drawn.len());
        branches.push(Branch { start: 0, end: grower.drawn.len(), right_of: None });
        let mut work = Work { checkpoint, looked_at: 0, in_leaves: 0 };
        while let Some(Branch { start, end, right_of }) = branches.pop() {
            if let Some(parent) = right_of {
                let here = nodes.len() as u32;
                if let Node::Split { right, .. } = &mut nodes[parent] {
                    *right = here;
                }
            }
            let counts = Counts::of(&grower.drawn[start..end]);
            let split =
                if counts.is_pure() { None } else { grower.best_split(start..end, &counts, &mut work)? };
            match split {
                None => {
                    work.in_leaves += counts.total;
                    nodes.push(Node::Leaf { class: counts.most_frequent() });
                }
                Some(split) => {
                    let middle = start + grower.partition(start..end, &split);
                    let feature = split.feature;
                    let threshold = set.between(usize::from(feature), split.lower, split.higher);
                    branches.push(Branch { start: middle, end, right_of: Some(nodes.len()) });
                    branches.push(Branch { start, end: middle, right_of: None });
                    nodes.push(Node::Split { feature, threshold, right: 0 });
                }
            }
        }
        work.tell()?;
        Ok(Self { nodes })
    }
}

/// What was done since the last checkpoint.
struct Work<'a, C> {
    checkpoint: &'a mut C,
    /// Samples, each once for every feature that it was looked at by.
    looked_at: usize,
    /// Samples that have come to a leaf.
    in_leaves: u32,
}

impl<C: Checkpoint> Work<'_, C> {
    fn look_at(&mut self, samples: usize) -> Result<(), Stopped> {
        self.looked_at += samples;
        if self.looked_at >= STRIDE { self.tell() } else { Ok(()) }
    }

    fn tell(&mut self) -> Result<(), Stopped> {
        self.looked_at = 0;
        self.checkpoint.tick(std::mem::take(&mut self.in_leaves))
    }
}

/// Draws samples with replacement.
fn draw(set: &Ranked, count: u32, rng: &mut Rng) -> Vec<Drawn> {
    let mut weights = vec![0_u8; set.classes.len()];
    for _ in 0..count {
        let weight = &mut weights[rng.u32(..set.classes.len() as u32) as usize];
        *weight = weight.saturating_add(1);
    }
    let drawn = weights.iter().zip(&*set.classes).enumerate().filter(|(_, (weight, _))| **weight > 0);
    drawn
        .map(|(i, (&weight, &class))| Drawn((i as u32) << 16 | u32::from(class) << 8 | u32::from(weight)))
        .collect()
}

/// Drawn samples that are still to be grown into nodes.
struct Branch {
    start: usize,
    end: usize,
    /// The split whose right side this is; the left side follows its split anyway.
    right_of: Option<usize>,
}

/// A way to part samples: those whose feature has the rank `lower` or one below it go left.
#[derive(Clone, Copy, Debug)]
struct Split {
    feature: u8,
    lower: u16,
    /// The next rank that occurs.
    higher: u16,
}

/// What a tree is grown with; nothing of it is allocated again for a node.
struct Grower<'a> {
    set: &'a Ranked,
    rng: Rng,
    /// The drawn samples, those of a branch side by side.
    drawn: Vec<Drawn>,
    /// The samples of a branch by one feature: its rank in the upper 16 bits, class and weight below.
    keys: Vec<u32>,
    /// Keys that are half sorted.
    sorted: Vec<u32>,
    /// Those that go right, while a branch is parted.
    aside: Vec<Drawn>,
    /// Every feature, in an order that changes with every draw.
    features: [u8; FEATURES],
}

impl Grower<'_> {
    /// The best split by [`TRIED`] features drawn at random, or by the first of more that has
    /// different values at all, if none of these has.
    fn best_split<C: Checkpoint>(
        &mut self,
        range: Range<usize>,
        counts: &Counts,
        work: &mut Work<C>,
    ) -> Result<Option<Split>, Stopped> {
        let mut best = None;
        let mut best_score = 0.0;
        for tried in 0..FEATURES {
            // No split is better than one that leaves a single class on either side.
            if tried >= TRIED && best.is_some() || best_score == f64::from(counts.total) {
                break;
            }
            let place = tried + self.rng.u32(..(FEATURES - tried) as u32) as usize;
            self.features.swap(tried, place);
            let feature = self.features[tried];
            let column = self.set.column(usize::from(feature));
            let keys = &mut self.keys[..range.len()];
            for (key, drawn) in keys.iter_mut().zip(&self.drawn[range.clone()]) {
                *key = u32::from(column[drawn.sample()]) << 16 | drawn.0 & 0xffff;
            }
            sort(keys, &mut self.sorted);
            if let Some((score, lower, higher)) = best_cut(keys, counts, best_score) {
                best_score = score;
                best = Some(Split { feature, lower, higher });
            }
            work.look_at(range.len())?;
        }
        Ok(best)
    }

    /// Parts the branch; returns how many go left.
    fn partition(&mut self, range: Range<usize>, split: &Split) -> usize {
        let column = self.set.column(usize::from(split.feature));
        let branch = &mut self.drawn[range];
        // Every sample is written to both sides, and one of them forgets it: no branch to mispredict.
        let (mut left, mut right) = (0, 0);
        for i in 0..branch.len() {
            let drawn = branch[i];
            let goes_left = column[drawn.sample()] <= split.lower;
            branch[left] = drawn;
            self.aside[right] = drawn;
            left += usize::from(goes_left);
            right += usize::from(!goes_left);
        }
        branch[left..].copy_from_slice(&self.aside[..right]);
        left
    }
}
