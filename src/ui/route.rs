//! Which view the page shows: what stands behind the `#` of its address.

use crate::report::link;

/// A view of the page. Opening one runs nothing, fetches nothing and writes nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Route {
    /// A reader's Python script; the one that a link carries, from behind its `#`.
    Script(Option<String>),
    /// One experiment: set up, run, look at.
    #[default]
    Experiment,
    /// All claims, in an order that teaches.
    Claims,
    /// One claim, by its id.
    Claim(String),
    /// Which model to choose for a task of one's own.
    Advice,
    /// Reports side by side.
    Compare,
    /// The reports that this browser keeps.
    History,
    /// A snippet that puts an experiment into another page.
    Embed,
    /// What a link carries, an experiment or reports. It leads on to where that is shown, and stays only
    /// if it cannot be read.
    Link(String),
}

impl Route {
    /// The views that the page's head leads to.
    pub const MAIN: [Route; 6] = [
        Route::Script(None),
        Route::Experiment,
        Route::Claims,
        Route::Advice,
        Route::Compare,
        Route::History,
    ];

    /// The route of an address's `hash`, with or without its `#`. What is not known leads to the
    /// experiment: there a visitor can do something.
    pub fn of_hash(hash: &str) -> Self {
        match hash.trim_start_matches('#') {
            "python" => Self::Script(None),
            "claims" => Self::Claims,
            "advice" => Self::Advice,
            "compare" => Self::Compare,
            "history" => Self::History,
            "embed" => Self::Embed,
            script if script.starts_with("p=") => Self::Script(Some(script.to_owned())),
            link if link::is_link(link) => Self::Link(link.to_owned()),
            other => match other.strip_prefix("claims/") {
                Some(claim) if !claim.is_empty() => Self::Claim(claim.to_owned()),
                _ => Self::Experiment,
            },
        }
    }

    /// Where the view is found: an address relative to the page.
    pub fn href(&self) -> String {
        match self {
            Self::Script(None) => "#python".to_owned(),
            Self::Script(Some(link)) => format!("#{link}"),
            Self::Experiment => "#".to_owned(),
            Self::Claims => "#claims".to_owned(),
            Self::Claim(id) => format!("#claims/{id}"),
            Self::Advice => "#advice".to_owned(),
            Self::Compare => "#compare".to_owned(),
            Self::History => "#history".to_owned(),
            Self::Embed => "#embed".to_owned(),
            Self::Link(link) => format!("#{link}"),
        }
    }

    /// The view's name in the page's head.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Script(_) => "Python",
            Self::Experiment => "Experiment",
            Self::Claims | Self::Claim(_) => "Claims",
            Self::Advice => "Advice",
            Self::Compare => "Compare",
            Self::History => "History",
            Self::Embed => "Embed",
            Self::Link(_) => "Link",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_route_leads_back_to_itself() {
        let routes = [
            Route::Script(None),
            Route::Script(Some("p=AAAA".to_owned())),
            Route::Experiment,
            Route::Claims,
            Route::Claim("gil-cpu".to_owned()),
            Route::Advice,
            Route::Compare,
            Route::History,
            Route::Embed,
            Route::Link("r=AAAA".to_owned()),
        ];
        for route in routes {
            assert_eq!(Route::of_hash(&route.href()), route);
        }
    }

    /// It says what is wrong there; the start page would say nothing.
    #[test]
    fn what_was_meant_as_a_link_is_read_as_one() {
        for hash in
            ["#r%3DAAAA", "#R=AAAA", "#/r=AAAA", "#r=", "#rAgH1EAgFAQ", "#x=", "#%23x=AA", "#X%253DAA"]
        {
            assert!(matches!(Route::of_hash(hash), Route::Link(_)), "{hash}");
        }
    }

    #[test]
    fn what_is_not_known_leads_to_the_experiment() {
        for hash in ["", "#", "#nothing", "#claims/", "#y=AAAA", "#<script>"] {
            assert_eq!(Route::of_hash(hash), Route::Experiment, "{hash}");
        }
    }
}
