//! Where things lie in the picture, and what is painted there.

use super::figure::{Figure, Metric};
use super::look::Look;
use super::mark::{Mark, through};
use super::scale::{Scale, spread};
use super::style::Style;

/// How far below its middle the base line of a text lies, over the height of its letters.
const TO_BASE_LINE: f64 = 0.35;
/// The height of the axes' letters, in CSS pixels, as the style sheet has it.
const SMALL: f64 = 12.0;
/// The height of the letters at the lines' ends.
const LARGE: f64 = 13.0;

/// In how many steps the ring around a trial closes: it moves no more often than it can be seen to.
const STEPS: u32 = 50;

/// What is left free around the lines, in CSS pixels.
pub struct Room {
    /// Right of the axes.
    pub right: f64,
    /// Above them.
    pub top: f64,
    /// Between the axes' ends and the fewest and the most lanes.
    pub inset: f64,
}

/// The lane counts of a chart.
pub struct Lanes {
    counts: Vec<u32>,
    /// The ends of the axis.
    ends: (f64, f64),
}

impl Lanes {
    /// The lane counts `all`, each once and ascending.
    pub fn new(all: impl Iterator<Item = u32>) -> Self {
        let mut counts: Vec<u32> = all.collect();
        counts.sort_unstable();
        counts.dedup();
        let end = |lanes: Option<&u32>| f64::from(lanes.copied().unwrap_or(1));
        let (fewest, most) = (end(counts.first()), end(counts.last()));
        // A single lane count stands in the middle.
        let ends = if fewest < most { (fewest, most) } else { (fewest / 2.0, fewest * 2.0) };
        Self { counts, ends }
    }

    /// Lanes from the one end of the axis to the other, as near to each other as a curve needs them: between
    /// whole lanes it is a straight line on both log axes, but not on others.
    pub fn steps(&self) -> impl Iterator<Item = f64> {
        const STEPS: u32 = 48;
        let (fewest, most) = self.ends;
        (0..=STEPS).map(move |i| fewest * (most / fewest).powf(f64::from(i) / f64::from(STEPS)))
    }
}

/// A line of the chart.
pub struct Line {
    /// What tells it from the others.
    pub style: Style,
    /// How far right of their lanes its points stand, in CSS pixels.
    pub beside: f64,
    /// Its figures, in the order of their lanes.
    pub figures: Vec<Figure>,
    /// Whether it is what all others are compared with: a single point of it reaches across.
    pub is_baseline: bool,
    /// Whether the intervals of its figures are joined to a band.
    pub has_band: bool,
}

/// The picture's measures.
pub struct Frame {
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
    x: Scale,
    y: Scale,
    metric: Metric,
}

impl Frame {
    /// The measures of a picture of `size` in which `figures` are drawn at `lanes`, and the `ideal`.
    pub fn new(
        (width, height): (f64, f64),
        room: Room,
        Look { metric, axes }: Look,
        lanes: &Lanes,
        figures: &[Figure],
        ideal: &[(f64, f64)],
    ) -> Self {
        let (left, right) = (52.0, (width - room.right).max(120.0));
        let (top, bottom) = (room.top, (height - 44.0).max(90.0));
        let ideal: Vec<f64> = ideal.iter().map(|&(_, value)| value).collect();
        Self {
            left,
            right,
            top,
            bottom,
            x: Scale::new(axes, lanes.ends, (left + room.inset, right - room.inset)),
            y: metric.scale(axes, figures, &ideal, (bottom, top)),
            metric,
        }
    }

    /// The place of a figure whose line stands so far `beside` its lanes.
    pub fn place(&self, figure: &Figure, beside: f64) -> (f64, f64) {
        (self.x.place(figure.point.lanes.into()) + beside, self.y.place(figure.estimate.value))
    }

    /// What is there before anything is measured: the grid, the axes with what they say, and the rules at `cores`.
    pub fn axes(&self, title: &str, lanes: &Lanes, cores: &[(u32, String)]) -> Mark {
        let Self { left, right, top, bottom, .. } = *self;
        let mut marks = Vec::new();
        for tick in self.metric.ticks(&self.y) {
            let y = self.y.place(tick);
            let at = (left - 8.0, y + TO_BASE_LINE * SMALL);
            marks.push(Mark::path("grid", through([(left, y), (right, y)])));
            marks.push(Mark::text("tick", at, "end", self.metric.write_tick(tick)));
        }
        // On a linear axis small lane counts may stand too near to each other to be written.
        let mut written = f64::MIN;
        for &lanes in &lanes.counts {
            let x = self.x.place(lanes.into());
            marks.push(Mark::path("grid", through([(x, top), (x, bottom + 5.0)])));
            if x - written > 18.0 {
                written = x;
                marks.push(Mark::text("tick", (x, bottom + 19.0), "middle", lanes.to_string()));
            }
        }
        marks.push(Mark::text("title", (left, 13.0), "start", title));
        marks.push(Mark::text("title", ((left + right) / 2.0, bottom + 38.0), "middle", "lanes"));
        // Each in a line of its own: two rules may stand near to each other.
        for ((cores, name), y) in cores.iter().zip([top - 20.0, top - 5.0]) {
            if !self.x.holds((*cores).into()) {
                continue;
            }
            let x = self.x.place((*cores).into());
            let (anchor, beside) = if x > (left + right) / 2.0 { ("end", -5.0) } else { ("start", 5.0) };
            let rule = Mark::path("rule", through([(x, y - 10.0), (x, bottom)]));
            marks.push(Mark::group("cores", vec![rule, Mark::text("name", (x + beside, y), anchor, name)]));
        }
        Mark::group("axes", marks)
    }

