//! What is fetched: the addresses of a trial's tasks.

use std::fmt::Write;

use serde::{Deserialize, Serialize};

use super::Fetching;
use crate::domain::{Network, Source};
use crate::workload::{Request, fold};

/// A request, and what becomes of its answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fetch {
    /// What is asked for, from the page's folder or, of another site, in full.
    pub address: String,
    /// How often the answer is written into a file, one behind the other.
    pub writes: u32,
}

/// How many different mails this site has; larger mailboxes have each several times.
const MAILS_OF_THIS_SITE: u32 = 10;
/// Requests of one round are numbered from here on, times the round: more than any trial has.
const NUMBERS_PER_ROUND: u32 = 1 << 16;

/// The requests of a trial, in the order of its tasks. Each has an address of its own, as browsers ask for the same one no
/// more than once at a time.
///
/// What the simulated network does to a request is decided by the seed, the round, and the request's place in it: every
/// model meets the same network, and so does every machine.
pub fn fetches(fetching: &Fetching, request: &Request) -> Vec<Fetch> {
    let tasks = (fetching.tasks)(request);
    let first = request.round.wrapping_mul(NUMBERS_PER_ROUND);
    let fetch = |number: u32| Fetch {
        address: address(fetching, request, number % tasks, first.wrapping_add(number)),
        writes: fetching.writes,
    };
    (0..tasks * request.copies).map(fetch).collect()
}

/// The address of task number `task`, asked for by request number `number`.
fn address(fetching: &Fetching, request: &Request, task: u32, number: u32) -> String {
    match &request.network.source {
        Source::Simulated => simulated(fetching, request, task, number),
        Source::ThisSite if fetching.is_mail => {
            format!("./payloads/mail-{}.eml?{number}", task % MAILS_OF_THIS_SITE)
        }
        Source::ThisSite => format!("./payloads/page.html?{number}"),
        // Each as it was written: what another site makes of an address that was changed is its own affair.
        Source::Addresses(addresses) => addresses[(fetching.page)(task) as usize % addresses.len()].clone(),
    }
}

/// An address that the service worker answers; www/network.js reads it.
fn simulated(fetching: &Fetching, request: &Request, task: u32, number: u32) -> String {
    let Network { latency_us, jitter_us, bandwidth, failures, fault, .. } = &request.network;
    let (seed, bytes) = (request.seed, (fetching.page_bytes)(request.size));
    let (what, which) = (if fetching.is_mail { "mail" } else { "page" }, (fetching.page)(task));
    let mut address =
        format!("./network/{what}/{which}?seed={seed}&number={number}&bytes={bytes}&latency={latency_us}");
    for (name, value) in [("jitter", jitter_us), ("bandwidth", bandwidth)] {
        if *value > 0 {
            let _ = write!(address, "&{name}={value}");
        }
    }
    if *failures > 0 {
        let _ = write!(address, "&failures={failures}&fault={}", fault.id());
    }
    address
}

/// A number for the bytes of an answer: equal for equal answers. It goes by words and is no more
/// than a look at each, as a program that hands bytes on takes no more.
pub fn digest(bytes: &[u8]) -> u64 {
    let (words, rest) = bytes.as_chunks::<8>();
    let mut last = [0; 8];
    last[..rest.len()].copy_from_slice(rest);
    let words = words.iter().copied().chain([last]).map(u64::from_le_bytes);
    let hash = words.fold(bytes.len() as u64, |hash, word| {
        (hash ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(23)
    });
    fold([hash])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Fault, Size};
    use crate::workload::io::{ADDRESSES, MAILBOX, PAGE, PIPELINE};

    fn request(copies: u32, network: Network) -> Request<'static> {
        Request { round: 3, copies, network, ..Request::new(Size::M, 1) }
    }

    #[test]
    fn every_request_has_an_address_of_its_own() {
        for source in [Source::Simulated, Source::ThisSite] {
            let request = request(4, Network { source, ..Network::default() });
            for fetches in [
                fetches(&ADDRESSES, &request),
                fetches(&PAGE, &request),
                fetches(&MAILBOX, &request),
                fetches(&PIPELINE, &request),
            ] {
                let mut addresses: Vec<_> = fetches.into_iter().map(|fetch| fetch.address).collect();
                let all = addresses.len();
                addresses.sort();
                addresses.dedup();
                assert_eq!(addresses.len(), all, "{addresses:?}");
            }
        }
    }

    #[test]
    fn a_page_is_fetched_so_often_by_every_lane() {
        let fetches = fetches(&PAGE, &request(4, Network::default()));
        assert_eq!(fetches.len(), 4 * 16);
        assert!(fetches.iter().all(|fetch| fetch.address.starts_with("./network/page/0?")));
    }

    #[test]
    fn the_network_is_another_in_every_round() {
        let network = Network { failures: 20, fault: Fault::HalfBody, ..Network::default() };
        let request = request(1, network);
        let of_round_3 = fetches(&MAILBOX, &request);
        assert_eq!(
            of_round_3[7].address,
            "./network/mail/7?seed=1&number=196615&bytes=16384&latency=50000&failures=20&fault=half-body"
        );
        assert_eq!(fetches(&MAILBOX, &request), of_round_3);
        assert_ne!(fetches(&MAILBOX, &Request { round: 4, ..request }), of_round_3);
    }

    #[test]
    fn ones_own_addresses_are_fetched_as_they_were_written() {
        let own = vec!["https://example.org/a".to_owned(), "https://example.org/b?c".to_owned()];
        let network = Network { source: Source::Addresses(own.clone()), ..Network::default() };
        let request = request(1, network);
        let fetched: Vec<_> = fetches(&ADDRESSES, &request).into_iter().map(|f| f.address).collect();
        assert_eq!(fetched, own);
        let page = fetches(&PAGE, &request);
        assert!(page.iter().all(|fetch| fetch.address == own[0]));
    }

    #[test]
    fn a_digest_tells_answers_apart() {
        assert_eq!(digest(b"a page of eleven"), digest(b"a page of eleven"));
        for other in [&b"a page of elevem"[..], b"a page of eleve", b"", b"a page of eleven\0"] {
            assert_ne!(digest(other), digest(b"a page of eleven"), "{other:?}");
        }
    }
}
