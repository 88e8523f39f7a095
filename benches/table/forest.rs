//! The random forest against scikit-learn's: the same set, as many trees, two lanes each.

use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};
use lanes::stats::{Estimate, Median};
use serde_json::Value;

use crate::drive::{Rounds, figure, run};
use crate::python;
use crate::row::{self, Bound, Row};
use crate::support::Page;

/// Grows forests on the first half of the set in the folder that it is given, and prints for each how
/// long that took, in seconds, and the part of the other half that it knows.
const SCIKIT_LEARN: &str = "
import pathlib, sys, time
import numpy
from sklearn.ensemble import RandomForestClassifier
folder = pathlib.Path(sys.argv[1])
x = numpy.fromfile(folder / 'x.f32', '<f4').reshape(-1, 50)
y = numpy.fromfile(folder / 'y.u8', 'u1')
known = len(y) // 2
for seed in range(3):
    forest = RandomForestClassifier(n_estimators=500, n_jobs=2, random_state=seed)
    begin = time.perf_counter()
    forest.fit(x[:known], y[:known])
    print(time.perf_counter() - begin, forest.score(x[known:], y[known:]))
";

/// Our forest, but for its time in the page.
struct Ours {
    accuracy: f64,
    ranking_us: f64,
}

/// Scikit-learn's forests: their times in µs, and their accuracies.
struct Theirs {
    times_us: Vec<f64>,
    accuracies: Vec<f64>,
}

/// Measures both, one after the other.
pub async fn measure(page: &Page) -> Result<Vec<Row>> {
    let folder = tempfile::tempdir()?;
    let folder = folder.path().to_str().context("the temporary folder's name is no text")?;
    let both = ours(folder).and_then(|ours| Ok((ours, theirs(folder)?)));
    let mut rows = Vec::new();
    let (time, accuracy) = match &both {
        Ok((ours, theirs)) => {
            run(page, "forest", "l", &["threads"], Rounds { min: 6, max: 6 }).await?;
            let time = figure(page, "threads", 2, "time").await;
            let median = Median::of(&theirs.times_us).context("scikit-learn grew no forest")?.estimate();
            // What the page does before the time begins counts here, because scikit-learn's time has it.
            let time = time.map(|t| {
                let whole = |us: f64| us + ours.ranking_us;
                let t = Estimate { value: whole(t.value), lo: whole(t.lo), hi: whole(t.hi) };
                row::over(t, median)
            });
            let most = theirs.accuracies.iter().copied().fold(f64::MIN, f64::max);
            let least = theirs.accuracies.iter().copied().fold(f64::MAX, f64::min);
            let mean = theirs.accuracies.iter().sum::<f64>() / theirs.accuracies.len() as f64;
            let [value, lo, hi] = [mean, most, least].map(|accuracy| ours.accuracy / accuracy);
            (time, Ok(Estimate { value, lo, hi }))
        }
        Err(why) => (Err(anyhow::anyhow!("{why:#}")), Err(anyhow::anyhow!("{why:#}"))),
    };
    let what = "forest of 500 trees: threads, 2 lanes over scikit-learn";
    rows.push(Row::new(5, what.to_owned(), Bound::AtMost(0.7), time));
    let what = "forest of 500 trees: accuracy over scikit-learn's";
    rows.push(Row::new(5, what.to_owned(), Bound::AtLeast(0.99), accuracy));
    Ok(rows)
}

fn ours(folder: &str) -> Result<Ours> {
    let mut cargo = Command::new("cargo");
    cargo.args(["bench", "--quiet", "--locked", "--bench", "forest", "--", folder]);
    let output = cargo.stderr(Stdio::inherit()).output().context("cargo does not run")?;
    ensure!(output.status.success(), "the forest cannot be grown on the host");
    let answer: Value =
        serde_json::from_slice(&output.stdout).context("the forest's bench printed no JSON")?;
    let number = |name: &str| answer[name].as_f64().with_context(|| format!("it printed no {name}"));
    Ok(Ours { accuracy: number("accuracy")?, ranking_us: 1e3 * number("ranking_ms")? })
}

fn theirs(folder: &str) -> Result<Theirs> {
    let text = python::scikit_learn(SCIKIT_LEARN, folder)?;
    let mut theirs = Theirs { times_us: Vec::new(), accuracies: Vec::new() };
    for line in text.lines() {
        let (time, accuracy) = line.split_once(' ').context("scikit-learn printed something else")?;
        theirs.times_us.push(1e6 * time.parse::<f64>()?);
        theirs.accuracies.push(accuracy.parse()?);
    }
    Ok(theirs)
}
