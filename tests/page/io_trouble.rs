//! Work that waits where a network, a disk or a browser fails: each failure ends in a line that says what
//! happened, and the rest goes on.

use crate::support::{
    Engine, Page, Site, Visit,
    io::{incomplete, nothing_is_left, run, settle, warnings},
};
use anyhow::{Result, ensure};

/// The models that wait in ways of their own, at the lanes that they are tested with.
const POINTS: [(&str, u32); 4] = [("serial", 1), ("threads", 4), ("processes", 4), ("async", 4)];

/// Browsers report failed requests on the console.
fn troubled() -> Visit {
    Visit { console_must_be_clean: false, ..Visit::default() }
}

/// A visit with a fault in every worker that fetches or writes.
fn with_fault(fault: &'static str) -> Visit {
    Visit { faults: vec![("lane.js", fault)], ..troubled() }
}

/// The points that the network is simulated for all of: where it is not for processes, these are left out.
fn simulated(page: &Page) -> Vec<(&'static str, u32)> {
    let is_simulated = |(model, _): &(&str, u32)| page.engine != Engine::Webkit || *model != "processes";
    POINTS.into_iter().filter(is_simulated).collect()
}

/// Chooses a workload at four lanes, for so many rounds, and the points' models.
async fn set_up(page: &Page, workload: &str, rounds: u32, points: &[(&str, u32)]) -> Result<()> {
    settle(page, workload, "4", rounds).await?;
    choose(page, points).await
}

async fn choose(page: &Page, points: &[(&str, u32)]) -> Result<()> {
    let models: Vec<&str> = points.iter().map(|(model, _)| *model).collect();
    page.choose_models(&models).await
}

/// Ensures that the run ended with its warm-up, as no task of it was done, and says why.
async fn ensure_all_fail(page: &Page, points: &[(&str, u32)], line: &str) -> Result<()> {
    let told = page.text("#failed-tasks").await?;
    ensure!(told.contains(line), "{line}: {told}");
    for &(model, lanes) in points {
        ensure!(incomplete(page, model, lanes).await? == 1, "{line}: {model}");
        ensure!(page.samples(model, lanes).await? == 0, "{line}: {model}");
    }
    Ok(())
}

/// Ensures that every point has a sample, and that nothing is told to have failed.
async fn ensure_all_work(page: &Page, points: &[(&str, u32)]) -> Result<()> {
    for &(model, lanes) in points {
        ensure!(page.samples(model, lanes).await? == 1, "{model}");
        ensure!(incomplete(page, model, lanes).await? == 0, "{model}");
    }
    ensure!(page.count("#failed-tasks").await? == 0);
    Ok(())
}

#[tokio::test]
async fn every_failure_of_a_request_is_told_and_no_sample() -> Result<()> {
    let visit = async |page: &Page| {
        let points = simulated(page);
        set_up(page, "addresses", 1, &points).await?;
        page.write("timeout", "0.3").await?;
        page.write("failures", "100").await?;
        for (fault, line) in [
            ("not-found", "not found (404)"),
            ("server-error", "answered with an error (500)"),
            ("half-body", "stopped half-way"),
            ("refused", "no answer"),
            ("no-answer", "no end after 0.3 s"),
        ] {
            page.choose("fault", fault).await?;
            run(page).await?;
            ensure_all_fail(page, &points, line).await?;
        }
        page.write("failures", "0").await?;
        page.write("timeout", "10").await?;
        run(page).await?;
        ensure_all_work(page, &points).await?;
        nothing_is_left(page).await
    };
    troubled().pay(visit).await
}

#[tokio::test]
async fn trials_with_failures_are_never_averaged_with_whole_ones() -> Result<()> {
    const ROUNDS: u32 = 6;
    let visit = async |page: &Page| {
        let points = simulated(page);
        set_up(page, "addresses", ROUNDS, &points).await?;
        // Of 16 requests of a round one or more fail, or none, as the seed has it.
        page.write("failures", "4").await?;
        page.choose("fault", "not-found").await?;
        run(page).await?;
        let (whole, failed) = (page.samples("serial", 1).await?, incomplete(page, "serial", 1).await?);
        ensure!(
            whole > 0 && failed > 0,
            "{whole} whole trials and {failed} with failures: take another seed"
        );
        for &(model, lanes) in &points {
            // The same requests fail under every model. The warm-up is a trial and never a sample.
            let (samples, incomplete) =
                (page.samples(model, lanes).await?, incomplete(page, model, lanes).await?);
            ensure!((samples, incomplete) == (whole, failed), "{model}: {samples} and {incomplete}");
            ensure!((ROUNDS..=ROUNDS + 1).contains(&(samples + incomplete)), "{model}");
        }
        let said = warnings(page).await?;
        ensure!(said.contains("are not counted"), "{said}");
        Ok(())
    };
    troubled().pay(visit).await
}

