//! What the built folder is served with, and what the page may therefore not do.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::support::{Engine, Page, Visit};
use anyhow::{Context, Result, ensure};
use xtask::headers::Rules;

/// The paths of all files of the built folder, as they are asked for.
fn paths(folder: &Path, prefix: &str) -> Result<Vec<String>> {
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let path = format!("{prefix}/{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            paths.extend(self::paths(&entry.path(), &path)?);
        } else {
            paths.push(path);
        }
    }
    Ok(paths)
}

/// The headers of a path, as hosts put them together: those that are named twice, with a comma.
fn headers(rules: &Rules, path: &str) -> Result<BTreeMap<String, String>> {
    let mut headers: BTreeMap<String, String> = BTreeMap::new();
    for (name, value) in rules.of(path) {
        let value = value.to_str()?;
        headers
            .entry(name.to_string())
            .and_modify(|all| {
                all.push_str(", ");
                all.push_str(value);
            })
            .or_insert_with(|| value.to_owned());
    }
    Ok(headers)
}

/// The policies of a header, each as its directives.
fn policies(header: &str) -> Vec<BTreeMap<&str, Vec<&str>>> {
    header
        .split(',')
        .map(|policy| {
            let directives = policy.split(';').map(str::split_whitespace);
            directives.filter_map(|mut words| Some((words.next()?, words.collect()))).collect()
        })
        .collect()
}

fn dist() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("dist")
}

#[test]
fn every_file_is_sent_with_a_strict_policy() -> Result<()> {
    let rules = fs::read_to_string(dist().join("_headers")).context("run `cargo xtask build` first")?;
    let rules = Rules::parse(&rules)?;
    let mut paths = paths(&dist(), "")?;
    paths.push("/".to_owned());
    for path in paths {
        let headers = headers(&rules, &path)?;
        let has = |name: &str, value: &str| headers.get(name).is_some_and(|has| has == value);
        ensure!(has("x-content-type-options", "nosniff"), "{path}");
        ensure!(has("referrer-policy", "no-referrer"), "{path}");
        for name in ["strict-transport-security", "permissions-policy", "cross-origin-resource-policy"] {
            ensure!(headers.contains_key(name), "{path}: {name}");
        }

        let policies = policies(headers.get("content-security-policy").context("no policy")?);
        let first = policies.first().context("no policy")?;
        ensure!(first["default-src"] == ["'none'"], "{path}: what is not allowed is forbidden");
        ensure!(first["require-trusted-types-for"] == ["'script'"], "{path}");
        for directive in ["base-uri", "form-action"] {
            ensure!(first[directive] == ["'none'"], "{path}: {directive} does not fall back to default-src");
        }
        for (directive, sources) in policies.iter().flatten() {
            for source in sources {
                let is_loose = source.contains('*') && *directive != "frame-ancestors"
                    // Lanes fetch the addresses that a visitor writes, and nothing else of other sites.
                    || source.starts_with("http") && *directive != "connect-src"
                    || ["'unsafe-inline'", "'unsafe-eval'", "'unsafe-hashes'"].contains(source);
                ensure!(!is_loose, "{path}: {directive} {source}");
            }
            let may_blob = ["worker-src", "img-src"].contains(directive);
            ensure!(may_blob || !sources.contains(&"blob:"), "{path}: {directive} blob:");
            let may_data = *directive == "img-src";
            ensure!(may_data || !sources.contains(&"data:"), "{path}: {directive} data:");
        }

        // Who may put it into a frame: whoever likes, if it is made for that.
        // An HTML file without a script is something to fetch, and can do nothing in a frame.
        let is_page = path == "/"
            || path.ends_with(".html") && fs::read_to_string(dist().join(&path[1..]))?.contains("<script");
        let is_closed = policies.iter().any(|policy| policy.get("frame-ancestors") == Some(&vec!["'self'"]));
        ensure!(!is_page || is_closed != path.contains("embed"), "{path}: frame-ancestors");
        ensure!(is_closed == has("x-frame-options", "SAMEORIGIN"), "{path}: x-frame-options");
    }
    Ok(())
}

/// The page's own first script, which then tries to have text become a script or markup: what a driver
/// has run for it, some browsers allow more.
const TRIES: &str = concat!(
    include_str!("../../www/boot.js"),
    "
    const tries = {
      markup: () => { document.createElement('p').innerHTML = '<b>x</b>'; },
      worker: () => new Worker('https://lanes.invalid/evil.js').terminate(),
      eval: () => eval('1'),
      function: () => new Function('return 1')(),
      policy: () => trustedTypes.createPolicy('evil', {}),
      inline: () => {
        const script = document.createElement('script');
        script.textContent = 'window.hasRun = true';
        document.body.append(script);
        if (!window.hasRun) throw new Error('it has not run');
      },
      handler: () => {
        const button = document.createElement('button');
        button.setAttribute('onclick', 'window.hasRun = true');
        document.body.append(button);
        button.click();
        if (!window.hasRun) throw new Error('it has not run');
      },
    };
    window.allowed = [];
    for (const [name, attempt] of Object.entries(tries)) {
      try { attempt(); window.allowed.push(name); } catch {}
    }
    document.documentElement.dataset.tried = '';"
);

#[tokio::test]
async fn text_becomes_neither_script_nor_markup() -> Result<()> {
    let visit = async |page: &Page| {
        page.wait_for("[data-tried]").await?;
        let mut allowed: Vec<String> = page.script("return window.allowed").await?;
        // A browser without Trusted Types takes text of the page's own for markup.
        if !page.holds("'trustedTypes' in window").await? {
            allowed.retain(|name| name != "markup");
        }
        ensure!(allowed.is_empty(), "allowed: {allowed:?}");
        Ok(())
    };
    // The console tells of each attempt.
    Visit { replaced: vec![("boot.js", TRIES)], console_must_be_clean: false, ..Visit::default() }
        .pay(visit)
        .await
}

#[tokio::test]
async fn links_that_carry_nonsense_are_refused_and_the_page_lives() -> Result<()> {
    let visit = async |page: &Page| {
        page.wait_for("#run:enabled").await?;
        // Firefox's driver answers nothing more after a script that makes a longer one. The page does.
        let long = if page.engine == Engine::Firefox { 20_000 } else { 1_000_000 };
        let nonsense = [
            "'#r=AAAA'",
            "'#x=' + encodeURIComponent('<img src=x onerror=alert(1)>')",
            &format!("'#r=' + 'A'.repeat({long})"),
            "'#x=\\ud800'",
        ];
        for hash in nonsense {
            page.script::<Option<()>>(&format!("location.hash = {hash}; return null")).await?;
            page.wait_for("#broken-link").await?;
            ensure!(page.count("#broken-link img").await? == 0, "{hash}");
            page.script::<Option<()>>("location.hash = ''; return null").await?;
            page.wait_for("#run:enabled").await?;
        }
        Ok(())
    };
    Visit::default().pay(visit).await
}
