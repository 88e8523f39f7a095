//! Results on their way from one browser to another, and what a browser keeps of them.

use crate::support::{Page, Visit, saved_text};
use anyhow::{Context, Result, ensure};
use lanes::report::{
    Report, export, import,
    link::{self, of_reports},
};
use thirtyfour::prelude::*;

/// A link that landed, with a name in it that would be markup.
fn recorded() -> Result<Report> {
    let links = include_str!("../../src/report/link/fixtures.txt");
    let reports = links.lines().filter_map(|line| import(line).ok()).flatten();
    reports.last().context("no link of a report has landed")
}

/// Runs an experiment that is soon over.
async fn run_little(page: &Page) -> Result<()> {
    page.set_up_little(2).await?;
    page.press_run().await?;
    page.wait_for_state("finished").await
}

/// Opens the page anew with `hash` behind its address, as a link from elsewhere does.
async fn open(page: &Page, hash: &str) -> Result<()> {
    page.driver.goto("about:blank").await?;
    Ok(page.driver.goto(format!("{}{hash}", page.site.url())).await?)
}

/// What stands behind the `#` of the link that a field shows.
async fn link_in(page: &Page, field: &str) -> Result<String> {
    let value = page.wait_for(field).await?.value().await?.unwrap_or_default();
    let (_, hash) = value.split_once('#').with_context(|| format!("{field} shows no link: {value}"))?;
    Ok(format!("#{hash}"))
}

/// The text of the table of machines, whose figures are rounded for people.
async fn machines(page: &Page) -> Result<String> {
    page.text("#machines tbody").await
}

#[tokio::test]
async fn results_go_to_another_machine_and_come_back_beside_its_own() -> Result<()> {
    let sent = Visit::default()
        .pay(async |page: &Page| {
            run_little(page).await?;
            page.wait_for("#machine-name").await?.send_keys("first").await?;
            page.press("label:has(input[name='metric'][value='time'])").await?;
            link_in(page, "#results-link").await
        })
        .await?;
    println!("{} characters: {sent}", sent.len());

    let returned = Visit::default()
        .pay(async |page: &Page| {
            open(page, &sent).await?;
            page.wait_for("#compare[data-reports='1']").await?;
            ensure!(page.text(".recorded-line").await?.contains("on first"));
            ensure!(page.holds("document.querySelector('input[name=metric]:checked').value === 'time'").await?);
            for report in import(&sent)? {
                for known in &report.points {
                    let time = page.figure(known.point.model.name(), known.point.lanes, "time").await?;
                    let time = time.map(|time| time.value);
                    ensure!(time == known.time_us.map(|time| time.value), "{known:?} is shown as {time:?}");
                }
            }
            // Opening it has run, loaded and written nothing.
            ensure!(page.attribute("main", "data-state").await?.as_deref() == Some("idle"));
            let workers = "return performance.getEntriesByType('resource').filter(e => /worker(_bg)?\\.(js|wasm)|lane\\.js/.test(new URL(e.name).pathname) && !/service-worker/.test(e.name)).length";
            ensure!(page.script::<u32>(workers).await? == 0, "a link has loaded what runs experiments");
            let databases: u32 = page
                .driver
                .execute_async("const done = arguments[0]; indexedDB.databases().then(all => done(all.length))", Vec::new())
                .await?
                .convert()?;
            ensure!(databases == 0, "a link has written something");

            page.press("#run:enabled").await?;
            page.wait_for_state("finished").await?;
            page.wait_for("#compare[data-reports='2']").await?;
            ensure!(page.count(".overlay .series").await? == 2);
            ensure!(page.count("#machines tbody tr").await? == 2);
            ensure!(machines(page).await?.contains("(here)"));
            Ok((link_in(page, "#comparison-link").await?, machines(page).await?))
        })
        .await?;
    let (link, shown) = returned;
    println!("{} characters for two machines", link.len());

    let visit = async |page: &Page| {
        open(page, &link).await?;
        page.wait_for("#compare[data-reports='2']").await?;
        ensure!(link_in(page, "#comparison-link").await? == link, "the link has become another one");
        // The machine that was here then is another one now.
        let (again, shown) = (machines(page).await?, shown.replace(" (here)", ""));
        ensure!(again == shown, "{again}\n\nwas\n\n{shown}");
        Ok(())
    };
    Visit::default().pay(visit).await
}

#[tokio::test]
async fn in_chromium_a_link_to_an_experiment_fills_the_form_and_runs_nothing() -> Result<()> {
    let visit = async |page: &Page| {
        page.unfold_settings().await?;
        page.choose("workload", "primes").await?;
        page.write("lane-counts", "1, 3").await?;
        let link = link_in(page, "#experiment-link").await?;
        open(page, &link).await?;
        page.unfold_settings().await?;
        ensure!(page.value("lane-counts").await? == "1, 3");
        ensure!(page.value("workload").await? == "primes");
        ensure!(page.attribute("main", "data-state").await?.as_deref() == Some("idle"));
        Ok(())
    };
    Visit::default().pay(visit).await
}