/// Runs a mailbox in a browser without service workers, and ensures that the page says whence it came.
async fn mailbox_of_this_site(page: &Page) -> Result<()> {
    set_up(page, "mailbox", 1, &POINTS).await?;
    run(page).await?;
    ensure_all_work(page, &POINTS).await?;
    let said = warnings(page).await?;
    ensure!(said.contains("this browser runs no service worker here"), "{said}");
    let caption = page.text("#results caption").await?;
    ensure!(caption.contains("from this site, as no network could be simulated"), "{caption}");
    nothing_is_left(page).await
}

#[tokio::test]
async fn without_a_service_worker_the_bytes_come_from_this_site_and_the_page_says_so() -> Result<()> {
    // The host lacks it; or the browser hides what there is, as in some private windows; or forbids it.
    Visit::without(&["service-worker.js"]).pay(mailbox_of_this_site).await?;
    for fault in [
        "delete Navigator.prototype.serviceWorker;",
        "ServiceWorkerContainer.prototype.register = () => Promise.reject(new DOMException('', 'SecurityError'));",
    ] {
        Visit { faults: vec![("boot.js", fault)], ..troubled() }.pay(mailbox_of_this_site).await?;
    }
    Ok(())
}

#[tokio::test]
async fn in_a_private_window_lanes_wait_as_well() -> Result<()> {
    let visit = async |page: &Page| {
        for workload in ["addresses", "pipeline"] {
            settle(page, workload, "4", 1).await?;
            page.choose_models(&["serial", "threads", "processes"]).await?;
            run(page).await?;
            for (model, lanes) in &POINTS[..3] {
                ensure!(page.samples(model, *lanes).await? == 1, "{workload}: {model}");
            }
        }
        Ok(())
    };
    Visit { private: true, ..troubled() }.pay(visit).await
}

#[tokio::test]
async fn a_frame_of_another_site_waits_and_says_what_it_does_otherwise() -> Result<()> {
    for has_service_workers in [true, false] {
        let visit = async |page: &Page| {
            let host = Site::of_examples(&page.site, true).await?;
            page.driver.goto(format!("{}frame.html", host.url())).await?;
            let what = "workload=mailbox&size=s&models=serial,processes,async&lanes=4&latency=5&min-rounds=1&max-rounds=1";
            let ask = format!(
                "const frame = document.querySelector('iframe');
                 frame.src = frame.src.replace(/[?].*/, '?{what}');
                 frame.scrollIntoView();
                 return frame"
            );
            page.driver.execute(&ask, Vec::new()).await?.element()?.enter_frame().await?;
            page.press("#poster:not([hidden]) #run:enabled").await?;
            page.wait_for_state("finished").await?;
            let told =
                "return Array.from(document.querySelectorAll('.warning'), (it) => it.textContent).join()";
            let told: String = page.script(told).await?;
            let is_simulated = has_service_workers && page.engine != Engine::Webkit;
            ensure!(told.contains("could not be simulated") != is_simulated, "{told}");
            Ok(())
        };
        let fault = "delete Navigator.prototype.serviceWorker;";
        let faults = if has_service_workers { Vec::new() } else { vec![("embed-frame.js", fault)] };
        Visit { faults, ..troubled() }.pay(visit).await?;
    }
    Ok(())
}

#[tokio::test]
async fn without_a_network_the_simulated_one_answers_and_this_site_does_not() -> Result<()> {
    let visit = async |page: &Page| {
        let points = simulated(page);
        set_up(page, "addresses", 1, &points).await?;
        // What workers are made of is kept for visits without a network.
        run(page).await?;
        page.site.stop().await;
        run(page).await?;
        ensure_all_work(page, &points).await?;
        page.choose("source", "this-site").await?;
        run(page).await?;
        ensure_all_fail(page, &points, "no answer").await
    };
    troubled().pay(visit).await?;

    let visit = async |page: &Page| {
        set_up(page, "addresses", 1, &POINTS).await?;
        run(page).await?;
        page.site.stop().await;
        page.choose("source", "this-site").await?;
        run(page).await?;
        ensure_all_fail(page, &POINTS, "the browser is offline").await
    };
    with_fault("Object.defineProperty(WorkerNavigator.prototype, 'onLine', { get: () => false });")
        .pay(visit)
        .await
}

