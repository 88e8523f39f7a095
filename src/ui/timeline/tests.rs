use super::*;
use crate::domain::{Activity, Model, Segment, Trial};
use crate::sample::Sample;
use crate::session::Ending;
use crate::summary::Summary;
use window::Shift;

const THREADS: Point = Point { model: Model::Threads, lanes: 2 };
const SERIAL: Point = Point { model: Model::Serial, lanes: 1 };

/// Every lane computes, waits and computes.
fn sample(id: u32, point: Point, total_us: f64) -> Sample {
    let thirds = [(Activity::Compute, 0.0), (Activity::WaitGil, 1.0), (Activity::Compute, 2.0)];
    let lane = thirds.map(|(activity, third)| Segment {
        activity,
        start_us: third * total_us / 3.0,
        end_us: (third + 1.0) * total_us / 3.0,
    });
    sample_of(Trial { id, round: 1, point }, total_us, vec![lane.to_vec(); point.lanes as usize])
}

/// What a trial measured, as far as the timeline cares.
pub(super) fn sample_of(trial: Trial, total_us: f64, lanes: Vec<Vec<Segment>>) -> Sample {
    Sample::new(trial, total_us, lanes)
}

fn ended(sample: Sample) -> Event {
    let trial = sample.trial;
    Event::Updated { trial, outcome: Ok(Rc::new(sample)), summary: Summary::default() }
}

fn after_run() -> Timeline {
    let mut timeline = Timeline::default();
    timeline.follow(&ended(sample(1, THREADS, 300.0)));
    timeline.follow(&ended(sample(2, SERIAL, 600.0)));
    timeline
}

fn shown_id(timeline: &Timeline) -> Option<u32> {
    timeline.shown().map(|sample| sample.trial.id)
}

fn obey(timeline: &mut Timeline, commands: &[Command]) {
    commands.iter().for_each(|&command| timeline.reduce(TimelineAction::Command(command)));
}

fn read(timeline: &Timeline) -> Option<(u32, Option<Activity>)> {
    timeline.read.map(|stretch| (stretch.lane, stretch.activity))
}

#[test]
fn the_latest_trial_is_shown_until_a_point_is_chosen() {
    let mut timeline = after_run();
    assert_eq!(shown_id(&timeline), Some(2));
    timeline.reduce(TimelineAction::Open(Some(THREADS)));
    assert_eq!(shown_id(&timeline), Some(1));
    timeline.follow(&ended(sample(3, THREADS, 200.0)));
    assert_eq!(shown_id(&timeline), Some(3));
    timeline.reduce(TimelineAction::Pick(Which::Slowest));
    assert_eq!(shown_id(&timeline), Some(1));
    timeline.reduce(TimelineAction::Pick(Which::WarmUp));
    assert_eq!(shown_id(&timeline), Some(3), "there was no warm-up");
    timeline.begin();
    assert_eq!((shown_id(&timeline), timeline.point), (None, None));
}

#[test]
fn at_the_end_the_most_telling_point_is_shown_unless_one_was_chosen() {
    let gil = Point { model: Model::ThreadsGil, lanes: 2 };
    let mut timeline = after_run();
    timeline.follow(&Event::Finished(Ending::Certain));
    assert_eq!(timeline.point, Some(THREADS));

    let mut timeline = after_run();
    timeline.follow(&ended(sample(3, gil, 200.0)));
    timeline.follow(&ended(sample(4, Point { lanes: 4, ..gil }, 200.0)));
    timeline.follow(&Event::Finished(Ending::Stopped));
    assert_eq!(timeline.point, Some(gil));

    let mut chosen = after_run();
    chosen.reduce(TimelineAction::Open(Some(SERIAL)));
    chosen.follow(&Event::Finished(Ending::Certain));
    assert_eq!(chosen.point, Some(SERIAL));
}

#[test]
fn keys_read_out_every_stretch_of_every_lane() {
    let mut timeline = after_run();
    timeline.reduce(TimelineAction::Open(Some(THREADS)));
    obey(&mut timeline, &[Command::ReadLane(1)]);
    assert_eq!(read(&timeline), Some((0, Some(Activity::Compute))));
    obey(&mut timeline, &[Command::ReadNext { forward: true }]);
    assert_eq!(read(&timeline), Some((0, Some(Activity::WaitGil))));
    obey(&mut timeline, &[Command::ReadLane(1), Command::ReadLane(1)]);
    assert_eq!(read(&timeline), Some((1, Some(Activity::WaitGil))));
    obey(&mut timeline, &[Command::ReadNext { forward: false }, Command::ReadLane(-1)]);
    assert_eq!(read(&timeline), Some((0, Some(Activity::Compute))));
    assert!(timeline.by_key);
    obey(&mut timeline, &[Command::ReadNothing]);
    assert_eq!(read(&timeline), None);
}

#[test]
fn stepping_takes_the_window_along() {
    let mut timeline = after_run();
    obey(&mut timeline, &[Command::Shift(Shift::zoomed(0.0, 6.0)), Command::ReadLane(1)]);
    assert_eq!(timeline.window(600.0), Window { from_us: 0.0, to_us: 100.0 });
    obey(&mut timeline, &[Command::ReadNext { forward: true }]);
    let window = timeline.window(600.0);
    assert!((0.0..=1.0).contains(&window.place_of(300.0)), "{window:?}");
    assert!((window.span_us() - 100.0).abs() < 1e-9, "{window:?}");
}

#[test]
fn another_trial_is_shown_in_the_same_window_as_far_as_it_goes() {
    let mut timeline = after_run();
    obey(&mut timeline, &[Command::Shift(Shift::zoomed(1.0, 2.0))]);
    assert_eq!(timeline.window(600.0), Window { from_us: 300.0, to_us: 600.0 });
    assert_eq!(timeline.window(400.0), Window { from_us: 100.0, to_us: 400.0 });
    obey(&mut timeline, &[Command::ShowAll]);
    assert_eq!(timeline.window(400.0), Window { from_us: 0.0, to_us: 400.0 });
}

#[test]
fn what_was_read_out_goes_with_its_trial() {
    let mut timeline = after_run();
    timeline.reduce(TimelineAction::Point(Some(Place { lane: 0, at_us: 300.0 }), 0.0));
    assert_eq!(read(&timeline), Some((0, Some(Activity::WaitGil))));
    assert!(!timeline.by_key);
    timeline.follow(&ended(sample(3, THREADS, 200.0)));
    assert_eq!(read(&timeline), None);
    timeline.reduce(TimelineAction::Open(Some(SERIAL)));
    timeline.reduce(TimelineAction::Point(Some(Place { lane: 0, at_us: 300.0 }), 0.0));
    timeline.follow(&ended(sample(4, THREADS, 200.0)));
    assert!(read(&timeline).is_some(), "another point's trial ended");
}