#[tokio::test]
async fn in_chromium_a_link_that_cannot_be_read_says_why_and_leads_to_the_start() -> Result<()> {
    let visit = async |page: &Page| {
        let link = of_reports(&[recorded()?]);
        open(page, &link[..link.len() - 5]).await?;
        page.wait_for("#broken-link").await?;
        ensure!(page.text("#broken-link").await?.contains("cut off"));
        open(page, "#x=AwCmfA").await?;
        page.wait_for("#broken-link").await?;
        ensure!(page.text("#broken-link").await?.contains("newer Lanes"));
        page.press("#broken-link a").await?;
        page.wait_for("#run:enabled").await.map(drop)
    };
    Visit::default().pay(visit).await
}

#[tokio::test]
async fn reports_come_from_links_and_files_and_their_text_is_text() -> Result<()> {
    let mut report = recorded()?;
    report.name = "<b>phone</b>".to_owned();
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("lanes.json");
    let broken = folder.path().join("broken.json");
    let json = export::json(std::slice::from_ref(&report));
    std::fs::write(&broken, &json[..json.len() / 2])?;
    std::fs::write(&file, json)?;
    let visit = async |page: &Page| {
        open(page, "#compare").await?;
        let links = page.wait_for("#add-links").await?;
        links.send_keys(format!("one {0} and {0}", of_reports(std::slice::from_ref(&report)))).await?;
        page.press("#add-button").await?;
        page.wait_for("#compare[data-reports='2']").await?;
        let files = page.wait_for("#add-file").await?;
        files.send_keys(broken.to_string_lossy()).await?;
        page.wait_for("#add-refusal:not(:empty)").await?;
        ensure!(page.text("#add-refusal").await?.contains("cut short"));
        files.send_keys(file.to_string_lossy()).await?;
        page.wait_for("#compare[data-reports='3']").await?;
        ensure!(page.text("#machines").await?.contains("<b>phone</b>"));
        ensure!(page.count("#compare b").await? == 0, "a name has become markup");
        ensure!(link::decode(&link_in(page, "#comparison-link").await?).is_ok());
        Ok(())
    };
    Visit::default().pay(visit).await
}

#[tokio::test]
async fn in_chromium_a_saved_picture_is_whole_and_says_what_it_shows() -> Result<()> {
    let mut report = recorded()?;
    (report.machine.reported_cores, report.measured_cores) = (Some(2), Some(2));
    report.name = "<b>phone</b>".to_owned();
    let visit = async |page: &Page| {
        open(page, &of_reports(std::slice::from_ref(&report))).await?;
        page.wait_for(".compare .plot .marker").await?;
        let svg = saved_text(page, "[data-save=SVG]").await?;
        let about = "cosine sum (5·10⁷ cosines) · &lt;b&gt;phone&lt;/b&gt; · ";
        let title = svg.split("<title>").nth(1).and_then(|rest| rest.split("</title>").next());
        let title = title.with_context(|| svg.clone())?;
        ensure!(title.starts_with(about) && title.ends_with(&page.site.url()), "{title}");
        // The name of the cores' rule has a margin below its letters, and not above them.
        let rule = svg.split("<text").find(|text| text.contains("cores reported and measured"));
        ensure!(rule.is_some_and(|rule| rule.contains("paint-order=\"stroke\"")), "{rule:?}");
        ensure!(!svg.contains("class=") && svg.contains("phone&lt;/b&gt; ·"), "{svg}");

        let note =
            "HTMLElement.prototype.click = function () { window.savedPicture = this.href; }; return null;";
        page.script::<Option<()>>(note).await?;
        page.press("[data-save=PNG]").await?;
        let size = "const [done] = arguments, image = new Image();
                    image.onload = () => done([image.width, image.height]);
                    if (window.savedPicture) image.src = window.savedPicture; else done(null)";
        let [width, height] =
            page.until::<Option<[f64; 2]>>(size, Option::is_some).await?.context("no picture was saved")?;
        let of_svg = format!("viewBox=\"0 0 {} {}\"", width / 2.0, height / 2.0);
        ensure!(svg.contains(&of_svg), "{of_svg}: {}", &svg[..200]);
        Ok(())
    };
    Visit::default().pay(visit).await
}

