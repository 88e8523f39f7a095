//! The view of Python in a headless Chromium, with the real engine: `dist/python` must be there.

use std::fs;
use std::path::Path;

use crate::support::{Engine, Page, Visit, saved_text};
use anyhow::{Context, Result, ensure};
use lanes::script::example;
use thirtyfour::prelude::*;

const RUN: &str = "#run-python";
const READY: &str = ".python[data-phase=ready]";

fn visit() -> Visit {
    Visit { engine: Some(Engine::Chromium), ..Visit::default() }
}

/// Goes to the view and shows an example.
async fn open(page: &Page, id: &str) -> Result<()> {
    let dist = Path::new(env!("CARGO_MANIFEST_DIR")).join("dist/python/python.wasm");
    ensure!(dist.is_file(), "there is no dist/python: `cargo xtask python` builds it");
    page.driver.execute("location.hash = '#python'", vec![]).await?;
    page.wait_for(RUN).await?;
    show(page, id).await
}

async fn show(page: &Page, id: &str) -> Result<()> {
    if example::MORE.iter().any(|example| example.id == id) {
        page.press(&format!("#more-scripts option[value='{id}']")).await
    } else {
        page.press(&format!(".python .switch input[value='{id}']")).await
    }
}

/// Writes a script of the test's own.
async fn write(page: &Page, source: &str) -> Result<()> {
    show(page, "own").await?;
    let write = "const field = document.querySelector('#script');
        field.focus();
        field.select();
        document.execCommand('insertText', false, arguments[0]);";
    page.driver.execute(write, vec![source.into()]).await?;
    page.drawn().await
}

async fn run(page: &Page) -> Result<()> {
    page.press(&format!("{RUN}:enabled[data-state=idle]")).await?;
    page.wait_for(".python[data-phase=running], .strip[data-code]").await?;
    page.wait_for(READY).await.map(drop)
}

/// What one run wrote, without who wrote it.
async fn written(page: &Page, model: &str) -> Result<String> {
    page.text(&format!("#written section[data-model='{model}']")).await
}

/// The exit codes of all runs that are shown.
async fn codes(page: &Page) -> Result<Vec<String>> {
    page.script("return [...document.querySelectorAll('.strip')].map(strip => strip.dataset.code ?? '?')")
        .await
}

#[tokio::test]
async fn python_opens_with_a_recorded_run_and_loads_nothing() -> Result<()> {
    let act = async |page: &Page| {
        open(page, "cpu").await?;
        ensure!(page.attribute("#python-basis", "data-recorded").await?.as_deref() == Some("true"));
        ensure!(page.count(".strip canvas").await? == 4);
        let fetched: usize = page
            .script("return performance.getEntriesByType('resource').filter(e => e.name.includes('/python')).length")
            .await?;
        ensure!(fetched == 0, "nothing of Python is fetched before it is wanted");
        Ok(())
    };
    visit().pay(act).await
}

#[tokio::test]
async fn python_compares_threads_and_processes() -> Result<()> {
    let act = async |page: &Page| {
        open(page, "cpu").await?;
        run(page).await?;
        ensure!(codes(page).await? == ["0"; 4], "{:?}, {}", codes(page).await?, page.text("#written").await?);
        let verdict = page.text("#python-verdict").await?;
        ensure!(
            verdict.starts_with("It looks like this: with the GIL, 4") && verdict.contains("processes"),
            "{verdict}"
        );
        let basis = page.text("#python-basis").await?;
        ensure!(basis.contains("RustPython") && basis.contains("slower than CPython"), "{basis}");
        for (model, lanes) in [("serial", "1"), ("threads + GIL", "4"), ("threads", "4"), ("processes", "4")]
        {
            let seen = page.attribute(&format!(".strip[data-model='{model}']"), "data-lanes").await?;
            ensure!(seen.as_deref() == Some(lanes), "{model}: {seen:?}");
        }
        Ok(())
    };
    visit().pay(act).await
}

