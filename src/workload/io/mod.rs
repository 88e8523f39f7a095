//! Work that waits: for a network, for files, for a database. Every task is a fetch or one step of a pipeline.

mod counts;
mod fetch;
mod mail;
mod task;

use std::marker::PhantomData;

use super::{Description, Request, Storage, Workload, fold};
use crate::domain::{Bound, Size, Source, UseOfAddresses};
use crate::job::{Inputs, Job, Lane, TaskEnd};

pub use counts::{Counts, MailFacts};
pub use fetch::{Fetch, digest, fetches};
pub use mail::facts;
pub use task::{Answer, Task};

/// A workload that fetches: what, how often, and what becomes of it.
pub trait Fetching: 'static {
    /// What is said of it.
    const DESCRIPTION: Description;
    /// What its lanes spend their time on.
    const BOUND: Bound = Bound::Io;
    /// What it makes of addresses of the visitor's own.
    const USE_OF_ADDRESSES: UseOfAddresses;
    /// How many steps it has: it fetches, parses, and stores.
    const STEPS: usize = 1;
    /// Whether it fetches mails, and not pages.
    const IS_MAIL: bool;
    /// How often what comes is written into a file, one behind the other.
    const WRITES: u32;

    /// How many tasks one copy has.
    fn tasks(request: &Request) -> u32;

    /// Which page or mail task number `task` fetches.
    fn page(task: u32) -> u32 {
        task
    }

    /// How large a simulated page is, in bytes. Mails are as large as they are.
    fn page_bytes(_size: Size) -> u32 {
        16 << 10
    }
}

/// Fetches pages and writes them into files.
#[derive(Clone, Copy, Debug)]
pub struct Addresses;

impl Fetching for Addresses {
    const DESCRIPTION: Description = Description {
        name: "16 addresses",
        what: "Fetches each page and writes it into a file, 50 times; every task is an address.",
        python: "pool.map(fetch_and_write, addresses)",
        sizes: ["16 addresses of 2 KB", "16 addresses of 16 KB", "16 addresses of 64 KB"],
    };
    const USE_OF_ADDRESSES: UseOfAddresses = UseOfAddresses::Fetches;
    const IS_MAIL: bool = false;
    const WRITES: u32 = 50;

    fn tasks(request: &Request) -> u32 {
        match &request.network.source {
            Source::Addresses(addresses) => addresses.len() as u32,
            _ => 16,
        }
    }

    fn page_bytes(size: Size) -> u32 {
        match size {
            Size::S => 2 << 10,
            Size::M => 16 << 10,
            Size::L => 64 << 10,
        }
    }
}

/// Fetches one page again and again.
#[derive(Clone, Copy, Debug)]
pub struct Page;

impl Fetching for Page {
    const DESCRIPTION: Description = Description {
        name: "one page, n times",
        what: "Fetches the same page and writes it into a file; every task is one time.",
        python: "pool.map(fetch_and_write, [address] * n)",
        sizes: ["4 times", "16 times", "64 times"],
    };
    const USE_OF_ADDRESSES: UseOfAddresses = UseOfAddresses::Fetches;
    const IS_MAIL: bool = false;
    const WRITES: u32 = 1;

    fn tasks(request: &Request) -> u32 {
        match request.size {
            Size::S => 4,
            Size::M => 16,
            Size::L => 64,
        }
    }

    fn page(_task: u32) -> u32 {
        0
    }
}

/// Fetches mails and saves them.
#[derive(Clone, Copy, Debug)]
pub struct Mailbox;

impl Fetching for Mailbox {
    const DESCRIPTION: Description = Description {
        name: "mailbox",
        what: "Fetches mails and saves each into a file; every task is a mail.",
        python: "pool.map(fetch_mail, range(100), chunksize=10)",
        sizes: ["20 mails", "100 mails", "500 mails"],
    };
    const USE_OF_ADDRESSES: UseOfAddresses = UseOfAddresses::Refuses;
    const IS_MAIL: bool = true;
    const WRITES: u32 = 1;

    fn tasks(request: &Request) -> u32 {
        mails(request.size)
    }
}

/// Fetches mails, looks into them, and stores what is found.
#[derive(Clone, Copy, Debug)]
pub struct Pipeline;

impl Fetching for Pipeline {
    const DESCRIPTION: Description = Description {
        name: "pipeline",
        what: "Fetches mails, parses them and counts what is in them, and stores that in a database.",
        python: "store(cpu_pool.map(parse, io_pool.map(fetch_mail, range(100))))",
        sizes: ["20 mails", "100 mails", "500 mails"],
    };
    const BOUND: Bound = Bound::Mixed;
    const USE_OF_ADDRESSES: UseOfAddresses = UseOfAddresses::Refuses;
    const STEPS: usize = 3;
    const IS_MAIL: bool = true;
    const WRITES: u32 = 0;

    fn tasks(request: &Request) -> u32 {
        mails(request.size)
    }
}

/// How many mails a mailbox of that size has.
const fn mails(size: Size) -> u32 {
    match size {
        Size::S => 20,
        Size::M => 100,
        Size::L => 500,
    }
}

/// The job of a workload that fetches.
#[derive(Clone, Copy, Debug)]
pub struct Fetches<F>(PhantomData<F>);

impl<F: Fetching> Job for Fetches<F> {
    type Shared = ();
    type Task = Task;
    type Output = Answer;

    const WAITS: bool = true;
    const STEPS: usize = F::STEPS;

    /// Nobody knows how much of a task is done, so it is done or it is not.
    fn units(_: &Task) -> Option<u32> {
        Some(1)
    }

    async fn perform<L: Lane>(_: &(), task: &Task, lane: &mut L) -> Result<Answer, TaskEnd> {
        let answer = task.perform(lane).await;
        lane.tick(1)?;
        Ok(answer?)
    }

    fn follow(step: usize, answers: &[(usize, &Answer)]) -> Vec<(usize, Task)> {
        let next = |&(place, answer): &(usize, &Answer)| match (step, answer) {
            (0, Answer::Fetched(mail)) => Some((place, Task::Parse(mail.clone()))),
            (1, Answer::Parsed(facts)) => Some((place, Task::Store(place as u32, facts.clone()))),
            _ => None,
        };
        answers.iter().filter_map(next).collect()
    }
}

impl<F: Fetching> Workload for Fetches<F> {
    const DESCRIPTION: Description = F::DESCRIPTION;
    const BOUND: Bound = F::BOUND;
    const USE_OF_ADDRESSES: UseOfAddresses = F::USE_OF_ADDRESSES;
    const STORAGE: Storage = if F::WRITES > 0 { Storage::File } else { Storage::Database };
    const FRESH_INPUTS: bool = true;
    /// What a pipeline answers is what it finds when it parses.
    const ANSWER_STEP: usize = if F::STEPS > 1 { 1 } else { 0 };

    fn inputs(request: &Request) -> Inputs<Self> {
        Inputs::new((), fetches::<F>(request).into_iter().map(Task::Fetch).collect())
    }

    fn checksum(answers: &[Answer]) -> u64 {
        match Self::counts(answers) {
            Some(counts) => counts.checksum(),
            None => fold(answers.iter().filter_map(Answer::digest)),
        }
    }

    fn counts(answers: &[Answer]) -> Option<Counts> {
        let facts: Vec<_> = answers.iter().filter_map(Answer::facts).cloned().collect();
        (F::STEPS > 1).then(|| Counts::of(&facts))
    }
}
