//! The words of the claims that not everybody knows, each explained where it is used.
//!
//! In a text a word in braces is explained: `{GIL}`, or `{threads|thread}` where the word is
//! written otherwise than in the glossary.

/// Every word with its explanation.
const WORDS: &[(&str, &str)] = &[
    (
        "event loop",
        "One lane with many requests in flight. It continues whichever has its answer, as asyncio does.",
    ),
    ("I/O-bound", "Work that is limited by what it waits for: a network, a disk, another program."),
    ("fair lock", "A lock that goes to whoever has waited for it longest."),
    ("deadlock", "Lanes that wait for each other in a circle: none can ever go on."),
    ("livelock", "Lanes that react to each other without end and never come to their work."),
    ("atomic", "Done as one step, which nothing can come in between."),
    (
        "lane",
        "One executor: a thread, a process, or a slot of an event loop. Lanes runs the same work on several kinds of them.",
    ),
    ("thread", "A lane of a program that shares the program's memory with its other threads."),
    (
        "process",
        "A running program with a memory of its own. Data that another process needs must be sent to it.",
    ),
    (
        "core",
        "A part of the processor that computes by itself. As many lanes as there are cores can compute at once.",
    ),
    ("task", "One independent unit of the work: any lane can do it, at any time."),
    ("inputs", "What tasks need to begin with. Some is for one task, some for all of them."),
    (
        "GIL",
        "Global interpreter lock: CPython's lock that a thread must hold to run Python code. One thread of a process has it at a time.",
    ),
    ("lock", "Something that one lane can hold at a time. Whoever wants it waits until it is let go."),
    (
        "switch interval",
        "How long a thread waits for the GIL before it asks the holder to release it: 5 ms in CPython.",
    ),
    ("free-threaded", "A build of CPython without the GIL (python3.13t and later)."),
    (
        "native code",
        "Compiled code that Python calls, as in NumPy. It may let go of the GIL while it touches no Python object.",
    ),
    ("CPU-bound", "Work that is limited by how fast it is computed, not by what it waits for."),
    ("concurrent", "Begun and not yet done at the same time, whoever computes at the moment."),
    ("parallel", "Computing at the very same moment, on different cores."),
    (
        "hyper-threading",
        "Two lanes on one core that share its units: while one waits for memory, the other computes. It gains less than a second core.",
    ),
    (
        "Amdahl's law",
        "If a part s of the work cannot be divided, N lanes are at most 1 / (s + (1 − s) / N) times as fast, and never more than 1 / s.",
    ),
    (
        "pickling",
        "How Python writes objects as bytes, to send them to another process, which makes new objects of them.",
    ),
    ("chunk size", "How many tasks a lane is handed at once."),
    ("pipe", "A channel between two processes through which bytes are copied."),
    ("queue", "A pipe that several processes may write to and read from, with objects as messages."),
    (
        "shared memory",
        "Memory that several processes see at once. A writer must keep the others from reading half-written data.",
    ),
    ("map", "Pool.map: hands out all tasks and returns the list of results when the last one is there."),
    ("imap", "Pool.imap: returns the results one by one, in the order of the tasks."),
    ("imap_unordered", "Pool.imap_unordered: returns the results one by one, as they finish."),
];

/// A piece of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece {
    /// As it stands.
    Text(&'static str),
    /// A word as it is written here, and its explanation.
    Word(&'static str, &'static str),
}

/// The pieces of a text. A word that the glossary lacks is left as it stands; the tests see to it
/// that there is none.
pub fn pieces(text: &'static str) -> impl Iterator<Item = Piece> {
    text.split('{').enumerate().flat_map(|(i, part)| {
        let (word, rest) = if i == 0 { ("", part) } else { part.split_once('}').unwrap_or((part, "")) };
        let (shown, of) = word.split_once('|').unwrap_or((word, word));
        let word = match explanation(of) {
            Some(explanation) => Piece::Word(shown, explanation),
            None => Piece::Text(shown),
        };
        [word, Piece::Text(rest)].into_iter().filter(|piece| *piece != Piece::Text(""))
    })
}

fn explanation(word: &str) -> Option<&'static str> {
    WORDS.iter().find(|(of, _)| of.eq_ignore_ascii_case(word)).map(|&(_, explanation)| explanation)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::claim::{CLAIMS, Chapter};

    #[test]
    fn a_text_is_taken_apart_at_its_words() {
        let lock = explanation("GIL").unwrap();
        let found: Vec<_> = pieces("Under a {GIL} {Locks|lock}.").collect();
        let lock_too = explanation("lock").unwrap();
        assert_eq!(
            found,
            [
                Piece::Text("Under a "),
                Piece::Word("GIL", lock),
                Piece::Text(" "),
                Piece::Word("Locks", lock_too),
                Piece::Text(".")
            ]
        );
        assert_eq!(pieces("Nothing.").collect::<Vec<_>>(), [Piece::Text("Nothing.")]);
    }

    #[test]
    fn every_word_that_is_marked_is_explained_and_every_explanation_is_used() {
        let texts: Vec<&str> = CLAIMS
            .iter()
            .map(|claim| claim.because)
            .chain(Chapter::ALL.iter().copied().map(Chapter::lead))
            .collect();
        let mut used = Vec::new();
        for text in texts {
            for word in text.split('{').skip(1) {
                let word = word.split_once('}').expect("a brace is closed").0;
                let of = word.split_once('|').map_or(word, |(_, of)| of);
                assert!(explanation(of).is_some(), "“{of}” is not in the glossary");
                used.push(of.to_lowercase());
            }
        }
        for (word, _) in WORDS {
            assert!(used.contains(&word.to_lowercase()), "“{word}” is not used");
        }
    }
}
