//! A run that waits for ever: who waits for whom.

use super::record::{Record, Thread, of_reason};

/// The threads that wait.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stuck {
    /// Whether each waits for what the next one has, and the last for what the first has: a deadlock.
    pub is_circle: bool,
    /// In the order of the circle.
    pub threads: Vec<Waiting>,
}

/// A thread that waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// The thread.
    pub thread: Thread,
    /// What it does, in words.
    pub what: &'static str,
    /// Who has what it waits for, if that is known.
    pub owner: Option<Thread>,
}

impl Stuck {
    /// Reads what the page's script tells, a line a thread: `process thread reason detail` and the owner's process and
    /// thread, or two dashes.
    pub fn read(is_circle: bool, text: &str) -> Self {
        Self { is_circle, threads: text.lines().filter_map(waiting).collect() }
    }

    /// Who waits for whom, a sentence a thread, with the names of `record`.
    pub fn sentences(&self, record: &Record) -> Vec<String> {
        let name = |thread: Thread| {
            let lane = record.lanes().iter().find(|lane| lane.thread == thread);
            lane.map_or_else(|| thread.lane().title(), |lane| lane.title())
        };
        let sentence = |waiting: &Waiting| {
            let owner = waiting.owner.map(|owner| format!(", which {} has", name(owner)));
            format!("{} is {}{}.", name(waiting.thread), waiting.what, owner.unwrap_or_default())
        };
        self.threads.iter().map(sentence).collect()
    }
}

fn waiting(line: &str) -> Option<Waiting> {
    let words: Vec<&str> = line.split(' ').collect();
    let [process, number, reason, detail, owner_process, owner] = words[..] else { return None };
    let thread = |process: &str, number: &str| {
        Some(Thread { process: process.parse().ok()?, number: number.parse().ok()? })
    };
    Some(Waiting {
        thread: thread(process, number)?,
        what: of_reason(reason, detail.parse().ok()?).name(),
        owner: thread(owner_process, owner),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deadlock_is_told_thread_by_thread() {
        let stuck = Stuck::read(true, "0 1 lock 4711 0 2\n0 2 lock 4712 0 1\nnonsense");
        let mut record = Record::default();
        record.read("0 1 name Thread-1 (take)");
        assert_eq!(
            stuck.sentences(&record),
            [
                "Thread-1 (take) is waiting for a lock, which thread 2 has.",
                "thread 2 is waiting for a lock, which Thread-1 (take) has.",
            ]
        );
        let alone = Stuck::read(false, "0 0 queue 0 - -");
        assert_eq!(alone.sentences(&record), ["main thread is waiting for another lane."]);
    }
}
