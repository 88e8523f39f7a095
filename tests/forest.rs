//! The random forest against scikit-learn's on the same set: `reference/make_forest_reference.py`.

#![cfg(not(target_arch = "wasm32"))]

use lanes::domain::Size;
use lanes::job::Unchecked;
use lanes::workload::{
    Kernel, Request, Workload,
    classification::{FEATURES, Samples},
    forest::{Forest, Node, Ranked, Seed, Tree, accuracy},
};
use serde_json::Value;

const TRAINING: usize = 2_000;

/// The samples to train with and those to test with.
fn reference_set() -> (Samples, Samples) {
    let (features, _) = include_bytes!("reference/forest_x.f32").as_chunks();
    let features: Vec<f32> = features.iter().map(|&bytes| f32::from_le_bytes(bytes)).collect();
    let classes = include_bytes!("reference/forest_y.u8");
    part_at(TRAINING, &Samples { features, classes: classes.to_vec() })
}

/// The first `count` samples and the others.
fn part_at(count: usize, samples: &Samples) -> (Samples, Samples) {
    let (first_features, other_features) = samples.features.split_at(count * FEATURES);
    let (first_classes, other_classes) = samples.classes.split_at(count);
    (
        Samples { features: first_features.to_vec(), classes: first_classes.to_vec() },
        Samples { features: other_features.to_vec(), classes: other_classes.to_vec() },
    )
}

fn grow(set: &Ranked, trees: u64, forest: u64) -> Vec<Tree> {
    let grow = |tree| {
        let seed = Seed { seed: forest << 32 | tree, samples: set.classes.len() as u32 };
        Forest::run(set, &seed, &mut Unchecked).unwrap()
    };
    (0..trees).map(grow).collect()
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

#[test]
fn forests_are_as_good_as_those_of_scikit_learn() {
    let answers: Value = serde_json::from_str(include_str!("reference/forest.json")).unwrap();
    let (training, test) = reference_set();
    let set = Ranked::new(&training);
    let mut all = Vec::new();
    for row in answers["accuracy"].as_array().unwrap() {
        let trees = row["trees"].as_u64().unwrap();
        let forests: Vec<_> = (0..10).map(|forest| grow(&set, trees, forest)).collect();
        let accuracies: Vec<f64> = forests.iter().map(|forest| accuracy(forest, &test)).collect();
        let (low, high) = (row["min"].as_f64().unwrap(), row["max"].as_f64().unwrap());
        assert!((low..=high).contains(&mean(&accuracies)), "{accuracies:?}, not within {row}");
        all = forests;
    }

    // The last forests are those with most trees: their trees must have the same shape, too.
    let trees: Vec<Tree> = all.into_iter().flatten().collect();
    let leaves: Vec<f64> = trees.iter().map(|tree| tree.nodes.len().div_ceil(2) as f64).collect();
    let depths: Vec<f64> = trees.iter().map(|tree| depth(tree, 0) as f64).collect();
    let is_near = |found: f64, key: &str| (found / answers[key].as_f64().unwrap() - 1.0).abs() < 0.03;
    assert!(is_near(mean(&leaves), "mean_tree_leaves"), "{} leaves", mean(&leaves));
    assert!(is_near(mean(&depths), "mean_tree_depth"), "{} deep", mean(&depths));
}

fn depth(tree: &Tree, node: usize) -> usize {
    match tree.nodes[node] {
        Node::Leaf { .. } => 0,
        Node::Split { right, .. } => 1 + depth(tree, node + 1).max(depth(tree, right as usize)),
    }
}

#[test]
fn a_forest_knows_the_samples_it_was_grown_on_and_guesses_others() {
    let (known, others) = part_at(500, &Samples::new(1_000, 1));
    let forest = grow(&Ranked::new(&known), 100, 0);
    // What is not drawn for a tree is guessed by it, but every sample is drawn for most trees.
    assert!(accuracy(&forest, &known) > 0.99);
    // One in ten would be right by chance.
    let guessed = accuracy(&forest, &others);
    assert!((0.2..0.6).contains(&guessed), "{guessed}");
}

#[test]
fn samples_that_no_feature_tells_apart_share_a_leaf() {
    let samples = Samples { features: vec![1.0; 3 * FEATURES], classes: vec![4, 7, 7] };
    for tree in grow(&Ranked::new(&samples), 20, 0) {
        assert!(matches!(tree.nodes[..], [Node::Leaf { class: 4 | 7 }]), "{tree:?}");
    }
}

#[test]
fn equal_values_stay_together_and_thresholds_lie_between() {
    // One feature has two values, the others none: there is one way to part the samples.
    let mut samples = Samples { features: vec![0.0; 40 * FEATURES], classes: Vec::new() };
    for sample in 0..40 {
        samples.features[sample * FEATURES + 13] = if sample < 20 { -1.0 } else { 2.0 };
        samples.classes.push(u8::from(sample >= 20));
    }
    for tree in grow(&Ranked::new(&samples), 20, 0) {
        assert_eq!(
            tree.nodes,
            [
                Node::Split { feature: 13, threshold: 0.5, right: 2 },
                Node::Leaf { class: 0 },
                Node::Leaf { class: 1 },
            ]
        );
    }
}

#[test]
fn the_same_seed_grows_the_same_forest_and_another_seed_another() {
    let checksum = |seed| {
        let inputs = Forest::inputs(&Request::new(Size::S, seed));
        let run = |task| Forest::run(&inputs.shared, task, &mut Unchecked).unwrap();
        Forest::checksum(&inputs.tasks.iter().map(run).collect::<Vec<_>>())
    };
    assert_eq!(checksum(1), checksum(1));
    assert_ne!(checksum(1), checksum(2));
}
