//! What a rule says.

use strum::IntoStaticStr;

use crate::format;
use crate::stats::Estimate;

/// Whether a claim holds on this machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
pub enum Holding {
    /// It does.
    Holds,
    /// It does not.
    DoesNotHold,
    /// The figures allow both.
    CantTell,
}

impl Holding {
    /// For people.
    pub const fn name(self) -> &'static str {
        match self {
            Holding::Holds => "holds here",
            Holding::DoesNotHold => "does not hold here",
            Holding::CantTell => "can't tell",
        }
    }

    /// In attributes.
    pub fn id(self) -> &'static str {
        self.into()
    }

    /// From what the intervals show: clearly so, clearly not, or neither.
    pub const fn of(clearly: bool, clearly_not: bool) -> Self {
        match (clearly, clearly_not) {
            (true, false) => Holding::Holds,
            (false, true) => Holding::DoesNotHold,
            _ => Holding::CantTell,
        }
    }
}

/// What a rule says, and by what.
#[derive(Clone, Debug, PartialEq)]
pub struct Judgement {
    /// Whether the claim holds.
    pub holding: Holding,
    /// What decided it, in one sentence.
    pub why: String,
    /// The figures that it rests on: what, and how much.
    pub figures: Vec<(String, String)>,
}

impl Judgement {
    /// Nothing can be told, and this is why.
    pub fn untold(why: String) -> Self {
        Self { holding: Holding::CantTell, why, figures: Vec::new() }
    }
}

/// How many times one figure is another that was measured by itself.
pub fn over(a: Estimate, b: Estimate) -> Estimate {
    // What took no time that the clock can tell took a step of it at most.
    let floor = |x: f64| x.max(1e-3);
    let floored = |x: Estimate| Estimate { value: floor(x.value), lo: floor(x.lo), hi: floor(x.hi) };
    floored(a).over(floored(b)).expect("neither touches zero")
}

/// A ratio with its interval, for people.
pub fn ratio_text(ratio: Estimate) -> String {
    format!("{} ({})", format::ratio(ratio.value), format::ratio_interval(ratio.lo, ratio.hi))
}
