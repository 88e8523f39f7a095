//! What a script's threads and processes did, and when: the engine's record as lanes on one time axis.
//!
//! The engine notes where a thread begins or stops to do something (`python/patch/gil.rs`); a lane's segments lie between
//! those notes. Time that nothing was noted for is a gap: the lane had not started yet, or has ended.

use std::fmt::Write;

use crate::domain::{Activity, Segment};
use crate::hand_over::{HandOver, hand_overs};

/// The most segments that are kept of all lanes together: some 2 MB.
const MOST_SEGMENTS: usize = 60_000;
/// The most lanes that are kept.
const MOST_LANES: usize = 256;
/// Within this time one lane takes what another lets go of, in µs, if it has waited for it.
const HANDED_OVER_US: f64 = 1_000.0;
/// The shortest segments that are left out first where there are too many, in µs.
const FINEST_US: f64 = 25.0;

/// A thread of a script.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Thread {
    /// The process; the script's own is 0.
    pub process: u32,
    /// The thread's number in its process; the main thread's is 0.
    pub number: u32,
}

/// What the engine notes of a thread.
#[derive(Clone, Debug, PartialEq)]
pub enum Note {
    /// From this time on it does that, in ms since 1970; with no activity it has ended.
    Does(Option<Activity>, f64),
    /// Its name.
    Name(String),
}

/// What one thread did.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Lane {
    /// The thread.
    pub thread: Thread,
    /// The name that Python gives it; empty if that is not known.
    pub name: String,
    /// What it did, in the order of time, in µs since the record's begin. Before the first it had not started.
    pub segments: Vec<Segment>,
    /// Whether it has ended.
    pub has_ended: bool,
    /// What it does since when, in µs since the record's begin.
    open: Option<(Activity, f64)>,
}

/// What all threads of a run did, in a bounded memory.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Record {
    /// What time counts from, in ms since 1970; that of the first note if it is not given.
    begin_ms: Option<f64>,
    /// In the order of process and thread.
    lanes: Vec<Lane>,
    segments: usize,
    /// Segments that are shorter, in µs, are left out; 0 if none are.
    pub resolution_us: f64,
    /// How many notes were lost, as they came faster than they were read or from too many lanes.
    pub lost: u64,
}

impl Thread {
    /// Its lane, of which nothing is known.
    pub fn lane(self) -> Lane {
        Lane { thread: self, ..Lane::default() }
    }
}

impl Lane {
    /// The lane's name for people.
    pub fn title(&self) -> String {
        let Thread { process, number } = self.thread;
        // The threads of a pool have long names that begin alike.
        if let Some((_, of_pool)) =
            self.name.strip_prefix("ThreadPoolExecutor-").and_then(|n| n.split_once('_'))
        {
            return format!("pool thread {of_pool}");
        }
        match (process, number, self.name.as_str()) {
            (0, 0, _) => "main thread".to_owned(),
            (0, number, "") => format!("thread {number}"),
            (0, _, name) => name.to_owned(),
            (process, 0, _) => format!("process {process}"),
            (process, number, "") => format!("process {process}, thread {number}"),
            (process, _, name) => format!("process {process}, {name}"),
        }
    }

    /// What it does at a time, in µs since the record's begin; `None` where it had not started or has ended.
    pub fn at(&self, us: f64) -> Option<Activity> {
        let next = self.segments.partition_point(|segment| segment.end_us <= us);
        match self.segments.get(next) {
            Some(segment) => (segment.start_us <= us).then_some(segment.activity),
            None => self.open.filter(|&(_, since_us)| since_us <= us).map(|(activity, _)| activity),
        }
    }

    /// For how long it does something within a stretch of time, in µs.
    pub fn spent_us(&self, activity: Activity, from_us: f64, to_us: f64) -> f64 {
        let within = |s: &Segment| (s.end_us.min(to_us) - s.start_us.max(from_us)).max(0.0);
        self.segments.iter().filter(|segment| segment.activity == activity).map(within).sum()
    }

    fn push(&mut self, segment: Segment) -> usize {
        match self.segments.last_mut() {
            Some(last) if last.activity == segment.activity && last.end_us >= segment.start_us => {
                last.end_us = segment.end_us.max(last.end_us);
                0
            }
            _ => {
                self.segments.push(segment);
                1
            }
        }
    }
}

