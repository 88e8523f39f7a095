//! Serves the built folder on this machine alone, with the headers that production sends.

use std::fs;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result};
use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tower_http::compression::CompressionLayer;
use tower_http::services::ServeDir;

use crate::headers::Rules;

/// A server that runs; it ends when this is dropped.
#[must_use]
pub struct Server {
    address: SocketAddr,
    task: JoinHandle<()>,
}

impl Server {
    /// Serves `folder` to whoever comes to `listener`, with the headers that the folder's `_headers`
    /// names; those that isolate the page only if `isolated`.
    ///
    /// # Errors
    /// When the folder has no `_headers`, or one that cannot be read.
    pub fn start(listener: TcpListener, folder: &Path, isolated: bool) -> Result<Self> {
        let file = folder.join("_headers");
        let text = fs::read_to_string(&file)
            .with_context(|| format!("{} cannot be read: run `cargo xtask build` first", file.display()))?;
        let rules = Rules::parse(&text)?;
        let rules = if isolated { rules } else { rules.without_isolation() };

        let router = Router::new()
            .fallback_service(ServeDir::new(folder))
            .layer(CompressionLayer::new())
            .layer(from_fn_with_state(Arc::new(rules), add_headers));
        let address = listener.local_addr()?;
        let task = tokio::spawn(async move {
            if let Err(error) = axum::serve(listener, router).await {
                eprintln!("The server has ended: {error}.");
            }
        });
        Ok(Self { address, task })
    }

    /// Where it is served.
    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Listens on `port` of this machine alone; port 0 is any free one.
///
/// # Errors
/// When the port is taken.
pub async fn listen(port: u16) -> io::Result<TcpListener> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await
}

/// Listens on the first free port from `first` on.
///
/// # Errors
/// When none of twenty ports is free.
pub async fn listen_from(first: u16) -> Result<TcpListener> {
    for port in first..first + 20 {
        if let Ok(listener) = listen(port).await {
            return Ok(listener);
        }
    }
    anyhow::bail!("no port from {first} to {} is free: name one with --port", first + 19)
}

async fn add_headers(State(rules): State<Arc<Rules>>, request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    let mut response = next.run(request).await;
    for (name, value) in rules.of(&path) {
        response.headers_mut().insert(name, value.clone());
    }
    response
}
