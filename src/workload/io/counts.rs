//! What a pipeline finds in mails, and what all of them add up to.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::workload::fold;

/// What is found in one mail.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailFacts {
    /// The sender's address.
    pub sender: String,
    /// The day of the week, from Monday, 0.
    pub weekday: u8,
    /// The hour of the day where it was written, from 0.
    pub hour: u8,
    /// How often each word is there, in small letters.
    pub words: BTreeMap<String, u32>,
}

/// What all mails add up to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// How many mails there are.
    pub mails: u32,
    /// The most frequent senders and how many mails are theirs.
    pub senders: Vec<(String, u32)>,
    /// The most frequent long words and how often they are there.
    pub words: Vec<(String, u32)>,
    /// Mails by the day of the week, from Monday.
    pub weekdays: [u32; 7],
    /// Mails by the hour of the day.
    pub hours: [u32; 24],
}

/// How many senders and how many words are kept.
const KEPT: usize = 8;
/// Shorter words stand in every mail and say nothing.
const SHORTEST_WORD: usize = 5;

impl Counts {
    /// What `facts` add up to, in whatever order they come.
    pub fn of(facts: &[MailFacts]) -> Self {
        let mut counts = Self { mails: facts.len() as u32, ..Self::default() };
        let (mut senders, mut words) = (BTreeMap::new(), BTreeMap::new());
        for mail in facts {
            counts.weekdays[usize::from(mail.weekday % 7)] += 1;
            counts.hours[usize::from(mail.hour % 24)] += 1;
            *senders.entry(mail.sender.as_str()).or_insert(0) += 1;
            for (word, times) in mail.words.iter().filter(|(word, _)| word.chars().count() >= SHORTEST_WORD) {
                *words.entry(word.as_str()).or_insert(0) += times;
            }
        }
        counts.senders = most_frequent(senders);
        counts.words = most_frequent(words);
        counts
    }

    /// A number for them: equal for equal counts.
    pub fn checksum(&self) -> u64 {
        let named = self.senders.iter().chain(&self.words);
        let named = named.flat_map(|(name, times)| name.bytes().map(u64::from).chain([u64::from(*times)]));
        let counted = self.weekdays.iter().chain(&self.hours).map(|&times| u64::from(times));
        fold(named.chain(counted).chain([self.mails.into()]))
    }
}

/// The largest first; of equals, by their names.
fn most_frequent(counted: BTreeMap<&str, u32>) -> Vec<(String, u32)> {
    let mut all: Vec<_> = counted.into_iter().collect();
    all.sort_by_key(|&(_, times)| std::cmp::Reverse(times));
    all.into_iter().take(KEPT).map(|(name, times)| (name.to_owned(), times)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(sender: &str, weekday: u8, hour: u8, words: &[(&str, u32)]) -> MailFacts {
        let words = words.iter().map(|&(word, times)| (word.to_owned(), times)).collect();
        MailFacts { sender: sender.to_owned(), weekday, hour, words }
    }

    #[test]
    fn counts_do_not_depend_on_the_order_and_see_every_difference() {
        let mut mails = vec![
            facts("b@example.org", 0, 9, &[("lanes", 2), ("and", 9)]),
            facts("a@example.org", 6, 23, &[("lanes", 1), ("threads", 3)]),
            facts("b@example.org", 0, 9, &[("threads", 1)]),
        ];
        let counts = Counts::of(&mails);
        assert_eq!(counts.mails, 3);
        assert_eq!(counts.senders, [("b@example.org".into(), 2), ("a@example.org".into(), 1)]);
        assert_eq!(counts.words, [("threads".into(), 4), ("lanes".into(), 3)]);
        assert_eq!((counts.weekdays[0], counts.weekdays[6], counts.hours[9]), (2, 1, 2));
        mails.rotate_left(1);
        assert_eq!(Counts::of(&mails), counts);
        mails[0].hour = 22;
        assert_ne!(Counts::of(&mails).checksum(), counts.checksum());
    }
}