    /// A curve that no point is on, through figures at lanes.
    pub fn curve(&self, role: &'static str, curve: &[(f64, f64)], beside: f64) -> Mark {
        let place = |&(lanes, value): &(f64, f64)| (self.x.place(lanes) + beside, self.y.place(value));
        Mark::path(role, through(curve.iter().map(place)))
    }

    /// A line with its points and their intervals.
    pub fn line(&self, line: &Line) -> Mark {
        let place = |figure: &Figure| self.place(figure, line.beside);
        let path = match line.figures.as_slice() {
            [only] if line.is_baseline => {
                let y = place(only).1;
                through([(self.left, y), (self.right, y)])
            }
            figures => through(figures.iter().map(place)),
        };
        let points = line.figures.iter().map(|figure| {
            let at = place(figure);
            let [up, down] = [figure.estimate.hi, figure.estimate.lo].map(|value| self.y.place(value) - at.1);
            let whisker = Mark::path("whisker", format!("M0 {up:.1}V{down:.1}M-4 {up:.1}H4M-4 {down:.1}H4"));
            let role = if figure.counts { "point" } else { "point hollow" };
            Mark::group_at(role, at, vec![whisker, line.style.marker()]).keyed(figure.point.lanes)
        });
        let points = Mark::group("points", points.collect());
        let band = line.has_band.then(|| self.band(line));
        let marks = band.into_iter().chain([Mark::path("line", path), points]);
        Mark::group("series", marks.collect()).of(line.style.class)
    }

    /// The intervals of a line's figures, joined.
    fn band(&self, line: &Line) -> Mark {
        let end = |figure: &Figure, value| (self.place(figure, line.beside).0, self.y.place(value));
        let upper = line.figures.iter().map(|figure| end(figure, figure.estimate.hi));
        let lower = line.figures.iter().map(|figure| end(figure, figure.estimate.lo));
        Mark::path("band", through(upper.chain(lower.rev())))
    }

    /// The models' names and last figures at the ends of `lines`, and the `ideal`'s: none hides another.
    pub fn names(&self, lines: &[Line], ideal: &[(f64, f64)]) -> Mark {
        const LINE: f64 = 18.0;
        let of_line = |line: &Line| {
            let last = line.figures.last()?;
            let (x, y) = self.place(last, line.beside);
            let x = if line.is_baseline { self.right } else { x + 8.0 };
            let name = format!("{} {}", last.point.model.name(), self.metric.write(last.estimate.value));
            Some((line.style.class, name, x, y))
        };
        let mut names: Vec<_> = lines.iter().filter_map(of_line).collect();
        if let Some(&(lanes, value)) = ideal.last() {
            names.push(("ideal", "ideal".to_owned(), self.x.place(lanes), self.y.place(value)));
        }
        let wanted: Vec<f64> = names.iter().map(|name| name.3).collect();
        let places = spread(&wanted, LINE, self.top, self.bottom);
        let names = names.into_iter().zip(places).map(|((class, name, x, y), place)| {
            let leader = through([(x, y), (self.right + 2.0, y), (self.right + 12.0, place)]);
            let at = (self.right + 16.0, place + TO_BASE_LINE * LARGE);
            let marks = vec![Mark::path("leader", leader), Mark::text("name", at, "start", name)];
            Mark::group("end-label", marks).of(class)
        });
        Mark::group("names", names.collect())
    }

    /// A ring around the figure that is read out, and a line down to its lanes.
    pub fn selected(&self, style: Style, (x, y): (f64, f64)) -> Mark {
        let down = Mark::path("down", through([(x, y), (x, self.bottom)]));
        let ring = Mark::group_at("", (x, y), vec![Mark::path("ring", arc(10.0, STEPS))]);
        Mark::group("selected", vec![down, ring]).of(style.class)
    }

    /// How much of a trial is done: a ring around its point that closes. A point that has no figure yet, `beside`
    /// its lanes, stands on the axis until it has one.
    pub fn growing(&self, style: Style, place: Result<(f64, f64), (u32, f64)>, done: f64) -> Mark {
        let at = place.unwrap_or_else(|(lanes, beside)| (self.x.place(lanes.into()) + beside, self.bottom));
        let mut marks = vec![
            Mark::path("all", arc(11.0, STEPS)),
            Mark::path("done", arc(11.0, (done * f64::from(STEPS)).round() as u32)),
        ];
        marks.extend(place.is_err().then(|| style.marker()));
        Mark::group_at("growing", at, marks).of(style.class)
    }
}

/// So many of [`STEPS`] parts of a circle around the origin, from its top on.
fn arc(radius: f64, steps: u32) -> String {
    // The cosine and the sine of a step. The page has no others, and the library's would add to its first load.
    const TURN: (f64, f64) = (0.992_114_701_314_477_9, 0.125_333_233_564_304_26);
    if steps >= STEPS {
        // An arc that ends where it begins is none.
        return format!(
            "M0 -{radius}A{radius} {radius} 0 0 1 0 {radius}A{radius} {radius} 0 0 1 0 -{radius}"
        );
    }
    let turned = |(x, y): (f64, f64), _| (x * TURN.0 - y * TURN.1, x * TURN.1 + y * TURN.0);
    let (x, y) = (0..steps).fold((0.0, -radius), turned);
    format!("M0 -{radius}A{radius} {radius} 0 {} 1 {x:.2} {y:.2}", u8::from(2 * steps > STEPS))
}
