//! What is run. A CPU-bound workload is one file with one implementation of [`Workload`], and one
//! line in the table below; every model then runs it without knowing what it is. Those that wait,
//! for a network and for files, have no kernel: `io` makes their tasks, which are plain data.

pub mod big_product;
pub mod classification;
pub mod cosine_sum;
pub mod forest;
pub mod images;
pub mod io;
pub mod matrix_product;
pub mod models;
mod normal;
pub mod picture;
pub mod plain;
pub mod preview;
pub mod primes;
pub mod simulation;
pub mod squares;

use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::domain::{Bound, Model, Size, Stopped, UseOfAddresses};
use crate::job::Checkpoint;

pub use big_product::BigProduct;
pub use cosine_sum::CosineSum;
pub use forest::Forest;
pub use images::Images;
pub use matrix_product::MatrixProduct;
pub use models::Models;
pub use picture::Picture;
pub use plain::Plain;
pub use preview::Preview;
pub use primes::Primes;
pub use simulation::Simulation;
pub use squares::Squares;

/// Names the workloads: `Id` in code, `"id"` in links and files, the type that implements it or, of
/// those that have no kernel, what is said of it.
macro_rules! workloads {
    (
        kernels { $($name:ident $id:literal $implementation:ty;)* }
        io { $($io_name:ident $io_id:literal $description:expr;)* }
    ) => {
        /// Names a workload.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum WorkloadId { $(#[doc = $id] $name,)* $(#[doc = $io_id] $io_name),* }

        impl WorkloadId {
            /// Every workload, in the order in which they are offered.
            pub const ALL: &[WorkloadId] = &[$(WorkloadId::$name,)* $(WorkloadId::$io_name),*];

            /// Those with a kernel, which [`WorkloadId::visit`] hands over.
            pub const KERNELS: &[WorkloadId] = &[$(WorkloadId::$name),*];

            /// The workload's name in links, files and attributes.
            pub const fn id(self) -> &'static str {
                match self { $(WorkloadId::$name => $id,)* $(WorkloadId::$io_name => $io_id),* }
            }

            /// Hands the workload's type to `visitor`; `None` of a workload that has no kernel.
            pub fn visit<V: Visitor>(self, visitor: V) -> Option<V::Answer> {
                match self {
                    $(WorkloadId::$name => Some(visitor.visit::<$implementation>()),)*
                    $(WorkloadId::$io_name)|* => None,
                }
            }

            /// What is said of the workload to a person.
            pub const fn description(self) -> Description {
                match self {
                    $(WorkloadId::$name => <$implementation as Workload>::DESCRIPTION,)*
                    $(WorkloadId::$io_name => $description),*
                }
            }
        }
    };
}

workloads! { kernels {
    CosineSum     "cosine-sum"     CosineSum;
    BigProduct    "big-product"    BigProduct;
    Primes        "primes"         Primes;
    Squares       "squares"        Squares;
    MatrixProduct "matrix-product" MatrixProduct;
    Simulation    "simulation"     Simulation;
    Forest        "forest"         Forest;
    Models        "models"         Models;
    Images        "images"         Images;
} io {
    Addresses     "addresses"      io::ADDRESSES;
    Page          "page"           io::PAGE;
    Mailbox       "mailbox"        io::MAILBOX;
    Pipeline      "pipeline"       io::PIPELINE;
} }

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

/// The inputs of one run: made once for an experiment, outside every measured time.
#[derive(Clone, Debug)]
pub struct Inputs<W: Workload> {
    /// What every lane needs whole: threads share it, each process gets a copy.
    pub shared: W::Shared,
    /// What each task needs for itself. A process gets a copy of those that it runs.
    pub tasks: Vec<W::Task>,
}

impl<W: Workload> Inputs<W> {
    /// Task number `index` of a run that repeats the tasks as often as it needs them.
    pub fn task(&self, index: usize) -> &W::Task {
        &self.tasks[index % self.tasks.len()]
    }
}

/// A kernel, its inputs and its answers.
///
/// The kernel never knows where it runs. It must not allocate in its hot loop (a wasm module's
/// threads queue for one allocator) and must call its checkpoint at least every 50 µs or so.
pub trait Workload: Sized + 'static {
    /// What every lane needs whole.
    type Shared: Serialize + DeserializeOwned + Send + Sync;
    /// What one task needs for itself.
    type Task: Serialize + DeserializeOwned + Send + Sync;
    /// What one task answers.
    type Output: Serialize + DeserializeOwned + Send;

    /// What is said of it.
    const DESCRIPTION: Description;

    /// Whether it stands for native code that lets go of the GIL while it computes.
    const RELEASES_GIL: bool = false;

    /// Makes the inputs: the same `size` and `seed` make the same inputs everywhere.
    fn inputs(size: Size, seed: u64) -> Inputs<Self>;

    /// Makes the inputs from a picture of the visitor's own, where they are a picture.
    fn inputs_from(_picture: &Picture, size: Size, seed: u64) -> Inputs<Self> {
        Self::inputs(size, seed)
    }

    /// What a person is shown of the inputs and of the outputs, named by their tasks: a picture, if
    /// they are one.
    fn preview(_inputs: &Inputs<Self>, _outputs: &[(usize, &Self::Output)]) -> Option<Preview> {
        None
    }

    /// The work in `task`, in units of the workload's own: what a task reports to its checkpoint
    /// adds up to this. Used for progress only.
    fn units(task: &Self::Task) -> u32;

    /// Runs one task.
    ///
    /// # Errors
    /// Only [`Stopped`], as its checkpoint says.
    fn run<C: Checkpoint>(
        shared: &Self::Shared,
        task: &Self::Task,
        checkpoint: &mut C,
    ) -> Result<Self::Output, Stopped>;

    /// One number for all outputs, given in the order of the tasks: equal for equal answers.
    fn checksum(outputs: &[Self::Output]) -> u64;
}

