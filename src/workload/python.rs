//! The workloads in Python.

use super::WorkloadId;

/// A workload in Python.
pub struct Source {
    /// What makes the tasks and runs one.
    pub code: &'static [&'static str],
    /// The line that says how large it is, for each size.
    pub sizes: [&'static str; 3],
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
        "primes" => {
            (&[include_str!("../python/primes.py")], ["LIMIT = 100_000", "LIMIT = 2_000_000", "LIMIT = 10_000_000"])
        }
        "squares" => (&[include_str!("../python/squares.py")], ["COUNT = 1_000", "COUNT = 10_000", "COUNT = 100_000"]),
        "matrix-product" => (
            &[include_str!("../python/matrix_product.py")],
            ["ORDER, ROWS = 256, 4", "ORDER, ROWS = 768, 12", "ORDER, ROWS = 1_536, 24"],
        ),
        "simulation" => {
            (&[include_str!("../python/simulation.py")], ["PATHS = 4_000", "PATHS = 200_000", "PATHS = 2_000_000"])
        }
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
        "addresses" => {
            (&[include_str!("../python/addresses.py"), NETWORK], ["BYTES = 2_048", "BYTES = 16_384", "BYTES = 65_536"])
        }
        "page" => (&[include_str!("../python/page.py"), NETWORK], ["TIMES = 4", "TIMES = 16", "TIMES = 64"]),
        "mailbox" => (&[MAIL, include_str!("../python/mailbox.py"), NETWORK], MAILS),
        "pipeline" => (&[MAIL, include_str!("../python/pipeline.py"), NETWORK], MAILS),
        _ => return None,
    };
    Some(Source { code, sizes })
}
