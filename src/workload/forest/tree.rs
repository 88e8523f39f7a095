//! A decision tree, and how it is grown.

use fastrand::Rng;
use serde::{Deserialize, Serialize};

use super::{Ranked, Seed};
use crate::model::Checkpoint;
use crate::workload::Stopped;
use crate::workload::classification::{CLASSES, FEATURES};

/// Features that are looked at for a split: the root of their number, as scikit-learn has it.
const TRIED: usize = FEATURES.isqrt();

/// Samples that are looked at between two checkpoints, each once for every feature: some 30 µs.
const STRIDE: usize = 4_096;

/// Places for counts of classes: a power of two, so that no class needs to be checked.
const SLOTS: usize = CLASSES.next_power_of_two();

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
        let (mut looked_at, mut in_leaves) = (0, 0);
        while let Some(Branch { start, end, right_of }) = branches.pop() {
            if let Some(parent) = right_of {
                let here = nodes.len() as u32;
                if let Node::Split { right, .. } = &mut nodes[parent] {
                    *right = here;
                }
            }
            let counts = Counts::of(&grower.drawn[start..end]);
            match if counts.is_pure() { None } else { grower.best_split(start..end, &counts) } {
                None => {
                    in_leaves += counts.total;
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
            looked_at += end - start;
            if looked_at * TRIED >= STRIDE {
                checkpoint.tick(in_leaves)?;
                (looked_at, in_leaves) = (0, 0);
            }
        }
        checkpoint.tick(in_leaves)?;
        Ok(Self { nodes })
    }
}

/// A sample as often as it was drawn: its number in the upper 16 bits, then its class and its
/// weight, which is how often it was drawn, in 8 bits each.
#[derive(Clone, Copy, Debug)]
struct Drawn(u32);

impl Drawn {
    fn sample(self) -> usize {
        (self.0 >> 16) as usize
    }
    fn class(self) -> usize {
        (self.0 >> 8) as usize % SLOTS
    }
    fn weight(self) -> u32 {
        self.0 & 0xff
    }
}

/// Draws samples with replacement.
fn draw(set: &Ranked, count: u32, rng: &mut Rng) -> Vec<Drawn> {
    let mut weights = vec![0_u8; set.classes.len()];
    for _ in 0..count {
        let weight = &mut weights[rng.u32(..set.classes.len() as u32) as usize];
        *weight = weight.saturating_add(1);
    }
    let drawn = weights.iter().zip(&set.classes).enumerate().filter(|(_, (weight, _))| **weight > 0);
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

/// How many samples there are of each class.
struct Counts {
    classes: [u32; SLOTS],
    total: u32,
}

impl Counts {
    fn of(drawn: &[Drawn]) -> Self {
        let mut counts = Self { classes: [0; SLOTS], total: 0 };
        for drawn in drawn {
            counts.classes[drawn.class()] += drawn.weight();
            counts.total += drawn.weight();
        }
        counts
    }

    fn is_pure(&self) -> bool {
        self.classes.contains(&self.total)
    }

    fn most_frequent(&self) -> u8 {
        (0..CLASSES).rev().max_by_key(|&class| self.classes[class]).expect("there are classes") as u8
    }
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
    fn best_split(&mut self, range: std::ops::Range<usize>, counts: &Counts) -> Option<Split> {
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
        }
        best
    }

    /// Parts the branch; returns how many go left.
    fn partition(&mut self, range: std::ops::Range<usize>, split: &Split) -> usize {
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

/// Keys from which on it is faster to sort by digits than by comparisons.
const MANY: usize = 128;

/// Sorts keys by their upper 16 bits; those with the same ones may stand in any order.
fn sort(keys: &mut [u32], aside: &mut [u32]) {
    if keys.len() < MANY {
        return keys.sort_unstable();
    }
    let aside = &mut aside[..keys.len()];
    deal::<16>(keys, aside);
    deal::<24>(aside, keys);
}

/// Sorts by the eight bits from `SHIFT` on; keys that have the same ones keep their order.
fn deal<const SHIFT: u32>(keys: &[u32], dealt: &mut [u32]) {
    let digit = |key: u32| (key >> SHIFT & 0xff) as usize;
    let mut places = [0_u32; 256];
    for &key in keys {
        places[digit(key)] += 1;
    }
    let mut next = 0;
    for place in &mut places {
        next += std::mem::replace(place, next);
    }
    for &key in keys {
        let place = &mut places[digit(key)];
        dealt[*place as usize] = key;
        *place += 1;
    }
}

/// The best place to cut sorted samples in two, if it is better than `best_score`: the score and
/// the ranks on its two sides.
///
/// Least Gini impurity is the greatest sum, over both sides, of the classes' squared counts
/// divided by the side's count, as everything else is the same for every cut.
fn best_cut(keys: &[u32], counts: &Counts, mut best_score: f64) -> Option<(f64, u16, u16)> {
    let mut best = None;
    let mut left = [0; SLOTS];
    let (mut left_total, mut right_total) = (0, counts.total);
    let (mut left_squares, mut right_squares) = (0, counts.classes.iter().map(|n| n * n).sum::<u32>());
    for pair in keys.windows(2) {
        let (class, weight) = (Drawn(pair[0]).class(), Drawn(pair[0]).weight());
        let right = counts.classes[class] - left[class];
        left_squares += weight * (2 * left[class] + weight);
        right_squares -= weight * (2 * right - weight);
        left[class] += weight;
        left_total += weight;
        right_total -= weight;
        let (lower, higher) = ((pair[0] >> 16) as u16, (pair[1] >> 16) as u16);
        // Both sums over a common denominator, so that nothing is divided but for a better cut; all
        // of it is exact for counts below 65,536.
        let (left_count, right_count) = (f64::from(left_total), f64::from(right_total));
        let score = f64::from(left_squares) * right_count + f64::from(right_squares) * left_count;
        let denominator = left_count * right_count;
        if score > best_score * denominator && lower != higher {
            best_score = score / denominator;
            best = Some((best_score, lower, higher));
        }
    }
    best
}
