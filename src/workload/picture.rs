//! A grey picture: made from a formula, or a visitor's own.

use std::fmt;

use fastrand::Rng;
use serde::{Deserialize, Serialize};

/// Discs on a picture that is made from a formula.
const DISCS: usize = 150;

/// A grey picture.
#[derive(Clone, PartialEq, Eq)]
pub struct Picture {
    /// Its columns.
    pub width: usize,
    /// Its rows.
    pub height: usize,
    /// The grey of its pixels, row by row.
    pub pixels: Vec<u8>,
}

impl fmt::Debug for Picture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Picture of {} × {}", self.width, self.height)
    }
}

impl Picture {
    /// A heap of shaded discs, the larger ones behind, with a little noise: the same `seed` makes
    /// the same picture everywhere.
    pub fn new(width: usize, height: usize, seed: u64) -> Self {
        let mut rng = Rng::with_seed(seed);
        let mut picture = Self { width, height, pixels: Vec::with_capacity(width * height) };
        for y in 0..height {
            let sky = (200 - 120 * y / height) as u8;
            picture.pixels.extend((0..width).map(|_| sky + rng.u8(..8)));
        }
        for disc in 0..DISCS {
            let radius = (width.min(height) as u32 / 4) * (DISCS - disc) as u32 / DISCS as u32;
            let (x, y) = (rng.u32(..width as u32), rng.u32(..height as u32));
            picture.draw_disc([i64::from(x), i64::from(y)], i64::from(radius), rng.u8(60..200));
        }
        picture
    }

    /// Draws a disc that gets darker towards its lower right.
    fn draw_disc(&mut self, [x, y]: [i64; 2], radius: i64, grey: u8) {
        let (width, height) = (self.width as i64, self.height as i64);
        for row in (y - radius).max(0)..(y + radius).min(height) {
            let half = (radius * radius - (row - y) * (row - y)).isqrt();
            for column in (x - half).max(0)..(x + half).min(width) {
                let shade = 40 * (column - x + row - y) / (2 * radius);
                let pixel = &mut self.pixels[(row * width + column) as usize];
                *pixel = (i64::from(grey) - shade) as u8 + *pixel % 8;
            }
        }
    }

    /// A part of the picture and `margin` pixels around it, row by row. Beyond the picture's border,
    /// the nearest pixel of the picture is repeated.
    pub fn cut_out(&self, left: usize, top: usize, width: usize, height: usize, margin: usize) -> Vec<u8> {
        let place = |i: usize, last: usize| i.saturating_sub(margin).min(last);
        let mut pixels = Vec::with_capacity((width + 2 * margin) * (height + 2 * margin));
        for y in top..top + height + 2 * margin {
            let row = &self.pixels[place(y, self.height - 1) * self.width..][..self.width];
            pixels.extend((left..left + width + 2 * margin).map(|x| row[place(x, self.width - 1)]));
        }
        pixels
    }
}

/// Pixels around a tile that what is found in it depends on.
pub const MARGIN: usize = 13;

/// A part of a picture, with the pixels around it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tile {
    /// Its first column in the picture.
    pub left: usize,
    /// Its first row in the picture.
    pub top: usize,
    /// Its width, without its margin.
    pub width: usize,
    /// Its height, without its margin.
    pub height: usize,
    /// The grey of its pixels and of [`MARGIN`] more on every side, row by row.
    #[serde(with = "serde_bytes")]
    pub pixels: Vec<u8>,
}

/// Divides a picture into tiles of at most `side` pixels by `side`, row by row.
pub fn tiles(picture: &Picture, side: usize) -> impl Iterator<Item = Tile> {
    let places = (0..picture.height)
        .step_by(side)
        .flat_map(move |top| (0..picture.width).step_by(side).map(move |left| (left, top)));
    places.map(move |(left, top)| {
        let (width, height) = (side.min(picture.width - left), side.min(picture.height - top));
        Tile { left, top, width, height, pixels: picture.cut_out(left, top, width, height, MARGIN) }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_cut_out_goes_on_beyond_the_border() {
        let picture = Picture { width: 3, height: 2, pixels: vec![1, 2, 3, 4, 5, 6] };
        assert_eq!(picture.cut_out(0, 0, 3, 2, 0), picture.pixels);
        assert_eq!(picture.cut_out(1, 1, 1, 1, 1), [1, 2, 3, 4, 5, 6, 4, 5, 6]);
        assert_eq!(picture.cut_out(2, 0, 1, 1, 1), [2, 3, 3, 2, 3, 3, 5, 6, 6]);
    }

    #[test]
    fn a_picture_has_every_shade_and_its_seed_decides_it() {
        let picture = Picture::new(320, 240, 1);
        let mut greys: Vec<u8> = picture.pixels.clone();
        greys.sort_unstable();
        greys.dedup();
        assert!(greys.len() > 128, "{} greys", greys.len());
        assert_eq!(picture, Picture::new(320, 240, 1));
        assert_ne!(picture, Picture::new(320, 240, 2));
    }
}
