//! An experiment as a short Python program, which CPython runs without anything else installed.
//!
//! A program is put together from files in `python/`: a workload, what it is timed by, and a library
//! that runs it in lanes. They are Python but for the words with a `$`, which the experiment decides.

use strum::VariantArray;

use crate::domain::{Model, PoolCall, Scaling, Size, Start};
use crate::experiment::Experiment;
use crate::workload::WorkloadId;
use crate::workload::python::{Source, source};

/// The library of Python that runs the lanes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, VariantArray)]
pub enum Library {
    /// Threads, each taking the next task when it has done one.
    Threading,
    /// A pool of processes.
    #[default]
    Multiprocessing,
    /// Both, behind one interface.
    ConcurrentFutures,
    /// One thread, which never waits while something else can be done.
    Asyncio,
}

impl Library {
    /// Every library, in the order in which they are offered.
    pub const ALL: &[Self] = Self::VARIANTS;

    /// The libraries that can run a workload: a loop of events is of use where there is something to
    /// wait for.
    pub fn of(workload: WorkloadId) -> &'static [Library] {
        match workload {
            // It is a program already.
            WorkloadId::Script => &[],
            workload if workload.is_io() => Self::ALL,
            _ => &Self::ALL[..3],
        }
    }

    /// The library's name in Python.
    pub const fn name(self) -> &'static str {
        match self {
            Library::Threading => "threading",
            Library::Multiprocessing => "multiprocessing",
            Library::ConcurrentFutures => "concurrent.futures",
            Library::Asyncio => "asyncio",
        }
    }

    /// The end of the program: how it is run in lanes.
    const fn source(self) -> &'static str {
        match self {
            Library::Threading => include_str!("python/threading.py"),
            Library::Multiprocessing => include_str!("python/multiprocessing.py"),
            Library::ConcurrentFutures => include_str!("python/concurrent_futures.py"),
            Library::Asyncio => include_str!("python/asyncio.py"),
        }
    }
}

/// How long CPython takes for the work in a plain loop, in µs: as CPython 3.11 was once timed on a server's core of 2 GHz,
/// to be told to one digit. `None` of work that waits.
pub fn loop_us(workload: WorkloadId, size: Size) -> Option<f64> {
    // For each size, in ms.
    let ms = match workload {
        WorkloadId::CosineSum => [80.0, 3_500.0, 7_000.0],
        WorkloadId::BigProduct => [20.0, 1_000.0, 10_000.0],
        WorkloadId::Primes => [150.0, 8_000.0, 80_000.0],
        WorkloadId::Squares => [0.8, 9.0, 90.0],
        // Without NumPy.
        WorkloadId::MatrixProduct => [400.0, 10_000.0, 80_000.0],
        WorkloadId::Simulation => [140.0, 7_000.0, 70_000.0],
        WorkloadId::Forest => [400.0, 18_000.0, 280_000.0],
        WorkloadId::Models => [670.0, 40_000.0, 400_000.0],
        WorkloadId::Images => [2_000.0, 60_000.0, 250_000.0],
        _ => return None,
    };
    Some(1e3 * ms[size as usize])
}

/// Takes the times, whatever is run.
const TIMED: &str = include_str!("python/timed.py");

const HOW_TO_RUN: &str = "\nSave it as experiment.py and run it: python3 experiment.py\n\"\"\"\n\n";

/// How often a program takes each time. Python is slower than compiled code, so it is less often
/// than Lanes does.
const ROUNDS: &str = "ROUNDS = 3";

/// The program that runs the tasks of `experiment` as a plain loop and then in lanes of `library`.
/// `None` for a workload that has none in Python, or none with that library.
pub fn program(experiment: &Experiment, library: Library) -> Option<String> {
    if !Library::of(experiment.workload).contains(&library) {
        return None;
    }
    let source = source(experiment.workload)?;
    let name = experiment.workload.description().name;
    let size = experiment.size as usize;
    let size_line = match source.small_sizes {
        Some(sizes) if experiment.is_python() => sizes[size].0,
        _ => source.sizes[size],
    };

    let mut program = String::with_capacity(4096);
    push(&mut program, &["\"\"\"An experiment of Lanes: the ", name]);
    push(&mut program, &[" (", experiment.size_names()[size], ") with ", library.name(), ".\n", HOW_TO_RUN]);

    // All imports first, as Python has it.
    let parts: Vec<&str> = source.code.iter().copied().chain([TIMED, library.source()]).collect();
    let is_import = |line: &&str| line.starts_with("import ");
    let mut imports: Vec<&str> = parts.iter().flat_map(|part| part.lines()).filter(is_import).collect();
    if experiment.call == PoolCall::ImapUnordered
        && matches!(library, Library::Multiprocessing | Library::ConcurrentFutures)
    {
        imports.push("import collections");
    }
    imports.sort_unstable();
    imports.dedup();
    for line in imports {
        push_line(&mut program, line);
    }

    let lanes: Vec<String> = experiment.lane_counts.iter().map(u32::to_string).collect();
    push(&mut program, &["\nLANES = [", &lanes.join(", "), "]\n", ROUNDS, "\n", size_line, "\n"]);
    if source.names("SEED") {
        push(&mut program, &["SEED = ", &experiment.seed.to_string(), "\n"]);
    }
    if source.names("LATENCY") {
        let seconds = f64::from(experiment.network.latency_us) / 1e6;
        push(&mut program, &["LATENCY = ", &seconds.to_string(), "\n"]);
    }
    program.push('\n');

    for part in parts {
        let body = part.lines().skip_while(|line| line.is_empty() || is_import(line));
        // Functions stand further from what is above them than statements do.
        if body.clone().next().is_some_and(|line| line.starts_with("def ")) {
            program.push('\n');
        }
        for line in body {
            match line {
                "$BEGIN" => begin(&mut program, experiment, library, &source),
                "$CALL" => push_line(&mut program, &fill_in(call(experiment, library), experiment)),
                "$RUN" => run(&mut program, experiment, library, &source),
                line => push_line(&mut program, &fill_in(line, experiment)),
            }
        }
        program.push('\n');
    }
    program.push_str("\nif __name__ == \"__main__\":\n    main()\n");
    Some(program)
}

