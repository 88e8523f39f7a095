//! Which point of the chart is read out: the pointer's nearest, or where a key leads.

use crate::chart::Figure;
use crate::domain::Point;

/// How near to a point the pointer has to be to read it out, in pixels.
pub const NEAR: f64 = 60.0;
/// How near to a point the pointer has to be to press it, in pixels.
pub const ON: f64 = 24.0;

/// The point nearest to the pointer at `at`, of those drawn at `places`; none if all are farther than `reach`.
pub fn nearest(places: &[(Point, (f64, f64))], at: (f64, f64), reach: f64) -> Option<Point> {
    let distance = |place: (f64, f64)| (place.0 - at.0).hypot(place.1 - at.1);
    let &(point, place) = places.iter().min_by(|a, b| distance(a.1).total_cmp(&distance(b.1)))?;
    (distance(place) < reach).then_some(point)
}

/// Where `key` leads from the point that is read out, if it means anything here: left and right
/// along the lines, up and down to the next figure at the same lanes, and away with escape.
pub fn step(key: &str, from: Option<Point>, figures: &[Figure]) -> Option<Option<Point>> {
    let at = from.and_then(|from| figures.iter().position(|figure| figure.point == from));
    let Some(at) = at else {
        let first = matches!(key, "ArrowRight" | "ArrowDown" | "ArrowUp" | "Home");
        let last = matches!(key, "ArrowLeft" | "End");
        let figure = if last { figures.last() } else { figures.first() };
        return (first || last).then_some(figure.map(|figure| figure.point));
    };
    let here = figures[at];
    let same_lanes = || figures.iter().enumerate().filter(|(_, f)| f.point.lanes == here.point.lanes);
    // Figures that are equal are told apart by their order.
    let height = |index: usize, figure: &Figure| (figure.estimate.value, index);
    let above = |(i, f): &(usize, &Figure)| height(*i, f) > height(at, &here);
    let below = |(i, f): &(usize, &Figure)| height(*i, f) < height(at, &here);
    let by_height = |a: &(usize, &Figure), b: &(usize, &Figure)| {
        a.1.estimate.value.total_cmp(&b.1.estimate.value).then(a.0.cmp(&b.0))
    };
    let next = match key {
        "ArrowLeft" => at.checked_sub(1).map(|before| figures[before]),
        "ArrowRight" => figures.get(at + 1).copied(),
        "ArrowUp" => same_lanes().filter(above).min_by(by_height).map(|(_, figure)| *figure),
        "ArrowDown" => same_lanes().filter(below).max_by(by_height).map(|(_, figure)| *figure),
        "Home" => figures.first().copied(),
        "End" => figures.last().copied(),
        "Escape" => return Some(None),
        _ => return None,
    };
    Some(Some(next.unwrap_or(here).point))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Model;
    use crate::stats::Estimate;

    const SERIAL: Point = Point { model: Model::Serial, lanes: 1 };

    fn point(model: Model, lanes: u32) -> Point {
        Point { model, lanes }
    }

    fn figures() -> Vec<Figure> {
        let figure = |point, value| {
            let estimate = Estimate { value, lo: value, hi: value };
            Figure { point, estimate, counts: true, samples: 3 }
        };
        vec![
            figure(SERIAL, 1.0),
            figure(point(Model::Threads, 1), 0.9),
            figure(point(Model::Threads, 2), 1.9),
            figure(point(Model::Processes, 1), 1.0),
            figure(point(Model::Processes, 2), 1.8),
        ]
    }

    #[test]
    fn the_nearest_point_is_read_out_unless_it_is_far() {
        let places = [(SERIAL, (10.0, 10.0)), (point(Model::Threads, 2), (100.0, 10.0))];
        assert_eq!(nearest(&places, (60.0, 10.0), NEAR), Some(point(Model::Threads, 2)));
        assert_eq!(nearest(&places, (60.0, 10.0), ON), None);
        assert_eq!(nearest(&places, (100.0, 90.0), NEAR), None);
        assert_eq!(nearest(&[], (0.0, 0.0), NEAR), None);
    }

    #[test]
    fn every_point_is_reached_by_one_key() {
        let figures = figures();
        for key in ["ArrowRight", "ArrowLeft"] {
            let mut seen = Vec::new();
            let mut at = None;
            for _ in 0..figures.len() {
                at = step(key, at, &figures).unwrap();
                seen.extend(at);
            }
            seen.sort_unstable();
            assert!(seen.iter().eq(figures.iter().map(|figure| &figure.point)), "{key}: {seen:?}");
            assert_eq!(step(key, at, &figures), Some(at), "{key} stays at the end");
        }
    }

    #[test]
    fn up_and_down_follow_the_picture() {
        let figures = figures();
        let up = |from| step("ArrowUp", Some(from), &figures).unwrap().unwrap();
        let down = |from| step("ArrowDown", Some(from), &figures).unwrap().unwrap();
        assert_eq!(up(point(Model::Processes, 2)), point(Model::Threads, 2));
        assert_eq!(down(point(Model::Threads, 2)), point(Model::Processes, 2));
        // Equal figures are both reached.
        assert_eq!(up(point(Model::Threads, 1)), SERIAL);
        assert_eq!(up(SERIAL), point(Model::Processes, 1));
        assert_eq!(up(point(Model::Processes, 1)), point(Model::Processes, 1));
    }

    #[test]
    fn keys_that_mean_nothing_are_left_to_the_page() {
        assert_eq!(step("Tab", Some(SERIAL), &figures()), None);
        assert_eq!(step("Escape", None, &figures()), None);
        assert_eq!(step("Escape", Some(SERIAL), &figures()), Some(None));
        assert_eq!(step("ArrowRight", None, &[]), Some(None));
    }
}
