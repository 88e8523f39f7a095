//! A network: what differs from what is usual.

use super::super::LinkError;
use super::super::bits::{Reader, Writer};
use super::{by_number, index_of, set_bits, take_bits, take_known};
use crate::domain::{Fault, Network, Source, network::MOST_ADDRESSES};

pub mod bit {
    pub const THIS_SITE: u32 = 1;
    pub const ADDRESSES: u32 = 1 << 1;
    pub const LATENCY: u32 = 1 << 2;
    pub const JITTER: u32 = 1 << 3;
    pub const BANDWIDTH: u32 = 1 << 4;
    pub const FAILURES: u32 = 1 << 5;
    pub const FAULT: u32 = 1 << 6;
    pub const TIMEOUT: u32 = 1 << 7;
    /// Every bit that is in use.
    pub const ALL: u32 = (1 << 8) - 1;
}

by_number!(FAULTS: Fault [Any, NotFound, ServerError, HalfBody, Refused, NoAnswer]);

/// What is left out of a link.
pub fn usual_network() -> Network {
    Network {
        source: Source::Simulated,
        latency_us: 50_000,
        jitter_us: 0,
        bandwidth: 0,
        failures: 0,
        fault: Fault::Any,
        timeout_ms: 10_000,
    }
}

/// Writes what is not usual.
pub fn put_network(writer: &mut Writer, network: &Network) {
    let usual = usual_network();
    let addresses = match &network.source {
        Source::Addresses(addresses) => Some(addresses),
        Source::Simulated | Source::ThisSite => None,
    };
    let bits = set_bits(&[
        (bit::THIS_SITE, network.source == Source::ThisSite),
        (bit::ADDRESSES, addresses.is_some()),
        (bit::LATENCY, network.latency_us != usual.latency_us),
        (bit::JITTER, network.jitter_us != usual.jitter_us),
        (bit::BANDWIDTH, network.bandwidth != usual.bandwidth),
        (bit::FAILURES, network.failures != usual.failures),
        (bit::FAULT, network.fault != usual.fault),
        (bit::TIMEOUT, network.timeout_ms != usual.timeout_ms),
    ]);
    writer.number(bits);
    if let Some(addresses) = addresses {
        writer.number(addresses.len() as u32);
        addresses.iter().for_each(|address| writer.text(address));
    }
    for (bit, number) in [
        (bit::LATENCY, network.latency_us),
        (bit::JITTER, network.jitter_us),
        (bit::BANDWIDTH, network.bandwidth),
        (bit::FAILURES, network.failures),
        (bit::FAULT, index_of(FAULTS, &network.fault)),
        (bit::TIMEOUT, network.timeout_ms),
    ] {
        if bits & bit != 0 {
            writer.number(number);
        }
    }
}

/// Reads a network.
pub fn take_network(reader: &mut Reader) -> Result<Network, LinkError> {
    let bits = take_bits(reader, bit::ALL)?;
    let has = |bit| bits & bit != 0;
    let mut network = usual_network();
    if has(bit::THIS_SITE) {
        network.source = Source::ThisSite;
    }
    if has(bit::ADDRESSES) {
        let count: usize = reader.number()?;
        if count > MOST_ADDRESSES {
            return Err(LinkError::Damaged);
        }
        let addresses = (0..count).map(|_| reader.text().map(str::to_owned)).collect::<Result<_, _>>()?;
        network.source = Source::Addresses(addresses);
    }
    for (bit, number) in [
        (bit::LATENCY, &mut network.latency_us),
        (bit::JITTER, &mut network.jitter_us),
        (bit::BANDWIDTH, &mut network.bandwidth),
        (bit::FAILURES, &mut network.failures),
    ] {
        if has(bit) {
            *number = reader.number()?;
        }
    }
    if has(bit::FAULT) {
        network.fault = take_known(reader, FAULTS)?;
    }
    if has(bit::TIMEOUT) {
        network.timeout_ms = reader.number()?;
    }
    Ok(network)
}
