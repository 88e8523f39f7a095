//! What the images look like: the picture, and its tiles as they are done.

use std::rc::Rc;

use crate::workload::Preview;

/// What is known of the picture.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Pictures {
    /// The name of the visitor's own picture; `None` while the one that is made is used.
    pub own: Option<String>,
    /// Why a file could not be used, if so.
    pub refusal: Option<String>,
    /// The picture and what was found in it, from the first trial on.
    pub preview: Option<Rc<Preview>>,
    /// Which lane did each tile, counted from one; zero for those to come. Empty where nobody can tell.
    pub tasks: Rc<Vec<u8>>,
}

/// What can happen to the picture.
#[derive(Clone, Debug)]
pub enum PictureAction {
    /// The visitor brought one of that name, or took it back.
    Own(Option<String>),
    /// A file could not be used.
    Refused(String),
    /// The first trial's answers can be seen.
    Preview(Preview),
    /// Lanes have done tasks.
    Tasks(Vec<u8>),
}

impl Pictures {
    /// What becomes of it when `action` happens.
    pub fn reduce(&mut self, action: PictureAction) {
        match action {
            PictureAction::Own(name) => *self = Self { own: name, ..Self::default() },
            PictureAction::Refused(why) => self.refusal = Some(why),
            PictureAction::Preview(preview) => self.preview = Some(Rc::new(preview)),
            PictureAction::Tasks(tasks) => self.tasks = Rc::new(tasks),
        }
    }

    /// A run begins: its tasks are still to come.
    pub fn forget_tasks(&mut self) {
        self.preview = None;
        self.tasks = Rc::default();
        self.refusal = None;
    }

    /// How many tiles are done, and how many there are; `None` before there is a picture.
    pub fn done(&self) -> Option<(usize, usize)> {
        let all = self.preview.as_ref()?.tiles.len();
        let done = self.tasks.iter().take(all).filter(|&&lane| lane != 0).count();
        Some((if self.tasks.is_empty() { all } else { done }, all))
    }
}

/// The colours of the lanes' tiles, red, green and blue, in turn: Okabe and Ito's (2008), which
/// colour-blind readers tell apart, on the black of a picture without edges.
const TINTS: [[u8; 3]; 6] =
    [[86, 180, 233], [230, 159, 0], [0, 200, 150], [240, 228, 66], [204, 121, 167], [235, 235, 235]];

/// The picture as it is drawn: tiles that are done show their edges in the colour of their lane, the
/// others the grey that they are made from. Red, green, blue and opacity, pixel by pixel.
pub fn colours(preview: &Preview, tasks: &[u8]) -> Vec<u8> {
    let mut colours: Vec<u8> = preview.before.iter().flat_map(|&grey| [grey, grey, grey, 255]).collect();
    for (index, tile) in preview.tiles.iter().enumerate() {
        let tint = match (tasks.is_empty(), tasks.get(index)) {
            (true, _) => TINTS[5],
            (false, Some(&lane)) if lane > 0 => TINTS[usize::from(lane - 1) % TINTS.len()],
            _ => continue,
        };
        for row in tile.top..tile.top + tile.height {
            let first = (row * preview.width + tile.left) as usize;
            for pixel in first..first + tile.width as usize {
                // Edges are faint where the picture is smooth: brightened, they can be seen.
                let edge = (4 * u16::from(preview.after[pixel])).min(255);
                for (colour, &tint) in colours[4 * pixel..].iter_mut().zip(&tint) {
                    *colour = (edge * u16::from(tint) / 255) as u8;
                }
            }
        }
    }
    colours
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workload::preview::Area;

    fn preview() -> Preview {
        let area = |left| Area { left, top: 0, width: 1, height: 1 };
        Preview {
            width: 2,
            height: 1,
            before: vec![7, 9],
            after: vec![255, 255],
            tiles: vec![area(0), area(1)],
        }
    }

    #[test]
    fn tiles_that_are_done_show_their_edges_in_the_colour_of_their_lane() {
        assert_eq!(colours(&preview(), &[0, 2]), [7, 7, 7, 255, 230, 159, 0, 255]);
        assert_eq!(colours(&preview(), &[1, 0]), [86, 180, 233, 255, 9, 9, 9, 255]);
        assert_eq!(colours(&preview(), &[])[4..], [235, 235, 235, 255], "nobody can tell which lane it was");
    }

    #[test]
    fn tiles_are_counted() {
        let mut pictures = Pictures::default();
        assert_eq!(pictures.done(), None);
        pictures.reduce(PictureAction::Preview(preview()));
        assert_eq!(pictures.done(), Some((2, 2)));
        pictures.reduce(PictureAction::Tasks(vec![0, 1, 0, 0]));
        assert_eq!(pictures.done(), Some((1, 2)));
        pictures.reduce(PictureAction::Own(Some("cat.jpg".into())));
        assert_eq!((pictures.done(), pictures.own.as_deref()), (None, Some("cat.jpg")));
    }
}
