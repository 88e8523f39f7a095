//! A set of samples to learn classes from, made as scikit-learn's `make_classification` makes one
//! (Guyon, 2003): clusters around the corners of a hypercube, each class having two of them.

use std::array;

use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::SeedableRng;
use serde::{Deserialize, Serialize};

use super::normal::{normal_pair, symmetric};

/// Features of a sample: first the informative ones, then mixtures of these, then mere noise.
pub const FEATURES: usize = 50;
/// Classes of samples.
pub const CLASSES: usize = 10;

const INFORMATIVE: usize = 20;
const REDUNDANT: usize = 2;
const CLUSTERS: usize = 2 * CLASSES;
/// One label in so many is drawn by lot.
const FLIPPED: usize = 100;

/// Samples and the classes they belong to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Samples {
    /// The features of one sample after the other.
    pub features: Vec<f32>,
    /// The class of every sample.
    pub classes: Vec<u8>,
}

impl Samples {
    /// Makes `count` samples: the same `seed` makes the same ones everywhere.
    pub fn new(count: usize, seed: u64) -> Self {
        let mut rng = Xoshiro256PlusPlus::seed_from_u64(seed);
        let clusters = clusters(&mut rng);
        let mixtures: [[f64; INFORMATIVE]; REDUNDANT] = array::from_fn(|_| symmetrics(&mut rng));
        let mut samples = Self { features: Vec::with_capacity(count * FEATURES), classes: Vec::new() };
        for sample in 0..count {
            let cluster = &clusters[sample % CLUSTERS];
            let mut features: [f64; FEATURES] = normals(&mut rng);
            let (informative, others) = features.split_first_chunk_mut::<INFORMATIVE>().expect("50 ≥ 20");
            *informative = cluster.place(informative);
            for (feature, mixture) in others.iter_mut().zip(&mixtures) {
                *feature = dot(informative, mixture);
            }
            samples.features.extend(features.map(|feature| feature as f32));
            let class = if sample % FLIPPED == 0 { below(CLASSES, &mut rng) } else { sample % CLASSES };
            samples.classes.push(class as u8);
        }
        samples
    }

    /// How many samples there are.
    pub fn len(&self) -> usize {
        self.classes.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.classes.is_empty()
    }

    /// The features of every sample, in order.
    pub fn rows(&self) -> impl Iterator<Item = &[f32; FEATURES]> {
        self.features.as_chunks().0.iter()
    }
}

/// A cloud of samples around a corner of the hypercube, stretched in a way of its own.
struct Cluster {
    corner: [f64; INFORMATIVE],
    stretch: [[f64; INFORMATIVE]; INFORMATIVE],
}

impl Cluster {
    fn place(&self, normals: &[f64; INFORMATIVE]) -> [f64; INFORMATIVE] {
        array::from_fn(|feature| dot(normals, &self.stretch[feature]) + self.corner[feature])
    }
}

/// One cluster after the other, no two of them in one corner.
fn clusters(rng: &mut Xoshiro256PlusPlus) -> Vec<Cluster> {
    let mut clusters: Vec<Cluster> = Vec::with_capacity(CLUSTERS);
    while clusters.len() < CLUSTERS {
        let corner = symmetrics(rng).map(f64::signum);
        if clusters.iter().all(|cluster| cluster.corner != corner) {
            clusters.push(Cluster { corner, stretch: array::from_fn(|_| symmetrics(rng)) });
        }
    }
    clusters
}

fn symmetrics<const N: usize>(rng: &mut Xoshiro256PlusPlus) -> [f64; N] {
    array::from_fn(|_| symmetric(rng))
}

fn normals<const N: usize>(rng: &mut Xoshiro256PlusPlus) -> [f64; N] {
    let mut normals = [0.0; N];
    for pair in normals.as_chunks_mut().0 {
        *pair = normal_pair(rng);
    }
    normals
}

fn below(limit: usize, rng: &mut Xoshiro256PlusPlus) -> usize {
    ((symmetric(rng) + 1.0) / 2.0 * limit as f64) as usize
}

fn dot<const N: usize>(a: &[f64; N], b: &[f64; N]) -> f64 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_class_has_its_share_and_only_the_first_features_tell_them_apart() {
        let samples = Samples::new(4_000, 3);
        assert_eq!(samples.rows().count(), samples.len());
        let mean_of = |feature: usize, class: u8| {
            let rows = samples.rows().zip(&samples.classes).filter(|(_, of)| **of == class);
            let values: Vec<f64> = rows.map(|(row, _)| f64::from(row[feature])).collect();
            assert!((350..450).contains(&values.len()), "class {class} has {}", values.len());
            values.iter().sum::<f64>() / values.len() as f64
        };
        let spread = |feature: usize| {
            let means: Vec<f64> = (0..CLASSES as u8).map(|class| mean_of(feature, class)).collect();
            means.iter().copied().fold(f64::MIN, f64::max) - means.iter().copied().fold(f64::MAX, f64::min)
        };
        // Means of noise lie within four standard errors (1/√400) of zero.
        assert!((INFORMATIVE + REDUNDANT..FEATURES).all(|feature| spread(feature) < 8.0 / 20.0));
        assert!((0..INFORMATIVE).filter(|&feature| spread(feature) > 1.0).count() >= INFORMATIVE / 2);
    }
}
