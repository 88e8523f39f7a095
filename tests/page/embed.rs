//! Experiments in pages of another site, with and without isolation: by element, by frame, in a notebook.

use crate::support::{Engine, Page, Site, Visit};
use anyhow::{Context, Result, bail, ensure};
use lanes::domain::Model;
use lanes::report::link::{self, Link};
use serde_json::Value;

/// Most of what a frame may load before the reader asks, in bytes as sent.
const BEFORE_IT_IS_ASKED: f64 = 30.0 * 1024.0;

/// As few rounds as there can be.
const SHORTLY: &str = "{ 'min-rounds': '1', 'max-rounds': '1' }";

/// Visits the page `name` of another site, which is isolated or not.
async fn visit(name: &str, isolated: bool, act: impl AsyncFnOnce(&Page) -> Result<()>) -> Result<()> {
    let visit = async |page: &Page| {
        let host = Site::of_examples(&page.site, isolated).await?;
        page.driver.goto(format!("{}{name}", host.url())).await?;
        act(page).await
    };
    // A browser may tell on the console that it knows no Document-Isolation-Policy.
    Visit { console_must_be_clean: false, ..Visit::default() }.pay(visit).await
}

/// What a promise of the page comes to.
async fn answer(page: &Page, promise: &str) -> Result<Value> {
    let script = format!(
        "const done = arguments[0];
         Promise.resolve(document.querySelector('lanes-playground') && customElements.whenDefined('lanes-playground'))
           .then(() => {promise})
           .then(done, (error) => done({{ error: String(error) }}))"
    );
    let answer: Value = page.driver.execute_async(script, Vec::new()).await?.convert()?;
    match answer.get("error") {
        Some(error) => anyhow::bail!("{promise}: {error}"),
        None => Ok(answer),
    }
}

/// How many samples a model has at so many lanes.
fn samples(results: &Value, model: &str, lanes: u64) -> Result<u64> {
    let points = results["points"].as_array().context("no points")?;
    let point = points.iter().find(|point| point["model"] == model && point["lanes"] == lanes);
    point.and_then(|point| point["samples"].as_u64()).with_context(|| format!("no {model} at {lanes} lanes"))
}

/// Whether threads run in a frame: where the page around it is isolated, and in Chromium anywhere.
fn has_threads(page: &Page, isolated: bool) -> bool {
    isolated || page.engine == Engine::Chromium
}

/// Enters the frame that a script answers with.
async fn enter(page: &Page, frame: &str) -> Result<()> {
    let frame = page.driver.execute(format!("return {frame}"), Vec::new()).await?.element()?;
    frame.scroll_into_view().await?;
    Ok(frame.enter_frame().await?)
}

/// The frame of the element with this id.
fn frame_of(id: &str) -> String {
    format!("document.getElementById('{id}').shadowRoot.querySelector('iframe')")
}

