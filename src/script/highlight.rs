//! The colours of a Python script.
//!
//! Written by hand: an editor needs to tell a dozen kinds of words apart while somebody types, in code that is often not
//! yet valid, and the crates that parse Python take hundreds of kilobytes.

/// What a piece of a script is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Anything else.
    Plain,
    /// A word of the language.
    Keyword,
    /// The name that `def` or `class` defines.
    Definition,
    /// A function or exception that is always there.
    Builtin,
    /// A text, or a part of one.
    Text,
    /// A number.
    Number,
    /// A comment.
    Comment,
    /// What stands behind an `@`.
    Decorator,
}

impl Kind {
    /// The class of its element.
    pub const fn class(self) -> &'static str {
        match self {
            Kind::Plain => "",
            Kind::Keyword => "keyword",
            Kind::Definition => "definition",
            Kind::Builtin => "builtin",
            Kind::Text => "string",
            Kind::Number => "number",
            Kind::Comment => "comment",
            Kind::Decorator => "decorator",
        }
    }
}

const KEYWORDS: [&str; 38] = [
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "case", "class", "continue",
    "def", "del", "elif", "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is",
    "lambda", "match", "nonlocal", "not", "or", "pass", "raise", "return", "try", "type", "while", "with",
    "yield",
];

const BUILTINS: [&str; 34] = [
    "abs",
    "all",
    "any",
    "bool",
    "bytearray",
    "bytes",
    "dict",
    "enumerate",
    "filter",
    "float",
    "hash",
    "id",
    "input",
    "int",
    "isinstance",
    "iter",
    "len",
    "list",
    "map",
    "max",
    "min",
    "next",
    "object",
    "open",
    "print",
    "range",
    "repr",
    "reversed",
    "round",
    "set",
    "sorted",
    "str",
    "sum",
    "zip",
];

/// The lines of `source`, each as pieces with their kinds, which joined are the line.
pub fn lines(source: &str) -> Vec<Vec<(Kind, String)>> {
    let mut quote = None;
    source.split('\n').map(|line| Line::read(line, &mut quote)).collect()
}

/// A line as far as it is read.
struct Line<'a> {
    rest: &'a str,
    pieces: Vec<(Kind, String)>,
}

impl<'a> Line<'a> {
    /// Reads a line; `quote` ends the text that it begins in, or in which it ends.
    fn read(line: &'a str, quote: &mut Option<&'static str>) -> Vec<(Kind, String)> {
        let mut this = Line { rest: line, pieces: Vec::new() };
        if let Some(end) = *quote {
            *quote = this.text(0, end);
        }
        let mut before = "";
        while let Some(first) = this.rest.chars().next() {
            let word = prefix(this.rest, |letter| letter.is_alphanumeric() || letter == '_');
            if first == '#' {
                this.take(Kind::Comment, this.rest.len());
            } else if let Some((prefix, end)) = begin_of_text(this.rest) {
                *quote = this.text(prefix + end.len(), end);
                before = "";
            } else if first.is_ascii_digit() {
                let number =
                    prefix(this.rest, |letter| letter.is_ascii_alphanumeric() || "._".contains(letter));
                this.take(Kind::Number, number.len());
                before = "";
            } else if !word.is_empty() {
                let kind = match word {
                    _ if before == "def" || before == "class" => Kind::Definition,
                    _ if before == "@" => Kind::Decorator,
                    _ if before == "." => Kind::Plain,
                    word if is_keyword(word, &this.rest[word.len()..]) => Kind::Keyword,
                    word if BUILTINS.binary_search(&word).is_ok() || is_exception(word) => Kind::Builtin,
                    _ => Kind::Plain,
                };
                this.take(kind, word.len());
                before = word;
            } else {
                let is_begin = this.pieces.iter().all(|(_, text)| text.trim().is_empty());
                before = match first {
                    '@' if is_begin => "@",
                    '.' => ".",
                    ' ' => before,
                    _ => "",
                };
                this.take(if before == "@" { Kind::Decorator } else { Kind::Plain }, first.len_utf8());
            }
        }
        this.pieces
    }

