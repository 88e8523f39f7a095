//! Finds links in any text: the address bar, what is pasted, an attribute of an embed, a mail.
//!
//! Programs that carry a link change it: they encode letters, break lines, wrap addresses, or add a full stop. The
//! checksum tells which letters belong to the link, so [`find`] tries the likely ones in turn and takes the first that
//! fit. `www/poster.js` does the same for recorded reports.

use std::borrow::Cow;

use super::{KINDS, Kind, LONGEST, Link, LinkError, read, why_not};

/// The most lines that the links of a text are put together from; it bounds the time that reading takes.
const MOST_LINES: usize = 4096;

/// The most times that a text is decoded: each program on the way may have encoded it once.
const MOST_LAYERS: usize = 4;

/// The most letters that Markdown took from or left at the end of a link.
const MOST_AT_END: usize = 3;

/// Letters that take no room, so that nobody sees them.
const INVISIBLE: [char; 7] =
    ['\u{ad}', '\u{200b}', '\u{200c}', '\u{200d}', '\u{200e}', '\u{2060}', '\u{feff}'];

/// What HTML writes for the letters of a link.
const ENTITIES: [(&str, &str); 6] =
    [("&amp;", "&"), ("&#38;", "&"), ("&#61;", "="), ("&#x3D;", "="), ("&#35;", "#"), ("&#x23;", "#")];

/// A link in a text.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// How it begins, to name it: from its `#` on.
    pub start: String,
    /// What it carries, or why it cannot be read.
    pub link: Result<Link, LinkError>,
}

/// The links in `text`, in their order, with those that cannot be read.
pub fn find(text: &str) -> Vec<Outcome> {
    let plain = plain(text);
    let mut found = Vec::new();
    let mut lines_left = MOST_LINES;
    let mut from = 0;
    while let Some(mark) = (from..plain.len()).find_map(|at| mark(&plain, at)) {
        let (link, end) = carried(&plain, &mark, &mut lines_left);
        if link.is_ok() || mark.is_meant {
            let letters = plain[mark.at..].chars().filter(|letter| !letter.is_whitespace());
            found.push(Outcome { start: format!("#{}", letters.take(24).collect::<String>()), link });
        }
        from = end;
    }
    found
}

/// `text` as it was before programs encoded it.
pub fn plain(text: &str) -> Cow<'_, str> {
    let mut plain: Cow<str> = Cow::Borrowed(text.trim());
    if plain.contains(INVISIBLE) {
        plain = plain.replace(INVISIBLE, "").into();
    }
    if plain.contains("urldefense") {
        plain = without_proofpoint(&plain).into();
    }
    for _ in 0..MOST_LAYERS {
        let mut next = decoded(&plain);
        for (entity, letter) in ENTITIES {
            if next.contains(entity) {
                next = next.replace(entity, letter);
            }
        }
        if next == *plain {
            break;
        }
        plain = next.into();
    }
    plain
}

/// `text` without the escapes of addresses (`%3D`) and of mails (`=3D`), once. No link has two digits behind its `=`.
fn decoded(text: &str) -> String {
    let mut decoded = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['%', '=']) {
        decoded.push_str(&rest[..at]);
        let code =
            rest.get(at + 1..at + 3).filter(|code| code.starts_with(|first: char| first.is_ascii_digit()));
        let byte = code.and_then(|code| u8::from_str_radix(code, 16).ok()).filter(u8::is_ascii);
        match byte {
            Some(byte) => decoded.push(byte.into()),
            None => decoded.push_str(&rest[at..=at]),
        }
        rest = &rest[at + if byte.is_some() { 3 } else { 1 }..];
    }
    decoded + rest
}

/// `text` with the addresses that Proofpoint's second version wrapped: it has `-` for `%` and `_` for `/`.
fn without_proofpoint(text: &str) -> String {
    let mut parts = text.split("/v2/url?u=");
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (wrapped, rest) = part.split_at(part.find(['&', ' ', '\n', '"', '>']).unwrap_or(part.len()));
        plain += &wrapped.replace('-', "%").replace('_', "/");
        plain += rest;
    }
    plain
}