#[tokio::test]
async fn an_element_runs_its_experiment_in_any_page() -> Result<()> {
    for isolated in [true, false] {
        let run = async |page: &Page| {
            let run = format!("(gil.set({SHORTLY}), gil.run())");
            let results = answer(page, &run).await?;
            ensure!(samples(&results, "serial", 1)? == 1, "{results}");
            for model in ["threads", "threads + GIL"] {
                let expected = u64::from(has_threads(page, isolated));
                ensure!(samples(&results, model, 2)? == expected, "isolated: {isolated}, {model}: {results}");
            }
            ensure!(results["link"].as_str().is_some_and(|link| link.contains("#r=")), "{results}");
            ensure!(answer(page, "gil.link()").await? == results["link"]);

            // Where they do not run, the frame says why and leads to where they do.
            enter(page, &frame_of("gil")).await?;
            let notices = usize::from(!has_threads(page, isolated));
            ensure!(page.count("#no-threads a[href*='#']").await? == notices, "isolated: {isolated}");
            Ok(())
        };
        visit("article.html", isolated, run).await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_plain_frame_runs_its_experiment_in_any_page() -> Result<()> {
    for name in ["frame.html", "notebook.html"] {
        for isolated in [true, false] {
            let run = async |page: &Page| {
                enter(page, "document.querySelector('iframe')").await?;
                page.press("#poster:not([hidden]) #run:enabled").await?;
                page.wait_for("main[data-isolation]").await?;
                page.wait_for("main[data-state=running]").await?;
                page.wait_for(".plot .processes .marker").await?;
                page.press("#run[data-state=running]").await?;
                page.wait_for("main[data-state=stopped]").await.map(drop)
            };
            visit(name, isolated, run).await?;
        }
    }
    Ok(())
}

#[tokio::test]
async fn in_chromium_little_is_loaded_before_the_reader_asks() -> Result<()> {
    let look = async |page: &Page| {
        answer(
            page,
            "new Promise((done) => cores.addEventListener('ready', done) ?? cores.set({})).then(() => 1)",
        )
        .await?;
        enter(page, &frame_of("cores")).await?;
        page.wait_for("#poster #run:enabled").await?;
        let bytes: f64 = page.script(LOADED).await?;
        ensure!(bytes > 1_000.0 && bytes <= BEFORE_IT_IS_ASKED, "{bytes} bytes");
        Ok(())
    };
    visit("article.html", false, look).await
}

/// What a frame may have loaded so far, in bytes as sent.
const LOADED: &str =
    "return performance.getEntriesByType('navigation').concat(performance.getEntriesByType('resource'))
                   .reduce((sum, entry) => sum + entry.encodedBodySize, 0)";

/// The links to reports that landed.
fn recorded() -> Vec<&'static str> {
    let lines =
        include_str!("../../src/report/link/fixtures.txt").lines().filter(|line| line.starts_with("#r="));
    lines.filter_map(|line| line.split_whitespace().next()).collect()
}

#[tokio::test]
async fn in_chromium_a_recorded_report_is_shown_at_once_and_costs_little() -> Result<()> {
    let look = async |page: &Page| {
        let links = recorded();
        let link = links.iter().max_by_key(|link| link.len()).context("no link")?;
        page.driver.goto(format!("{}embed.html{link}&axes=linear", page.site.url())).await?;
        page.wait_for("#poster:not([hidden]) #picture .marker").await?;
        ensure!(page.text("#picture .tick.end").await? == "0×", "linear axes begin at nothing");
        ensure!(page.text("#recorded").await?.starts_with("Recorded on another machine"));
        ensure!(page.text("#verdict").await?.starts_with("Times as fast as serial"));
        ensure!(page.count("#poster #run:enabled").await? == 1);
        let bytes: f64 = page.script(LOADED).await?;
        println!("{bytes} bytes with a recorded report");
        ensure!(bytes > 1_000.0 && bytes <= BEFORE_IT_IS_ASKED, "{bytes} bytes");

        // A link that cannot be read says so, and the experiment can be run all the same.
        page.driver.goto("about:blank").await?;
        page.driver.goto(format!("{}embed.html{}", page.site.url(), &link[..link.len() - 4])).await?;
        page.wait_for("#poster:not([hidden]) #run:enabled").await?;
        ensure!(page.text("#boot").await?.contains("damaged"), "{}", page.text("#boot").await?);
        Ok(())
    };
    Visit { console_must_be_clean: false, ..Visit::default() }.pay(look).await
}

#[tokio::test]
async fn in_chromium_what_is_shown_before_there_is_a_program_is_what_the_program_reads() -> Result<()> {
    let read = async |page: &Page| {
        for link in recorded() {
            let Link::Reports(reports) = link::decode(link)? else { bail!("{link} has no reports") };
            let report = &reports[0];
            let read = format!(
                "import(new URL('poster.js', document.baseURI)).then(({{ read }}) => read('{link}'))"
            );
            let shown = answer(page, &read).await?;
            // What a mail or a chat made of it is read alike.
            for mangled in [
                format!("(https://example.org/lanes/{link})"),
                format!("**{link}**"),
                link.replace('=', "%3D"),
                link.replacen("#r=", "#/R", 1),
                format!("#r=https://example.org/lanes/{link}"),
            ] {
                let mended = answer(page, &read.replace(link, &mangled)).await?;
                ensure!(mended == shown, "{mangled}: {mended}");
            }
            ensure!(shown["title"] == report.title(), "{}", shown["title"]);
            let points = shown["points"].as_array().context("no points")?;
            ensure!(points.len() == report.points.len(), "{link}");
            for (shown, known) in points.iter().zip(&report.points) {
                let model = Model::ALL.iter().position(|model| *model == known.point.model);
                ensure!(shown["model"].as_u64() == model.map(|at| at as u64), "{shown} {known:?}");
                ensure!(
                    shown["lanes"] == known.point.lanes && shown["samples"] == known.samples,
                    "{shown} {known:?}"
                );
                for (name, estimate) in [("timeUs", known.time_us), ("speedUp", known.speed_up)] {
                    for (part, value) in [
                        ("value", estimate.map(|estimate| estimate.value)),
                        ("lo", estimate.map(|estimate| estimate.lo)),
                        ("hi", estimate.map(|estimate| estimate.hi)),
                    ] {
                        let is_same = match (shown[name][part].as_f64(), value) {
                            (Some(shown), Some(value)) => (shown - value).abs() <= 1e-9 * value.abs(),
                            (shown, value) => shown == value,
                        };
                        ensure!(is_same, "{name}.{part} is {:?} instead of {value:?}", shown[name][part]);
                    }
                }
            }
        }
        Ok(())
    };
    Visit::default().pay(read).await
}

#[tokio::test]
async fn a_page_hears_how_it_goes_and_may_stop_it() -> Result<()> {
    let listen = async |page: &Page| {
        let heard = answer(
            page,
            "new Promise((done) => {
               const heard = [];
               const listening = new AbortController();
               for (const name of ['progress', 'result', 'error'])
                 small.addEventListener(name, ({ detail }) => {
                   if (heard.at(-1) !== name) heard.push(name);
                   if (name === 'progress') small.stop();
                   if (name !== 'result') return;
                   listening.abort();
                   done([heard.join(), detail.verdict.length > 0]);
                 }, { signal: listening.signal });
               small.set({ 'max-rounds': '1000', budget: '600' });
               small.run();
             })",
        )
        .await?;
        ensure!(heard[0] == "progress,result" && heard[1] == true, "{heard}");

        // Settings are changed as in the form: what cannot be is told, and all else stays.
        let told = answer(
            page,
            "new Promise((done) => {
               small.addEventListener('error', ({ detail }) => done(detail.message), { once: true });
               small.set({ workload: 'mining' });
             })",
        )
        .await?;
        ensure!(told.as_str().is_some_and(|told| told.contains("no workload “mining”")), "{told}");
        let results =
            answer(page, &format!("(small.set({SHORTLY}), small.set({{ lanes: '3' }}), small.run())"))
                .await?;
        ensure!(samples(&results, "processes", 3)? == 1, "{results}");
        Ok(())
    };
    visit("article.html", false, listen).await
}