fn push(program: &mut String, parts: &[&str]) {
    for part in parts {
        program.push_str(part);
    }
}

fn push_line(program: &mut String, line: &str) {
    push(program, &[line, "\n"]);
}

/// Replaces what the experiment decides within a line.
fn fill_in(line: &str, experiment: &Experiment) -> String {
    if !line.contains('$') {
        return line.to_owned();
    }
    let weak = experiment.scaling == Scaling::Weak;
    let chunk = match experiment.chunk_size {
        // What `Pool.map` does by itself, and next to what Lanes does.
        0 => "max(1, len(tasks) // (4 * lanes))".to_owned(),
        tasks => tasks.to_string(),
    };
    let in_any_order = experiment.call == PoolCall::ImapUnordered;
    line.replace("$RIGHT", if in_any_order { IN_ANY_ORDER } else { "answers == $EXPECTED" })
        .replace("$EXPECTED", if weak { "expected * lanes" } else { "expected" })
        .replace("$TASKS", tasks(experiment))
        .replace("$SPEED_UP", if weak { MORE_WORK } else { SOONER })
        .replace("$KINDS", kinds(experiment))
        .replace("$CHUNK", &chunk)
        .replace("$TAKE", &experiment.chunk_size.max(1).to_string())
}

const IN_ANY_ORDER: &str = "collections.Counter(answers) == collections.Counter($EXPECTED)";
const SOONER: &str = "{serial / taken:.2f} times as fast";
const MORE_WORK: &str = "{lanes * serial / taken:.2f} times the work";

/// The list of tasks, as the scaling has it.
fn tasks(experiment: &Experiment) -> &'static str {
    if experiment.scaling == Scaling::Weak { "tasks * lanes" } else { "tasks" }
}

/// The pools of `concurrent.futures` that stand for the models; both where none of them is among them.
fn kinds(experiment: &Experiment) -> &'static str {
    let threads = experiment.models.iter().any(|model| model.needs_shared_memory());
    match (threads, experiment.models.contains(&Model::Processes)) {
        (true, false) => "concurrent.futures.ThreadPoolExecutor",
        (false, true) => "concurrent.futures.ProcessPoolExecutor",
        _ => "concurrent.futures.ThreadPoolExecutor, concurrent.futures.ProcessPoolExecutor",
    }
}

/// The first lines of `main`: the inputs, what runs them, and the plain loop.
fn begin(program: &mut String, experiment: &Experiment, library: Library, source: &Source) {
    if source.shares() {
        program.push_str("    shared = make_shared()\n    share(shared)\n");
    }
    program.push_str(BEGIN);
    if experiment.switch_interval_us != CPYTHONS_SWITCH_INTERVAL_US
        && matches!(library, Library::Threading | Library::ConcurrentFutures)
    {
        let seconds = f64::from(experiment.switch_interval_us) / 1e6;
        push(program, &["    sys.setswitchinterval(", &seconds.to_string(), ")\n"]);
    }
    program.push_str(SERIAL);
}

const CPYTHONS_SWITCH_INTERVAL_US: u32 = 5_000;

