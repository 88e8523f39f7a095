//! Checksums that every machine and every build must reproduce, as `workload size seed checksum`.
//! Workloads whose arithmetic is exact, or plain IEEE 754 without library functions, are listed;
//! their answers travel in reports, so a change of any line is a change of the workload.

use lanes::domain::Size;
use lanes::job::alone;
use lanes::workload::{Request, Visitor, Workload, WorkloadId};

const KNOWN: &str = include_str!("../reference/checksums.txt");

/// Compares every line with what this build computes.
pub fn check() {
    let mut lines = 0;
    for line in KNOWN.lines().filter(|line| !line.starts_with('#')) {
        let [workload, size, seed, checksum] = line.split(' ').collect::<Vec<_>>()[..] else {
            panic!("four words to a line, not {line:?}");
        };
        let workload = WorkloadId::from_id(workload).expect("a workload's id");
        let size = match size {
            "S" => Size::S,
            "M" => Size::M,
            _ => panic!("L is too much for a test: {line:?}"),
        };
        let found = workload.visit(Checksum { size, seed: seed.parse().expect("a seed") });
        assert_eq!(format!("{found:016x}"), checksum, "{line}");
        lines += 1;
    }
    assert!(lines > 0, "there is something to compare");
}

struct Checksum {
    size: Size,
    seed: u64,
}

impl Visitor for Checksum {
    type Answer = u64;

    fn visit<W: Workload>(self) -> u64 {
        let inputs = W::inputs(&Request::new(self.size, self.seed));
        let outputs: Vec<_> = inputs.tasks.iter().map(|task| alone::<W>(&inputs.shared, task)).collect();
        W::checksum(&outputs)
    }
}
