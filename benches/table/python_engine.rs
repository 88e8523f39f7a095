//! The Python engine beside CPython, measured in turns. METHODOLOGY.md says what the rows mean.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use lanes::stats::{Estimate, Median};
use serde_json::json;

use crate::python::text_of_program;
use crate::row::{Bound, Row, over};
use crate::support::interpreter::{Browser, PATIENCE};

const RANK: u32 = 9;
const KERNELS: &str = include_str!("kernels.py");
/// How often the kernels and the pairs of lanes are run, in either Python in turns.
const ROUNDS: usize = 3;
/// How often what takes milliseconds is done.
const TIMES: usize = 9;

/// Measures every row. What fails is a row that says so.
pub async fn measure() -> Result<Vec<Row>> {
    let mut rows = sizes()?;
    let browser = Browser::open(true, PATIENCE).await?;
    rows.push(row(
        "first line of print: the first time after the download (ms)",
        Bound::AtMost(900.0),
        first_line(&browser).await,
    ));
    rows.push(row("first line of print: again (ms)", Bound::AtMost(250.0), again(&browser).await));
    rows.extend(starts(&browser).await);
    rows.extend(kernels(&browser).await);
    rows.extend(pairs(&browser).await);
    rows.extend(turns(&browser).await);
    for (what, most, source) in STOPS {
        let took = stop(&browser, source).await;
        rows.push(row(&format!("Stop in {what} (ms)"), Bound::AtMost(most), took));
    }
    rows.extend(memory(&browser).await);
    browser.close().await?;
    rows.extend(patch()?);
    Ok(rows)
}

fn row(what: &str, bound: Bound, measured: Result<Estimate>) -> Row {
    Row::new(RANK, format!("Python engine: {what}"), bound, measured)
}

fn exact(value: f64) -> Estimate {
    Estimate { value, lo: value, hi: value }
}

fn median(times: &[f64]) -> Result<Estimate> {
    Ok(Median::of(times).context("nothing was measured")?.estimate())
}

fn sizes() -> Result<Vec<Row>> {
    let built = project().join("dist/python");
    let megabytes = |names: &[&str]| -> Result<Estimate> {
        let lengths = names.iter().map(|name| xtask::python::brotli_len(&built.join(name)));
        Ok(exact(lengths.sum::<Result<usize>>()? as f64 / 1e6))
    };
    let of = |end: &str| -> Result<Vec<String>> {
        let entries = fs::read_dir(&built).context("run `cargo xtask python` first")?;
        let names = entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned());
        Ok(names.filter(|name| name.ends_with(end)).collect())
    };
    let scripts = of(".js")?;
    let interpreter: Vec<&str> = scripts.iter().map(|name| &**name).chain(["python.wasm"]).collect();
    Ok(vec![
        row("download of the interpreter, brotli (MB)", Bound::AtMost(4.2), megabytes(&interpreter)),
        row("download of the library, brotli (MB)", Bound::AtMost(0.9), megabytes(&["library.bin"])),
    ])
}

/// From a new page's first script to the first output: the files come from this machine.
async fn first_line(browser: &Browser) -> Result<Estimate> {
    let mut times = Vec::new();
    for _ in 0..5 {
        browser.session.refresh().await?;
        let outcome = browser.run("print('hi')", json!({ "from_load": true })).await?;
        times.push(outcome.first.context("it printed nothing")?);
    }
    median(&times)
}

async fn again(browser: &Browser) -> Result<Estimate> {
    let mut times = Vec::new();
    for _ in 0..TIMES {
        times.push(browser.run("print('hi')", json!({})).await?.first.context("it printed nothing")?);
    }
    median(&times)
}

/// Prints how long it takes until a process has answered, and a thread has come and gone, in ms.
const STARTS: &str = "
import multiprocessing, threading, time
def answer(connection): connection.send(1)
if __name__ == '__main__':
    for _ in range(9):
        ours, theirs = multiprocessing.Pipe()
        process = multiprocessing.Process(target=answer, args=(theirs,))
        begin = time.perf_counter()
        process.start()
        ours.recv()
        print('process', (time.perf_counter() - begin) * 1000)
        process.join()
    for _ in range(50):
        begin = time.perf_counter()
        thread = threading.Thread(target=int)
        thread.start()
        thread.join()
        print('thread', (time.perf_counter() - begin) * 1000)
