//! What the interface asks of the document: its title and theme, sizes and places, keys.

pub mod canvas;
pub mod chart_picture;
pub mod clipboard;
pub mod download;
pub mod embed;
pub mod files;
pub mod frame;
mod machine;
pub mod network;
pub mod picture;
pub mod storage;
pub mod wheel;

pub use machine::{machine, reported_cores};

use std::cell::RefCell;
use std::fmt;
use std::rc::Rc;

use self::frame::Soon;
use crate::report::{ImportError, LONGEST_IMPORT};
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{
    Element, Event, EventTarget, File, HtmlElement, HtmlInputElement, HtmlSelectElement, HtmlTextAreaElement,
    KeyboardEvent, MouseEvent, MutationObserver, MutationObserverInit, Node, PointerEvent, ResizeObserver,
    ScrollIntoViewOptions, ScrollLogicalPosition, VisibilityState,
};

/// Where the chosen theme is kept; `www/boot.js` reads it before the page is drawn.
const THEME_KEY: &str = "lanes-theme";

/// Light or dark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

impl Theme {
    /// The other one.
    pub fn other(self) -> Self {
        match self {
            Theme::Light => Theme::Dark,
            Theme::Dark => Theme::Light,
        }
    }

    /// The theme's name in attributes and for people.
    pub fn name(self) -> &'static str {
        match self {
            Theme::Light => "light",
            Theme::Dark => "dark",
        }
    }
}

/// The theme that the page has now: the chosen one, or the one that the system prefers.
pub fn theme() -> Theme {
    let chosen = storage().and_then(|storage| storage.get_item(THEME_KEY).ok().flatten());
    match chosen.as_deref() {
        Some("light") => Theme::Light,
        Some("dark") => Theme::Dark,
        _ => preferred_theme(),
    }
}

/// Gives the page a theme. What the system prefers anyway is not kept: the page then follows it.
pub fn set_theme(theme: Theme) {
    let follows = theme == preferred_theme();
    if let Some(storage) = storage() {
        // A browser that keeps nothing still shows the theme until the page is closed.
        let _ =
            if follows { storage.remove_item(THEME_KEY) } else { storage.set_item(THEME_KEY, theme.name()) };
    }
    if let Some(root) = document().document_element() {
        let _ = if follows {
            root.remove_attribute("data-theme")
        } else {
            root.set_attribute("data-theme", theme.name())
        };
    }
}

fn preferred_theme() -> Theme {
    let dark = window().match_media("(prefers-color-scheme: dark)").ok().flatten();
    if dark.is_some_and(|query| query.matches()) { Theme::Dark } else { Theme::Light }
}

fn storage() -> Option<web_sys::Storage> {
    window().local_storage().ok().flatten()
}

/// Names the tab.
pub fn set_title(title: &str) {
    document().set_title(title);
}

/// Shows the page from its top.
pub fn scroll_to_top() {
    window().scroll_to_with_x_and_y(0.0, 0.0);
}

/// What stands behind the `#` of the page's address, with it; empty if nothing does.
pub fn hash() -> String {
    window().location().hash().unwrap_or_default()
}

/// The page's address without what stands behind its `#`, for links to it.
pub fn address() -> String {
    let location = window().location();
    let part = |part: Result<String, _>| part.unwrap_or_default();
    format!("{}{}", part(location.origin()), part(location.pathname()))
}

/// Leads the page to what stands behind `hash`, which has its `#`.
pub fn go(hash: &str) {
    // A browser that does not go leaves the visitor where they are.
    let _ = window().location().set_hash(hash);
}

/// Calls back when what stands behind the `#` changes, until it is dropped.
pub fn on_hash_change(callback: impl Fn() + 'static) -> Listener {
    Listener::new(window().into(), "hashchange", move |_| callback())
}

/// Whether the page is in a tab that nobody sees.
pub fn is_hidden() -> bool {
    document().visibility_state() == VisibilityState::Hidden
}

/// Calls back when the page's tab is hidden or seen again, until it is dropped.
pub fn on_visibility_change(callback: impl Fn() + 'static) -> Listener {
    Listener::new(document().into(), "visibilitychange", move |_| callback())
}

/// Calls back when the escape key is pressed, wherever the focus is, until it is dropped.
pub fn on_escape(callback: impl Fn() + 'static) -> Listener {
    Listener::new(document().into(), "keydown", move |event| {
        if event.dyn_ref::<KeyboardEvent>().is_some_and(|event| event.key() == "Escape") {
            callback();
        }
    })
}

/// Brings the element with that `id` into view by the shortest way, if it is there.
pub fn show(id: &str) {
    if let Some(element) = document().get_element_by_id(id) {
        let options = ScrollIntoViewOptions::new();
        options.set_block(ScrollLogicalPosition::Nearest);
        element.scroll_into_view_with_scroll_into_view_options(&options);
    }
}

/// Gives the focus to the element with that `id`, if it is there.
pub fn focus(id: &str) {
    if let Some(element) = document().get_element_by_id(id)
        && let Some(element) = element.dyn_ref::<HtmlElement>()
    {
        let _ = element.focus();
    }
}

