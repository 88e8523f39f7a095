//! I/O-bound work. It has no kernel: its tasks are plain data, each a fetch or one step of a
//! pipeline, and the executors of `browser::program::io` do what they say.

mod counts;
mod fetch;
mod mail;
mod task;

pub use counts::{Counts, Facts};
pub use fetch::{Fetch, digest, fetches, tasks};
pub use mail::facts;
pub use task::{Answer, Io, Outcome, Task};

use super::Description;
use crate::domain::Size;

/// Fetches pages and writes them into files.
pub const ADDRESSES: Description = Description {
    name: "16 addresses",
    what: "Fetches each page and writes it into a file, 50 times; every task is an address.",
    python: "pool.map(fetch_and_write, addresses)",
    sizes: ["16 addresses of 2 KB", "16 addresses of 16 KB", "16 addresses of 64 KB"],
};

/// Fetches one page again and again.
pub const PAGE: Description = Description {
    name: "one page, n times",
    what: "Fetches the same page and writes it into a file; every task is one time.",
    python: "pool.map(fetch_and_write, [address] * n)",
    sizes: ["4 times", "16 times", "64 times"],
};

/// Fetches mails and saves them.
pub const MAILBOX: Description = Description {
    name: "mailbox",
    what: "Fetches mails and saves each into a file; every task is a mail.",
    python: "pool.map(fetch_mail, range(100), chunksize=10)",
    sizes: ["20 mails", "100 mails", "500 mails"],
};

/// Fetches mails, looks into them, and stores what is found.
pub const PIPELINE: Description = Description {
    name: "pipeline",
    what: "Fetches mails, parses them and counts what is in them, and stores that in a database.",
    python: "store(cpu_pool.map(parse, io_pool.map(fetch_mail, range(100))))",
    sizes: ["20 mails", "100 mails", "500 mails"],
};

/// How many mails a mailbox of that size has.
const fn mails(size: Size) -> u32 {
    match size {
        Size::S => 20,
        Size::M => 100,
        Size::L => 500,
    }
}
