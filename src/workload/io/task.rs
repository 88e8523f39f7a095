//! One task of I/O-bound work, step by step: the same under every model. Only whom it asks to fetch
//! and to write, and what its lane does meanwhile, differ.

use std::future::Future;

use serde::{Deserialize, Serialize};

use super::{Facts, Fetch, digest, facts};
use crate::domain::TaskError;

/// What one task is to do.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Task {
    /// Fetch, and write what comes.
    Fetch(Fetch),
    /// Parse this mail.
    Parse(#[serde(with = "serde_bytes")] Vec<u8>),
    /// Store under this number what was found in a mail.
    Store(u32, Facts),
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Answer {
    /// What came was written; its [`digest`].
    Written(u64),
    /// What came, where it is to be written nowhere.
    Fetched(#[serde(with = "serde_bytes")] Vec<u8>),
    /// What the mail says.
    Parsed(Facts),
    /// It is stored.
    Stored,
}

impl Answer {
    /// What the mail says, if it was parsed.
    pub fn facts(&self) -> Option<&Facts> {
        if let Answer::Parsed(facts) = self { Some(facts) } else { None }
    }

    /// The digest of what was written, if it was.
    pub fn digest(&self) -> Option<u64> {
        if let Answer::Written(digest) = self { Some(*digest) } else { None }
    }
}

/// What came of a task, or why nothing did.
pub type Outcome = Result<Answer, TaskError>;

/// Whom a task asks.
pub trait Io {
    /// Fetches what is at `address`.
    fn fetch(&mut self, address: &str) -> impl Future<Output = Result<Vec<u8>, TaskError>>;
    /// Writes `bytes` so many times into the lane's file, which is emptied before.
    fn write(&mut self, bytes: Vec<u8>, times: u32) -> impl Future<Output = Result<(), TaskError>>;
    /// Stores `bytes` under `key` in the database.
    fn store(&mut self, key: u32, bytes: Vec<u8>) -> impl Future<Output = Result<(), TaskError>>;
    /// What was computed since it last answered ends here.
    fn computed(&mut self);
}

impl Task {
    /// Does it, step by step.
    pub async fn perform(&self, io: &mut impl Io) -> Outcome {
        match self {
            Task::Fetch(fetch) => {
                let bytes = io.fetch(&fetch.address).await?;
                if fetch.writes == 0 {
                    return Ok(Answer::Fetched(bytes));
                }
                let digest = digest(&bytes);
                io.write(bytes, fetch.writes).await?;
                Ok(Answer::Written(digest))
            }
            Task::Parse(mail) => {
                let facts = facts(mail);
                io.computed();
                facts.map(Answer::Parsed).ok_or(TaskError::NoMail)
            }
            Task::Store(key, facts) => {
                let bytes = postcard::to_allocvec(facts).expect("facts can be encoded");
                io.store(*key, bytes).await.map(|()| Answer::Stored)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Answers from memory and puts down what it was asked.
    #[derive(Default)]
    struct Scripted {
        answers: Vec<Result<Vec<u8>, TaskError>>,
        asked: Vec<String>,
        disk: Option<TaskError>,
    }

    impl Io for Scripted {
        async fn fetch(&mut self, address: &str) -> Result<Vec<u8>, TaskError> {
            self.asked.push(format!("fetch {address}"));
            self.answers.remove(0)
        }
        async fn write(&mut self, bytes: Vec<u8>, times: u32) -> Result<(), TaskError> {
            self.asked.push(format!("write {} {times}", bytes.len()));
            self.disk.clone().map_or(Ok(()), Err)
        }
        async fn store(&mut self, key: u32, _: Vec<u8>) -> Result<(), TaskError> {
            self.asked.push(format!("store {key}"));
            self.disk.clone().map_or(Ok(()), Err)
        }
        fn computed(&mut self) {
            self.asked.push("computed".to_owned());
        }
    }

    fn perform(task: Task, io: &mut Scripted) -> Outcome {
        pollster::block_on(task.perform(io))
    }

    fn fetch(writes: u32) -> Task {
        Task::Fetch(Fetch { address: "a".to_owned(), writes })
    }

    #[test]
    fn what_was_fetched_is_written_and_told_by_its_digest() {
        let mut io =
            Scripted { answers: vec![Ok(b"page".to_vec()), Ok(b"page".to_vec())], ..Scripted::default() };
        assert_eq!(perform(fetch(50), &mut io), Ok(Answer::Written(digest(b"page"))));
        assert_eq!(io.asked, ["fetch a", "write 4 50"]);
        assert_eq!(perform(fetch(0), &mut io), Ok(Answer::Fetched(b"page".to_vec())));
        assert_eq!(io.asked.len(), 3, "and not where nobody asked for that");
    }

    #[test]
    fn a_step_that_fails_ends_the_task_with_its_reason() {
        let mut io = Scripted { answers: vec![Err(TaskError::Status(404))], ..Scripted::default() };
        assert_eq!(perform(fetch(1), &mut io), Err(TaskError::Status(404)));
        assert_eq!(io.asked, ["fetch a"]);
        let mut io = Scripted {
            answers: vec![Ok(Vec::new())],
            disk: Some(TaskError::DiskFull),
            ..Scripted::default()
        };
        assert_eq!(perform(fetch(1), &mut io), Err(TaskError::DiskFull));
        assert_eq!(perform(Task::Store(7, Facts::default()), &mut io), Err(TaskError::DiskFull));
        assert_eq!(perform(Task::Parse(b"no mail".to_vec()), &mut io), Err(TaskError::NoMail));
    }
}
