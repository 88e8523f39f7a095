//! CPython's answers, from `reference/make_reference.py`: every row is a test.

#![cfg(not(target_arch = "wasm32"))]

use lanes::job::Unchecked;
use lanes::workload::{
    Kernel,
    big_product::{BigProduct, sample, seeded},
    cosine_sum::{CosineSum, Slice},
    primes::{Primes, ranges},
    squares::Squares,
};
use serde_json::Value;

/// The rows of one kind of answer.
fn rows(kind: &str) -> Vec<Value> {
    let mut answers: Value = serde_json::from_str(include_str!("reference/reference.json")).unwrap();
    match answers[kind].take() {
        Value::Array(rows) if !rows.is_empty() => rows,
        _ => panic!("there is no answer of the kind {kind}"),
    }
}

fn integer(row: &Value, key: &str) -> u64 {
    row[key].as_u64().unwrap_or_else(|| panic!("{key} of {row}"))
}

#[test]
fn the_generator_draws_what_python_draws() {
    for row in rows("mt19937") {
        let mut rng = seeded(integer(&row, "seed"));
        for expected in row["getrandbits32"].as_array().unwrap() {
            assert_eq!(u64::from(rng.next_u32()), expected.as_u64().unwrap(), "{row}");
        }
        // `random.random()` is made of the first two draws.
        let mut rng = seeded(integer(&row, "seed"));
        let (high, low) = (f64::from(rng.next_u32() >> 5), f64::from(rng.next_u32() >> 6));
        let random = (high * 67_108_864.0 + low) / 9_007_199_254_740_992.0;
        assert_eq!(Some(random), row["random"].as_f64(), "{row}");
    }
}

#[test]
fn a_cosine_sum_is_the_one_of_python() {
    for row in rows("cos_sum") {
        let slice = Slice { start: integer(&row, "start") as u32, count: integer(&row, "count") as u32 };
        let found = CosineSum::run(&(), &slice, &mut Unchecked).unwrap();
        let expected = row["value"].as_f64().unwrap();
        // Python adds from left to right, which alone is off by this much for 10⁶ numbers.
        assert!((found - expected).abs() < 1e-9, "{row}: {found}");
    }
}

#[test]
fn a_big_product_is_the_one_of_python() {
    for row in rows("product") {
        let factors = sample(integer(&row, "seed"), integer(&row, "n") as usize);
        let first: Vec<u64> = row["first"].as_array().unwrap().iter().map(|x| x.as_u64().unwrap()).collect();
        assert!(factors.iter().map(|&factor| u64::from(factor)).take(5).eq(first), "{row}");
        assert_eq!(u64::from(*factors.last().unwrap()), integer(&row, "last"), "{row}");
        assert_eq!(factors.iter().copied().map(u64::from).sum::<u64>(), integer(&row, "sum"), "{row}");
        assert_eq!(Some(factors.contains(&0)), row["has_zero"].as_bool(), "{row}");

        let product = BigProduct::run(&(), &factors.into(), &mut Unchecked).unwrap();
        let bits = product.len() as u64 * 32 - u64::from(product.last().unwrap().leading_zeros());
        assert_eq!(bits, integer(&row, "bits"), "{row}");
        let modulus = (1 << 61) - 1;
        let remainder =
            product.iter().rev().fold(0, |rest, &limb| (rest << 32 | u128::from(limb)) % modulus) as u64;
        assert_eq!(remainder, integer(&row, "mod_m61"), "{row}");
        let top = (0..bits.min(64)).fold(0, |top: u64, place| {
            let bit = bits - 1 - place;
            top << 1 | u64::from(product[bit as usize / 32] >> (bit % 32) & 1)
        });
        assert_eq!(Some(top.to_string().as_str()), row["top64"].as_str(), "{row}");
        let low = u64::from(product[0]) | u64::from(*product.get(1).unwrap_or(&0)) << 32;
        assert_eq!(Some(low.to_string().as_str()), row["low64"].as_str(), "{row}");
    }
}

#[test]
fn there_are_as_many_primes_as_python_counts() {
    for row in rows("primes_below") {
        let tasks = ranges(integer(&row, "limit") as u32);
        let found: u32 = tasks.map(|range| Primes::run(&(), &range, &mut Unchecked).unwrap()).sum();
        assert_eq!(u64::from(found), integer(&row, "count"), "{row}");
    }
}

#[test]
fn squares_are_those_of_python() {
    for row in rows("squares") {
        for (x, expected) in row["in"].as_array().unwrap().iter().zip(row["out"].as_array().unwrap()) {
            let x = x.as_u64().unwrap() as u32;
            assert_eq!(Some(Squares::run(&(), &x, &mut Unchecked).unwrap()), expected.as_u64(), "{row}");
        }
    }
}