impl WorkloadId {
    /// What its lanes spend their time on.
    pub const fn bound(self) -> Bound {
        match self {
            WorkloadId::Addresses | WorkloadId::Page | WorkloadId::Mailbox => Bound::Io,
            WorkloadId::Pipeline => Bound::Mixed,
            _ => Bound::Cpu,
        }
    }

    /// Whether its lanes wait for a network and for files.
    pub const fn is_io(self) -> bool {
        !matches!(self.bound(), Bound::Cpu)
    }

    /// What it makes of addresses of the visitor's own.
    pub const fn use_of_addresses(self) -> UseOfAddresses {
        match self {
            WorkloadId::Addresses | WorkloadId::Page => UseOfAddresses::Fetches,
            WorkloadId::Mailbox | WorkloadId::Pipeline => UseOfAddresses::Refuses,
            _ => UseOfAddresses::Ignores,
        }
    }

    /// The models that can run it, in their order.
    pub const fn models(self) -> &'static [Model] {
        use Model::{Async, ByBottleneck, Processes, Serial, Threads, ThreadsGil};
        match self.bound() {
            Bound::Cpu => &[Serial, Threads, ThreadsGil, Processes],
            Bound::Io => &[Serial, Threads, ThreadsGil, Processes, Async],
            Bound::Mixed => &[Serial, Threads, ThreadsGil, Processes, ByBottleneck],
        }
    }

    /// Whether it stands for native code that lets go of the GIL while it computes.
    pub fn releases_gil(self) -> bool {
        struct ReleasesGil;
        impl Visitor for ReleasesGil {
            type Answer = bool;
            fn visit<W: Workload>(self) -> bool {
                W::RELEASES_GIL
            }
        }
        self.visit(ReleasesGil).unwrap_or(false)
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
    use crate::job::Unchecked;

    #[test]
    fn ids_are_unique_and_found_again() {
        for &workload in WorkloadId::ALL {
            assert_eq!(WorkloadId::from_id(workload.id()), Some(workload));
        }
        assert_eq!(WorkloadId::from_id("no such workload"), None);
    }

    #[test]
    fn what_has_a_kernel_is_cpu_bound_and_every_workload_has_a_baseline() {
        for workload in WorkloadId::ALL {
            assert_eq!(workload.is_io(), !WorkloadId::KERNELS.contains(workload), "{}", workload.id());
            assert_eq!(workload.models()[0], Model::Serial);
        }
    }

    /// What holds of every workload, whatever it computes.
    struct Contract;

    impl Visitor for Contract {
        type Answer = ();

        fn visit<W: Workload>(self) {
            let name = W::DESCRIPTION.name;
            let inputs = W::inputs(Size::S, 7);
            let again = W::inputs(Size::S, 7);
            assert!(inputs.tasks.len() >= 16, "{name}: tasks for 16 lanes");

            let mut outputs = Vec::new();
            let mut copied = Vec::new();
            for (task, same) in inputs.tasks.iter().zip(&again.tasks) {
                let mut counted = Counting(0);
                outputs.push(W::run(&inputs.shared, task, &mut counted).unwrap());
                assert_eq!(counted.0, W::units(task), "{name}: units reported");

                // A process sees a copy of its inputs and sends a copy of its output.
                let bytes = postcard::to_allocvec(same).unwrap();
                let task: W::Task = postcard::from_bytes(&bytes).unwrap();
                let output = W::run(&again.shared, &task, &mut Unchecked).unwrap();
                let bytes = postcard::to_allocvec(&output).unwrap();
                copied.push(postcard::from_bytes(&bytes).unwrap());
            }
            assert_eq!(W::checksum(&outputs), W::checksum(&copied), "{name}: the same seed, copied");
            outputs.swap(0, 1);
            assert_ne!(W::checksum(&outputs), W::checksum(&copied), "{name}: a checksum sees the order");

            let task = &inputs.tasks[0];
            assert!(W::run(&inputs.shared, task, &mut StopAtOnce).is_err(), "{name}: stops when told");
        }
    }

    struct Counting(u32);
    impl Checkpoint for Counting {
        fn tick(&mut self, units: u32) -> Result<(), Stopped> {
            self.0 += units;
            Ok(())
        }
    }

    struct StopAtOnce;
    impl Checkpoint for StopAtOnce {
        fn tick(&mut self, _: u32) -> Result<(), Stopped> {
            Err(Stopped)
        }
    }

    #[test]
    fn every_workload_keeps_the_contract() {
        for workload in WorkloadId::KERNELS {
            workload.visit(Contract).expect("it has a kernel");
        }
    }
}
