//! Scripts to begin with.

/// A script to begin with.
#[derive(Debug, PartialEq, Eq)]
pub struct Example {
    /// Its name in attributes and links; never changed.
    pub id: &'static str,
    /// Its name for people.
    pub name: &'static str,
    /// What it says. Its first lines are a comment: what it does, and what to look for.
    pub source: &'static str,
}

macro_rules! example {
    ($id:literal, $name:literal) => {
        Example { id: $id, name: $name, source: include_str!(concat!("examples/", $id, ".py")) }
    };
}

/// Those that have a tab.
pub static TABS: [Example; 4] = [
    example!("cpu", "CPU-bound"),
    example!("waiting", "Waiting"),
    example!("native", "Native code"),
    example!("race", "Race"),
];

/// The reader's own.
pub static OWN: Example = example!("own", "Your code");

/// The others, in an order that teaches.
pub static MORE: [Example; 10] = [
    example!("threads", "Start two threads"),
    example!("processes", "Start two processes"),
    example!("pool_map", "A pool of processes"),
    example!("lanes", "1, 2 and 4 threads"),
    example!("mail", "Mail in ten threads"),
    example!("event_loop", "Waits in asyncio"),
    example!("lock", "One lock"),
    example!("deadlock", "A deadlock"),
    example!("no_guard", "A forgotten main guard"),
    example!("lost_exception", "A lost exception"),
];

/// All of them.
pub fn all() -> impl Iterator<Item = &'static Example> {
    TABS.iter().chain([&OWN]).chain(&MORE)
}

impl Example {
    /// The example with that id.
    pub fn of(id: &str) -> Option<&'static Example> {
        all().find(|example| example.id == id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::script::program::Program;

    #[test]
    fn every_example_says_what_to_look_for() {
        for example in all() {
            let comment: Vec<&str> =
                example.source.lines().take_while(|line| line.starts_with("# ")).collect();
            let looks = comment.iter().any(|line| line.starts_with("# Look for: "));
            assert!(example.id == "own" || looks, "{}", example.id);
            assert!(comment.iter().all(|line| line.len() <= 54), "{}", example.id);
            // A narrow editor shows them whole.
            assert!(example.source.lines().all(|line| line.len() <= 88), "{}", example.id);
            assert_eq!(Example::of(example.id), Some(example), "ids are different");
        }
    }

    #[test]
    fn those_that_compare_models_have_tasks() {
        let with_tasks: Vec<_> =
            all().filter(|example| Program::of(example.source) == Program::Tasks).map(|e| e.id).collect();
        assert_eq!(with_tasks, ["cpu", "waiting", "native"]);
    }
}
