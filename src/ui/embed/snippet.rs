//! What is pasted into another page to have an experiment there.

use std::fmt::Write;

use strum::{IntoStaticStr, VariantArray};

use crate::chart::Metric;
use crate::experiment::Experiment;
use crate::report::link;

/// What the snippet is to say beside the experiment.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Choices {
    /// Where it is pasted.
    pub target: Target,
    /// "light" or "dark"; nothing follows the page that it stands in.
    pub theme: &'static str,
    /// Whether it runs as soon as it is seen, and not only when the reader asks.
    pub runs_when_seen: bool,
    /// Whether the reader is offered this page's report until then.
    pub shows_report: bool,
    /// What the chart shows.
    pub metric: Metric,
}

/// Where a snippet is pasted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "kebab-case")]
pub enum Target {
    /// A page of one's own: the element of `www/embed.js`.
    #[default]
    Element,
    /// A page that allows no scripts of others.
    Frame,
    /// A text that allows no frames.
    Markdown,
    /// A cell of a notebook.
    Jupyter,
    /// reStructuredText.
    Sphinx,
    /// Markdown with directives.
    Myst,
    /// Markdown with components.
    Docusaurus,
    /// A page that takes addresses.
    Notion,
}

impl Target {
    /// All of them, in the order in which they are offered.
    pub const ALL: &[Self] = Self::VARIANTS;

    /// Its name in attributes.
    pub fn id(self) -> &'static str {
        self.into()
    }

    /// Its name for people.
    pub const fn name(self) -> &'static str {
        match self {
            Target::Element => "HTML, as an element",
            Target::Frame => "HTML, as a frame",
            Target::Markdown => "Markdown",
            Target::Jupyter => "Jupyter",
            Target::Sphinx => "Sphinx",
            Target::Myst => "MyST",
            Target::Docusaurus => "Docusaurus",
            Target::Notion => "Notion",
        }
    }

    /// What to know of it, in one sentence.
    pub const fn hint(self) -> &'static str {
        match self {
            Target::Element => {
                "It takes the height that it needs and the page’s theme, and scripts can run it. One script does for any number of them."
            }
            Target::Frame => "For pages that take no scripts of others; it keeps its height and scrolls.",
            Target::Markdown => {
                "Most readers of Markdown show no frames, so this is a link; where HTML is allowed, take the frame."
            }
            Target::Jupyter => "The cell’s output is the experiment; it stays when the notebook is saved.",
            Target::Sphinx => "For a page in reStructuredText, with the frame as raw HTML.",
            Target::Myst => "For Jupyter Book and Sphinx with MyST.",
            Target::Docusaurus => "For a page in MDX: attributes are written as React has them.",
            Target::Notion => "Paste the address into a page and choose “Embed”.",
        }
    }
}

/// How high a frame is that cannot ask for the height that it needs, in CSS pixels.
const HEIGHT: u32 = 560;

/// An experiment, or a report of it, as somebody wants it embedded.
#[derive(Clone, Debug, PartialEq)]
pub struct Snippet<'a> {
    /// Where the page is, with a slash at its end.
    pub page: &'a str,
    /// What is run.
    pub experiment: &'a Experiment,
    /// The link of a report to show until it is run, from its `#` on.
    pub report: Option<&'a str>,
    /// The experiment in words.
    pub sentence: &'a str,
    /// The rest.
    pub choices: &'a Choices,
}

