//! Verdicts on claims as a browser keeps them: what was said, on which day and machine. The samples are not kept.

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use serde::{Deserialize, Serialize};

use super::Day;
use crate::claim::{Claim, Judgement};

/// The version of the text. What another version wrote is not read: testing the claim again takes seconds.
const VERSION: u8 = 1;

/// The longest text that is written or read, in bytes.
pub const LONGEST: usize = 64 * 1024;

/// A verdict on a claim, as it was said once.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct KeptVerdict {
    /// The claim's name in addresses.
    pub claim: String,
    /// What was said.
    pub judgement: Judgement,
    /// On which day.
    pub day: Day,
    /// Of which machine: see [`crate::machine::Machine::title`].
    pub machine: String,
}

/// `kept`, with the verdicts of `new` in place of older ones on the same claims.
pub fn renewed(kept: &[KeptVerdict], new: Vec<KeptVerdict>) -> Vec<KeptVerdict> {
    let is_older = |old: &&KeptVerdict| new.iter().all(|new| new.claim != old.claim);
    let older: Vec<KeptVerdict> = kept.iter().filter(is_older).cloned().collect();
    older.into_iter().chain(new).collect()
}

/// The verdicts as a text that [`read`] reads; without the oldest ones if there are too many.
pub fn write(verdicts: &[KeptVerdict]) -> String {
    for first in 0..verdicts.len() {
        // Only memory can be missing, which ends the program anyway.
        let bytes = postcard::to_extend(&verdicts[first..], vec![VERSION]).unwrap_or_default();
        let text = STANDARD_NO_PAD.encode(bytes);
        if text.len() <= LONGEST {
            return text;
        }
    }
    String::new()
}

/// The verdicts of a text that [`write()`] wrote, on claims that there are; none where it is anything else.
pub fn read(text: &str) -> Vec<KeptVerdict> {
    if text.len() > LONGEST {
        return Vec::new();
    }
    let bytes = STANDARD_NO_PAD.decode(text).unwrap_or_default();
    let verdicts: Vec<KeptVerdict> = match bytes.split_first() {
        Some((&VERSION, rest)) => postcard::from_bytes(rest).unwrap_or_default(),
        _ => Vec::new(),
    };
    verdicts.into_iter().filter(|verdict| Claim::of_id(&verdict.claim).is_some()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::claim::{CLAIMS, Holding};

    fn verdict(claim: &str, why: &str) -> KeptVerdict {
        let figures = vec![("2 threads".to_owned(), "1.93× (1.90–1.95×)".to_owned())];
        KeptVerdict {
            claim: claim.to_owned(),
            judgement: Judgement { holding: Holding::Holds, why: why.to_owned(), figures },
            day: Day(20_000),
            machine: "2 cores, Chromium 156".to_owned(),
        }
    }

    #[test]
    fn verdicts_are_read_as_they_were_written() {
        let verdicts: Vec<_> = CLAIMS.iter().map(|claim| verdict(claim.id, claim.rule)).collect();
        let text = write(&verdicts);
        assert!(text.len() < LONGEST, "{}", text.len());
        assert_eq!(read(&text), verdicts);
        assert_eq!(read(&write(&[])), []);
    }

    #[test]
    fn what_is_no_such_text_is_read_as_nothing() {
        let text = write(&[verdict("race", "Updates are lost."), verdict("of another Lanes", "")]);
        assert_eq!(read(&text).len(), 1, "a claim that there is no more");
        for other in ["", "!", &text[1..], &text[..text.len() / 2], &"A".repeat(LONGEST + 1)] {
            assert_eq!(read(other), [], "{other:.20}");
        }
    }

    #[test]
    fn a_text_has_a_bound_and_the_latest_stay_in_it() {
        let verdicts: Vec<_> =
            (0..9).map(|number| verdict("race", &number.to_string().repeat(9_000))).collect();
        let text = write(&verdicts);
        assert!(text.len() <= LONGEST);
        let kept = read(&text);
        assert_eq!(kept[..], verdicts[9 - kept.len()..]);
        assert!(kept.len() > 3);
    }

    #[test]
    fn a_newer_verdict_takes_the_place_of_the_older_one() {
        let kept = [verdict("race", "old"), verdict("kill", "old")];
        let renewed = renewed(&kept, vec![verdict("race", "new")]);
        assert_eq!(renewed, [verdict("kill", "old"), verdict("race", "new")]);
    }
}
