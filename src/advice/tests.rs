use super::*;

fn known(value: f64) -> Option<Estimate> {
    Some(Estimate { value, lo: value * 0.97, hi: value * 1.03 })
}

/// A machine with two cores, as it was measured.
fn two_cores() -> Measured {
    Measured {
        cores: 2,
        threads: known(1.95),
        processes: known(1.9),
        start_us: known(22_000.0),
        copy_us_per_mb: known(1_100.0),
    }
}

fn choice(task: Task) -> Choice {
    Advice::of(&task, &two_cores()).choice
}

#[test]
fn what_computes_under_the_gil_takes_processes_and_anything_else_threads() {
    assert_eq!(choice(Task::default()), Choice::Processes);
    assert_eq!(choice(Task { code: Code::Native, ..Task::default() }), Choice::Threads);
    assert_eq!(choice(Task { code: Code::Free, ..Task::default() }), Choice::Threads);
}

#[test]
fn what_must_be_killed_takes_processes_whatever_it_does() {
    for does in [Does::Computes, Does::Waits] {
        for code in [Code::Python, Code::Native, Code::Free] {
            let task = Task { does, code, must_be_killable: true, ..Task::default() };
            assert_eq!(choice(task), Choice::Processes, "{does:?}, {code:?}");
        }
    }
}

#[test]
fn what_waits_takes_an_event_loop_or_threads() {
    let waits = Task { does: Does::Waits, ..Task::default() };
    assert_eq!(choice(waits), Choice::Async);
    assert_eq!(choice(Task { has_async_library: false, ..waits }), Choice::Threads);
    let advice = Advice::of(&Task { tasks: 16, ..waits }, &two_cores());
    assert_eq!((advice.choice, advice.lanes), (Choice::Threads, 16));
    assert!(advice.gain.unwrap_err().contains("time your own"));
}

#[test]
fn what_waits_and_computes_takes_both_where_the_gil_is_in_the_way() {
    let both = Task { does: Does::Both, ..Task::default() };
    assert_eq!(choice(both), Choice::Both);
    assert_eq!(choice(Task { code: Code::Native, ..both }), Choice::Threads);
}

#[test]
fn lanes_that_cost_more_than_they_gain_are_not_advised() {
    // 100 tasks of 0.1 ms are done before two processes have started.
    let tiny = Task { task_ms: 0.1, ..Task::default() };
    let advice = Advice::of(&tiny, &two_cores());
    assert_eq!((advice.choice, advice.lanes), (Choice::Loop, 1));
    assert!(advice.because.iter().any(|why| why.contains("outweighs")), "{:?}", advice.because);
    // So is what takes longer to send than to compute.
    assert_eq!(choice(Task { task_ms: 5.0, task_kb: 64.0 * 1024.0, ..Task::default() }), Choice::Loop);
}

#[test]
fn the_gain_is_amdahls_with_the_costs_that_were_measured() {
    let advice = Advice::of(&Task::default(), &two_cores());
    let gain = advice.gain.unwrap();
    // 5 s at 1.9 times, 22 ms to start, not quite 1 MB to send.
    assert!((gain.value - 5e6 / (5e6 / 1.9 + 22e3 + 1_100.0 * 1_000.0 / 1_024.0)).abs() < 1e-9);
    assert!(gain.lo < gain.value && gain.value < gain.hi);
    let one = Advice::of(&Task { tasks: 1, ..Task::default() }, &two_cores());
    assert_eq!(one.choice, Choice::Loop, "one task cannot be divided");
}

#[test]
fn what_was_not_measured_is_asked_for() {
    let nothing = Measured { cores: 2, ..Measured::default() };
    for code in [Code::Python, Code::Native] {
        let advice = Advice::of(&Task { code, ..Task::default() }, &nothing);
        assert!(advice.gain.unwrap_err().contains("Measure"), "{code:?}");
    }
}

#[test]
fn one_core_gains_nothing_by_computing_lanes() {
    let one = Measured { cores: 1, ..two_cores() };
    assert_eq!(Advice::of(&Task::default(), &one).choice, Choice::Loop);
}

#[test]
fn every_choice_has_its_program() {
    let tasks = [
        (Task::default(), "Pool(2)"),
        (Task { code: Code::Free, ..Task::default() }, "ThreadPoolExecutor(2)"),
        (Task { does: Does::Waits, ..Task::default() }, "asyncio.run"),
        (Task { does: Does::Both, ..Task::default() }, "ProcessPoolExecutor(2)"),
        (Task { tasks: 1, ..Task::default() }, "for task in tasks"),
    ];
    for (task, part) in tasks {
        let advice = Advice::of(&task, &two_cores());
        assert!(advice.python.contains(part), "{}", advice.python);
        assert!(!advice.because.is_empty());
    }
}
