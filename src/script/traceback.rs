//! What a traceback says: the line of the reader's script, and what helps.

use super::program::NAME;

/// An error of a script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The line of the script where it was raised, from 1, if it was raised there.
    pub line: Option<u32>,
    /// The traceback's last line.
    pub message: String,
    /// What helps, where that is known.
    pub hint: Option<&'static str>,
}

mod words {
    pub const MAIN_GUARD: &str = "A new process imports this file, so it would start processes, too. Put the lines that start them below  if __name__ == \"__main__\":";
    pub const PICKLING: &str = "What goes to a process is pickled. Functions and classes must stand at the top of the file, and lambdas, locks and open files cannot go.";
    pub const NOT_HERE: &str = "Only the standard library is here. NumPy and other packages are compiled for CPython and do not run in this interpreter.";
    pub const NO_INPUT: &str =
        "input() found no more lines. Type a line below the output while the script runs.";
    pub const NO_TASKS: &str = "With work(task) and TASKS in the script, Lanes calls work for each task. TASKS must be a list or another iterable.";
    pub const NETWORK: &str = "Scripts reach no other site from here.";
}

/// What stands in the text of a traceback, and what helps then.
const HINTS: [(&str, &str); 10] = [
    ("has finished its bootstrapping phase", words::MAIN_GUARD),
    ("freeze_support()", words::MAIN_GUARD),
    ("PicklingError", words::PICKLING),
    ("cannot pickle", words::PICKLING),
    ("Can't pickle", words::PICKLING),
    ("Can't get local object", words::PICKLING),
    ("ModuleNotFoundError", words::NOT_HERE),
    ("EOFError: EOF when reading a line", words::NO_INPUT),
    ("script.TASKS", words::NO_TASKS),
    ("URLError", words::NETWORK),
];

/// The last error in `text`, if there is one.
pub fn failure(text: &str) -> Option<Failure> {
    let begin = text.rfind("Traceback (most recent call last)").or_else(|| text.rfind("  File \""))?;
    let traceback = &text[begin..];
    let line = traceback.lines().filter_map(line_of).next_back();
    let is_message =
        |line: &&str| !line.is_empty() && !line.starts_with([' ', '\t']) && !line.starts_with("Traceback");
    let mut message = traceback.lines().find(is_message)?.trim_end().to_owned();
    // Some messages begin in the next line.
    if message.ends_with(':') {
        let rest = traceback.split_once(&message).map_or("", |(_, rest)| rest).trim_start();
        message = format!("{message} {}", rest.lines().next().unwrap_or_default()).trim_end().to_owned();
    }
    let hint = HINTS.iter().find(|(sign, _)| traceback.contains(sign)).map(|&(_, hint)| hint);
    Some(Failure { line, message, hint })
}

/// The line of the script that a line of a traceback names.
fn line_of(line: &str) -> Option<u32> {
    let (file, rest) = line.trim_start().strip_prefix("File \"")?.split_once("\", line ")?;
    let number: String = rest.chars().take_while(char::is_ascii_digit).collect();
    if file.rsplit('/').next() == Some(NAME) { number.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scripts_own_line_is_marked() {
        let text = "Traceback (most recent call last):\n  File \"/home/_lanes.py\", line 20, in lane\n    answers.put((number, script.work(task), None))\n  File \"/home/script.py\", line 7, in work\n    return 1 / 0\n           ~~^~~\n  File \"/lib/other.py\", line 3, in f\nZeroDivisionError: division by zero\n";
        let failure = failure(text).unwrap();
        assert_eq!(
            (failure.line, failure.message.as_str()),
            (Some(7), "ZeroDivisionError: division by zero")
        );
        assert_eq!(failure.hint, None);
    }

    #[test]
    fn a_syntax_error_has_no_traceback_and_still_a_line() {
        let text = "  File \"/home/script.py\", line 3\n    for x in y\n              ^\nSyntaxError: expected ':'\n";
        let failure = failure(text).unwrap();
        assert_eq!((failure.line, failure.message.as_str()), (Some(3), "SyntaxError: expected ':'"));
    }

    #[test]
    fn what_helps_is_said_where_it_is_known() {
        let with = |message: &str| {
            let text = format!(
                "Traceback (most recent call last):\n  File \"/home/script.py\", line 1\n{message}\n"
            );
            failure(&text).unwrap().hint
        };
        assert_eq!(with("ModuleNotFoundError: No module named 'numpy'"), Some(words::NOT_HERE));
        assert_eq!(with("_pickle.PicklingError: Can't pickle <function <lambda>>"), Some(words::PICKLING));
        assert_eq!(with("EOFError: EOF when reading a line"), Some(words::NO_INPUT));
        assert_eq!(with("ValueError: no"), None);
        let guard = "RuntimeError: \n        An attempt has been made to start a new process before the\n        current process has finished its bootstrapping phase.";
        assert_eq!(with(guard), Some(words::MAIN_GUARD));
        let text = format!("Traceback (most recent call last):\n{guard}\n");
        let message = failure(&text).unwrap().message;
        assert_eq!(message, "RuntimeError: An attempt has been made to start a new process before the");
    }

    #[test]
    fn output_without_an_error_has_none() {
        assert_eq!(failure("all is well\n"), None);
    }
}
