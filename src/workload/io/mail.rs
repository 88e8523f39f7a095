//! What is in a mail, as a real parser of MIME sees it.

use std::collections::BTreeMap;

use mail_parser::{DateTime, MessageParser};

use super::MailFacts;

/// What is found in a mail; `None` if it is none: it has no sender or no date.
pub fn facts(mail: &[u8]) -> Option<MailFacts> {
    let message = MessageParser::default().parse(mail)?;
    let sender = message.from()?.first()?.address()?.to_ascii_lowercase();
    let date: &DateTime = message.date()?;
    let mut words = BTreeMap::new();
    let bodies = (0..message.text_body_count()).filter_map(|at| message.body_text(at));
    for text in message.subject().map(Into::into).into_iter().chain(bodies) {
        for word in text.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()) {
            *words.entry(word.to_lowercase()).or_insert(0) += 1;
        }
    }
    // The parser counts days from Sunday.
    Some(MailFacts { sender, weekday: (date.day_of_week() + 6) % 7, hour: date.hour, words })
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAIL: &str = "From: =?utf-8?q?Zo=C3=AB_Brandt?= <Zoe.Brandt@Example.org>\r\n\
        Subject: =?utf-8?b?R3LDvMOfZQ==?= from two lanes\r\n\
        Date: Fri, 20 Nov 2026 08:15:00 +0100\r\n\
        MIME-Version: 1.0\r\n\
        Content-Type: multipart/alternative; boundary=\"x1\"\r\n\r\n\
        --x1\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n\
        Two lanes, two gr=C3=BC=\r\n=C3=9Fe.\r\n\
        --x1\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>hidden</p>\r\n--x1--\r\n";

    #[test]
    fn headers_and_bodies_are_decoded() {
        let facts = facts(MAIL.as_bytes()).unwrap();
        assert_eq!(facts.sender, "zoe.brandt@example.org");
        assert_eq!((facts.weekday, facts.hour), (4, 8), "a Friday, in the sender's time");
        let words: Vec<_> = facts.words.iter().map(|(word, &times)| (word.as_str(), times)).collect();
        assert_eq!(words, [("from", 1), ("grüße", 2), ("lanes", 2), ("two", 3)]);
    }

    #[test]
    fn what_is_no_mail_has_no_facts() {
        for text in ["", "<!doctype html><title>404</title>", "Subject: no sender\r\n\r\nhello"] {
            assert_eq!(facts(text.as_bytes()), None, "{text:?}");
        }
    }
}
