//! Every order in which the steps of two threads may come that each add one to one number.

use strum::VariantArray;

/// What a thread does next. In Python, `number += 1` is these three (and one or two more).
#[derive(Clone, Copy, Debug, PartialEq, Eq, VariantArray)]
pub enum Step {
    /// It reads the number.
    Load,
    /// It adds one to what it has read.
    Add,
    /// It writes the number.
    Store,
}

impl Step {
    /// Every step, in order.
    pub const ALL: &[Self] = Self::VARIANTS;

    /// In a few words.
    pub const fn name(self) -> &'static str {
        match self {
            Step::Load => "read the number",
            Step::Add => "add one",
            Step::Store => "write the number",
        }
    }
}

/// Where two threads are, A and B.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Threads {
    /// The number in memory.
    pub number: u32,
    /// What each thread has in its hands; nothing before it has read.
    pub hands: [Option<u32>; 2],
    /// How many steps each has done.
    pub steps: [usize; 2],
}

impl Threads {
    /// What thread number `thread` does next; nothing if it is done.
    pub fn next(&self, thread: usize) -> Option<Step> {
        Step::ALL.get(self.steps[thread]).copied()
    }

    /// The same after the next step of thread number `thread`.
    pub fn step(mut self, thread: usize) -> Self {
        match self.next(thread) {
            Some(Step::Load) => self.hands[thread] = Some(self.number),
            Some(Step::Add) => self.hands[thread] = self.hands[thread].map(|number| number + 1),
            Some(Step::Store) => self.number = self.hands[thread].unwrap_or(self.number),
            None => return self,
        }
        self.steps[thread] += 1;
        self
    }

    /// After these threads' next steps, one after the other.
    pub fn after(order: &[usize]) -> Self {
        order.iter().fold(Self::default(), |threads, &thread| threads.step(thread))
    }

    /// Whether both are done.
    pub fn are_done(&self) -> bool {
        self.steps == [Step::ALL.len(); 2]
    }
}

/// Every order: which thread does each of the six steps.
pub fn orders() -> Vec<[usize; 6]> {
    let orders = (0..1_usize << 6).filter(|order| order.count_ones() == 3);
    orders.map(|order| std::array::from_fn(|step| order >> (5 - step) & 1)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_twenty_orders_two_lose_nothing() {
        let orders = orders();
        assert_eq!(orders.len(), 20);
        let ends: Vec<Threads> = orders.iter().map(|order| Threads::after(order)).collect();
        assert!(ends.iter().all(Threads::are_done));
        assert!(ends.iter().all(|end| end.number == 1 || end.number == 2));
        let right: Vec<_> = orders.iter().zip(&ends).filter(|(_, end)| end.number == 2).collect();
        let right: Vec<_> = right.into_iter().map(|(order, _)| *order).collect();
        assert_eq!(right, [[0, 0, 0, 1, 1, 1], [1, 1, 1, 0, 0, 0]]);
    }

    #[test]
    fn a_thread_that_is_done_does_nothing_more() {
        let threads = Threads::after(&[0, 0, 0, 0]);
        assert_eq!((threads.number, threads.steps, threads.next(0)), (1, [3, 0], None));
        assert!(!threads.are_done());
    }
}
