//! Work that waits: for a network, for files, for a database. Every task is a fetch or one step of a pipeline.

mod counts;
mod fetch;
mod mail;
mod task;

use super::{Description, Facts, Request, Storage, Workload, fold};
use crate::domain::{Bound, Size, Source, UseOfAddresses};
use crate::job::{Inputs, Job, Lane, TaskEnd};

pub use counts::{Counts, MailFacts};
pub use fetch::{Fetch, digest, fetches};
pub use mail::facts;
pub use task::{Answer, Task};

/// What a workload fetches, how often, and what becomes of it.
#[derive(Debug)]
pub struct Fetching {
    /// What is known of the workload.
    pub facts: Facts,
    /// Whether it fetches mails, and not pages.
    pub is_mail: bool,
    /// How often what comes is written into a file, one behind the other.
    pub writes: u32,
    /// How many tasks one copy has.
    pub tasks: fn(&Request) -> u32,
    /// Which page or mail a task fetches.
    pub page: fn(u32) -> u32,
    /// How large a simulated page is, in bytes. Mails are as large as they are.
    pub page_bytes: fn(Size) -> u32,
}

/// Fetches pages and writes them into files.
pub const ADDRESSES: Fetching = Fetching {
    facts: Facts {
        description: Description {
            name: "16 addresses",
            what: "Fetches each page and writes it into a file, 50 times; every task is an address.",
            python: "pool.map(fetch_and_write, addresses)",
            sizes: ["16 addresses of 2 KB", "16 addresses of 16 KB", "16 addresses of 64 KB"],
        },
        use_of_addresses: UseOfAddresses::Fetches,
        ..WAITS
    },
    is_mail: false,
    writes: 50,
    tasks: |request| match &request.network.source {
        Source::Addresses(addresses) => addresses.len() as u32,
        _ => 16,
    },
    page: |task| task,
    page_bytes: |size| match size {
        Size::S => 2 << 10,
        Size::M => 16 << 10,
        Size::L => 64 << 10,
    },
};

/// Fetches one page again and again.
pub const PAGE: Fetching = Fetching {
    facts: Facts {
        description: Description {
            name: "one page, n times",
            what: "Fetches the same page and writes it into a file; every task is one time.",
            python: "pool.map(fetch_and_write, [address] * n)",
            sizes: ["4 times", "16 times", "64 times"],
        },
        use_of_addresses: UseOfAddresses::Fetches,
        ..WAITS
    },
    is_mail: false,
    writes: 1,
    tasks: |request| match request.size {
        Size::S => 4,
        Size::M => 16,
        Size::L => 64,
    },
    page: |_| 0,
    page_bytes: |_| 16 << 10,
};

/// Fetches mails and saves them.
pub const MAILBOX: Fetching = Fetching {
    facts: Facts {
        description: Description {
            name: "mailbox",
            what: "Fetches mails and saves each into a file; every task is a mail.",
            python: "pool.map(fetch_mail, range(100), chunksize=10)",
            sizes: ["20 mails", "100 mails", "500 mails"],
        },
        ..WAITS
    },
    ..MAILS
};

/// Fetches mails, looks into them, and stores what is found. What it answers is what it finds when it parses.
pub const PIPELINE: Fetching = Fetching {
    facts: Facts {
        description: Description {
            name: "pipeline",
            what: "Fetches mails, parses them and counts what is in them, and stores that in a database.",
            python: "store(cpu_pool.map(parse, io_pool.map(fetch_mail, range(100))))",
            sizes: ["20 mails", "100 mails", "500 mails"],
        },
        bound: Bound::Mixed,
        storage: Storage::Database,
        steps: 3,
        answer_step: 1,
        ..WAITS
    },
    writes: 0,
    ..MAILS
};

/// What most workloads that fetch have in common.
const WAITS: Facts = Facts {
    description: Description { name: "", what: "", python: "", sizes: [""; 3] },
    bound: Bound::Io,
    use_of_addresses: UseOfAddresses::Refuses,
    releases_gil: false,
    storage: Storage::File,
    steps: 1,
    answer_step: 0,
};

/// What those that fetch mails have in common.
const MAILS: Fetching = Fetching {
    facts: WAITS,
    is_mail: true,
    writes: 1,
    tasks: |request| match request.size {
        Size::S => 20,
        Size::M => 100,
        Size::L => 500,
    },
    page: |task| task,
    page_bytes: |_| 16 << 10,
};

/// The job of all that fetches.
#[derive(Clone, Copy, Debug)]
pub struct Fetches;

impl Job for Fetches {
    type Shared = ();
    type Task = Task;
    type Output = Answer;

    const WAITS: bool = true;

    /// Nobody knows how much of a task is done, so it is done or it is not.
    fn units(_: &Task) -> Option<u32> {
        Some(1)
    }

    async fn perform<L: Lane>(_: &(), task: &Task, lane: &mut L) -> Result<Answer, TaskEnd> {
        let answer = task.perform(lane).await;
        lane.tick(1)?;
        Ok(answer?)
    }

    fn follow(answers: &[(usize, &Answer)]) -> Vec<(usize, Task)> {
        let next = |&(place, answer): &(usize, &Answer)| match answer {
            Answer::Fetched(mail) => Some((place, Task::Parse(mail.clone()))),
            Answer::Parsed(facts) => Some((place, Task::Store(place as u32, facts.clone()))),
            Answer::Written(_) | Answer::Stored => None,
        };
        answers.iter().filter_map(next).collect()
    }
}

impl Workload for Fetches {
    const FRESH_INPUTS: bool = true;

    fn inputs(request: &Request) -> Inputs<Self> {
        let fetches = request.fetching.map(|fetching| fetches(fetching, request)).unwrap_or_default();
        Inputs::new((), fetches.into_iter().map(Task::Fetch).collect())
    }

    fn checksum(answers: &[Answer]) -> u64 {
        match Self::counts(answers) {
            Some(counts) => counts.checksum(),
            None => fold(answers.iter().filter_map(Answer::digest)),
        }
    }

    fn counts(answers: &[Answer]) -> Option<Counts> {
        let facts: Vec<_> = answers.iter().filter_map(Answer::facts).cloned().collect();
        (!facts.is_empty()).then(|| Counts::of(&facts))
    }
}
