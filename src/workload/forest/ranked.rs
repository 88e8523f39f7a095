//! A set of samples in the form that trees are grown from.

use serde::{Deserialize, Serialize};

use crate::workload::{
    Plain,
    classification::{FEATURES, Samples},
};

/// A set whose features are replaced by their ranks, once for all trees.
///
/// A tree only asks which values of a feature are smaller than others. Ranks answer that as well
/// as the values do, exactly, and fit into 16 bits: all of a column stays in the fastest cache.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ranked {
    /// The rank of every sample's value among all values of its feature, feature by feature.
    ranks: Plain<u16>,
    /// The value of every rank, feature by feature.
    values: Vec<Plain<f32>>,
    /// The class of every sample.
    pub classes: Plain<u8>,
}

impl Ranked {
    /// Ranks the features of fewer than 65,536 samples.
    pub fn new(samples: &Samples) -> Self {
        assert!(samples.len() < 1 << 16, "ranks and samples' numbers have 16 bits");
        let mut ranks = Plain(Vec::with_capacity(samples.features.len()));
        let mut values = Vec::with_capacity(FEATURES);
        for feature in 0..FEATURES {
            let column: Vec<f32> = samples.rows().map(|row| row[feature]).collect();
            let mut sorted = column.clone();
            sorted.sort_unstable_by(f32::total_cmp);
            sorted.dedup();
            ranks.extend(column.iter().map(|value| sorted.partition_point(|other| other < value) as u16));
            values.push(sorted.into());
        }
        Self { ranks, values, classes: samples.classes.clone().into() }
    }

    /// The rank of every sample's value of that feature.
    pub fn column(&self, feature: usize) -> &[u16] {
        &self.ranks[feature * self.classes.len()..][..self.classes.len()]
    }

    /// The value half way between two ranks: not below the lower one, and below the higher one.
    pub fn between(&self, feature: usize, lower: u16, higher: u16) -> f32 {
        let value = |rank| self.values[feature][usize::from(rank)];
        let (lower, higher) = (value(lower), value(higher));
        let middle = lower / 2.0 + higher / 2.0;
        if middle < higher { middle.max(lower) } else { lower }
    }
}