    /// Takes a text whose inside begins `from` there; what ends it if it does not end in this line.
    fn text(&mut self, from: usize, end: &'static str) -> Option<&'static str> {
        let bytes = self.rest.as_bytes();
        let mut at = from;
        while at < bytes.len() {
            if bytes[at] == b'\\' {
                at += 2;
            } else if self.rest.as_bytes()[at..].starts_with(end.as_bytes()) {
                self.take(Kind::Text, at + end.len());
                return None;
            } else {
                at += 1;
            }
        }
        self.take(Kind::Text, self.rest.len());
        (end.len() == 3).then_some(end)
    }

    fn take(&mut self, kind: Kind, length: usize) {
        let (taken, rest) = self.rest.split_at(length);
        self.rest = rest;
        match self.pieces.last_mut() {
            Some((last, text)) if *last == kind => text.push_str(taken),
            _ if taken.is_empty() => {}
            _ => self.pieces.push((kind, taken.to_owned())),
        }
    }
}

/// How long the prefix of a text is that begins here, as the f of `f""`, and what ends the text.
fn begin_of_text(rest: &str) -> Option<(usize, &'static str)> {
    let letters = prefix(rest, |letter| "bBfFrRtTuU".contains(letter)).len();
    let quotes = ["\"\"\"", "'''", "\"", "'"];
    let end = quotes.into_iter().find(|quote| rest[letters..].starts_with(quote))?;
    (letters <= 2).then_some((letters, end))
}

fn prefix(of: &str, is_in: impl Fn(char) -> bool) -> &str {
    &of[..of.find(|letter| !is_in(letter)).unwrap_or(of.len())]
}

/// Some words are words of the language in places only.
fn is_keyword(word: &str, rest: &str) -> bool {
    let is_soft = matches!(word, "match" | "case" | "type");
    let is_name =
        rest.trim_start().starts_with(['=', '(', '.', ',', ')', ':', ']']) || rest.trim().is_empty();
    KEYWORDS.binary_search(&word).is_ok() && !(is_soft && is_name)
}

fn is_exception(word: &str) -> bool {
    ["Error", "Exception", "Interrupt", "Warning"].iter().any(|end| word.ends_with(end))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of_kind(source: &str, kind: Kind) -> Vec<String> {
        let pieces = lines(source).into_iter().flatten();
        pieces.filter(|(is, _)| *is == kind).map(|(_, text)| text).collect()
    }

    #[test]
    fn each_word_has_its_kind() {
        let source = "@cache\nasync def fetch(n):\n    x = f\"{n} 'of' \" + 'a\\'b'  # \"why\"\n    return print(0x1f, 1_000.5e3, x.match, type)\n";
        assert_eq!(of_kind(source, Kind::Keyword), ["async", "def", "return"]);
        assert_eq!(of_kind(source, Kind::Definition), ["fetch"]);
        assert_eq!(of_kind(source, Kind::Text), ["f\"{n} 'of' \"", "'a\\'b'"]);
        assert_eq!(of_kind(source, Kind::Comment), ["# \"why\""]);
        assert_eq!(of_kind(source, Kind::Number), ["0x1f", "1_000.5e3"]);
        assert_eq!(of_kind(source, Kind::Builtin), ["print"]);
        assert_eq!(of_kind(source, Kind::Decorator), ["@cache"]);
    }

    #[test]
    fn a_text_may_go_over_lines() {
        let source = "a = \"\"\"one\n# two\nthree\"\"\"\nb = 'no end\nc = 1";
        assert_eq!(of_kind(source, Kind::Text), ["\"\"\"one", "# two", "three\"\"\"", "'no end"]);
        assert_eq!(of_kind(source, Kind::Comment), [""; 0]);
        assert_eq!(of_kind(source, Kind::Number), ["1"]);
    }

    #[test]
    fn lists_of_words_are_sorted() {
        assert!(KEYWORDS.is_sorted() && BUILTINS.is_sorted());
    }

    proptest! {
        #[test]
        fn nothing_is_lost_whatever_is_typed(source in "([ -~äß\u{1f600}\\n]|\"\"\"|'|\\\\|#){0,80}") {
            let joined: Vec<String> =
                lines(&source).iter().map(|line| line.iter().map(|(_, text)| text.as_str()).collect()).collect();
            prop_assert_eq!(joined.join("\n"), source);
        }
    }
}
