//! What a chart is made of: marks, which say what they are and leave their colours to whoever paints them.

/// One thing to paint.
#[derive(Clone, Debug, PartialEq)]
pub struct Mark {
    /// What it is, as classes of the style sheet.
    pub role: &'static str,
    /// The class of the line that it belongs to; empty where it belongs to none.
    pub of: &'static str,
    /// Tells it from its siblings, where they come and go.
    pub key: Option<u32>,
    /// Its shape.
    pub shape: Shape,
}

/// The shape of a mark, in CSS pixels from the upper left corner of what it stands in.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    /// Marks that belong together, with a place of their own or without.
    Group(Option<(f64, f64)>, Vec<Mark>),
    /// A path, as the attribute `d` of SVG writes it.
    Path(String),
    /// A text, and where it has its start, its middle or its end.
    Text {
        /// Where its base line is.
        at: (f64, f64),
        /// `start`, `middle` or `end`.
        anchor: &'static str,
        /// What it says.
        text: String,
    },
}

impl Mark {
    /// Marks that belong together.
    pub fn group(role: &'static str, marks: Vec<Mark>) -> Self {
        Self::new(role, Shape::Group(None, marks))
    }

    /// Marks around a place.
    pub fn group_at(role: &'static str, at: (f64, f64), marks: Vec<Mark>) -> Self {
        Self::new(role, Shape::Group(Some(at), marks))
    }

    /// A path.
    pub fn path(role: &'static str, d: impl Into<String>) -> Self {
        Self::new(role, Shape::Path(d.into()))
    }

    /// A text.
    pub fn text(role: &'static str, at: (f64, f64), anchor: &'static str, text: impl Into<String>) -> Self {
        Self::new(role, Shape::Text { at, anchor, text: text.into() })
    }

    /// The same, of the line with that class.
    pub fn of(self, of: &'static str) -> Self {
        Self { of, ..self }
    }

    /// The same, told from its siblings.
    pub fn keyed(self, key: u32) -> Self {
        Self { key: Some(key), ..self }
    }

    fn new(role: &'static str, shape: Shape) -> Self {
        Self { role, of: "", key: None, shape }
    }
}

/// A path through `places`.
pub fn through(places: impl IntoIterator<Item = (f64, f64)>) -> String {
    let mut path = String::new();
    for (x, y) in places {
        path.push_str(if path.is_empty() { "M" } else { "L" });
        path.push_str(&format!("{x:.1} {y:.1}"));
    }
    path
}
