//! What is run. A workload is one file with its task and its inputs, and one line in the table below; every model then
//! runs it without knowing what it is. Those that compute are kernels; those that wait, for a network and for files, are
//! in `io`.

pub mod big_product;
pub mod classification;
pub mod cosine_sum;
pub mod forest;
pub mod images;
pub mod io;
mod kernel;
pub mod matrix_product;
pub mod models;
mod normal;
pub mod picture;
pub mod plain;
pub mod preview;
pub mod primes;
pub mod python;
pub mod script;
pub mod simulation;
pub mod squares;

use serde::{Deserialize, Serialize};

use crate::domain::{Bound, Model, Network, Size, UseOfAddresses};
use crate::job::{Inputs, Job};

pub use big_product::BigProduct;
pub use cosine_sum::CosineSum;
pub use forest::Forest;
pub use images::Images;
pub use io::{Counts, Fetches, Fetching};
pub use kernel::Kernel;
pub use matrix_product::MatrixProduct;
pub use models::Models;
pub use picture::Picture;
pub use plain::Plain;
pub use preview::Preview;
pub use primes::Primes;
pub use script::Script;
pub use simulation::Simulation;
pub use squares::Squares;

/// Names the workloads: `Id` in code, `"id"` in links and files. A kernel's type has the name of its id; what fetches has one
/// type, and says itself what it fetches.
macro_rules! workloads {
    (kernels { $($kernel:ident $kernel_id:literal;)* } script { $script:ident $script_id:literal; } fetches { $($fetch:ident $fetch_id:literal $spec:expr;)* }) => {
        /// Names a workload.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum WorkloadId {
            $(#[doc = $kernel_id] $kernel,)*
            #[doc = $script_id]
            $script,
            $(#[doc = $fetch_id] $fetch),*
        }

        impl WorkloadId {
            /// Every workload, in the order in which they are offered.
            pub const ALL: &[WorkloadId] = &[$(WorkloadId::$kernel,)* WorkloadId::$script, $(WorkloadId::$fetch),*];

            /// The workload's name in links, files and attributes.
            pub const fn id(self) -> &'static str {
                match self {
                    $(WorkloadId::$kernel => $kernel_id,)*
                    WorkloadId::$script => $script_id,
                    $(WorkloadId::$fetch => $fetch_id),*
                }
            }

            /// Hands the type of a compiled workload to `visitor`.
            ///
            /// # Panics
            /// For a script, which is not compiled: what is done with each type makes the program larger.
            pub fn visit<V: Visitor>(self, visitor: V) -> V::Answer {
                match self {
                    $(WorkloadId::$kernel => visitor.visit::<$kernel>(),)*
                    WorkloadId::$script => unreachable!("a script is not compiled"),
                    $(WorkloadId::$fetch)|* => visitor.visit::<Fetches>(),
                }
            }

            /// What it fetches, if it does.
            pub const fn fetching(self) -> Option<&'static Fetching> {
                match self { $(WorkloadId::$fetch => Some(&$spec),)* _ => None }
            }

            /// What is known of it before it runs.
            pub const fn facts(self) -> Facts {
                match self {
                    $(WorkloadId::$kernel => Facts::of_kernel::<$kernel>(),)*
                    WorkloadId::$script => Facts::of_kernel::<$script>(),
                    $(WorkloadId::$fetch => $spec.facts),*
                }
            }
        }
    };
}

workloads! { kernels {
    CosineSum     "cosine-sum";
    BigProduct    "big-product";
    Primes        "primes";
    Squares       "squares";
    MatrixProduct "matrix-product";
    Simulation    "simulation";
    Forest        "forest";
    Models        "models";
    Images        "images";
} script {
    Script        "script";
} fetches {
    Addresses     "addresses" io::ADDRESSES;
    Page          "page"      io::PAGE;
    Mailbox       "mailbox"   io::MAILBOX;
    Pipeline      "pipeline"  io::PIPELINE;
} }

/// A job that visitors can choose: its inputs, and what its answers come to.
pub trait Workload: Job {
    /// What is said of it; nothing where that depends on the id.
    const DESCRIPTION: Description = Description { name: "", what: "", python: "", sizes: [""; 3] };

    /// What its lanes spend their time on; nothing where that depends on the id.
    const BOUND: Bound = Bound::Cpu;