const BEGIN: &str = "    tasks = make_tasks()
    gil = getattr(sys, \"_is_gil_enabled\", lambda: True)()
    print(f\"Python {platform.python_version()} {'with' if gil else 'without'} a GIL, {os.cpu_count()} cores\")
";

const SERIAL: &str = "    serial, expected = timed(lambda: [run(task) for task in tasks])
    print(f\"serial: {serial:.3f} s; {describe(expected)}\")
";

/// The lines that take the time of all tasks in a pool: with its start if that is to be cold.
fn run(program: &mut String, experiment: &Experiment, library: Library, source: &Source) {
    let (indent, pool) = match library {
        Library::ConcurrentFutures => ("            ", "with kind(lanes"),
        _ => ("        ", "with multiprocessing.Pool(lanes"),
    };
    let share = if source.shares() { ", initializer=share, initargs=(shared,)" } else { "" };
    let call = ["run_in(pool, ", tasks(experiment), ", lanes)"].concat();
    match experiment.start {
        Start::Warm => {
            push(program, &[indent, pool, share, ") as pool:\n"]);
            push(program, &[indent, "    taken, answers = timed(lambda: ", &call, ")\n"]);
        }
        Start::Cold => {
            push(program, &["\n", indent, "def start_and_run():\n"]);
            push(program, &[indent, "    ", pool, share, ") as pool:\n"]);
            push(program, &[indent, "        return ", &call, "\n\n"]);
            push(program, &[indent, "taken, answers = timed(start_and_run)\n"]);
        }
    }
}

/// The lines that have a pool run the tasks, by the call that the experiment names.
fn call(experiment: &Experiment, library: Library) -> &'static str {
    match (library, experiment.call) {
        (Library::ConcurrentFutures, PoolCall::Map | PoolCall::Imap) => {
            "    return list(pool.map(run, tasks, chunksize=$CHUNK))"
        }
        (Library::ConcurrentFutures, PoolCall::ImapUnordered) => {
            "    futures = [pool.submit(run, task) for task in tasks]
    return [future.result() for future in concurrent.futures.as_completed(futures)]"
        }
        (Library::ConcurrentFutures, PoolCall::ApplyAsync) => {
            "    futures = [pool.submit(run, task) for task in tasks]
    return [future.result() for future in futures]"
        }
        (_, PoolCall::Map) => "    return pool.map(run, tasks, chunksize=$CHUNK)",
        (_, PoolCall::Imap) => "    return list(pool.imap(run, tasks, chunksize=$CHUNK))",
        (_, PoolCall::ImapUnordered) => "    return list(pool.imap_unordered(run, tasks, chunksize=$CHUNK))",
        (_, PoolCall::ApplyAsync) => {
            "    results = [pool.apply_async(run, (task,)) for task in tasks]
    return [result.get() for result in results]"
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_says_what_the_experiment_says() {
        let experiment = Experiment { lane_counts: vec![1, 3], chunk_size: 5, ..Experiment::default() };
        let text = program(&experiment, Library::Multiprocessing).unwrap();
        for line in [
            "import multiprocessing",
            "LANES = [1, 3]",
            "COUNT = 50_000_000",
            "    return pool.map(run, tasks, chunksize=5)",
            "        with multiprocessing.Pool(lanes) as pool:",
        ] {
            assert!(text.lines().any(|found| found == line), "{line} in\n{text}");
        }
        assert!(!text.contains("SEED") && !text.contains("setswitchinterval"), "{text}");
    }

    #[test]
    fn the_switch_interval_is_set_where_threads_have_one() {
        let experiment = Experiment { switch_interval_us: 500, ..Experiment::default() };
        let sets = |library| program(&experiment, library).unwrap().contains("sys.setswitchinterval(0.0005)");
        assert!(sets(Library::Threading) && sets(Library::ConcurrentFutures));
        assert!(!sets(Library::Multiprocessing));
    }

    #[test]
    fn programs_of_the_claims_have_the_size_of_their_experiments() {
        use crate::claim::{CLAIMS, Measurement};
        let mut compared = Vec::new();
        for claim in CLAIMS {
            // A claim's program shows the first of its experiments.
            let Some(Measurement::Experiment(experiment)) = (claim.needs)(2).into_iter().next() else {
                continue;
            };
            let sizes = source(experiment.workload).unwrap().sizes[experiment.size as usize];
            let plain = claim.python.replace(['_', ','], "");
            for number in sizes.split('=').nth(1).unwrap().split(',') {
                let number = number.trim().replace('_', "");
                let is_there = plain.split(|c: char| !c.is_ascii_digit()).any(|digits| digits == number);
                assert!(is_there, "{}: {number} of “{sizes}” in\n{}", claim.id, claim.python);
            }
            compared.push(claim.id);
        }
        assert!(compared.len() >= 15, "{compared:?}");
    }

    #[test]
    fn nothing_is_left_to_fill_in_and_no_line_is_too_long_to_read() {
        for &workload in WorkloadId::ALL {
            for &library in Library::of(workload) {
                for &call in PoolCall::ALL {
                    for (start, scaling) in [(Start::Warm, Scaling::Strong), (Start::Cold, Scaling::Weak)] {
                        let experiment =
                            Experiment { workload, call, start, scaling, ..Experiment::default() };
                        let text = program(&experiment, library).unwrap();
                        assert!(!text.contains('$'), "{text}");
                        assert!(text.lines().all(|line| line.len() <= 120), "{text}");
                    }
                }
            }
        }
    }
}
