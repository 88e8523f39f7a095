//! The random forest of size L, for those who compare it with another's: `cargo bench --bench forest -- FOLDER`
//! writes its set and as many unseen samples into FOLDER and prints a line of JSON.
//!
//! `x.f32` holds little-endian float32, 50 features to a sample; `y.u8` a class to a sample. The
//! first half is what the forest is grown on, the other half what its accuracy is told from.
//! `ranking_ms` is the time in which the samples are brought into the form that trees are grown from,
//! which the page counts to making the inputs.

use std::fs;
use std::path::PathBuf;
use std::time::Instant;

use lanes::domain::Size;
use lanes::job::Unchecked;
use lanes::stats::Median;
use lanes::workload::{
    Kernel, Request, Workload,
    classification::{FEATURES, Samples},
    forest::{Forest, Ranked, Tree, accuracy},
};

/// The seed of the page's default experiment.
const SEED: u64 = 1;

fn main() -> Result<(), String> {
    // Cargo itself adds `--bench`.
    let folder = std::env::args().skip(1).find(|argument| !argument.starts_with("--"));
    let folder = PathBuf::from(folder.ok_or("name the folder to write to")?);
    let inputs = Forest::inputs(&Request::new(Size::L, SEED));
    let known = inputs.shared.classes.len();
    let all = Samples::new(2 * known, SEED);
    assert_eq!(all.classes[..known], inputs.shared.classes[..], "a longer set begins with the shorter one");

    let features: Vec<u8> = all.features.iter().flat_map(|value| value.to_le_bytes()).collect();
    let written = fs::write(folder.join("x.f32"), features);
    written.and_then(|()| fs::write(folder.join("y.u8"), &all.classes)).map_err(|error| error.to_string())?;

    let part = |samples: std::ops::Range<usize>| Samples {
        features: all.features[samples.start * FEATURES..samples.end * FEATURES].to_vec(),
        classes: all.classes[samples].to_vec(),
    };
    let (grown_on, unseen) = (part(0..known), part(known..2 * known));
    let ranking: Vec<f64> = (0..7)
        .map(|_| {
            let begun = Instant::now();
            std::hint::black_box(Ranked::new(&grown_on));
            begun.elapsed().as_secs_f64() * 1e3
        })
        .collect();
    let grow = |task| Forest::run(&inputs.shared, task, &mut Unchecked).expect("nothing stops it");
    let trees: Vec<Tree> = inputs.tasks.iter().map(grow).collect();
    println!(
        r#"{{"trees":{},"accuracy":{:.4},"ranking_ms":{:.3}}}"#,
        trees.len(),
        accuracy(&trees, &unseen),
        Median::of(&ranking).expect("it ran").estimate().value,
    );
    Ok(())
}
