//! One task of work that waits, step by step: the same under every model.

use serde::{Deserialize, Serialize};

use super::{Fetch, MailFacts, digest, facts};
use crate::domain::TaskError;
use crate::job::{Lane, Wait};

/// What one task is to do.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Task {
    /// Fetch, and write what comes.
    Fetch(Fetch),
    /// Parse this mail.
    Parse(#[serde(with = "serde_bytes")] Vec<u8>),
    /// Store under this number what was found in a mail.
    Store(u32, MailFacts),
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Answer {
    /// What came was written; its [`digest`].
    Written(u64),
    /// What came, where it is to be written nowhere.
    Fetched(#[serde(with = "serde_bytes")] Vec<u8>),
    /// What the mail says.
    Parsed(MailFacts),
    /// It is stored.
    Stored,
}

impl Answer {
    /// What the mail says, if it was parsed.
    pub fn facts(&self) -> Option<&MailFacts> {
        if let Answer::Parsed(facts) = self { Some(facts) } else { None }
    }

    /// The digest of what was written, if it was.
    pub fn digest(&self) -> Option<u64> {
        if let Answer::Written(digest) = self { Some(*digest) } else { None }
    }
}

impl Task {
    /// Does it, step by step.
    ///
    /// # Errors
    /// The reason of the step that failed.
    pub async fn perform(&self, lane: &mut impl Lane) -> Result<Answer, TaskError> {
        match self {
            Task::Fetch(fetch) => {
                let bytes = lane.wait(Wait::Fetch(fetch.address.clone())).await?;
                if fetch.writes == 0 {
                    return Ok(Answer::Fetched(bytes));
                }
                let digest = digest(&bytes);
                // What is written so often is gathered in the lane's own memory, as a file's buffer in Python does.
                lane.wait(Wait::Write(bytes.repeat(fetch.writes as usize))).await?;
                Ok(Answer::Written(digest))
            }
            Task::Parse(mail) => facts(mail).map(Answer::Parsed).ok_or(TaskError::NoMail),
            Task::Store(key, facts) => {
                let bytes = postcard::to_allocvec(facts).expect("facts can be encoded");
                lane.wait(Wait::Store(*key, bytes)).await.map(|_| Answer::Stored)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Stopped;
    use crate::job::Checkpoint;

    /// Answers from memory and puts down what it was asked.
    #[derive(Default)]
    struct Scripted {
        answers: Vec<Result<Vec<u8>, TaskError>>,
        asked: Vec<String>,
        disk: Option<TaskError>,
    }

    impl Checkpoint for Scripted {
        fn tick(&mut self, _: u32) -> Result<(), Stopped> {
            Ok(())
        }
    }

    impl Lane for Scripted {
        async fn wait(&mut self, wait: Wait) -> Result<Vec<u8>, TaskError> {
            match wait {
                Wait::Fetch(address) => {
                    self.asked.push(format!("fetch {address}"));
                    return self.answers.remove(0);
                }
                Wait::Write(bytes) => self.asked.push(format!("write {}", bytes.len())),
                Wait::Store(key, _) => self.asked.push(format!("store {key}")),
            }
            self.disk.clone().map_or(Ok(Vec::new()), Err)
        }
    }

    fn perform(task: Task, io: &mut Scripted) -> Result<Answer, TaskError> {
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
        assert_eq!(io.asked, ["fetch a", "write 200"]);
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
        assert_eq!(perform(Task::Store(7, MailFacts::default()), &mut io), Err(TaskError::DiskFull));
        assert_eq!(perform(Task::Parse(b"no mail".to_vec()), &mut io), Err(TaskError::NoMail));
    }
}
