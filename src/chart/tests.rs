use super::*;
use crate::domain::Model;
use crate::scaling::{CurveSummary, Knee, OverSerial, Usl};
use crate::stats::Estimate;
use crate::summary::{PointSummary, Summary};

const SIZE: (f64, f64) = (720.0, 400.0);

fn known(model: Model, lanes: u32, speed_up: f64) -> PointSummary {
    let estimate = |value: f64| Estimate { value, lo: value * 0.9, hi: value * 1.1 };
    PointSummary {
        samples: 6,
        time_us: Some(estimate(8e5 / speed_up)),
        speed_up: Some(estimate(speed_up)),
        ..PointSummary::unknown(Point { model, lanes })
    }
}

fn summary() -> Summary {
    let points = vec![
        known(Model::Serial, 1, 1.0),
        known(Model::Threads, 1, 0.9),
        known(Model::Threads, 4, 3.8),
        known(Model::Processes, 1, 0.8),
        PointSummary::unknown(Point { model: Model::Processes, lanes: 4 }),
    ];
    Summary { points, ..Summary::default() }
}

fn run(summary: &Summary) -> Run<'_> {
    Run {
        summary,
        look: Look::default(),
        hidden: &[],
        reported_cores: Some(4),
        measured_cores: None,
        selected: None,
        in_progress: None,
    }
}

/// The marks and all that is in them, each before its own.
fn all(marks: &[Mark]) -> Vec<&Mark> {
    let mut found = Vec::new();
    for mark in marks {
        found.push(mark);
        if let Shape::Group(_, own) = &mark.shape {
            found.extend(all(own));
        }
    }
    found
}

fn count(marks: &[Mark], role: &str) -> usize {
    all(marks).into_iter().filter(|mark| mark.role.split(' ').any(|one| one == role)).count()
}

/// What the texts of this role say.
fn texts(marks: &[Mark], role: &str) -> Vec<String> {
    let of_role = all(marks).into_iter().filter(|mark| mark.role == role);
    let said = of_role.filter_map(|mark| match &mark.shape {
        Shape::Text { text, .. } => Some(text.replace('\u{a0}', " ")),
        _ => None,
    });
    said.collect()
}

#[test]
fn every_figure_is_a_point_of_its_model_s_line() {
    let summary = summary();
    let chart = run(&summary).chart(SIZE);
    assert_eq!(chart.figures.len(), 4);
    assert_eq!((count(&chart.marks, "series"), count(&chart.marks, "point")), (3, 4));
    assert_eq!((count(&chart.marks, "band"), count(&chart.marks, "hollow")), (3, 0));
    for (figure, (point, place)) in chart.figures.iter().zip(&chart.places) {
        assert_eq!(figure.point, *point);
        assert_eq!(chart.find(*point), Some((*figure, *place)));
        let is_there = |mark: &&Mark| matches!(mark.shape, Shape::Group(Some(at), _) if at == *place);
        assert_eq!(all(&chart.marks).into_iter().filter(is_there).count(), 1, "{point:?}");
        assert!((52.0..SIZE.0).contains(&place.0) && (48.0..SIZE.1).contains(&place.1), "{place:?}");
    }
    // The faster of two points at the same lanes is the higher one, and their models stand beside each other.
    let place = |model| chart.find(Point { model, lanes: 1 }).unwrap().1;
    assert!(place(Model::Threads).1 < place(Model::Processes).1);
    assert!(place(Model::Threads).0 < place(Model::Processes).0);
}

#[test]
fn a_wide_chart_names_its_lines_and_a_narrow_one_has_no_room() {
    let summary = summary();
    let names = ["4 cores reported", "serial 1.00×", "threads 3.80×", "processes 0.80×", "ideal"];
    assert_eq!(texts(&run(&summary).chart(SIZE).marks, "name"), names);
    assert_eq!(texts(&run(&summary).chart((360.0, 400.0)).marks, "name"), names[..1]);
}

#[test]
fn what_is_hidden_is_neither_drawn_nor_read_out() {
    let summary = summary();
    let shown = Run { hidden: &[Model::Threads], ..run(&summary) };
    let point = Point { model: Model::Threads, lanes: 4 };
    let chart = Run { in_progress: Some((point, 0.5)), selected: Some(point), ..shown }.chart(SIZE);
    assert_eq!(chart.find(point), None);
    assert!(all(&chart.marks).iter().all(|mark| mark.of != "threads"));
    // The others stay where they are.
    let place = |chart: Chart| chart.find(Point { model: Model::Processes, lanes: 1 }).unwrap().1.0;
    assert_eq!(place(chart), place(run(&summary).chart(SIZE)));
}

