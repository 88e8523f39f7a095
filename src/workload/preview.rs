//! A small view of a picture and of what was found in it: for people, outside every measured time.

use serde::{Deserialize, Serialize};

use super::picture::{MARGIN, Tile};

/// The most pixels that a preview is wide.
const MOST_WIDE: usize = 512;

/// A picture before and after, made small, and where its tiles lie.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preview {
    /// Its columns.
    pub width: u32,
    /// Its rows.
    pub height: u32,
    /// The picture's grey, row by row.
    #[serde(with = "serde_bytes")]
    pub before: Vec<u8>,
    /// What was found in it, row by row.
    #[serde(with = "serde_bytes")]
    pub after: Vec<u8>,
    /// The tiles in the order of the tasks.
    pub tiles: Vec<Area>,
}

/// A tile's place in the preview.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Area {
    /// Its first column.
    pub left: u32,
    /// Its first row.
    pub top: u32,
    /// How many columns it has.
    pub width: u32,
    /// How many rows it has.
    pub height: u32,
}

impl Preview {
    /// Of `tiles`, and of the answers to those that have one. A pixel of the preview is the mean of
    /// the picture's pixels that it stands for, and the steepest of their edges.
    pub fn new<'a>(tiles: &[Tile], answers: impl Iterator<Item = (usize, &'a [u8])>) -> Self {
        let right = tiles.iter().map(|tile| tile.left + tile.width).max().unwrap_or(0);
        let bottom = tiles.iter().map(|tile| tile.top + tile.height).max().unwrap_or(0);
        let scale = right.div_ceil(MOST_WIDE).max(1);
        let (width, height) = (right.div_ceil(scale), bottom.div_ceil(scale));
        let mut preview = Self {
            width: width as u32,
            height: height as u32,
            before: vec![0; width * height],
            after: vec![0; width * height],
            tiles: tiles.iter().map(|tile| Area::of(tile, scale)).collect(),
        };
        for (tile, area) in tiles.iter().zip(&preview.tiles) {
            let wide = tile.width + 2 * MARGIN;
            let inside = &tile.pixels[MARGIN * wide + MARGIN..];
            let mean = |pixels: &mut dyn Iterator<Item = u8>| {
                let (sum, count) =
                    pixels.fold((0, 0), |(sum, count), pixel| (sum + u32::from(pixel), count + 1));
                (sum / count.max(1)) as u8
            };
            area.fill(&mut preview.before, width, inside, wide, tile, scale, mean);
        }
        for (index, answer) in answers {
            let (tile, area) = (&tiles[index], &preview.tiles[index]);
            let steepest = |pixels: &mut dyn Iterator<Item = u8>| pixels.max().unwrap_or(0);
            area.fill(&mut preview.after, width, answer, tile.width, tile, scale, steepest);
        }
        preview
    }
}

impl Area {
    fn of(tile: &Tile, scale: usize) -> Self {
        let (left, top) = (tile.left / scale, tile.top / scale);
        Self {
            left: left as u32,
            top: top as u32,
            width: ((tile.left + tile.width).div_ceil(scale) - left) as u32,
            height: ((tile.top + tile.height).div_ceil(scale) - top) as u32,
        }
    }

    /// Fills this area of a preview from a tile's `pixels`, whose rows are `stride` apart: `one` makes
    /// one pixel of a block of `scale` by `scale`.
    #[expect(clippy::too_many_arguments, reason = "two pictures, each with its geometry")]
    fn fill(
        &self,
        preview: &mut [u8],
        width: usize,
        pixels: &[u8],
        stride: usize,
        tile: &Tile,
        scale: usize,
        one: impl Fn(&mut dyn Iterator<Item = u8>) -> u8,
    ) {
        for y in 0..self.height as usize {
            let rows = y * scale..((y + 1) * scale).min(tile.height);
            for x in 0..self.width as usize {
                let columns = x * scale..((x + 1) * scale).min(tile.width);
                let mut block =
                    rows.clone().flat_map(|row| pixels[row * stride..][columns.clone()].iter().copied());
                preview[(self.top as usize + y) * width + self.left as usize + x] = one(&mut block);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workload::{images::tiles, picture::Picture};

    #[test]
    fn a_preview_is_the_picture_made_small() {
        let (width, height) = (1_024, 16);
        let pixels = (0..height).flat_map(|_| (0..width).map(|x| (x / 4) as u8)).collect();
        let picture = Picture { width, height, pixels };
        let tiles: Vec<Tile> = tiles(&picture, 256).collect();
        let answer = [vec![0; 255], vec![9], vec![0; 15 * 256]].concat();
        let preview = Preview::new(&tiles, [(1, answer.as_slice())].into_iter());
        assert_eq!((preview.width, preview.height, preview.tiles.len()), (512, 8, 4));
        assert_eq!(preview.tiles[1], Area { left: 128, top: 0, width: 128, height: 8 });
        for row in preview.before.chunks(512) {
            assert!(row.iter().enumerate().all(|(x, &grey)| grey == (x / 2) as u8));
        }
        let found: Vec<usize> = (0..preview.after.len()).filter(|&i| preview.after[i] != 0).collect();
        assert_eq!(found, [255], "the last column of the second tile's first row");
        assert_eq!(preview.after[255], 9);
    }
}
