//! The project's folder and files, and how commands are run in it.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow};
use xshell::Shell;

/// The project, with a shell whose working folder is the project's.
pub struct Project {
    /// Runs commands; what it sets for itself, every command gets.
    pub shell: Shell,
    root: PathBuf,
}

impl Project {
    /// Opens the project that this program was built from.
    ///
    /// # Errors
    /// When its folder is not there any more.
    pub fn open() -> Result<Self> {
        let root =
            Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask stands in the project's folder");
        let shell = Shell::new()?;
        shell.change_dir(root);
        // An error says what has failed; the backtrace of whatever ran meanwhile would hide it.
        shell.set_var("RUST_LIB_BACKTRACE", "0");
        Ok(Self { shell, root: root.to_owned() })
    }

    /// A file or folder of the project.
    pub fn path(&self, relative: &str) -> PathBuf {
        self.root.join(relative)
    }

    /// The folder to put on a host.
    pub fn dist(&self) -> PathBuf {
        self.path("dist")
    }

    /// Tools of a version that this machine does not have otherwise: they stay inside the project.
    pub fn tools(&self) -> PathBuf {
        self.path(".tools")
    }

    /// The version of `package` in Cargo.lock.
    ///
    /// # Errors
    /// When the file cannot be read or does not name the package.
    pub fn locked_version(&self, package: &str) -> Result<String> {
        let lock = self.toml("Cargo.lock")?;
        let packages = lock.get("package").and_then(toml::Value::as_array).into_iter().flatten();
        packages
            .filter(|entry| entry.get("name").and_then(toml::Value::as_str) == Some(package))
            .find_map(|entry| entry.get("version")?.as_str())
            .map(str::to_owned)
            .ok_or_else(|| {
                anyhow!("Cargo.lock names no version of {package}: restore the file from the repository")
            })
    }

    /// The version of Trunk that Trunk.toml asks for.
    ///
    /// # Errors
    /// When the file cannot be read or asks for none.
    pub fn trunk_version(&self) -> Result<String> {
        let config = self.toml("Trunk.toml")?;
        let version = config.get("trunk-version").and_then(toml::Value::as_str);
        let version = version.and_then(|version| version.strip_prefix('='));
        version
            .map(str::to_owned)
            .context("Trunk.toml has no `trunk-version = \"=…\"`: restore it from the repository")
    }

    fn toml(&self, relative: &str) -> Result<toml::Table> {
        let text =
            fs::read_to_string(self.path(relative)).with_context(|| format!("{relative} cannot be read"))?;
        text.parse().with_context(|| format!("{relative} is not valid TOML"))
    }
}

/// Says what is done next, and why.
pub fn step(what: &str, why: &str) {
    println!("\n• {what}: {why}.");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_of_tools_are_read_from_where_they_are_kept() {
        let project = Project::open().unwrap();
        assert!(project.locked_version("wasm-bindgen").unwrap().starts_with("0.2."));
        assert!(project.trunk_version().unwrap().starts_with("0."));
        assert!(project.locked_version("no-such-package").is_err());
    }
}
