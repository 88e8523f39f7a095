//! Runs that were recorded with the real engine, to be shown before anything is loaded.
//!
//! The file: the day, the machine, the interpreter, the example with its lanes; then for each run a line with the model,
//! the time of the work in µs and the number of lanes, and the lanes ([`Record::to_text`]). `examples/record_script.rs`
//! writes it.

use super::example::Example;
use super::record::Record;
use crate::domain::Model;

/// The run that is shown on arrival.
const CPU: &str = include_str!("recorded/cpu.txt");

/// Runs of one example on one machine.
#[derive(Clone, Debug, PartialEq)]
pub struct Recorded {
    /// The day, as 2026-11-28.
    pub day: String,
    /// The machine and its browser, in words.
    pub machine: String,
    /// The interpreter and its version.
    pub interpreter: String,
    /// What was run.
    pub example: &'static Example,
    /// In how many lanes.
    pub lanes: u32,
    /// The model, how long its work took in µs, and what the lanes did.
    pub runs: Vec<(Model, f64, Record)>,
}

impl Recorded {
    /// The runs that are shown on arrival.
    pub fn on_arrival() -> Option<Self> {
        Self::of_text(CPU)
    }

    /// Reads a file; `None` if it is none.
    pub fn of_text(text: &str) -> Option<Self> {
        let mut lines = text.lines();
        let [day, machine, interpreter] = [lines.next()?, lines.next()?, lines.next()?].map(str::to_owned);
        let (example, lanes) = lines.next()?.split_once(' ')?;
        let mut runs = Vec::new();
        while let Some(line) = lines.next() {
            let mut words = line.split('\t');
            let name = words.next()?;
            let model = Model::ALL.iter().copied().find(|model| model.name() == name)?;
            let took_us = words.next()?.parse().ok()?;
            let count: usize = words.next()?.parse().ok()?;
            let record: Vec<&str> = lines.by_ref().take(count).collect();
            runs.push((model, took_us, Record::of_text(&record.join("\n"))?));
        }
        let (example, lanes) = (Example::of(example)?, lanes.parse().ok()?);
        Some(Self { day, machine, interpreter, example, lanes, runs })
    }

    /// The file.
    pub fn to_text(&self) -> String {
        let Self { day, machine, interpreter, example, lanes, runs } = self;
        let mut text = format!("{day}\n{machine}\n{interpreter}\n{} {lanes}\n", example.id);
        for (model, took_us, record) in runs {
            text +=
                &format!("{}\t{took_us:.0}\t{}\n{}", model.name(), record.lanes().len(), record.to_text());
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown_on_arrival_is_whole() {
        let recorded = Recorded::on_arrival().expect("the recorded run can be read");
        assert_eq!(recorded.to_text(), CPU);
        let models: Vec<Model> = recorded.runs.iter().map(|&(model, ..)| model).collect();
        assert_eq!(models, [Model::Serial, Model::ThreadsGil, Model::Threads, Model::Processes]);
        for (model, took_us, record) in &recorded.runs {
            let lanes = if *model == Model::Serial { 1 } else { recorded.lanes as usize };
            assert_eq!(record.lanes().len(), lanes, "{model:?}");
            assert!(*took_us > 0.0 && record.end_us() <= took_us * 1.02, "{model:?}");
        }
        assert!(CPU.len() < 40_000, "it is a part of the page");
    }
}
