//! The `_headers` file that static hosts read, so that what is served here is what production sends.
//!
//! A line without indentation is a path, in which `*` stands for anything; the indented lines below it
//! are the headers of every file whose path matches. `#` begins a comment.

use anyhow::{Context, Result, bail};
use axum::http::{HeaderName, HeaderValue};

/// The rules of a `_headers` file, in its order.
#[derive(Clone, Debug, Default)]
pub struct Rules(Vec<Rule>);

#[derive(Clone, Debug)]
struct Rule {
    path: String,
    headers: Vec<(HeaderName, HeaderValue)>,
}

/// The headers that make a page isolated, and with it its memory shareable.
const ISOLATION: [&str; 3] =
    ["cross-origin-opener-policy", "cross-origin-embedder-policy", "document-isolation-policy"];

impl Rules {
    /// Reads the text of a `_headers` file.
    ///
    /// # Errors
    /// Names the first line that is no path, no header and no comment.
    pub fn parse(text: &str) -> Result<Self> {
        let mut rules: Vec<Rule> = Vec::new();
        for (number, line) in (1..).zip(text.lines()) {
            let content = line.trim();
            if content.is_empty() || content.starts_with('#') {
                continue;
            }
            if !line.starts_with([' ', '\t']) {
                if !content.starts_with('/') {
                    bail!("line {number} of _headers is no path: it must begin with a slash");
                }
                rules.push(Rule { path: content.to_owned(), headers: Vec::new() });
                continue;
            }
            let header =
                parse_header(content).with_context(|| format!("line {number} of _headers is no header"))?;
            let rule =
                rules.last_mut().with_context(|| format!("line {number} of _headers belongs to no path"))?;
            rule.headers.push(header);
        }
        Ok(Self(rules))
    }

    /// The same rules without the headers that isolate the page.
    pub fn without_isolation(mut self) -> Self {
        for rule in &mut self.0 {
            rule.headers.retain(|(name, _)| !ISOLATION.contains(&name.as_str()));
        }
        self
    }

    /// The headers of the file at `path`, by every rule that matches it.
    pub fn of(&self, path: &str) -> impl Iterator<Item = &(HeaderName, HeaderValue)> {
        self.0.iter().filter(move |rule| matches(&rule.path, path)).flat_map(|rule| &rule.headers)
    }
}

fn parse_header(line: &str) -> Result<(HeaderName, HeaderValue)> {
    let (name, value) = line.split_once(':').context("it has no colon")?;
    Ok((name.trim().parse()?, value.trim().parse()?))
}

/// Whether `path` is what `pattern` says, where each `*` stands for any run of characters.
fn matches(pattern: &str, path: &str) -> bool {
    let Some((head, tail)) = pattern.split_once('*') else { return pattern == path };
    let Some(rest) = path.strip_prefix(head) else { return false };
    (0..=rest.len()).filter(|&at| rest.is_char_boundary(at)).any(|at| matches(tail, &rest[at..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "# a comment\n/*\n  X-All: yes: really\n  Cross-Origin-Opener-Policy: same-origin\n\n/app-*\n  # hashed\n\tCache-Control: immutable\n";

    fn names(rules: &Rules, path: &str) -> Vec<String> {
        rules.of(path).map(|(name, value)| format!("{name}={}", value.to_str().unwrap())).collect()
    }

    #[test]
    fn every_rule_that_matches_counts() {
        let rules = Rules::parse(TEXT).unwrap();
        let all = ["x-all=yes: really", "cross-origin-opener-policy=same-origin"];
        assert_eq!(names(&rules, "/"), all);
        assert_eq!(names(&rules, "/x/app-1.js"), all);
        assert_eq!(names(&rules, "/app-1.js"), [all[0], all[1], "cache-control=immutable"]);
    }

    #[test]
    fn isolation_can_be_left_out() {
        assert_eq!(names(&Rules::parse(TEXT).unwrap().without_isolation(), "/"), ["x-all=yes: really"]);
    }

    #[test]
    fn stars_stand_for_anything() {
        assert!(matches("/*", "/") && matches("/a*.js", "/a/b.js") && matches("/*/c*", "/a/b/cd"));
        assert!(!matches("/a*.js", "/a/b.css") && !matches("/", "/a") && !matches("/a*", "/"));
    }

    #[test]
    fn hosts_with_files_of_their_own_send_the_same() {
        let rules = Rules::parse(include_str!("../../www/_headers")).unwrap();
        for (host, text) in [
            ("nginx", include_str!("../../deploy/nginx.conf")),
            ("Caddy", include_str!("../../deploy/Caddyfile")),
        ] {
            for (name, value) in rules.of("/").chain(rules.of("/embed.html")) {
                let value = value.to_str().unwrap();
                let sends =
                    |line: &str| line.to_lowercase().contains(name.as_str()) || line.contains("policy \"");
                let is_sent = text.lines().any(|line| sends(line) && line.contains(value));
                assert!(is_sent, "{host} does not send {name}: {value}");
            }
        }
    }

    #[test]
    fn what_is_no_rule_is_refused() {
        for text in ["  X-Early: 1\n", "no-slash\n", "/*\n  no colon\n", "/*\n  bad name: 1\n"] {
            assert!(Rules::parse(text).is_err(), "{text:?}");
        }
    }
}
