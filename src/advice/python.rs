//! The advice as Python: whole programs, in which only the visitor's own work is missing.

use super::{Choice, Code, Does, FETCHERS, Task};

/// What runs `task` so, with so many lanes.
pub fn program(choice: Choice, task: &Task, lanes: u32) -> String {
    let tasks = format!("tasks = range({})", task.tasks);
    const WORK: &str = "def work(task):\n    ...  # what one task does";
    match choice {
        Choice::Loop => format!("{WORK}\n\n{tasks}\nresults = [work(task) for task in tasks]"),
        Choice::Threads => {
            let note = match (task.does, task.code) {
                (Does::Waits, _) | (_, Code::Python) => "",
                (_, Code::Free) => "# a free-threaded build: python3.14t\n",
                (_, Code::Native) => "# one thread per call in the native code itself: OMP_NUM_THREADS=1\n",
            };
            format!(
                "{note}from concurrent.futures import ThreadPoolExecutor\n\n\
                 {WORK}\n\n{tasks}\n\
                 with ThreadPoolExecutor({lanes}) as pool:\n    results = list(pool.map(work, tasks))"
            )
        }
        Choice::Processes => format!(
            "from multiprocessing import Pool\n\n\
             {WORK}\n\n\
             if __name__ == \"__main__\":\n    {tasks}\n    with Pool({lanes}) as pool:\n        \
             results = pool.map(work, tasks, chunksize={})",
            chunk_size(task, lanes)
        ),
        Choice::Async => format!(
            "import asyncio\n\n\
             async def work(task):\n    ...  # what one task waits for\n\n\
             async def main():\n    {tasks}\n    in_flight = asyncio.Semaphore({lanes})\n\n    \
             async def one(task):\n        async with in_flight:\n            return await work(task)\n\n    \
             return await asyncio.gather(*map(one, tasks))\n\nresults = asyncio.run(main())"
        ),
        Choice::Both => format!(
            "from concurrent.futures import ThreadPoolExecutor\nfrom multiprocessing import Pool\n\n\
             def fetch(task):\n    ...  # what one task waits for\n\n\
             def compute(fetched):\n    ...  # what is done with it\n\n\
             if __name__ == \"__main__\":\n    {tasks}\n    \
             with Pool({lanes}) as pool, ThreadPoolExecutor({FETCHERS}) as fetchers:\n        \
             results = list(pool.imap(compute, fetchers.map(fetch, tasks)))"
        ),
    }
}

/// Chunks of some 10 ms, and no fewer than four for each lane.
fn chunk_size(task: &Task, lanes: u32) -> u32 {
    let long_enough = (10.0 / task.task_ms.max(1e-3)).ceil() as u32;
    long_enough.min(task.tasks / (4 * lanes.max(1))).max(1)
}