/// Where a link may begin.
struct Mark {
    at: usize,
    kind: Kind,
    /// Where its letters begin.
    letters: usize,
    /// Whether it is a link, even if it cannot be read.
    is_meant: bool,
}

/// The link that begins at `at`: `r=`, behind a `#` or by itself. Proofpoint's third version writes `*` for `#`.
fn mark(text: &str, at: usize) -> Option<Mark> {
    let letter = text.as_bytes()[at];
    let (_, kind) = KINDS.into_iter().find(|(known, _)| letter.eq_ignore_ascii_case(known))?;
    let before = text[..at].trim_end_matches(['/', '!', ' ']);
    let is_behind_hash = before.ends_with(['#', '*']);
    if !is_behind_hash && text[..at].ends_with(|letter: char| letter.is_ascii_alphanumeric()) {
        return None;
    }
    let rest = text[at + 1..].trim_start();
    let has_sign = rest.starts_with('=');
    let letters = text.len() - rest.trim_start_matches('=').trim_start().len();
    let is_whole_text = before.is_empty();
    // Where the = was lost, only the first letter of every version so far shows that it is a link.
    let is_meant = if has_sign { is_behind_hash || is_whole_text } else { text[letters..].starts_with('A') };
    let is_possible = has_sign || ((is_behind_hash || is_whole_text) && is_meant);
    is_possible.then_some(Mark { at, kind, letters, is_meant })
}

/// What the link at `mark` carries, and where it ends in `text`.
fn carried(text: &str, mark: &Mark, lines_left: &mut usize) -> (Result<Link, LinkError>, usize) {
    let own = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_');
    let others = |letter: char| own(letter) || matches!(letter, '+' | '/');
    let run = |from: usize, is: &dyn Fn(char) -> bool| {
        text[from..].find(|letter| !is(letter)).map_or(text.len(), |length| from + length)
    };
    let first = &text[mark.letters..run(mark.letters, &own)];
    let end = mark.letters + first.len();
    if let Some(link) = tried(mark.kind, first) {
        return (Ok(link), end);
    }
    let mut joined = String::new();
    let mut next = Some(mark.letters);
    while let Some(from) = next.filter(|_| *lines_left > 0) {
        *lines_left -= 1;
        let to = run(from, &others);
        joined.extend(text[from..to].chars().map(|letter| match letter {
            '+' => '-',
            '/' => '_',
            letter => letter,
        }));
        if joined.len() > LONGEST {
            return (Err(LinkError::TooLong), to);
        }
        if let Some(link) = tried(mark.kind, &joined) {
            return (Ok(link), to);
        }
        next = next_line(text, to);
    }
    (Err(why_not(mark.kind, first)), end)
}

/// Where the letters go on after a line break at `end`, with the marks of a mail that was answered.
fn next_line(text: &str, end: usize) -> Option<usize> {
    let between = |letter: char| letter.is_whitespace() || matches!(letter, '=' | '>' | '|' | '\\');
    let length = text[end..].find(|letter| !between(letter))?;
    text[end..end + length].contains(char::is_whitespace).then_some(end + length)
}

/// What `letters` carry, perhaps with one more or some fewer at the end: Markdown and chats take `_` and `-` for marks
/// of their own.
fn tried(kind: Kind, letters: &str) -> Option<Link> {
    let good = |letters: &str| match read(kind, letters) {
        Err(LinkError::Damaged | LinkError::CutOff | LinkError::TooLong) => None,
        carried => carried.ok(),
    };
    let marks = letters.len() - letters.trim_end_matches(['_', '-']).len();
    let shorter = (0..=marks.min(MOST_AT_END)).map(|count| &letters[..letters.len() - count]);
    let mut all =
        shorter.map(Cow::Borrowed).chain(['_', '-'].map(|mark| Cow::Owned(format!("{letters}{mark}"))));
    all.find_map(|letters| good(&letters))
}

#[cfg(test)]
mod tests;