";

async fn starts(browser: &Browser) -> Vec<Row> {
    let times = figures(browser, STARTS, true).await;
    [("a new process ready (ms)", "process", 160.0), ("a thread started and joined (ms)", "thread", 2.0)]
        .map(|(what, name, most)| row(what, Bound::AtMost(most), of(&times, name)))
        .into()
}

/// What a script prints: a name and a number a line.
async fn figures(browser: &Browser, source: &str, gil: bool) -> Result<BTreeMap<String, Vec<f64>>> {
    let outcome = browser.run(source, json!({ "gil": gil })).await?;
    ensure!(outcome.code == 0 && !outcome.hung, "{}", outcome.written(2));
    read(&outcome.written(1))
}

fn read(text: &str) -> Result<BTreeMap<String, Vec<f64>>> {
    let mut figures = BTreeMap::<String, Vec<f64>>::new();
    for line in text.lines() {
        let (name, figure) =
            line.split_once(' ').with_context(|| format!("{line} is no name with a number"))?;
        figures.entry(name.to_owned()).or_default().push(figure.parse()?);
    }
    Ok(figures)
}

fn of(figures: &Result<BTreeMap<String, Vec<f64>>>, name: &str) -> Result<Estimate> {
    let figures = figures.as_ref().map_err(|error| anyhow::anyhow!("{error:#}"))?;
    median(figures.get(name).with_context(|| format!("there is no {name}"))?)
}

/// A kernel, and its time over CPython's.
type Ratio = (String, f64);

/// One thread: the least time of each kernel, in turns with CPython.
async fn kernels(browser: &Browser) -> Vec<Row> {
    let ratios = async {
        let source = format!("{KERNELS}\nfor kernel in KERNELS: print(kernel.__name__, run(kernel))\n");
        let mut least = BTreeMap::<String, [f64; 2]>::new();
        for _ in 0..ROUNDS {
            let ours = figures(browser, &source, true).await?;
            let cpythons = read(&text_of_program(&source)?)?;
            for (side, figures) in [ours, cpythons].into_iter().enumerate() {
                for (name, times) in figures {
                    let least = &mut least.entry(name).or_insert([f64::INFINITY; 2])[side];
                    *least = times.into_iter().fold(*least, f64::min);
                }
            }
        }
        let ratios: Vec<Ratio> =
            least.into_iter().map(|(name, [ours, theirs])| (name, ours / theirs)).collect();
        for (name, ratio) in &ratios {
            eprintln!("{name}: {ratio:.1} times CPython's time");
        }
        Ok::<_, anyhow::Error>(ratios)
    }
    .await;
    let figure = |f: &dyn Fn(&[Ratio]) -> f64| match &ratios {
        Ok(ratios) => Ok(exact(f(ratios))),
        Err(error) => Err(anyhow::anyhow!("{error:#}")),
    };
    let mean = |ratios: &[Ratio]| {
        (ratios.iter().map(|(_, ratio)| ratio.ln()).sum::<f64>() / ratios.len() as f64).exp()
    };
    let worst = |ratios: &[Ratio]| ratios.iter().map(|(_, ratio)| *ratio).fold(0.0, f64::max);
    vec![
        row("one thread over CPython, geometric mean of the kernels", Bound::AtMost(5.5), figure(&mean)),
        row("one thread over CPython, the worst kernel", Bound::AtMost(9.0), figure(&worst)),
    ]
}

/// Prints how many times as fast two lanes are as a plain loop.
const PAIRS: &str = "
import multiprocessing, sys, threading
def both(kernel):
    begin = time.perf_counter()
    kernel(); kernel()
    serial = time.perf_counter() - begin
    pair = [threading.Thread(target=kernel) for _ in range(2)]
    begin = time.perf_counter()
    for thread in pair: thread.start()
    for thread in pair: thread.join()
    return serial / (time.perf_counter() - begin)
def second(_):
    for _ in range(SIZE): float_loop()
