//! Several models trained on one set of samples, each with settings of its own: the search for the
//! best settings, which everybody runs in parallel.

use serde::{Deserialize, Serialize};

use super::classification::{CLASSES, FEATURES, Samples};
use super::{Description, Kernel, Plain, Request, Workload, fold};
use crate::domain::{Size, Stopped};
use crate::job::{Checkpoint, Inputs};

/// Samples between two checkpoints: some 30 µs.
const STRIDE: usize = 512;

/// How fast models learn. A set of this kind is so steep that twice the last may be too fast.
const RATES: [f64; 8] = [0.002, 0.005, 0.01, 0.015, 0.02, 0.03, 0.04, 0.05];
/// How much large weights cost.
const PENALTIES: [f64; 4] = [0.0, 0.000_1, 0.001, 0.01];

/// Logistic regressions by gradient descent, one for each pair of settings.
#[derive(Clone, Copy, Debug)]
pub struct Models;

/// What the models learn from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Lessons {
    /// The features of one sample after the other.
    features: Plain<f64>,
    /// 1 for the samples that the models shall find, 0 for the others.
    answers: Plain<f64>,
}

/// The settings of a model.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    /// The part of the slope by which weights are changed in one go.
    pub rate: f64,
    /// What the sum of all squared weights is multiplied with, twice, before it is added to the loss.
    pub penalty: f64,
    /// How often all samples are gone over.
    pub epochs: u32,
    /// How many samples there are.
    pub samples: u32,
}

/// What was learnt.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Model {
    /// The weight of every feature, and what is added to their sum.
    pub weights: Plain<f64>,
    /// The mean logarithmic loss, without the penalty; ln 2 for a model that knows nothing.
    pub loss: f64,
}

impl Kernel for Models {
    type Shared = Lessons;
    type Task = Settings;
    type Output = Model;

    /// Samples that were looked at: in every epoch, and once more for the loss.
    fn units(settings: &Settings) -> u32 {
        settings.samples * (settings.epochs + 1)
    }

    fn run<C: Checkpoint>(
        lessons: &Lessons,
        settings: &Settings,
        checkpoint: &mut C,
    ) -> Result<Model, Stopped> {
        let count = lessons.answers.len() as f64;
        let (mut weights, mut bias) = ([0.0; FEATURES], 0.0);
        for _ in 0..settings.epochs {
            let (mut slopes, mut bias_slope) = ([0.0; FEATURES], 0.0);
            lessons.each(checkpoint, |features, answer| {
                let error = 1.0 / (1.0 + libm::exp(-bias - dot(&weights, features))) - answer;
                for (slope, feature) in slopes.iter_mut().zip(features) {
                    *slope += error * feature;
                }
                bias_slope += error;
            })?;
            for (weight, slope) in weights.iter_mut().zip(&slopes) {
                *weight -= settings.rate * (slope / count + settings.penalty * *weight);
            }
            bias -= settings.rate * bias_slope / count;
        }

        let mut loss = 0.0;
        lessons.each(checkpoint, |features, answer| {
            let certainty = (bias + dot(&weights, features)) * (2.0 * answer - 1.0);
            loss += libm::log1p(libm::exp(-certainty));
        })?;
        Ok(Model { weights: weights.into_iter().chain([bias]).collect(), loss: loss / count })
    }
}

impl Workload for Models {
    const DESCRIPTION: Description = Description {
        name: "models",
        what: "Trains logistic regressions on one set; every task is a training with other settings.",
        python: "[LogisticRegression(C=c).fit(x, y) for c in settings]",
        sizes: [
            "32 models, 500 samples, 10 epochs",
            "32 models, 2,000 samples, 100 epochs",
            "32 models, 10,000 samples, 200 epochs",
        ],
    };

    fn inputs(request: &Request) -> Inputs<Self> {
        let (samples, epochs) = match request.size {
            Size::S => (500, 10),
            Size::M => (2_000, 100),
            Size::L => (10_000, 200),
        };
        let settings =
            |rate| PENALTIES.map(|penalty| Settings { rate, penalty, epochs, samples: samples as u32 });
        let shared = Lessons::new(&Samples::new(samples, request.seed));
        Inputs::new(shared, RATES.into_iter().flat_map(settings).collect())
    }

