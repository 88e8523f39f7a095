//! The page's address, which names what it shows.

use super::{Listener, window};

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
