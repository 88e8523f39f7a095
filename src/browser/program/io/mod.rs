//! I/O-bound trials: what their lanes ask the browser for, and how the lanes of each model wait.
//!
//! Only an event loop can fetch in a browser, and only asynchronously can a worker open a file. So a
//! thread asks as a thread of an operating system asks its kernel: it hands over what it wants and
//! sleeps until it is there. The kernel's part is played by the coordinator's event loop, which has
//! nothing else to do meanwhile ([`threads`]). METHODOLOGY.md says what that means for the figures.

mod desk;
mod event_loop;
mod file;
mod processes;
mod request;
mod store;
mod threads;
mod trial;

pub use desk::Desk;
pub use event_loop::wait_in_process;
pub use request::{abort_all, is_simulated};
pub use trial::IoTrials;

use std::cell::RefCell;
use std::rc::Rc;

use serde::{Deserialize, Serialize};

use super::serve::{GAUGE, Progress};
use crate::browser::clock::TrialClock;
use crate::workload::io::Task;

/// A task and its place among the trial's tasks.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Placed {
    place: usize,
    task: Task,
}

/// What lanes of every model need to begin with their tasks.
struct Ready {
    trial: u32,
    clock: TrialClock,
    desk: Rc<Desk>,
    /// How many tasks a lane takes at once.
    chunk_size: u32,
    /// How many tasks each lane has done.
    done: RefCell<Vec<u32>>,
}

impl Ready {
    /// Counts that lane number `lane` has done one more task.
    fn count(&self, lane: u32, progress: &Progress) {
        let mut done = self.done.borrow_mut();
        if done.len() <= lane as usize {
            done.resize(lane as usize + 1, 0);
        }
        done[lane as usize] += 1;
        GAUGE.lane(lane).set(done[lane as usize]);
        progress.tell(done.iter().map(|&done| u64::from(done)).sum());
    }
}
