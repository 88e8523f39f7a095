//! The components, named by what they show.

mod advice;
mod app;
mod chart;
mod claims;
mod compare;
mod controls;
mod embed;
mod history;
mod lab;
mod later;
mod machine;
mod paint;
mod parts;
mod picture;
mod results;
mod script;
mod settings;
mod share;
mod tables;
mod timeline;
mod waiting;

pub use app::App;
