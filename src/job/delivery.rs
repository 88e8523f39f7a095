//! When the results of a pool's call reach whoever waits for them, and in which order.

use crate::domain::PoolCall;

/// What was delivered, in the order of delivery.
#[derive(Clone, Debug, PartialEq)]
pub struct Delivery {
    /// Each result's place among the tasks.
    pub indices: Vec<usize>,
    /// When the first result was delivered, in µs since the trial's begin.
    pub first_us: f64,
}

impl Delivery {
    /// What `call` delivers of outputs that were there at these times, in µs since the trial's begin, with their places, of a trial that took `total_us`.
    pub fn of(call: PoolCall, mut arrivals: Vec<(usize, f64)>, total_us: f64) -> Self {
        match call {
            // Everything is there when the last result is.
            PoolCall::Map => arrivals.iter_mut().for_each(|(_, at_us)| *at_us = total_us),
            // A result waits for all before it.
            PoolCall::Imap => {
                arrivals.sort_unstable_by_key(|&(index, _)| index);
                let mut latest = 0.0_f64;
                for (_, at_us) in &mut arrivals {
                    latest = latest.max(*at_us);
                    *at_us = latest;
                }
            }
            PoolCall::ImapUnordered | PoolCall::ApplyAsync => {}
        }
        // Of results that are there at the same time, the one of the earlier task comes first.
        arrivals.sort_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)));
        Self {
            first_us: arrivals.first().map_or(total_us, |&(_, at_us)| at_us),
            indices: arrivals.into_iter().map(|(index, _)| index).collect(),
        }
    }

    /// Whether results came in the order of their tasks.
    pub fn is_in_order(&self) -> bool {
        self.indices.is_sorted()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Tasks 0 to 3; the first takes longest.
    fn arrivals() -> Vec<(usize, f64)> {
        vec![(1, 10.0), (2, 20.0), (0, 40.0), (3, 50.0)]
    }

    fn deliver(call: PoolCall) -> (Vec<usize>, f64) {
        let delivery = Delivery::of(call, arrivals(), 60.0);
        assert!(!call.promises_order() || delivery.is_in_order());
        (delivery.indices, delivery.first_us)
    }

    #[test]
    fn each_call_delivers_as_it_promises() {
        assert_eq!(deliver(PoolCall::Map), (vec![0, 1, 2, 3], 60.0), "all at once, at the end");
        assert_eq!(deliver(PoolCall::Imap), (vec![0, 1, 2, 3], 40.0), "the first task holds up the others");
        assert_eq!(deliver(PoolCall::ImapUnordered), (vec![1, 2, 0, 3], 10.0), "as they finish");
        assert_eq!(deliver(PoolCall::ApplyAsync), (vec![1, 2, 0, 3], 10.0), "as they finish");
    }

    #[test]
    fn nothing_is_delivered_of_nothing() {
        let delivery = Delivery::of(PoolCall::Imap, Vec::new(), 5.0);
        assert_eq!(delivery, Delivery { indices: vec![], first_us: 5.0 });
    }
}
