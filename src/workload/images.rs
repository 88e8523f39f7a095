//! A picture of a photo's size, blurred and searched for edges in tiles: much data in, much data
//! out, and tiles that can be shown as they are done.

use serde_bytes::ByteBuf;

use super::picture::Picture;
use super::{Description, Kernel, Preview, Request, Workload, fold};
use crate::domain::{Size, Stopped};
use crate::job::{Checkpoint, Inputs};

pub use super::picture::{MARGIN, Tile, tiles};

/// Pixels on each side of a pixel that the blur mixes into it. The edges at a tile's border need blurred pixels outside of
/// it, one more on each side.
const RADIUS: usize = MARGIN - 1;

/// The blur's weights: the binomial distribution, which is the normal one in whole steps. Their
/// deviation is √(2·12)/2 = 2.4 pixels.
const WEIGHTS: [f32; 2 * RADIUS + 1] = {
    let mut weights = [0.0; 2 * RADIUS + 1];
    let mut ways: u64 = 1;
    let mut k = 0;
    while k <= 2 * RADIUS {
        weights[k] = ways as f32 / (1 << (2 * RADIUS)) as f32;
        ways = ways * (2 * RADIUS - k) as u64 / (k + 1) as u64;
        k += 1;
    }
    weights
};

/// A grey picture's edges, after a blur that takes its noise away.
#[derive(Clone, Copy, Debug)]
pub struct Images;

impl Kernel for Images {
    type Shared = ();
    type Task = Tile;
    /// How much of an edge every pixel of the tile is, row by row.
    type Output = ByteBuf;

    /// Rows of pixels: those blurred along, those blurred across, and those of the answer.
    fn units(tile: &Tile) -> u32 {
        (3 * tile.height + 2 * MARGIN + 2) as u32
    }

    fn run<C: Checkpoint>(_: &(), tile: &Tile, checkpoint: &mut C) -> Result<ByteBuf, Stopped> {
        // Blurred pixels have a margin of one left, for the edges.
        let (wide, blurred_width) = (tile.width + 2 * MARGIN, tile.width + 2);
        let mut row = vec![0.0; wide];
        let mut along = vec![0.0; blurred_width * (tile.height + 2 * MARGIN)];
        for (pixels, blurred) in tile.pixels.chunks(wide).zip(along.chunks_mut(blurred_width)) {
            for (value, &pixel) in row.iter_mut().zip(pixels) {
                *value = f32::from(pixel);
            }
            blur(&row, 1, blurred);
            checkpoint.tick(1)?;
        }

        let mut blurred = vec![0.0; blurred_width * (tile.height + 2)];
        for (y, row) in blurred.chunks_mut(blurred_width).enumerate() {
            blur(&along[y * blurred_width..], blurred_width, row);
            checkpoint.tick(1)?;
        }

        let mut edges = vec![0; tile.width * tile.height];
        for (y, row) in edges.chunks_mut(tile.width).enumerate() {
            let above = [0, 1, 2].map(|line| &blurred[(y + line) * blurred_width..][..blurred_width]);
            find_edges(above, row);
            checkpoint.tick(1)?;
        }
        Ok(edges.into())
    }
}

impl Workload for Images {
    const DESCRIPTION: Description = Description {
        name: "images",
        what: "Blurs a picture and finds its edges; every task is a tile of it.",
        python: "[find_edges(gaussian_blur(tile)) for tile in tiles]",
        sizes: ["1024 × 768 pixels", "4096 × 3072 pixels", "8192 × 6144 pixels"],
    };

    fn inputs(request: &Request) -> Inputs<Self> {
        let side = if request.size == Size::S { 128 } else { 256 };
        let tiles = match request.picture {
            Some(picture) => tiles(picture, side).collect(),
            None => {
                let (width, height) = dimensions(request.size);
                tiles(&Picture::new(width, height, request.seed), side).collect()
            }
        };
        Inputs::new((), tiles)
    }

    fn preview(inputs: &Inputs<Self>, outputs: &[(usize, &ByteBuf)]) -> Option<Preview> {
        let answers = outputs.iter().map(|&(index, edges)| (index, edges.as_slice()));
        Some(Preview::new(&inputs.tasks, answers))
    }

    fn checksum(outputs: &[ByteBuf]) -> u64 {
        fold(
            outputs
                .iter()
                .flat_map(|edges| edges.chunks(8))
                .map(|pixels| pixels.iter().fold(0, |word, &pixel| word << 8 | u64::from(pixel))),
        )
    }
}

/// The columns and rows of the picture of a size. A visitor's own picture is brought to them, so that
/// every picture takes the same work.
pub const fn dimensions(size: Size) -> (usize, usize) {
    match size {
        Size::S => (1_024, 768),
        Size::M => (4_096, 3_072),
        Size::L => (8_192, 6_144),
    }
}

/// Mixes every value with those that stand `stride` apart from each other, the first of which is
/// at its own place.
#[inline(always)]
fn blur(values: &[f32], stride: usize, blurred: &mut [f32]) {
    // Sixteen at a time, whose sums stay in registers.
    let (blocks, rest) = blurred.as_chunks_mut::<16>();
    let done = blocks.len() * 16;
    for (place, block) in blocks.iter_mut().enumerate() {
        *block = mix(&values[place * 16..], stride);
    }
    for (place, value) in rest.iter_mut().enumerate() {
        [*value] = mix(&values[done + place..], stride);
    }
}

/// The mixtures of `N` values side by side.
#[inline(always)]
fn mix<const N: usize>(values: &[f32], stride: usize) -> [f32; N] {
    let mut sums = [0.0; N];
    for (k, weight) in WEIGHTS.iter().enumerate() {
        let values = values[k * stride..].first_chunk::<N>().expect("a margin lies around the tile");
        for i in 0..N {
            sums[i] += weight * values[i];
        }
    }
    sums
}

/// How steep the middle one of three rows is (Sobel and Feldman, 1968).
#[inline(always)]
fn find_edges([above, middle, below]: [&[f32]; 3], edges: &mut [u8]) {
    let count = edges.len() + 2;
    let (above, middle, below) = (&above[..count], &middle[..count], &below[..count]);
    for (x, edge) in edges.iter_mut().enumerate() {
        let right = above[x + 2] + 2.0 * middle[x + 2] + below[x + 2];
        let left = above[x] + 2.0 * middle[x] + below[x];
        let up = above[x] + 2.0 * above[x + 1] + above[x + 2];
        let down = below[x] + 2.0 * below[x + 1] + below[x + 2];
        let (across, along) = (right - left, down - up);
        let steepness = (across * across + along * along).sqrt();
        // By way of i32, for which wasm has vectors; an edge is 255 at most.
        *edge = if steepness < 255.0 { steepness as i32 as u8 } else { 255 };
    }
}
