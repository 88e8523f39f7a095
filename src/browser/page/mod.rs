//! What the page asks of the browser: the document with its theme, address and elements; canvases, files, storage
//! and the clipboard; the machine; Python's engine; the page around an embedded one.

mod address;
pub mod canvas;
pub mod chart_picture;
mod chosen_file;
pub mod clipboard;
pub mod download;
pub mod editor;
mod element;
pub mod embed;
pub mod files;
pub mod frame;
mod listener;
mod machine;
pub mod measure;
pub mod network;
pub mod picture;
pub mod python;
pub mod storage;
mod tabs;
mod theme;
pub mod wheel;

pub use address::{address, go, hash, on_hash_change};
pub use chosen_file::{file_of, text_of};
pub use element::{
    SizeObserver, focus, is_touch, place_in, scroll_to_top, set_place, set_title, show, value_of,
};
pub use frame::is_hidden;
pub use listener::{Listener, on_escape, on_visibility_change};
pub use machine::{machine, reported_cores};
pub use tabs::Tabs;
pub use theme::{Theme, ThemeObserver, on_theme_change, set_theme, theme, wants_stillness};

fn window() -> web_sys::Window {
    web_sys::window().expect("only the page has a window")
}

fn document() -> web_sys::Document {
    window().document().expect("a window has a document")
}
