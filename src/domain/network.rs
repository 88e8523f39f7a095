//! Where the bytes of I/O-bound work come from.

use serde::{Deserialize, Serialize};
use strum::{IntoStaticStr, VariantArray};

use super::Fallback;
use crate::format;

/// What a workload makes of addresses of the visitor's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UseOfAddresses {
    /// It fetches them.
    Fetches,
    /// It fetches something else, which they do not have.
    Refuses,
    /// It fetches nothing.
    Ignores,
}

/// Whom lanes ask for the bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Source {
    /// A network that the page's service worker plays: the same on every machine, and offline.
    #[default]
    Simulated,
    /// The server that the page came from, with the latency that is really there.
    ThisSite,
    /// Addresses of the visitor's own; each is asked once.
    Addresses(Vec<String>),
}

/// What becomes of a request that the simulated network lets fail.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, IntoStaticStr, VariantArray,
)]
#[strum(serialize_all = "kebab-case")]
pub enum Fault {
    /// Any of the others that comes to an end, by chance.
    #[default]
    Any,
    /// There is no such page (404).
    NotFound,
    /// The server fails (500).
    ServerError,
    /// The body stops half-way.
    HalfBody,
    /// The connection is refused.
    Refused,
    /// There is never an answer: what ends the request is its timeout.
    NoAnswer,
}

impl Fault {
    /// Every fault, in the order in which they are offered.
    pub const ALL: &[Self] = Self::VARIANTS;

    /// Its name in addresses and attributes.
    pub fn id(self) -> &'static str {
        self.into()
    }
}

/// A network, as an experiment asks for it. All but the source and the timeout are the simulated one's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Network {
    /// Whom lanes ask.
    pub source: Source,
    /// From a request to the first byte of its answer, in microseconds.
    pub latency_us: u32,
    /// What is added to that at most: a part of it, by chance, in microseconds.
    pub jitter_us: u32,
    /// What one answer gets of bandwidth, in bytes a second; 0 is no bound.
    pub bandwidth: u32,
    /// Of a thousand requests, so many fail.
    pub failures: u32,
    /// What becomes of those.
    pub fault: Fault,
    /// How long a request may take, in milliseconds.
    pub timeout_ms: u32,
}

impl Default for Network {
    fn default() -> Self {
        Self {
            source: Source::Simulated,
            latency_us: 50_000,
            jitter_us: 0,
            bandwidth: 0,
            failures: 0,
            fault: Fault::Any,
            timeout_ms: 10_000,
        }
    }
}

/// The most addresses that an experiment may name.
pub const MOST_ADDRESSES: usize = 64;
/// The longest that an address may be, in bytes.
pub const LONGEST_ADDRESS: usize = 2_000;

impl Network {
    /// Whether the bytes come from addresses of the visitor's own, which may answer as they like.
    pub const fn has_own_addresses(&self) -> bool {
        matches!(self.source, Source::Addresses(_))
    }

    /// Where the bytes come from, as the end of a sentence; where they came from, if trials did what
    /// `fallbacks` says.
    pub fn in_words(&self, fallbacks: &[Fallback]) -> String {
        match &self.source {
            Source::Simulated if fallbacks.iter().any(|fallback| fallback.is_of_network()) => {
                "from this site, as no network could be simulated".to_owned()
            }
            Source::Simulated => {
                format!("over a simulated network of {}", format::duration(self.latency_us.into()))
            }
            Source::ThisSite => "from this site".to_owned(),
            Source::Addresses(addresses) => {
                format!("from {}", format::count_of(addresses.len() as u32, "address", "addresses"))
            }
        }
    }
}

/// Whether it is an address that may be fetched: of the web, and without a name and a password.
pub fn is_address(text: &str) -> bool {
    let Some(rest) = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")) else {
        return false;
    };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let is_plain = text.len() <= LONGEST_ADDRESS && text.chars().all(|c| c.is_ascii_graphic());
    is_plain && !host.is_empty() && !host.contains(['@', '\\'])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(addresses: &[&str]) -> Network {
        let addresses = addresses.iter().copied().map(String::from).collect();
        Network { source: Source::Addresses(addresses), ..Network::default() }
    }

    #[test]
    fn only_addresses_of_the_web_without_credentials_are_fetched() {
        for good in ["https://example.org", "http://127.0.0.1:8080/a?b=c#d", "https://[::1]/"] {
            assert!(is_address(good), "{good}");
        }
        for bad in [
            "",
            "example.org",
            "file:///etc/passwd",
            "javascript:alert(1)",
            "data:,x",
            "https://",
            "https:///x",
            "https://user:secret@example.org/",
            "https://example.org/a b",
            "https://example.org/ü",
            "https://evil\\@example.org",
        ] {
            assert!(!is_address(bad), "{bad}");
        }
        assert!(!is_address(&format!("https://example.org/{}", "a".repeat(LONGEST_ADDRESS))));
    }

    #[test]
    fn a_network_that_was_not_simulated_is_not_called_so() {
        let said = |network: &Network, fallbacks: &[Fallback]| {
            network.in_words(fallbacks).replace('\u{a0}', " ").replace('\u{2060}', "")
        };
        let simulated = Network::default();
        assert_eq!(said(&simulated, &[]), "over a simulated network of 50.0 ms");
        assert_eq!(said(&simulated, &[Fallback::CachedFiles]), "over a simulated network of 50.0 ms");
        for fallback in [Fallback::NoSimulation, Fallback::NoSimulationInProcesses] {
            let said = said(&simulated, &[fallback]);
            assert_eq!(said, "from this site, as no network could be simulated");
        }
        assert_eq!(said(&of(&["https://a", "https://b"]), &[Fallback::CachedFiles]), "from 2 addresses");
    }
}
