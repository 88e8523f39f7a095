//! Makes one style sheet of all: one request, and less to send, as what they have in common is compressed once.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest, Sha256, Sha384};

use crate::build::short_name;

/// What Trunk writes into `index.html` for each style sheet, up to its address.
const LINK: &str = "<link rel=\"stylesheet\" href=\"./";

/// Puts the style sheets that the page in `dist` links to into one, in their order.
///
/// # Errors
/// When the page links to none, or a file cannot be read or written.
pub fn join(dist: &Path) -> Result<()> {
    let page = dist.join("index.html");
    let mut html = fs::read_to_string(&page)?;
    let place = html.find(LINK).context("index.html links to no style sheet: see Trunk.toml")?;
    let mut joined = String::new();
    while let Some(begin) = html.find(LINK) {
        let length = html[begin..].find('>').context("a link has no end")? + 1;
        let link: String = html.drain(begin..begin + length).collect();
        let sheet = dist.join(link[LINK.len()..].split('"').next().context("a link has no address")?);
        joined += without_comments(&fs::read_to_string(&sheet)?).trim();
        joined.push('\n');
        fs::remove_file(sheet)?;
    }
    ensure!(!joined.contains("@import"), "a style sheet that imports another can only be the first");
    let name = format!("page-{}.css", short_name(&Sha256::digest(&joined), 8));
    let digest = BASE64_STANDARD.encode(Sha384::digest(&joined));
    html.insert_str(place, &format!("{LINK}{name}\" integrity=\"sha384-{digest}\">"));
    fs::write(dist.join(name), joined)?;
    fs::write(page, html).context("index.html cannot be written")
}

/// A style sheet as the browser reads it: comments are an eighth of what would be sent.
fn without_comments(sheet: &str) -> String {
    let mut parts = sheet.split("/*");
    let first = parts.next().unwrap_or_default().to_owned();
    first + &parts.filter_map(|part| part.split_once("*/")).map(|(_, after)| after).collect::<String>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn style_sheets_become_one_in_their_order() {
        let dist = tempfile::tempdir().unwrap();
        let file = |name: &str| dist.path().join(name);
        for (name, content) in
            [("b-1.css", "/* why */\nb{}/* * / */"), ("a-2.css", "a{}\n"), ("other.css", "c{}")]
        {
            fs::write(file(name), content).unwrap();
        }
        let html = "<head>\n  <link rel=\"stylesheet\" href=\"./b-1.css\" integrity=\"x\"/>\n\
            <link rel=\"stylesheet\" href=\"./a-2.css\"/>\n<title>t</title>\n</head>\n";
        fs::write(file("index.html"), html).unwrap();
        join(dist.path()).unwrap();
        let html = fs::read_to_string(file("index.html")).unwrap();
        let sheet = html.split("href=\"./").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
        assert_eq!(fs::read_to_string(file(sheet)).unwrap(), "b{}\na{}\n");
        assert_eq!(html.matches("stylesheet").count(), 1);
        assert!(html.ends_with("<title>t</title>\n</head>\n"), "{html}");
        assert!(!file("b-1.css").exists() && !file("a-2.css").exists() && file("other.css").exists());
    }

    #[test]
    fn a_page_without_style_sheets_is_a_mistake() {
        let dist = tempfile::tempdir().unwrap();
        fs::write(dist.path().join("index.html"), "<head></head>").unwrap();
        assert!(join(dist.path()).is_err());
    }
}
