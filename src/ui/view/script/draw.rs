//! Draws what the lanes of a script's run did on a canvas.

use yew::NodeRef;

use crate::browser::page::canvas::{Align, Canvas, Line, Rectangle};
use crate::domain::Activity;
use crate::format;
use crate::hand_over::HandOver;
use crate::script::record::Record;
use crate::ui::timeline::rows::{Run, runs};
use crate::ui::timeline::window::{Window, ticks};

/// From one row's top to the next one's, and how high its bar is, in CSS pixels.
const PITCH: f64 = 20.0;
const BAR: f64 = 14.0;
/// The room above the rows for the flag, and that of the axis, in CSS pixels.
const FLAG: f64 = 18.0;
const AXIS: f64 = 22.0;
/// From one line of the hatching to the next one, in CSS pixels.
const HATCH: f64 = 5.0;
/// The room that a letter takes, in CSS pixels.
const LETTER: f64 = 6.6;
/// The most rows that are drawn of one strip.
const MOST_ROWS: usize = 32;

/// One run.
#[derive(Clone, Debug, PartialEq)]
pub struct Scene {
    /// What its lanes did.
    pub record: Record,
    /// How the GIL went round, in the order of time.
    pub hand_overs: Vec<HandOver>,
    /// When the work ended, in µs.
    pub ended_us: Option<f64>,
    /// Whether there is one GIL for all lanes: whoever runs Python holds it.
    pub has_gil: bool,
}

impl Scene {
    /// How many rows it has.
    pub fn rows(&self) -> usize {
        self.record.lanes().len().clamp(1, MOST_ROWS)
    }

    /// How high the picture is, in CSS pixels.
    pub fn height(&self) -> f64 {
        FLAG + self.rows() as f64 * PITCH
    }

    /// The lane whose row is at that height, by its number.
    pub fn lane_at(&self, y: f64) -> Option<usize> {
        let row = (y - FLAG) / PITCH;
        (row >= 0.0 && row < self.record.lanes().len().min(MOST_ROWS) as f64).then_some(row as usize)
    }

    /// When the last thing happened, in µs.
    pub fn end_us(&self) -> f64 {
        self.ended_us.unwrap_or_else(|| self.record.end_us())
    }
}

/// How high the axis is, in CSS pixels.
pub const fn axis_height() -> f64 {
    AXIS
}

/// The room for the lanes' names in a picture of that `width`, in CSS pixels.
pub fn names_width(width: f64) -> f64 {
    if width < 420.0 { 84.0 } else { 132.0 }
}

/// Draws a run as far as it has come at a time, in µs; all of it, if that is not given.
pub fn strip(node: &NodeRef, scene: &Scene, window: Window, until_us: Option<f64>) {
    let Some(canvas) = node.get().and_then(|node| Canvas::empty(&node)) else { return };
    let picture = Picture::new(&canvas, window, until_us);
    picture.names(scene);
    picture.lanes(scene);
    if scene.has_gil {
        picture.hand_overs(scene);
    }
    picture.flag(scene);
}

/// Draws the axis of all runs.
pub fn axis(node: &NodeRef, window: Window) {
    let Some(canvas) = node.get().and_then(|node| Canvas::empty(&node)) else { return };
    let picture = Picture::new(&canvas, window, None);
    let scale = canvas.scale();
    let ticks = ticks(window, ((f64::from(canvas.width()) - picture.left) / scale / 80.0) as u32);
    let lines = ticks.iter().map(|&(us, _)| {
        let x = picture.x(us).round() - 0.5;
        (x, 0.0, x, 4.0 * scale)
    });
    canvas.stroke(&canvas.colour("--timeline-line"), 1.0, lines);
    let labels = ticks.iter().map(|(us, text)| {
        let half = text.chars().count() as f64 * LETTER / 2.0 * scale;
        (text.clone(), picture.x(*us).min(f64::from(canvas.width()) - half), (AXIS / 2.0 + 2.0) * scale)
    });
    canvas.write(&canvas.colour("--timeline-text"), Align::Centre, labels);
}