#[tokio::test]
async fn finished_runs_are_kept_named_opened_and_deleted() -> Result<()> {
    let visit = async |page: &Page| {
        run_little(page).await?;
        let link = link_in(page, "#results-link").await?;
        page.wait_for("#kept").await?;
        open(page, "#history").await?;
        page.wait_for("#history[data-kept='1']").await?;
        let name = page.wait_for(".kept input").await?;
        name.send_keys("my <i>laptop</i>").await?;
        name.send_keys(Key::Tab).await?;
        page.wait_for(".kept a[href*='#r=']").await?;
        page.wait_for(".kept [data-name='my <i>laptop</i>']").await?;

        open(page, "#history").await?;
        page.wait_for("#history[data-kept='1']").await?;
        page.press(".kept [data-do=open]").await?;
        page.wait_for("#compare[data-reports='1']").await?;
        ensure!(page.text(".recorded-line").await?.contains("my <i>laptop</i>"));
        let (kept, sent) = (import(&link_in(page, "#comparison-link").await?)?, import(&link)?);
        ensure!(kept[0].points == sent[0].points, "what was kept is not what was measured");

        page.press("#keep").await?;
        page.wait_for("#history[data-kept='2']").await?;
        for left in ["1", "0"] {
            page.press(".kept [data-do=delete]").await?;
            page.wait_for(&format!("#history[data-kept='{left}']")).await?;
        }
        // What was deleted last can be brought back, under the number and the name that it had.
        page.wait_for("#undo-delete:focus").await?;
        page.press("#undo-delete").await?;
        page.wait_for("#history[data-kept='1'] .kept [data-name='my <i>laptop</i>'] [data-do=open]").await?;
        ensure!(page.count("#undo-delete").await? == 0, "it is there already");

        page.press(".kept [data-do=delete]").await?;
        page.wait_for("#undo-delete").await?;
        // Going elsewhere is the next action: then it is gone for good.
        for view in ["#", "#history"] {
            page.script::<()>(&format!("location.hash = '{view}'")).await?;
        }
        page.wait_for("#history[data-kept='0']").await?;
        ensure!(page.count("#undo-delete").await? == 0, "it could be brought back");
        Ok(())
    };
    Visit::default().pay(visit).await
}

#[tokio::test]
async fn storage_that_is_full_or_denied_is_told_and_loses_nothing() -> Result<()> {
    let visit = async |page: &Page| {
        page.wait_for("#run:enabled").await?;
        let full = "IDBObjectStore.prototype.add = () => { throw new DOMException('no room', 'QuotaExceededError') }";
        page.script::<()>(full).await?;
        run_little(page).await?;
        ensure!(link_in(page, "#results-link").await?.starts_with("#r="));
        page.wait_for("#not-kept:not(:empty)").await?;
        ensure!(page.text("#not-kept").await?.contains("full"), "{}", page.text("#not-kept").await?);

        let denied = "Object.defineProperty(window, 'indexedDB', { get() { throw new DOMException('denied', 'SecurityError') } })";
        page.script::<()>(denied).await?;
        page.script::<()>("location.hash = '#history'").await?;
        page.wait_for("#history #not-kept:not(:empty)").await?;
        ensure!(
            page.text("#not-kept").await?.contains("private window"),
            "{}",
            page.text("#not-kept").await?
        );
        page.script::<()>("location.hash = '#'").await?;
        ensure!(link_in(page, "#results-link").await?.starts_with("#r="));
        Ok(())
    };
    Visit::default().pay(visit).await
}

#[tokio::test]
async fn a_stopped_run_is_kept_and_marked_and_own_runs_are_known_to_be_of_this_machine() -> Result<()> {
    let visit = async |page: &Page| {
        page.set_up_little(500).await?;
        page.press_run().await?;
        page.wait_for("#results tr[data-model=processes] [data-figure=time][data-value]").await?;
        page.press("#run[data-state=running]").await?;
        page.wait_for_state("stopped").await?;
        page.wait_for("#kept").await?;
        open(page, "#history").await?;
        page.wait_for("#history[data-kept='1']").await?;
        ensure!(page.text(".kept li").await?.contains(", stopped."), "{}", page.text(".kept li").await?);

        // The box for links comes first, and the run of just now is no stranger's.
        page.press(".kept [data-do=compare]").await?;
        page.wait_for("#compare[data-reports='1'] > #add:first-child").await?;
        ensure!(page.text(".recorded-line").await?.contains("a run of this machine"));
        // Nor is it one when the page is loaded again and the link is opened.
        let link = link_in(page, "#comparison-link").await?;
        page.driver.refresh().await?;
        open(page, &link).await?;
        page.wait_for("#compare[data-reports='1']").await?;
        let known = "document.querySelector('.recorded-line').textContent.includes('a run of this machine')";
        page.until(&format!("arguments[0]({known})"), |&is_known: &bool| is_known).await?;
        Ok(())
    };
    Visit::default().pay(visit).await
}