impl Record {
    /// An empty record whose time counts from `begin_ms`, in ms since 1970.
    pub fn from(begin_ms: f64) -> Self {
        Self { begin_ms: Some(begin_ms), ..Self::default() }
    }

    /// Adds what the engine noted of a thread. The notes of one thread come in the order of time.
    pub fn add(&mut self, thread: Thread, note: Note) {
        let begin_ms = match &note {
            Note::Does(_, ms) => *self.begin_ms.get_or_insert(*ms),
            Note::Name(_) => 0.0,
        };
        let finest_us = self.resolution_us;
        let Some(lane) = self.lane(thread) else {
            self.lost += 1;
            return;
        };
        match note {
            Note::Name(name) => lane.name = name,
            Note::Does(activity, ms) => {
                let us = (ms - begin_ms) * 1e3;
                let ended = lane.open.take().map(|(activity, start_us)| Segment {
                    activity,
                    start_us,
                    end_us: us.max(start_us),
                });
                let mut added = 0;
                if let Some(segment) = ended.filter(|segment| segment.duration_us() > 0.0) {
                    match lane.segments.last_mut() {
                        // What is too short counts as a part of what was before it.
                        Some(last) if segment.duration_us() < finest_us => {
                            last.end_us = segment.end_us.max(last.end_us);
                        }
                        _ => added = lane.push(segment),
                    }
                }
                lane.open = activity.map(|activity| (activity, us));
                lane.has_ended = activity.is_none();
                self.segments += added;
            }
        }
        while self.segments > MOST_SEGMENTS {
            self.coarsen();
        }
    }

    /// Reads one line of what the page's script tells ([`read_line`]). What it cannot read counts as lost.
    pub fn read(&mut self, line: &str) {
        match read_line(line) {
            Some((thread, note)) => self.add(thread, note),
            None => self.lost += 1,
        }
    }

    /// Ends what lanes still do, at a time in ms since 1970: the run is over.
    pub fn close(&mut self, ms: f64) {
        let threads: Vec<Thread> =
            self.lanes.iter().filter(|lane| lane.open.is_some()).map(|lane| lane.thread).collect();
        for thread in threads {
            self.add(thread, Note::Does(None, ms));
        }
    }

    /// The lanes, in the order of process and thread.
    pub fn lanes(&self) -> &[Lane] {
        &self.lanes
    }

    /// What time counts from, in ms since 1970; `None` before anything was noted.
    pub fn begin_ms(&self) -> Option<f64> {
        self.begin_ms
    }

    /// The last time that something was noted, in µs since the record's begin.
    pub fn end_us(&self) -> f64 {
        let end = |lane: &Lane| {
            let ended = lane.segments.last().map_or(0.0, |segment| segment.end_us);
            lane.open.map_or(ended, |(_, since_us)| since_us.max(ended))
        };
        self.lanes.iter().map(end).fold(0.0, f64::max)
    }

    /// Only the lanes of these threads, with their time counted from `from_us` of the record's own: what was before is cut off.
    pub fn part(&self, from_us: f64, is_meant: impl Fn(&Lane) -> bool) -> Record {
        let cut = |lane: &Lane| {
            let later = |s: &Segment| Segment {
                start_us: (s.start_us - from_us).max(0.0),
                end_us: s.end_us - from_us,
                ..*s
            };
            Lane {
                segments: lane.segments.iter().map(later).filter(|s| s.end_us > 0.0).collect(),
                open: lane.open.map(|(activity, us)| (activity, (us - from_us).max(0.0))),
                ..lane.clone()
            }
        };
        let lanes: Vec<Lane> = self.lanes.iter().filter(|lane| is_meant(lane)).map(cut).collect();
        Record {
            begin_ms: self.begin_ms.map(|ms| ms + from_us / 1e3),
            segments: lanes.iter().map(|lane| lane.segments.len()).sum(),
            lanes,
            resolution_us: self.resolution_us,
            lost: self.lost,
        }
    }