def sized():
    global SIZE
    float_loop()
    SIZE = max(1, round(1000 / run(float_loop)))
def start(size):
    global SIZE
    SIZE = size
if __name__ == '__main__':
    for kernel in float_loop, cosine_loop, primes: print('loops', both(kernel))
    for kernel in objects, dicts, recursion: print('objects', both(kernel))
    sized()
    begin = time.perf_counter(); second(0); second(0); serial = time.perf_counter() - begin
    with multiprocessing.Pool(2, start, [SIZE]) as pool:
        pool.map(int, range(2), chunksize=1)
        begin = time.perf_counter(); pool.map(second, range(2), chunksize=1)
        print('processes', serial / (time.perf_counter() - begin))
";

async fn pairs(browser: &Browser) -> Vec<Row> {
    let measured = async {
        let source = format!("{KERNELS}\n{PAIRS}");
        let mut all = BTreeMap::<String, Vec<f64>>::new();
        for _ in 0..ROUNDS {
            let native = native_gain();
            all.entry("native".to_owned()).or_default().push(native);
            for (kind, figures) in [
                ("gil", figures(browser, &source, true).await?),
                ("free", figures(browser, &source, false).await?),
                ("cpython", read(&text_of_program(&source)?)?),
            ] {
                for (name, values) in figures {
                    all.entry(format!("{kind} {name}")).or_default().extend(values);
                }
            }
        }
        Ok::<_, anyhow::Error>(all)
    }
    .await;
    let figure = |name: &str| of(&measured, name);
    let of_native = |name: &str| Ok(over(figure(name)?, figure("native")?));
    let cpythons = figure("cpython loops").map_or(f64::NAN, |figure| figure.value);
    vec![
        row(
            &format!("two threads over serial, GIL on (CPython's: {cpythons:.2})"),
            Bound::Within(0.90, 1.04),
            figure("gil loops"),
        ),
        row(
            "two threads over serial, GIL off, loops: part of what two native threads gain",
            Bound::AtLeast(0.93),
            of_native("free loops"),
        ),
        row(
            "two threads over serial, GIL off, calls and objects",
            Bound::AtLeast(1.5),
            figure("free objects"),
        ),
        row("two processes over serial, pool warm", Bound::AtLeast(1.75), figure("gil processes")),
    ]
}

/// How many times as fast two threads of the host's are as one, at what no memory slows.
fn native_gain() -> f64 {
    let work = || {
        let mut total = 0.0_f64;
        for i in 0..300_000_000_u32 {
            total = std::hint::black_box(total * 0.5 + f64::from(i));
        }
        std::hint::black_box(total);
    };
    let begin = Instant::now();
    work();
    work();
    let serial = begin.elapsed();
    let begin = Instant::now();
    std::thread::scope(|scope| {
        scope.spawn(work);
        scope.spawn(work);
    });
    serial.as_secs_f64() / begin.elapsed().as_secs_f64()
}

/// Two threads that compute for two seconds.
const TWO_THREADS: &str = "
import threading, time
def f():
    end = time.perf_counter() + 2
    while time.perf_counter() < end: pass
pair = [threading.Thread(target=f) for _ in range(2)]
for thread in pair: thread.start()
for thread in pair: thread.join()
";

/// Prints how much later than asked a sleeper wakes beside a thread that computes, in ms.
const SLEEPER: &str = "
import threading, time
is_over = False
def hog():
    while not is_over: pass
thread = threading.Thread(target=hog)
thread.start()
for _ in range(30):
    begin = time.perf_counter()
    time.sleep(0.01)
    print('late', (time.perf_counter() - begin - 0.01) * 1000)
is_over = True
thread.join()
";