/// Where things lie, in the screen's pixels.
struct Picture<'a> {
    canvas: &'a Canvas,
    window: Window,
    left: f64,
    columns: u32,
    until_us: f64,
}

impl<'a> Picture<'a> {
    fn new(canvas: &'a Canvas, window: Window, until_us: Option<f64>) -> Self {
        let scale = canvas.scale();
        let left = (names_width(f64::from(canvas.width()) / scale) * scale).round();
        let columns = canvas.width().saturating_sub(left as u32);
        Self { canvas, window, left, columns, until_us: until_us.unwrap_or(f64::INFINITY) }
    }

    fn x(&self, us: f64) -> f64 {
        self.left + self.window.place_of(us).clamp(0.0, 1.0) * f64::from(self.columns)
    }

    /// The top of a lane's bar, and how high it is.
    fn row(&self, lane: usize) -> (f64, f64) {
        let scale = self.canvas.scale();
        (((FLAG + lane as f64 * PITCH + (PITCH - BAR) / 2.0) * scale).round(), (BAR * scale).round())
    }

    fn names(&self, scene: &Scene) {
        let scale = self.canvas.scale();
        let most = ((self.left / scale - 10.0) / LETTER) as usize;
        let names = scene.record.lanes().iter().take(MOST_ROWS).enumerate().map(|(number, lane)| {
            let (top, height) = self.row(number);
            (shortened(&lane.title(), most), self.left - 8.0 * scale, top + height / 2.0)
        });
        self.canvas.write(&self.canvas.colour("--timeline-text"), Align::Right, names);
    }

    fn lanes(&self, scene: &Scene) {
        let lanes = &scene.record.lanes()[..scene.record.lanes().len().min(MOST_ROWS)];
        // A lane is there from its first segment to its last.
        let tracks = lanes.iter().enumerate().filter_map(|(number, lane)| {
            let (first, last) = (lane.segments.first()?, lane.segments.last()?);
            let (top, height) = self.row(number);
            let (from, to) = (self.x(first.start_us), self.x(last.end_us.min(self.until_us)));
            Some((from, top, (to - from).max(0.0), height))
        });
        self.canvas.fill(&self.canvas.colour("--idle"), tracks);
        let rows: Vec<(f64, f64, Vec<Run>)> = lanes
            .iter()
            .enumerate()
            .map(|(number, lane)| {
                let (top, height) = self.row(number);
                (top, height, runs(&lane.segments, self.window, self.columns, height as u32))
            })
            .collect();
        let until = (self.x(self.until_us.min(self.window.to_us)) - self.left) as u32;
        for &activity in Activity::ALL {
            let number = activity as usize;
            let rectangles: Vec<Rectangle> = rows
                .iter()
                .flat_map(|(top, _, runs)| {
                    runs.iter().filter(|run| run.parts[number] > 0 && run.first < until).map(move |run| {
                        let above: u32 = run.parts[..number].iter().sum();
                        let columns = run.columns.min(until - run.first);
                        let (x, y) = (self.left + f64::from(run.first), top + f64::from(above));
                        (x, y, columns.into(), run.parts[number].into())
                    })
                })
                .collect();
            self.canvas
                .fill(&self.canvas.colour(&format!("--{}", activity.id())), rectangles.iter().copied());
            if activity == Activity::WaitGil {
                let step = HATCH * self.canvas.scale();
                let lines = rectangles.iter().flat_map(|&rectangle| hatching(rectangle, step));
                self.canvas.stroke(&self.canvas.colour("--hatch"), self.canvas.scale().max(1.0), lines);
            }
        }
        self.reasons(scene);
    }