    /// Takes away what was later than `us` of the record's time.
    pub fn cut(&mut self, us: f64) {
        for lane in &mut self.lanes {
            lane.segments.retain(|segment| segment.start_us < us);
            if let Some(last) = lane.segments.last_mut() {
                last.end_us = last.end_us.min(us);
            }
            lane.open = lane.open.filter(|&(_, since_us)| since_us < us);
        }
        self.segments = self.lanes.iter().map(|lane| lane.segments.len()).sum();
    }

    /// The lanes' segments as samples of trials have them. What lanes still do is not in them.
    pub fn segments(&self) -> Vec<Vec<Segment>> {
        self.lanes.iter().map(|lane| lane.segments.clone()).collect()
    }

    /// Which lane held the GIL of `lane`'s process at a time, in µs since the record's begin, if there was a GIL: whoever
    /// ran Python there. That is what a lane waited for.
    pub fn holder(&self, lane: &Lane, us: f64) -> Option<&Lane> {
        let others = self.lanes.iter().filter(|other| other.thread.process == lane.thread.process);
        others
            .filter(|other| other.thread != lane.thread)
            .find(|other| other.at(us) == Some(Activity::Compute))
    }

    /// How the GIL went from lane to lane, in the order of time; lanes are numbered as in [`lanes`](Self::lanes). Each
    /// process has a GIL of its own. It says nothing of a run without one.
    pub fn hand_overs(&self) -> Vec<HandOver> {
        let mut all = Vec::new();
        let mut first = 0;
        for group in self.lanes.chunk_by(|a, b| a.thread.process == b.thread.process) {
            let segments: Vec<_> = group.iter().map(|lane| lane.segments.clone()).collect();
            all.extend(hand_overs(&segments).into_iter().map(|hand_over| HandOver {
                from_lane: hand_over.from_lane + first,
                to_lane: hand_over.to_lane + first,
                ..hand_over
            }));
            first += group.len() as u32;
        }
        // Whoever took it later found it free.
        all.retain(|hand_over| hand_over.to_us - hand_over.from_us < HANDED_OVER_US);
        all.sort_by(|a, b| a.to_us.total_cmp(&b.to_us));
        all
    }

    /// The lanes as text, a line each, for a recorded run: process, thread, the segments as the number of an activity,
    /// when it begins and how long it lasts in µs, and the name.
    pub fn to_text(&self) -> String {
        let mut text = String::new();
        for lane in &self.lanes {
            let Thread { process, number } = lane.thread;
            let _ = write!(text, "{process} {number} {}", lane.segments.len());
            let mut at = 0;
            for segment in &lane.segments {
                let (start, end) = (segment.start_us.round() as u64, segment.end_us.round() as u64);
                // The gap before it is nothing most of the time.
                let gap = start.saturating_sub(at);
                let _ = write!(text, " {} {gap} {}", segment.activity as u8, end.saturating_sub(start));
                at = end;
            }
            let _ = writeln!(text, " {}", lane.name);
        }
        text
    }

    /// A recorded run as [`to_text`](Self::to_text) wrote it; `None` if it is none.
    pub fn of_text(text: &str) -> Option<Record> {
        let mut record = Record::from(0.0);
        for line in text.lines() {
            let mut words = line.splitn(4, ' ');
            let mut number = || words.next()?.parse::<u32>().ok();
            let (process, thread, count) = (number()?, number()?, number()?);
            let mut rest = words.next().unwrap_or_default();
            let mut lane =
                Lane { thread: Thread { process, number: thread }, has_ended: true, ..Lane::default() };
            let mut at = 0.0;
            for _ in 0..count {
                let mut words = rest.splitn(4, ' ');
                let mut number = || words.next()?.parse::<u32>().ok();
                let (activity, gap, length) = (number()?, number()?, number()?);
                let start_us = at + f64::from(gap);
                at = start_us + f64::from(length);
                let activity = *Activity::ALL.get(activity as usize)?;
                lane.segments.push(Segment { activity, start_us, end_us: at });
                rest = words.next().unwrap_or_default();
            }
            lane.name = rest.to_owned();
            record.segments += lane.segments.len();
            record.lanes.push(lane);
        }
        Some(record)
    }

