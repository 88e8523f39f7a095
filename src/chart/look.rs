//! How the results are looked at, as it goes along with a link.
//!
//! A link's figures are the same however they are drawn, so the look stands behind them, in letters that
//! anybody can read and change: `#r=…&show=efficiency&axes=linear`. What is as usual is left out, and what
//! is not known is as usual.

use super::figure::Metric;
use super::scale::Axes;

/// What the chart shows, and on which axes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Look {
    /// What is drawn against the lanes.
    pub metric: Metric,
    /// How figures lie along the axes.
    pub axes: Axes,
}

impl Look {
    /// What stands of it at the end of a link; nothing, if all is as usual.
    pub fn to_link(self) -> String {
        let usual = Self::default();
        let show = (self.metric != usual.metric).then(|| format!("&show={}", self.metric.id()));
        let axes = (self.axes != usual.axes).then(|| format!("&axes={}", self.axes.id()));
        [show, axes].into_iter().flatten().collect()
    }

    /// The look at the end of `link`.
    pub fn of_link(link: &str) -> Self {
        let mut look = Self::default();
        for part in link.split('&').skip(1) {
            // What a chat or a mail put behind it is no part of it.
            let part = part.trim_end_matches(|letter: char| !letter.is_ascii_alphanumeric());
            match part.split_once('=') {
                Some(("show", id)) => look.metric = Metric::of_id(id).unwrap_or_default(),
                Some(("axes", id)) => look.axes = Axes::of_id(id).unwrap_or_default(),
                _ => {}
            }
        }
        look
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_look_comes_back_from_its_link() {
        for &metric in Metric::ALL {
            for axes in [Axes::Linear, Axes::Log] {
                let look = Look { metric, axes };
                assert_eq!(Look::of_link(&format!("#r=AAAA{}", look.to_link())), look);
            }
        }
    }

    #[test]
    fn the_usual_look_adds_nothing_and_an_unknown_one_is_usual() {
        assert_eq!(Look::default().to_link(), "");
        for link in ["", "#x=AAAA", "#x=AAAA&", "#x=A&show=", "#x=A&show=<b>&axes=round&more", "show=time"] {
            assert_eq!(Look::of_link(link), Look::default(), "{link}");
        }
    }
}
