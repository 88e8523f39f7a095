//! What was measured in real browsers, for the tests of the rules: the files that the page saves.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::rc::Rc;

use super::{CLAIMS, Claim, Counted, Evidence, Measurement, Outcome, overlaps};
use crate::cost::{CostSample, CostSummary};
use crate::domain::{Model, Point, Trial};
use crate::experiment::{Experiment, Plan};
use crate::pitfall::{LaneSeen, PitfallSample, PitfallSummary};
use crate::sample::{Sample, Split};
use crate::summary::Record;

/// The claims, tested in Chromium on a virtual machine with two cores, one of which another program kept busy
/// without a break.
pub const BUSY: &str = "busy";

/// The same on a virtual machine with two cores that had nothing else to do. It was no quiet one: a fixed loop took
/// twice as long at one time as at another.
pub const IDLE: &str = "idle";

/// What one run of the claims saved, put together from a file for each claim ([`super::record::csv`]). What several
/// claims need is in the file of the first. A claim need not have a file.
pub fn saved(run: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/recorded").join(run);
    let files =
        CLAIMS.iter().filter_map(|claim| fs::read_to_string(folder.join(format!("{}.csv", claim.id))).ok());
    let mut text = String::new();
    for file in files {
        let (columns, rows) = file.split_once("\r\n").expect("a file has columns");
        if text.is_empty() {
            text = format!("{columns}\r\n");
        }
        text += rows;
    }
    text
}

/// What was measured in one run of the claims, from what it saved.
pub fn read(text: &str, cores: u32) -> Evidence {
    let mut rows: BTreeMap<&str, Vec<Row>> = BTreeMap::new();
    for line in text.lines().skip(1) {
        let (name, row) = line.split_once(',').expect("a row has cells");
        rows.entry(name).or_default().push(Row::read(row));
    }
    let mut evidence = Evidence::default();
    for (name, rows) in rows {
        let (id, at) = name.split_once('/').expect("the number of what a claim needs");
        let claim = Claim::of_id(id).expect("a claim");
        let need = (claim.needs)(cores).swap_remove(at.parse().expect("a number"));
        let found = match &need {
            Measurement::Experiment(experiment) => of_trials(experiment, &rows),
            Measurement::Cost(cost) => {
                let sample = |row: &Row| CostSample {
                    value: row.figure,
                    lost_tasks: row.number("lost") as u32,
                    done_tasks: row.number("done") as u32,
                };
                Outcome::Cost(CostSummary::of(*cost, &rows.iter().map(sample).collect::<Vec<_>>(), None))
            }
            Measurement::Pitfall(pitfall) => {
                let samples = rows.iter().map(Row::pitfall).collect();
                Outcome::Pitfall(PitfallSummary { pitfall: *pitfall, samples, error: None })
            }
        };
        evidence.put(need, found);
    }
    evidence
}

fn of_trials(experiment: &Experiment, rows: &[Row]) -> Outcome {
    let mut record = Record::new(Plan::new(experiment).points(), experiment.scaling);
    let trials: Vec<Counted> = rows.iter().map(Row::trial).collect();
    for Counted { sample, .. } in &trials {
        record.add(sample.trial, sample);
    }
    let summary = Rc::new(record.summary().clone());
    Outcome::Experiment { summary, overlaps: overlaps(&trials), trials }
}

/// A row of the file.
struct Row<'a> {
    model: &'a str,
    lanes: u32,
    round: u32,
    figure: f64,
    more: BTreeMap<&'a str, &'a str>,
}

impl<'a> Row<'a> {
    fn read(row: &'a str) -> Self {
        let cells: Vec<&str> = row.splitn(7, ',').collect();
        let [model, lanes, round, figure, _, more, _] = cells[..] else { panic!("{row}") };
        Self {
            model,
            lanes: lanes.parse().expect("lanes"),
            round: round.parse().expect("a round"),
            figure: figure.parse().expect("a figure"),
            more: more.split(';').filter_map(|pair| pair.split_once('=')).collect(),
        }
    }

    fn number(&self, name: &str) -> f64 {
        self.more[name].parse().expect("a number")
    }

    fn trial(&self) -> Counted {
        let model = Model::ALL.iter().copied().find(|model| model.name() == self.model).expect("a model");
        let trial = Trial { id: 0, round: self.round, point: Point { model, lanes: self.lanes } };
        let split = Split {
            spawn_us: self.number("spawn"),
            copy_in_us: self.number("copy"),
            join_us: self.number("join"),
            ..Split::default()
        };
        let sample = Sample {
            split,
            first_result_us: self.number("first"),
            in_order: self.more["ordered"] == "1",
            memory_bytes: self.number("memory") as u64,
            ..Sample::new(trial, self.figure, vec![])
        };
        Counted { sample, overlap: self.number("overlap") }
    }

    fn pitfall(&self) -> PitfallSample {
        let lane = |words: &str| {
            let words: Vec<&str> = words.split(':').collect();
            let [done, yielded, holds, wants] = words[..] else { panic!("{words:?}") };
            let count = |word: &str| word.parse().expect("a count");
            LaneSeen {
                done: count(done),
                yielded: count(yielded),
                holds: holds.parse().ok(),
                wants: wants.parse().ok(),
            }
        };
        PitfallSample {
            us: self.figure,
            sum: self.number("sum") as u32,
            lanes: self.more["lanes"].split(' ').map(lane).collect(),
            stood_still: self.more["still"] == "1",
        }
    }
}