#[tokio::test]
async fn in_chromium_a_full_disk_fails_the_tasks_that_have_no_room() -> Result<()> {
    let visit = async |page: &Page| {
        set_up(page, "addresses", 1, &POINTS).await?;
        let origin: String = page.script("return location.origin").await?;
        let quota = serde_json::json!({ "origin": origin, "quotaSize": 20_000 });
        page.driver.cdp().send_raw("Storage.overrideQuotaForOrigin", quota).await?;
        run(page).await?;
        let told = page.text("#failed-tasks").await?;
        ensure!(told.contains("no room left"), "{told}");
        for (model, lanes) in POINTS {
            ensure!(incomplete(page, model, lanes).await? > 0, "{model}");
        }
        nothing_is_left(page).await
    };
    troubled().pay(visit).await
}

#[tokio::test]
async fn where_nothing_can_be_written_every_task_says_so() -> Result<()> {
    let visit = async |page: &Page| {
        set_up(page, "addresses", 1, &POINTS).await?;
        run(page).await?;
        ensure_all_fail(page, &POINTS, "it could not be written").await?;

        // Fetching and parsing go on, and a mail fails once, where it is stored.
        settle(page, "pipeline", "4", 1).await?;
        page.choose_models(&["serial", "threads"]).await?;
        run(page).await?;
        let told = page.text("#failed-tasks").await?;
        ensure!(told.contains("it could not be written"), "{told}");
        ensure!(incomplete(page, "threads", 4).await? == 1 && page.samples("threads", 4).await? == 0);
        Ok(())
    };
    let fault = "if (self.StorageManager) delete StorageManager.prototype.getDirectory;
        delete WorkerGlobalScope.prototype.caches; delete self.caches;
        delete WorkerGlobalScope.prototype.indexedDB; delete self.indexedDB;";
    with_fault(fault).pay(visit).await
}

#[tokio::test]
async fn where_the_page_may_list_nothing_that_is_stored_work_that_waits_runs_to_its_end() -> Result<()> {
    let visit = async |page: &Page| {
        for workload in ["addresses", "pipeline"] {
            settle(page, workload, "4", 1).await?;
            page.choose_models(&["serial", "threads", "processes"]).await?;
            run(page).await?;
            for (model, lanes) in &POINTS[..3] {
                ensure!(page.samples(model, *lanes).await? == 1, "{workload}: {model}");
            }
        }
        Ok(())
    };
    // As in a frame of another site whose cookies are blocked: the calls are there, and their promises are rejected. Some
    // browsers throw at once instead.
    let rejected = "const refuse = () => Promise.reject(new DOMException('refused', 'SecurityError'));";
    let thrown = "const refuse = () => { throw new DOMException('refused', 'SecurityError') };";
    for how in [rejected, thrown] {
        let fault = format!(
            "{{ {how}
               CacheStorage.prototype.keys = refuse;
               IDBFactory.prototype.databases = refuse;
               if (self.StorageManager) StorageManager.prototype.getDirectory = refuse;
               if (self.LockManager) LockManager.prototype.request = refuse; }}"
        );
        Visit { faults: vec![("boot.js", fault.leak())], ..troubled() }.pay(visit).await?;
    }
    Ok(())
}

#[tokio::test]
async fn lanes_that_wait_are_stopped_at_once() -> Result<()> {
    let visit = async |page: &Page| {
        let points = simulated(page);
        settle(page, "addresses", "4", 1).await?;
        page.write("latency", "9000").await?;
        for &(model, _) in &points {
            page.choose_models(&[model]).await?;
            page.press_run().await?;
            page.wait_for_state("running").await?;
            page.press_run().await?;
            page.wait_for_state("stopped").await?;
        }
        choose(page, &points).await?;
        page.write("latency", "5").await?;
        run(page).await?;
        ensure_all_work(page, &points).await?;
        nothing_is_left(page).await
    };
    Visit::default().pay(visit).await
}
