//! The chart as a picture of its own: an SVG that needs no style sheet, and a PNG made of it.

use js_sys::Promise;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    CanvasRenderingContext2d, Document, Element, HtmlCanvasElement, HtmlElement, HtmlImageElement, Window,
    XmlSerializer,
};

use crate::browser::wire::error;
use crate::chart::caption_lines;

/// What of an element's style makes the picture.
const STYLES: [&str; 16] = [
    "fill",
    "fill-opacity",
    "stroke",
    "stroke-width",
    "stroke-dasharray",
    "stroke-linejoin",
    "stroke-opacity",
    "opacity",
    "font-family",
    "font-size",
    "font-weight",
    "text-anchor",
    "visibility",
    // The name of a rule has a margin, which is painted below its letters.
    "paint-order",
    "shape-rendering",
    "font-variant-numeric",
];

/// The namespace of its elements.
const SVG: &str = "http://www.w3.org/2000/svg";

/// How many pixels of the PNG one of the page's is.
const SHARPNESS: f64 = 2.0;

/// What is left free around the caption, and the height of its lines, in CSS pixels.
const MARGIN: f64 = 8.0;
const LINE: f64 = 17.0;

/// The chart that the element `selector` is, as the text of an SVG file, with a `caption` below it.
///
/// # Errors
/// What cannot be done.
pub fn svg(selector: &str, caption: &str) -> Result<String, String> {
    let drawn = || -> Result<String, JsValue> {
        let window: Window = web_sys::window().ok_or("there is no window")?;
        let document = window.document().ok_or("there is no document")?;
        let chart = document.query_selector(selector)?.ok_or("the chart is not shown")?;
        let copy: Element = chart.clone_node_with_deep(true)?.unchecked_into();
        let (originals, copies) = (chart.query_selector_all("*")?, copy.query_selector_all("*")?);
        for i in 0..originals.length() {
            let (Some(original), Some(copied)) = (originals.get(i), copies.get(i)) else { continue };
            let copied: Element = copied.unchecked_into();
            copy_style(&window, original.unchecked_ref(), &copied)?;
            copied.remove_attribute("class")?;
        }
        let size = |name| chart.get_attribute(name).and_then(|size| size.parse::<f64>().ok());
        let (width, height) = size("width").zip(size("height")).ok_or("the chart has no size")?;
        let letters = chart.query_selector(".title")?.ok_or("the chart says nothing")?;
        let mut bottom = height;
        for line in caption_lines(caption, width - 2.0 * MARGIN) {
            bottom += LINE;
            let text = new_element(&document, "text")?;
            copy_style(&window, &letters, &text)?;
            text.set_attribute("x", &MARGIN.to_string())?;
            text.set_attribute("y", &(bottom - MARGIN / 2.0).to_string())?;
            text.set_text_content(Some(&line));
            copy.append_child(&text)?;
        }
        bottom += MARGIN;
        copy.set_attribute("xmlns", SVG)?;
        copy.set_attribute("height", &bottom.to_string())?;
        copy.set_attribute("viewBox", &format!("0 0 {width} {bottom}"))?;
        copy.set_attribute("role", "img")?;
        copy.remove_attribute("aria-hidden")?;
        let title = new_element(&document, "title")?;
        title.set_text_content(Some(caption));
        let ground = ground(&window, &document, &chart)?;
        copy.insert_before(&ground, copy.first_child().as_ref())?;
        copy.insert_before(&title, Some(&ground))?;
        XmlSerializer::new()?.serialize_to_string(&copy)
    };
    drawn().map_err(|thrown| format!("The chart cannot be saved: {}.", error::message(&thrown)))
}

/// A new element of SVG.
fn new_element(document: &Document, name: &str) -> Result<Element, JsValue> {
    document.create_element_ns(Some(SVG), name)
}

/// Gives `copied` the style of `original` as attributes, which need no style sheet.
fn copy_style(window: &Window, original: &Element, copied: &Element) -> Result<(), JsValue> {
    let style = window.get_computed_style(original)?.ok_or("the page has no style")?;
    STYLES.into_iter().try_for_each(|name| copied.set_attribute(name, &style.get_property_value(name)?))
}

/// What the chart stands on, which is the page's and not its own.
fn ground(window: &Window, document: &Document, chart: &Element) -> Result<Element, JsValue> {
    let ground = new_element(document, "rect")?;
    ground.set_attribute("width", "100%")?;
    ground.set_attribute("height", "100%")?;
    let card = chart.closest(".card")?.ok_or("the chart stands nowhere")?;
    let style = window.get_computed_style(&card)?.ok_or("the page has no style")?;
    ground.set_attribute("fill", &style.get_property_value("background-color")?)?;
    Ok(ground)
}

/// Hands the chart that the element `selector` is to the visitor as a PNG of that `name`, with a `caption` below it.
///
/// # Errors
/// What cannot be done.
pub async fn save_png(selector: &str, caption: &str, name: &str) -> Result<(), String> {
    let text = svg(selector, caption)?;
    let saved = async {
        let document =
            web_sys::window().and_then(|window| window.document()).ok_or("there is no document")?;
        let image = HtmlImageElement::new()?;
        let loaded = Promise::new(&mut |resolve, reject| {
            image.set_onload(Some(&resolve));
            image.set_onerror(Some(&reject));
        });
        let encoded: String = js_sys::encode_uri_component(&text).into();
        image.set_src(&format!("data:image/svg+xml;charset=utf-8,{encoded}"));
        JsFuture::from(loaded).await?;
        let canvas: HtmlCanvasElement = document.create_element("canvas")?.unchecked_into();
        let (width, height) = (f64::from(image.width()) * SHARPNESS, f64::from(image.height()) * SHARPNESS);
        canvas.set_width(width as u32);
        canvas.set_height(height as u32);
        let context: CanvasRenderingContext2d =
            canvas.get_context("2d")?.ok_or("it draws nothing")?.unchecked_into();
        context.draw_image_with_html_image_element_and_dw_and_dh(&image, 0.0, 0.0, width, height)?;
        let link = document.create_element("a")?;
        link.set_attribute("href", &canvas.to_data_url_with_type("image/png")?)?;
        link.set_attribute("download", name)?;
        link.unchecked_ref::<HtmlElement>().click();
        Ok(())
    };
    let saved: Result<(), JsValue> = saved.await;
    saved.map_err(|thrown| {
        format!("The chart cannot be saved as PNG ({}): save it as SVG instead.", error::message(&thrown))
    })
}
