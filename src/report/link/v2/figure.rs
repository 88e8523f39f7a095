//! A figure with its interval, in whole steps.

use super::super::LinkError;
use super::super::bits::{Reader, Writer};
use crate::stats::{Estimate, Steps};

/// The most steps above one that a figure has: a million million. More than that is no figure.
const MOST: u32 = 27_632;

/// Writes a figure that is hardly ever below one, such as a time in µs.
pub fn put_figure(writer: &mut Writer, figure: Estimate) {
    match Steps::of(figure) {
        Some(steps) if steps.value >= 0 => writer.number(steps.value.unsigned_abs() + 1),
        other => {
            writer.number(0_u32);
            writer.number(other.map_or(0, |steps| steps.value.unsigned_abs()));
        }
    }
    match Steps::of(figure) {
        Some(steps) => {
            writer.number(steps.down.map_or(0, |down| down + 1));
            writer.number(steps.up);
        }
        // Below the clock's step, there is only an upper end.
        None => writer.parts(figure.hi.ceil(), 1.0),
    }
}

/// Reads such a figure.
pub fn take_figure(reader: &mut Reader) -> Result<Estimate, LinkError> {
    let value = match take_steps(reader)?.checked_sub(1) {
        Some(above) => above as i32,
        None => match take_steps(reader)? {
            0 => return Ok(Estimate { value: 0.0, lo: 0.0, hi: reader.parts(1.0)? }),
            below => -(below as i32),
        },
    };
    let down = take_steps(reader)?.checked_sub(1);
    Ok(Steps { value, down, up: take_steps(reader)? }.estimate())
}

/// Writes a ratio, or that there is none, as how far it is from `expected` steps.
pub fn put_ratio(writer: &mut Writer, ratio: Option<Estimate>, expected: i32) {
    let Some(steps) = ratio.and_then(Steps::of) else { return writer.number(0_u32) };
    writer.number(steps.down.map_or(1, |down| down + 2));
    writer.number(steps.up);
    let off = steps.value - expected;
    // Small ones are short, above and below.
    writer.number((off.unsigned_abs() << 1) - u32::from(off < 0));
}

/// Reads such a ratio.
pub fn take_ratio(reader: &mut Reader, expected: i32) -> Result<Option<Estimate>, LinkError> {
    let down = match take_steps(reader)? {
        0 => return Ok(None),
        code => code.checked_sub(2),
    };
    let up = take_steps(reader)?;
    let off = take_steps(reader)?;
    let half = off.div_ceil(2) as i32;
    let value = expected + if off % 2 == 1 { -half } else { half };
    Ok(Some(Steps { value, down, up }.estimate()))
}

/// A number of steps, which is none that would make a figure endless.
fn take_steps(reader: &mut Reader) -> Result<u32, LinkError> {
    let steps: u32 = reader.number()?;
    // Twice as many, and a little more, is the most that is written: for how far a figure is off.
    if steps <= 4 * MOST { Ok(steps) } else { Err(LinkError::Damaged) }
}