#[test]
fn a_trial_grows_around_its_point_or_on_the_axis() {
    let summary = summary();
    let growing = |model, lanes| {
        let trial = Some((Point { model, lanes }, 0.25));
        let marks = Run { in_progress: trial, ..run(&summary) }.chart(SIZE).marks;
        let mark = all(&marks).into_iter().find(|mark| mark.role == "growing").unwrap().clone();
        let Shape::Group(Some(at), own) = mark.shape else { panic!("it has no place") };
        (at, own.len())
    };
    let known = run(&summary).chart(SIZE).find(Point { model: Model::Threads, lanes: 4 }).unwrap();
    assert_eq!(growing(Model::Threads, 4), (known.1, 2));
    let (at, marks) = growing(Model::Processes, 4);
    assert_eq!((at.1, marks), (SIZE.1 - 44.0, 3));
}

#[test]
fn what_is_read_out_has_a_ring_and_its_law() {
    let mut summary = summary();
    let threads = Point { model: Model::Threads, lanes: 4 };
    let exactly = |value| Estimate { value, lo: value, hi: value };
    let usl =
        Some(Usl { contention: exactly(0.05), coherency: exactly(0.001), one_lane: 0.9, cores: Some(4) });
    let knee = Knee {
        lanes: 4,
        fewest: 1,
        next: None,
        doubt: None,
        of: 4,
        of_cores: true,
        is_flat: false,
        over_serial: OverSerial::Faster,
    };
    summary.curves = vec![CurveSummary { model: Model::Threads, serial_fraction: None, usl, knee }];
    let marks = Run { selected: Some(threads), ..run(&summary) }.chart(SIZE).marks;
    assert_eq!((count(&marks, "selected"), count(&marks, "fit")), (1, 1));
    let marks = run(&summary).chart(SIZE).marks;
    assert_eq!((count(&marks, "selected"), count(&marks, "fit")), (0, 0));
}

#[test]
fn one_rule_is_enough_where_both_agree() {
    let summary = summary();
    let rules = |reported_cores, measured_cores| {
        let shown = Run { reported_cores, measured_cores, ..run(&summary) };
        texts(&shown.chart((360.0, 400.0)).marks, "name")
    };
    assert_eq!(rules(Some(2), Some(2)), ["2 cores reported and measured"]);
    assert_eq!(rules(Some(4), Some(2)), ["4 cores reported", "2 cores measured"]);
    assert_eq!(rules(Some(4), None), ["4 cores reported"]);
    assert_eq!(rules(None, Some(1)), ["1 core measured"]);
    // What lies beyond the axis has none.
    assert_eq!(rules(Some(8), Some(3)), ["3 cores measured"]);
}

#[test]
fn each_machine_of_a_comparison_has_a_line_of_its_own() {
    let estimate = |value: f64| Estimate { value, lo: value * 0.9, hi: value * 1.1 };
    let curves = vec![vec![(1, estimate(1.0)), (4, estimate(3.5))], Vec::new(), vec![(2, estimate(1.9))]];
    let title = "times as fast as its own single lane";
    let drawn = Curves { model: Model::Threads, metric: Metric::SpeedUp, title, curves: &curves };
    let marks = drawn.chart(SIZE).marks;
    assert_eq!((count(&marks, "series"), count(&marks, "point"), count(&marks, "band")), (3, 3, 0));
    assert_eq!(texts(&marks, "title"), [title, "lanes"]);
    assert!(all(&marks).iter().any(|mark| mark.of == "look-3"));
    // Nothing to draw is no reason to fail.
    assert_eq!(Curves { curves: &[Vec::new()], ..drawn }.chart(SIZE).figures, []);
}

#[test]
fn lines_of_one_chart_can_be_told_apart() {
    for styles in [Model::ALL.iter().copied().map(Style::from), std::array::from_fn(Style::of_report)] {
        for (at, style) in styles.iter().enumerate() {
            let others = &styles[..at];
            assert!(others.iter().all(|other| other.class != style.class && other.outline != style.outline));
        }
    }
}

#[test]
fn a_caption_keeps_within_the_picture() {
    let text = "cosine sum (5·10⁷ cosines) · 8 cores, Chromium 156 · 2026-11-20 · https://example.org/lanes/";
    assert_eq!(caption_lines(text, 1_000.0), [text]);
    let lines = caption_lines(text, 340.0);
    assert_eq!((lines.len(), lines.join(" ")), (2, text.to_owned()));
    assert!(lines.iter().all(|line| line.chars().count() <= 48), "{lines:?}");
    assert_eq!(caption_lines("https://example.org/lanes/ is long", 70.0).len(), 2);
}
