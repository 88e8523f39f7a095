//! What a session is shown with, beside its figures.

use std::rc::Rc;

use js_sys::Uint8Array;

use crate::workload::Preview;

/// What a session is shown with, beside its figures.
#[derive(Clone, Default)]
pub struct Showing {
    /// The visitor's own picture, for workloads that are about one.
    pub picture: Option<GreyPicture>,
    /// Told what there is to show.
    pub on_shown: Option<Rc<dyn Fn(Shown)>>,
}

/// A picture on its way to the coordinator.
#[derive(Clone, Debug)]
pub struct GreyPicture {
    /// Its columns.
    pub width: u32,
    /// Its rows.
    pub height: u32,
    /// The grey of its pixels, row by row.
    pub pixels: Uint8Array,
}

/// Something to show that is no figure.
pub enum Shown {
    /// What the first trial's answers look like.
    Preview(Preview),
    /// Which lane did each of the trial's first tasks, counted from one; zero for those to come.
    Tasks(Vec<u8>),
}

impl Showing {
    /// Shows it, if anybody looks.
    pub fn show(&self, shown: Shown) {
        if let Some(on_shown) = &self.on_shown {
            on_shown(shown);
        }
    }

    /// Whether anybody looks.
    pub const fn is_looked_at(&self) -> bool {
        self.on_shown.is_some()
    }
}