    /// Names what lanes wait for, where there is room for it.
    fn reasons(&self, scene: &Scene) {
        let scale = self.canvas.scale();
        let texts = scene.record.lanes().iter().take(MOST_ROWS).enumerate().flat_map(|(number, lane)| {
            let (top, height) = self.row(number);
            lane.segments.iter().filter_map(move |segment| {
                let name = match segment.activity {
                    Activity::WaitGil | Activity::Compute | Activity::Native => return None,
                    activity => activity.name(),
                };
                let (from, to) = (self.x(segment.start_us), self.x(segment.end_us.min(self.until_us)));
                let room = ((to - from) / scale - 8.0) / LETTER;
                (room >= name.len() as f64).then(|| (name.to_owned(), from + 5.0 * scale, top + height / 2.0))
            })
        });
        self.canvas.write(&self.canvas.colour("--on-lane"), Align::Left, texts);
    }

    /// A line from row to row for each hand-over; those of the same column that go the same way are one.
    fn hand_overs(&self, scene: &Scene) {
        // Where they lie closer they would hide the rows.
        const CLOSEST: f64 = 3.0;
        let width = self.x(scene.end_us()) - self.left;
        if (scene.hand_overs.len() as f64) * CLOSEST * self.canvas.scale() > width {
            return;
        }
        let mut lines: Vec<Line> = Vec::new();
        for hand_over in scene.hand_overs.iter().take_while(|h| h.to_us <= self.until_us) {
            let (from, to) = (hand_over.from_lane as usize, hand_over.to_lane as usize);
            if from.max(to) >= MOST_ROWS {
                continue;
            }
            let ((from_top, height), (to_top, _)) = (self.row(from), self.row(to));
            let (from_y, to_y) =
                if from_top < to_top { (from_top + height, to_top) } else { (from_top, to_top + height) };
            let column = |us| self.x(us).floor() + 0.5;
            let line = (column(hand_over.from_us), from_y, column(hand_over.to_us), to_y);
            if !lines.iter().rev().take(4).any(|before| *before == line) {
                lines.push(line);
            }
        }
        self.canvas.stroke(
            &self.canvas.colour("--hand-over"),
            self.canvas.scale().max(1.0),
            lines.into_iter(),
        );
    }

    /// The flag where the work ended, or where it has come to.
    fn flag(&self, scene: &Scene) {
        let scale = self.canvas.scale();
        let end_us = scene.end_us();
        let bottom = scene.height() * scale;
        let Some(us) = scene.ended_us.filter(|us| *us <= self.until_us) else {
            let x = self.x(end_us.min(self.until_us)).round() - 0.5;
            return self.canvas.stroke(
                &self.canvas.colour("--timeline-line"),
                scale,
                [(x, 0.0, x, bottom)].into_iter(),
            );
        };
        let colour = self.canvas.colour("--hand-over");
        let x = self.x(us).round().min(f64::from(self.canvas.width()) - scale);
        self.canvas.stroke(&colour, 2.0 * scale, [(x, 0.0, x, bottom)].into_iter());
        let text = format::duration(us);
        let room = text.chars().count() as f64 * LETTER * scale + 10.0 * scale;
        let (align, at) = match x + room > f64::from(self.canvas.width()) {
            true => (Align::Right, x - 6.0 * scale),
            false => (Align::Left, x + 6.0 * scale),
        };
        self.canvas.write(&colour, align, [(text, at, FLAG / 2.0 * scale)].into_iter());
    }
}

/// The lines that hatch a rectangle; those of neighbours meet.
fn hatching((x, y, width, height): Rectangle, step: f64) -> impl Iterator<Item = Line> {
    let first = ((x + y) / step).ceil() as i64;
    let last = ((x + width + y + height) / step).floor() as i64;
    (first..=last).map(move |number| {
        let sum = number as f64 * step;
        let from_x = (sum - y).clamp(x, x + width);
        let to_x = (sum - y - height).clamp(x, x + width);
        (from_x, sum - from_x, to_x, sum - to_x)
    })
}

fn shortened(name: &str, most: usize) -> String {
    if name.chars().count() <= most {
        return name.to_owned();
    }
    let kept: String = name.chars().take(most.saturating_sub(1)).collect();
    format!("{kept}…")
}
