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
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tower_http::compression::CompressionLayer;
use tower_http::services::ServeDir;

use crate::headers::Rules;

/// How a folder is served.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Host {
    /// Which of the headers are sent that the folder's `_headers` names.
    pub headers: Headers,
    /// The path that the folder is served at, as "/lanes"; nothing for the root.
    pub path: &'static str,
}

/// Which headers a host sends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Headers {
    /// All that the folder asks for.
    #[default]
    All,
    /// All but those that isolate the page.
    WithoutIsolation,
    /// Those of any file server and no others, as a host that reads no `_headers`.
    None,
}

/// A server that runs; it ends when this is dropped.
#[must_use]
pub struct Server {
    address: SocketAddr,
    stop: Arc<Notify>,
    task: JoinHandle<()>,
}

impl Server {
    /// Serves `folder` to whoever comes to `listener`, with the headers that the folder's `_headers`
    /// names; those that isolate the page only if `isolated`.
    ///
    /// # Errors
    /// When the folder has no `_headers`, or one that cannot be read.
    pub fn start(listener: TcpListener, folder: &Path, isolated: bool) -> Result<Self> {
        let headers = if isolated { Headers::All } else { Headers::WithoutIsolation };
        Self::start_as(listener, folder, Host { headers, ..Host::default() })
    }

    /// Serves `folder` to whoever comes to `listener`, as `host` would.
    ///
    /// # Errors
    /// When headers are to be sent and the folder has no `_headers`, or one that cannot be read.
    pub fn start_as(listener: TcpListener, folder: &Path, host: Host) -> Result<Self> {
        let rules = match host.headers {
            Headers::All => rules(folder)?,
            Headers::WithoutIsolation => rules(folder)?.without_isolation(),
            Headers::None => Rules::default(),
        };
        let files = ServeDir::new(folder);
        let router = match host.path {
            "" => Router::new().fallback_service(files),
            path => Router::new().nest_service(path, files),
        };
        let router = router
            .layer(CompressionLayer::new())
            .layer(from_fn_with_state(Arc::new((host.path, rules)), add_headers));
        let address = listener.local_addr()?;
        let stop = Arc::new(Notify::new());
        let stopped = Arc::clone(&stop);
        let task = tokio::spawn(async move {
            let serve = axum::serve(listener, router);
            if let Err(error) = serve.with_graceful_shutdown(async move { stopped.notified().await }).await {
                eprintln!("The server has ended: {error}.");
            }
        });
        Ok(Self { address, stop, task })
    }

    /// Where it is served.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Stops: from here on nobody is answered, also not those who were connected before.
    pub async fn stop(mut self) {
        self.stop.notify_one();
        // It ends when the last answer is sent; if that goes wrong it has ended, too.
        let _ = (&mut self.task).await;
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

/// What the folder wants to be sent.
fn rules(folder: &Path) -> Result<Rules> {
    let file = folder.join("_headers");
    let text = fs::read_to_string(&file)
        .with_context(|| format!("{} cannot be read: run `cargo xtask build` first", file.display()))?;
    Rules::parse(&text)
}

async fn add_headers(
    State(served): State<Arc<(&'static str, Rules)>>,
    request: Request,
    next: Next,
) -> Response {
    let (folder, rules) = served.as_ref();
    let path = request.uri().path().strip_prefix(folder).unwrap_or_default().to_owned();
    let mut response = next.run(request).await;
    for (name, value) in rules.of(&path) {
        // A header that several rules name is sent several times, as hosts do.
        response.headers_mut().append(name, value.clone());
    }
    response
}
