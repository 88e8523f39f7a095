//! Whether the figures are true, measured: `cargo xtask truth` builds the page and prints the table of
//! TRUST.md, which says how each row is made.

#[path = "../tests/support/mod.rs"]
mod support;
#[path = "trust/samples.rs"]
mod samples;
#[path = "trust/stopwatch.rs"]
mod stopwatch;
#[path = "trust/table.rs"]
mod table;

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use lanes::domain::{Model, Point, Trial, TrialError};
use lanes::experiment::Experiment;
use lanes::protocol::{FromCoordinator, ToCoordinator, TrialNews};
use lanes::report::compare::Direction;
use lanes::sample::Sample;
use lanes::stats::{Median, median};
use lanes::trial::Order;
use samples::{RECORDING, Run};
use stopwatch::Stopwatch;
use support::{Page, Visit};
use table::{Row, times};

/// The samples on either side of a comparison: an even run of rounds is dealt out to both sides in turn. A run of the
/// page takes from 6 to 30, by how much they differ.
const SAMPLES: usize = 30;
/// What the slowed kernel does beside its work, as a part of it.
const BURNED: f64 = 0.1;

const MODELS: [&str; 3] = ["serial", "threads", "processes"];

#[tokio::main]
async fn main() -> Result<()> {
    let mut rows = alike().await?;
    rows.push(slowed().await?);
    rows.extend(stopwatch().await?);
    table::tell("truth", &rows)
}

/// The rounds of a visit: enough for sixteen comparisons, as no run has more than a thousand.
fn rounds() -> u32 {
    times(16, 1) * 2 * SAMPLES as u32
}

/// The same model under two names: a difference is an error.
async fn alike() -> Result<Vec<Row>> {
    let mut kinds: [Vec<Direction>; 3] = Default::default();
    for _ in 0..times(7, 1) {
        let run = Run { workload: "cosine-sum", size: "s", models: &MODELS, rounds: rounds() };
        let visit = Visit { replaced: vec![("boot.js", RECORDING)], ..Visit::default() };
        let found = visit.pay(async |page: &Page| samples::of(page, run).await).await?;
        for (kinds, model) in kinds.iter_mut().zip([Model::Serial, Model::Threads, Model::Processes]) {
            kinds.extend(compared(&times_of(&found, model)).map(|(kind, _)| kind));
        }
    }
    let row = |(model, kinds): (&str, &Vec<Direction>)| {
        let differ = kinds.iter().filter(|kind| matches!(kind, Direction::More | Direction::Less)).count();
        Row {
            what: format!("{model} against itself: runs that report a difference"),
            bound: "≤ 5 %".to_owned(),
            measured: format!("{differ} of {}", kinds.len()),
            is_kept: 20 * differ <= kinds.len(),
        }
    };
    Ok(MODELS.into_iter().zip(&kinds).map(row).collect())
}

/// The same model, with and without a tenth more to do, in the size that the page begins with.
async fn slowed() -> Result<Row> {
    let size = if table::is_smoke() { "s" } else { "m" };
    let loader: &'static str = format!("{}{}", slowing(), include_str!("../www/lane.js")).leak();
    let mut found = Vec::new();
    // Fewer, as these trials are long.
    for _ in 0..times(4, 1) {
        let run = Run { workload: "cosine-sum", size, models: &["serial"], rounds: rounds() };
        let replaced = vec![("boot.js", RECORDING), ("lane.js", loader)];
        let visit = Visit { replaced, ..Visit::default() };
        let samples = visit.pay(async |page: &Page| samples::of(page, run).await).await?;
        found.extend(compared(&times_of(&samples, Model::Serial)));
    }
    let hits = found.iter().filter(|(kind, ratio)| *kind == Direction::More && *ratio > 1.0).count();
    let ratios: Vec<f64> = found.iter().map(|(_, ratio)| *ratio).collect();
    let usual = median(&ratios).context("there is no comparison")?;
    Ok(Row {
        what: format!(
            "serial, slowed by 10 %, against itself: runs that find it (median found: {usual:.3}×)"
        ),
        bound: "≥ 95 %".to_owned(),
        measured: format!("{hits} of {}", found.len()),
        is_kept: 20 * hits >= 19 * found.len(),
    })
}

/// Goes before the loader. Every second trial is slowed for real: whenever it looks at the clock, it owes
/// a tenth of the time since it last looked. It burns what it owes when that is ten steps of the clock, as it would burn
/// most of a step too much each time otherwise, and owes the rest in the next trial.
fn slowing() -> String {
    format!(
        "if (self.name === 'coordinator') {{
           let trials = 0;
           let isSlow = false;
           self.addEventListener('message', ({{ data }}) => {{
             if (data instanceof Uint8Array && data[0] === {run}) isSlow = trials++ % 2 === 1;
           }});
           const now = performance.now.bind(performance);
           let last = now();
           let owed = 0;
           performance.now = () => {{
             if (isSlow) {{
               const begin = now();
               owed += {BURNED} * (begin - last);
               if (owed >= 0.05) {{
                 while (now() - begin < owed);
                 owed -= now() - begin;
               }}
             }}
             return (last = now());
           }};
         }}
         ",
        run = run_number(),
    )
}

