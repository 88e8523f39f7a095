//! Draws a trial's timeline on a canvas.

use yew::NodeRef;

use crate::browser::page::canvas::{Align, Canvas, Line, Rectangle};
use crate::domain::Activity;
use crate::hand_over::HandOver;
use crate::sample::Sample;
use crate::ui::{
    timeline::reading::Stretch,
    timeline::rows::{Rows, runs},
    timeline::window::{Window, ticks},
};

/// The room for the lanes' names, in CSS pixels.
const NAMES: f64 = 58.0;
/// The room for the time axis, in CSS pixels.
const AXIS: f64 = 24.0;
/// The room that a label of the axis wants, in CSS pixels.
const LABEL: f64 = 90.0;

/// Where things lie in the picture, in CSS pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Layout {
    /// The left end of the rows.
    pub left: f64,
    /// The width of the rows.
    pub width: f64,
    /// The rows.
    pub rows: Rows,
    height: f64,
}

impl Layout {
    /// The places in a picture of that `size` for so many `lanes`.
    pub fn new((width, height): (f64, f64), lanes: u32) -> Self {
        let rows = Rows::new(lanes, (height - AXIS).max(1.0));
        Self { left: NAMES, width: (width - NAMES).max(1.0), rows, height }
    }

    /// A place of the picture as a part of the rows' width.
    pub fn part_of(&self, x: f64) -> f64 {
        (x - self.left) / self.width
    }
}

/// What is drawn.
pub struct Scene<'a> {
    /// The trial.
    pub sample: &'a Sample,
    /// What of it is shown.
    pub window: Window,
    /// Where.
    pub layout: Layout,
    /// The hand-overs of the GIL, in the order of time.
    pub hand_overs: &'a [HandOver],
    /// What is read out.
    pub read: Option<Stretch>,
}

/// Draws `scene` on the canvas at `node`, or empties that.
pub fn draw(node: &NodeRef, scene: Option<Scene>) {
    let Some(canvas) = node.get().and_then(|node| Canvas::empty(&node)) else { return };
    if let Some(scene) = scene {
        scene.draw_axis(&canvas);
        scene.draw_lanes(&canvas);
        scene.draw_hand_overs(&canvas);
        scene.draw_read(&canvas);
    }
}

impl Scene<'_> {
    fn draw_axis(&self, canvas: &Canvas) {
        let (layout, scale) = (&self.layout, canvas.scale());
        let (bottom, middle) = (layout.height - AXIS, layout.height - AXIS / 2.0);
        let (line, muted) = (canvas.colour("--timeline-line"), canvas.colour("--timeline-text"));
        let ticks = ticks(self.window, (layout.width / LABEL) as u32);
        let x = |us: f64| (layout.left + self.window.place_of(us) * layout.width) * scale;
        let lines = ticks.iter().map(|&(us, _)| {
            let x = x(us).round() - 0.5;
            (x, 0.0, x, (bottom + 4.0) * scale)
        });
        canvas.stroke(&line, 1.0, lines);
        let labels = ticks.iter().map(|(us, text)| {
            // A label at the end stands inside of the picture.
            let half = text.chars().count() as f64 * 3.6 * scale;
            (text.clone(), x(*us).min(f64::from(canvas.width()) - half), middle * scale)
        });
        canvas.write(&muted, Align::Centre, labels);
        let every = layout.rows.labelled_every(14.0);
        let names = (0..layout.rows.lanes).step_by(every as usize).map(|lane| {
            let y = layout.rows.top(lane) + layout.rows.bar / 2.0;
            (format!("lane {}", lane + 1), (layout.left - 8.0) * scale, y.max(7.0) * scale)
        });
        canvas.write(&muted, Align::Right, names);
    }

    /// The idle time as a track, and the rest on it: one path and one filling for each colour.
    fn draw_lanes(&self, canvas: &Canvas) {
        let left = self.left(canvas);
        let columns = canvas.width().saturating_sub(left as u32);
        let tracks: Vec<(f64, u32)> =
            (0..self.layout.rows.lanes).map(|lane| self.track(canvas, lane)).collect();
        let track = |&(top, height): &(f64, u32)| (left, top, columns.into(), f64::from(height));
        canvas.fill(&canvas.colour("--idle"), tracks.iter().map(track));

        let rows: Vec<_> = (self.sample.lanes.iter().zip(&tracks))
            .map(|(segments, &(top, height))| (top, runs(segments, self.window, columns, height)))
            .collect();
        for &activity in Activity::ALL {
            let number = activity as usize;
            let rectangles = rows.iter().flat_map(|(top, runs)| {
                runs.iter().filter(move |run| run.parts[number] > 0).map(move |run| -> Rectangle {
                    let above: u32 = run.parts[..number].iter().sum();
                    (
                        left + f64::from(run.first),
                        top + f64::from(above),
                        run.columns.into(),
                        run.parts[number].into(),
                    )
                })
            });
            canvas.fill(&canvas.colour(&format!("--{}", activity.id())), rectangles);
        }
    }

    /// A line from row to row for each hand-over. Those of the same column that go the same way are one.
    fn draw_hand_overs(&self, canvas: &Canvas) {
        let left = self.left(canvas);
        let columns = f64::from(canvas.width()) - left;
        let first = self.hand_overs.partition_point(|hand_over| hand_over.to_us < self.window.from_us);
        let shown = self.hand_overs[first..].iter().take_while(|h| h.from_us <= self.window.to_us);
        let place = |us: f64| (self.window.place_of(us) * columns).clamp(-1.0, columns + 1.0);
        let mut lines: Vec<Line> = Vec::new();
        for hand_over in shown {
            let (from_top, from_height) = self.track(canvas, hand_over.from_lane);
            let (to_top, to_height) = self.track(canvas, hand_over.to_lane);
            let (from_y, to_y) = match from_top < to_top {
                true => (from_top + f64::from(from_height), to_top),
                false => (from_top, to_top + f64::from(to_height)),
            };
            let column = |us| left + place(us).floor() + 0.5;
            let line = (column(hand_over.from_us), from_y, column(hand_over.to_us), to_y);
            // Between two lanes the lock goes to and fro, so the same line was one of the last few.
            if !lines.iter().rev().take(4).any(|before| *before == line) {
                lines.push(line);
            }
        }
        canvas.stroke(&canvas.colour("--hand-over"), canvas.scale().max(1.0), lines.into_iter());
    }

    /// A frame around what is read out.
    fn draw_read(&self, canvas: &Canvas) {
        let Some(read) = self.read else { return };
        let left = self.left(canvas);
        let columns = f64::from(canvas.width()) - left;
        let place = |us: f64| (self.window.place_of(us) * columns).clamp(-4.0, columns + 4.0);
        let (top, height) = self.track(canvas, read.lane);
        let (start, end) = (place(read.start_us), place(read.end_us));
        let width = 2.0 * canvas.scale();
        let outline = (left + start, top - width, (end - start).max(1.0), f64::from(height) + 2.0 * width);
        canvas.outline(&canvas.colour("--timeline-read"), width, outline);
    }

    /// The rows' left end, in the screen's pixels.
    fn left(&self, canvas: &Canvas) -> f64 {
        (self.layout.left * canvas.scale()).round()
    }

    /// The top and the height of a lane's bar, in the screen's pixels.
    fn track(&self, canvas: &Canvas, lane: u32) -> (f64, u32) {
        let (scale, rows) = (canvas.scale(), &self.layout.rows);
        let top = (rows.top(lane) * scale).round();
        let bottom = ((rows.top(lane) + rows.bar) * scale).round();
        (top, (bottom - top).max(1.0) as u32)
    }
}