impl Snippet<'_> {
    /// The address of the frame.
    pub fn address(&self) -> String {
        let mut address = format!("{}embed.html", self.page);
        let mut before = '?';
        for (name, value) in self.parameters() {
            let _ = write!(address, "{before}{name}={value}");
            before = '&';
        }
        address + &self.hash()
    }

    /// What is pasted.
    pub fn text(&self) -> String {
        let frame = |indent: &str| {
            let address = escaped(&self.address());
            let title = escaped(self.sentence);
            format!(
                "{indent}<iframe src=\"{address}\"\n{indent}  title=\"{title}\" width=\"100%\" height=\"{HEIGHT}\"\n{indent}  loading=\"lazy\" allow=\"cross-origin-isolated\"></iframe>"
            )
        };
        match self.choices.target {
            Target::Element => self.element(),
            Target::Frame => frame(""),
            Target::Markdown => format!("[{}]({}{})", self.sentence, self.page, self.hash()),
            Target::Jupyter => format!(
                "from IPython.display import IFrame\n\nIFrame(\"{}\", width=\"100%\", height={HEIGHT})",
                self.address()
            ),
            Target::Sphinx => format!(".. raw:: html\n\n{}", frame("   ")),
            Target::Myst => format!("```{{raw}} html\n{}\n```", frame("")),
            Target::Docusaurus => format!(
                "<iframe src=\"{}\"\n  title=\"{}\" width=\"100%\" height=\"{HEIGHT}\"\n  loading=\"lazy\" allow=\"cross-origin-isolated\" />",
                self.address(),
                self.sentence
            ),
            Target::Notion => self.address(),
        }
    }

    fn element(&self) -> String {
        let hash = self.hash();
        let (kind, link) = if self.report.is_some() { ("report", hash) } else { ("experiment", hash) };
        let mut element = format!(
            "<script src=\"{}embed.js\" async></script>\n<lanes-playground {kind}=\"{}\"",
            escaped(self.page),
            link.trim_start_matches('#'),
        );
        for (name, value) in self.parameters() {
            let _ = write!(element, " {name}=\"{value}\"");
        }
        // Who has no scripts, or a page that is printed, has the link.
        let _ = write!(
            element,
            ">\n  <a href=\"{}{}\">{}</a>\n</lanes-playground>",
            escaped(self.page),
            self.hash(),
            escaped(self.sentence)
        );
        element
    }

    fn hash(&self) -> String {
        self.report.map_or_else(|| link::of_experiment(self.experiment), str::to_owned)
    }

    fn parameters(&self) -> Vec<(&'static str, &'static str)> {
        let Choices { theme, runs_when_seen, metric, .. } = *self.choices;
        let mut parameters = Vec::new();
        parameters.extend((!theme.is_empty()).then_some(("theme", theme)));
        parameters.extend(runs_when_seen.then_some(("run", "visible")));
        parameters.extend((metric != Metric::default()).then(|| ("view", metric.id())));
        parameters
    }
}

/// Text as it stands in an attribute or in an element.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(choices: &Choices, report: Option<&str>) -> String {
        let experiment = Experiment::default();
        let (page, sentence) = ("https://lanes.example/", "Run \"it\" & see.");
        Snippet { page, experiment: &experiment, report, sentence, choices }.text()
    }

    #[test]
    fn every_target_has_the_experiment_and_a_name_of_its_own() {
        let hash = link::of_experiment(&Experiment::default());
        for &target in Target::ALL {
            let text = text(&Choices { target, ..Choices::default() }, None);
            assert!(text.contains(hash.trim_start_matches('#')), "{text}");
            assert!(text.contains("https://lanes.example/"), "{text}");
            assert_eq!(Target::ALL.iter().filter(|other| other.id() == target.id()).count(), 1);
        }
    }

    #[test]
    fn what_is_chosen_stands_in_it() {
        let choices =
            Choices { theme: "dark", runs_when_seen: true, metric: Metric::Time, ..Choices::default() };
        assert!(text(&choices, None).contains(" theme=\"dark\" run=\"visible\" view=\"time\""));
        let frame = Choices { target: Target::Frame, ..choices };
        let text = text(&frame, Some("#r=AQ"));
        assert!(text.contains("embed.html?theme=dark&amp;run=visible&amp;view=time#r=AQ\""), "{text}");
    }

    #[test]
    fn text_cannot_leave_its_attribute() {
        let text = text(&Choices { target: Target::Frame, ..Choices::default() }, None);
        assert!(text.contains("title=\"Run &quot;it&quot; &amp; see.\""), "{text}");
    }
}
