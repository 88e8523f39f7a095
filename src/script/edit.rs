//! What keys do in the editor beside typing. Places count as browsers count them: in units of UTF-16.

/// How far a line is moved in.
const INDENT: &str = "    ";

/// A change of a text: what stands between two places is replaced, and something is marked then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// Where it begins.
    pub from: usize,
    /// Where it ends.
    pub to: usize,
    /// What comes there.
    pub text: String,
    /// What is marked then, from one place to another.
    pub marked: (usize, usize),
}

/// A new line, moved in as far as the one that `at` is in; further behind a colon.
pub fn new_line(source: &str, (from, to): (usize, usize)) -> Edit {
    let before = &source[..byte_of(source, from)];
    let line = &before[before.rfind('\n').map_or(0, |at| at + 1)..];
    let indent = &line[..line.len() - line.trim_start_matches([' ', '\t']).len()];
    let code = line.split('#').next().unwrap_or_default().trim_end();
    let deeper = if code.ends_with(':') { INDENT } else { "" };
    let ends = ["return", "break", "continue", "pass", "raise"]
        .contains(&code.split_whitespace().next().unwrap_or(""));
    let indent = if ends { indent.strip_suffix(INDENT).unwrap_or(indent) } else { indent };
    let text = format!("\n{indent}{deeper}");
    let end = from + text.len();
    Edit { from, to, text, marked: (end, end) }
}

/// Moves in the marked lines, or the rest of the line if nothing is marked.
pub fn indent(source: &str, (from, to): (usize, usize)) -> Edit {
    if from == to {
        let column = column_of(source, from);
        let text = " ".repeat(INDENT.len() - column % INDENT.len());
        let end = from + text.len();
        return Edit { from, to, text, marked: (end, end) };
    }
    change_lines(source, (from, to), |line| match line {
        "" => String::new(),
        line => format!("{INDENT}{line}"),
    })
}

/// Moves out the marked lines.
pub fn outdent(source: &str, marked: (usize, usize)) -> Edit {
    change_lines(source, marked, |line| {
        let spaces = line.len() - line.trim_start_matches(' ').len();
        line.strip_prefix('\t').unwrap_or(&line[spaces.min(INDENT.len())..]).to_owned()
    })
}

/// Makes the marked lines comments, or code again if all are.
pub fn comment(source: &str, marked: (usize, usize)) -> Edit {
    let (begin, end) = whole_lines(source, marked);
    let mut lines = source[begin..end].lines().filter(|line| !line.trim().is_empty());
    let are_comments = lines.all(|line| line.trim_start().starts_with('#'));
    change_lines(source, marked, |line| {
        let code = line.trim_start();
        let indent = &line[..line.len() - code.len()];
        match code.strip_prefix("# ").or(code.strip_prefix('#')).filter(|_| are_comments) {
            Some(code) => format!("{indent}{code}"),
            None if code.is_empty() => line.to_owned(),
            None => format!("{indent}# {code}"),
        }
    })
}

/// Changes each of the marked lines.
fn change_lines(source: &str, marked: (usize, usize), change: impl Fn(&str) -> String) -> Edit {
    let (begin, end) = whole_lines(source, marked);
    let text = source[begin..end].split('\n').map(change).collect::<Vec<_>>().join("\n");
    let from = units_of(&source[..begin]);
    let (was, is) = (units_of(&source[begin..end]), units_of(&text));
    let marked = match marked.0 == marked.1 {
        // What is typed next comes where it would have come.
        true => {
            let at = (marked.0 + is).saturating_sub(was).max(from);
            (at, at)
        }
        false => (from, from + is),
    };
    Edit { from, to: from + was, text, marked }
}

/// The lines that are marked, in bytes. A line whose begin alone is marked is not.
fn whole_lines(source: &str, (from, to): (usize, usize)) -> (usize, usize) {
    let begin = source[..byte_of(source, from)].rfind('\n').map_or(0, |at| at + 1);
    let mut end = byte_of(source, to);
    if to > from && source[..end].ends_with('\n') {
        end -= 1;
    }
    let end = source[end..].find('\n').map_or(source.len(), |at| end + at);
    (begin, end.max(begin))
}

/// How many letters stand before a place in its line.
fn column_of(source: &str, at: usize) -> usize {
    let before = &source[..byte_of(source, at)];
    before[before.rfind('\n').map_or(0, |at| at + 1)..].chars().count()
}

fn units_of(text: &str) -> usize {
    text.encode_utf16().count()
}

/// The byte at a place that is counted in units of UTF-16.
fn byte_of(source: &str, units: usize) -> usize {
    let mut at = 0;
    for (byte, letter) in source.char_indices() {
        if at >= units {
            return byte;
        }
        at += letter.len_utf16();
    }
    source.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The text after an edit, with what is marked between brackets.
    fn after(source: &str, edit: &Edit) -> String {
        let units: Vec<u16> = source.encode_utf16().collect();
        let text: Vec<u16> = edit.text.encode_utf16().collect();
        let mut all = [&units[..edit.from], &text, &units[edit.to..]].concat();
        let (from, to) = edit.marked;
        all.insert(to, u16::from(b']'));
        all.insert(from, u16::from(b'['));
        String::from_utf16(&all).unwrap()
    }

    /// A text with what is marked between brackets.
    fn marked(text: &str) -> (String, (usize, usize)) {
        let from = units_of(&text[..text.find('[').unwrap()]);
        let to = units_of(&text[..text.find(']').unwrap()]) - 1;
        (text.replace(['[', ']'], ""), (from, to))
    }

    fn check(edit: impl Fn(&str, (usize, usize)) -> Edit, before: &str, expected: &str) {
        let (source, at) = marked(before);
        assert_eq!(after(&source, &edit(&source, at)), expected, "of {before:?}");
    }

    #[test]
    fn a_new_line_is_moved_in_like_the_one_before() {
        check(new_line, "def f():[]", "def f():\n    []");
        check(new_line, "    if x:  # why[]", "    if x:  # why\n        []");
        check(new_line, "    return 1[]\nb", "    return 1\n[]\nb");
        check(new_line, "    ü = \"\u{1f600}\"[abc]", "    ü = \"\u{1f600}\"\n    []");
        check(new_line, "[]", "\n[]");
    }

    #[test]
    fn lines_are_moved_in_and_out() {
        check(indent, "ab[]", "ab  []");
        check(indent, "a\n[b\n\nc\n]d", "a\n[    b\n\n    c]\nd");
        check(outdent, "a\n[    b\n  c]\nd", "a\n[b\nc]\nd");
        check(outdent, "    a[]b", "a[]b");
        check(outdent, "[]a", "[]a");
    }

    #[test]
    fn lines_become_comments_and_code_again() {
        check(comment, "[a\n\n    b]", "[# a\n\n    # b]");
        check(comment, "[# a\n\n    # b]", "[a\n\n    b]");
    }
}
