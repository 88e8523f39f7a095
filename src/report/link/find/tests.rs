use proptest::prelude::*;

use super::super::tests::{experiments, reports_of};
use super::super::{decode, is_link, of_experiment, of_reports};
use super::*;
use crate::experiment::Experiment;
use crate::report::examples::report;

const PAGE: &str = "https://example.org/lanes/";

fn percent(text: &str) -> String {
    let letter = |letter: char| match letter {
        letter if letter.is_ascii_alphanumeric() => letter.to_string(),
        letter => format!("%{:02X}", letter as u32),
    };
    text.chars().map(letter).collect()
}

fn proofpoint(text: &str) -> String {
    let letter = |letter: char| match letter {
        '/' => "_".to_owned(),
        letter if letter.is_ascii_alphanumeric() || letter == '.' => letter.to_string(),
        letter => format!("-{:02X}", letter as u32),
    };
    text.chars().map(letter).collect()
}

/// `text` in lines of so many letters, with `end` between them.
fn wrapped(text: &str, length: usize, end: &str) -> String {
    text.as_bytes().chunks(length).map(|line| str::from_utf8(line).unwrap()).collect::<Vec<_>>().join(end)
}

/// What becomes of a link.
type Way = fn(&str) -> String;

/// What may happen to a link on its way: a name, and how `L` looks then.
const WAYS: &[(&str, Way)] = &[
    ("nothing", |l| l.into()),
    ("a full stop", |l| format!("{l}.")),
    ("a comma", |l| format!("{l}, thanks")),
    ("brackets", |l| format!("({l})")),
    ("angle brackets", |l| format!("<{l}>")),
    ("quotation marks", |l| format!("\"{l}\"")),
    ("typographic quotation marks", |l| format!("“{l}”")),
    ("bold in Markdown", |l| format!("**{l}**")),
    ("italics in Markdown", |l| format!("_{l}_")),
    ("a link in Markdown", |l| format!("[my machine]({l})")),
    ("an exclamation mark", |l| format!("{l}!")),
    ("a semicolon", |l| format!("{l};")),
    ("a square bracket", |l| format!("[{l}]")),
    ("dots", |l| format!("{l}…")),
    ("a sign of equality", |l| format!("{l}=")),
    ("a backtick", |l| format!("`{l}`")),
    ("a slash", |l| format!("{l}/")),
    ("angle brackets, as the address bar writes them", |l| format!("%3C{l}%3E")),
    ("a campaign", |l| format!("{l}?utm_source=mail")),
    ("another campaign", |l| format!("{l}&utm_source=mail")),
    ("a blank inside", |l| format!("{} {}", &l[..l.len() - 4], &l[l.len() - 4..])),
    ("a line break inside", |l| format!("{}\n{}", &l[..l.len() - 5], &l[l.len() - 5..])),
    ("a letter of no width inside", |l| format!("{}\u{200b}{}", &l[..l.len() - 3], &l[l.len() - 3..])),
    ("a soft hyphen inside", |l| format!("{}\u{ad}{}", &l[..l.len() - 3], &l[l.len() - 3..])),
    ("a byte order mark", |l| format!("\u{feff}{l}")),
    ("lines of 76 letters", |l| wrapped(l, 76, "\n")),
    ("lines of 40 letters with carriage returns", |l| wrapped(l, 40, "\r\n")),
    ("a quoted mail", |l| format!("> {}\n> Anna", wrapped(l, 60, "\n> "))),
    ("a mail quoted twice", |l| format!("> > {}", wrapped(l, 60, "\n> > "))),
    ("quoted-printable", |l| wrapped(&l.replace('=', "=3D"), 73, "=\r\n")),
    ("an encoded sign of equality", |l| l.replace('=', "%3D")),
    ("an encoded hyphen", |l| l.replace('-', "%2D").replace('_', "%5F")),
    ("an encoded hash", |l| l.replace('#', "%23")),
    ("all encoded", percent),
    ("all encoded twice", |l| percent(&percent(l))),
    ("letters of the other base64", |l| {
        let (page, letters) = l.split_once('=').unwrap();
        format!("{page}={}", letters.replace('-', "+").replace('_', "/"))
    }),
    ("HTML", |l| format!("<a href=\"{}\">mine</a>", l.replace('=', "&#x3D;"))),
    ("capitals", |l| l.replace("#r=", "#R=").replace("#x=", "#X=")),
    ("a slash behind the hash", |l| l.replace('#', "#/")),
    ("a hashbang", |l| l.replace('#', "#!")),
    ("a lost sign of equality", |l| l.replace('=', "")),
    ("SafeLinks", |l| {
        format!(
            "https://eur01.safelinks.protection.outlook.com/?url={}&data=05%7C02%7C&reserved=0",
            percent(l)
        )
    }),
    ("Google", |l| format!("https://www.google.com/url?q={}&sa=D&source=docs", l.replace('#', "%23"))),
    ("Slack", |l| format!("<{l}|my machine>")),
    ("Slack's redirect", |l| format!("https://slack-redir.net/link?url={}", percent(l))),
    ("Proofpoint 2", |l| {
        format!("https://urldefense.proofpoint.com/v2/url?u={}&d=DwMFaQ&c=x", proofpoint(l))
    }),
    ("Proofpoint 3", |l| format!("https://urldefense.com/v3/__{}__;Iw!!AbC123$", l.replace('#', "*"))),
    ("an element of Lanes", |l| format!("<lanes-experiment report=\"{}\"></lanes-experiment>", hash(l))),
    ("a frame of Lanes", |l| {
        format!("<iframe src=\"{}\"></iframe>", l.replace("lanes/#", "lanes/embed.html?view=time#"))
    }),
    ("a word before", |l| format!("Look: {l} is mine")),
];

