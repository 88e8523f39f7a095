//! The page as a visitor uses it: fields, the button, and the table of figures.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use serde_json::json;
use thirtyfour::components::SelectElement;
use thirtyfour::error::WebDriverErrorInner;
use thirtyfour::prelude::*;
use xtask::engine::Engine;

use super::Site;

/// The longest that anything of a test is waited for: many times what it takes on a small machine, as
/// others may have more to do. Whatever hangs fails all the same.
pub(super) const PATIENCE: Duration = Duration::from_secs(240);

/// The page in a browser.
pub struct Page {
    /// For what the page's own words cannot say.
    pub driver: WebDriver,
    /// The engine of the browser.
    pub engine: Engine,
    /// The host that it comes from.
    pub site: Site,
    /// The number of the group of processes that driver and browser are.
    group: u32,
}

/// A figure of the table with its interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Figure {
    /// The median.
    pub value: f64,
    /// The lower end of its interval.
    pub lo: f64,
    /// The upper end of its interval.
    pub hi: f64,
}

impl Page {
    pub(super) fn new(driver: WebDriver, engine: Engine, site: Site, group: u32) -> Self {
        Self { driver, engine, site, group }
    }

    /// Waits until there is an element that `css` selects.
    pub async fn wait_for(&self, css: &str) -> Result<WebElement> {
        self.wait_asking_every(Duration::from_millis(100), css, PATIENCE).await
    }

    /// The same, with a patience of one's own, and without asking so often that it would take the
    /// time of what is measured meanwhile.
    pub async fn wait_as_long_as(&self, css: &str, patience: Duration) -> Result<WebElement> {
        self.wait_asking_every(Duration::from_secs(2), css, patience).await
    }

    async fn wait_asking_every(&self, pause: Duration, css: &str, patience: Duration) -> Result<WebElement> {
        let begin = Instant::now();
        loop {
            let error = match self.driver.find(By::Css(css)).await {
                Ok(element) => return Ok(element),
                Err(error) => error,
            };
            // There is no document either while the page is loaded again.
            let may_come = is_stale(&error)
                || matches!(
                    *error,
                    WebDriverErrorInner::NoSuchElement(_) | WebDriverErrorInner::NoSuchFrame(_)
                );
            if !may_come || begin.elapsed() > patience {
                return Err(error).with_context(|| format!("the page does not come to show {css}"));
            }
            tokio::time::sleep(pause).await;
        }
    }

    /// Does something with the element that `css` selects, as soon as it is there; and again where the page
    /// draws another in its place meanwhile.
    async fn with<T>(&self, css: &str, act: impl AsyncFn(&WebElement) -> WebDriverResult<T>) -> Result<T> {
        let begin = Instant::now();
        loop {
            match act(&self.wait_for(css).await?).await {
                Err(error) if is_stale(&error) && begin.elapsed() < PATIENCE => {}
                result => return result.with_context(|| css.to_owned()),
            }
        }
    }

    /// The text of the element that `css` selects, as soon as it is there.
    pub async fn text(&self, css: &str) -> Result<String> {
        // WebKit's driver takes text for unseen that may be cut off where there is no room for it.
        let script = "return arguments[0].innerText ?? arguments[0].textContent";
        let text = async |element: &WebElement| {
            self.driver.execute(script, vec![element.to_json()?]).await?.convert::<String>()
        };
        Ok(self.with(css, text).await?.trim().to_owned())
    }

    /// An attribute of the element that `css` selects, as soon as it is there; `None` where the element lacks it.
    pub async fn attribute(&self, css: &str, name: &str) -> Result<Option<String>> {
        self.with(css, async |element| element.attr(name).await).await
    }

    /// How many elements `css` selects.
    pub async fn count(&self, css: &str) -> Result<usize> {
        Ok(self.driver.find_all(By::Css(css)).await?.len())
    }