#[tokio::test]
async fn only_the_page_around_it_can_give_orders() -> Result<()> {
    let attack = async |page: &Page| {
        // A frame beside it asks for a run, and then the page for another theme: they come in this order.
        answer(
            page,
            "new Promise((done) => {
               const target = document.querySelector('iframe');
               const other = document.createElement('iframe');
               document.body.append(other);
               const send = other.contentWindow.Function('to', 'message', `
                 const script = document.createElement('script');
                 window.to = to;
                 script.textContent = 'to.postMessage(' + JSON.stringify(message) + ', \"*\")';
                 document.body.append(script);`);
               for (const lanes of ['run', 'load', 'theme']) send(target.contentWindow, { lanes, theme: 'light' });
               target.contentWindow.postMessage({ lanes: 'theme', theme: 'dark' }, '*');
               target.contentWindow.postMessage({ lanes: ['run'] }, '*');
               target.contentWindow.postMessage('run', '*');
               done(1);
             })",
        )
        .await?;
        enter(page, "document.querySelector('iframe')").await?;
        page.wait_for(":root[data-theme=dark]").await?;
        ensure!(page.count(":root[data-run]").await? == 0 && page.count("#poster #run:enabled").await? == 1);
        Ok(())
    };
    let ready = async |page: &Page| {
        enter(page, "document.querySelector('iframe')").await?;
        page.wait_for("#poster:not([hidden])").await?;
        page.driver.enter_default_frame().await?;
        attack(page).await
    };
    visit("frame.html", false, ready).await
}

#[tokio::test]
async fn a_frame_is_as_high_as_it_needs_to_be_and_wears_the_page_s_theme() -> Result<()> {
    let look = async |page: &Page| {
        answer(
            page,
            "new Promise((done) => cores.addEventListener('ready', done) ?? cores.set({})).then(() => 1)",
        )
        .await?;
        page.script::<Value>("document.documentElement.className = 'dark'; return null").await?;
        enter(page, &frame_of("cores")).await?;
        page.wait_for(":root[data-theme=dark]").await?;
        page.press("#poster:not([hidden]) #run:enabled").await?;
        page.wait_for("main[data-state=running]").await?;
        page.driver.enter_default_frame().await?;
        let fits = format!("const done = arguments[0]; done({}.clientHeight)", frame_of("cores"));
        page.until(&fits, |height: &u32| *height > 400).await.map(drop)
    };
    visit("article.html", false, look).await
}

#[tokio::test]
async fn in_chromium_the_builder_shows_what_it_writes() -> Result<()> {
    let build = async |page: &Page| {
        page.wait_for("#run:enabled").await?;
        page.press("#embed-this").await?;
        page.wait_for("#preview").await?;
        let list = page.wait_for("#embed-target").await?;
        for target in ["frame", "notion"] {
            thirtyfour::components::SelectElement::new(&list).await?.select_by_value(target).await?;
            let source = page.attribute("#preview", "src").await?.context("no preview")?;
            ensure!(page.text("#snippet").await?.contains(&source), "{target}: {source}");
        }
        enter(page, "document.getElementById('preview')").await?;
        page.wait_for("#poster #run:enabled").await.map(drop)
    };
    Visit::default().pay(build).await
}
