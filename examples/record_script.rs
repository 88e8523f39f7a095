//! Records the run that the view of Python shows on arrival, with the real engine in a real browser, and prints it:
//! `cargo run --example record_script > src/script/recorded/cpu.txt`. `dist/python` must be there.

#[path = "../tests/support/mod.rs"]
mod support;

use anyhow::{Context, Result, ensure};
use lanes::report::Day;
use lanes::script::example::Example;
use lanes::script::program::{Choice, Program};
use lanes::script::record::Thread;
use lanes::script::recorded::Recorded;
use lanes::ui::script::{INTERPRETER, Strip};
use serde_json::json;
use support::{Page, Visit};

const LANES: u32 = 4;
/// Each model is run so often; the run in the middle is recorded.
const RUNS: usize = 5;

/// Runs a job by the page's own script, and answers all that it told.
const RUN: &str = "
    const [job, done] = arguments;
    const told = [];
    import(new URL('python.js', document.baseURI)).then(async () => {
      const { lanesPython } = window;
      await lanesPython.load(() => {});
      lanesPython.start(job.source, job.name, job.gil, job.arguments, job.files, (what, about, text) => {
        told.push([what, about, text]);
        if (what === 'done') done(told);
      });
    }).catch((error) => done([['error', String(error), '']]));";

#[tokio::main]
async fn main() -> Result<()> {
    let example = Example::of("cpu").context("the example is gone")?;
    let program = Program::of(example.source);
    let recorded = Visit::default()
        .pay(async |page: &Page| {
            let machine = page.script::<String>(
                "return navigator.hardwareConcurrency + ' cores, ' +
                   navigator.userAgentData.brands.map(b => b.brand + ' ' + b.version).find(b => b.startsWith('Chromium')) + ', ' +
                   navigator.userAgentData.platform",
            );
            let machine = machine.await?;
            let mut all: Vec<Vec<Strip>> = Vec::new();
            // The rounds are interleaved, so that what else the machine does hits all models alike.
            for _ in 0..RUNS {
                for (number, &model) in program.models(Choice::All).iter().enumerate() {
                    let strip = run(page, example.source, program, model).await?;
                    eprintln!("{}: {:?} ms", model.name(), strip.took_us.map(|us| us / 1e3));
                    if all.len() <= number {
                        all.push(Vec::new());
                    }
                    all[number].push(strip);
                }
            }
            let middle = |mut strips: Vec<Strip>| {
                strips.sort_by(|a, b| a.took_us.unwrap_or_default().total_cmp(&b.took_us.unwrap_or_default()));
                let strip = strips.swap_remove(RUNS / 2);
                (strip.model, strip.took_us.unwrap_or_default(), strip.drawn(program, 0.0))
            };
            Ok(Recorded {
                day: today()?,
                machine,
                interpreter: INTERPRETER.to_owned(),
                example,
                lanes: LANES,
                runs: all.into_iter().map(middle).collect(),
            })
        })
        .await?;
    print!("{}", recorded.to_text());
    Ok(())
}

async fn run(page: &Page, source: &str, program: Program, model: lanes::domain::Model) -> Result<Strip> {
    let job = program.job(source, model, LANES);
    let job = json!({
        "source": job.source, "name": job.name, "gil": job.gil, "arguments": job.arguments, "files": job.files,
    });
    let told: Vec<(String, String, String)> =
        serde_json::from_value(page.driver.execute_async(RUN, vec![job]).await?.json().clone())?;
    let mut strip = Strip { model, ..Strip::default() };
    for (what, about, text) in told {
        let numbers: Vec<u32> = about.split(' ').filter_map(|number| number.parse().ok()).collect();
        match what.as_str() {
            "output" => {
                let thread = Thread { process: numbers[1], number: numbers[2] };
                strip.output.write(thread, numbers[0] == 2, &text);
            }
            "record" => text.lines().for_each(|line| strip.record.read(line)),
            "done" => strip.code = about.parse().ok(),
            _ => anyhow::bail!("{what} {about}"),
        }
    }
    ensure!(strip.code == Some(0), "{}: {}", model.name(), strip.output.errors());
    let begin_ms = strip.record.begin_ms().unwrap_or_default();
    let end_us = strip.record.end_us();
    strip.record.close(begin_ms + end_us / 1e3);
    strip.took_us = strip.output.took_us();
    Ok(strip)
}

fn today() -> Result<String> {
    let seconds = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH)?.as_secs();
    Ok(Day((seconds / 86_400) as u32).to_string())
}