    /// Whether every trial has inputs of its own, with the tasks of all copies. Others keep theirs from trial to trial,
    /// and repeat their tasks for each copy.
    const FRESH_INPUTS: bool = false;

    /// Makes the inputs, outside every measured time: the same request makes the same inputs everywhere.
    fn inputs(request: &Request) -> Inputs<Self>;

    /// What a person is shown of the inputs and of the outputs, named by their tasks: a picture, if they are one.
    fn preview(_inputs: &Inputs<Self>, _outputs: &[(usize, &Self::Output)]) -> Option<Preview> {
        None
    }

    /// One number for all outputs, given in the order of the tasks: equal for equal answers.
    fn checksum(outputs: &[Self::Output]) -> u64;

    /// What the outputs add up to, if a person is shown that.
    fn counts(_outputs: &[Self::Output]) -> Option<Counts> {
        None
    }
}

/// Where lanes keep what they have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Storage {
    /// Nowhere.
    None,
    /// Each in a file of its own.
    File,
    /// All in one database.
    Database,
}

/// What inputs are made from.
#[derive(Clone, Debug)]
pub struct Request<'a> {
    /// How much of it.
    pub size: Size,
    /// Makes the inputs.
    pub seed: u64,
    /// The round of the trial: a simulated network is another in each.
    pub round: u32,
    /// How many times the tasks are run.
    pub copies: u32,
    /// Where bytes come from.
    pub network: Network,
    /// What is fetched, by workloads that fetch.
    pub fetching: Option<&'static Fetching>,
    /// The visitor's own picture, for workloads that are about one.
    pub picture: Option<&'a Picture>,
}

impl Request<'_> {
    /// A request for inputs that neither network nor picture have a part in.
    pub fn new(size: Size, seed: u64) -> Self {
        Self { size, seed, round: 0, copies: 1, network: Network::default(), fetching: None, picture: None }
    }
}

/// Something that is done with a workload whose type is known only at run time.
pub trait Visitor {
    /// What comes of it.
    type Answer;
    /// Does it with `W`.
    fn visit<W: Workload>(self) -> Self::Answer;
}

/// What is said of a workload to a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Description {
    /// Its name, in lower case.
    pub name: &'static str,
    /// What it computes, in one sentence.
    pub what: &'static str,
    /// What it stands for in Python, in one line of code.
    pub python: &'static str,
    /// What the sizes S, M and L are.
    pub sizes: [&'static str; 3],
}

/// What is known of a workload before it runs.
#[derive(Clone, Copy, Debug)]
pub struct Facts {
    /// What is said of it to a person.
    pub description: Description,
    /// What its lanes spend their time on.
    pub bound: Bound,
    /// What it makes of addresses of the visitor's own.
    pub use_of_addresses: UseOfAddresses,
    /// Whether it stands for native code that lets go of the GIL while it computes.
    pub releases_gil: bool,
    /// Where its lanes keep what they have.
    pub storage: Storage,
    /// How many steps it has, one after the other. Each may be run by a model of its own.
    pub steps: usize,
    /// The step whose outputs are the answer, from 0.
    pub answer_step: usize,
}

impl Facts {
    const fn of_kernel<W: Workload>() -> Self {
        Self {
            description: W::DESCRIPTION,
            bound: W::BOUND,
            use_of_addresses: UseOfAddresses::Ignores,
            releases_gil: W::RELEASES_GIL,
            storage: Storage::None,
            steps: 1,
            answer_step: 0,
        }
    }
}

impl WorkloadId {
    /// What is said of it to a person.
    pub const fn description(self) -> Description {
        self.facts().description
    }

    /// What its lanes spend their time on.
    pub const fn bound(self) -> Bound {
        self.facts().bound
    }

    /// Whether its lanes wait for a network and for files.
    pub const fn is_io(self) -> bool {
        matches!(self.bound(), Bound::Io | Bound::Mixed)
    }

    /// Whether there is a program of its own, compiled.
    pub fn is_compiled(self) -> bool {
        self != Self::Script
    }

    /// Whether the interpreter in the browser can run it.
    pub fn has_python(self) -> bool {
        self == Self::Script || python::size_names(self).is_some()
    }

    /// What it makes of addresses of the visitor's own.
    pub const fn use_of_addresses(self) -> UseOfAddresses {
        self.facts().use_of_addresses
    }

    /// Whether it stands for native code that lets go of the GIL while it computes.
    pub const fn releases_gil(self) -> bool {
        self.facts().releases_gil
    }

