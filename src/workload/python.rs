//! The workloads in Python.

use super::{Request, WorkloadId};

/// A workload in Python.
pub struct Source {
    /// What makes the tasks and runs one.
    pub code: &'static [&'static str],
    /// The line that says how large it is, for each size of the compiled workload.
    pub sizes: [&'static str; 3],
    /// The same for the interpreter in the browser, where M takes about a second, and what people call it. Nothing where
    /// that cannot run it yet.
    pub small_sizes: Option<[(&'static str, &'static str); 3]>,
}

impl Source {
    /// Whether the code names `word`.
    pub fn names(&self, word: &str) -> bool {
        self.code.iter().any(|part| part.contains(word))
    }

    /// Whether its lanes need something whole before they can run a task.
    pub fn shares(&self) -> bool {
        self.names("def share(")
    }
}

/// The workload as a module that the interpreter in the browser runs: a function `work`, and its `TASKS`. `None` where
/// there is none yet.
pub fn module(workload: WorkloadId, request: &Request) -> Option<String> {
    let source = source(workload)?;
    let (line, _) = source.small_sizes?[request.size as usize];
    // Imports first, as Python has it.
    let lines = source.code.iter().flat_map(|part| part.lines());
    let (imports, rest): (Vec<_>, Vec<_>) = lines.partition(|line| line.starts_with("import "));
    let mut module = imports.join("\n");
    module += &format!("\n\n{line}\n");
    if source.names("SEED") {
        module += &format!("SEED = {}\n", request.seed);
    }
    module += &rest.join("\n");
    if source.shares() {
        module += "\n\n\nshare(make_shared())";
    }
    module += "\n\n\nTASKS = make_tasks()\nwork = run\n";
    Some(module)
}

/// What people call the sizes of the workload in Python, where the browser's interpreter can run it.
pub fn size_names(workload: WorkloadId) -> Option<[&'static str; 3]> {
    // Not by the source, whose text the first part of the page has no use for.
    small_sizes(workload).map(|sizes| sizes.map(|(_, name)| name))
}

/// What the page's service worker plays in the browser: a server that takes its time.
const NETWORK: &str = include_str!("../python/network.py");
const MAIL: &str = include_str!("../python/mail.py");
const MAILS: [&str; 3] = ["MAILS = 20", "MAILS = 100", "MAILS = 500"];

/// The workload in Python, with the sizes that it has in [`crate::workload`].
pub fn source(workload: WorkloadId) -> Option<Source> {
    let (code, sizes): (&[&str], _) = match workload.id() {
        "cosine-sum" => (
            &[include_str!("../python/cosine_sum.py")],
            ["COUNT = 1_000_000", "COUNT = 50_000_000", "COUNT = 100_000_000"],
        ),
        "big-product" => (
            &[include_str!("../python/big_product.py")],
            ["TASKS, FACTORS = 64, 1_000", "TASKS, FACTORS = 64, 8_000", "TASKS, FACTORS = 16, 50_000"],
        ),
        "primes" => (
            &[include_str!("../python/primes.py")],
            ["LIMIT = 100_000", "LIMIT = 2_000_000", "LIMIT = 10_000_000"],
        ),
        "squares" => {
            (&[include_str!("../python/squares.py")], ["COUNT = 1_000", "COUNT = 10_000", "COUNT = 100_000"])
        }
        "matrix-product" => (
            &[include_str!("../python/matrix_product.py")],
            ["ORDER, ROWS = 256, 4", "ORDER, ROWS = 768, 12", "ORDER, ROWS = 1_536, 24"],
        ),
        "simulation" => (
            &[include_str!("../python/simulation.py")],
            ["PATHS = 4_000", "PATHS = 200_000", "PATHS = 2_000_000"],
        ),
        "forest" => (
            &[include_str!("../python/forest.py")],
            ["SAMPLES, TREES = 500, 32", "SAMPLES, TREES = 10_000, 32", "SAMPLES, TREES = 10_000, 500"],
        ),
        "models" => (
            &[include_str!("../python/models.py")],
            ["SAMPLES, EPOCHS = 500, 10", "SAMPLES, EPOCHS = 2_000, 100", "SAMPLES, EPOCHS = 10_000, 200"],
        ),
        "images" => (
            &[include_str!("../python/images.py")],
            [
                "WIDTH, HEIGHT, SIDE = 1_024, 768, 128",
                "WIDTH, HEIGHT, SIDE = 4_096, 3_072, 256",
                "WIDTH, HEIGHT, SIDE = 8_192, 6_144, 256",
            ],
        ),
        "addresses" => (
            &[include_str!("../python/addresses.py"), NETWORK],
            ["BYTES = 2_048", "BYTES = 16_384", "BYTES = 65_536"],
        ),
        "page" => (&[include_str!("../python/page.py"), NETWORK], ["TIMES = 4", "TIMES = 16", "TIMES = 64"]),
        "mailbox" => (&[MAIL, include_str!("../python/mailbox.py"), NETWORK], MAILS),
        "pipeline" => (&[MAIL, include_str!("../python/pipeline.py"), NETWORK], MAILS),
        _ => return None,
    };
    Some(Source { code, sizes, small_sizes: small_sizes(workload) })
}

