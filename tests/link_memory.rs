//! What a link can make the page allocate, counted.
#![cfg(not(target_arch = "wasm32"))]

use lanes::experiment::Experiment;
use lanes::report::link;

/// The most that reading a link may hold at once, in bytes.
const MOST: u64 = 1 << 20;

fn most_held_by(text: &str) -> u64 {
    let mut outcome = None;
    let counted = allocation_counter::measure(|| outcome = Some(link::decode(text)));
    drop(outcome);
    counted.bytes_max
}

/// The letters of a link's content, sealed as links are.
fn sealed(content: &[u8]) -> String {
    use base64::Engine;
    let mut bytes = vec![link::VERSION];
    bytes.extend(content);
    let sum = lanes::workload::fold(bytes.iter().copied().map(u64::from)) as u16;
    bytes.extend(sum.to_le_bytes());
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes)
}

#[test]
fn no_link_makes_the_page_hold_more_than_a_megabyte() {
    let lanes: Vec<u32> = (1..=64).collect();
    let experiment = Experiment { lane_counts: lanes, ..Experiment::default() };
    let carried = link::of_experiment(&experiment);
    assert!(most_held_by(&carried) > 0, "nothing is counted");

    // Counts that promise what does not follow, and the most that can follow.
    let mut greedy = vec![vec![0xff; 12_000], vec![1; 12_000], vec![0; 12_000]];
    greedy.extend((0..=255_u8).map(|count| [&[16, 0xff, 0x0f, count][..], &[0x7f; 11_000]].concat()));
    let mut with_points = vec![12];
    for _ in 0..12 {
        with_points.extend([0x80, 0x08, 0, 0, 0, 0, 0xc0, 0x02]);
        with_points.extend((0..320_u32).flat_map(|at| [(at % 4) as u8, 1 + (at / 4) as u8]));
        // Neither a drift nor a start of processes, and nothing known of any point.
        with_points.extend([0; 1 + 320]);
    }
    greedy.push(with_points.clone());
    let known = link::decode(&format!("#r={}", sealed(&with_points)));
    assert!(known.is_ok_and(|known| matches!(known, link::Link::Reports(reports) if reports.len() == 12)));

    let mut most = 0;
    for content in greedy {
        for kind in ["x", "r"] {
            most = most.max(most_held_by(&format!("#{kind}={}", sealed(&content))));
        }
    }
    let mut rng = fastrand::Rng::with_seed(7);
    for _ in 0..2_000 {
        let content: Vec<u8> = (0..rng.u32(..12_000)).map(|_| rng.u8(..)).collect();
        most = most.max(most_held_by(&format!("#r={}", sealed(&content))));
    }
    most = most.max(most_held_by(&format!("#r={}", "A".repeat(10_000_000))));
    println!("the most that was held: {most} bytes");
    assert!(most <= MOST, "{most} bytes");
}