    /// The models that can run it, in their order.
    pub const fn models(self) -> &'static [Model] {
        use Model::{Async, ByBottleneck, Processes, Serial, Threads, ThreadsGil};
        match self.bound() {
            Bound::Cpu => &[Serial, Threads, ThreadsGil, Processes],
            Bound::Io | Bound::Unknown => &[Serial, Threads, ThreadsGil, Processes, Async],
            Bound::Mixed => &[Serial, Threads, ThreadsGil, Processes, ByBottleneck],
        }
    }

    /// Those that compute and never wait.
    pub fn kernels() -> impl Iterator<Item = Self> {
        Self::ALL.iter().copied().filter(|workload| workload.bound() == Bound::Cpu)
    }

    /// The workload with that name in links, files and attributes.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|workload| workload.id() == id)
    }
}

/// Folds words into one checksum (FNV-1a over their bytes; Fowler, Noll and Vo, 1991).
pub fn fold(words: impl IntoIterator<Item = u64>) -> u64 {
    words
        .into_iter()
        .flat_map(u64::to_le_bytes)
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Stopped;
    use crate::job::{Checkpoint, Lane, TaskEnd, Wait, alone};

    #[test]
    fn ids_are_unique_and_found_again() {
        for &workload in WorkloadId::ALL {
            assert_eq!(WorkloadId::from_id(workload.id()), Some(workload));
        }
        assert_eq!(WorkloadId::from_id("no such workload"), None);
    }

    #[test]
    fn every_workload_has_a_baseline() {
        for workload in WorkloadId::ALL {
            assert_eq!(workload.models()[0], Model::Serial);
        }
    }

    /// What holds of every workload that computes, whatever it computes.
    struct Contract;

    impl Visitor for Contract {
        type Answer = ();

        fn visit<W: Workload>(self) {
            let name = W::DESCRIPTION.name;
            let inputs = W::inputs(&Request::new(Size::S, 7));
            let again = W::inputs(&Request::new(Size::S, 7));
            assert!(inputs.tasks.len() >= 16, "{name}: tasks for 16 lanes");

            let mut outputs = Vec::new();
            let mut copied = Vec::new();
            for (task, same) in inputs.tasks.iter().zip(again.tasks.iter()) {
                let mut counted = Counting(0);
                outputs.push(pollster::block_on(W::perform(&inputs.shared, task, &mut counted)).unwrap());
                assert_eq!(Some(counted.0), W::units(task), "{name}: units reported");

                // A process sees a copy of its inputs and sends a copy of its output.
                let bytes = postcard::to_allocvec(same).unwrap();
                let task: W::Task = postcard::from_bytes(&bytes).unwrap();
                let bytes = postcard::to_allocvec(&alone::<W>(&again.shared, &task)).unwrap();
                copied.push(postcard::from_bytes(&bytes).unwrap());
            }
            assert_eq!(W::checksum(&outputs), W::checksum(&copied), "{name}: the same seed, copied");
            outputs.swap(0, 1);
            assert_ne!(W::checksum(&outputs), W::checksum(&copied), "{name}: a checksum sees the order");

            let stopped = pollster::block_on(W::perform(&inputs.shared, &inputs.tasks[0], &mut StopAtOnce));
            assert_eq!(stopped.err(), Some(TaskEnd::Stopped), "{name}: stops when told");
        }
    }

    struct Counting(u32);
    impl Checkpoint for Counting {
        fn tick(&mut self, units: u32) -> Result<(), Stopped> {
            self.0 += units;
            Ok(())
        }
    }
    impl Lane for Counting {
        async fn wait(&mut self, wait: Wait) -> Result<Vec<u8>, crate::domain::TaskError> {
            unreachable!("a kernel waits for {wait:?}")
        }
    }

    struct StopAtOnce;
    impl Checkpoint for StopAtOnce {
        fn tick(&mut self, _: u32) -> Result<(), Stopped> {
            Err(Stopped)
        }
    }
    impl Lane for StopAtOnce {
        async fn wait(&mut self, wait: Wait) -> Result<Vec<u8>, crate::domain::TaskError> {
            unreachable!("a kernel waits for {wait:?}")
        }
    }

    #[test]
    fn every_kernel_keeps_the_contract() {
        WorkloadId::kernels().for_each(|workload| workload.visit(Contract));
    }
}
