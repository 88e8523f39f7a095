//! The page as a frame in another one: what its address asks for, and the messages between the two.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Array, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{MessageEvent, UrlSearchParams, Window};

use super::{Listener, document, window};
use crate::embed::{MARK, News, Order, PointResult, Results};
use crate::stats::Estimate;

/// Whether the document is the one for frames, `www/embed.html`.
pub fn is_frame() -> bool {
    root().is_some_and(|root| root.has_attribute("data-frame"))
}

/// Whether the reader has asked for a run already, before the program was there.
pub fn runs_at_once() -> bool {
    root().is_some_and(|root| root.has_attribute("data-run"))
}

/// What stands behind the `?` of the page's address, decoded, in its order.
pub fn attributes() -> Vec<(String, String)> {
    let search = window().location().search().unwrap_or_default();
    let Ok(parameters) = UrlSearchParams::new_with_str(&search) else { return Vec::new() };
    let pair = |pair: JsValue| {
        let pair: Array = pair.unchecked_into();
        Some((pair.get(0).as_string()?, pair.get(1).as_string()?))
    };
    parameters.entries().into_iter().filter_map(|entry| pair(entry.ok()?)).collect()
}

/// The page's folder, with a slash at its end: where the whole page is found.
pub fn folder() -> String {
    let address = window().location().href().unwrap_or_default();
    let path = address.split(['?', '#']).next().unwrap_or_default();
    path.rsplit_once('/').map(|(folder, _)| format!("{folder}/")).unwrap_or_default()
}

/// The page that this one is embedded in. It listens until it is dropped.
#[must_use]
pub struct Host {
    origin: Rc<RefCell<Option<String>>>,
    _listener: Listener,
}

impl Host {
    /// Takes the embedding page's orders, and tells it that it does.
    ///
    /// Only messages of the embedding page itself count; the origin of the first of them is remembered,
    /// and later ones of another origin do not count.
    pub fn listen(on_order: impl Fn(Order) + 'static) -> Self {
        let origin = Rc::new(RefCell::new(None::<String>));
        let known = Rc::clone(&origin);
        let listener = Listener::new(window().into(), "message", move |event| {
            let Some(event) = event.dyn_ref::<MessageEvent>() else { return };
            let from_parent = event.source().map(JsValue::from) == parent().map(JsValue::from);
            if !from_parent || !event.data().is_object() {
                return;
            }
            let data = event.data();
            let field = |name: &str| Reflect::get(&data, &name.into()).ok()?.as_string();
            let Some(order) = Order::read(field) else { return };
            if known.borrow_mut().get_or_insert_with(|| event.origin()) == &event.origin() {
                on_order(order);
            }
        });
        let host = Self { origin, _listener: listener };
        host.tell(&News::Loaded);
        host
    }

    /// Tells the embedding page something. What is worth knowing is told only to the origin that has
    /// spoken; that the program is there, to any.
    pub fn tell(&self, news: &News) {
        let Some(parent) = parent() else { return };
        let to = match news {
            News::Loaded => "*".to_owned(),
            _ => match self.origin.borrow().as_deref() {
                // A page of no origin, as in a sandbox, cannot be named.
                Some("null") => "*".to_owned(),
                Some(origin) => origin.to_owned(),
                None => return,
            },
        };
        // It fails only when the embedding page is gone.
        let _ = parent.post_message(&message(news), &to);
    }
}

/// The embedding page's window, if there is one.
fn parent() -> Option<Window> {
    let window = window();
    window.parent().ok().flatten().filter(|parent| *parent != window)
}

fn message(news: &News) -> JsValue {
    let mark = |name: &str| (MARK, JsValue::from(name));
    match news {
        News::Loaded => object(&[mark("loaded")]),
        News::Progress { part, doing } => {
            object(&[mark("progress"), ("part", (*part).into()), ("doing", doing.into())])
        }
        News::Result(results) => object(&[mark("result"), ("results", of_results(results))]),
        News::Error(text) => object(&[mark("error"), ("message", text.into())]),
        News::Report(results) => object(&[mark("report"), ("results", of_results(results))]),
        News::Link(link) => object(&[mark("link"), ("link", link.into())]),
    }
}

fn of_results(results: &Results) -> JsValue {
    let points: Array = results.points.iter().map(of_point).collect();
    object(&[
        ("verdict", (&results.verdict).into()),
        ("link", (&results.link).into()),
        ("points", points.into()),
    ])
}

fn of_point(result: &PointResult) -> JsValue {
    object(&[
        ("model", result.point.model.name().into()),
        ("lanes", result.point.lanes.into()),
        ("samples", result.samples.into()),
        ("time_us", of_estimate(result.time_us)),
        ("speed_up", of_estimate(result.speed_up)),
    ])
}

fn of_estimate(estimate: Option<Estimate>) -> JsValue {
    let Some(Estimate { value, lo, hi }) = estimate else { return JsValue::NULL };
    object(&[("value", value.into()), ("lo", lo.into()), ("hi", hi.into())])
}

fn object(fields: &[(&str, JsValue)]) -> JsValue {
    let object = Object::new();
    for (name, value) in fields {
        let _ = Reflect::set(&object, &(*name).into(), value);
    }
    object.into()
}

fn root() -> Option<web_sys::Element> {
    document().document_element()
}
