//! What a browser is asked to be like: as on a machine without a screen, with nothing of its own
//! going on.

use anyhow::{Context, Result};
use serde_json::json;
use thirtyfour::Capabilities;
use xtask::engine::{Browser, Engine};

/// What to ask `browser` for; WebKitGTK's windows are private ones when they are driven.
pub fn of(browser: &Browser, private: bool) -> Result<Capabilities> {
    let program = browser.program.to_str().context("the path of the browser is no text")?;
    let mut capabilities = Capabilities::new();
    match browser.engine {
        Engine::Chromium => {
            let mut args = vec![
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
            ];
            if private {
                args.push("--incognito");
            }
            capabilities.set("browserName", "chrome")?;
            capabilities.set("goog:chromeOptions", json!({ "binary": program, "args": args }))?;
            capabilities.set("goog:loggingPrefs", json!({ "browser": "ALL" }))?;
        }
        Engine::Firefox => {
            let prefs = json!({
                "app.update.disabledForTesting": true,
                "browser.privatebrowsing.autostart": private,
                "browser.region.network.url": "",
                "browser.safebrowsing.downloads.remote.enabled": false,
                "network.captive-portal-service.enabled": false,
                "network.connectivity-service.enabled": false,
                "services.settings.server": "data:,#remote-settings-dummy/v1",
            });
            capabilities.set("browserName", "firefox")?;
            let options = json!({ "binary": program, "args": ["-headless"], "prefs": prefs });
            capabilities.set("moz:firefoxOptions", options)?;
        }
        Engine::Webkit => {
            capabilities.set("browserName", "MiniBrowser")?;
            let options = json!({ "binary": program, "args": ["--automation"] });
            capabilities.set("webkitgtk:browserOptions", options)?;
        }
    }
    Ok(capabilities)
}
