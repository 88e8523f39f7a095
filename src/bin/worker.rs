//! The program of every worker: the coordinator, its threads, and the process lanes.

fn main() {}
