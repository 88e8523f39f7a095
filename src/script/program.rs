//! How a script is run: as it stands, or its `work` over its `TASKS` under each model. `driver.py` does both.

use strum::{IntoStaticStr, VariantArray};

use crate::domain::Model;

/// The program that runs the script.
const DRIVER: &str = include_str!("driver.py");
/// The name of the reader's script, in its own files and in tracebacks.
pub const NAME: &str = "script.py";

/// What a script is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Program {
    /// It defines `work` and `TASKS`: these are done under each model.
    Tasks,
    /// It is run as it stands, with the GIL and without it.
    Whole,
}

/// Which models a script is run under.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "kebab-case")]
pub enum Choice {
    /// All that it can be.
    #[default]
    All,
    /// Threads with the GIL.
    Gil,
    /// Threads without the GIL.
    NoGil,
}

impl Choice {
    /// Every choice, in the order in which they are offered.
    pub const ALL: &[Self] = Self::VARIANTS;

    /// Its name in attributes and links.
    pub fn id(self) -> &'static str {
        self.into()
    }

    /// The choice with that id.
    pub fn of(id: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|choice| choice.id() == id)
    }
}

/// One run of a script, as the engine is asked for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    /// What is run.
    pub source: &'static str,
    /// The name of that file.
    pub name: &'static str,
    /// Whether there is a GIL.
    pub gil: bool,
    /// What stands in `sys.argv` behind the name.
    pub arguments: Vec<String>,
    /// Other files of the run, by their names.
    pub files: Vec<(&'static str, String)>,
}

impl Program {
    /// What `source` is. It is not run for that: names count that stand at the begin of a line.
    pub fn of(source: &str) -> Self {
        let defines = |names: &[&str]| {
            source.lines().any(|line| {
                let rest = names.iter().find_map(|name| line.strip_prefix(name));
                rest.is_some_and(|rest| rest.trim_start().starts_with(['(', '=', ':']))
            })
        };
        if defines(&["def work"]) && defines(&["TASKS"]) { Program::Tasks } else { Program::Whole }
    }

    /// The models that it is run under, in this order, if those are wanted that `choice` says.
    pub const fn models(self, choice: Choice) -> &'static [Model] {
        match (self, choice) {
            (_, Choice::Gil) => &[Model::ThreadsGil],
            (_, Choice::NoGil) => &[Model::Threads],
            (Program::Tasks, Choice::All) => {
                &[Model::Serial, Model::ThreadsGil, Model::Threads, Model::Processes]
            }
            (Program::Whole, Choice::All) => &[Model::ThreadsGil, Model::Threads],
        }
    }

    /// The run of `source` under a model, in so many lanes.
    pub fn job(self, source: &str, model: Model, lanes: u32) -> Job {
        // Processes have a GIL each, as in CPython.
        let gil = model != Model::Threads;
        let arguments = match (self, model) {
            (Program::Whole, _) => vec!["whole".to_owned()],
            (Program::Tasks, Model::Serial) => vec!["serial".to_owned(), lanes.to_string()],
            (Program::Tasks, Model::Processes) => vec!["processes".to_owned(), lanes.to_string()],
            (Program::Tasks, _) => vec!["threads".to_owned(), lanes.to_string()],
        };
        let files = vec![(NAME, source.to_owned())];
        Job { source: DRIVER, name: "_lanes.py", gil, arguments, files }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_and_tasks_are_found_without_running_anything() {
        for (source, is_tasks) in [
            ("def work(n):\n    pass\nTASKS = [1]\n", true),
            ("def work (n): pass\nTASKS: list[int] = [1]\n", true),
            ("def work(n):\n    pass\n", false),
            ("def f():\n    TASKS = [1]\ndef work(n): pass\n", false),
            ("def worker(n): pass\nTASKS = []\n", false),
            ("TASKS_LEFT = 1\ndef work(n): pass", false),
        ] {
            assert_eq!(Program::of(source) == Program::Tasks, is_tasks, "{source}");
        }
    }

    #[test]
    fn only_threads_without_a_gil_have_none() {
        for &model in Program::Tasks.models(Choice::All) {
            let job = Program::Tasks.job("TASKS = []", model, 3);
            assert_eq!(job.gil, model != Model::Threads);
            assert_eq!((job.arguments[1].as_str(), job.files[0].1.as_str()), ("3", "TASKS = []"));
        }
        assert_eq!(Program::Whole.job("print()", Model::Threads, 3).arguments, ["whole"]);
    }
}
