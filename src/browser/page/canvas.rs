//! A canvas that plain shapes are drawn on.

use wasm_bindgen::JsCast;
use web_sys::{CanvasRenderingContext2d, CssStyleDeclaration, HtmlCanvasElement, Node};

use super::window;

/// A rectangle: left, top, width and height.
pub type Rectangle = (f64, f64, f64, f64);
/// A line: from x and y to x and y.
pub type Line = (f64, f64, f64, f64);

/// A canvas, empty and as sharp as the screen: everything is drawn in the screen's own pixels, of
/// which [`Canvas::scale`] make a CSS pixel.
pub struct Canvas {
    element: HtmlCanvasElement,
    context: CanvasRenderingContext2d,
    style: CssStyleDeclaration,
    scale: f64,
}

impl Canvas {
    /// The canvas `node`, emptied; `None` if it is none, or cannot be drawn on.
    pub fn empty(node: &Node) -> Option<Self> {
        let element: HtmlCanvasElement = node.dyn_ref::<HtmlCanvasElement>()?.clone();
        let context = element.get_context("2d").ok()??.dyn_into::<CanvasRenderingContext2d>().ok()?;
        let style = window().get_computed_style(&element).ok()??;
        let scale = window().device_pixel_ratio();
        let pixels = |css: i32| (f64::from(css) * scale).round().max(1.0) as u32;
        let (width, height) = (pixels(element.client_width()), pixels(element.client_height()));
        if (element.width(), element.height()) != (width, height) {
            element.set_width(width);
            element.set_height(height);
        } else {
            context.clear_rect(0.0, 0.0, width.into(), height.into());
        }
        Some(Self { element, context, style, scale })
    }

    /// The screen's pixels in a CSS pixel.
    pub fn scale(&self) -> f64 {
        self.scale
    }

    /// The width, in the screen's pixels.
    pub fn width(&self) -> u32 {
        self.element.width()
    }

    /// The colour that the style sheet's custom `property` has here. It must be registered there as a
    /// colour: of others a browser tells how they are written, which a canvas may not understand.
    pub fn colour(&self, property: &str) -> String {
        self.style.get_property_value(property).unwrap_or_default()
    }

    /// Fills rectangles.
    pub fn fill(&self, colour: &str, rectangles: impl Iterator<Item = Rectangle>) {
        self.context.begin_path();
        for (x, y, width, height) in rectangles {
            self.context.rect(x, y, width, height);
        }
        self.context.set_fill_style_str(colour);
        self.context.fill();
    }

    /// Draws lines of that `width`.
    pub fn stroke(&self, colour: &str, width: f64, lines: impl Iterator<Item = Line>) {
        self.context.begin_path();
        for (from_x, from_y, to_x, to_y) in lines {
            self.context.move_to(from_x, from_y);
            self.context.line_to(to_x, to_y);
        }
        self.context.set_stroke_style_str(colour);
        self.context.set_line_width(width);
        self.context.stroke();
    }

    /// Draws the outline of a rectangle, in lines of that `width`.
    pub fn outline(&self, colour: &str, width: f64, (x, y, w, h): Rectangle) {
        self.context.set_stroke_style_str(colour);
        self.context.set_line_width(width);
        self.context.stroke_rect(x, y, w, h);
    }

    /// Writes texts in the canvas's own font, each around the middle of its height.
    pub fn write(&self, colour: &str, align: Align, texts: impl Iterator<Item = (String, f64, f64)>) {
        let size = 12.0 * self.scale;
        let family = self.style.get_property_value("font-family").unwrap_or_default();
        self.context.set_font(&format!("{size}px {family}"));
        self.context.set_text_baseline("middle");
        self.context.set_text_align(match align {
            Align::Centre => "center",
            Align::Left => "left",
            Align::Right => "right",
        });
        self.context.set_fill_style_str(colour);
        for (text, x, y) in texts {
            // A text that cannot be drawn is missed by those who look; the others have the table.
            let _ = self.context.fill_text(&text, x, y);
        }
    }
}

/// Which part of a text stands at its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    /// Its middle.
    Centre,
    /// Its left end.
    Left,
    /// Its right end.
    Right,
}
