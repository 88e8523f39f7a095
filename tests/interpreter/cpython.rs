//! CPython's own tests, as RustPython carries them: `cargo xtask test python --all`.
//!
//! `cpython.txt` names the tests that do not pass here, and why. Any other that fails, and any that hangs, fails this.

use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use crate::support::interpreter::{Browser, Outcome};

/// How long all tests of a module may take.
const PATIENCE: Duration = Duration::from_secs(3_600);
/// How long a test may say nothing, in milliseconds.
const SILENCE: u32 = 120_000;

const MODULES: [&str; 22] = [
    "test_thread",
    "test_threading",
    "test_threading_local",
    "test_queue",
    "test_random",
    "test_concurrent_futures.test_as_completed",
    "test_concurrent_futures.test_future",
    "test_concurrent_futures.test_init",
    "test_concurrent_futures.test_process_pool",
    "test_concurrent_futures.test_shutdown",
    "test_concurrent_futures.test_thread_pool",
    "test_concurrent_futures.test_wait",
    "test_asyncio.test_base_events",
    "test_asyncio.test_futures",
    "test_asyncio.test_locks",
    "test_asyncio.test_queues",
    "test_asyncio.test_tasks",
    "test_asyncio.test_threads",
    "test_multiprocessing_spawn.test_threads",
    "test_multiprocessing_spawn.test_processes",
    "test_multiprocessing_spawn.test_manager",
    "test_multiprocessing_spawn.test_misc",
];

/// `how test: why`, where `how` is `fails`, or `hangs` for those that are not even begun. A test is named by the
/// beginning of its name.
const KNOWN: &str = include_str!("cpython.txt");

#[derive(Clone, Copy, PartialEq)]
enum How {
    Fails,
    Hangs,
}

fn known() -> Result<Vec<(How, &'static str)>> {
    let lines = KNOWN.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines
        .map(|line| {
            let (test, why) = line.split_once(": ").with_context(|| format!("{line} gives no reason"))?;
            ensure!(!why.trim().is_empty(), "{line} gives no reason");
            match test.split_once(' ') {
                Some(("fails", test)) => Ok((How::Fails, test)),
                Some(("hangs", test)) => Ok((How::Hangs, test)),
                _ => anyhow::bail!("{line} says neither fails nor hangs"),
            }
        })
        .collect()
}

/// The files that the tests need, by their paths.
fn texts(folder: &Path) -> Result<BTreeMap<String, String>> {
    const FILES: [&str; 11] = [
        "__init__.py",
        "_test_multiprocessing.py",
        "lock_tests.py",
        "randv2_32.pck",
        "randv2_64.pck",
        "randv3.pck",
        "test_queue.py",
        "test_random.py",
        "test_thread.py",
        "test_threading.py",
        "test_threading_local.py",
    ];
    const PACKAGES: [&str; 5] =
        ["certdata", "support", "test_asyncio", "test_concurrent_futures", "test_multiprocessing_spawn"];
    let mut files: Vec<PathBuf> = FILES.iter().map(|name| folder.join(name)).collect();
    for package in PACKAGES {
        let entries = fs::read_dir(folder.join(package))?.collect::<std::io::Result<Vec<_>>>()?;
        files.extend(entries.iter().map(|entry| entry.path()).filter(|path| {
            path.extension().is_some_and(|end| ["py", "pem", "reference"].iter().any(|known| end == *known))
        }));
    }
    let mut texts = BTreeMap::new();
    for file in files {
        let name = file.strip_prefix(folder)?.to_string_lossy().into_owned();
        texts.insert(format!("test/{name}"), fs::read_to_string(&file)?);
    }
    // A server's package that the tests of asyncio import, and the engine leaves out.
    for entry in fs::read_dir(folder.join("../wsgiref"))?.collect::<std::io::Result<Vec<_>>>()? {
        let name = entry.file_name().to_string_lossy().into_owned();
        texts.insert(format!("wsgiref/{name}"), fs::read_to_string(entry.path())?);
    }
    // WASI has no threads and no sockets elsewhere, and the tests take its name for a reason to skip themselves.
    for (name, old, new) in [
        ("threading_helper", "\"wasi\":\n        return False", "\"wasi\":\n        return True"),
        ("__init__", "has_socket_support = not", "has_socket_support = True or not"),
    ] {
        let helper = texts.get_mut(&format!("test/support/{name}.py")).context("the tests have helpers")?;
        ensure!(helper.contains(old), "support/{name}.py has changed");
        *helper = helper.replace(old, new);
    }
    Ok(texts)
}