fn hash(link: &str) -> &str {
    &link[link.find('#').unwrap()..]
}

/// Reports of several lengths, so that their links end in many letters.
fn links() -> Vec<String> {
    let reports = (1..40)
        .map(|seed| of_reports(&[report(1 + seed % 8, 412_345.0 + 997.0 * seed as f64, u64::from(seed))]));
    let experiments = (0..200).map(|seed| of_experiment(&Experiment { seed, ..Experiment::default() }));
    reports.chain(experiments).map(|link| format!("{PAGE}{link}")).collect()
}

#[test]
fn a_link_that_a_person_could_mend_is_read() {
    for link in links() {
        let expected = decode(&link);
        assert!(expected.is_ok(), "{link}");
        for (name, way) in WAYS {
            let mangled = way(&link);
            assert_eq!(decode(&mangled), expected, "{name}: {mangled}");
            assert_eq!(find(&mangled).len(), 1, "{name}: {mangled}");
        }
    }
}

/// What the address bar has of a link is what stands behind its first `#`.
#[test]
fn the_address_bar_reads_what_compare_reads() {
    for link in links() {
        for (name, way) in WAYS {
            let mangled = way(&link);
            let Some((_, behind)) = mangled.split_once('#') else { continue };
            if !name.starts_with("HTML") {
                assert!(is_link(behind), "{name}: {mangled}");
                assert_eq!(decode(behind), decode(&link), "{name}: {mangled}");
            }
        }
    }
}

/// GitHub leaves a last `_` out of a link, and others read `-` or `_` as marks.
#[test]
fn no_link_ends_in_a_mark_of_markdown() {
    let mut guarded = 0;
    for link in links() {
        assert!(link.ends_with(|letter: char| letter.is_ascii_alphanumeric()), "{link}");
        guarded += u32::from(link.ends_with("&end"));
    }
    assert!(guarded > 0, "some of these links would end in one");
}

#[test]
fn a_lost_last_mark_is_put_back() {
    for link in links().iter().filter_map(|link| link.strip_suffix("&end")) {
        assert_eq!(decode(&link[..link.len() - 1]), decode(link), "{link}");
    }
}

#[test]
fn what_cannot_be_read_is_cut_off_changed_or_newer() {
    let link = of_reports(&[report(8, 412_345.0, 7)]);
    let newer = format!("#r={}", super::super::sealed(9, vec![1, 2, 3, 4]));
    for (text, why) in [
        (link[..link.len() / 2].to_owned(), LinkError::CutOff),
        (link[..link.len() - 1].to_owned(), LinkError::CutOff),
        (format!("({}…)", &link[..40]), LinkError::CutOff),
        ("#r=".to_owned(), LinkError::CutOff),
        ("#rAgH1EAgFAQ".to_owned(), LinkError::CutOff),
        (link.to_lowercase(), LinkError::Damaged),
        (link.replace("Ag", "Ah"), LinkError::Damaged),
        (format!("{}AAAA", link.replace("&end", "")), LinkError::Damaged),
        (newer, LinkError::Newer),
    ] {
        assert_eq!(decode(&text), Err(why), "{text}");
        assert!(is_link(&text), "{text}");
    }
}

#[test]
fn other_texts_have_no_links() {
    for text in [
        "",
        "#claims/gil-cpu",
        "#results",
        "#release-notes",
        "for x = 1 to 9",
        "a?r=12&x=3",
        "#embed",
        "Zoë’s xylophone",
    ] {
        assert_eq!(find(text), [], "{text}");
    }
}

#[test]
fn several_links_are_found_with_anything_between_them() {
    let (a, b) = (of_reports(&[report(8, 412_345.0, 7)]), of_reports(&[report(4, 512_345.0, 8)]));
    for between in [",", ", ", "\n", " and ", ")(", "\r\n> ", "|", "; "] {
        let text = format!("{PAGE}{a}{between}{PAGE}{b}");
        let found: Vec<_> = find(&text).into_iter().map(|found| found.link).collect();
        assert_eq!(found, [Ok(Link::Reports(reports_of(&a))), Ok(Link::Reports(reports_of(&b)))], "{text}");
    }
}

/// A text that was made to take long does not.
#[test]
fn reading_takes_time_by_the_length_of_the_text() {
    for part in ["r= ", "#r=A ", "#r=\n", "%25", "#rA", "x=", "&amp;"] {
        let text = part.repeat((1 << 18) / part.len());
        let start = std::time::Instant::now();
        let _ = find(&text);
        assert!(start.elapsed().as_secs() < 20, "{part:?}: {:?}", start.elapsed());
    }
}

/// Ways that can be combined: none takes away what another needs.
const COMBINED: [&str; 12] = [
    "a full stop",
    "brackets",
    "angle brackets",
    "bold in Markdown",
    "an exclamation mark",
    "dots",
    "all encoded",
    "an encoded sign of equality",
    "a byte order mark",
    "SafeLinks",
    "Slack",
    "a word before",
];

proptest! {
    #[test]
    fn a_link_survives_several_ways(experiment in experiments(), ways in prop::sample::subsequence(&COMBINED[..], 0..4).prop_shuffle()) {
        let link = format!("{PAGE}{}", of_experiment(&experiment));
        let way = |name: &str| WAYS.iter().find(|(known, _)| *known == name).unwrap().1;
        let mangled = ways.iter().fold(link, |text, name| way(name)(&text));
        prop_assert_eq!(decode(&mangled), Ok(Link::Experiment(experiment)), "{}", mangled);
    }

    #[test]
    fn any_letters_are_read_or_refused(text in "[#rx=%&A-Za-z0-9 \n>é-]{0,200}") {
        let _ = find(&text);
    }
}
