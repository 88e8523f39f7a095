//! Times every workload's kernel alone, on the host and in one thread: what wasm is compared with.
//!
//! `cargo bench --bench kernels -- [workload] [size]` prints a line of JSON for each workload and
//! size: the median time in milliseconds, and its interval of 95 %.

use std::hint::black_box;
use std::time::{Duration, Instant};

use lanes::domain::Size;
use lanes::job::alone;
use lanes::stats::Median;
use lanes::workload::{Request, Visitor, Workload, WorkloadId};

/// Runs are added until they have taken this long.
const BUDGET: Duration = Duration::from_secs(2);
/// The fewest runs, whatever they take.
const FEWEST_RUNS: usize = 7;
/// The most runs: with more, the figures of short kernels get no better.
const MOST_RUNS: usize = 200;

fn main() -> Result<(), String> {
    // Cargo itself adds `--bench`.
    let mut arguments = std::env::args().skip(1).filter(|argument| !argument.starts_with("--"));
    let workloads = match arguments.next() {
        Some(id) => vec![WorkloadId::from_id(&id).ok_or(format!("there is no workload {id}"))?],
        None => WorkloadId::kernels().collect(),
    };
    let sizes = match arguments.next() {
        Some(name) => vec![size(&name).ok_or(format!("there is no size {name}: S, M or L"))?],
        None => vec![Size::S, Size::M],
    };
    for workload in workloads {
        for &size in &sizes {
            let times = workload.visit(Time(size));
            let median = Median::of(&times).expect("it ran").estimate();
            println!(
                r#"{{"workload":"{}","size":"{size:?}","median_ms":{:.3},"lo_ms":{:.3},"hi_ms":{:.3},"runs":{}}}"#,
                workload.id(),
                median.value,
                median.lo,
                median.hi,
                times.len(),
            );
        }
    }
    Ok(())
}

fn size(name: &str) -> Option<Size> {
    Size::ALL.iter().copied().find(|size| format!("{size:?}") == name)
}

/// Times the tasks of one size, one after the other.
struct Time(Size);

impl Visitor for Time {
    type Answer = Vec<f64>;

    fn visit<W: Workload>(self) -> Vec<f64> {
        let inputs = W::inputs(&Request::new(self.0, 1));
        let begun = Instant::now();
        let mut times = Vec::new();
        // The first run warms up caches and is not counted.
        let mut warm = false;
        while times.len() < FEWEST_RUNS || (begun.elapsed() < BUDGET && times.len() < MOST_RUNS) {
            let start = Instant::now();
            for task in inputs.tasks.iter() {
                black_box(alone::<W>(&inputs.shared, black_box(task)));
            }
            let time = start.elapsed().as_secs_f64() * 1e3;
            if warm {
                times.push(time);
            }
            warm = true;
        }
        times
    }
}