    /// Waits until the page can run an experiment, and unfolds all settings.
    pub async fn unfold_settings(&self) -> Result<()> {
        self.wait_for("#run:enabled").await?;
        for folded in ["details.settings:not([open]) > summary", ".settings details:not([open]) > summary"] {
            while self.count(folded).await? > 0 {
                self.press(folded).await?;
            }
            // What is folded up comes when it is opened.
            self.wait_for(".settings fieldset").await?;
        }
        Ok(())
    }

    /// Sets up a run that is soon over: the smallest size, at one lane and at two, in so many rounds.
    pub async fn set_up_little(&self, rounds: u32) -> Result<()> {
        self.unfold_settings().await?;
        self.choose("size", "s").await?;
        self.write("lane-counts", "1, 2").await?;
        self.write("min-rounds", &rounds.to_string()).await?;
        self.write("max-rounds", &rounds.to_string()).await
    }

    /// Chooses a file in the field that `css` selects, as soon as it is there.
    pub async fn bring_file(&self, css: &str, path: &str) -> Result<()> {
        self.with(css, async |field| field.send_keys(path).await).await
    }

    /// Writes `value` into a field of the settings.
    pub async fn write(&self, field: &str, value: &str) -> Result<()> {
        self.write_into(&format!("#set-{field}"), value).await
    }

    /// Writes `value` into the field that `css` selects, which some take in only when they are left.
    pub async fn write_into(&self, css: &str, value: &str) -> Result<()> {
        let write = async |field: &WebElement| {
            field.send_keys(Key::Control + "a").await?;
            field.send_keys(value).await
        };
        self.with(css, write).await
    }

    /// What a field of the settings holds.
    pub async fn value(&self, field: &str) -> Result<String> {
        let value = self.with(&format!("#set-{field}"), async |field| field.value().await).await?;
        Ok(value.unwrap_or_default())
    }

    /// Chooses `value` in a list of the settings.
    pub async fn choose(&self, field: &str, value: &str) -> Result<()> {
        self.choose_in(&format!("#set-{field}"), value).await
    }

    /// Chooses `value` in the list that `css` selects.
    pub async fn choose_in(&self, css: &str, value: &str) -> Result<()> {
        self.with(css, async |list| SelectElement::new(list).await?.select_by_value(value).await).await
    }

    /// What a list of the settings has to choose from.
    pub async fn choices(&self, field: &str) -> Result<Vec<String>> {
        let mut choices = Vec::new();
        for option in self.driver.find_all(By::Css(format!("#set-{field} option"))).await? {
            choices.extend(option.value().await?);
        }
        Ok(choices)
    }

    /// Chooses these models and no others.
    pub async fn choose_models(&self, models: &[&str]) -> Result<()> {
        self.wait_for("input[name=model]").await?;
        let script = format!(
            "return [...document.querySelectorAll('input[name=model]')]
               .filter(({{ value, checked }}) => checked !== {models:?}.includes(value)).map(({{ value }}) => value)"
        );
        let to_change: Vec<String> = self.script(&script).await?;
        for name in to_change {
            self.press(&format!("input[name=model][value='{name}']")).await?;
        }
        Ok(())
    }

    /// Presses the button that runs and stops.
    pub async fn press_run(&self) -> Result<()> {
        self.press("#run:enabled").await
    }

    /// Presses what `css` selects, as soon as it is there.
    pub async fn press(&self, css: &str) -> Result<()> {
        self.with(css, async |element| element.click().await).await
    }

    /// Waits until the run has come to `state`.
    pub async fn wait_for_state(&self, state: &str) -> Result<()> {
        self.wait_for(&format!("main[data-state={state}]")).await.map(drop)
    }

