//! Links that carry a script: `#p=`, and behind it, as base64url, a byte for the version and the rest deflated (zlib, whose
//! checksum finds what was changed on its way).
//!
//! Inflated, version 1 is a line with the number of lanes and the choice of models, and then the script. What the line
//! has behind these is for later pages.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::program::Choice;

/// What links that carry a script begin with, behind the `#`.
pub const PREFIX: &str = "p=";
/// The version that is written.
const VERSION: u8 = 1;
/// The longest link that is made, in letters from the `#` on: many programs cut longer ones.
pub const LONGEST: usize = 2_000;
/// The longest link that is read.
const LONGEST_READ: usize = 64 * 1024;

/// What a link carries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shared {
    /// How many lanes are to be used.
    pub lanes: u32,
    /// Which models it is to be run under.
    pub choice: Choice,
    /// The script.
    pub source: String,
}

mod words {
    pub const TOO_LONG: &str = "This link is longer than any that carries a script.";
    pub const NEWER: &str = "This link was made by a newer Lanes. Reload the page and open the link again.";
    pub const DAMAGED: &str =
        "This link is damaged: a part of it is missing or was changed. Copy the whole link again.";
}

impl Shared {
    /// What is to be deflated.
    pub fn to_bytes(&self) -> Vec<u8> {
        format!("{} {}\n{}", self.lanes, self.choice.id(), self.source).into_bytes()
    }

    /// What was deflated.
    ///
    /// # Errors
    /// That it is none.
    pub fn of_bytes(bytes: Vec<u8>) -> Result<Self, &'static str> {
        let text = String::from_utf8(bytes).map_err(|_| words::DAMAGED)?;
        let (first, source) = text.split_once('\n').ok_or(words::DAMAGED)?;
        let mut words = first.split(' ');
        let lanes = words.next().and_then(|lanes| lanes.parse().ok()).ok_or(words::DAMAGED)?;
        let choice = words.next().and_then(Choice::of).ok_or(words::DAMAGED)?;
        Ok(Self { lanes, choice, source: source.to_owned() })
    }
}

/// The link that carries what was deflated, from its `#` on.
pub fn link(deflated: &[u8]) -> String {
    let bytes = [&[VERSION], deflated].concat();
    format!("#{PREFIX}{}", URL_SAFE_NO_PAD.encode(bytes))
}

/// What is to be inflated of a link, which begins behind its `#`.
///
/// # Errors
/// Why it cannot be read, in words for a visitor.
pub fn deflated(link: &str) -> Result<Vec<u8>, &'static str> {
    let letters = link.strip_prefix(PREFIX).ok_or(words::DAMAGED)?;
    if letters.len() > LONGEST_READ {
        return Err(words::TOO_LONG);
    }
    let bytes = URL_SAFE_NO_PAD.decode(letters).map_err(|_| words::DAMAGED)?;
    match bytes.split_first() {
        Some((&VERSION, rest)) => Ok(rest.to_vec()),
        Some((&version, _)) if version > VERSION => Err(words::NEWER),
        _ => Err(words::DAMAGED),
    }
}

/// What to say of a link that cannot be inflated.
pub const fn damaged() -> &'static str {
    words::DAMAGED
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_carries_a_script_and_its_choices() {
        let shared = Shared { lanes: 3, choice: Choice::NoGil, source: "print('ü')\n".to_owned() };
        let link = link(&shared.to_bytes());
        let bytes = deflated(link.trim_start_matches('#')).unwrap();
        assert_eq!(Shared::of_bytes(bytes), Ok(shared));
    }

    #[test]
    fn what_is_no_link_is_refused_in_words() {
        assert_eq!(deflated("p=\u{1f600}"), Err(words::DAMAGED));
        assert_eq!(deflated("p="), Err(words::DAMAGED));
        assert_eq!(deflated("p=CQ"), Err(words::NEWER));
        assert_eq!(deflated(&format!("p={}", "A".repeat(LONGEST_READ + 1))), Err(words::TOO_LONG));
        assert_eq!(Shared::of_bytes(vec![255]), Err(words::DAMAGED));
        assert_eq!(Shared::of_bytes(b"x\nprint()".to_vec()), Err(words::DAMAGED));
        let newer = Shared::of_bytes(b"4 gil seed=7\nprint()".to_vec()).unwrap();
        assert_eq!(newer.lanes, 4, "what is not known is left out");
    }
}
