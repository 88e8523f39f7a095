//! Where to cut samples in two by one feature.

use crate::workload::classification::CLASSES;

/// Places for counts of classes: a power of two, so that no class needs to be checked.
const SLOTS: usize = CLASSES.next_power_of_two();

/// A sample as often as it was drawn: its number in the upper 16 bits, then its class and its
/// weight, which is how often it was drawn, in 8 bits each.
#[derive(Clone, Copy, Debug)]
pub struct Drawn(pub(super) u32);

impl Drawn {
    pub fn sample(self) -> usize {
        (self.0 >> 16) as usize
    }
    pub fn class(self) -> usize {
        (self.0 >> 8) as usize % SLOTS
    }
    pub fn weight(self) -> u32 {
        self.0 & 0xff
    }
}

/// How many samples there are of each class.
pub struct Counts {
    classes: [u32; SLOTS],
    pub total: u32,
}

impl Counts {
    pub fn of(drawn: &[Drawn]) -> Self {
        let mut counts = Self { classes: [0; SLOTS], total: 0 };
        for drawn in drawn {
            counts.classes[drawn.class()] += drawn.weight();
            counts.total += drawn.weight();
        }
        counts
    }

    pub fn is_pure(&self) -> bool {
        self.classes.contains(&self.total)
    }

    pub fn most_frequent(&self) -> u8 {
        (0..CLASSES).rev().max_by_key(|&class| self.classes[class]).expect("there are classes") as u8
    }
}

/// Keys from which on it is faster to sort by digits than by comparisons.
const MANY: usize = 128;

/// Sorts keys by their upper 16 bits; those with the same ones may stand in any order.
pub fn sort(keys: &mut [u32], aside: &mut [u32]) {
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
pub fn best_cut(keys: &[u32], counts: &Counts, mut best_score: f64) -> Option<(f64, u16, u16)> {
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
