//! A visitor's own picture: read from a file, brought to a workload's size, and drawn. It never
//! leaves the machine.

use js_sys::{Reflect, Uint8Array};
use wasm_bindgen::{Clamped, JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{CanvasRenderingContext2d, File, HtmlCanvasElement, ImageBitmap, ImageData, Node};

use super::measure::GreyPicture;
use super::{document, frame, window};

/// Rows that are brought to size at once, so that the page stays alive and little memory is taken.
const ROWS_AT_ONCE: u32 = 256;

/// A picture that was read.
#[derive(Clone, Debug, PartialEq)]
pub struct OwnPicture {
    /// The file's name.
    pub name: String,
    bitmap: ImageBitmap,
}

impl OwnPicture {
    /// Reads the picture in `file`.
    ///
    /// # Errors
    /// What to do when the browser cannot read it.
    pub async fn read(file: File) -> Result<Self, String> {
        let name = file.name();
        let unreadable =
            |_: JsValue| format!("“{name}” is no picture that this browser can read: try a JPEG or a PNG.");
        let bitmap = window().create_image_bitmap_with_blob(&file).map_err(unreadable)?;
        let bitmap = JsFuture::from(bitmap).await.map_err(unreadable)?;
        Ok(Self { bitmap: bitmap.unchecked_into(), name })
    }

    /// The picture's grey in `width` × `height` pixels: its middle, where its shape is another.
    ///
    /// # Errors
    /// The browser has no memory for it.
    pub async fn to_grey(&self, (width, height): (usize, usize)) -> Result<GreyPicture, String> {
        let no_memory =
            |_: JsValue| format!("There is no memory for a picture of {width} × {height} pixels.");
        let (columns, rows) = (f64::from(self.bitmap.width()), f64::from(self.bitmap.height()));
        // The largest part of the wanted shape.
        let scale = (columns / width as f64).min(rows / height as f64);
        let (part_width, part_height) = (scale * width as f64, scale * height as f64);
        let (left, top) = ((columns - part_width) / 2.0, (rows - part_height) / 2.0);

        let strip = canvas(width as u32, ROWS_AT_ONCE);
        let context = context(&strip, true).ok_or_else(|| no_memory(JsValue::NULL))?;
        let pixels = Uint8Array::new_with_length((width * height) as u32);
        for row in (0..height as u32).step_by(ROWS_AT_ONCE as usize) {
            let count = ROWS_AT_ONCE.min(height as u32 - row);
            context
                .draw_image_with_image_bitmap_and_sw_and_sh_and_dx_and_dy_and_dw_and_dh(
                    &self.bitmap,
                    left,
                    top + scale * f64::from(row),
                    part_width,
                    scale * f64::from(count),
                    0.0,
                    0.0,
                    width as f64,
                    f64::from(count),
                )
                .map_err(no_memory)?;
            let colours =
                context.get_image_data(0.0, 0.0, width as f64, f64::from(count)).map_err(no_memory)?.data();
            let grey: Vec<u8> =
                colours.as_chunks::<4>().0.iter().map(|&[r, g, b, _]| grey(r, g, b)).collect();
            pixels.set(&Uint8Array::from(grey.as_slice()), row * width as u32);
            frame::drawn().await;
        }
        Ok(GreyPicture { width: width as u32, height: height as u32, pixels })
    }
}

/// How bright a colour is, as ITU-R BT.601 weighs red, green and blue.
fn grey(red: u8, green: u8, blue: u8) -> u8 {
    ((299 * u32::from(red) + 587 * u32::from(green) + 114 * u32::from(blue)) / 1_000) as u8
}

/// Draws pixels of red, green, blue and opacity into the canvas `node`, which gets their size.
pub fn draw(node: &Node, width: u32, height: u32, colours: &[u8]) {
    let Some(canvas) = node.dyn_ref::<HtmlCanvasElement>() else { return };
    if (canvas.width(), canvas.height()) != (width, height) {
        canvas.set_width(width);
        canvas.set_height(height);
    }
    let data = ImageData::new_with_u8_clamped_array_and_sh(Clamped(colours), width, height);
    if let (Some(context), Ok(data)) = (context(canvas, false), data) {
        // A canvas that cannot be drawn on shows nothing; the figures beside it say the same.
        let _ = context.put_image_data(&data, 0.0, 0.0);
    }
}

fn canvas(width: u32, height: u32) -> HtmlCanvasElement {
    let canvas = document().create_element("canvas").expect("every document can make one");
    let canvas: HtmlCanvasElement = canvas.unchecked_into();
    canvas.set_width(width);
    canvas.set_height(height);
    canvas
}

/// What draws on a canvas; one whose pixels are read again stays in the processor's memory.
fn context(canvas: &HtmlCanvasElement, is_read: bool) -> Option<CanvasRenderingContext2d> {
    let options = js_sys::Object::new();
    Reflect::set(&options, &"willReadFrequently".into(), &is_read.into()).ok()?;
    canvas.get_context_with_context_options("2d", &options).ok().flatten()?.dyn_into().ok()
}