    /// The lane of a thread, which begins now if it is not known; `None` if there are too many.
    fn lane(&mut self, thread: Thread) -> Option<&mut Lane> {
        let at = match self.lanes.binary_search_by_key(&thread, |lane| lane.thread) {
            Ok(at) => at,
            Err(_) if self.lanes.len() == MOST_LANES => return None,
            Err(at) => {
                self.lanes.insert(at, thread.lane());
                at
            }
        };
        Some(&mut self.lanes[at])
    }

    /// Leaves out segments that are too short to be seen, twice as long ones as before.
    fn coarsen(&mut self) {
        self.resolution_us = (self.resolution_us * 2.0).max(FINEST_US);
        let finest_us = self.resolution_us;
        self.segments = 0;
        for lane in &mut self.lanes {
            for segment in std::mem::take(&mut lane.segments) {
                match lane.segments.last_mut() {
                    Some(last) if segment.duration_us() < finest_us => last.end_us = segment.end_us,
                    _ => {
                        lane.push(segment);
                    }
                }
            }
            self.segments += lane.segments.len();
        }
    }
}

/// Reads a line of what the page's script tells of the record: `process thread kind reason detail time`, with the kinds
/// and reasons of the engine and the time in ms since 1970; or `process thread name` and the thread's name.
pub fn read_line(line: &str) -> Option<(Thread, Note)> {
    let mut words = line.splitn(4, ' ');
    let process = words.next()?.parse().ok()?;
    let thread = Thread { process, number: words.next()?.parse().ok()? };
    let (kind, rest) = (words.next()?, words.next().unwrap_or_default());
    if kind == "name" {
        return Some((thread, Note::Name(rest.to_owned())));
    }
    let mut rest = rest.split(' ');
    let (reason, detail, time) = (rest.next()?, rest.next()?.parse().ok()?, rest.next()?.parse().ok()?);
    Some((thread, note(kind, reason, detail, time)?))
}

/// What a kind, a reason and a detail of the engine say, of a time in ms since 1970; `None` if there is no such kind.
pub fn note(kind: &str, reason: &str, detail: u32, ms: f64) -> Option<Note> {
    let activity = match kind {
        "wait" => Some(Activity::WaitGil),
        "run" => Some(Activity::Compute),
        "leave" => Some(of_reason(reason, detail)),
        "end" => None,
        _ => return None,
    };
    Some(Note::Does(activity, ms))
}