#[tokio::test]
async fn python_runs_every_script_to_begin_with() -> Result<()> {
    let act = async |page: &Page| {
        for example in example::all() {
            open(page, example.id).await?;
            if example.id == "deadlock" {
                page.press(&format!("{RUN}[data-state=idle]")).await?;
                page.wait_for("#stuck li:nth-child(2)").await?;
                let told = page.text("#stuck").await?;
                ensure!(told.matches("is waiting for a lock, which").count() == 2, "{told}");
                ensure!(page.text("#python-verdict").await?.starts_with("Deadlock"));
                page.press(&format!("{RUN}[data-state=running]")).await?;
                page.wait_for(READY).await?;
                ensure!(codes(page).await?.len() == 1, "what was stopped is not run again");
                continue;
            }
            run(page).await?;
            let (codes, text) = (codes(page).await?, page.text("#written").await?);
            println!("{}: {codes:?}\n{text}\n", example.id);
            // The parent of a process that fails goes on, as in CPython.
            let (fails, has_error) = (example.id == "lost_exception", ["no_guard", "lost_exception"]);
            ensure!(codes.iter().all(|code| (code != "0") == fails), "{}: {codes:?}\n{text}", example.id);
            let has_error = has_error.contains(&example.id);
            ensure!(page.count("#failure").await? == usize::from(has_error), "{}", example.id);
            match example.id {
                "processes" => ensure!(text.contains("the main process has []"), "{text}"),
                "pool_map" => ensure!(text.contains("[0, 1, 4, 9, 16, 25, 36, 49, 64]"), "{text}"),
                "race" => {
                    ensure!(written(page, "threads + GIL").await?.contains("counted  200000"), "{text}")
                }
                "lock" => ensure!(text.matches("counted  40000").count() == 2, "{text}"),
                "no_guard" => ensure!(page.text("#hint").await?.contains("__name__"), "{text}"),
                "lost_exception" => ensure!(text.contains("ZeroDivisionError"), "{text}"),
                "mail" => ensure!(text.contains("40 mails"), "{text}"),
                _ => {}
            }
        }
        Ok(())
    };
    visit().pay(act).await
}

#[tokio::test]
async fn python_stops_and_ends() -> Result<()> {
    let act = async |page: &Page| {
        open(page, "own").await?;
        write(page, "import time\nprint('begun')\nwhile True:\n    pass\n").await?;
        page.press(RUN).await?;
        page.wait_for("#written pre span").await?;
        page.press(&format!("{RUN}[data-state=running]")).await?;
        page.wait_for(READY).await?;
        ensure!(page.text("#python-verdict").await?.contains("Stopped"));
        // One that does not listen is ended by the second press.
        write(page, "while True:\n    try:\n        print('begun')\n        while True: pass\n    except BaseException:\n        pass\n").await?;
        page.press(RUN).await?;
        page.wait_for("#written pre span").await?;
        page.press(&format!("{RUN}[data-state=running]")).await?;
        page.press(&format!(".python[data-phase=stopping] {RUN}")).await?;
        page.wait_for(READY).await?;
        // Leaving the view ends what runs.
        write(page, "print('begun')\nwhile True:\n    pass\n").await?;
        page.press(RUN).await?;
        page.wait_for("#written pre span").await?;
        page.driver.execute("location.hash = '#claims'", vec![]).await?;
        page.wait_for("#claims, .claims").await?;
        open(page, "own").await?;
        page.wait_for(READY).await?;
        ensure!(page.text("#written").await?.contains("begun"), "what was written is still there");
        Ok(())
    };
    visit().pay(act).await
}

#[tokio::test]
async fn python_marks_the_line_of_an_error_and_output_is_text() -> Result<()> {
    let act = async |page: &Page| {
        open(page, "own").await?;
        write(page, "print('<img src=x onerror=alert(1)>')\n\nimport numpy\n").await?;
        run(page).await?;
        ensure!(
            written(page, "threads + GIL").await?.contains("<img src=x"),
            "it is shown as it was written"
        );
        ensure!(page.count(".output img").await? == 0, "output is no markup");
        ensure!(page.text(".editor .numbers .wrong").await? == "3");
        ensure!(page.text("#failure").await?.starts_with("Line 3: ModuleNotFoundError"));
        ensure!(page.text("#hint").await?.contains("standard library"));
        Ok(())
    };
    visit().pay(act).await
}

#[tokio::test]
async fn python_answers_input() -> Result<()> {
    let act = async |page: &Page| {
        open(page, "own").await?;
        write(page, "print('hello', input('who? '))\n").await?;
        page.press("#python-choice option[value=gil]").await?;
        page.press(RUN).await?;
        page.wait_for("#python-input").await?.send_keys("ü" + Key::Enter).await?;
        page.wait_for(READY).await?;
        ensure!(
            written(page, "threads + GIL").await?.contains("hello ü"),
            "{}",
            page.text("#written").await?
        );
        Ok(())
    };
    visit().pay(act).await
}