async fn turns(browser: &Browser) -> Vec<Row> {
    let apart = async {
        let outcome = browser.run(TWO_THREADS, json!({})).await?;
        let asked = outcome.events.iter().filter(|event| event.reason == "asked" && event.thread > 0);
        let times: Vec<f64> = asked.map(|event| event.time).collect();
        median(&times.windows(2).map(|pair| pair[1] - pair[0]).collect::<Vec<_>>())
    };
    let apart = apart.await;
    let late = figures(browser, SLEEPER, true).await;
    let cpythons = text_of_program(SLEEPER).and_then(|text| read(&text));
    let cpythons = of(&cpythons, "late").map_or(f64::NAN, |figure| figure.value);
    vec![
        row("hand-overs of two threads at 5 ms: how far apart (ms)", Bound::Within(5.0, 6.0), apart),
        row(
            &format!("a sleeper beside a busy thread wakes so late (ms; CPython: {cpythons:.1})"),
            Bound::AtMost(7.0),
            of(&late, "late"),
        ),
    ]
}

const STOPS: [(&str, f64, &str); 2] = [
    ("an endless loop", 200.0, "print('go')\nwhile True: pass"),
    (
        "a deadlock",
        700.0,
        "import threading\na, b, meet = threading.Lock(), threading.Lock(), threading.Barrier(2)\n\
         def f(x, y):\n  with x:\n    meet.wait()\n    with y: pass\n\
         t = threading.Thread(target=f, args=(a, b), daemon=True)\nt.start()\nprint('go')\nf(b, a)",
    ),
];

async fn stop(browser: &Browser, source: &str) -> Result<Estimate> {
    let mut times = Vec::new();
    for _ in 0..TIMES {
        let outcome = browser.run(source, json!({ "stop": 300 })).await?;
        ensure!(!outcome.hung, "it did not stop");
        times.push(outcome.stopping.context("it was stopped")?);
    }
    median(&times)
}

async fn memory(browser: &Browser) -> Vec<Row> {
    let own = async {
        let outcome = browser.run("import time\nprint('hi')\ntime.sleep(0.3)", json!({})).await?;
        Ok::<_, anyhow::Error>(exact(outcome.memory / 1e6))
    };
    let own = own.await;
    let another = async {
        let group = browser.group();
        let mut held = Vec::new();
        for processes in [1, 3] {
            let source = format!(
                "import multiprocessing, time\nif __name__ == '__main__':\n  \
                 all = [multiprocessing.Process(target=time.sleep, args=(4,)) for _ in range({processes})]\n  \
                 for each in all: each.start()\n  for each in all: each.join()"
            );
            let look = async {
                tokio::time::sleep(Duration::from_secs(3)).await;
                held_by(group)
            };
            let (outcome, bytes) = tokio::join!(browser.run(&source, json!({})), look);
            ensure!(outcome?.code == 0);
            held.push(bytes?);
        }
        Ok::<_, anyhow::Error>(exact((held[1] - held[0]) / 2.0 / 1e6))
    };
    let another = another.await;
    vec![
        row("wasm memory of one interpreter after print (MB)", Bound::AtMost(20.0), own),
        row("memory of the browser for one process more (MB)", Bound::AtMost(60.0), another),
    ]
}

/// The bytes that the processes of a group hold; what several share counts once.
fn held_by(group: u32) -> Result<f64> {
    let mut bytes = 0.0;
    for entry in fs::read_dir("/proc")?.flatten() {
        let stat = fs::read_to_string(entry.path().join("stat")).unwrap_or_default();
        // The name stands in brackets and may hold anything; state, parent and group follow it.
        let of = stat.rsplit_once(')').and_then(|(_, rest)| rest.split_whitespace().nth(2)?.parse().ok());
        if of == Some(group) {
            let smaps = fs::read_to_string(entry.path().join("smaps_rollup")).unwrap_or_default();
            let pss = smaps.lines().find_map(|line| line.strip_prefix("Pss:")?.trim().strip_suffix(" kB"));
            bytes += pss.and_then(|pss| pss.trim().parse::<f64>().ok()).unwrap_or(0.0) * 1024.0;
        }
    }
    ensure!(bytes > 0.0, "the browser's processes cannot be looked at");
    Ok(bytes)
}

fn patch() -> Result<Vec<Row>> {
    let lines = xtask::python::patched_lines(&project().join("python/patch/edits.toml"))?;
    Ok(vec![row(
        "lines of RustPython that the patch touches, beside its one file",
        Bound::AtMost(150.0),
        Ok(exact(lines as f64)),
    )])
}

fn project() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}
