//! Why a task or a trial came to nothing.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A task that came to no good end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FailedTask {
    /// Its place among the workload's tasks: with addresses of the visitor's own, the address's place.
    pub task: u32,
    /// Why.
    pub reason: TaskError,
}

/// Why a task failed. Its trial goes on with the others.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum TaskError {
    /// There was no answer to be had: no connection, or one that the browser keeps to itself, as
    /// another site does not allow this page to read it. Browsers do not tell which.
    NoAnswer,
    /// The browser is offline.
    Offline,
    /// The answer is an error; its HTTP status.
    Status(u16),
    /// The body stopped before its end.
    HalfBody,
    /// The answer had not come to its end after so many milliseconds.
    TimedOut(u32),
    /// There is no room left for files.
    DiskFull,
    /// The file or the database could not be written; the browser's reason.
    NotWritten(String),
    /// What came is no mail.
    NoMail,
    /// It raised an exception; the traceback, as Python prints it.
    Raised(String),
    /// Its result cannot be sent from a process; what Python says.
    NotPickled(String),
}

impl fmt::Display for TaskError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoAnswer => write!(
                f,
                "no answer: the connection failed, or the site does not allow this page to read it (CORS)"
            ),
            Self::Offline => write!(f, "the browser is offline"),
            Self::Status(404) => write!(f, "not found (404)"),
            Self::Status(status) => write!(f, "the server answered with an error ({status})"),
            Self::HalfBody => write!(f, "the answer stopped half-way"),
            Self::TimedOut(ms) => write!(f, "no end after {} s", f64::from(*ms) / 1e3),
            Self::DiskFull => {
                write!(f, "there is no room left for files: free some, or choose a smaller size")
            }
            Self::NotWritten(reason) => write!(f, "it could not be written ({reason})"),
            Self::NoMail => write!(f, "what came is no mail"),
            Self::Raised(traceback) => write!(f, "{}", traceback.trim_end()),
            Self::NotPickled(reason) => write!(f, "a process cannot send its result ({reason})"),
        }
    }
}

/// Why a trial measured nothing. The session goes on without it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum TrialError {
    /// Threads need a shared memory, and the page is not isolated.
    NotIsolated,
    /// A worker could not be loaded or started; the browser's reason.
    WorkerFailed(String),
    /// The worker comes from another build than the page.
    OtherBuild {
        /// The build of the worker.
        worker: String,
    },
    /// Nothing was heard of the trial for so many seconds.
    Silent {
        /// How long was waited, in seconds.
        seconds: u32,
    },
    /// The answer differs from the serial one.
    WrongChecksum {
        /// The serial run's checksum.
        expected: u64,
        /// The trial's.
        found: u64,
    },
    /// A lane trapped or threw: the browser's reason.
    LaneDied(String),
    /// The machine or the browser gave no more memory.
    OutOfMemory,
    /// The page was hidden during the trial: its time means nothing, and it is run again.
    Hidden,
    /// The machine slept during the trial, or the browser had stopped the page: it is run again.
    Asleep,
    /// The Python program cannot be run.
    Python(PythonError),
    /// The visitor stopped the run.
    Stopped,
}

/// Why a Python program cannot be run. Its driver (`python/lib/_lanes_job.py`) knows the variants by their numbers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PythonError {
    /// It raised this when it was imported; the exception in one line.
    NotImported(String),
    /// It has no function `work`.
    NoWork,
    /// It has no `TASKS`.
    NoTasks,
    /// `TASKS` is no sequence; the name of its type.
    NoSequence(String),
    /// `TASKS` is empty.
    Empty,
    /// An event loop needs coroutines, and `work` is none.
    NoCoroutine,
    /// A process ended before it had answered; its exit code.
    ProcessEnded(i32),
    /// The interpreter ended; what it wrote last.
    Ended(String),
    /// The page is not isolated.
    NotIsolated,
    /// The interpreter could not be loaded; the browser's reason.
    NotLoaded(String),
}

impl PythonError {
    /// Whether no trial of the same program can do better.
    pub fn is_of_program(&self) -> bool {
        !matches!(self, Self::NoCoroutine | Self::ProcessEnded(_) | Self::Ended(_))
    }
}

impl fmt::Display for PythonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotImported(error) => write!(f, "The program could not be imported: {error}"),
            Self::NoWork => write!(f, "The program has no function work(task)."),
            Self::NoTasks => write!(f, "The program has no list TASKS."),
            Self::NoSequence(kind) => {
                write!(f, "TASKS has the type {kind}, which is no sequence. Make it a list.")
            }
            Self::Empty => write!(f, "TASKS is empty. Put at least one task into it."),
            Self::NoCoroutine => write!(f, "Async runs coroutines only. Write async def work(task)."),
            Self::ProcessEnded(code) => write!(f, "A process ended before its work, with exit code {code}."),
            Self::Ended(last) if last.is_empty() => {
                write!(f, "The Python interpreter ended before its work.")
            }
            Self::Ended(last) => write!(f, "The Python interpreter ended before its work: {last}"),
            Self::NotIsolated => write!(
                f,
                "Python needs a shared memory, which this browser allows only on isolated pages; this page is not isolated."
            ),
            Self::NotLoaded(reason) => write!(
                f,
                "Python could not be loaded ({reason}). Check your connection and try again. If it happens again, this copy of Lanes was built without Python."
            ),
        }
    }
}

impl TrialError {
    /// Whether the trial says nothing, and is to be run again: nothing was wrong with it.
    pub fn is_void(&self) -> bool {
        matches!(self, Self::Hidden | Self::Asleep)
    }
}

impl fmt::Display for TrialError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotIsolated => write!(
                f,
                "Threads share a memory, which this browser allows only on isolated pages; this page is not isolated."
            ),
            Self::WorkerFailed(reason) => {
                write!(f, "A worker could not be started: {reason}. Reload the page to try again.")
            }
            Self::OtherBuild { worker } => write!(
                f,
                "The worker comes from another build of Lanes ({worker}). Reload the page to have both from one."
            ),
            Self::Silent { seconds } => {
                write!(f, "Nothing was heard of this trial for {seconds} s, so it was ended.")
            }
            Self::WrongChecksum { expected, found } => write!(
                f,
                "The answer is wrong: checksum {found:016x}, but the serial run has {expected:016x}. Its time is not counted."
            ),
            Self::LaneDied(reason) => write!(f, "A lane died in mid-work: {reason}."),
            Self::OutOfMemory => {
                write!(f, "There was no memory left for this trial: choose fewer lanes or a smaller size.")
            }
            Self::Hidden => write!(f, "The page was hidden during this trial, so it is run again."),
            Self::Asleep => write!(f, "The machine was asleep during this trial, so it is run again."),
            Self::Python(error) => error.fmt(f),
            Self::Stopped => write!(f, "Stopped."),
        }
    }
}

impl std::error::Error for TrialError {}

impl From<PythonError> for TrialError {
    fn from(error: PythonError) -> Self {
        TrialError::Python(error)
    }
}

impl From<Stopped> for TrialError {
    fn from(Stopped: Stopped) -> Self {
        TrialError::Stopped
    }
}

/// The visitor asked for an end before the work was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stopped;

impl fmt::Display for Stopped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Stopped before it was done.")
    }
}