#[tokio::test]
async fn python_links_carry_a_script_and_run_nothing() -> Result<()> {
    let source = "# Grüße\nprint('from a link')\n";
    let act = async |page: &Page| {
        open(page, "own").await?;
        write(page, source).await?;
        page.press("#copy-script-link").await?;
        page.wait_for("#script-link").await?;
        let link: String = page.script("return document.querySelector('#script-link').value").await?;
        ensure!(link.contains("#p=") && link.len() < 200, "{link}");
        // As a stranger opens it.
        page.driver.goto(page.site.url()).await?;
        page.driver.refresh().await?;
        page.wait_for("#run:enabled").await?;
        let hash = link.split_once('#').map(|(_, hash)| hash.to_owned()).context("no hash")?;
        page.driver.execute("location.hash = arguments[0]", vec![hash.into()]).await?;
        page.wait_for("#foreign").await?;
        let shown: String = page.script("return document.querySelector('#script').value").await?;
        ensure!(shown == source, "{shown}");
        ensure!(
            page.count(&format!("{RUN}[data-state=idle]")).await? == 1 && page.count(".strip").await? == 0
        );
        let fetched: usize = page
            .script("return performance.getEntriesByType('resource').filter(e => e.name.includes('/python/')).length")
            .await?;
        ensure!(fetched == 0, "opening a link loads no engine");
        let saved = saved_text(page, "#save-script").await?;
        ensure!(saved == source, "{saved}");
        for broken in ["p=AAAA", "p=", "p=%3Cscript%3E"] {
            page.driver.execute("location.hash = arguments[0]", vec![broken.into()]).await?;
            page.wait_for("#python-trouble:not(:empty)").await?;
        }
        Ok(())
    };
    visit().pay(act).await
}

#[tokio::test]
async fn python_is_written_and_run_by_keys_alone() -> Result<()> {
    let act = async |page: &Page| {
        open(page, "own").await?;
        page.driver.execute("document.querySelector('#script').focus()", vec![]).await?;
        let press = async |keys: thirtyfour::TypingData| -> Result<()> {
            Ok(page.driver.active_element().await?.send_keys(keys).await?)
        };
        press(Key::Control + "a").await?;
        press("for n in range(2):".into()).await?;
        press(Key::Enter + "print(n)").await?;
        press(Key::Enter + "").await?;
        press(Key::Tab + "").await?;
        let source: String = page.script("return document.querySelector('#script').value").await?;
        ensure!(source == "for n in range(2):\n    print(n)\n        ", "{source:?}");
        press(Key::Shift + Key::Tab).await?;
        press(Key::Control + "z").await?;
        let undone: String = page.script("return document.querySelector('#script').value").await?;
        ensure!(undone == source, "the browser undoes it: {undone:?}");
        press(Key::Control + Key::Enter).await?;
        page.wait_for(".strip[data-code='0']").await?;
        page.wait_for(READY).await?;
        page.driver.execute("document.querySelector('#script').focus()", vec![]).await?;
        press(Key::Escape + "").await?;
        press(Key::Tab + "").await?;
        let left: bool = page.script("return document.activeElement.id !== 'script'").await?;
        ensure!(left, "Escape, then Tab leaves the editor");
        Ok(())
    };
    visit().pay(act).await
}

#[tokio::test]
async fn python_says_what_is_missing() -> Result<()> {
    let act = async |page: &Page| {
        page.driver.execute("location.hash = '#python'", vec![]).await?;
        page.press(&format!("{RUN}:enabled")).await?;
        page.wait_for("#python-trouble:not(:empty)").await?;
        ensure!(page.text("#python-trouble").await?.starts_with("Python could not be loaded"));
        page.wait_for(READY).await.map(drop)
    };
    Visit { engine: Some(Engine::Chromium), ..Visit::without(&["engine.js"]) }.pay(act).await?;

    let act = async |page: &Page| {
        page.driver.execute("location.hash = '#python'", vec![]).await?;
        page.wait_for(&format!("{RUN}:disabled")).await?;
        ensure!(!page.text("#python-trouble").await?.is_empty());
        Ok(())
    };
    Visit { isolated: false, ..visit() }.pay(act).await
}

/// Pictures for eyes: `PICTURES=folder cargo test --test page python_pictures`.
#[tokio::test]
async fn python_pictures() -> Result<()> {
    let Ok(folder) = std::env::var("PICTURES") else { return Ok(()) };
    fs::create_dir_all(&folder)?;
    let act = async |page: &Page| {
        let take = async |when: &str| -> Result<()> {
            for width in [360, 1440] {
                for dark in [false, true] {
                    page.emulate(width, 900, dark).await?;
                    let height = page.height().await?;
                    page.emulate(width, height, dark).await?;
                    let theme = if dark { "dark" } else { "light" };
                    fs::write(
                        Path::new(&folder).join(format!("{when}-{width}-{theme}.png")),
                        page.picture().await?,
                    )?;
                }
            }
            Ok(())
        };
        page.emulate(1440, 900, false).await?;
        open(page, "cpu").await?;
        take("recorded").await?;
        for id in ["cpu", "waiting", "race", "lock", "no_guard"] {
            show(page, id).await?;
            run(page).await?;
            take(id).await?;
        }
        Ok(())
    };
    visit().pay(act).await
}