    /// Runs the experiment to its end, which no run that is soon over is too short for.
    pub async fn run_to_end(&self) -> Result<()> {
        self.script::<Option<()>>(
            "const main = document.querySelector('main');
             window.runHasEnded = false;
             let runs = false;
             new MutationObserver((_, observer) => {
               if (main.dataset.state === 'running') runs = true;
               else if (runs) (window.runHasEnded = true), observer.disconnect();
             }).observe(main, { attributeFilter: ['data-state'] });
             return null;",
        )
        .await?;
        self.press_run().await?;
        self.until("arguments[0](window.runHasEnded)", |has_ended: &bool| *has_ended).await?;
        let state = self.attribute("main", "data-state").await?;
        anyhow::ensure!(state.as_deref() == Some("finished"), "the run has come to {state:?}");
        Ok(())
    }

    /// A figure of the table: `None` before anything was measured.
    pub async fn figure(&self, model: &str, lanes: u32, figure: &str) -> Result<Option<Figure>> {
        let css =
            format!("#results tr[data-model='{model}'][data-lanes='{lanes}'] td[data-figure='{figure}']");
        let mut ends = [0.0; 3];
        for (end, name) in ends.iter_mut().zip(["data-value", "data-lo", "data-hi"]) {
            match self.attribute(&css, name).await? {
                Some(text) => *end = text.parse().with_context(|| format!("{css}: {name}"))?,
                None => return Ok(None),
            }
        }
        let [value, lo, hi] = ends;
        Ok(Some(Figure { value, lo, hi }))
    }

    /// How many samples a point of the table has.
    pub async fn samples(&self, model: &str, lanes: u32) -> Result<u32> {
        let css = format!("#results tr[data-model='{model}'][data-lanes='{lanes}'] [data-figure=samples]");
        let samples = self.attribute(&css, "data-value").await?;
        samples.and_then(|samples| samples.parse().ok()).with_context(|| format!("{css} says nothing"))
    }

    /// The median memory of a point's trials, in bytes.
    pub async fn memory_bytes(&self, model: &str, lanes: u32) -> Result<f64> {
        let css = format!("#splits tr[data-model='{model}'][data-lanes='{lanes}'] [data-part=memory]");
        let bytes = self.attribute(&css, "data-value").await?;
        bytes.and_then(|bytes| bytes.parse().ok()).with_context(|| format!("{css} says nothing"))
    }

    /// What is sent before the page can be used, in bytes: compressed, without the worker's files and the
    /// parts of the page's program that follow.
    pub async fn first_load_bytes(&self) -> Result<f64> {
        self.script(
            "const later = /\\/(worker|lane\\.js|snippets|app-\\w+_(?!bg)\\w+\\.wasm)/;
             return performance.getEntriesByType('navigation')
               .concat(performance.getEntriesByType('resource'))
               .filter(entry => !later.test(new URL(entry.name).pathname))
               .reduce((sum, entry) => sum + entry.encodedBodySize, 0)",
        )
        .await
    }

    /// Waits until the service worker keeps so many builds as a whole, for visits without the host.
    pub async fn until_kept(&self, builds: u32) -> Result<()> {
        let kept = "
            const done = arguments[0];
            caches.keys().then(async (names) => {
              let kept = 0;
              for (const name of names) {
                const page = await (await caches.open(name)).match(new URL('./', location));
                if (page) kept += 1;
              }
              done(kept);
            });";
        self.until(kept, |kept: &u32| *kept == builds).await.map(drop)
    }

    /// Ends the host, and visits the page without it.
    ///
    /// # Errors
    /// When the browser has nothing to show for it.
    pub async fn visit_without_host(&self) -> Result<()> {
        if self.engine == Engine::Webkit {
            // Its driver's session is a private one, in which what a site stores may be gone with the last page
            // that uses it: so there is one more.
            let window = self.driver.window().await?;
            let other = self.driver.new_window().await?;
            self.driver.switch_to_window(other).await?;
            self.driver.goto(self.site.url()).await?;
            self.driver.switch_to_window(window).await?;
        }
        self.site.stop().await;
        self.driver.goto(self.site.url()).await?;
        Ok(())
    }

