//! What is fetched: the addresses of a trial's tasks, and how their answers are compared.

use std::fmt::Write;

use serde::{Deserialize, Serialize};

use super::mails;
use crate::domain::{Network, Size, Source};
use crate::protocol::Order;
use crate::workload::{WorkloadId, fold};

/// A request, and what becomes of its answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fetch {
    /// What is asked for, from the page's folder or, of another site, in full.
    pub address: String,
    /// How often the answer is written into a file, one behind the other.
    pub writes: u32,
}

/// How often each page of the 16 addresses is written.
const WRITES: u32 = 50;
/// How many addresses there are, unless they are the visitor's own.
const ADDRESSES: u32 = 16;
/// How many different mails this site has; larger mailboxes have each several times.
const MAILS_OF_THIS_SITE: u32 = 10;
/// Requests of one round are numbered from here on, times the round: more than any trial has.
const NUMBERS_PER_ROUND: u32 = 1 << 16;

/// How many tasks the workload has, before any scaling.
pub fn tasks(workload: WorkloadId, size: Size, network: &Network) -> u32 {
    match (workload, &network.source) {
        (WorkloadId::Page, _) => match size {
            Size::S => 4,
            Size::M => 16,
            Size::L => 64,
        },
        (WorkloadId::Addresses, Source::Addresses(addresses)) => addresses.len() as u32,
        (WorkloadId::Addresses, _) => ADDRESSES,
        _ => mails(size),
    }
}

/// The requests of the trial that `order` asks for, in the order of its tasks. Each has an address
/// of its own, as browsers ask for the same one no more than once at a time.
///
/// What the simulated network does to a request is decided by the seed, the round, and the request's
/// place in it: every model meets the same network, and so does every machine.
pub fn fetches(order: &Order) -> Vec<Fetch> {
    let tasks = tasks(order.workload, order.size, &order.network);
    let first = order.trial.round.wrapping_mul(NUMBERS_PER_ROUND);
    let fetch = |number: u32| Fetch {
        address: address(order, number % tasks, first.wrapping_add(number)),
        writes: match order.workload {
            WorkloadId::Addresses => WRITES,
            WorkloadId::Pipeline => 0,
            _ => 1,
        },
    };
    (0..tasks * order.copies()).map(fetch).collect()
}

/// The address of task number `task`, asked for by request number `number`.
fn address(order: &Order, task: u32, number: u32) -> String {
    let network = &order.network;
    let is_mail = matches!(order.workload, WorkloadId::Mailbox | WorkloadId::Pipeline);
    let page = if order.workload == WorkloadId::Page { 0 } else { task };
    match &network.source {
        Source::Simulated => simulated(order, if is_mail { "mail" } else { "page" }, page, number),
        Source::ThisSite if is_mail => {
            format!("./payloads/mail-{}.eml?{number}", task % MAILS_OF_THIS_SITE)
        }
        Source::ThisSite => format!("./payloads/page.html?{number}"),
        // Each as it was written: what another site makes of an address that was changed is its own affair.
        Source::Addresses(addresses) => addresses[page as usize % addresses.len()].clone(),
    }
}

/// An address that the service worker answers; www/network.js reads it.
fn simulated(order: &Order, what: &str, which: u32, number: u32) -> String {
    let Network { latency_us, jitter_us, bandwidth, failures, fault, .. } = &order.network;
    let (seed, bytes) = (order.seed, page_bytes(order));
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

/// How large a simulated page is. Mails are as large as they are.
fn page_bytes(order: &Order) -> u32 {
    match (order.workload, order.size) {
        (WorkloadId::Addresses, Size::S) => 2 << 10,
        (WorkloadId::Addresses, Size::L) => 64 << 10,
        _ => 16 << 10,
    }
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
    use crate::domain::{Fault, Model, Point, Trial};
    use crate::experiment::Experiment;

    fn order(workload: WorkloadId, lanes: u32, network: Network) -> Order {
        let experiment = Experiment { network, ..Experiment::of(workload, 2) };
        let point = Point { model: Model::Async, lanes };
        Order::new(&experiment, Trial { id: 0, round: 3, point })
    }

    #[test]
    fn every_request_has_an_address_of_its_own() {
        for workload in [WorkloadId::Addresses, WorkloadId::Page, WorkloadId::Mailbox, WorkloadId::Pipeline] {
            for source in [Source::Simulated, Source::ThisSite] {
                let order = order(workload, 4, Network { source, ..Network::default() });
                let mut addresses: Vec<_> = fetches(&order).into_iter().map(|f| f.address).collect();
                let all = addresses.len();
                addresses.sort();
                addresses.dedup();
                assert_eq!(addresses.len(), all, "{}", workload.id());
            }
        }
    }

    #[test]
    fn a_page_is_fetched_so_often_by_every_lane() {
        let fetches = fetches(&order(WorkloadId::Page, 4, Network::default()));
        assert_eq!(fetches.len(), 4 * 16);
        assert!(fetches.iter().all(|fetch| fetch.address.starts_with("./network/page/0?")));
    }

    #[test]
    fn the_network_is_the_same_for_every_model_and_another_in_every_round() {
        let network = Network { failures: 20, fault: Fault::HalfBody, ..Network::default() };
        let mut order = order(WorkloadId::Mailbox, 4, network);
        let of_async = fetches(&order);
        assert_eq!(
            of_async[7].address,
            "./network/mail/7?seed=1&number=196615&bytes=16384&latency=50000&failures=20&fault=half-body"
        );
        order.trial.point = Point { model: Model::Processes, lanes: 2 };
        assert_eq!(fetches(&order), of_async);
        order.trial.round = 4;
        assert_ne!(fetches(&order), of_async);
    }

    #[test]
    fn ones_own_addresses_are_fetched_as_they_were_written() {
        let own = vec!["https://example.org/a".to_owned(), "https://example.org/b?c".to_owned()];
        let network = Network { source: Source::Addresses(own.clone()), ..Network::default() };
        let fetched: Vec<_> = fetches(&order(WorkloadId::Addresses, 4, network.clone()))
            .into_iter()
            .map(|f| f.address)
            .collect();
        assert_eq!(fetched, own);
        let page = fetches(&order(WorkloadId::Page, 1, network));
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