/// The number with which a message that orders a trial begins.
fn run_number() -> u8 {
    let trial = Trial { id: 0, round: 0, point: Point { model: Model::Serial, lanes: 1 } };
    let message = ToCoordinator::Run(Order::new(&Experiment::default(), trial));
    postcard::to_allocvec(&message).expect("every message can be written")[0]
}

/// The times of a model's samples by their trials' order, in µs.
fn times_of(samples: &[Sample], model: Model) -> Vec<(u32, f64)> {
    let of_model = samples.iter().filter(|sample| sample.trial.point.model == model);
    of_model.map(|sample| (sample.trial.id, sample.total_us)).collect()
}

/// Deals the samples out to two sides in turn, and compares them as the page compares reports: the kind of
/// the difference and its ratio, for every comparison that there are samples for.
fn compared(times: &[(u32, f64)]) -> impl Iterator<Item = (Direction, f64)> {
    times.chunks_exact(2 * SAMPLES).map(|chunk| {
        let side = |odd: usize| {
            let mine = chunk.iter().enumerate().filter(|(place, _)| place % 2 == odd);
            Median::of(&mine.map(|(_, &(_, us))| us).collect::<Vec<_>>()).expect("it has samples").estimate()
        };
        // The warm-up is trial 0, and trials are slowed in turn: the first that counts is.
        let (first, second) = (side(0), side(1));
        let ratio = first.over(second).expect("no time is zero");
        (Direction::of(ratio), ratio.value)
    })
}

/// The page's figures beside those of a stopwatch in another process.
async fn stopwatch() -> Result<Vec<Row>> {
    const ROUNDS: u32 = 7;
    let watch = Stopwatch::start()?;
    let loader: &'static str = format!("{}{}", pressing(&watch), include_str!("../www/lane.js")).leak();
    // The worker may ask nobody but its own site, unless the site says so.
    let headers = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("dist/_headers"))?;
    let headers: &'static str =
        headers.replace("connect-src 'self'", &format!("connect-src 'self' {}", watch.address())).leak();
    let replaced = vec![("boot.js", RECORDING), ("lane.js", loader), ("_headers", headers)];
    let visit = Visit { replaced, ..Visit::default() };
    // Long enough for the presses, a few milliseconds, to be nothing beside it.
    let size = if table::is_smoke() { "m" } else { "l" };
    let run = Run { workload: "simulation", size, models: &MODELS, rounds: ROUNDS };
    let (samples, figures) = visit
        .pay(async |page: &Page| {
            let samples = samples::of(page, run).await?;
            let mut figures = Vec::new();
            for (model, lanes) in MODELS.into_iter().zip([1, 2, 2]) {
                figures.push(page.figure(model, lanes, "time").await?.context("nothing was measured")?.value);
            }
            Ok((samples, figures))
        })
        .await?;
    // The warm-up's trials come first, one of each model.
    let watched: Vec<f64> =
        watch.times()?.iter().skip(MODELS.len()).map(|time| time.as_secs_f64() * 1e6).collect();
    anyhow::ensure!(watched.len() == samples.len(), "{} presses, {} samples", watched.len(), samples.len());
    let models = [Model::Serial, Model::Threads, Model::Processes];
    let row = |((name, model), shown): ((&str, Model), f64)| {
        let mine = samples.iter().zip(&watched).filter(|(sample, _)| sample.trial.point.model == model);
        let outside = median(&mine.map(|(_, &us)| us).collect::<Vec<_>>()).expect("it has samples");
        let off = shown / outside - 1.0;
        Row {
            what: format!("{name}: the page's time against a stopwatch in another process"),
            bound: "within 2 %".to_owned(),
            measured: format!("{:.3} s, {:.3} s outside: {:+.2} %", shown / 1e6, outside / 1e6, 100.0 * off),
            is_kept: off.abs() <= 0.02,
        }
    };
    Ok(MODELS.into_iter().zip(models).zip(figures).map(row).collect())
}

/// Goes before the loader: the coordinator presses the stopwatch when it is told to run a trial, and when
/// it has a sample.
fn pressing(watch: &Stopwatch) -> String {
    let (news, ended) = end_numbers();
    format!(
        "if (self.name === 'coordinator') {{
           const press = (what) => {{
             const request = new XMLHttpRequest();
             request.open('GET', '{address}/' + what, false);
             request.send();
           }};
           self.addEventListener('message', ({{ data }}) => {{
             if (data instanceof Uint8Array && data[0] === {run}) press('begin');
           }});
           const post = self.postMessage.bind(self);
           self.postMessage = (message, ...rest) => {{
             // News of a trial: its number, the trial's id in as many bytes as that needs, and the number of the news.
             let at = 1;
             while (message[at] & 0x80) at += 1;
             if (message instanceof Uint8Array && message[0] === {news} && message[at + 1] === {ended}) press('end');
             post(message, ...rest);
           }};
         }}
         ",
        address = watch.address(),
        run = run_number(),
    )
}

/// The numbers by which the end of a trial is known, in a message whose id takes one byte: those of the message, and of the
/// news in it.
fn end_numbers() -> (u8, u8) {
    let ended = FromCoordinator::Trial(0, TrialNews::Ended(Err(TrialError::Stopped)));
    let bytes = postcard::to_allocvec(&ended).expect("every message can be written");
    (bytes[0], bytes[2])
}
