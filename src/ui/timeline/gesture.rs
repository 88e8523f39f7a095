//! What pointers, the wheel and keys ask of the timeline.

use super::window::Shift;

/// How much one press of a key zooms.
const STEP: f64 = 1.5;
/// How much one notch of the wheel zooms.
const NOTCH: f64 = 1.25;
/// How much of the picture's width one press of an arrow key moves it by.
const MOVE: f64 = 0.1;
/// How far a pointer may move, in pixels, and still mean the place that it pressed.
const STILL: f64 = 4.0;

/// What a key, a button, the wheel or a finger asks for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Command {
    /// To see another stretch of time; zooming is about the middle.
    Shift(Shift),
    /// To see the whole trial.
    ShowAll,
    /// To read out the stretch that is so many lanes further down.
    ReadLane(i32),
    /// To read out the lane's next stretch, or the one before.
    ReadNext {
        /// Whether the next one is meant.
        forward: bool,
    },
    /// To read out nothing.
    ReadNothing,
}

/// What `key` asks for, if it means anything here.
pub fn command_of(key: &str, with_shift: bool) -> Option<Command> {
    Some(match key {
        "+" | "=" => Command::Shift(Shift::zoomed(0.5, STEP)),
        "-" | "_" => Command::Shift(Shift::zoomed(0.5, 1.0 / STEP)),
        "ArrowLeft" | "ArrowRight" if with_shift => Command::ReadNext { forward: key == "ArrowRight" },
        "ArrowLeft" => Command::Shift(Shift::moved(MOVE)),
        "ArrowRight" => Command::Shift(Shift::moved(-MOVE)),
        "ArrowUp" => Command::ReadLane(-1),
        "ArrowDown" => Command::ReadLane(1),
        "Home" => Command::ShowAll,
        "Escape" => Command::ReadNothing,
        _ => return None,
    })
}

/// What the wheel asks for when it is turned by so many notches while the pointer is `at` a part of the picture's width.
pub fn turned(notches: f64, at: f64) -> Shift {
    Shift::zoomed(at, NOTCH.powf(-notches))
}

/// The pointers that are pressed: a mouse, or one or two fingers.
#[derive(Clone, Debug, Default)]
pub struct Pointers {
    down: Vec<Pointer>,
}

#[derive(Clone, Copy, Debug)]
struct Pointer {
    id: i32,
    pressed_x: f64,
    x: f64,
}

impl Pointers {
    /// A pointer is pressed at `x`, in pixels. The third finger means nothing.
    pub fn press(&mut self, id: i32, x: f64) {
        self.lift(id);
        if self.down.len() < 2 {
            self.down.push(Pointer { id, pressed_x: x, x });
        }
    }

    /// A pointer is lifted, or taken away.
    pub fn lift(&mut self, id: i32) {
        self.down.retain(|pointer| pointer.id != id);
    }

    /// Whether a pressed pointer has moved: it then drags, and points at nothing.
    pub fn drags(&self) -> bool {
        self.down.len() > 1 || self.down.iter().any(|p| (p.x - p.pressed_x).abs() > STILL)
    }

    /// A pointer moves to `x`, in pixels of a picture that is so `wide`: what that asks for. One takes
    /// the picture along; two pinch it.
    pub fn moved(&mut self, id: i32, x: f64, wide: f64) -> Option<Shift> {
        let at = self.down.iter().position(|pointer| pointer.id == id)?;
        let before = self.middle_and_distance();
        self.down[at].x = x;
        let after = self.middle_and_distance();
        let factor = match (before.1, after.1) {
            // Fingers that are one above the other say nothing of width.
            (Some(before), Some(after)) if before > STILL && after > STILL => after / before,
            _ => 1.0,
        };
        Some(Shift { from: before.0 / wide, to: after.0 / wide, factor })
    }

    fn middle_and_distance(&self) -> (f64, Option<f64>) {
        match self.down.as_slice() {
            [a, b] => ((a.x + b.x) / 2.0, Some((a.x - b.x).abs())),
            [a] => (a.x, None),
            _ => (0.0, None),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_pointer_drags_and_two_pinch() {
        let mut pointers = Pointers::default();
        assert_eq!(pointers.moved(1, 10.0, 100.0), None);
        pointers.press(1, 10.0);
        assert_eq!(pointers.moved(1, 12.0, 100.0), Some(Shift { from: 0.1, to: 0.12, factor: 1.0 }));
        assert!(!pointers.drags());
        pointers.moved(1, 30.0, 100.0);
        assert!(pointers.drags());

        pointers.press(2, 50.0);
        assert_eq!(pointers.moved(2, 70.0, 100.0), Some(Shift { from: 0.4, to: 0.5, factor: 2.0 }));
        pointers.press(3, 0.0);
        assert_eq!(pointers.moved(3, 5.0, 100.0), None);
        pointers.lift(1);
        pointers.lift(2);
        assert!(!pointers.drags());
    }

    #[test]
    fn the_wheel_zooms_about_the_pointer_and_back() {
        assert_eq!(turned(-1.0, 0.3), Shift::zoomed(0.3, 1.25));
        assert!((turned(-0.5, 0.3).factor * turned(0.5, 0.3).factor - 1.0).abs() < 1e-12);
    }

    #[test]
    fn plus_and_minus_undo_each_other() {
        let (Some(Command::Shift(nearer)), Some(Command::Shift(farther))) =
            (command_of("+", true), command_of("-", false))
        else {
            panic!("they zoom");
        };
        assert!((nearer.factor * farther.factor - 1.0).abs() < 1e-12);
        assert_eq!(command_of("ArrowRight", true), Some(Command::ReadNext { forward: true }));
        assert_eq!(command_of("Tab", false), None);
    }
}
