//! What a result was measured on.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The machine and the browser, as far as they tell.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Machine {
    /// The cores that the browser reports; `None` where it does not tell.
    pub reported_cores: Option<u32>,
    /// The browser and its major version, as "Chromium 156"; empty where it does not tell.
    pub browser: String,
    /// What the page may do.
    pub isolation: Isolation,
    /// The smallest step of the clock that was seen, in microseconds.
    pub timer_step_us: f64,
    /// The memory that the browser reports, in MiB, rounded and capped so that machines are hard to
    /// tell apart; `None` where it does not tell.
    pub memory_mib: Option<u32>,
}

impl Machine {
    /// The cores that an experiment is made for: what is reported, or 2.
    pub fn cores(&self) -> u32 {
        self.reported_cores.unwrap_or(2)
    }

    /// What it is called that has no name: its cores and browser.
    pub fn title(&self) -> String {
        let cores = match self.reported_cores {
            Some(1) => "1 core".to_owned(),
            Some(cores) => format!("{cores} cores"),
            None => "a machine".to_owned(),
        };
        if self.browser.is_empty() { cores } else { format!("{cores}, {}", self.browser) }
    }

    /// Whether threads can run: their lanes need one memory.
    pub fn has_threads(&self) -> bool {
        matches!(self.isolation, Isolation::Isolated)
    }
}

/// Whether the page is isolated, which decides whether memory can be shared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Isolation {
    /// A shared memory was posted to a worker and arrived: everything works.
    Isolated,
    /// The page is not isolated: it came without the headers, or stands in a frame of another site.
    NotIsolated,
    /// The page is isolated, and the browser still shares no memory.
    NoSharedMemory,
}

impl Isolation {
    /// The rung's name.
    pub const fn name(self) -> &'static str {
        match self {
            Isolation::Isolated => "isolated",
            Isolation::NotIsolated => "not isolated",
            Isolation::NoSharedMemory => "isolated, without shared memory",
        }
    }

    /// Why threads cannot run here, and what to do about it; `None` where they can.
    pub const fn why_no_threads(self) -> Option<&'static str> {
        match self {
            Isolation::Isolated => None,
            Isolation::NotIsolated => Some(
                "Threads share a memory, which browsers allow only on pages that are isolated from other sites. This page is not: it was served without the headers for it, or it stands in another site's frame. Open Lanes in a tab of its own, from a server that sends them.",
            ),
            Isolation::NoSharedMemory => Some(
                "Threads share a memory. This page is isolated, and this browser still shares none. Open Lanes in a current Chromium or Firefox.",
            ),
        }
    }
}

impl fmt::Display for Isolation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The browser's name and major version, from a user agent's string; empty if it names none that
/// is known. Browsers name those that they descend from, so the youngest is looked for first.
pub fn browser_of(user_agent: &str) -> String {
    const PRODUCTS: [(&str, &str); 6] = [
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chromium"),
        ("Epiphany/", "GNOME Web"),
        ("Version/", "Safari"),
    ];
    PRODUCTS
        .iter()
        .find_map(|(token, name)| {
            let version = user_agent.split_once(token)?.1;
            let major: String = version.chars().take_while(char::is_ascii_digit).collect();
            (!major.is_empty()).then(|| format!("{name} {major}"))
        })
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_are_known_by_their_own_name() {
        let chromium = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36";
        assert_eq!(browser_of(chromium), "Chromium 156");
        assert_eq!(browser_of(&format!("{chromium} Edg/156.0.0.0")), "Edge 156");
        let firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0";
        assert_eq!(browser_of(firefox), "Firefox 153");
        let safari =
            "Mozilla/5.0 (Macintosh) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15";
        assert_eq!(browser_of(safari), "Safari 26");
        assert_eq!(browser_of("a browser of one's own"), "");
    }

    #[test]
    fn only_an_isolated_page_has_threads() {
        let machine = |isolation| Machine {
            reported_cores: None,
            browser: String::new(),
            isolation,
            timer_step_us: 5.0,
            memory_mib: None,
        };
        for isolation in [Isolation::Isolated, Isolation::NotIsolated, Isolation::NoSharedMemory] {
            assert_eq!(machine(isolation).has_threads(), isolation.why_no_threads().is_none());
        }
        assert_eq!(machine(Isolation::Isolated).cores(), 2, "a guess where the browser does not tell");
    }
}
