use super::*;

fn known(value: f64) -> Figure {
    Ok(Estimate { value, lo: value * 0.97, hi: value * 1.03 })
}

/// A machine with two cores, as it was measured.
fn two_cores() -> MachineFigures {
    MachineFigures {
        cores: 2,
        threads: known(1.95),
        processes: known(1.9),
        start_us: known(22_000.0),
        process_start_us: known(25_000.0),
        copy_us_per_mb: known(1_100.0),
        thread_wait_us: known(1_500.0),
        process_wait_us: known(1_700.0),
        async_wait_us: known(1_200.0),
        is_complete: true,
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
fn what_waits_gains_by_its_lanes_but_for_what_they_cannot_share() {
    let waits = Task { does: Does::Waits, ..Task::default() };
    let one_loop = Advice::of(&waits, &two_cores());
    assert_eq!((one_loop.choice, one_loop.lanes), (Choice::Async, 64));
    // 5 s; 64 wait at once, then the rest, and each takes 1.2 ms for itself.
    let gain = one_loop.gain.unwrap();
    assert!((gain.value - 5_000.0 / (2.0 * 50.0 + 63.0 * 1.2)).abs() < 1e-9, "{gain:?}");
    // One task has nobody to wait with, and one that must be killed has one process.
    assert_eq!(choice(Task { tasks: 1, ..waits }), Choice::Loop);
    let one = Advice::of(&Task { tasks: 1, must_be_killable: true, ..waits }, &two_cores());
    assert_eq!(one.choice.headline(one.lanes), "One process.");
    assert!(gain.lo < gain.value && gain.value < gain.hi);
    // With 32 threads for 40 tasks, the last eight wait by themselves; what nobody shares of the
    // first turn is done one after the other.
    let threads = Task { tasks: 40, has_async_library: false, ..waits };
    let advice = Advice::of(&threads, &two_cores());
    assert_eq!((advice.choice, advice.lanes), (Choice::Threads, 32));
    assert!((advice.gain.unwrap().value - 2_000.0 / (2.0 * 50.0 + 31.0 * 1.5)).abs() < 1e-9);
    // What can be killed must be started, too.
    let killable = Advice::of(&Task { must_be_killable: true, ..waits }, &two_cores());
    assert_eq!((killable.choice, killable.lanes), (Choice::Processes, 16));
    let killable = killable.gain.unwrap();
    assert!(killable.hi < gain.lo);
    // Each of the 16 opens its file as well, so it takes longer to start than one that computes.
    let took_ms = 7.0 * 50.0 + 15.0 * 1.7 + 16.0 * 25.0 + 1.1 * 1_000.0 / 1_024.0;
    assert!((killable.value - 5_000.0 / took_ms).abs() < 1e-9, "{killable:?}");
}

#[test]
fn what_waits_and_computes_gains_by_its_longer_step() {
    let both = Task { does: Does::Both, wait_ms: 10.0, ..Task::default() };
    let advice = Advice::of(&both, &two_cores());
    // 100 times 40 ms on processes, 22 ms to start them, 1 MB or so; the first waits for 10 ms.
    let computing_ms = 4_000.0 / 1.9 + 22.0 + 1.1 * 1_000.0 / 1_024.0;
    assert!((advice.gain.unwrap().value - 5_000.0 / (computing_ms + 10.0)).abs() < 1e-9);
    // Threads that let go of the GIL: so many that both cores compute while the others wait.
    let native = Advice::of(&Task { code: Code::Native, wait_ms: 40.0, ..both }, &two_cores());
    assert_eq!((native.choice, native.lanes), (Choice::Threads, 10));
    let gain = native.gain.unwrap();
    assert!(gain.value > 1.95 && gain.value < 10.0, "{gain:?}");
    // Where computing is hardly any of it, the waiting alone is shared.
    let hardly = Advice::of(&Task { wait_ms: 49.9, ..both }, &two_cores());
    assert_eq!(hardly.choice, Choice::Async);
    assert!(hardly.gain.unwrap().value > 10.0);
    let killable = Advice::of(&Task { must_be_killable: true, ..both }, &two_cores());
    assert_eq!(killable.choice, Choice::Processes, "a thread that fetches cannot be killed");
}

#[test]
fn nothing_is_gained_beyond_what_the_lanes_allow() {
    for does in [Does::Computes, Does::Waits, Does::Both] {
        for code in [Code::Python, Code::Native, Code::Free] {
            for wait_ms in [0.0, 25.0, 50.0] {
                for tasks in [1, 7, 1_000] {
                    let task = Task { does, code, wait_ms, tasks, ..Task::default() };
                    let advice = Advice::of(&task, &two_cores());
                    let gain = advice.gain.unwrap();
                    let most = f64::from(tasks.min(advice.lanes.max(16)));
                    assert!(gain.lo <= gain.value && gain.value <= gain.hi, "{task:?}: {gain:?}");
                    assert!(gain.hi > 0.0 && gain.hi <= most + 1e-9, "{task:?}: {gain:?}");
                }
            }
        }
    }
}

#[test]
fn what_was_not_measured_is_asked_for() {
    let nothing = MachineFigures::of(&Evidence::default(), 2);
    for does in [Does::Computes, Does::Waits, Does::Both] {
        for code in [Code::Python, Code::Native] {
            let task = Task { does, code, ..Task::default() };
            assert!(Advice::of(&task, &nothing).gain.unwrap_err().contains("Measure"), "{does:?}, {code:?}");
            // What was tried in vain is not asked for again.
            let in_vain = MachineFigures { is_complete: true, ..nothing.clone() };
            assert!(Advice::of(&task, &in_vain).gain.unwrap_err().contains("time your own"), "{does:?}");
        }
    }
}

#[test]
fn one_core_gains_nothing_by_computing_lanes() {
    let one = MachineFigures { cores: 1, ..two_cores() };
    assert_eq!(Advice::of(&Task::default(), &one).choice, Choice::Loop);
}

#[test]
fn every_choice_has_its_program() {
    let tasks = [
        (Task::default(), "Pool(2)"),
        (Task { code: Code::Free, ..Task::default() }, "ThreadPoolExecutor(2)"),
        (Task { does: Does::Waits, ..Task::default() }, "asyncio.run"),
        (Task { does: Does::Both, ..Task::default() }, "Pool(2) as pool, ThreadPoolExecutor(16)"),
        (Task { tasks: 1, ..Task::default() }, "for task in tasks"),
    ];
    for (task, part) in tasks {
        let advice = Advice::of(&task, &two_cores());
        assert!(advice.python.contains(part), "{}", advice.python);
        assert!(!advice.because.is_empty());
    }
}

/// Runs of just that in Chromium on two cores, with the cost of a wait that was measured beside them: mails that come
/// 49 ms after they are asked for, saved once each.
#[test]
fn the_gain_of_waiting_is_what_a_run_of_just_that_measures() {
    // Tasks, lanes, what each wait was found not to share (ms), and how long the run took (ms).
    let (threads, one_loop) = (1.02, 0.66);
    let runs = [
        (20, 20, threads, 68.7),
        (100, 16, threads, 408.0),
        (100, 32, threads, 243.0),
        (100, 64, threads, 169.0),
        (20, 20, one_loop, 67.7),
        (100, 16, one_loop, 381.0),
        (100, 32, one_loop, 253.0),
        (100, 64, one_loop, 172.0),
    ];
    for (tasks, lanes, own_ms, took_ms) in runs {
        let told_ms = gain::waiting_us(tasks, lanes, 50.0, own_ms);
        println!("{tasks} tasks on {lanes} lanes: {told_ms:.0} ms, measured {took_ms}");
        assert!((0.8..1.25).contains(&(told_ms / took_ms)), "{tasks} on {lanes}: {told_ms}, {took_ms}");
    }
}
