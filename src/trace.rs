//! A trial as a Trace Event file, which Perfetto, the Firefox Profiler and `about:tracing` open.
//!
//! The format is *Trace Event Format* (Google, 2016), as a JSON object. It is written by hand: that
//! takes a hundredth of what a JSON library would add to the page.

use std::fmt::Write;

use crate::domain::Segment;
use crate::hand_over::HandOver;
use crate::sample::Sample;

/// The file's only process.
const PROCESS: u32 = 1;

/// The trial of `sample` as a file: a row for the trial, which `title` names, and one for every lane
/// below it, with arrows for the `hand_overs` of the GIL.
pub fn trace(sample: &Sample, title: &str, hand_overs: &[HandOver]) -> String {
    let mut file = TraceFile::begin();
    file.name("process_name", 0, title);
    file.name("thread_name", 0, "trial");
    file.complete("trial", title, 0, 0, nanoseconds(sample.total_us));
    for (number, segments) in (1..).zip(&sample.lanes) {
        file.name("thread_name", number, &format!("lane {number}"));
        file.lane(number, segments);
    }
    for (number, hand_over) in (1..).zip(hand_overs) {
        file.hand_over(number, hand_over);
    }
    file.end()
}

/// The file as far as it is written.
struct TraceFile {
    text: String,
    is_first: bool,
}

impl TraceFile {
    fn begin() -> Self {
        Self { text: "{\"displayTimeUnit\":\"ms\",\"traceEvents\":[".to_owned(), is_first: true }
    }

    fn end(mut self) -> String {
        self.text.push_str("\n]}\n");
        self.text
    }

    /// Names the process, or row number `row`; rows stand in the order of their numbers.
    fn name(&mut self, what: &str, row: u32, name: &str) {
        self.event("M", what, "__metadata", row);
        self.text.push_str(",\"ts\":0,\"args\":{\"name\":");
        self.string(name);
        self.text.push_str("}}");
        if what == "thread_name" {
            self.event("M", "thread_sort_index", "__metadata", row);
            self.push(format_args!(",\"ts\":0,\"args\":{{\"sort_index\":{row}}}}}"));
        }
    }

    /// A lane's segments, none of which begins before the one before it has ended: readers take
    /// what overlaps in one row for nested.
    fn lane(&mut self, row: u32, segments: &[Segment]) {
        let mut ended = 0;
        for segment in segments {
            let start = nanoseconds(segment.start_us).max(ended);
            ended = nanoseconds(segment.end_us).max(start);
            self.complete(segment.activity.id(), segment.activity.name(), row, start, ended);
        }
    }

    /// Something that lasted from `start` to `end`, in ns.
    fn complete(&mut self, category: &str, name: &str, row: u32, start: u64, end: u64) {
        self.event("X", name, category, row);
        self.time("ts", start);
        self.time("dur", end - start);
        self.text.push_str(",\"args\":{}}");
    }

    /// An arrow from what one lane did to what another one did. An arrow is bound to the event that
    /// encloses its end, so it begins just inside of the computing that ends there.
    fn hand_over(&mut self, number: u32, hand_over: &HandOver) {
        let ends = [
            ("s", hand_over.from_lane, nanoseconds(hand_over.from_us).saturating_sub(1)),
            ("f", hand_over.to_lane, nanoseconds(hand_over.to_us)),
        ];
        for (phase, lane, at) in ends {
            self.event(phase, "GIL", "hand-over", lane + 1);
            self.time("ts", at);
            let binding = if phase == "f" { ",\"bp\":\"e\"" } else { "" };
            self.push(format_args!(",\"id\":{number}{binding},\"args\":{{}}}}"));
        }
    }

    /// What every event begins with.
    fn event(&mut self, phase: &str, name: &str, category: &str, row: u32) {
        self.text.push_str(if self.is_first { "\n" } else { ",\n" });
        self.is_first = false;
        self.text.push_str("{\"name\":");
        self.string(name);
        self.push(format_args!(",\"cat\":\"{category}\",\"ph\":\"{phase}\",\"pid\":{PROCESS},\"tid\":{row}"));
    }

    /// A time of `ns`, as the format has it: in µs.
    fn time(&mut self, field: &str, ns: u64) {
        self.push(format_args!(",\"{field}\":{}.{:03}", ns / 1_000, ns % 1_000));
    }

    /// A text that may hold any character.
    fn string(&mut self, text: &str) {
        self.text.push('"');
        for character in text.chars() {
            match character {
                '"' | '\\' => self.text.extend(['\\', character]),
                control if control < ' ' => self.push(format_args!("\\u{:04x}", control as u32)),
                other => self.text.push(other),
            }
        }
        self.text.push('"');
    }

    fn push(&mut self, arguments: std::fmt::Arguments<'_>) {
        self.text.write_fmt(arguments).expect("a string takes everything");
    }
}

/// A time in whole nanoseconds, so that ends and starts that are equal stay so.
fn nanoseconds(us: f64) -> u64 {
    (us * 1_000.0).round().max(0.0) as u64
}