    /// Has the browser, with all its programs, stand still for a while, as on a machine that sleeps. Its
    /// clock goes on.
    pub async fn sleep(&self, how_long: Duration) -> Result<()> {
        let signal = |name: &str| {
            let group = format!("-{}", self.group);
            let status = std::process::Command::new("kill").args(["-s", name, "--", &group]).status()?;
            anyhow::ensure!(status.success(), "the browser cannot be sent {name}");
            Ok(())
        };
        signal("STOP")?;
        tokio::time::sleep(how_long).await;
        signal("CONT")
    }

    /// The number of the group of processes that driver and browser are.
    pub fn group(&self) -> u32 {
        self.group
    }

    /// What a script answers.
    pub async fn script<T: serde::de::DeserializeOwned>(&self, script: &str) -> Result<T> {
        Ok(self.driver.execute(script, Vec::new()).await?.convert()?)
    }

    /// Whether a script's expression is true.
    pub async fn holds(&self, expression: &str) -> Result<bool> {
        self.script(&format!("return Boolean({expression})")).await
    }

    /// Asks a script, which hands its answer to its last argument, until the answer is as it should be.
    pub async fn until<T>(&self, script: &str, is_right: impl Fn(&T) -> bool) -> Result<T>
    where
        T: serde::de::DeserializeOwned + std::fmt::Debug,
    {
        let begin = Instant::now();
        loop {
            // A page that is loaded again meanwhile answers nothing.
            let answer: Option<T> = self.driver.execute_async(script, Vec::new()).await?.convert()?;
            match answer {
                Some(answer) if is_right(&answer) => return Ok(answer),
                answer => {
                    anyhow::ensure!(begin.elapsed() < PATIENCE, "the page only comes to answer {answer:?}");
                }
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// What went wrong in this page, and in Chromium what else is on its console since this was last asked.
    pub async fn console_errors(&self) -> Result<Vec<String>> {
        let noted: Vec<String> = self.script("return window.consoleErrors ?? []").await?;
        if self.engine != Engine::Chromium {
            return Ok(noted);
        }
        let entries = self.driver.browser_log().await?;
        let severe = entries.into_iter().filter(|entry| entry.level == "SEVERE").map(|entry| entry.message);
        Ok(noted.into_iter().chain(severe).collect())
    }

    /// A picture of what the screen shows, as PNG.
    pub async fn picture(&self) -> Result<Vec<u8>> {
        Ok(self.driver.screenshot_as_png().await?)
    }

    /// Waits until what has changed is drawn.
    pub async fn drawn(&self) -> Result<()> {
        let frames =
            "const done = arguments[0]; requestAnimationFrame(() => requestAnimationFrame(() => done()));";
        self.driver.execute_async(frames, Vec::new()).await?;
        Ok(())
    }

    /// How high the whole page is, in CSS pixels.
    pub async fn height(&self) -> Result<u32> {
        self.script("return Math.ceil(document.documentElement.scrollHeight)").await
    }

    /// Shows the page on a screen of this size, in a light or dark system, and waits until it is drawn.
    pub async fn emulate(&self, width: u32, height: u32, dark: bool) -> Result<()> {
        let cdp = self.driver.cdp();
        let screen = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        cdp.send_raw("Emulation.setDeviceMetricsOverride", screen).await?;
        let scheme = if dark { "dark" } else { "light" };
        // Without motion, or a picture would show points on their way to where they belong.
        let media = json!({ "features": [
            { "name": "prefers-color-scheme", "value": scheme },
            { "name": "prefers-reduced-motion", "value": "reduce" },
        ] });
        cdp.send_raw("Emulation.setEmulatedMedia", media).await?;
        cdp.send_raw("Emulation.setScrollbarsHidden", json!({ "hidden": true })).await?;
        self.drawn().await
    }
}

/// Whether an element was taken out of the page after it was found.
fn is_stale(error: &WebDriverError) -> bool {
    matches!(**error, WebDriverErrorInner::StaleElementReference(_))
}