/// What a thread does that let go of the GIL for a reason of the engine, with its detail.
pub(super) fn of_reason(reason: &str, detail: u32) -> Activity {
    match reason {
        // It was asked to, and wants the GIL back as soon as another has had it.
        "asked" => Activity::WaitGil,
        "sleep" => Activity::Sleep,
        "lock" => Activity::Lock,
        "join" | "child" => Activity::Join,
        "queue" | "event" | "condition" | "read" | "semaphore" | "select" | "future" | "barrier" => {
            Activity::Data
        }
        // What is written to the first streams is printed, and waits for nobody.
        "write" if detail > 2 => Activity::Data,
        "fetch" => Activity::Fetch,
        "input" => Activity::Input,
        // A call into native code, or into something newer than this page knows.
        _ => Activity::Native,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Activity::{Compute, Native, Sleep, WaitGil};

    /// Two threads that hand the GIL over, as the engine tells it.
    const TURNS: &str = "0 0 run call 0 1000\n\
        0 1 wait call 0 1002\n\
        0 0 leave asked 0 1007\n\
        0 1 run call 0 1007.5\n\
        0 1 leave sleep 0 1010\n\
        0 0 run call 0 1010.25\n\
        0 1 name Thread-1 (work)\n\
        0 0 leave call 0 1012\n\
        0 1 end call 0 1013\n";

    fn record(text: &str) -> Record {
        let mut record = Record::default();
        text.lines().for_each(|line| record.read(line));
        record
    }

    fn told(lane: &Lane) -> Vec<(Activity, f64, f64)> {
        lane.segments.iter().map(|s| (s.activity, s.start_us, s.end_us)).collect()
    }

    #[test]
    fn a_lanes_segments_lie_between_what_was_noted() {
        let mut record = record(TURNS);
        record.close(1014.0);
        let [main, other] = record.lanes() else { panic!("two lanes") };
        assert_eq!(
            told(main),
            [
                (Compute, 0.0, 7_000.0),
                (WaitGil, 7_000.0, 10_250.0),
                (Compute, 10_250.0, 12_000.0),
                (Native, 12_000.0, 14_000.0),
            ]
        );
        assert_eq!(
            told(other),
            [(WaitGil, 2_000.0, 7_500.0), (Compute, 7_500.0, 10_000.0), (Sleep, 10_000.0, 13_000.0)]
        );
        assert_eq!((main.title().as_str(), other.title().as_str()), ("main thread", "Thread-1 (work)"));
        assert!(main.has_ended && other.has_ended);
        assert_eq!((other.at(1_000.0), other.at(8_000.0), other.at(13_500.0)), (None, Some(Compute), None));
        assert_eq!(record.end_us(), 14_000.0);
        assert_eq!(record.lost, 0);
    }

    #[test]
    fn the_holder_is_whoever_runs_python_in_the_same_process() {
        let record = record(&format!("{TURNS}1 0 run call 0 1000\n1 0 end call 0 1014\n"));
        let [main, other, process] = record.lanes() else { panic!("three lanes") };
        assert_eq!(record.holder(other, 3_000.0).map(Lane::title).as_deref(), Some("main thread"));
        assert_eq!(record.holder(main, 8_000.0).map(Lane::title).as_deref(), Some("Thread-1 (work)"));
        assert_eq!(record.holder(process, 3_000.0), None);
        let hops: Vec<_> = record.hand_overs().iter().map(|h| (h.from_lane, h.to_lane, h.to_us)).collect();
        assert_eq!(hops, [(0, 1, 7_500.0), (1, 0, 10_250.0)]);
    }

    #[test]
    fn a_part_counts_from_its_own_begin() {
        let mut record = record(TURNS);
        record.close(1014.0);
        let part = record.part(5_000.0, |lane| lane.thread.number == 1);
        let [other] = part.lanes() else { panic!("one lane") };
        assert_eq!(
            told(other),
            [(WaitGil, 0.0, 2_500.0), (Compute, 2_500.0, 5_000.0), (Sleep, 5_000.0, 8_000.0)]
        );
        assert_eq!(part.begin_ms(), Some(1005.0));
        assert_eq!(other.spent_us(Sleep, 6_000.0, 7_000.0), 1_000.0);
    }

    #[test]
    fn memory_is_bounded_whatever_a_script_does() {
        let mut record = Record::from(0.0);
        let thread = |number| Thread { process: 0, number };
        let (mut at, mut turn) = (0.0, 0_u32);
        while turn < 8 * MOST_SEGMENTS as u32 {
            at += 0.01;
            let activity = if turn.is_multiple_of(2) { Compute } else { Native };
            record.add(thread(0), Note::Does(Some(activity), at));
            turn += 1;
        }
        let kept: usize = record.lanes().iter().map(|lane| lane.segments.len()).sum();
        assert!(kept <= MOST_SEGMENTS && kept == record.segments, "{kept}");
        assert!(record.resolution_us >= FINEST_US);
        assert!((record.end_us() - at * 1e3).abs() < 20.0, "no time is lost");
        for number in 1..2 * MOST_LANES as u32 {
            record.add(thread(number), Note::Does(Some(Compute), at));
        }
        assert_eq!(record.lanes().len(), MOST_LANES);
        assert!(record.lost > 0);
    }

    #[test]
    fn nonsense_is_counted_and_not_kept() {
        let record = record("\n0 0 fly call 0 1\n0 x run call 0 1\n0 0 run call 0\n");
        assert_eq!((record.lost, record.lanes().len()), (4, 0));
    }

    #[test]
    fn a_recorded_run_is_read_as_it_was_written() {
        let mut record = record(TURNS);
        record.close(1014.0);
        let text = record.to_text();
        let again = Record::of_text(&text).unwrap();
        assert_eq!(again.to_text(), text);
        for (is, was) in again.lanes().iter().zip(record.lanes()) {
            assert_eq!((told(is), is.title()), (told(was), was.title()));
        }
        assert_eq!(Record::of_text("0 0 2 1 1"), None);
    }
}