/// Calls back when the page gets another theme, by the system or by the visitor, until it is dropped.
pub fn on_theme_change(callback: impl Fn() + 'static) -> ThemeObserver {
    let callback = Rc::new(callback);
    let by_system = window().match_media("(prefers-color-scheme: dark)").ok().flatten().map(|query| {
        let callback = Rc::clone(&callback);
        Listener::new(query.into(), "change", move |_| callback())
    });
    let closure = Closure::<dyn Fn()>::new(move || callback());
    let by_visitor = MutationObserver::new(closure.as_ref().unchecked_ref()).ok();
    if let (Some(observer), Some(root)) = (&by_visitor, document().document_element()) {
        let options = MutationObserverInit::new();
        options.set_attribute_filter(&js_sys::Array::of1(&"data-theme".into()));
        let _ = observer.observe_with_options(&root, &options);
    }
    ThemeObserver { _by_system: by_system, by_visitor, _closure: closure }
}

/// Observes the page's theme until it is dropped.
#[must_use = "what is dropped observes no more"]
pub struct ThemeObserver {
    _by_system: Option<Listener>,
    by_visitor: Option<MutationObserver>,
    _closure: Closure<dyn Fn()>,
}

impl Drop for ThemeObserver {
    fn drop(&mut self) {
        if let Some(observer) = &self.by_visitor {
            observer.disconnect();
        }
    }
}

/// Listens until it is dropped.
#[must_use = "what is dropped listens no more"]
pub struct Listener {
    target: EventTarget,
    name: &'static str,
    closure: Closure<dyn Fn(Event)>,
}

impl Listener {
    pub(super) fn new(target: EventTarget, name: &'static str, callback: impl Fn(Event) + 'static) -> Self {
        let closure = Closure::<dyn Fn(Event)>::new(callback);
        let added = target.add_event_listener_with_callback(name, closure.as_ref().unchecked_ref());
        debug_assert!(added.is_ok(), "no listener for {name}");
        Self { target, name, closure }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let _ =
            self.target.remove_event_listener_with_callback(self.name, self.closure.as_ref().unchecked_ref());
    }
}

/// Tells the size of an element, in CSS pixels, at once, and in the next frame whenever it has changed, until it is
/// dropped.
#[must_use = "what is dropped tells no more"]
pub struct SizeObserver {
    observer: ResizeObserver,
    _closure: Closure<dyn Fn()>,
}

impl SizeObserver {
    /// Observes the element `node`; `None` where it is none, or the browser cannot observe.
    pub fn new(node: &Node, callback: impl Fn(f64, f64) + 'static) -> Option<Self> {
        let element: Element = node.dyn_ref::<Element>()?.clone();
        let observed = element.clone();
        let tell = Rc::new(move || callback(observed.client_width().into(), observed.client_height().into()));
        tell();
        // Whoever hears of a size draws something else, which may change the sizes again: browsers call it an error if
        // that happens while they tell of changes.
        let next = RefCell::new(None);
        let closure = Closure::<dyn Fn()>::new(move || {
            let tell = Rc::clone(&tell);
            next.replace(Some(Soon::new(0, move || tell())));
        });
        let observer = ResizeObserver::new(closure.as_ref().unchecked_ref()).ok()?;
        observer.observe(&element);
        Some(Self { observer, _closure: closure })
    }
}

impl Drop for SizeObserver {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}

impl fmt::Debug for SizeObserver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SizeObserver")
    }
}

/// Where in the element `node` the pointer is, in CSS pixels from its upper left corner.
pub fn place_in(node: &Node, event: &MouseEvent) -> Option<(f64, f64)> {
    let bounds = node.dyn_ref::<Element>()?.get_bounding_client_rect();
    Some((f64::from(event.client_x()) - bounds.left(), f64::from(event.client_y()) - bounds.top()))
}

/// Whether a finger was used, or a pen, and not a mouse.
pub fn is_touch(event: &MouseEvent) -> bool {
    event.dyn_ref::<PointerEvent>().is_some_and(|event| event.pointer_type() != "mouse")
}

/// Tells the style sheet a place, as the custom properties `--x` and `--y` of the element `node`. (An
/// attribute `style` would be forbidden by the page's security policy.)
pub fn set_place(node: &Node, x: f64, y: f64) {
    if let Some(element) = node.dyn_ref::<HtmlElement>() {
        let style = element.style();
        let _ = style.set_property("--x", &format!("{x:.1}px"));
        let _ = style.set_property("--y", &format!("{y:.1}px"));
    }
}

/// What the field that `event` comes from holds.
pub fn value_of(event: &Event) -> String {
    let Some(target) = event.target() else { return String::new() };
    if let Some(input) = target.dyn_ref::<HtmlInputElement>() {
        return input.value();
    }
    if let Some(list) = target.dyn_ref::<HtmlSelectElement>() {
        return list.value();
    }
    target.dyn_ref::<HtmlTextAreaElement>().map(HtmlTextAreaElement::value).unwrap_or_default()
}

/// The text of a file that the visitor chose.
///
/// # Errors
/// Why it cannot be read.
pub async fn text_of(file: &File) -> Result<String, String> {
    // What cannot be imported anyway is not brought into memory.
    if file.size() > LONGEST_IMPORT as f64 {
        return Err(ImportError::TooLong.to_string());
    }
    let text = wasm_bindgen_futures::JsFuture::from(file.text()).await;
    let text = text.ok().and_then(|text| text.as_string());
    text.ok_or_else(|| format!("The file {} cannot be read: choose it again.", file.name()))
}

fn window() -> web_sys::Window {
    web_sys::window().expect("only the page has a document")
}

fn document() -> web_sys::Document {
    window().document().expect("a window has a document")
}