/// How the tests of a module ended.
#[derive(Default)]
struct Ends {
    passed: BTreeSet<String>,
    skipped: BTreeSet<String>,
    failed: BTreeMap<String, String>,
    hung: BTreeSet<String>,
    left: BTreeSet<String>,
}

async fn run(browser: &Browser, module: &str, texts: &Value, left_out: &[&str], gil: bool) -> Result<Ends> {
    let mut ends = Ends::default();
    let source = include_str!("cpython.py");
    let mut first = 0;
    loop {
        let mut args = vec![format!("test.{module}"), first.to_string()];
        args.extend(left_out.iter().map(|name| format!("test.{name}")));
        let options = json!({ "args": args, "texts": texts, "silence": SILENCE, "gil": gil });
        let outcome: Outcome = browser.run(source, options).await?;
        let written = outcome.written(1);
        let (mut order, mut begun, mut is_done) = (Vec::new(), None, false);
        for line in written.lines().filter_map(|line| line.strip_prefix("@@ ")) {
            let (how, rest) = line.split_once(' ').unwrap_or((line, ""));
            let (test, why) = rest.split_once(' ').unwrap_or((rest, ""));
            let test = test.strip_prefix("test.").unwrap_or(test).to_owned();
            match how {
                "there" => order.push(test),
                "left" => {
                    order.push(test.clone());
                    ends.left.insert(test);
                }
                "begin" => begun = Some(test),
                "passed" if ends.failed.contains_key(&test) => {}
                "passed" => drop(ends.passed.insert(test)),
                "skipped" => drop(ends.skipped.insert(test)),
                "failed" => drop(ends.failed.insert(test, why.to_owned())),
                "done" => is_done = true,
                _ => {}
            }
        }
        if is_done || (begun.is_none() && order.is_empty() && !ends.skipped.is_empty()) {
            return Ok(ends);
        }
        // It hung, or has ended Python: the next run begins after it.
        let at = begun.as_ref().and_then(|test| order.iter().rposition(|there| there == test));
        let at = at.with_context(|| format!("{module}: {}\n{}", outcome.written(1), outcome.written(2)))?;
        ends.hung.extend(begun);
        first += at + 1;
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes most of an hour: `cargo xtask test python --all`"]
async fn cpythons_own_tests_pass() -> Result<()> {
    let folder = env::var_os("CPYTHON_TESTS").context("`cargo xtask test python --all` fetches the tests")?;
    let texts = serde_json::to_value(texts(Path::new(&folder))?)?;
    let known = known()?;
    let hangs: Vec<&str> =
        known.iter().filter(|(how, _)| *how == How::Hangs).map(|(_, test)| *test).collect();
    let is_known = |test: &str| known.iter().any(|(_, known)| test.starts_with(known));
    let gil = env::var_os("WITHOUT_GIL").is_none();
    let browser = Browser::open(true, PATIENCE).await?;
    let (mut unknown, mut all) = (Vec::new(), [0; 5]);
    let named = env::var("CPYTHON_MODULES").unwrap_or_default();
    for module in
        MODULES.iter().filter(|module| named.is_empty() || named.split(',').any(|name| name == **module))
    {
        let ends = run(&browser, module, &texts, &hangs, gil).await?;
        let counts =
            [ends.passed.len(), ends.skipped.len(), ends.failed.len(), ends.hung.len(), ends.left.len()];
        all.iter_mut().zip(counts).for_each(|(sum, count)| *sum += count);
        let [passed, skipped, failed, hung, left] = counts;
        println!(
            "{module}: {passed} passed, {skipped} skip themselves, {failed} failed, {hung} hung, {left} left out"
        );
        for (test, why) in &ends.failed {
            let mark = if is_known(test) { "known" } else { "NEW" };
            println!("  {mark}: fails {test}: {}", why.rsplit("\\n").next().unwrap_or(why));
            if !is_known(test) {
                unknown.push(format!("{test}: {}", why.replace("\\n", "\n")));
            }
        }
        for test in &ends.hung {
            println!("  NEW: hangs {test}");
            unknown.push(format!("{test} hangs, or ends Python"));
        }
    }
    browser.close().await?;
    let [passed, skipped, failed, hung, left] = all;
    println!(
        "all: {passed} passed, {skipped} skip themselves, {failed} failed, {hung} hung, {left} left out"
    );
    ensure!(unknown.is_empty(), "{}", unknown.join("\n---\n"));
    Ok(())
}
