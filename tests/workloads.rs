//! What holds of a workload's kernel for any input, against the plainest code that does the same.

#![cfg(not(target_arch = "wasm32"))]

use lanes::job::Unchecked;
use lanes::workload::{
    Kernel,
    big_product::{BigProduct, sample},
    cosine_sum::{CosineSum, Slice, cosine},
    images::{Images, MARGIN, Tile, tiles},
    matrix_product::{Factors, MatrixProduct, Rows, TILE},
    picture::Picture,
};
use proptest::prelude::*;

/// Multiplies digit by digit, as on paper, in base 2⁸.
fn product_on_paper(factors: &[u32]) -> Vec<u8> {
    let mut digits = vec![1u8];
    for &factor in factors {
        let mut carry = 0u64;
        for digit in &mut digits {
            carry += u64::from(*digit) * u64::from(factor);
            *digit = carry as u8;
            carry >>= 8;
        }
        while carry > 0 {
            digits.push(carry as u8);
            carry >>= 8;
        }
    }
    without_leading_zeros(digits)
}

fn without_leading_zeros(mut digits: Vec<u8>) -> Vec<u8> {
    while digits.last() == Some(&0) {
        digits.pop();
    }
    digits
}

/// The edges of a tile without its margin, from all pixels around each one, in float64.
fn naive_edges(tile: &Tile) -> Vec<f64> {
    let wide = tile.width + 2 * MARGIN;
    let radius = MARGIN - 1;
    let binomial = |k: usize| (0..k).map(|i| (2 * radius - i) as f64 / (i + 1) as f64).product::<f64>();
    let weight = |k: usize| binomial(k) / 4f64.powi(radius as i32);
    let blurred = |x: usize, y: usize| -> f64 {
        let around = (0..=2 * radius).flat_map(|i| (0..=2 * radius).map(move |j| (i, j)));
        around.map(|(i, j)| weight(i) * weight(j) * f64::from(tile.pixels[(y + j) * wide + x + i])).sum()
    };
    let edge = |x: usize, y: usize| {
        let slope = |place: &dyn Fn(usize, usize) -> f64| -> f64 {
            [1.0, 2.0, 1.0].iter().enumerate().map(|(i, factor)| factor * (place(i, 2) - place(i, 0))).sum()
        };
        slope(&|i, end| blurred(x + end, y + i)).hypot(slope(&|i, end| blurred(x + i, y + end)))
    };
    (0..tile.height).flat_map(|y| (0..tile.width).map(move |x| (x, y))).map(|(x, y)| edge(x, y)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn edges_are_the_naive_ones(width in 1..24usize, height in 1..10usize, seed: u64) {
        let tile = tiles(&Picture::new(width, height, seed), 24).next().unwrap();
        let found = Images::run(&(), &tile, &mut Unchecked).unwrap();
        for (found, expected) in found.iter().zip(naive_edges(&tile)) {
            // Fractions are cut off, and float32 may be on the other side of a whole number.
            prop_assert!((f64::from(*found) - expected.min(255.0) + 0.5).abs() < 0.501, "{found}, not {expected}");
        }
    }

    #[test]
    fn tiles_have_the_edges_of_the_whole_picture(
        width in 1..120usize, height in 1..120usize, side in 1..60usize, seed: u64,
    ) {
        let picture = Picture::new(width, height, seed);
        let whole = tiles(&picture, width.max(height)).next().unwrap();
        let whole = Images::run(&(), &whole, &mut Unchecked).unwrap();
        let mut covered = 0;
        for tile in tiles(&picture, side) {
            let edges = Images::run(&(), &tile, &mut Unchecked).unwrap();
            for (y, row) in edges.chunks(tile.width).enumerate() {
                let start = (tile.top + y) * width + tile.left;
                prop_assert_eq!(row, &whole[start..start + tile.width]);
            }
            covered += edges.len();
        }
        prop_assert_eq!(covered, width * height);
    }
}

proptest! {
    #[test]
    fn a_product_is_the_one_on_paper(factors in prop::collection::vec(
        prop_oneof![20 => 0..1_000_000u32, 2 => Just(999_999), 1 => Just(1)], 0..200,
    )) {
        let product = BigProduct::run(&(), &factors.clone().into(), &mut Unchecked).unwrap();
        prop_assert_ne!(product.last(), Some(&0));
        let digits = product.iter().flat_map(|limb| limb.to_le_bytes()).collect();
        prop_assert_eq!(without_leading_zeros(digits), product_on_paper(&factors));
    }

    #[test]
    fn a_product_with_a_zero_is_zero_wherever_it_stands(
        mut factors in prop::collection::vec(1..1_000_000u32, 0..50), place: prop::sample::Index,
    ) {
        factors.insert(place.index(factors.len() + 1), 0);
        prop_assert_eq!(BigProduct::run(&(), &factors.clone().into(), &mut Unchecked).unwrap().0, Vec::<u32>::new());
    }

    #[test]
    fn a_sample_has_no_integer_twice(seed: u64, count in 0..2_000usize) {
        let mut drawn = sample(seed, count);
        prop_assert_eq!(drawn.len(), count);
        prop_assert!(drawn.iter().all(|&integer| integer < 1_000_000));
        drawn.sort_unstable();
        drawn.dedup();
        prop_assert_eq!(drawn.len(), count);
    }

    #[test]
    fn a_cosine_is_the_one_of_the_c_library(i in 0..=100_000_000u32) {
        let expected = f64::from(i).cos();
        let ulp = expected.abs().next_up() - expected.abs();
        prop_assert!((cosine(f64::from(i)) - expected).abs() <= 2.6 * ulp);
    }

    #[test]
    fn a_slice_is_the_sum_of_its_cosines(start in 0..99_000_000u32, count in 0..50_000u32) {
        let found = CosineSum::run(&(), &Slice { start, count }, &mut Unchecked).unwrap();
        let expected: f64 = (start..start + count).map(|i| f64::from(i).cos()).sum();
        prop_assert!((found - expected).abs() < 1e-10);
    }
    #[test]
    fn a_matrix_product_is_the_naive_one(tiles in 1..80usize, seed: u64) {
        let order = tiles * TILE;
        let mut rng = fastrand::Rng::with_seed(seed);
        let mut matrix = || -> Vec<f64> { (0..order * order).map(|_| rng.f64() - 0.5).collect() };
        let (a, b) = (matrix(), matrix());
        let factors = Factors::new(order, &a, &b);
        let rows = Rows { first: rng.usize(..tiles) * TILE, count: TILE, order };
        let found = MatrixProduct::run(&factors, &rows, &mut Unchecked).unwrap();
        for (place, element) in found.0.into_iter().enumerate() {
            let (row, column) = (rows.first + place / order, place % order);
            let naive: f64 = (0..order).map(|k| a[row * order + k] * b[k * order + column]).sum();
            prop_assert!((element - naive).abs() < 1e-12, "{row}, {column}: {element}, not {naive}");
        }
    }
}