/// The sizes of the workloads that the interpreter in the browser can run, as lines of code and for people.
fn small_sizes(workload: WorkloadId) -> Option<[(&'static str, &'static str); 3]> {
    Some(match workload {
        WorkloadId::CosineSum => [
            ("COUNT = 100_000", "10⁵ cosines"),
            ("COUNT = 1_500_000", "1.5·10⁶ cosines"),
            ("COUNT = 6_000_000", "6·10⁶ cosines"),
        ],
        WorkloadId::BigProduct => [
            ("TASKS, FACTORS = 16, 2_000", "16 products of 2,000 integers"),
            ("TASKS, FACTORS = 16, 8_000", "16 products of 8,000"),
            ("TASKS, FACTORS = 16, 20_000", "16 products of 20,000"),
        ],
        WorkloadId::Primes => [
            ("LIMIT = 30_000", "primes below 30,000"),
            ("LIMIT = 150_000", "primes below 150,000"),
            ("LIMIT = 500_000", "primes below 500,000"),
        ],
        WorkloadId::Squares => [
            ("COUNT = 1_000", "1,000 tasks"),
            ("COUNT = 20_000", "20,000 tasks"),
            ("COUNT = 100_000", "100,000 tasks"),
        ],
        WorkloadId::MatrixProduct => [
            ("ORDER, ROWS = 64, 2", "64 × 64"),
            ("ORDER, ROWS = 144, 3", "144 × 144"),
            ("ORDER, ROWS = 256, 4", "256 × 256"),
        ],
        WorkloadId::Simulation => [
            ("PATHS = 500", "32,000 paths"),
            ("PATHS = 4_000", "256,000 paths"),
            ("PATHS = 16_000", "1 million paths"),
        ],
        WorkloadId::Forest => [
            ("SAMPLES, TREES = 100, 16", "16 trees, 100 samples"),
            ("SAMPLES, TREES = 300, 16", "16 trees, 300 samples"),
            ("SAMPLES, TREES = 500, 32", "32 trees, 500 samples"),
        ],
        WorkloadId::Models => [
            ("SAMPLES, EPOCHS = 50, 2", "32 models, 50 samples, 2 epochs"),
            ("SAMPLES, EPOCHS = 200, 4", "32 models, 200 samples, 4 epochs"),
            ("SAMPLES, EPOCHS = 500, 5", "32 models, 500 samples, 5 epochs"),
        ],
        WorkloadId::Images => [
            ("WIDTH, HEIGHT, SIDE = 80, 80, 20", "80 × 80 pixels"),
            ("WIDTH, HEIGHT, SIDE = 160, 160, 40", "160 × 160 pixels"),
            ("WIDTH, HEIGHT, SIDE = 320, 320, 40", "320 × 320 pixels"),
        ],
        // Those that wait would need an address to fetch from.
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Size;

    #[test]
    fn a_module_has_its_imports_first_then_its_size_and_its_tasks_last() {
        let module = module(WorkloadId::Simulation, &Request::new(Size::M, 7)).unwrap();
        assert!(module.starts_with("import math\nimport random\n\nPATHS = 4_000\nSEED = 7\n"), "{module}");
        assert!(module.ends_with("\n\n\nTASKS = make_tasks()\nwork = run\n"), "{module}");
        assert!(!module.contains("share("), "{module}");
    }

    #[test]
    fn every_workload_that_computes_can_be_run_as_its_python() {
        for workload in WorkloadId::kernels() {
            for &size in Size::ALL {
                assert!(module(workload, &Request::new(size, 1)).is_some(), "{}", workload.id());
            }
        }
    }
}
