//! A folder that is served, as a host would.

use std::cell::RefCell;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use tempfile::TempDir;
use xtask::offline::name_files;
use xtask::server::{self, Headers, Host, Server};

/// A host with a folder of its own, which goes when this is dropped.
pub struct Site {
    folder: TempDir,
    url: String,
    server: RefCell<Option<Server>>,
}

impl Site {
    /// Serves `folder` at a free port.
    pub(super) async fn start(folder: TempDir, host: Host) -> Result<Self> {
        name_again(&folder)?;
        let server = Server::start_as(server::listen(0).await?, folder.path(), host)?;
        let url = format!("http://{}{}/", server.address(), host.path);
        Ok(Self { folder, url, server: RefCell::new(Some(server)) })
    }

    /// Serves the pages that show how Lanes is embedded, from another site than `lanes`; they are isolated
    /// if `isolated`.
    pub async fn of_examples(lanes: &Site, isolated: bool) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        // Another name of the same machine is another site.
        let address = lanes.url.replace("127.0.0.1", "localhost");
        for entry in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("www/examples"))? {
            let entry = entry?;
            let text = fs::read_to_string(entry.path())?;
            fs::write(
                folder.path().join(entry.file_name()),
                text.replace("../embed", &format!("{address}embed")),
            )?;
        }
        let headers =
            "/*\n  Cross-Origin-Opener-Policy: same-origin\n  Cross-Origin-Embedder-Policy: require-corp\n";
        fs::write(folder.path().join("_headers"), headers)?;
        let headers = if isolated { Headers::All } else { Headers::None };
        Self::start(folder, Host { headers, path: "" }).await
    }

    /// Where the page is.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Lets the host be gone.
    pub async fn stop(&self) {
        let server = self.server.take();
        if let Some(server) = server {
            server.stop().await;
        }
    }

    /// Puts another version of the page there: one in which `file` says something else.
    pub fn replace(&self, file: &str, from: &str, to: &str) -> Result<()> {
        let path = self.folder.path().join(file);
        let text = fs::read_to_string(&path)?;
        anyhow::ensure!(text.contains(from), "{file} does not say {from:?}");
        fs::write(&path, text.replace(from, to))?;
        name_again(&self.folder)
    }

    /// Has the files again whose names end as `end` says.
    pub fn bring_back(&self, end: &str) -> Result<()> {
        for entry in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("dist"))? {
            let entry = entry?;
            if entry.file_name().to_string_lossy().ends_with(end) {
                fs::copy(entry.path(), self.folder.path().join(entry.file_name()))?;
            }
        }
        Ok(())
    }

    /// Loses a file.
    pub fn remove(&self, file: &str) -> Result<()> {
        Ok(fs::remove_file(self.folder.path().join(file))?)
    }
}

/// What was changed for a test has other digests than what was built.
fn name_again(folder: &TempDir) -> Result<()> {
    // A page of somebody else's has no such list.
    let Ok(list) = fs::read_to_string(folder.path().join("build.js")) else { return Ok(()) };
    match list.split_once("lane.js?").and_then(|(_, rest)| rest.split_once('"')) {
        Some((build, _)) => name_files(folder.path(), build),
        // A build by hand keeps nothing for offline use.
        None => Ok(()),
    }
    .context("the files of the build cannot be named")
}