    fn checksum(outputs: &[Model]) -> u64 {
        fold(outputs.iter().flat_map(|model| model.weights.iter().chain([&model.loss])).map(|w| w.to_bits()))
    }
}

impl Lessons {
    /// To tell one half of the classes from the other.
    pub fn new(samples: &Samples) -> Self {
        let is_meant = |&class| f64::from(u8::from(usize::from(class) < CLASSES / 2));
        Self {
            features: samples.features.iter().copied().map(f64::from).collect(),
            answers: samples.classes.iter().map(is_meant).collect(),
        }
    }

    /// Goes over all samples and their answers.
    #[inline(always)]
    fn each<C: Checkpoint>(
        &self,
        checkpoint: &mut C,
        mut learn: impl FnMut(&[f64; FEATURES], f64),
    ) -> Result<(), Stopped> {
        let rows = self.features.as_chunks().0;
        for (rows, answers) in rows.chunks(STRIDE).zip(self.answers.chunks(STRIDE)) {
            for (features, &answer) in rows.iter().zip(answers) {
                learn(features, answer);
            }
            checkpoint.tick(rows.len() as u32)?;
        }
        Ok(())
    }
}

/// The sum of all products, in ten sums that do not wait for each other.
#[inline(always)]
fn dot(weights: &[f64; FEATURES], features: &[f64; FEATURES]) -> f64 {
    const WIDTH: usize = 10;
    let mut sums = [0.0; WIDTH];
    for (weights, features) in weights.as_chunks::<WIDTH>().0.iter().zip(features.as_chunks::<WIDTH>().0) {
        for i in 0..WIDTH {
            sums[i] += weights[i] * features[i];
        }
    }
    sums.iter().sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::job::Unchecked;

    fn train(lessons: &Lessons, settings: Settings) -> Model {
        Models::run(lessons, &settings, &mut Unchecked).unwrap()
    }

    #[test]
    fn the_loss_falls_with_every_epoch_for_all_settings() {
        for seed in 1..5 {
            let inputs = Models::inputs(&Request::new(Size::S, seed));
            for &settings in inputs.tasks.iter() {
                let mut last = std::f64::consts::LN_2 + 1e-12;
                for epochs in [0, 1, 2, 10, 100] {
                    let loss = train(&inputs.shared, Settings { epochs, ..settings }).loss;
                    assert!(loss < last, "{settings:?}: {loss} after {epochs} epochs");
                    last = loss;
                }
            }
        }
    }

    #[test]
    fn a_penalty_keeps_weights_small() {
        let inputs = Models::inputs(&Request::new(Size::S, 1));
        let size = |penalty| {
            let settings = Settings { penalty, epochs: 200, ..inputs.tasks[31] };
            train(&inputs.shared, settings).weights[..FEATURES]
                .iter()
                .map(|weight| weight * weight)
                .sum::<f64>()
        };
        assert!(size(0.0) > size(0.1) && size(0.1) > size(1.0));
    }

    #[test]
    fn a_model_is_the_one_that_the_formulas_give() {
        let samples = Samples::new(60, 5);
        let lessons = Lessons::new(&samples);
        let settings = Settings { rate: 0.1, penalty: 0.01, epochs: 3, samples: 60 };

        // Sample by sample and weight by weight, as in a textbook; the last feature is the bias's.
        let mut weights = vec![0.0; FEATURES + 1];
        let rows: Vec<Vec<f64>> =
            samples.rows().map(|row| row.iter().copied().map(f64::from).chain([1.0]).collect()).collect();
        for _ in 0..settings.epochs {
            let before = weights.clone();
            for (place, weight) in weights.iter_mut().enumerate() {
                let penalty = if place < FEATURES { settings.penalty * before[place] } else { 0.0 };
                let slope = |(row, answer): (&Vec<f64>, &f64)| {
                    let sum: f64 = row.iter().zip(&before).map(|(x, w)| x * w).sum();
                    (1.0 / (1.0 + (-sum).exp()) - answer) * row[place] / 60.0
                };
                let slope: f64 = rows.iter().zip(&*lessons.answers).map(slope).sum();
                *weight -= settings.rate * (slope + penalty);
            }
        }
        for (found, expected) in train(&lessons, settings).weights.iter().zip(&weights) {
            assert!((found - expected).abs() < 1e-12, "{found}, not {expected}");
        }
    }
}
